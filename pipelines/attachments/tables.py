"""Cells of office files, converted to blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from pipelines.blocks import Block, Cell, Paragraph, Table, is_grid, most_places

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class RawCell:
    """One cell with its address and content, tables included."""

    row: int = 0
    column: int = 0
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    blocks: list[Block] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its lines; blank ones between them stay, for cells of one row are often read line by line."""
        return "\n".join([block.text for block in self.blocks if isinstance(block, Paragraph)]).strip("\n")


def blocks_of_table(cells: Sequence[RawCell]) -> list[Block]:
    """Return the blocks of one table as laid out on paper.

    A table of a single cell is a frame around paragraphs, and a cell that contains a table is layout, not
    data: the content of such a cell becomes blocks, and the table is split there to keep the reading order.
    """
    cells = sorted(cells, key=attrgetter("row", "column"))
    if len(cells) == 1 or not _fits(cells):
        return [block for cell in cells for block in _unframed(cell)]
    blocks: list[Block] = []
    plain: list[RawCell] = []
    for cell in cells:
        if not any(isinstance(block, Table) for block in cell.blocks):
            plain.append(cell)
            continue
        blocks += [*_table(plain), *_unframed(cell)]
        plain = []
    return blocks + _table(plain)


def _fits(cells: Sequence[RawCell]) -> bool:
    rows, columns = [cell.row for cell in cells], [cell.column for cell in cells]
    if min(rows, default=0) < 0 or min(columns, default=0) < 0:
        return False
    places = (max(rows, default=-1) + 1) * (max(columns, default=-1) + 1)
    return max(places, len(cells)) <= most_places(len(cells))


def _unframed(cell: RawCell) -> list[Block]:
    return [block for block in cell.blocks if isinstance(block, Table) or block.text.strip()]


def _table(cells: Sequence[RawCell]) -> list[Block]:
    """Return one table whose first row is row 0; spans are limited to its last row and column.

    Cells whose spans overlap many times are no table: their content becomes blocks.
    """
    texts = [cell.text for cell in cells]
    if not "".join(texts).strip():
        return []
    top = min(cell.row for cell in cells)
    bottom = max(cell.row for cell in cells)
    right = max(cell.column for cell in cells)
    laid = tuple(
        Cell(
            text,
            cell.row - top,
            cell.column,
            max(1, min(cell.rowspan, bottom - cell.row + 1)),
            max(1, min(cell.colspan, right - cell.column + 1)),
            cell.header,
        )
        for cell, text in zip(cells, texts, strict=True)
    )
    return [Table(laid)] if is_grid(laid) else [block for cell in cells for block in _unframed(cell)]
