"""Read lists under a heading that names a class: ``본부세관 지원센터 연락처``, then ``- 가나: number``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import read_head
from pipelines.contacts.find.layout import lists_of
from pipelines.contacts.find.mentions import groups_of
from pipelines.contacts.gazetteer import patterns
from pipelines.contacts.grid.rows import Cell, Grid, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.find.layout import Line

_DASH = " - "  # before an item on the line of the heading
_MAX_HEADING = 100  # characters of a line that are searched for the heading


def find_lists(lines: Sequence[Line]) -> Iterator[Grid]:
    """Find the items that name a place alone before a number: an office of the class in the heading.

    The items are on a line each or on the heading's own: ``… 연락처 - 서울: number - 부산: number``.
    """
    above = lists_of(lines)
    for line in lines:
        if not line.points:
            continue
        heading, dash, _ = line.text[: min(line.points[0].start, _MAX_HEADING)].rpartition(_DASH)
        if not heading.strip() and above[line.index] >= 0:
            heading, dash = lines[above[line.index]].text, ""
        rows = list(_rows(line, line.text.find(dash) if dash else 0))
        path = _class_of(heading) if rows else ()
        if path:
            for row in rows:
                (place,) = row.texts("unit")
                row.cells = [Cell("unit", " ".join([place + path[0], *path[1:]]))]
            yield Grid("list", rows, frozenset([line.index]))


def _rows(line: Line, start: int) -> Iterator[Row]:
    """Yield the items of a line, each a place and its numbers, up to the first that is none."""
    for group in groups_of(line.text, line.points):
        item = patterns.place_item.fullmatch(line.text, start, group[0].start)
        if not item or item["place"] not in lexicon.PLACES:
            return
        start = group[-1].end
        row = Row(line.index, line.start + item.start("place"), line.start + start)
        row.cells.append(Cell("unit", item["place"]))
        row.points += group
        yield row


def _class_of(heading: str) -> tuple[str, ...]:
    """Return the path of the class that a heading names; empty where it names none."""
    named = patterns.class_heading.fullmatch(heading)
    head = read_head(named["name"], label=True) if named else None
    return head.path if head and not head.rest else ()
