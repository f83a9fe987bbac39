"""``briefing demo``: crawl a bundled sample of both sites on two days, and say what came of it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from archive.database import Archive
from archive.errors import UsageError
from briefing.demo.server import DAYS, FIRST_DAY, serve
from briefing.options import db_option

if TYPE_CHECKING:
    import sqlite3
    from datetime import date
    from pathlib import Path

    from briefing.demo.server import Replica

ARCHIVED = """
SELECT site, section, count(*), sum(body_source <> 'none'),
  (SELECT count(*) FROM attachments f JOIN articles b ON b.id = f.article_id
   WHERE (b.site, b.section) = (a.site, a.section) AND f.text IS NOT NULL),
  (SELECT count(*) FROM contacts c JOIN articles b ON b.id = c.article_id
   WHERE (b.site, b.section) = (a.site, a.section))
FROM articles a GROUP BY site, section ORDER BY min(id)
"""
COVERAGE = """
SELECT site, section, count(*), sum(total), sum(found), sum(archived), sum(complete)
FROM coverage GROUP BY site, section ORDER BY site, section
"""
CHANGES = (
    "SELECT kind, title, organization, field, before, after FROM edits ORDER BY seen_at, article_id, field"
)
RETELLINGS = "SELECT count(*) FROM retellings"


@click.command("demo")
@db_option
def command(db: Path) -> int:
    """Crawl a small sample of both sites, served on this machine, into a fresh archive.

    The sample's articles, persons and numbers are invented. Everything else is the real thing: the same
    spiders read the same kinds of pages on two days in a row; only the throttle is off.

    \b
    Example:
      briefing demo --db demo.db
    """
    if db.exists():
        raise UsageError(f"{db} exists; the demo wants a fresh archive (--db PATH)")
    with serve() as replica:
        click.echo(f"A sample of korea.kr and newsdao.kr is served at {replica.url}.\n")
        for day in DAYS:
            code = _crawl(replica, day, db)
            if code:
                return code
    with Archive.open(db) as archive:
        _report(archive.conn)
    click.echo(f"Browse it:   briefing browse --db {db}")
    click.echo(f'Search it:   briefing search "무더위 쉼터" --db {db}')
    return 0


def _crawl(replica: Replica, day: date, db: Path) -> int:
    """Run the crawl of one day as a command of its own, as cron would."""
    replica.day = day
    options = [f"--since={FIRST_DAY}", f"--until={day}", f"--today={day}T21:00", "--delay=0"]
    arguments = ["crawl", *options, f"--mirror={replica.url}", f"--db={db}"]
    click.echo(f"{day}: briefing {' '.join(arguments)}")
    done = subprocess.run([sys.executable, "-m", "briefing", *arguments], check=False)  # noqa: S603 (our own)
    click.echo()
    return done.returncode


def _report(conn: sqlite3.Connection) -> None:
    console = Console(width=110)
    console.print(
        _table(
            "What was archived",
            ("site", "section", "articles", "with text", "files read", "contacts"),
            conn.execute(ARCHIVED).fetchall(),
        )
    )
    days = conn.execute(COVERAGE).fetchall()
    console.print(
        _table(
            "How complete it is",
            ("site", "section", "days", "listed by the site", "found", "archived", "complete days"),
            days,
        )
    )
    whole = sum(row[6] for row in days)
    console.print(f"{whole} of {sum(row[2] for row in days)} lists of a section and day are complete.\n")
    console.print(
        _table(
            "What changed after publication",
            ("change", "title now", "ministry", "field", "before", "after"),
            [[_short(value) for value in row] for row in conn.execute(CHANGES)],
        )
    )
    (retellings,) = conn.execute(RETELLINGS).fetchone()
    console.print(
        f"{retellings} articles of newsdao.kr were matched with the article of korea.kr they retell.\n"
    )


def _table(title: str, heads: tuple[str, ...], rows: list[sqlite3.Row] | list[list[str]]) -> Table:
    table = Table(*heads, title=title, title_justify="left", title_style="bold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    return table


def _short(value: object) -> str:
    text = " ".join(str(value or "").split())
    return text if len(text) <= 40 else f"{text[:39]}…"
