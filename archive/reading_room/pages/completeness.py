"""How complete the archive is, day by day: a calendar of all sections, and every gap with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from archive.completeness.coverage import coverage

if TYPE_CHECKING:
    import sqlite3

    from archive.completeness.coverage import CoverageRow

WEEKS = 26
WEEKS_OF_SECTION = 13
DAYS = """\
select day, sum(found) as found, sum(archived) as archived, min(complete) as complete from listings"""
"""One cell of a calendar: what the page of completeness shows as its SQL."""

GAPS = 200  # rows of gaps on one page


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a calendar.

    Attributes:
        level: unlisted, incomplete, quiet (complete, nothing listed), or 1 to 4 by how much was listed.
    """

    day: str
    found: int
    archived: int
    level: str


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from Monday; None outside the span shown."""

    monday: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Completeness:
    """The page of completeness: a calendar for each section, and the gaps of the days shown."""

    sections: dict[tuple[str, str], tuple[Week, ...]]
    gaps: tuple[CoverageRow, ...]
    more_gaps: int
    open_failures: tuple[dict[str, Any], ...]


def calendar(
    conn: sqlite3.Connection, site: str | None = None, section: str | None = None, weeks: int = WEEKS
) -> tuple[Week, ...]:
    """Return the calendar of the weeks up to the newest day listed; of all sections unless one is named."""
    where, values = ("WHERE site = ? AND section = ?", (site, section)) if site else ("", ())
    (newest,) = conn.execute(f"SELECT max(day) FROM listings {where}", values).fetchone()  # noqa: S608
    if newest is None:
        return ()
    last = date.fromisoformat(newest)
    first = last - timedelta(days=last.weekday() + 7 * (weeks - 1))
    joined = f"{where} AND" if where else "WHERE"
    rows = conn.execute(
        f"{DAYS} {joined} day BETWEEN ? AND ? GROUP BY day", (*values, first.isoformat(), newest)
    )
    listed = {day: (found, archived, complete) for day, found, archived, complete in rows}
    most = max((found for found, _, _ in listed.values()), default=0)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    cells = [_cell(day.isoformat(), listed.get(day.isoformat()), most) for day in days]
    cells += [None] * (-len(cells) % 7)  # type: ignore[list-item]
    return tuple(Week(days[at].isoformat(), tuple(cells[at : at + 7])) for at in range(0, len(cells), 7))


def _cell(day: str, listed: tuple[int, int, int] | None, most: int) -> Cell:
    if listed is None:
        return Cell(day, 0, 0, "unlisted")
    found, archived, complete = listed
    if not complete:
        return Cell(day, found, archived, "incomplete")
    return Cell(day, found, archived, str(1 + 3 * found // most) if found else "quiet")


def completeness(conn: sqlite3.Connection) -> Completeness:
    """Read the calendar of every section, and the gaps of the weeks shown."""
    keys = conn.execute("SELECT DISTINCT site, section FROM listings ORDER BY site, section").fetchall()
    (newest,) = conn.execute("SELECT max(day) FROM listings").fetchone()
    since = (date.fromisoformat(newest) - timedelta(weeks=WEEKS_OF_SECTION)).isoformat() if newest else None
    found = gaps(conn, since)
    rows = conn.execute(
        "SELECT kind, site, count(*), min(first_seen_at), max(last_seen_at) FROM failures"
        " WHERE resolved_at IS NULL GROUP BY kind, site ORDER BY 3 DESC LIMIT 50"
    )
    names = ("kind", "site", "count", "since", "last")
    return Completeness(
        {(site, section): calendar(conn, site, section, WEEKS_OF_SECTION) for site, section in keys},
        tuple(found[:GAPS]),
        max(len(found) - GAPS, 0),
        tuple(dict(zip(names, row, strict=True)) for row in rows),
    )


def gaps(conn: sqlite3.Connection, since: str | None = None) -> list[CoverageRow]:
    """List the days that are not complete, the latest first."""
    found = [day for day in coverage(conn, since) if not day.complete]
    return sorted(found, key=lambda day: (day.day, day.site, day.section), reverse=True)
