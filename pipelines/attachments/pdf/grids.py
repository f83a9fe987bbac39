"""Find tables on a PDF page by their ruled lines.

Programs of Hancom, which make 113 of 115 press PDFs, draw every border of a table as a line of its own; the
two outer sides are often open. General table finders gave no contact row of these files.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NEAR = 3.0  # points; lines this close are the same line, or touch
MAX_GRID_PLACES = 20_000


class Rule(NamedTuple):
    """One ruled line: its position across its direction, and its extent along it (points)."""

    at: float
    start: float
    end: float

    def covers(self, place: float) -> bool:
        """Return whether the line covers a position along its direction."""
        return self.start - NEAR <= place <= self.end + NEAR

    def goes_on(self, other: Rule) -> bool:
        """Return whether another line is collinear and touches it."""
        return (
            abs(self.at - other.at) <= NEAR
            and other.start <= self.end + NEAR
            and self.start <= other.end + NEAR
        )


_Edge = tuple[float, list[Rule]]  # where lines lie, and the lines


@dataclass(frozen=True, slots=True)
class Area:
    """One cell of a grid: its rows and columns from the top left, and its right edge (points)."""

    row: int
    column: int
    rowspan: int
    colspan: int
    right: float


class Grid:
    """One ruled table.

    Attributes:
        xs: column edges from left to right (points).
        ys: row edges from bottom to top (points).
        areas: the cell at each row (from the top) and column.
    """

    def __init__(self, xs: Sequence[float], ys: Sequence[float], areas: dict[tuple[int, int], Area]) -> None:
        self.xs = xs
        self.ys = ys
        self.areas = areas

    @property
    def size(self) -> float:
        """The area (square points)."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def edge(self, row: int) -> float:
        """Return the height of the edge above a row, counted from the top (points)."""
        return self.ys[len(self.ys) - 1 - row]

    def area(self, x: float, y: float) -> Area | None:
        """Return the cell that contains a point, None outside."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        return self.areas[len(self.ys) - 1 - bisect_right(self.ys, y), bisect_right(self.xs, x) - 1]


def find_grids(level: Iterable[Rule], upright: Iterable[Rule]) -> list[Grid]:
    """Find the ruled tables made by horizontal and vertical lines, the smallest (innermost) first."""
    grids = [_grid(*lines) for lines in _connected(_merged(level), _merged(upright))]
    return sorted((grid for grid in grids if grid is not None), key=lambda grid: grid.size)


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Merge lines that continue or repeat each other."""
    merged: list[Rule] = []
    for at, lines in _clusters(rules):
        run = lines[0]
        for line in lines[1:]:
            if line.start <= run.end + NEAR:
                run = Rule(at, run.start, max(run.end, line.end))
            else:
                merged.append(Rule(at, run.start, run.end))
                run = line
        merged.append(Rule(at, run.start, run.end))
    return merged


def _clusters(rules: Iterable[Rule]) -> list[_Edge]:
    """Group lines that lie at the same height (or abscissa); in a group they are in order of their start."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if groups and rule.at - groups[-1][0].at <= NEAR:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return [(group[0].at, sorted(group, key=lambda rule: rule.start)) for group in groups]


def _connected(level: Iterable[Rule], upright: Iterable[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Split the lines into connected sets; each pair of lines is compared at most once."""
    free = (_Lines(level), _Lines(upright))
    parts: list[tuple[list[Rule], list[Rule]]] = []
    while (first := free[0].take_any()) is not None:
        part: tuple[list[Rule], list[Rule]] = ([first], [])
        waiting = [(0, first)]
        while waiting:
            side, line = waiting.pop()
            for crossing in free[1 - side].take_crossing(line):
                part[1 - side].append(crossing)
                waiting.append((1 - side, crossing))
        parts.append(part)
    return parts


class _Lines:
    """Parallel lines that are not assigned to a set yet, ordered by position."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = sorted(rules, key=lambda rule: rule.at)

    def take_any(self) -> Rule | None:
        return self._rules.pop() if self._rules else None

    def take_crossing(self, line: Rule) -> list[Rule]:
        """Remove and return the lines that cross or touch a line of the other direction."""
        first = bisect_left(self._rules, line.start - NEAR, key=lambda rule: rule.at)
        last = bisect_right(self._rules, line.end + NEAR, key=lambda rule: rule.at)
        crossing: list[Rule] = []
        others: list[Rule] = []
        for rule in self._rules[first:last]:
            (crossing if rule.covers(line.at) else others).append(rule)
        self._rules[first:last] = others
        return crossing


def _grid(level: Sequence[Rule], upright: Sequence[Rule]) -> Grid | None:
    """Return the grid of connected lines; None for a plain frame or a drawing."""
    if len(level) < 2 or not upright:
        return None
    edges = _clusters(level)[::-1]
    left, right = min(rule.start for rule in level), max(rule.end for rule in level)
    sides = [Rule(left, edges[-1][0], edges[0][0]), Rule(right, edges[-1][0], edges[0][0])]
    columns = _clusters([*upright, *sides])
    count = len(columns) - 1
    if (len(edges) - 1) * count > MAX_GRID_PLACES:
        return None
    owner: dict[tuple[int, int], Area] = {}
    for row in range(len(edges) - 1):
        for column in range(count):
            if (row, column) in owner:
                continue
            area = _spread(row, column, edges, columns)
            places = [
                (row + down, column + over) for down in range(area.rowspan) for over in range(area.colspan)
            ]
            if any(place in owner for place in places):
                return None
            owner.update(dict.fromkeys(places, area))
    if len(set(owner.values())) < 2:
        return None
    return Grid([at for at, _ in columns], [at for at, _ in edges[::-1]], owner)


def _spread(row: int, column: int, edges: Sequence[_Edge], columns: Sequence[_Edge]) -> Area:
    """Extend a cell right and down until a line stops it."""
    middle = (edges[row][0] + edges[row + 1][0]) / 2
    right = column + 1
    while right < len(columns) - 1 and not _stops(columns[right], middle):
        right += 1
    middle = (columns[column][0] + columns[column + 1][0]) / 2
    bottom = row + 1
    while bottom < len(edges) - 1 and not _stops(edges[bottom], middle):
        bottom += 1
    return Area(row, column, bottom - row, right - column, columns[right][0])


def _stops(edge: _Edge, place: float) -> bool:
    return any(rule.start <= place <= rule.end for rule in edge[1])
