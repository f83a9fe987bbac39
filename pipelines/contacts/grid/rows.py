"""The one form of everything tabular: rows of cells, each with its field; and the one reader of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pipelines.contacts.draft import Draft, drafts_of, share_out
from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import Person, read_head
from pipelines.contacts.find.paths import split_path
from pipelines.contacts.gazetteer import terms
from pipelines.contacts.grid.fields import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipelines.contacts.find.layout import Line, Point
    from pipelines.contacts.grid.fields import Field


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what kind of thing it gives, and that as it is read."""

    field: Field
    text: str


@dataclass(slots=True)
class Row:
    """One row, whatever it was written as.

    Attributes:
        line: number of the line that it begins on.
        start: offset of its evidence in the document.
        end: offset of the end of its evidence.
        cells: what it says, in reading order; a name and its rank have the same place among theirs.
        points: its numbers and addresses.
        role: what a label says of its people.
        mark: what part its unit has: lead, joint.
    """

    line: int
    start: int
    end: int
    cells: list[Cell] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    role: str | None = None
    mark: str | None = None

    def texts(self, *fields: Field) -> list[str]:
        """Return what the cells of some fields say."""
        return [cell.text for cell in self.cells if cell.field in fields]

    def put(self, kind: Field | None, text: str) -> None:
        """Add what a cell says, by what its header or label says of it."""
        word = squeezed(text)
        if kind == "unit" and word:
            self.cells.append(Cell("unit", " ".join(read_head(text, label=True).path) or text.strip()))
        elif kind == "rank":
            self.cells.append(Cell("rank", word))
        elif kind == "name" and (lexicon.is_name(word) or lexicon.may_be_name(word)):
            self.cells.append(Cell("name", word))
        elif kind in ("name", "number"):
            for person in read_head(text, label=True).people or (_titled(text) if kind == "name" else ()):
                self.cells += [Cell("name", person.name), Cell("rank", person.rank or "")]


def _titled(text: str) -> tuple[Person, ...]:
    """Read a name and a title that is no known rank, where a name is announced: 홍길동 교사."""
    name, _, title = text.strip().partition(" ")
    return (Person(name, title),) if lexicon.is_name(name) and title.isalpha() else ()


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows that were written as one table, list, card or block."""

    form: Literal["block", "card", "columns", "list", "rhythm", "table"]
    rows: list[Row]
    lines: frozenset[int]  # numbers of the lines that it takes up


def row_of(lines: Iterable[tuple[Field | None, Line]]) -> Row:
    """Make a row of lines that are its cells."""
    cells = list(lines)
    first, last = cells[0][1], cells[-1][1]
    row = Row(first.index, first.start, last.start + len(last.text))
    for kind, line in cells:
        row.put(kind, line.text[: line.points[0].start] if line.points else line.text)
        row.points += line.points
    return row


def read_grid(grid: Grid) -> Iterator[Draft]:
    """Make the contacts of every row: one for each person, or one for the unit."""
    for row in grid.rows:
        path = _path(row.texts("unit"))
        kind = "block" if grid.form in ("block", "card") else "row"
        template = Draft(kind, row.line, row.start, row.end, row.start, *split_path(path))  # type: ignore[arg-type]
        template.role, template.mark = row.role, row.mark
        drafts = drafts_of(_people(row), template)
        share_out(drafts, row.points)
        for draft in drafts:
            draft.owner_by = "grid" if draft.unit else ""
        yield from drafts


def _people(row: Row) -> list[Person]:
    """Pair names with ranks: by position where there are as many, else each with the rank behind it."""
    names, ranks = row.texts("name"), row.texts("rank")
    if len(ranks) != len(names):
        behind = [*row.cells[1:], Cell("name", "")]
        pairs = zip(row.cells, behind, strict=True)
        ranks = [after.text if after.field == "rank" else "" for cell, after in pairs if cell.field == "name"]
    return [Person(name, rank or None) for name, rank in zip(names, ranks, strict=True)]


def _path(units: Iterable[str]) -> tuple[str, ...]:
    """Join the words of unit cells; an institution of the whole country leads wherever it is printed."""
    words = dict.fromkeys(word for unit in units for word in unit.split())
    return tuple(
        sorted(words, key=lambda word: not (word.startswith(terms.korea) and lexicon.is_agency(word)))
    )
