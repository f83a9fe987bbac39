"""``briefing status``: how complete and fresh the archive is, for people and for monitoring."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.completeness import coverage
from archive.database import Archive
from archive.errors import BriefingError
from archive.text.normalize import one_line
from briefing.metrics import write_metrics
from briefing.options import db_option, given_day, json_option, print_json, since_and_until

if TYPE_CHECKING:
    from datetime import date

NAGIOS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")


@click.command("status")
@click.option("--since", callback=given_day, metavar="DAY", help="First day, YYYY-MM-DD.")
@click.option("--until", callback=given_day, metavar="DAY", help="Last day.")
@click.option(
    "--max-age",
    type=click.IntRange(min=1),
    default=26,
    show_default=True,
    help="Hours after which the last finished crawl is too old.",
)
@click.option("--sizes/--no-sizes", default=True, help="Measure bytes by part, which reads the whole file.")
@click.option("--nagios", is_flag=True, help="Print one line and exit as plugins of Nagios do.")
@click.option(
    "--prometheus",
    "metrics",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write metrics for node_exporter's textfile collector, e.g. briefing.prom.",
)
@db_option
@json_option
def command(
    since: date | None,
    until: date | None,
    max_age: int,
    sizes: bool,
    nagios: bool,
    metrics: Path | None,
    db: Path,
    as_json: bool,
) -> int:
    """Print what the archive holds, what it lacks, and how fresh it is.

    Exit codes: 0 all accounted for, 1 gaps or open failures, 2 the last crawl found an unknown layout or a
    section no longer shows what it used to (docs/health.md), 3 the last crawl was blocked or is too old.

    With --nagios the first word and the exit code give the state: 0 OK, 1 WARNING (gaps or open failures),
    2 CRITICAL (an unknown layout, a silent breakage, blocked, or too old), 3 UNKNOWN (the archive cannot be
    read).

    \b
    Example:
      briefing status --since 2026-07-01 --db archive.db
    """
    days = since_and_until(since, until)
    if nagios:
        return _nagios(db, days, timedelta(hours=max_age))
    with Archive.open(db) as archive:
        report = _report(archive, *days, timedelta(hours=max_age), sizes=sizes)
    if metrics:
        write_metrics(report, metrics)
    if as_json:
        print_json(report)
    else:
        from briefing.commands.maintain.status_tables import print_status  # imports rich: half of the start

        print_status(report, described(report["last_crawl"]))
    return max((problem["code"] for problem in report["problems"]), default=0)


def _nagios(db: Path, days: tuple[str | None, str | None], max_age: timedelta) -> int:
    """Print one line with performance data, and return the code of a plugin of Nagios."""
    try:
        with Archive.open(db) as archive:
            code, said = _judged(archive, days, max_age)
    except (BriefingError, sqlite3.Error) as error:
        code, said = 3, _line(str(error))
    click.echo(f"BRIEFING {NAGIOS[code]} - {said}")
    return code


def _judged(archive: Archive, days: tuple[str | None, str | None], max_age: timedelta) -> tuple[int, str]:
    conn, now = archive.conn, datetime.now(UTC)
    listed = coverage.coverage(conn, *days)
    problems = coverage.problems(conn, listed, now, max_age)
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    said = f"{problems[0].text}{more}" if problems else f"last crawl {described(coverage.last_run(conn))}"
    finished = coverage.last_finished(conn, now)
    age = f"{(now - datetime.fromisoformat(finished)).total_seconds():.0f}s" if finished else "U"
    figures = {
        "age": f"{age};;{max_age.total_seconds():.0f}",
        "gaps": sum(not day.complete for day in listed),
        "failures": sum(row["open"] for row in coverage.failures(conn)),
        "articles": sum(row["articles"] for row in coverage.counts(conn)),
    }
    measured = " ".join(f"{name}={value}" for name, value in figures.items())
    return min(max((problem.code for problem in problems), default=0), 2), f"{_line(said)} | {measured}"


def _line(text: str) -> str:
    """Write one line without the bar, which begins the performance data."""
    return one_line(text.replace("|", "/"))


def _report(
    archive: Archive, since: str | None, until: str | None, max_age: timedelta, *, sizes: bool
) -> dict[str, Any]:
    conn = archive.conn
    days = coverage.coverage(conn, since, until)
    return {
        "archive": str(archive.path),
        "articles": coverage.counts(conn),
        "layouts": coverage.layouts(conn),
        "last_crawl": coverage.last_run(conn),
        "coverage": [asdict(day) for day in days],
        "failures": coverage.failures(conn),
        "sizes": coverage.sizes(conn) if sizes else None,
        "problems": [asdict(p) for p in coverage.problems(conn, days, datetime.now(UTC), max_age)],
    }


def described(run: dict[str, Any] | None) -> str:
    """Return how and when a crawl ended."""
    if run is None:
        return "never"
    if run["ended_at"] is None:
        return f"began {run['started_at']} and has not ended"
    return f"{run['outcome']} {run['ended_at']}"
