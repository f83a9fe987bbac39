"""What the lists read so far showed: which days, which headlines, which articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class DayRead:
    """When a day's list was last read, and whether the day was complete then."""

    checked_on: date
    complete: bool


def days_read(conn: sqlite3.Connection, site: str, section: str) -> dict[date, DayRead]:
    """Look up which days of a section were read, and when."""
    rows = conn.execute(
        "SELECT day, checked_at, complete FROM listings WHERE site = ? AND section = ?", (site, section)
    )
    return {
        date.fromisoformat(day): DayRead(date.fromisoformat(checked_at[:10]), bool(complete))
        for day, checked_at, complete in rows
    }


def listed_titles(conn: sqlite3.Connection, site: str, section: str, day: str) -> dict[str, str]:
    """Look up the headlines that a day's list showed when it was last read, by id."""
    rows = conn.execute(
        "SELECT native_id, title FROM listed_items WHERE site = ? AND section = ? AND day = ?",
        (site, section, day),
    )
    return {row[0]: row[1] for row in rows}


def vanished(
    conn: sqlite3.Connection, site: str, section: str, day: str, found: Iterable[str]
) -> tuple[str, ...]:
    """List live articles that were listed under a day once, and are no longer."""
    rows = conn.execute(
        "SELECT native_id FROM listed_items JOIN articles USING (site, section, native_id)"
        " WHERE site = ? AND section = ? AND day = ? AND state = 'live'",
        (site, section, day),
    )
    return tuple({row[0] for row in rows} - set(found))
