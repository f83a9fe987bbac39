"""Lay blocks out as lines with their places in the text, whatever they came from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipelines.blocks import Paragraph
from pipelines.phones import Numbers, find_numbers, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.records import Link
    from pipelines.blocks import Block, Table

_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]*\s?@\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_PLACEHOLDER = re.compile(r"\[email.protected\]")


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of one cell, or one line of running text."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Point:
    """A number or address by which somebody is reached; ``start`` and ``end`` are offsets in its line."""

    start: int
    end: int
    kind: Literal["phone", "fax", "email"]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text: folded, with its offset, and the cells if it is a table row.

    Attributes:
        index: number of the line in the document.
        text: folded text; cells apart by tabs.
        start: offset of the line in the text of all blocks.
        kind: text, heading, item or row.
        pieces: the line itself, or every line of every cell.
        cells: texts of the row's cells with spanning cells repeated; empty outside tables.
        table: number of the table, -1 outside tables.
        points: numbers and addresses, in order.
    """

    index: int
    text: str
    start: int
    kind: str
    pieces: tuple[Piece, ...]
    points: tuple[Point, ...]
    cells: tuple[str, ...] = ()
    table: int = -1


def lay_out(blocks: Sequence[Block], links: Sequence[Link] = ()) -> list[Line]:
    """Give the lines of all blocks, with the same offsets as :func:`pipelines.blocks.text_of` has.

    The number of a ``tel:`` link stands as a point at the end of the link's words.
    """
    calls = [(fold(link.text), find_numbers(link.url)) for link in links if link.text and link.url.startswith("tel:")]
    lines: list[Line] = []
    offset = 0
    for number, block in enumerate(blocks):
        source = _paragraph_lines(block) if isinstance(block, Paragraph) else _table_rows(block)
        for kind, text, pieces, cells in source:
            folded = fold(text)
            moved = tuple(Piece(fold(piece.text), piece.start + offset) for piece in pieces)
            table = number if kind == "row" else -1
            points = find_points(folded) + [point for call in calls for point in _called(folded, *call)]
            points.sort(key=lambda point: point.start)
            lines.append(Line(len(lines), folded, offset, kind, moved, tuple(points), cells, table))
            offset += len(text) + 1
    return lines


def _called(text: str, words: str, numbers: tuple[Numbers, ...]) -> Iterator[Point]:
    """Give the point of a link to a number whose words do not print it."""
    end = text.find(words) + len(words)
    if end >= len(words) and numbers and not find_numbers(words):
        yield Point(end, end, "phone", numbers[0].numbers)


def find_points(text: str) -> list[Point]:
    """Find numbers and e-mail addresses in one folded line, in order."""
    points = [_point(numbers) for numbers in find_numbers(text)]
    if "@" in text:
        masked = _PLACEHOLDER.sub(lambda match: " " * len(match[0]), text)
        points += [
            Point(match.start(), match.end(), "email", (_address(match[0]),))
            for match in _EMAIL.finditer(masked)
        ]
        points.sort(key=lambda point: point.start)
    return points


def _point(numbers: Numbers) -> Point:
    return Point(numbers.start, numbers.end, "fax" if numbers.fax else "phone", numbers.numbers)


def _address(printed: str) -> str:
    local, host = "".join(printed.split()).split("@")
    return f"{local}@{host.lower()}"


_Laid = tuple[str, str, tuple[Piece, ...], tuple[str, ...]]


def _paragraph_lines(block: Paragraph) -> Iterator[_Laid]:
    for text in block.text.split("\n"):
        yield block.kind, text, (Piece(text, 0),), ()


def _table_rows(table: Table) -> Iterator[_Laid]:
    grid = table.grid()
    rows: dict[int, list[tuple[int, str]]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append((cell.column, cell.text))
    for row in sorted(rows):
        pieces: list[Piece] = []
        texts = [" ".join(text.split("\n")) for _, text in rows[row]]
        offset = 0
        for (_, text), shown in zip(rows[row], texts, strict=True):
            place = offset
            for part in text.split("\n"):
                pieces.append(Piece(part, place))
                place += len(part) + 1
            offset += len(shown) + 1
        cells = tuple(_flat(cell.text) if cell else "" for cell in grid[row]) if row < len(grid) else ()
        yield "row", "\t".join(texts), tuple(pieces), cells


def _flat(text: str) -> str:
    return fold(" ".join(text.split("\n")))

