"""Working days, Saturdays and days off in Korea, on which the government publishes differently much."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

SATURDAY = 5


class DayKind(Enum):
    """What kind of day a day is; only days of one kind are compared."""

    WORKING = "working day"
    SATURDAY = "Saturday"
    OFF = "Sunday or holiday"


def day_kind(day: date) -> DayKind:
    """Return what kind of day a day is in Korea, substitute holidays included."""
    if day.weekday() > SATURDAY or day in _holidays(day.year):
        return DayKind.OFF
    return DayKind.SATURDAY if day.weekday() == SATURDAY else DayKind.WORKING


@cache
def _holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays  # takes a fifth of a second, which few commands need

    return frozenset(country_holidays("KR", years=year))
