"""The clock of a run: Korean time, or a day given for it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from time import monotonic

from archive.errors import UsageError
from archive.korean_time import KST
from archive.text.normalize import without_spaces

_DAYS_BACK = {"오늘": 0, "today": 0, "어제": 1, "yesterday": 1, "그제": 2, "그저께": 2}
_DAY = re.compile(
    r"(\d{4})(\d\d)(\d\d)|(\d{4})-(\d\d?)-(\d\d?)|(\d{4})[./](\d\d?)[./](\d\d?)\.?|(\d{4})년(\d\d?)월(\d\d?)일"
)


class Clock:
    """The clock of a run, which only goes forward.

    Args:
        start: where to begin instead of at the present.
        not_before: the latest time that the archive knows of; a run on that day begins a second later at the
            earliest, so that what was written later also looks later.
    """

    def __init__(self, start: datetime | None = None, not_before: str | None = None) -> None:
        self._start = start or datetime.now(UTC).astimezone(KST)
        if not_before is not None:
            earliest = datetime.fromisoformat(not_before) + timedelta(seconds=1)
            if earliest.date() == self._start.date():
                self._start = max(self._start, earliest)
        self._began = monotonic()

    def moment(self) -> datetime:
        """Return the time, KST, to the microsecond."""
        return datetime.fromtimestamp(self._start.timestamp() + monotonic() - self._began, KST)

    def now(self) -> str:
        """Return the time as ISO 8601 with offset."""
        return self.moment().isoformat(timespec="seconds")


def read_moment(text: str) -> datetime:
    """Read ``YYYY-MM-DD`` (at the present hour) or ``YYYY-MM-DDTHH:MM``, KST; raises UsageError."""
    try:
        if len(text) == len("YYYY-MM-DD"):
            hour = datetime.now(UTC).astimezone(KST).timetz()
            return datetime.combine(date.fromisoformat(text), hour)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"not a day: {text} (expected YYYY-MM-DD)") from error
    return moment.replace(tzinfo=KST) if moment.tzinfo is None else moment


def read_day(text: str) -> date:
    """Read a day as people in Korea write it: 2026-07-13, 20260713, 2026.7.13., 2026년 7월 13일, 어제.

    Raises:
        UsageError: it is none.
    """
    said = without_spaces(text).lower()
    if said in _DAYS_BACK:
        return datetime.now(UTC).astimezone(KST).date() - timedelta(days=_DAYS_BACK[said])
    found = _DAY.fullmatch(said)
    try:
        if found:
            return date(*(int(part) for part in found.groups() if part))
    except ValueError as error:
        raise UsageError(f"not a day: {text} ({error})") from error
    raise UsageError(f"not a day: {text} (expected e.g. 2026-07-13)")
