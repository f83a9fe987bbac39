"""Charts drawn on the server: the position of every line, bar, tick and label of an SVG.

The style sheet colours them for light and dark; lines differ in their dashes too. A table beside every chart
has the same values, so charts are hidden from screen readers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 56, 10, 12, 30  # room around the plot
LABELS = 7  # of periods beneath a chart, at most
TICKS = 4
WIDEST = 40  # a bar, where there are few


@dataclass(frozen=True, slots=True)
class Point:
    """One value of one series, with its position in the chart."""

    period: str
    value: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart, in units of its ``viewBox``.

    Attributes:
        ticks: (y, value) of the horizontal lines, from zero up.
        labels: (x, period) beneath the chart.
        series: name → its points from left to right.
        bar: width of a bar.
    """

    ticks: tuple[tuple[float, float], ...]
    labels: tuple[tuple[float, str], ...]
    series: Mapping[str, tuple[Point, ...]]
    bar: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM


def chart(periods: Sequence[str], series: Mapping[str, Sequence[float]]) -> Chart:
    """Lay out a chart from zero upwards.

    Args:
        periods: in order of time, at least one.
        series: name → one value for each period.
    """
    top = scale(max((value for values in series.values() for value in values), default=0))
    if all(isinstance(value, int) for values in series.values() for value in values):
        top = math.ceil(top / TICKS) * TICKS  # there is no half article
    step = (WIDTH - LEFT - RIGHT) / len(periods)
    xs = [round(LEFT + step * (at + 0.5), 1) for at in range(len(periods))]
    every = math.ceil(len(periods) / LABELS)
    return Chart(
        tuple((_y(top * tick / TICKS, top), top * tick / TICKS) for tick in range(TICKS + 1)),
        tuple((xs[at], periods[at]) for at in range(0, len(periods), every)),
        {
            name: tuple(
                Point(period, value, x, _y(value, top))
                for period, value, x in zip(periods, values, xs, strict=True)
            )
            for name, values in series.items()
        },
        round(min(max(step * 0.7, 1), WIDEST), 1),
    )


def scale(most: float) -> float:
    """Return the top of an axis: the least of 1, 2, 4, 6, 8 times a power of ten that is not below a value.

    >>> scale(7), scale(230), scale(0.3), scale(0)
    (8, 400, 0.4, 4)
    """
    if most <= 0:
        return TICKS
    power = 10.0 ** math.floor(math.log10(most))
    top = next(round(step * power, 9) for step in (1, 2, 4, 6, 8, 10) if step * power >= most * (1 - 1e-9))
    return int(top) if top >= 1 and top == int(top) else top


def _y(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top, 1)
