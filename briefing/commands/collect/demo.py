"""``briefing demo``: crawl a bundled sample of both sites on two days, and report the result."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console

from archive.articles.diff import differences
from archive.articles.history import all_edits
from archive.completeness.coverage import overview
from archive.database import Archive
from archive.errors import UsageError
from briefing.demo.server import DAYS, FIRST_DAY, serve
from briefing.options import db_option, program
from briefing.tables import print_table

if TYPE_CHECKING:
    import sqlite3
    from datetime import date
    from pathlib import Path

    from briefing.demo.server import Replica

HEADS = (
    "site",
    "section",
    "articles",
    "with text",
    "files read",
    "contacts",
    "on its lists",
    "complete days",
)
SEEN = {"edit": "edited", "gone": "deleted"}


@click.command("demo")
@db_option
def command(db: Path) -> int:
    """Crawl a bundled sample of both sites into a fresh archive.

    The sample is served on this machine; its articles, persons and numbers are invented. Everything else is
    as in a real crawl: the same spiders read the same kinds of pages on two days in a row, without the
    throttle.

    \b
    Example:
      briefing demo --db demo.db
    """
    if db.exists():
        raise UsageError(f"{db} exists; the demo needs a new archive (--db PATH)")
    with serve() as replica:
        click.echo(f"A sample of korea.kr and newsdao.kr is served at {replica.url}.\n")
        for day in DAYS:
            code = _crawl(replica, day, db)
            if code:
                return code
    with Archive.open(db) as archive:
        _report(archive.conn)
    name = "briefing" if shutil.which("briefing") else shlex.join(program())
    archived = shlex.quote(str(db))
    click.echo(f"Browse it:  {name} browse --db {archived}")
    click.echo(f'Search it:  {name} search "무더위 쉼터" --db {archived}')
    return 0


def _crawl(replica: Replica, day: date, db: Path) -> int:
    """Run the crawl of one day as a command of its own, as cron would."""
    replica.day = day
    options = [f"--since={FIRST_DAY}", f"--until={day}", f"--today={day}T21:00", "--delay=0"]
    arguments = ["crawl", *options, f"--mirror={replica.url}", f"--db={db}"]
    click.echo(f"{day}: briefing {shlex.join(arguments)}")
    done = subprocess.run([sys.executable, "-P", "-m", "briefing", *arguments], check=False)  # noqa: S603 (our own)
    click.echo()
    return done.returncode


def _report(conn: sqlite3.Connection) -> None:
    """Print what was archived, how complete it is, and what changed from one day to the next."""
    rows = [tuple(map(str, row)) for row in overview(conn)]
    console = Console(width=None if sys.stdout.isatty() else 110)
    title = "What was archived, and how complete it is"
    print_table(console, HEADS, rows, title=title, title_justify="left")
    click.echo("\nWhat changed after publication")
    shown = None
    for article_id, kind, title, organization, field, before, after in all_edits(conn):
        if article_id != shown:
            click.echo(f"  {SEEN.get(kind, kind):8} {title} ({organization})")
            shown = article_id
        if field:
            click.echo(f"    {field}: {_changed_words(before or '', after or '')}")
    click.echo()


def _changed_words(before: str, after: str) -> str:
    signs = {"removed": "-", "added": "+"}
    changes = (change for change in differences(before, after) if change.kind in signs)
    return " ".join(f"{signs[change.kind]}{change.text.strip()}" for change in changes)
