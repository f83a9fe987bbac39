"""The revisit policy: which days' lists to read, and which articles to fetch again.

Days are re-read, never "until the first id that is known": ids are neither ordered nor permanent, and
items appear days late under old dates. Measured on 167,533 releases: 6,500 came 2 to 7 days late, 2,300
more than 30 days.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from archive.articles.compare import text_hash
from archive.completeness.failures import wanting_elsewhere
from archive.text.normalize import visible_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from archive.articles.held import HeldArticle
    from archive.completeness.listed import DayRead
    from archive.records import ListItem

EVERY_RUN = 4  # days whose list is read at every run: today and the three before
DAILY = 14  # days whose list is read once a day
WEEKLY = 98  # days whose list is read once a week: long enough for the last of the rechecks
BACKFILL = 31  # days; a longer span is a backfill
MOST_ATTEMPTS = 10  # runs after which an article is no longer requested on its own
RECHECKS = (1, 3, 7, 30, 90)  # days after which a known article is fetched again
PROMPT_ATTEMPTS = 3  # runs in a row that ask again for what failed; then it is requested on those days alone

Reason = Literal["new", "listed_otherwise", "incomplete", "missing", "recheck", "vanished"]


def days_due(
    today: date,
    known: Mapping[date, DayRead],
    *,
    since: date | None = None,
    until: date | None = None,
    oldest_first: bool = False,
) -> list[date]:
    """Return the days whose lists are due, newest first unless told otherwise.

    With ``since`` or ``until`` exactly those days; of a backfill, old days that are complete are left out, so
    that it goes on where it was interrupted. Without them: the windows above, every day read before that is
    not complete, and the days since the last run; a first run takes the daily window. What was written with a
    clock that ran ahead is ignored.
    """
    known = {day: read for day, read in known.items() if day <= today and read.checked_on <= today}
    if since or until:
        last = until or today
        first = since or last
        due = set(_days(first, last))
        if len(due) > BACKFILL:
            due -= {day for day, read in known.items() if read.complete and (today - day).days >= WEEKLY}
    else:
        start = min(today - timedelta(DAILY - 1), max(known, default=today))
        due = {day for day in _days(start, today) if _is_stale(day, known.get(day), today)}
        due |= {day for day, read in known.items() if _is_stale(day, read, today)}
    return sorted(due, reverse=not oldest_first)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(number) for number in range((last - first).days + 1))


def _is_stale(day: date, read: DayRead | None, today: date) -> bool:
    age = (today - day).days
    if read is None or not read.complete or age < EVERY_RUN:
        return True
    since_read = (today - read.checked_on).days
    return (age < DAILY and since_read >= 1) or (age < WEEKLY and since_read >= 7)


def reason_to_fetch(
    held: HeldArticle | None, item: ListItem | None, today: date, listed_title: str | None = None
) -> Reason | None:
    """Return why an article is to be fetched; None when it is not.

    Args:
        held: what the archive holds of it.
        item: how the list shows it now.
        today: the day of the run.
        listed_title: its headline when the list was last read, which need not be that of its page.
    """
    if held is None:
        return "new"
    if held.state == "redacted":
        return None
    if held.missing_count or held.state in ("gone", "superseded"):
        return "missing"
    if held.pending or (held.incomplete and retry_is_due(held, today)):
        return "incomplete"
    if item is not None and is_listed_otherwise(held, item, listed_title or held.title):
        return "listed_otherwise"
    return "recheck" if recheck_is_due(held.first_seen_at, held.checked_at, today) else None


def recheck_is_due(first_seen_at: str, checked_at: str, today: date) -> bool:
    """Return whether one of the days of :data:`RECHECKS` has come since an article was last checked.

    A time in the future was written with a wrong clock and is ignored.
    """
    first_seen, checked = date.fromisoformat(first_seen_at[:10]), date.fromisoformat(checked_at[:10])
    if checked > today:
        return True
    return any(checked < min(first_seen, checked) + timedelta(after) <= today for after in RECHECKS)


def retry_is_due(held: HeldArticle, today: date) -> bool:
    """Return whether what an article lacks is to be requested again: soon at first, then less often."""
    return held.attempts < PROMPT_ATTEMPTS or recheck_is_due(
        held.failed_since or held.first_seen_at, held.tried_at or held.checked_at, today
    )


def is_listed_otherwise(held: HeldArticle, item: ListItem, listed_title: str) -> bool:
    """Return whether the list shows another headline or another text: an edit found without a request."""
    if item.title and visible_text(item.title) != visible_text(listed_title):
        return True
    if not item.lead or not item.lead_is_full or held.lead_sha256 is None:
        return False
    return text_hash(item.lead) != held.lead_sha256


def failed_elsewhere(
    conn: sqlite3.Connection, site: str, section: str, days: Iterable[str], today: date
) -> tuple[str, ...]:
    """List articles due for a failure or a pending change that no list of these days shows.

    What fails is requested less and less often, and given up after some runs.
    """
    rows = wanting_elsewhere(conn, site, section, days, MOST_ATTEMPTS)
    return tuple(
        native_id
        for native_id, since, tried, attempts in rows
        if attempts < PROMPT_ATTEMPTS or recheck_is_due(since, tried, today)
    )
