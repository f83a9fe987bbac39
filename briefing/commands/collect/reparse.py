"""``briefing reparse``: re-extract the whole archive from its stored bytes, offline."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from archive.articles.diff import excerpt
from archive.articles.lookup import count_articles
from archive.database import Archive
from archive.integrity.interrupted import interruption_noted
from archive.store import Store
from briefing.options import db_option, json_option, open_to_change, print_json
from crawler.run.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.articles.reextraction import Rewrite
    from crawler.extraction.reextract import Chunk

SHOWN = 200  # characters of a value in an example


@click.command("reparse")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Processes.  [default: one for each 300 articles, at most one per processor]",
)
@click.option("--scheduler", metavar="ADDRESS", help="Use the workers of this Dask scheduler instead.")
@click.option(
    "--examples",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    help="Examples to show of each field that differs.",
)
@db_option
@json_option
def command(
    dry_run: bool, workers: int | None, scheduler: str | None, examples: int, db: Path, as_json: bool
) -> None:
    """Extract every article again from captured pages and files.

    It uses today's page objects and pipelines and fetches nothing. Fields may change, never versions: no
    edit is recorded. After an interruption it continues where it stopped.

    \b
    Example:
      briefing reparse --dry-run --db archive.db
    """
    from crawler.extraction.reextract import (  # takes its time to load, and help is to answer at once
        reextract,
        workers_for,
        write,
    )
    from pipelines import organizations

    tally = Tally(examples)
    if dry_run:
        with Archive.open(db) as archive:
            total = count_articles(archive.conn)
        tally.count(reextract(db, workers or workers_for(total), scheduler=scheduler), total)
    else:
        with open_to_change(db) as archive, archive.hold():
            total = count_articles(archive.conn)
            store = Store(archive, now=Clock().now)
            store.seed_organizations(organizations.load())
            with interruption_noted(store):
                chunks = write(store, db, workers or workers_for(total), scheduler=scheduler)
                tally.count(chunks, total)
    if as_json:
        print_json(tally.as_json())
    else:
        tally.print(dry_run=dry_run)


class Tally:
    """Counts what differs by field, with a few examples each."""

    def __init__(self, examples: int) -> None:
        self.articles = 0
        self.unreadable = 0
        self.changed = 0
        self.fields: Counter[str] = Counter()
        self.examples: dict[str, list[dict[str, Any]]] = {}
        self._most = examples

    def count(self, chunks: Iterator[Chunk], total: int) -> None:
        """Count all chunks, with a progress bar on a terminal."""
        with Progress(console=Console(stderr=True), transient=True, disable=not os.isatty(2)) as progress:
            bar = progress.add_task("articles", total=total)
            for chunk in chunks:
                self.articles += chunk.articles
                self.unreadable += len(chunk.unreadable)
                self.changed += len(chunk.rewrites)
                for rewrite in chunk.rewrites:
                    self._add(rewrite)
                progress.advance(bar, chunk.articles)

    def _add(self, rewrite: Rewrite) -> None:
        self.fields.update(rewrite.fields)
        for field in rewrite.fields:
            shown = self.examples.setdefault(field, [])
            if len(shown) < self._most and hasattr(rewrite.old, field):
                before, after = excerpt(_text(rewrite.old, field), _text(rewrite.new, field), SHOWN)
                shown.append({"article": rewrite.article_id, "before": before, "after": after})

    def as_json(self) -> dict[str, Any]:
        """Return all counts for ``--json``."""
        return {
            "articles": self.articles,
            "unreadable": self.unreadable,
            "changed": self.changed,
            "fields": dict(self.fields),
            "examples": self.examples,
        }

    def print(self, *, dry_run: bool) -> None:
        """Print a line, and a table of the fields that differ."""
        console = Console(highlight=False)
        verb = "would change" if dry_run else "changed"
        console.print(
            f"{self.articles:,} articles read anew, {self.changed:,} {verb};"
            f" {self.unreadable:,} have no page that can be read"
        )
        if not self.fields:
            return
        table = Table("field", "articles", "article", "before", "after")
        for field, count in self.fields.most_common():
            table.add_row(field, f"{count:,}")
            for example in self.examples[field]:
                table.add_row("", "", str(example["article"]), example["before"], example["after"])
        console.print(table)


def _text(article: Any, field: str) -> str:
    value = getattr(article, field)
    if field == "body":
        return str(value.html)
    if isinstance(value, tuple):
        return "\n".join(map(repr, value))
    return "" if value is None else str(value)
