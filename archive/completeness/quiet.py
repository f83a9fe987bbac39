"""Whether an empty list is a quiet day or a silent list: a total of 0 is one witness, and may be wrong.

A day without articles is vouched for only by something beside its own list: the section's list showed
other days, other sections showed that day, or such weekdays were quiet before. Against it speak articles of
that day that are held, and weekdays that never were empty. docs/changes.md states the rules for users.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

HISTORY = timedelta(weeks=8)  # before a day, in which the same weekdays are looked at
FEWEST_QUIET = 2  # such weekdays that must be known before quiet ones vouch for another
FEWEST_BUSY = 4  # such weekdays without an empty one that speak against an empty one
SETTLED = timedelta(days=7)  # after which a list that is still empty, and shows other days, is believed
SATURDAY = 5

HELD = """
SELECT count(*) FROM articles a LEFT JOIN listed_items i USING (site, section, native_id)
WHERE site = :site AND section = :section AND a.state = 'live'
  AND coalesce(i.day, substr(a.published_at, 1, 10)) = :day
"""
ALIVE = """
SELECT
  EXISTS (SELECT 1 FROM listings WHERE site = :site AND section = :section AND day <> :day
    AND run_id = :run AND found > 0),
  EXISTS (SELECT 1 FROM listings WHERE site = :site AND section <> :section AND day = :day
    AND run_id = :run AND found > 0)
"""
WEEKDAYS = """
SELECT count(*), count(*) FILTER (WHERE found = 0) FROM listings
WHERE site = :site AND section = :section AND day >= :first AND day < :day AND read_whole AND detail IS NULL
  AND strftime('%w', day) = strftime('%w', :day) AND checked_at <= :now
"""


class Empty(NamedTuple):
    """One empty list: whose, of which day, read when and by which run."""

    site: str
    section: str
    day: str
    checked_at: str
    run_id: int | None


def doubt(conn: sqlite3.Connection, empty: Empty, alive: Collection[tuple[str, str]] = ()) -> str | None:
    """Return in one line why an empty list is not vouched for; None where it is.

    Args:
        conn: the archive.
        empty: the list.
        alive: sections whose lists are known to show articles of other days, by site and name.
    """
    day, read_on = date.fromisoformat(empty.day), date.fromisoformat(empty.checked_at[:10])
    values = {
        "site": empty.site,
        "section": empty.section,
        "day": empty.day,
        "run": empty.run_id,
        "now": empty.checked_at,
        "first": (day - HISTORY).isoformat(),
    }
    (held,) = conn.execute(HELD, values).fetchone()
    if held:
        return f"the list is empty, while {held} articles of that day are held"
    on_other_days, other_sections = map(bool, conn.execute(ALIVE, values).fetchone())
    on_other_days = on_other_days or (empty.site, empty.section) in alive
    known, quiet = conn.execute(WEEKDAYS, values).fetchone()
    settled = on_other_days and read_on - day >= SETTLED
    if settled or (known >= FEWEST_QUIET and quiet * 2 >= known):
        return None
    if not (on_other_days or other_sections):
        return "the list is empty, and no other shows that the site's lists can be believed"
    busy = known >= FEWEST_BUSY and not quiet and day < read_on
    if busy and (other_sections or day.weekday() < SATURDAY):
        return f"the list is empty, though {known} such weekdays before it were not"
    return None
