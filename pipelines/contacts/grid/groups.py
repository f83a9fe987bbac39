"""Read the pieces of a block of those responsible: groups of a unit and its people.

A unit printed between 책임자's row and 담당자 is the second line of the unit above and covers both rows; a
unit before 책임자 begins the next group.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.contacts.draft import shared
from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import Head, Person, read_head
from pipelines.contacts.find.layout import find_points
from pipelines.contacts.find.mentions import groups_of, wording
from pipelines.contacts.gazetteer import endings, pattern, term
from pipelines.contacts.grid.fields import CHIEF_LABELS, CLERK_LABELS, PART_LABELS, field_of, squeezed
from pipelines.contacts.grid.rows import Cell, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.contacts.find.layout import Line, Piece, Point

_BUREAUX_LIKE_NAMES = endings("bureaux_like_names")
_DIVISIONS = endings("divisions")
_CLERK = term("clerk")
_KOREA = term("korea")
_CHARGE = term("charge")
_CHIEF = term("chief")
_SPOKESMAN = term("spokesman")
_OFFICER = term("officer")

_TOPIC = pattern("topic_alone")
_MARK_CELL = pattern("mark_cell")
_ONE_WORD = pattern("one_word")
_MASKED = pattern("masked")
_DIVISIONS_OF_BLOCKS = endings("divisions_of_blocks")
_RANK_LIKE_UNIT = pattern("rank_like_unit")
_AROUND = " ()☎,:-·."
_CLOSING = pattern("closing")
_MAX_CELL = 160  # characters of the longest line of people seen, with numbers
_MAX_MISSED = 3
MAX_IDLE = 60  # pieces without a number within a block; the widest seen has 20
_MAX_TOPIC = 25


@dataclass(slots=True)
class _Group:
    """One unit with its people.

    Attributes:
        units: lines of the unit's name.
        mark: 총괄, 공동 or 협조.
        roles: people by their label, in order.
        chief: whether the last label was 책임자, whose row a second line of the unit may follow.
    """

    units: list[str] = field(default_factory=list)
    mark: str | None = None
    roles: list[list[Row]] = field(default_factory=list)
    chief: bool = False

    @property
    def rows(self) -> list[Row]:
        return [row for role in self.roles for row in role]


class GroupReader:
    """Reads pieces in order; units and marks wait for what shows which group is theirs."""

    def __init__(self) -> None:
        self.groups = [_Group()]
        self.units: list[str] = []
        self.topics: list[str] = []  # mere nouns: a unit's name only where no other unit follows
        self.mark: str | None = None
        self.role: str | None = None
        self.nation = ""  # 한국 as the first half of an institution's name
        self.nation_at = 0  # groups read before it
        self.owner = ""  # ministry printed in the label of the units
        self.people_expected = False
        self.in_table = False
        self.labelled = False  # whether a label has been read
        self.ranks: list[str] = []
        self.rows: list[Row] = []  # everybody read so far, in order
        self.ranked = False  # whether people of the block have ranks, so that a name without one is none
        self.idle = 0  # pieces since the last number
        self.waiting: list[Row] = []  # people without a number yet
        self.numbers: list[Point] = []  # numbers read since the last person

    @property
    def group(self) -> _Group:
        """Return the group being read."""
        return self.groups[-1]

    def read(self, run: Iterator[tuple[Line, Piece]]) -> set[int]:
        """Read pieces until some cannot belong to the block; return the lines read.

        A few short pieces that say nothing known are let through: the topic of a row, a place.
        """
        used: set[int] = set()
        missed = 0
        for line, piece in run:
            self.in_table = line.kind == "row"
            if self.rows and not self.in_table and _CLOSING.match(piece.text):
                break
            taken = self._take(line, piece)
            missed = 0 if taken else missed + 1
            over = missed > _MAX_MISSED or (missed and len(piece.text.strip()) > _MAX_TOPIC)
            if self.in_table and self.units and not self.rows:
                over = False  # what else a table says between the unit and its people: 보도일시
            self.idle += 1
            over = over or self.idle > MAX_IDLE
            if over and (
                line.index not in used or self.idle > MAX_IDLE
            ):  # a line once begun is read to its end
                break
            if taken:
                used.add(line.index)
        self._hand_out()
        self._unname()
        if self.in_table and self._second_line():
            self.group.units += self.units
        for group in (part for whole in self.groups for part in _divided(whole)):
            if self.owner and group.units and not lexicon.is_agency(group.units[0].split()[0]):
                group.units.insert(0, self.owner)
            _name_units(group)
        return used

    def _take(self, line: Line, piece: Piece) -> bool:
        """Read one piece; return whether it belongs to the block."""
        text = piece.text.strip()
        word = squeezed(text)
        mark = _MARK_CELL.fullmatch(text)
        label = self._label_of(word)
        if label:
            self._hand_out()
            self._unname()
            self._label(label, line)
        elif mark:
            self.mark, self.labelled = mark[1], True  # it is below the label, or instead of it
        elif self.in_table and not self.labelled and lexicon.is_agency(word):
            self.owner, self.labelled = word, True  # the ministry is printed instead of the label
        elif _MASKED.search(text):
            self.waiting = []
        elif word and not _TOPIC.fullmatch(text) and (self.labelled or not self.in_table):
            return len(text) <= _MAX_CELL and self._content(line, piece)
        return True

    def _label_of(self, word: str) -> str | None:
        """Return which label a cell is; 담당 may be a unit's or a clerk's, and after 담당자 a rank."""
        if word == _CHARGE and self.role == _CHIEF:
            return _CLERK
        if word == _CHARGE and self.role and not self.group.roles[-1]:
            return None
        return word if field_of(word) else None

    def _label(self, label: str, line: Line) -> None:
        self.labelled = True
        if field_of(label) != "unit" and label not in CHIEF_LABELS | CLERK_LABELS:
            return
        # People of one line share its numbers across labels; others wait no longer.
        self.waiting = [row for row in self.waiting if row.line == line.index and line.kind != "row"]
        self.units += [rank for rank in self.ranks if rank == _SPOKESMAN]  # before a label it is a unit
        self.ranks = []
        self.people_expected = field_of(label) != "unit"
        if not self.people_expected:
            if not self.in_table and self.units and not self.rows and lexicon.is_agency(self.units[-1]):
                self.owner = self.units.pop()  # of every unit below: '산업부 담당부서'
            self.role = None
            self.mark = label[:2] if label in PART_LABELS else self.mark
            return
        chief = label in CHIEF_LABELS
        ministry = bool(self.group.units) and all(map(lexicon.is_known, self.group.units))
        if not chief and self.units and (self.group.chief or ministry) and self.group.rows:
            self.group.units += self.units
            self.group.mark = self.group.mark or self.mark
            self.units, self.mark = [], None
        self._open_group()
        self.role = None if chief and label.startswith(_CHARGE) else _CHIEF if chief else _CLERK
        self.group.chief = chief
        self.group.roles.append([])

    def _unname(self) -> None:
        """Remove people without rank and number if others have a rank: they are units or places."""
        ranked = self.ranked
        for row in [row for row in self.waiting if row.texts("rank") == [""]]:
            (name,) = row.texts("name")
            if ranked or lexicon.is_unit(name):
                for rows in (role for group in self.groups[-MAX_IDLE:] for role in group.roles):
                    _drop(rows, row)
                _drop(self.waiting, row)
                _drop(self.rows, row)
                self.units.append(name)

    def _second_line(self) -> bool:
        """Return whether the units waiting are the second line of a bureau's group, not one of their own."""
        first = self.group.units[:1]
        return bool(
            self.units
            and self.group.rows
            and len(self.group.units) == 1
            and not first[0].endswith(_DIVISIONS_OF_BLOCKS)
            and self.units[0].endswith(_DIVISIONS_OF_BLOCKS)
        )

    def _open_group(self) -> None:
        """Begin the next group when units have come since the last."""
        self.units, self.topics = self.units or self.topics, []
        if not self.units and not self.mark:
            return
        if self.group.rows or self.group.units:
            self.groups.append(_Group())
        self.group.units += self.units
        self.group.mark = self.mark or self.group.mark
        self.units, self.mark = [], None

    def _content(self, line: Line, piece: Piece) -> bool:
        """Read a cell that is no label: rank, name, unit, number, or several of them."""
        place = 0
        for group in groups_of(piece.text, find_points(piece.text)):
            earlier = [id(row) for row in self.waiting if line.kind == "row" or row.line != line.index]
            people = len(self.rows)
            if not self._words(line, piece, place, group[0].start):
                return False
            if people < len(self.rows):  # a number on the line of a name is not for the lines above
                self.waiting = [row for row in self.waiting if id(row) not in earlier]
            self.numbers += group
            self.idle = 0
            place = group[-1].end
            if self.waiting:
                self.waiting[-1].end = piece.start + place + piece.text.startswith(")", place)
        rest = piece.text[place:]
        return not rest.strip(" ()[],.;/") or self._words(line, piece, place, len(piece.text))

    def _words(self, line: Line, piece: Piece, start: int, end: int) -> bool:
        """Read the words of a cell, or of a cell's part up to a number."""
        text = piece.text[start:end]
        inner = text.strip(_AROUND)
        if not (wording(inner) or lexicon.is_name(inner) or lexicon.is_rank(inner)):
            return True
        if self.role and _RANK_LIKE_UNIT.match(inner):
            self.ranks.append(inner[: len(_OFFICER)])
            start += text.index(inner) + len(_OFFICER)
            return self._words(line, piece, start, end)
        word = squeezed(inner) if _ONE_WORD.fullmatch(inner) else ""
        if word == _KOREA:  # the rest of the name is printed in the cell below: 고용정보원
            self.nation, self.nation_at = word, len(self.groups)
            return True
        place = (piece.start + start, piece.start + end)
        if lexicon.is_rank(word) or (word == _OFFICER and self.people_expected):
            self._hand_out()
            self.ranks.append(word)
            return True
        if self._is_name(word) and not text.lstrip().startswith("("):
            self._person(Person(word, self.ranks.pop(0) if self.ranks else None), line, place)
            return True
        head = Head((word,)) if self._is_bureau(word) else read_head(text, label=True)
        last = inner.split()[-1]
        if (
            lexicon.is_rank(last) and not head.people
        ):  # '예산실 예산총괄과장', the name being on the next line
            self._hand_out()
            self.ranks.append(last)
            head = read_head(text[: text.rindex(last)], label=True)
        if not head.path and not head.people:
            return not self.rows
        if self.rows and (head.rest or (head.path and head.noun)):
            return False
        if head.path:
            self._unit(head)
        for person in head.people:
            self._person(person, line, place)
        return True

    def _unit(self, head: Head) -> None:
        self._hand_out()
        words = " ".join(head.path)
        if self.nation and lexicon.is_agency(head.path[0]):
            words, self.nation = self.nation + words, ""
            for group in self.groups[self.nation_at :]:  # rows between the two halves of the name
                group.units.insert(0, words.split()[0])
        if self._second_line() and not self.group.chief:
            self.group.units += self.units  # a row below all its people: its cell spans two
            self.units = []
        if head.noun:
            self.topics.append(words)
        else:
            self.units.append(words)
            self.topics = []
        self.mark = head.mark or self.mark

    @staticmethod
    def _is_bureau(word: str) -> bool:
        """Return whether a word that may be a name is rather a bureau: 도로국, 노사실."""
        return word.endswith(_BUREAUX_LIKE_NAMES) and lexicon.is_unit(word)

    def _is_name(self, word: str) -> bool:
        if self.ranks and (lexicon.may_be_name(word) or lexicon.is_name_of_three(word)):
            return True
        if word in lexicon.SHORT_UNITS or (self.ranked and self._is_bureau(word)):
            return False
        return lexicon.is_name(word) and bool(self.ranks or self.people_expected or not lexicon.is_unit(word))

    def _person(self, person: Person, line: Line, place: tuple[int, int]) -> None:
        self._hand_out()
        if self.in_table and self._second_line() and not self.mark:
            self.group.units += self.units
            self.units = []
        self._open_group()
        row = Row(line.index, *place, role=self.role)
        row.cells += [Cell("name", person.name), Cell("rank", person.rank or "")]
        if not self.group.roles:
            self.group.roles.append([])
        self.group.roles[-1].append(row)
        self.rows.append(row)
        self.ranked = self.ranked or bool(person.rank)
        self.waiting.append(row)

    def _hand_out(self) -> None:
        """Assign the numbers read since the last person to those without one."""
        if self.numbers and self.waiting:
            for row, points in zip(self.waiting, shared(self.numbers, len(self.waiting)), strict=True):
                row.points += points
            self.waiting = []
        elif self.numbers and self.rows:
            self.rows[-1].points += self.numbers
        self.numbers = []


