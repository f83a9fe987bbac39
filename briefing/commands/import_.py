"""``briefing import``: take articles in from files."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import track

from archive.changes.settlement import withhold_doubtful
from archive.completeness.listings import count_listings
from archive.database import Archive
from archive.errors import InputError, SandboxError
from archive.integrity.interrupted import interruption_noted
from archive.records import KOREA, NEWSDAO
from archive.store import Store
from briefing.options import db_option, json_option, print_json
from crawler.clock import Clock

if TYPE_CHECKING:
    from crawler.extraction.from_warc import Taken

SHOWN = (
    "new",
    "merged",
    "edited",
    "upgraded",
    "restored",
    "gone",
    "superseded",
    "unchanged",
    "frozen",
    "unrecognised",
)


@click.command("import")
@click.argument(
    "paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, path_type=Path)
)
@db_option
@json_option
def command(paths: tuple[Path, ...], db: Path, as_json: bool) -> int:
    """Take in Jekyll posts, saved pages, WARC files, and other archives of this program.

    A folder stands for all such files in it; what a file is, its content tells, whatever its name. Of saved
    pages, those of the two sites are known. What had to be repaired and what was left out (a file that cannot
    be read, a damaged record of a WARC file) is named on standard error, and the rest is taken in. Taking
    the same files in again changes nothing. A file that cannot be read is kept as a failure, which `briefing
    status` shows until it is taken in. Another archive (SHARD.db, its files in SHARD.files) joins this
    one whole; of an article that both hold the later state wins, and the versions of both follow one another
    by time.

    Exit codes: 0 all was taken in; 65 something was left out, or nothing was found to take in.

    \b
    Example:
      briefing import _posts --db archive.db
    """
    from crawler.extraction.importing import (  # takes its time to load, and help is to answer at once
        TAKEN,
        files_in,
    )
    from pipelines import organizations

    clock = Clock()
    files = list(files_in(paths, TAKEN, db))
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        archive = stack.enter_context(Archive.create_or_open(db))
        stack.enter_context(archive.hold())
        store = Store(archive, now=clock.now)
        store.seed_organizations(organizations.load())
        store.begin_run("import", {"paths": [str(path) for path in paths]})
        console = Console(stderr=True)
        stack.enter_context(interruption_noted(store))
        failed: set[str] = set()
        for path in track(files, "files", console=console, transient=True, disable=not console.is_terminal):
            counts.update(_taken(store, path, clock.now(), failed))
        counts.update(_withheld(store, clock.now()))
        with archive.transaction():
            count_listings(archive.conn)
        _relate(store)
        found = sum(counts[name] for name in (*SHOWN, "listed")) - counts["unrecognised"]
        code = InputError.exit_code if counts["failed"] or not found else 0
        store.end_run("partial" if code else "finished", code)
    if not found and not counts["failed"]:
        click.echo(
            "Error: nothing was found to take in: no post, no page of a known site, no WARC file, no archive",
            err=True,
        )
    if as_json:
        print_json({"files": len(files), **counts})
    else:
        told = ", ".join(f"{counts[name]:,} {name}" for name in SHOWN if counts[name]) or "nothing"
        rest = "".join(f"; {counts[name]:,} {name}" for name in ("repaired", "failed") if counts[name])
        click.echo(f"{len(files):,} files: {told}{rest}")
    return code


def _withheld(store: Store, now: str) -> Counter[str]:
    """Take back what a crawl made on a bad day of its site shows in the place of many articles."""
    reasons = [reason for site in (KOREA, NEWSDAO) for reason in withhold_doubtful(store, site, now).values()]
    for reason, count in Counter(reasons).items():
        click.echo(f"Error: left out {count:,} articles: {reason}", err=True)
    return Counter(new=-len(reasons), failed=len(reasons))


def _relate(store: Store) -> None:
    """Relate what was taken in; what that takes is loaded only here, so that help answers at once."""
    from crawler.linking import relate

    relate(store)


def _taken(store: Store, path: Path, now: str, failed: set[str]) -> Counter[str]:
    """Take in one file and count what became of it; a failure stands until a file of its name is taken in.

    Args:
        store: open for writing, within a run.
        path: the file.
        now: the time of the import.
        failed: names of files that failed in this run, whose failures stand.
    """
    from archive.join import join
    from crawler.extraction.importing import record_failure, take_in, url_of
    from crawler.extraction.kinds import Kind, kind_of_file

    counts: Counter[str] = Counter()
    try:
        if kind_of_file(path) is Kind.ARCHIVE:
            counts = join(store, path, lambda line: click.echo(f"Error: {path}: {line}", err=True))
        else:
            for taken in take_in(store, path, now):
                _tell(path, taken, counts)
    except (InputError, SandboxError) as error:
        counts = Counter(failed=1)
        failed.add(path.name)
        record_failure(store, path, error, now)
        click.echo(f"Error: {path}: {error}", err=True)
    else:
        if path.name not in failed:
            store.resolve_failure(url_of(path))
    return counts


def _tell(path: Path, taken: Taken, counts: Counter[str]) -> None:
    """Count what became of one article, and name what was repaired or left out."""
    counts[taken.outcome] += 1
    if taken.note and taken.outcome != "failed":
        counts["repaired"] += 1
    if taken.note:
        word = "Error" if taken.outcome == "failed" else "Repaired"
        click.echo(f"{word}: {path}: {taken.note}", err=True)
