"""The reading order of a PDF page.

Programs mostly draw text in reading order, but not always: Hancom's draw headings in boxes after the running
text, and tables last. So drawing order is kept, columns included, except where something would come after
what is below it.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BOXES = 400  # of one page; more are a drawing, and are left as drawn


class Box(NamedTuple):
    """The position of something on a page (points, from the bottom left)."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        """Its vertical centre."""
        return (self.bottom + self.top) / 2

    def above(self, other: Box) -> bool:
        """Return whether it is above another: higher by half of one of them, and not beside it."""
        overlap = min(self.top, other.top) - max(self.bottom, other.bottom)
        lower = min(self.top - self.bottom, other.top - other.bottom)
        beside = self.right <= other.left or other.right <= self.left
        return not beside and self.middle > other.middle and overlap < lower / 2


def reading_order(boxes: Sequence[Box]) -> list[int]:
    """Return the indexes of boxes in reading order: as drawn, but none before what is above it."""
    count = len(boxes)
    if count > MAX_BOXES:
        return list(range(count))
    below: list[list[int]] = [[] for _ in boxes]
    waiting = [0] * count
    for place, box in enumerate(boxes):
        for other, drawn in enumerate(boxes):
            if box.above(drawn):
                below[place].append(other)
                waiting[other] += 1
    ready = [place for place in range(count) if not waiting[place]]
    heapify(ready)
    order = []
    while ready:
        place = heappop(ready)
        order.append(place)
        for other in below[place]:
            waiting[other] -= 1
            if not waiting[other]:
                heappush(ready, other)
    return order
