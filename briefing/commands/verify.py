"""``briefing verify``: is the archive what it was?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archive.database import Archive
from archive.integrity.repair import repair as repair_archive
from archive.integrity.verify import verify
from archive.search import rebuild
from archive.store import Store
from briefing.options import db_option, json_option, open_to_change, print_json
from crawler.clock import Clock

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.extraction.second_reader import SecondReader


@click.command("verify")
@click.option(
    "--sample",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="Articles to read anew from their captures and compare.",
)
@click.option("--rebuild-index", is_flag=True, help="First make the search index anew from the texts.")
@click.option("--repair", is_flag=True, help="First give up damaged pages and files, to be fetched again.")
@db_option
@json_option
def command(sample: int, rebuild_index: bool, repair: bool, db: Path, as_json: bool) -> int:
    """Check that the archive is whole and says what it was read from.

    With --repair, what is damaged is given up: of the bytes only the hash stays, no text changes, and the
    next crawl fetches the page or file again.

    Looked at are hashes of pages and files, keys, rows, the search index, and a sample of articles against
    their captures, which are read anew, and by a second parser to find words that are missing. Exits with
    0 when all is well, else with 1; each line says what is wrong and what to do.

    \b
    Example:
      briefing verify --sample 500 --db archive.db
    """
    from crawler.extraction.from_captures import (
        Rereader,  # takes its time to load, and help is to answer at once
    )
    from crawler.extraction.second_reader import SecondReader
    from pipelines.attachments.worker import Reader

    if rebuild_index:
        with open_to_change(db) as archive, archive.hold(), archive.transaction():
            rebuild(archive.conn)
    if repair:
        _repair(db)
    findings = 0
    with Archive.open(db) as archive, Reader() as reader:
        second = SecondReader(archive)
        found = verify(
            archive,
            reread=Rereader(archive, reader.read),
            differs=second,
            sample=sample,
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
    """Say on standard error how much of the sample could be compared with its pages."""
    if second.compared or second.not_compared:
        click.echo(
            f"{second.compared:,} texts were compared word by word with their pages; {second.not_compared:,}"
            " could not be: they are not the page's own, or its layout names no container.",
            err=True,
        )


def _repair(db: Path) -> None:
    """Give up what is damaged, and say so on standard error."""
    clock = Clock()
    with open_to_change(db) as archive, archive.hold():
        for line in repair_archive(Store(archive, now=clock.now), clock.now):
            click.echo(line, err=True)
