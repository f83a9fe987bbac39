"""Divisions that stand in one cell of a contact table, parted by the rhythm of the people beside them.

In an office file each line of such a cell is a cell of its own, whose borders are not drawn: 책임자 and
담당자 of the first division stand beside its lines, then those of the second (2 of 87 press PDFs, 2026-04).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipelines.attachments.pdf.grids import Area, Grid
    from pipelines.attachments.pdf.lines import Line

FIRST = "책임자"  # who stands first of a division's people
ASIDE = 0.5  # heights of a line; what stands farther from the middle of its rows is not centred there


def parted(grid: Grid, inside: Mapping[Area, Sequence[Line]]) -> dict[Area, Sequence[Line]]:
    """Split each cell beside the people of several divisions if it has lines beside each of them."""
    firsts = {
        area: lines[0]
        for area, lines in inside.items()
        if lines and "".join(lines[0].text.split()).startswith(FIRST)
    }
    found: dict[Area, Sequence[Line]] = {}
    for area, lines in inside.items():
        beside = {
            first.row: line
            for first, line in firsts.items()
            if area.column + area.colspan <= first.column and area.row <= first.row < area.row + area.rowspan
        }
        rows = sorted({area.row, *beside})
        parts = {
            replace(area, row=row, rowspan=end - row): _between(grid, row, end, lines)
            for row, end in pairwise([*rows, area.row + area.rowspan])
        }
        whole = len(parts) == 1 or not all(
            _belongs(grid, part, held, beside.get(part.row)) for part, held in parts.items()
        )
        found |= {area: lines} if whole else parts
    return found


def _between(grid: Grid, above: int, below: int, lines: Iterable[Line]) -> list[Line]:
    """Return the lines whose vertical centre is between two row edges."""
    top, bottom = grid.edge(above), grid.edge(below)
    return [line for line in lines if bottom <= (line.bottom + line.top) / 2 < top]


def _belongs(grid: Grid, rows: Area, lines: Sequence[Line], first: Line | None) -> bool:
    """Return whether lines belong to the division whose first person is in some rows.

    They begin beside the person or are centred on the rows; two lines of one division in the middle of a cell
    are neither.
    """
    if not lines or first is None:
        return False
    middle = (grid.edge(rows.row) + grid.edge(rows.row + rows.rowspan)) / 2
    block = (max(line.top for line in lines) + min(line.bottom for line in lines)) / 2
    return lines[0].holds(first.bottom, first.top) or abs(block - middle) <= ASIDE * lines[0].height
