"""Read the block of those responsible: 담당 부서 | 책임자 | 담당자, as a table or flattened to one cell a line.

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
from pipelines.contacts.heads import Person, read_head, split_path
from pipelines.contacts.layout import find_points
from pipelines.contacts.mentions import groups_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.layout import Line, Piece, Point

_UNIT_LABELS = frozenset(
    "담당부서 담당과 담당부처 부서 소관부서 주관부서 담당기관 담당실국 소속 부서명 담당".split()
)
_CHIEF_LABELS = frozenset("책임자 담당과장 담당국장 담당팀장 부서장 총괄책임자".split())
_CLERK_LABELS = frozenset("담당자 관리자 실무자 실무담당자 담당사무관 실무책임자".split())
_NUMBER_LABELS = frozenset(
    "연락처 전화 전화번호 이메일 전자우편 E-mail 성명 직급 직위 대표전화 TEL 직책".split()
)
_LABELS = _UNIT_LABELS | _CHIEF_LABELS | _CLERK_LABELS | _NUMBER_LABELS
_SPLIT = re.compile(r"(담\s?당\s?부\s?서|책\s?임\s?자|담\s{0,2}당\s{0,2}자|담당\s?과장|담당과(?!장))")
_START = re.compile(r"담\s{0,2}당|책\s?임\s?자|부\s?서")
_MARK = re.compile(r"[<(\[〈]?\s?(총괄|공동|협조|주관|협업)(?:\s?부처|\s?기관)?\s?[>)\]〉]?")
_ANGLED = re.compile(r"<[^<>]{1,20}>|〈[^〈〉]{1,20}〉")
_ONE_WORD = re.compile(r"\S+|(?:\S\s+)+\S")
_MASKED = re.compile(r"0\d{1,2}-[\d*]*\*[\d*-]*")
_MAX_CELL = 60
_MAX_MISSED = 3
_MAX_TOPIC = 25


@dataclass(slots=True)
class _Group:
    """One unit with its people."""

    units: list[str] = field(default_factory=list)
    mark: str | None = None
    drafts: list[Draft] = field(default_factory=list)
    chief_only: bool = False
    roles: list[list[Draft]] = field(default_factory=list)


def find_blocks(lines: Sequence[Line]) -> tuple[list[Draft], set[int]]:
    """Find every block of responsible people; give their drafts and the lines they take up."""
    found: list[Draft] = []
    taken: set[int] = set()
    for line in lines:
        if (
            line.index in taken
            or not (_START.search(line.text) and _starts(line))
            and not _starts_bare(lines, line)
        ):
            continue
        line = _with_units_above(lines, line, taken)
        reader = _BlockReader()
        used = reader.read(_run(lines, line))
        if any(draft.reached for draft in reader.drafts()):
            found += reader.drafts()
            taken |= used
    return found, taken


def _starts(line: Line) -> bool:
    """Tell whether a line opens a block: a label alone in its cell, or labels run together in one line."""
    pieces = [_squeezed(piece.text) for piece in line.pieces]
    if line.kind == "row":
        return any(
            piece in _CHIEF_LABELS | _CLERK_LABELS or piece.startswith("담당부서") for piece in pieces[:4]
        ) and not (sum(piece in _LABELS for piece in pieces) == len(pieces))
    first = pieces[0]
    if first in ("담당부서", "담당과", "담당부처", "담당", "책임자", "담당과장") or re.match(
        r"담당부서[<(]", first
    ):
        return True
    labels = [_squeezed(match) for match in _SPLIT.findall(line.text)]
    return (
        "담당부서" in labels
        and ("책임자" in labels or "담당자" in labels)
        and bool(re.match(r"\W*담\s?당\s?부서", line.text))
    )


def _starts_bare(lines: Sequence[Line], line: Line) -> bool:
    """Tell whether a rank or 담당자 alone on its line is followed by a name and a number on theirs."""
    if len(line.text) > 24:
        return False
    first = _squeezed(line.text)
    if line.kind == "row" or len(first) > 8 or not (first in _CLERK_LABELS or lexicon.is_rank(first)):
        return False
    following = [below for below in lines[line.index + 1 : line.index + 5] if below.text.strip()]
    if not following or not lexicon.is_name(_squeezed(following[0].text.split("(")[0])):
        return False
    return any(below.points for below in following[:3])


def _with_units_above(lines: Sequence[Line], line: Line, taken: set[int]) -> Line:
    """Step back over the units and marks that stand directly above the first label."""
    while line.kind != "row" and line.index and not _START.match(line.text.strip()):
        above = lines[line.index - 1]
        if above.index in taken or above.points or above.kind == "row" or len(above.text) > 30:
            break
        head = read_head(above.text, label=True)
        if not _MARK.fullmatch(above.text.strip()) and (head.rest or not head.path or head.noun):
            break
        line = above
    return line


def _squeezed(text: str) -> str:
    return "".join(text.split()).strip(":*※□○ㅇ-")


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
    for part in _SPLIT.split(piece.text):
        if part.strip():
            yield type(piece)(part, piece.start + place)
        place += len(part)


class _BlockReader:
    def __init__(self) -> None:
        self.groups = [_Group()]
        self.units: list[str] = []
        self.topics: list[str] = []  # mere nouns: a unit's name only where no other unit follows
        self.mark: str | None = None
        self.role: str | None = None
        self.role_open = False
        self.ranks: list[str] = []
        self.waiting: list[Draft] = []
        self.numbers: list[Point] = []

    def drafts(self) -> list[Draft]:
        return [draft for group in self.groups for draft in group.drafts]

    def read(self, run: Iterator[tuple[Line, Piece]]) -> set[int]:
        """Read pieces until some cannot belong to the block; give the lines read.

        A few short pieces that say nothing known are let through: the topic of a row, a place.
        """
        used: set[int] = set()
        missed = 0
        for line, piece in run:
            taken = self._take(line, piece)
            missed = 0 if taken else missed + 1
            if missed > _MAX_MISSED or not taken and len(piece.text.strip()) > _MAX_TOPIC:
                break
            if taken:
                used.add(line.index)
        self._hand_out()
        for group in self.groups:
            _name_units(group)
        return used

    def _take(self, line: Line, piece: Piece) -> bool:
        squeezed = _squeezed(piece.text)
        if not squeezed:
            return True
        if squeezed in _LABELS:
            self._hand_out()
            if squeezed not in _NUMBER_LABELS:
                self._close_role(line)
            self._label(squeezed)
            return True
        if _MASKED.search(piece.text):
            self.waiting = []
            return True
        mark = _MARK.fullmatch(piece.text.strip())
        if mark:
            self.mark = mark[1]
            return True
        if _ANGLED.fullmatch(piece.text.strip()):
            return True
        if len(squeezed) > _MAX_CELL and not find_points(piece.text):
            return False
        return self._content(line, piece)

    def _close_role(self, line: Line) -> None:
        """End the wait of those before a label; people of one line share its numbers across labels."""
        self.waiting = [draft for draft in self.waiting if draft.line == line.index and line.kind != "row"]

    def _label(self, label: str) -> None:
        self.units += self.ranks  # 대변인 is a rank before a name, a unit before a label
        if label in _UNIT_LABELS:
            self.role, self.role_open = None, False
        elif label in _CHIEF_LABELS:
            self._open_group()
            self.role, self.role_open = ("책임자" if label.endswith("책임자") else None), True
            self.groups[-1].chief_only = True
            self.groups[-1].roles.append([])
        elif label in _CLERK_LABELS:
            if self.units and self.groups[-1].chief_only and self.groups[-1].drafts:
                self.groups[-1].units += self.units
                self.groups[-1].mark = self.groups[-1].mark or self.mark
                self.units, self.mark = [], None
            self._open_group()
            self.role, self.role_open = "담당자", True
            self.groups[-1].chief_only = False
            self.groups[-1].roles.append([])
        self.ranks = []

    def _open_group(self) -> None:
        """Begin the next group when units have come since the last."""
        self.units, self.topics = self.units or self.topics, []
        if not self.units and not self.mark:
            return
        if self.groups[-1].drafts or self.groups[-1].units:
            self.groups.append(_Group(mark=self.mark))
        self.groups[-1].units += self.units
        self.groups[-1].mark = self.mark or self.groups[-1].mark
        self.units, self.mark = [], None

    def _content(self, line: Line, piece: Piece) -> bool:
        """Read a cell that is no label: rank, name, unit, number, or several of them."""
        place = 0
        for group in groups_of(piece.text, find_points(piece.text)):
            waiting = len([draft for draft in self.waiting if draft.line != line.index or line.kind == "row"])
            before = len(self.waiting)
            if not self._words(line, piece, place, group[0].start):
                return False
            self.numbers += group
            if before < len(self.waiting):  # a number on the line of a name is not for the lines above
                self.waiting = self.waiting[waiting:]
            if self.waiting:
                self.waiting[-1].end = piece.start + group[-1].end
            place = group[-1].end
        rest = piece.text[place:]
        return not rest.strip(" ()[],.;/") or self._words(line, piece, place, len(piece.text))

    def _words(self, line: Line, piece: Piece, start: int, end: int) -> bool:
        text = piece.text[start:end]
        squeezed = _squeezed(text.strip(" ()☎,:"))
        if not squeezed:
            return True
        if not _ONE_WORD.fullmatch(text.strip(" ()☎,:")):
            squeezed = ""
        if lexicon.is_rank(squeezed):
            self._hand_out()
            self.ranks.append(squeezed)
            return True
        if self._is_name(squeezed) and not text.lstrip().startswith("("):
            self._hand_out()
            self._person(
                Person(squeezed, self.ranks.pop(0) if self.ranks else None),
                line,
                piece.start + start,
                piece.start + end,
            )
            return True
        head = read_head(text, label=True)
        if not head.path and not head.people:
            return not self.drafts()
        if head.rest and self.drafts():
            return False
        if head.path:
            self._hand_out()
            if head.noun and self.drafts():
                return False
            words = " ".join(head.path)
            if head.noun:
                self.topics.append(words)
            else:
                self.units.append(words)
                self.topics = []
            self.mark = head.mark or self.mark
        for person in head.people:
            self._person(person, line, piece.start + start, piece.start + end)
        return True

    def _is_name(self, word: str) -> bool:
        if not lexicon.is_name(word):
            return False
        return bool(self.ranks) or self.role_open or not lexicon.is_unit(word)

    def _person(self, person: Person, line: Line, start: int, end: int) -> None:
        if self.numbers:
            self._hand_out()
        self._open_group()
        group = self.groups[-1]
        draft = Draft(
            "block", line.index, start, end, start, person=person.name, rank=person.rank, role=self.role
        )
        group.drafts.append(draft)
        if not group.roles:
            group.roles.append([])
        group.roles[-1].append(draft)
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
    """Tell each person of a group the unit, by place where as many units as people of each role stand in parallel."""
    count = len(group.units)
    parallel = (
        count > 1
        and bool(group.roles)
        and all(len(role) == count for role in group.roles)
        and _alike(group.units)
    )
    for role in group.roles:
        for place, draft in enumerate(role):
            words = group.units[place] if parallel else " ".join(group.units)
            draft.organization, draft.department = split_path(tuple(words.split()))
            draft.mark = group.mark


def _alike(units: Sequence[str]) -> bool:
    """Tell whether units are of one level: none is a bureau over the next."""
    return len({unit[-1] for unit in units}) == 1 or all(
        unit.endswith(("과", "팀", "담당관")) for unit in units
    )
