"""How complete and how fresh the archive is: what ``briefing status`` tells, and whether all is well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from archive.health.findings import findings
from archive.integrity.wrong_clock import days_to_come, runs_to_come
from archive.korean_time import KST

if TYPE_CHECKING:
    import sqlite3

NEVER_LISTED = "never listed"
CAPTURES = frozenset({"captures", "bodies", "dictionaries", "article_captures"})
OVERVIEW = """
SELECT site, section, count(*), sum(body_source <> 'none'),
  (SELECT count(*) FROM attachments f JOIN articles b ON b.id = f.article_id
   WHERE (b.site, b.section) = (a.site, a.section) AND f.state = 'text'),
  (SELECT count(*) FROM contacts c JOIN articles b ON b.id = c.article_id
   WHERE (b.site, b.section) = (a.site, a.section)),
  (SELECT archived || ' of ' || total FROM
   (SELECT sum(archived) AS archived, sum(total) AS total FROM coverage l
    WHERE (l.site, l.section) = (a.site, a.section))),
  (SELECT sum(complete) || ' of ' || count(*) FROM coverage l WHERE (l.site, l.section) = (a.site, a.section))
FROM articles a GROUP BY site, section ORDER BY site, count(*) DESC
"""
TEXT = frozenset({"article_texts", "attachments", "versions"})


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One section and day: what its list showed, what is archived, and why they differ.

    Attributes:
        total: the site's own count; None where it gives none, or the day was never listed.
        lacking: listed items neither archived nor failed.
        reason: why it is not complete, or what failed; None when all is archived.
    """

    site: str
    section: str
    day: str
    total: int | None
    found: int
    archived: int
    failed: int
    lacking: int
    complete: bool
    reason: str | None
    checked_at: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be.

    Attributes:
        code: exit code that it calls for: 1 gaps or failures, 2 layout not recognised or a silent breakage, 3
            stale or blocked.
        text: one line for a person.
    """

    code: int
    text: str


def coverage(
    conn: sqlite3.Connection, since: str | None = None, until: str | None = None
) -> list[CoverageRow]:
    """List every section and day between two days; days left out within a section's span are gaps too."""
    rows = conn.execute(
        "SELECT * FROM coverage WHERE day BETWEEN coalesce(?, '') AND coalesce(?, '9')"
        " ORDER BY site, section, day",
        (since, until),
    )
    days: list[CoverageRow] = []
    for row in rows:
        day = CoverageRow(**{**dict(row), "complete": bool(row["complete"])})
        if days and (days[-1].site, days[-1].section) == (day.site, day.section):
            days += _days_between(days[-1], day)
        days.append(day)
    return days


def _days_between(before: CoverageRow, after: CoverageRow) -> list[CoverageRow]:
    first, last = date.fromisoformat(before.day), date.fromisoformat(after.day)
    return [
        CoverageRow(
            before.site,
            before.section,
            (first + timedelta(days=number)).isoformat(),
            total=None,
            found=0,
            archived=0,
            failed=0,
            lacking=0,
            complete=False,
            reason=NEVER_LISTED,
            checked_at=None,
        )
        for number in range(1, (last - first).days)
    ]


