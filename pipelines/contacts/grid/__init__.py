"""Read everything tabular as one kind of grid: cards, tables, columns, blocks of those responsible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contacts.grid.blocks import find_blocks
from pipelines.contacts.grid.cards import find_cards
from pipelines.contacts.grid.lists import find_lists
from pipelines.contacts.grid.rows import read_grid
from pipelines.contacts.grid.tables import find_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.contacts.draft import Draft
    from pipelines.contacts.find.layout import Line

__all__ = ["read_grids"]


def read_grids(lines: Sequence[Line]) -> tuple[list[Draft], set[int]]:
    """Read the contacts of every grid; give them, and the numbers of the lines that the grids take up."""
    taken: set[int] = set()
    found: list[Draft] = []
    for grids in (find_cards(lines), find_tables(lines), find_lists(lines), find_blocks(lines, taken)):
        for grid in grids:
            if grid.form == "block" or taken.isdisjoint(grid.lines):
                found += read_grid(grid)
                taken |= grid.lines
    return found, taken
