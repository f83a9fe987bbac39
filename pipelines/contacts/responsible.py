"""Read blocks of those responsible: 담당 부서 | 책임자 | 담당자, as a table or one cell a line.

Both come as the same run of pieces (lines of cells) in reading order, so one reader serves both::

    담당 부서 / 개발협력국 / 책임자 / 과 장 / name / (number) / 다자협력과 / 담당자 / 사무관 / name / (number)

A unit printed between 책임자's row and 담당자 is the second line of the unit above and holds for both rows; a
unit before 책임자 begins the next group.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.contacts import lexicon
from pipelines.contacts.draft import Draft, share_out
from pipelines.contacts.heads import Head, Person, read_head, split_path
from pipelines.contacts.layout import find_points
from pipelines.contacts.mentions import groups_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.layout import Line, Piece, Point

_UNIT_LABELS = {"담당부서", "담당과", "담당부처", "소관부서", "주관부서", "담당기관", "담당실국", "담당"}
_UNIT_LABELS |= {"부서", "부서명", "소속", "작성과", "작성부서", "배포부서", "자료문의"}
_CHIEF_LABELS = {"책임자", "담당과장", "담당국장", "담당팀장", "부서장", "총괄책임자"}
_CLERK_LABELS = {"담당자", "관리자", "실무자", "실무담당자", "담당사무관", "실무책임자"}
_NUMBER_LABELS = {"연락처", "전화", "전화번호", "대표전화", "TEL", "이메일", "전자우편", "E-mail"}
_NUMBER_LABELS |= {"성명", "직급", "직위", "직책"}  # say nothing of whose the row is either
_LABELS = _UNIT_LABELS | _CHIEF_LABELS | _CLERK_LABELS | _NUMBER_LABELS
#: Labels that open a block where they stand alone on a line.
_OPENING = {"담당부서", "담당과", "담당부처", "담당", "책임자", "담당과장"}
_ROW_OPENING = {"작성과", "작성부서", "배포부서", "자료문의"}
_LABEL_WORD = re.compile(r"(담\s?당\s?부\s?서|책\s?임\s?자|담\s{0,2}당\s{0,2}자|담당\s?과장|담당과(?!장))")
_HINT = re.compile(r"담\s{0,2}당|책\s?임\s?자|부\s?서")
_MARK = re.compile(r"[<(\[〈]?\s?(총괄|공동|협조|주관|협업)(?:\s?부처|\s?기관)?\s?[>)\]〉]?")
_TOPIC = re.compile(r"<[^<>]{1,20}>|〈[^〈〉]{1,20}〉")
_ONE_WORD = re.compile(r"\S+|(?:\S\s+)+\S")
_MASKED = re.compile(r"0\d{1,2}-[\d*]*\*[\d*-]*")
_DIVISIONS = ("과", "팀", "담당관", "담당관실")
_AROUND = " ()☎,:"
#: What follows a block in running text: the bullets of the text, or the letterhead's page count.
_CLOSING = re.compile(r"\s*(?:[□○▲■●◎▶◈◆▷]|페이지\s?수)")
_MAX_CELL = 80  # characters of the longest line of people seen, with numbers
_MAX_MISSED = 3
_MAX_TOPIC = 25
_MAX_RANK = 24
_MAX_UNIT = 30


@dataclass(slots=True)
class _Group:
    """One unit with its people.

    Attributes:
        units: lines of the unit's name.
        mark: 총괄, 공동 or 협조.
        roles: people by the label they stand under, in order.
        chief: whether the last label was 책임자, whose row a second line of the unit may follow.
    """

    units: list[str] = field(default_factory=list)
    mark: str | None = None
    roles: list[list[Draft]] = field(default_factory=list)
    chief: bool = False

    @property
    def drafts(self) -> list[Draft]:
        return [draft for role in self.roles for draft in role]


def find_blocks(lines: Sequence[Line]) -> tuple[list[Draft], set[int]]:
    """Find every block of responsible people; give their drafts and the lines they take up."""
    found: list[Draft] = []
    taken: set[int] = set()
    for line in lines:
        if line.index in taken or not (_starts(line) or _starts_bare(lines, line)):
            continue
        reader = _BlockReader()
        used = reader.read(_run(lines, _with_units_above(lines, line, taken)))
        if any(draft.reached for draft in reader.drafts()):
            found += reader.drafts()
            taken |= used
    return found, taken


def _starts(line: Line) -> bool:
    """Tell whether a line opens a block: a label alone in its cell, or labels run together in one line."""
    if not _HINT.search(line.text):
        return False
    pieces = [_squeezed(piece.text) for piece in line.pieces]
    if line.kind == "row":
        people = any(
            piece in _CHIEF_LABELS | _CLERK_LABELS | _ROW_OPENING or piece.startswith("담당부서")
            for piece in pieces
        )
        return people and not all(piece in _LABELS for piece in pieces)
    labels = [_squeezed(label) for label in _LABEL_WORD.findall(line.text)]
    return (
        pieces[0] in _OPENING
        or pieces[0].startswith(("담당부서<", "담당부서("))
        or (pieces[0].endswith("담당부서") and lexicon.is_agency(pieces[0].removesuffix("담당부서")))
        or (pieces[0].startswith("담당부서") and ("책임자" in labels or "담당자" in labels))
    )


def _starts_bare(lines: Sequence[Line], line: Line) -> bool:
    """Tell whether a rank or 담당자 alone on its line is followed by a name and a number on theirs."""
    if line.kind == "row" or len(line.text) > _MAX_RANK:
        return False
    first = _squeezed(line.text)
    if not (first in _CLERK_LABELS or lexicon.is_rank(first)):
        return False
    below = [line for line in lines[line.index + 1 : line.index + 5] if line.text.strip()]
    named = bool(below) and lexicon.is_name(_squeezed(below[0].text.split("(")[0]))
    return named and any(line.points for line in below[:3])


def _with_units_above(lines: Sequence[Line], line: Line, taken: set[int]) -> Line:
    """Step back over the units and marks that stand directly above the first label."""
    while line.kind != "row" and line.index and not _HINT.match(line.text.strip()):
        above = lines[line.index - 1]
        if above.index in taken or above.points or above.kind == "row" or len(above.text) > _MAX_UNIT:
            break
        head = read_head(above.text, label=True)
        if not _MARK.fullmatch(above.text.strip()) and (head.rest or not head.path or head.noun):
            break
        line = above
    return line


def _squeezed(text: str) -> str:
    return "".join(text.split()).strip(":*※□○ㅇ-代[]【】")


def _run(lines: Sequence[Line], first: Line) -> Iterator[tuple[Line, Piece]]:
    """Give the pieces from a line on, of the same table only where it is one."""
    for line in lines[first.index :]:
        if first.table >= 0 and line.table != first.table:
            return
        for piece in line.pieces:
            for part in _parts(piece):
                yield line, part


def _parts(piece: Piece) -> Iterator[Piece]:
    """Cut a piece into labels and what stands between them."""
    place = 0
    for part in _LABEL_WORD.split(piece.text):
        if part.strip():
            yield type(piece)(part, piece.start + place)
        place += len(part)


class _BlockReader:
    """Reads pieces in order; units and marks wait for what shows which group is theirs."""

    def __init__(self) -> None:
        self.groups = [_Group()]
        self.units: list[str] = []
        self.topics: list[str] = []  # mere nouns: a unit's name only where no other unit follows
        self.mark: str | None = None
        self.role: str | None = None
        self.nation = ""  # 한국 as the first half of an institution's name
        self.owner = ""  # ministry printed in the label of the units
        self.people_expected = False
        self.in_table = False
        self.labelled = False  # whether a label has been read
        self.ranks: list[str] = []
        self.waiting: list[Draft] = []  # people without a number yet
        self.numbers: list[Point] = []  # numbers read since the last person

    @property
    def group(self) -> _Group:
        return self.groups[-1]

    def drafts(self) -> list[Draft]:
        return [draft for group in self.groups for draft in group.drafts]

    def read(self, run: Iterator[tuple[Line, Piece]]) -> set[int]:
        """Read pieces until some cannot belong to the block; give the lines read.

        A few short pieces that say nothing known are let through: the topic of a row, a place.
        """
        used: set[int] = set()
        missed = 0
        for line, piece in run:
            self.in_table = line.kind == "row"
            if self.drafts() and not self.in_table and _CLOSING.match(piece.text):
                break
            taken = self._take(line, piece)
            missed = 0 if taken else missed + 1
            over = missed > _MAX_MISSED or (missed and len(piece.text.strip()) > _MAX_TOPIC)
            if over and line.index not in used:  # a line once begun is read to its end
                break
            if taken:
                used.add(line.index)
        self._hand_out()
        self._unname()
        if self.in_table and self._second_line():
            self.group.units += self.units
        for group in self.groups:
            group.units[:0] = [self.owner] if self.owner and group.units else []
            _name_units(group)
        return used

    def _take(self, line: Line, piece: Piece) -> bool:
        """Read one piece; tell whether it belongs to the block."""
        text = piece.text.strip()
        squeezed = _squeezed(text)
        mark = _MARK.fullmatch(text)
        label = self._label_of(squeezed)
        if label:
            self._hand_out()
            self._unname()
            self._label(label, line)
        elif mark:
            self.mark = mark[1]
        elif _MASKED.search(text):
            self.waiting = []
        elif squeezed and not _TOPIC.fullmatch(text) and (self.labelled or not self.in_table):
            return len(text) <= _MAX_CELL and self._content(line, piece)
        return True

    def _label_of(self, word: str) -> str | None:
        """Tell which label a cell is; 담당 may be a unit's or a clerk's, and after 담당자 a rank."""
        if word == "담당" and self.role == "책임자":
            return "담당자"
        if word == "담당" and self.role and not self.group.roles[-1]:
            return None
        return word if word in _LABELS else None

    def _label(self, label: str, line: Line) -> None:
        self.labelled = True
        if label in _NUMBER_LABELS:
            return
        # People of one line share its numbers across labels; others wait no longer.
        self.waiting = [draft for draft in self.waiting if draft.line == line.index and line.kind != "row"]
        self.units += [rank for rank in self.ranks if rank == "대변인"]  # before a label it is a unit
        self.ranks = []
        self.people_expected = label not in _UNIT_LABELS
        if label in _UNIT_LABELS:
            if not self.in_table and self.units and not self.drafts() and lexicon.is_agency(self.units[-1]):
                self.owner = self.units.pop()  # of every unit below: '산업부 담당부서'
            self.role = None
            return
        chief = label in _CHIEF_LABELS
        if not chief and self.units and self.group.chief and self.group.drafts:
            self.group.units += self.units
            self.group.mark = self.group.mark or self.mark
            self.units, self.mark = [], None
        self._open_group()
        self.role = None if chief and label.startswith("담당") else "책임자" if chief else "담당자"
        self.group.chief = chief
        self.group.roles.append([])

    def _unname(self) -> None:
        """Take back people without rank and number where others have a rank: they are units or places."""
        ranked = any(draft.rank for draft in self.drafts())
        for draft in [draft for draft in self.waiting if not draft.rank]:
            if ranked or lexicon.is_unit(draft.person or ""):
                for role in (role for group in self.groups for role in group.roles):
                    role[:] = [other for other in role if other is not draft]
                self.waiting = [other for other in self.waiting if other is not draft]
                self.units.append(draft.person or "")

    def _second_line(self) -> bool:
        """Tell whether the units waiting are the second line of a bureau's group, not one of their own."""
        first = self.group.units[:1]
        return bool(
            self.units
            and self.group.drafts
            and len(self.group.units) == 1
            and not first[0].endswith(_DIVISIONS)
            and self.units[0].endswith(_DIVISIONS)
        )

    def _open_group(self) -> None:
        """Begin the next group when units have come since the last."""
        self.units, self.topics = self.units or self.topics, []
        if not self.units and not self.mark:
            return
        if self.group.drafts or self.group.units:
            self.groups.append(_Group())
        self.group.units += self.units
        self.group.mark = self.mark or self.group.mark
        self.units, self.mark = [], None

    def _content(self, line: Line, piece: Piece) -> bool:
        """Read a cell that is no label: rank, name, unit, number, or several of them."""
        place = 0
        for group in groups_of(piece.text, find_points(piece.text)):
            earlier = [id(draft) for draft in self.waiting if line.kind == "row" or draft.line != line.index]
            people = len(self.drafts())
            if not self._words(line, piece, place, group[0].start):
                return False
            if people < len(self.drafts()):  # a number on the line of a name is not for the lines above
                self.waiting = [draft for draft in self.waiting if id(draft) not in earlier]
            self.numbers += group
            place = group[-1].end
            if self.waiting:
                self.waiting[-1].end = piece.start + place + piece.text.startswith(")", place)
        rest = piece.text[place:]
        return not rest.strip(" ()[],.;/") or self._words(line, piece, place, len(piece.text))

    def _words(self, line: Line, piece: Piece, start: int, end: int) -> bool:
        """Read the words of a cell, or of a cell's part up to a number."""
        text = piece.text[start:end]
        inner = text.strip(_AROUND)
        if not inner:
            return True
        word = _squeezed(inner) if _ONE_WORD.fullmatch(inner) else ""
        if word == "한국":  # the rest of the name is printed in the cell below: 고용정보원
            self.nation = word
            return True
        place = (piece.start + start, piece.start + end)
        if lexicon.is_rank(word):
            self._hand_out()
            self.ranks.append(word)
            return True
        if self._is_name(word) and not text.lstrip().startswith("("):
            self._person(Person(word, self.ranks.pop(0) if self.ranks else None), line, place)
            return True
        head = read_head(text, label=True)
        last = inner.split()[-1]
        if (
            lexicon.is_rank(last) and not head.people
        ):  # '예산실 예산총괄과장', the name being on the next line
            self._hand_out()
            self.ranks.append(last)
            head = read_head(text[: text.rindex(last)], label=True)
        if not head.path and not head.people:
            return not self.drafts()
        if self.drafts() and (head.rest or (head.path and head.noun)):
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
        if head.noun:
            self.topics.append(words)
        else:
            self.units.append(words)
            self.topics = []
        self.mark = head.mark or self.mark

    def _is_name(self, word: str) -> bool:
        return lexicon.is_name(word) and bool(self.ranks or self.people_expected or not lexicon.is_unit(word))

    def _person(self, person: Person, line: Line, place: tuple[int, int]) -> None:
        self._hand_out()
        if self.in_table and self._second_line() and not self.mark:
            self.group.units += self.units
            self.units = []
        self._open_group()
        draft = Draft(
            "block", line.index, *place, place[0], person=person.name, rank=person.rank, role=self.role
        )
        if not self.group.roles:
            self.group.roles.append([])
        self.group.roles[-1].append(draft)
        self.waiting.append(draft)

    def _hand_out(self) -> None:
        """Give the numbers read since the last person to those who wait for one."""
        if self.numbers and self.waiting:
            share_out(self.waiting, self.numbers)
            self.waiting = []
        elif self.numbers and self.drafts():
            self.drafts()[-1].add(self.numbers)
        self.numbers = []


def _name_units(group: _Group) -> None:
    """Tell each person of a group the unit; units and people of every role in parallel go by place."""
    count = len(group.units)
    alike = all(unit.endswith(("과", "팀", "담당관")) for unit in group.units)
    one_ending = len({unit[-1] for unit in group.units}) == 1
    parallel = count > 1 and (alike or one_ending) and all(len(role) == count for role in group.roles)
    for role in group.roles:
        for place, draft in enumerate(role):
            words = group.units[place] if parallel else " ".join(group.units)
            path = tuple(dict.fromkeys(words.split()))  # a ministry may stand in the label's column too
            path = tuple(
                sorted(path, key=lambda word: not (word.startswith("한국") and lexicon.is_agency(word)))
            )
            draft.organization, draft.department = split_path(path)
            draft.mark = group.mark
