"""Blocks: paragraphs and tables, the form of every text, from a page, a post, plain text or an attachment.

A document is a sequence of paragraphs and tables, in reading order. Readers (``clean``, ``attachments``)
produce blocks; extraction (``contacts``, ``sources``) and rendering consume them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Kind = Literal["text", "heading", "item"]

_MAX_PLACES = 100_000  # grid places of one table, spans included
_PLACES_FREE = 1000  # so many a table may have whatever its cells
_PLACES_EACH = 30  # of 295 tables of real documents none had more than 2.2 for each of its cells


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of running text, a heading or a list item; line breaks inside it stay as newlines.

    Attributes:
        text: visible text; inline spans joined without spaces.
        kind: text, heading or item.
        level: heading level (1 to 6) or list depth (from 1).
    """

    text: str
    kind: Kind = "text"
    level: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table, at the grid position of its upper left corner.

    Attributes:
        text: visible text; lines of the cell are separated by newlines.
        row: grid row, from 0.
        column: grid column, from 0.
        rowspan: rows covered.
        colspan: columns covered.
        header: whether it is marked as a heading (th).
    """

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table; cells in reading order, spans kept."""

    cells: tuple[Cell, ...]

    @property
    def rows(self) -> int:
        """Number of grid rows."""
        return max((cell.row + cell.rowspan for cell in self.cells), default=0)

    @property
    def columns(self) -> int:
        """Number of grid columns."""
        return max((cell.column + cell.colspan for cell in self.cells), default=0)

    def grid(self) -> list[list[Cell | None]]:
        """Lay the cells out; a spanning cell is at every position that it covers."""
        columns = self.columns
        places: list[list[Cell | None]] = [[None] * columns for _ in range(self.rows)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.rowspan):
                for column in range(cell.column, cell.column + cell.colspan):
                    places[row][column] = cell
        return places


Block = Paragraph | Table


def is_grid(cells: Sequence[Cell]) -> bool:
    """Return whether the grid of some cells is of reasonable size.

    Spans and cell positions are a few characters that can claim any number of cells; what claims far more of
    them than it has cells, or claims them many times over, is no real table.
    """
    table = Table(tuple(cells))
    claimed = sum(cell.rowspan * cell.colspan for cell in cells)
    return max(table.rows * table.columns, claimed) <= most_places(len(cells))


def most_places(cells: int) -> int:
    """Return how many grid positions some cells may cover."""
    return min(_MAX_PLACES, max(_PLACES_FREE, _PLACES_EACH * cells))


def table_of(rows: Iterable[Sequence[str]]) -> Table:
    """Make a plain table of rows of texts, without spans."""
    return Table(
        tuple(Cell(text, row, column) for row, texts in enumerate(rows) for column, text in enumerate(texts))
    )


def blocks_of_text(text: str) -> tuple[Block, ...]:
    """Read plain running text: one paragraph a line, empty lines dropped."""
    return tuple(Paragraph(line.strip()) for line in text.splitlines() if line.strip())


def text_of(blocks: Iterable[Block]) -> str:
    """Write blocks as plain text: a paragraph a line, a table row a line with its cells separated by tabs."""
    return "\n".join(_lines_of(blocks))


def _lines_of(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
            continue
        rows: dict[int, list[str]] = {}
        for cell in block.cells:
            rows.setdefault(cell.row, []).append(" ".join(cell.text.split("\n")))
        for row in sorted(rows):
            yield "\t".join(rows[row])
