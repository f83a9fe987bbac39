"""Printed dates to ISO 8601 in Korean time, with what is known of the hour.

Strict formats first; dateparser only for what none of them reads, and only where a year is printed: for
12월 31일 alone it invents a year, and relative words need a clock.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from archive.errors import DAMAGE
from archive.korean_time import KST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.records import Precision


_TIME = (
    r"(?:[T\s]*(?:\(?[월화수목금토일](?:요일)?\)?)?[.,\s]*"
    r"(?:(?P<half>오전|오후|AM|PM)\s*)?"
    r"(?P<hour>\d{1,2})\s*(?::|시)\s*(?P<minute>\d{1,2})?\s*분?(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*초?"
    r"(?:\s*(?P<half2>AM|PM))?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_FORMATS = tuple(
    re.compile(date + _TIME, re.I)
    for date in (
        # 2026.07.13 / 2026. 7. 13. / 2026-07-13T08:05:00+09:00, lists and structured data of both sites
        r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*(?P<sign>[.\-/])\s*(?P<month>\d{1,2})\s*(?P=sign)\s*(?P<day>\d{1,2})(?!\d)\.?",
        # 2026년 7월 13일 오후 3:05
        r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*년\s*(?P<month>\d{1,2})\s*월\s*(?P<day>\d{1,2})\s*일",
        # 07/13/2026 08:05:00, the Open API's ApproveDate
        r"(?<!\d)(?P<month>\d{2})/(?P<day>\d{2})/(?P<year>(?:19|20)\d{2})(?!\d)",
        # 20260713, the Open API's parameters
        r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
    )
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_LONGEST = 80  # characters of a printed date with its label; more is running text

Dated = tuple[str | None, "Precision", str | None]


def read_date(candidates: Sequence[str]) -> Dated:
    """Read the date of an article from every form in which a page prints it.

    The first form that can be read decides the day; a later one of the same day may add the hour, for exact
    midnight means that only the day is known (or an embargo). Nothing is guessed.

    Returns:
        The moment as ISO 8601 in KST with ``minute``, or the bare date with ``day``; and the printed form it
        was read from. (None, day, None) where no form can be read.
    """
    first: tuple[datetime, str] | None = None
    for raw in candidates:
        moment = _strictly(raw) or (_leniently(raw) if first is None else None)
        if moment is None:
            continue
        if first is None:
            first = moment, raw
        if moment.date() == first[0].date() and _has_time(moment):
            return moment.isoformat(), "minute", raw
    if first is None:
        return None, "day", None
    return first[0].date().isoformat(), "day", first[1]


def _has_time(moment: datetime) -> bool:
    return (moment.hour, moment.minute, moment.second) != (0, 0, 0)


def _strictly(raw: str) -> datetime | None:
    for form in _FORMATS:
        if match := form.search(raw):
            return _moment(match)
    return None


def _moment(match: re.Match[str]) -> datetime | None:
    part = match.groupdict()
    hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", "second"))
    half = (part["half"] or part["half2"] or "").upper()
    if half in ("오후", "PM") and hour < 12:
        hour += 12
    elif half in ("오전", "AM") and hour == 12:
        hour = 0
    try:
        day = datetime(int(part["year"]), int(part["month"]), int(part["day"]), tzinfo=KST)
        if hour > 24 or minute > 59 or second > 59:
            return day
        local = day + timedelta(hours=hour, minutes=minute, seconds=second)
        return local.replace(tzinfo=_zone(part["zone"])).astimezone(KST) if part["zone"] else local
    except (ValueError, OverflowError):  # no day of any calendar, or no offset of any zone
        return None


def _zone(written: str) -> tzinfo:
    if written.upper() == "Z":
        return UTC
    minutes = int(written[1:3]) * 60 + int(written[-2:])
    return timezone(timedelta(minutes=minutes if written[0] == "+" else -minutes))


def _leniently(raw: str) -> datetime | None:
    """Parse with dateparser, which is slow, where a year is printed and nothing relative."""
    if len(raw) > _LONGEST or not _YEAR.search(raw):
        return None
    import dateparser

    try:
        moment = dateparser.parse(
            raw,
            languages=["ko", "en"],
            settings={
                "PARSERS": ["absolute-time"],
                "REQUIRE_PARTS": ["day", "month", "year"],
                "TIMEZONE": "+0900",
                "RETURN_AS_TIMEZONE_AWARE": True,
            },
        )
        return moment.astimezone(KST) if moment else None
    except DAMAGE:  # the library meets what it did not foresee
        return None
