"""Read lists under a heading that names a class: ``본부세관 지원센터 연락처``, then ``- 가나: number``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import read_head
from pipelines.contacts.find.layout import lists_of
from pipelines.contacts.gazetteer import pattern
from pipelines.contacts.grid.rows import Cell, Grid, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.find.layout import Line

_PLACE_ITEM = pattern("place_item")
_CLASS_HEADING = pattern("class_heading")


def find_lists(lines: Sequence[Line]) -> Iterator[Grid]:
    """Find the items that name a place alone before a number: an office of the class in the heading."""
    above = lists_of(lines)
    for line in lines:
        item = _PLACE_ITEM.fullmatch(line.text[: line.points[0].start]) if line.points else None
        if not item or item["place"] not in lexicon.PLACES or above[line.index] < 0:
            continue
        named = _CLASS_HEADING.fullmatch(lines[above[line.index]].text)
        head = read_head(named["name"], label=True) if named else None
        if head and head.path and not head.rest:
            row = Row(line.index, line.start + item.start("place"), line.start + line.points[-1].end)
            row.cells.append(Cell("unit", " ".join([item["place"] + head.path[0], *head.path[1:]])))
            row.points += line.points
            yield Grid("list", [row], frozenset([line.index]))