def counts(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """Count articles by site, section and state, with the newest publication and the newest check."""
    rows = conn.execute(
        "SELECT site, section, state, count(*) AS articles, max(published_at) AS newest,"
        " max(checked_at) AS checked_at FROM articles GROUP BY site, section, state"
    )
    return [dict(row) for row in rows]


def overview(conn: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """Count by site and section: articles, those with text, files read, contacts, coverage, complete days."""
    return [tuple(row) for row in conn.execute(OVERVIEW)]


def layouts(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """Count articles by the page layout that they were read from."""
    rows = conn.execute(
        "SELECT layout, count(*) AS articles, max(checked_at) AS checked_at FROM articles GROUP BY layout"
    )
    return [dict(row) for row in rows]


def failures(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """Sum up the failures that stand open by site and kind, each with one example."""
    rows = conn.execute(
        "SELECT site, kind, count(*) AS open, min(first_seen_at) AS since, max(attempts) AS attempts,"
        " url AS example, detail FROM failures WHERE resolved_at IS NULL GROUP BY site, kind"
    )
    return [dict(row) for row in rows]


def last_run(conn: sqlite3.Connection, command: str = "crawl") -> dict[str, Any] | None:
    """Return the newest run of a command, ended or not; None before the first."""
    row = conn.execute("SELECT * FROM runs WHERE command = ? ORDER BY id DESC LIMIT 1", (command,)).fetchone()
    return dict(row) if row else None


def last_finished(conn: sqlite3.Connection, now: datetime) -> str | None:
    """Return the time when the last crawl that came to its end did so; None before the first.

    A time after ``now`` was written by a clock that ran ahead and is not counted.
    """
    query = "SELECT max(ended_at) FROM runs WHERE command = 'crawl' AND exit_code IN (0, 1) AND ended_at <= ?"
    moment = now.astimezone(KST).isoformat(timespec="seconds")
    found: str | None = conn.execute(query, (moment,)).fetchone()[0]
    return found


def sizes(conn: sqlite3.Connection) -> dict[str, int]:
    """Measure the bytes of the file by part: text, captures, search, indexes, rows. Reads the whole file."""
    tables = {
        row["name"]: row["tbl_name"]
        for row in conn.execute("SELECT name, tbl_name FROM sqlite_master WHERE rootpage > 0")
    }
    parts = dict.fromkeys(("text", "captures", "search", "indexes", "rows"), 0)
    for name, size in conn.execute("SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE"):
        parts[_part(name, tables.get(name, name))] += size
    return parts


def _part(name: str, table: str) -> str:
    if table.startswith("articles_fts"):
        return "search"
    if table in CAPTURES:
        return "captures"
    if name != table:
        return "indexes"
    return "text" if table in TEXT else "rows"


def problems(
    conn: sqlite3.Connection, days: list[CoverageRow], now: datetime, max_age: timedelta
) -> list[Problem]:
    """Name what is not as it should be, the gravest first.

    Args:
        conn: the archive.
        days: from :func:`coverage`.
        now: the time, with offset.
        max_age: how old the last finished crawl may be.
    """
    found = _problems_of_runs(conn, now, max_age)
    found += [Problem(2, finding.text) for finding in findings(conn, now.astimezone(KST).date())]
    found += [
        Problem(1, f"{day.site} {day.section} {day.day}: {day.reason}") for day in days if not day.complete
    ]
    found += [
        Problem(
            1, f"{row['open']} open failures of kind {row['kind']} on {row['site']}, e.g. {row['example']}"
        )
        for row in failures(conn)
    ]
    return sorted(found, key=lambda problem: -problem.code)


def _problems_of_clocks(conn: sqlite3.Connection, now: str) -> list[Problem]:
    """Return what a run whose clock ran ahead wrote: none of it is believed, and it can be undone."""
    counts = {"runs": runs_to_come(conn, now), "lists": days_to_come(conn, now)}
    said = " and ".join(f"{count} {name}" for name, count in counts.items() if count)
    return (
        [Problem(1, f"{said} lie in the future; undo them: briefing crawl --undo-wrong-clock")]
        if said
        else []
    )


def _problems_of_runs(conn: sqlite3.Connection, now: datetime, max_age: timedelta) -> list[Problem]:
    run = last_run(conn)
    if run is None:
        return [Problem(3, "no crawl has run yet")]
    moment = now.astimezone(KST).isoformat(timespec="seconds")
    found = _problems_of_clocks(conn, moment)
    finished = last_finished(conn, now)
    if finished is None or now - datetime.fromisoformat(finished) > max_age:
        hours = max_age // timedelta(hours=1)
        ended = f"the last finished crawl ended {finished}, more than {hours} hours ago"
        found.append(Problem(3, ended if finished else "no crawl has finished yet"))
    if run["exit_code"] in (2, 3):
        found.append(Problem(run["exit_code"], f"the last crawl ended {run['outcome']}"))
    return found
