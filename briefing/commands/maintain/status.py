"""``briefing status``: how complete and fresh the archive is, for people and for monitoring."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.box import SIMPLE
from rich.console import Console

from archive.completeness import coverage
from archive.database import Archive
from archive.errors import BriefingError
from archive.text.normalize import one_line
from briefing.metrics import write_metrics
from briefing.options import db_option, given_day, json_option, print_json, since_and_until
from briefing.tables import print_table

if TYPE_CHECKING:
    from datetime import date

NAGIOS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
SHOWN_DAYS = 14
SHOWN_PROBLEMS = 20
PRINTED_WIDTH = 132  # columns, where there is no terminal to ask


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
        _print(report)
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
    said = f"{problems[0].text}{more}" if problems else f"last crawl {_run(coverage.last_run(conn))}"
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


def _print(report: dict[str, Any]) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PRINTED_WIDTH)
    articles = sum(row["articles"] for row in report["articles"])
    run = report["last_crawl"]
    console.print(f"{report['archive']}: {articles:,} articles; last crawl {_run(run)}")
    _print_articles(console, report["articles"])
    if report["coverage"]:
        _print_days(console, report["coverage"])
    if report["sizes"]:
        _print_sizes(console, report["sizes"], articles)
    for problem in report["problems"][:SHOWN_PROBLEMS]:
        console.print(f"! {problem['text']}", soft_wrap=True)
    if len(report["problems"]) > SHOWN_PROBLEMS:
        console.print(f"! and {len(report['problems']) - SHOWN_PROBLEMS} more; --json lists all")


def _run(run: dict[str, Any] | None) -> str:
    if run is None:
        return "never"
    if run["ended_at"] is None:
        return f"began {run['started_at']} and has not ended"
    return f"{run['outcome']} {run['ended_at']}"


def _print_articles(console: Console, rows: list[dict[str, Any]]) -> None:
    cells = [
        (
            row["site"],
            row["section"],
            row["state"],
            f"{row['articles']:,}",
            (row["newest"] or "")[:10],
            row["checked_at"][:16].replace("T", " "),
        )
        for row in rows
    ]
    headings = ("site", "section", "state", "articles", "newest", "checked")
    print_table(console, headings, cells, box=SIMPLE)


def _print_days(console: Console, days: list[dict[str, Any]]) -> None:
    """Lay out sections across and days down: archived/listed, with a mark where something lacks."""
    sections = sorted({(day["site"], day["section"]) for day in days})
    cells = {(day["site"], day["section"], day["day"]): day for day in days}
    every = sorted({day["day"] for day in days}, reverse=True)
    gaps = {day["day"] for day in days if not day["complete"]}
    shown = [day for number, day in enumerate(every) if number < SHOWN_DAYS or day in gaps][: 3 * SHOWN_DAYS]
    headings = ("day", *(f"{site}\n{section}" for site, section in sections))
    rows = [(day, *(_cell(cells.get((*section, day))) for section in sections)) for day in shown]
    print_table(console, headings, rows, box=SIMPLE, padding=0)


def _cell(day: dict[str, Any] | None) -> str:
    if day is None:
        return ""
    if day["checked_at"] is None:
        return "– !"
    listed = day["found"] if day["total"] is None else day["total"]
    failed = f" ({day['failed']} failed)" if day["failed"] else ""
    return f"{day['archived']}/{listed}{failed}" + ("" if day["complete"] else " !")


def _print_sizes(console: Console, sizes: dict[str, int], articles: int) -> None:
    rows = [
        (part, f"{size:,}", f"{size // articles:,}" if articles else "")
        for part, size in {**sizes, "all": sum(sizes.values())}.items()
    ]
    print_table(console, ("part", "bytes", "bytes an article"), rows, box=SIMPLE)