def _drop(rows: list[Row], gone: Row) -> None:
    """Remove a row near the end of a list."""
    for place in range(len(rows) - 1, max(-1, len(rows) - 1 - MAX_IDLE), -1):
        if rows[place] is gone:
            del rows[place]
            return


def _divided(group: _Group) -> list[_Group]:
    """Divide a group whose cell names several divisions by the rhythm of its labels: one 책임자 for each."""
    ends = [place for place, unit in enumerate(group.units) if unit.endswith(_DIVISIONS_OF_BLOCKS)]
    chiefs = [place for place, role in enumerate(group.roles) if role and role[0].role == _CHIEF]
    if not 1 < len(ends) == len(chiefs) or chiefs[0]:
        return [group]
    first = group.units[0].split()[0]
    ministry = [first] if lexicon.is_agency(first) else []
    parts = []
    for before, end, chief, following in zip(
        [-1, *ends], ends, chiefs, [*chiefs[1:], len(group.roles)], strict=False
    ):
        units = group.units[before + 1 : end + 1]
        led = lexicon.is_agency(units[0].split()[0])
        parts.append(_Group(units if led else ministry + units, group.mark, group.roles[chief:following]))
    return parts


def _name_units(group: _Group) -> None:
    """Assign units to the people of a group; parallel units and people of every role by position."""
    count = len(group.units)
    alike = all(unit.endswith(_DIVISIONS) for unit in group.units)
    one_ending = len({unit[-1] for unit in group.units}) == 1
    led = all(" " in unit and lexicon.is_agency(unit.split()[0]) for unit in group.units)
    parallel = count > 1 and (alike or one_ending or led) and all(len(role) == count for role in group.roles)
    for role in group.roles:
        for place, row in enumerate(role):
            units = group.units[place : place + 1] if parallel else group.units
            row.cells += [Cell("unit", unit) for unit in units]
            row.mark = group.mark
