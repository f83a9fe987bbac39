"""Future times: written by a run whose clock was ahead, and not to be relied on.

Readers of the archive ignore them (the fetch policy, freshness, vouching). Removing them needs an explicit
option, since to a clock that is behind everything looks like the future.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

LEEWAY = timedelta(
    days=7
)  # days ahead that may have been asked for, before that was refused, and are over soon
TIMES = {
    "runs": ("started_at", "ended_at"),
    "captures": ("fetched_at",),
    "articles": ("first_seen_at", "changed_at", "checked_at", "missing_since"),
    "versions": ("seen_at",),
    "attachments": ("fetched_at", "removed_at", "tried_at"),
    "article_urls": ("first_seen_at",),
    "pending_visits": ("seen_at", "seen_since"),
    "listings": ("checked_at",),
    "listed_items": ("first_listed_at", "last_listed_at"),
    "failures": ("first_seen_at", "last_seen_at", "resolved_at"),
}


def days_to_come(conn: sqlite3.Connection, now: str) -> int:
    """Count the lists that were read at a future time, or are of a day well ahead."""
    ahead = (date.fromisoformat(now[:10]) + LEEWAY).isoformat()
    (count,) = conn.execute(
        "SELECT count(*) FROM listings WHERE day > ? OR checked_at > ?", (ahead, now)
    ).fetchone()
    return int(count)


def runs_to_come(conn: sqlite3.Connection, now: str) -> int:
    """Count the runs that began at a future time."""
    (count,) = conn.execute("SELECT count(*) FROM runs WHERE started_at > ?", (now,)).fetchone()
    return int(count)


def remove_future_times(conn: sqlite3.Connection, now: str) -> int:
    """Delete lists of future days, and set future times to the present; return the number of rows changed.

    Captures are kept. A list read at a future time is no longer complete, and is read again. Needs an open
    transaction.
    """
    changed = conn.execute("DELETE FROM listings WHERE day > substr(?, 1, 10)", (now,)).rowcount
    conn.execute("UPDATE listings SET complete = 0 WHERE checked_at > ?", (now,))
    for table, columns in TIMES.items():
        for column in columns:
            statement = f"UPDATE {table} SET {column} = ? WHERE {column} > ?"  # noqa: S608  # names of ours
            changed += conn.execute(statement, (now, now)).rowcount
    return changed
