"""``briefing verify``: check that nothing in the archive is damaged."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.database import Archive
from archive.errors import UsageError
from archive.integrity.parallel import workers_for
from archive.integrity.restore import restore
from archive.integrity.verify import verify
from archive.schema import SCHEMA_VERSION
from archive.search import rebuild
from archive.store import Store
from briefing.options import db_option, json_option, open_to_change, print_json
from crawler.run.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.extraction.second_reader import SecondReader


@click.command("verify")
@click.option(
    "--sample",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="Articles to extract again from their captures and compare.",
)
@click.option("--rebuild-index", is_flag=True, help="First rebuild the search index from the texts.")
@click.option("--repair", is_flag=True, help="First restore what is damaged or lost.")
@click.option(
    "--from",
    "snapshot",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="SNAPSHOT",
    help="With --repair: take rows, pages and files from this snapshot of the archive.",
)
@click.option("--dry-run", is_flag=True, help="With --repair: print what it would do, and restore nothing.")
@db_option
@json_option
def command(
    sample: int,
    rebuild_index: bool,
    repair: bool,
    snapshot: Path | None,
    dry_run: bool,
    db: Path,
    as_json: bool,
) -> int:
    """Check that the archive is complete, undamaged and consistent with its captures.

    Checked are the hashes of pages and files, keys, rows and the search index; a sample of articles is
    extracted again from the captures and compared, and read by a second parser to find missing words. Exit
    codes: 0 all well, 1 problems; each line names a problem and its remedy.

    With --repair texts and contacts are restored from the captures, the index and relations from the texts;
    with --from also rows, pages and files from a snapshot, which replace nothing that is sound. Damaged bytes
    that no snapshot has are dropped and only their hash is kept: the next crawl fetches the page or file
    again. --dry-run names what is damaged now, not what texts follow from pages restored first; like every
    command that may write it first finishes what an interrupted one began.

    \b
    Example:
      briefing verify --sample 500 --db archive.db
    """
    from crawler.extraction.from_captures import (
        Reextractor,  # takes its time to load, and help is to answer at once
    )
    from crawler.extraction.second_reader import SecondReader
    from pipelines.attachments.worker import Reader

    if (snapshot or dry_run) and not repair:
        raise UsageError("--from and --dry-run go with --repair")
    if dry_run and rebuild_index:
        raise UsageError("--dry-run changes nothing, and --rebuild-index does")
    if rebuild_index:
        with open_to_change(db) as archive, archive.hold(), archive.transaction():
            rebuild(archive.conn)
    if repair:
        _repair(db, snapshot, dry_run=dry_run)
    findings = 0
    with Archive.open(db) as archive, Reader() as reader:
        second = SecondReader(archive)
        found = verify(
            archive,
            reread=Reextractor(archive, reader.read),
            differs=second,
            sample=sample,
            workers=workers_for(archive),
        )
        if as_json:
            every = [asdict(finding) for finding in found]
            print_json(every)
            _say_compared(second)
            return 1 if every else 0
        for finding in found:
            findings += 1
            click.echo(f"{finding.check}: {finding.problem}\n  → {finding.remedy}")
        _say_compared(second)
    click.echo(f"{findings} problems found." if findings else "All is well.")
    return 1 if findings else 0


def _say_compared(second: SecondReader) -> None:
    """Print to standard error how much of the sample could be compared with its pages."""
    if second.compared or second.not_compared:
        click.echo(
            f"{second.compared:,} texts were compared word by word with their pages; {second.not_compared:,}"
            " could not be: they are not the page's own, or its layout names no container.",
            err=True,
        )


def _repair(db: Path, snapshot: Path | None, *, dry_run: bool) -> None:
    """Restore what is damaged or lost, and print it on standard error."""
    from crawler.linking import relate

    clock = Clock()
    if dry_run:
        with Archive.open(db) as archive:
            version = archive.schema_version
        if version != SCHEMA_VERSION:
            raise UsageError(f"{db} has schema {version}, which this would migrate: make a snapshot first")
    with open_to_change(db) as archive, archive.hold():
        store = Store(archive, now=clock.now)
        lines = restore(store, clock.now, snapshot, relate, dry_run=dry_run)
        for line in chain(lines, _from_captures(store, db, dry_run=dry_run)):
            click.echo(f"would be done: {line}" if dry_run else line, err=True)


def _from_captures(store: Store, db: Path, *, dry_run: bool) -> Iterator[str]:
    """Restore articles that are not what their own parser reads in their captures."""
    from crawler.extraction.reextract import reextract

    with Archive.open(db) as archive:
        workers = workers_for(archive)
    with closing(reextract(db, workers)) as chunks:
        for rewrite in (rewrite for chunk in chunks for rewrite in chunk.rewrites):
            if rewrite.old.parser == rewrite.new.parser:
                if not dry_run:
                    store.apply(rewrite)
                yield f"article {rewrite.article_id}: {', '.join(rewrite.fields)} restored from its captures"
