"""Tables on a terminal: side by side where it is wide enough, one under the other where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

WIDEST = 1000  # columns assumed while the width of a table is measured


def print_table(
    console: Console,
    headings: Sequence[str],
    rows: Sequence[Sequence[str | Text]],
    needed: int | None = None,
    **style: Any,
) -> None:
    """Print rows as a table, or each by itself on a terminal that is too narrow for it.

    Args:
        console: where to.
        headings: of the columns.
        rows: their cells, the first of which names the row.
        needed: columns of the terminal that the table needs; without it those in which no cell is broken.
        style: of the table, as rich has it.
    """
    table = Table(*headings, **style)
    for row in rows:
        table.add_row(*row)
    wide = console.options.update(max_width=WIDEST)
    if console.width >= (needed or Measurement.get(console, wide, table).maximum):
        console.print(table)
        return
    for first, *others in rows:
        console.print(_text(first), style="bold")
        for heading, cell in zip(headings[1:], others, strict=True):
            if cell:
                console.print(Text(f"  {' '.join(heading.split())}: ", "dim").append_text(_text(cell)))


def _text(cell: str | Text) -> Text:
    return cell if isinstance(cell, Text) else Text(cell, "not dim")
