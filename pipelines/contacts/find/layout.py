"""Lay blocks out as lines with their places in the text, whatever they came from."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Literal

from pipelines.blocks import Paragraph
from pipelines.contacts.gazetteer import pattern
from pipelines.phones import find_numbers, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.records import Link
    from pipelines.blocks import Block, Table

_EMAIL = pattern("email")
#: Numbers and addresses of one text that are read; of 26,727 press releases the most is 61.
_MOST_POINTS = 3_000
_MAX_LINKS = 500  # tel: links of one document

_PIPED = pattern("piped")
_SITE_LINE = pattern("site_line")
_HANGUL = pattern("one_hangul")
_NUMBER_FIRST = pattern("number_first")
_MAX_ITEM = 60  # characters of an item of a list
_MAX_EMPTY = 20  # empty lines between two that belong together
_PIPED_TABLES = 1_000_000  # their numbers lie above those of all blocks


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of one cell, or one line of running text."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Point:
    """A number or address by which somebody is reached; ``start`` and ``end`` are offsets in its line.

    ``inner`` is the extension to dial after the last of its numbers.
    """

    start: int
    end: int
    kind: Literal["phone", "fax", "email"]
    values: tuple[str, ...]
    inner: str | None = None

    def apart(self) -> Iterator[Point]:
        """Yield each number as a point of its own; the extension is the last one's."""
        for value in self.values:
            inner = self.inner if value == self.values[-1] else None
            yield replace(self, values=(value,), inner=inner)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text: folded, with its offset, and the cells if it is a table row.

    Attributes:
        index: number of the line in the document.
        text: folded text; cells apart by tabs.
        start: offset of the line in the text of all blocks.
        kind: text, heading, item or row.
        pieces: the line itself, or every line of every cell.
        table: number of the table, -1 outside tables.
        points: numbers and addresses, in order.
    """

    index: int
    text: str
    start: int
    kind: str
    pieces: tuple[Piece, ...]
    points: list[Point] = field(default_factory=list)
    table: int = -1


def lay_out(text: str, blocks: Sequence[Block], links: Sequence[Link] = ()) -> list[Line]:
    """Cut the folded text of all blocks into its lines, as :func:`pipelines.blocks.text_of` wrote it.

    The number of a ``tel:`` link becomes a point at the end of the link's words. Lines after the last number
    that is read are left out: without theirs they would be taken for lines without any.
    """
    points = sorted([*find_points(text), *_called(text, links)], key=lambda point: point.start)
    lines: list[Line] = []
    for number, block in enumerate(blocks):
        start = lines[-1].start + len(lines[-1].text) + 1 if lines else 0
        if isinstance(block, Paragraph):
            _add_paragraph(lines, text, block, start)
        else:
            _add_rows(lines, text, block, start, number)
    _hand_points(lines, points[:_MOST_POINTS])
    if len(points) > _MOST_POINTS:
        lines = [line for line in lines if line.start <= points[_MOST_POINTS - 1].start]
    for above, line in pairwise(list(lines)):
        if _goes_on(lines[above.index], line):
            _join(lines, lines[above.index], line)
    return lines


def _goes_on(above: Line, line: Line) -> bool:
    """Return whether a line begins with the number of the name that ends the list above it."""
    if above.table >= 0 or line.table >= 0 or not (above.points and line.points):
        return False
    named = _HANGUL.match(above.text.rstrip()[-1:]) and above.points[-1].end < len(above.text.rstrip())
    return bool(named and _NUMBER_FIRST.fullmatch(line.text[: line.points[0].start]))


def _join(lines: list[Line], above: Line, line: Line) -> None:
    """Make one line of two; the second stays, empty, so that the others keep their index."""
    shift = line.start - above.start
    moved = [replace(point, start=point.start + shift, end=point.end + shift) for point in line.points]
    text = f"{above.text}\n{line.text}"
    lines[above.index] = replace(
        above, text=text, pieces=(*above.pieces, *line.pieces), points=[*above.points, *moved]
    )
    lines[line.index] = replace(line, text="", pieces=(Piece("", line.start),), points=[])


def find_points(text: str) -> list[Point]:
    """Find numbers and e-mail addresses in folded text, in order."""
    points = [
        Point(found.start, found.end, "fax" if found.fax else "phone", found.numbers, found.inner)
        for found in find_numbers(text)
    ]
    if "@" in text:
        points += [
            Point(match.start(), match.end(), "email", (_address(match[0]),))
            for match in _EMAIL.finditer(text)
        ]
        points.sort(key=lambda point: point.start)
    return points


def _called(text: str, links: Sequence[Link]) -> Iterator[Point]:
    """Yield the points of ``tel:`` links whose words do not print the number."""
    calls = [link for link in links if link.url.startswith("tel:") and link.text]
    for link in calls[:_MAX_LINKS]:
        words, numbers = fold(link.text or ""), find_numbers(link.url)
        end = text.find(words) + len(words)
        if end >= len(words) and numbers and not find_numbers(words):
            yield Point(end, end, "phone", numbers[0].numbers)


def _address(printed: str) -> str:
    local, host = "".join(printed.split()).split("@")
    return f"{local}@{host.lower()}"


def _add_paragraph(lines: list[Line], text: str, block: Paragraph, start: int) -> None:
    for printed in block.text.split("\n"):
        shown = text[start : start + len(printed)]
        if _PIPED.fullmatch(shown):
            _add_piped(lines, shown, start)
        else:
            lines.append(Line(len(lines), shown, start, block.kind, (Piece(shown, start),)))
        start += len(printed) + 1


def _add_piped(lines: list[Line], shown: str, start: int) -> None:
    """Lay out a row written with strokes between its cells; rows that follow each other are one table."""
    pieces: list[Piece] = []
    place = start
    for cell in shown.split("|"):
        pieces.append(Piece(cell, place))
        place += len(cell) + 1
    above = lines[-1] if lines else None
    table = above.table if above and above.table >= _PIPED_TABLES else _PIPED_TABLES + len(lines)
    cells = shown.replace("|", "\t")
    lines.append(Line(len(lines), cells, start, "row", tuple(pieces), table=table))


def _add_rows(lines: list[Line], text: str, table: Table, start: int, number: int) -> None:
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    for row in sorted(rows):
        pieces: list[Piece] = []
        place = start
        for part in (part for cell in rows[row] for part in cell.split("\n")):
            pieces.append(Piece(text[place : place + len(part)], place))
            place += len(part) + 1
        lines.append(Line(len(lines), text[start : place - 1], start, "row", tuple(pieces), table=number))
        start = place


def line_above(lines: Sequence[Line], index: int) -> Line | None:
    """Return the nearest non-empty line above; none if many empty ones are between."""
    for place in range(index - 1, max(-1, index - 1 - _MAX_EMPTY), -1):
        if lines[place].text.strip():
            return lines[place]
    return None


def said_above(lines: Sequence[Line], index: int) -> Line | None:
    """Return the nearest line above with Korean text: no empty line, no URL of a site."""
    for place in range(index - 1, max(-1, index - 1 - _MAX_EMPTY), -1):
        if _HANGUL.search(lines[place].text) and not _SITE_LINE.match(lines[place].text):
            return lines[place]
    return None


def _hand_points(lines: list[Line], points: Sequence[Point]) -> None:
    """Assign the points to their lines, with offsets in the line."""
    starts = [line.start for line in lines]
    for point in points:
        line = lines[bisect_right(starts, point.start) - 1]
        line.points.append(replace(point, start=point.start - line.start, end=point.end - line.start))


def lines_to_number(lines: Sequence[Line]) -> list[float]:
    """Return for each line how many lines below it the next number is; infinity after the last."""
    ahead: list[float] = [inf]
    for line in reversed(lines):
        ahead.append(0 if line.points else ahead[-1] + 1)
    return ahead[:0:-1]


def lists_of(lines: Sequence[Line]) -> list[int]:
    """Return for each line the one above the list of short items that it belongs to."""
    above: list[int] = []
    for index in range(len(lines)):
        over = index - 1
        item = over >= 0 and lines[over].points and len(lines[over].text) <= _MAX_ITEM
        above.append(above[over] if item else over)
    return above
