"""The ruled lines of a PDF page, without hatching patterns behind the text."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2.raw as pdfium_c

from pipelines.attachments.limits import MAX_RULES, MAX_STROKES
from pipelines.attachments.pdf.grids import Rule
from pipelines.attachments.pdf.order import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pypdfium2 as pdfium

    from pipelines.attachments.pdf.text import Upright

THIN = 3.0  # points; a drawn shape thinner than this is a ruled line
PITCH = 6.0  # points; strokes closer than this leave no room for a line of text between them
STROKES = 4  # strokes that a pattern has at least
ROOM = 10.0  # points; what a pattern covers at least, being drawn behind text; no border is so thick
SAME = 1.0  # points; strokes of one pattern begin and end alike
ALIGNED = 0.5  # points; a border of one row goes on in the next


Look = tuple[int, ...]  # thickness (tenths of a point) and colours of line and filling; empty for a dot


class Stroke(NamedTuple):
    """One thin shape as a line, with its look."""

    rule: Rule
    look: Look


def rules_of_page(page: pdfium.PdfPage, upright: Upright) -> tuple[list[Rule], list[Rule]]:
    """Return the horizontal and the vertical ruled lines of a page; none of a page that is a drawing.

    Hancom draws a dotted line dot by dot: dots that go on from one another are a line, a lone one is none.
    """
    level: list[Stroke] = []
    across: list[Stroke] = []
    for number, (shape, look) in enumerate(_thin_shapes(page)):
        if number >= MAX_STROKES:
            return [], []
        box = upright(shape)
        width, height = box.right - box.left, box.top - box.bottom
        if height <= THIN and height < width:
            level.append(Stroke(Rule((box.bottom + box.top) / 2, box.left, box.right), look))
        elif width <= THIN:
            across.append(Stroke(Rule((box.left + box.right) / 2, box.bottom, box.top), look))
    rules = _lines_among(without_patterns(level)), _lines_among(without_patterns(across))
    return rules if sum(map(len, rules)) <= MAX_RULES else ([], [])


def pointers(numbers: ctypes.Array[Any]) -> list[Any]:
    """Return a pointer to each number of an array, for functions of pdfium that write several."""
    kind = numbers._type_
    return [ctypes.byref(kind.from_buffer(numbers, at * ctypes.sizeof(kind))) for at in range(len(numbers))]


def _thin_shapes(page: pdfium.PdfPage) -> Iterator[tuple[Box, Look]]:
    """Yield the boxes of thin drawn shapes in page coordinates, with their look; dots have none."""
    handle = page.raw
    edges, colours = (ctypes.c_float * 4)(), (ctypes.c_uint * 8)()
    each_edge, each_colour = pointers(edges), pointers(colours)
    for index in range(pdfium_c.FPDFPage_CountObjects(handle)):
        shape = pdfium_c.FPDFPage_GetObject(handle, index)
        if pdfium_c.FPDFPageObj_GetType(shape) != pdfium_c.FPDF_PAGEOBJ_PATH:
            continue
        if pdfium_c.FPDFPageObj_GetBounds(shape, *each_edge):
            left, bottom, right, top = edges
            width, height = right - left, top - bottom
            if width <= THIN and height <= THIN:
                yield Box(left, bottom, right, top), ()
            elif width <= THIN or height <= THIN:  # not so where one of them is no number
                pdfium_c.FPDFPageObj_GetStrokeColor(shape, *each_colour[:4])
                pdfium_c.FPDFPageObj_GetFillColor(shape, *each_colour[4:])
                look = (round(10 * min(width, height)), *colours)
                yield Box(left, bottom, right, top), look


def without_patterns(strokes: Sequence[Stroke]) -> list[Rule]:
    """Remove hatching: strokes of one look and length, side by side, with no room for text between them.

    A border among them looks different, is longer, or extends beyond the hatched cell; the outermost stroke
    is the border itself if no other line is beside it.
    """
    hatched: set[int] = set()
    outermost: set[int] = set()
    for alike in _alike(strokes):
        for run in _runs(alike, strokes):
            if len(run) >= STROKES and strokes[run[-1]].rule.at - strokes[run[0]].rule.at >= ROOM:
                hatched.update(run)
                outermost |= {run[0], run[-1]}
    borders = _Borders(stroke.rule for number, stroke in enumerate(strokes) if number not in hatched)
    return [
        rule
        for number, (rule, _) in enumerate(strokes)
        if number not in hatched
        or borders.go_on(rule)
        or (number in outermost and not borders.stand_beside(rule))
    ]


class _Borders:
    """Ruled lines outside patterns, indexed by position."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: dict[int, list[Rule]] = defaultdict(list)
        for rule in rules:
            if rule.end - rule.start > THIN:
                self._rules[round(rule.at / PITCH)].append(rule)

    def _near(self, stroke: Rule) -> Iterator[Rule]:
        """Yield the lines that overlap or touch a stroke, within :data:`PITCH`."""
        for step in (-1, 0, 1):
            for rule in self._rules.get(round(stroke.at / PITCH) + step, ()):
                if abs(rule.at - stroke.at) <= PITCH and rule.covers(stroke.start) | rule.covers(stroke.end):
                    yield rule

    def go_on(self, stroke: Rule) -> bool:
        return any(abs(rule.at - stroke.at) <= ALIGNED for rule in self._near(stroke))

    def stand_beside(self, stroke: Rule) -> bool:
        middle = (stroke.start + stroke.end) / 2
        return any(rule.covers(middle) for rule in self._near(stroke))


def _alike(strokes: Sequence[Stroke]) -> Iterator[list[int]]:
    """Group strokes, by index, that have the same look, start and end."""
    looks: dict[Look, list[int]] = defaultdict(list)
    for number, stroke in enumerate(strokes):
        if stroke.look:
            looks[stroke.look].append(number)
    for numbers in looks.values():
        for group in _near_first(numbers, lambda number: strokes[number].rule.start):
            yield from _near_first(group, lambda number: strokes[number].rule.end)


def _near_first(numbers: Iterable[int], value: Callable[[int], float]) -> Iterator[list[int]]:
    """Sort indexes by a value, and split them where it differs from that of the first."""
    group: list[int] = []
    for number in sorted(numbers, key=value):
        if group and value(number) - value(group[0]) > SAME:
            yield group
            group = []
        group.append(number)
    yield group


def _runs(numbers: Iterable[int], strokes: Sequence[Stroke]) -> Iterator[list[int]]:
    """Split strokes where the next one is too far away for the same pattern."""
    ordered = sorted(numbers, key=lambda number: strokes[number].rule.at)
    start = 0
    for end, (before, after) in enumerate(pairwise(ordered), 1):
        if strokes[after].rule.at - strokes[before].rule.at > PITCH:
            yield ordered[start:end]
            start = end
    yield ordered[start:]


def _lines_among(rules: Iterable[Rule]) -> list[Rule]:
    """Join adjacent dots into lines; drop single ones."""
    lines: list[Rule] = []
    for rule in rules:
        if lines and lines[-1].goes_on(rule):
            last = lines.pop()
            rule = Rule(last.at, min(last.start, rule.start), max(last.end, rule.end))
        lines.append(rule)
    return [line for line in lines if line.end - line.start > THIN]
