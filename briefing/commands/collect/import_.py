"""``briefing import``: import articles from files."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import track

from archive.changes.settlement import UNREAD, settle
from archive.completeness.listings import count_listings
from archive.database import Archive
from archive.errors import InputError, SandboxError
from archive.integrity.interrupted import interruption_noted
from archive.records import KOREA, NEWSDAO
from archive.store import Store
from briefing.options import db_option, json_option, print_json, refuse_missing
from crawler.run.clock import Clock

if TYPE_CHECKING:
    from crawler.extraction.from_warc import Imported

NOTHING = "no post, no page of a known site, no answer of the Open API, no WARC file, no archive"
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
)


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@db_option
@json_option
def command(paths: tuple[Path, ...], db: Path, as_json: bool) -> int:
    """Import Jekyll posts, saved pages, answers of the Open API, WARC files, and other archives.

    A folder stands for all such files in it; the kind of a file is detected by its content. Saved pages must
    be of the two sites. What was repaired and what was left out (a file that cannot be read, a damaged record
    of a WARC file) is printed to standard error, and the rest is imported. A file
    that cannot be read is a failure, which `briefing status` shows until the file is imported. New
    articles and changes of known ones are judged as those of a crawl are: what many have in common is held
    back (docs/changes.md). Importing the same files again changes nothing. Another archive (SHARD.db, its
    files in SHARD.files) joins this one whole; of an article that both hold the later state wins, and the
    versions of both follow one another by time.

    Exit codes: 0 all was imported; 65 something was left out or held back, or nothing was found to import;
    66 a path does not exist, and nothing was imported.

    \b
    Example:
      briefing import _posts --db archive.db
    """
    from crawler.extraction.importing import (  # takes its time to load, and help is to answer at once
        IMPORTABLE,
        files_in,
    )
    from pipelines import organizations

    refuse_missing(paths)
    clock = Clock()
    files = list(files_in(paths, IMPORTABLE, db))
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        archive = stack.enter_context(Archive.create_or_open(db))
        stack.enter_context(archive.hold())
        store = Store(archive, now=clock.now, holds=True)
        store.seed_organizations(organizations.load())
        store.begin_run("import", {"paths": [str(path) for path in paths]})
        console = Console(stderr=True)
        stack.enter_context(interruption_noted(store))
        for path in track(files, "files", console=console, transient=True, disable=not console.is_terminal):
            counts.update(_taken(store, path, clock.now()))
        counts.update(_judged(store, clock.now()))
        with archive.transaction():
            count_listings(archive.conn)
        _relate(store)
        found = sum(counts[name] for name in (*SHOWN, "listed"))
        left_out = counts["failed"] + counts["held"]
        code = InputError.exit_code if left_out or not found else 0
        store.end_run("implausible" if counts["held"] else "partial" if code else "finished", code)
    if not found and not left_out:
        click.echo(f"Error: nothing was found to import: {NOTHING}", err=True)
    if as_json:
        print_json({"files": len(files), **counts})
    else:
        told = ", ".join(f"{counts[name]:,} {name}" for name in SHOWN if counts[name]) or "nothing"
        rest = "".join(
            f"; {counts[name]:,} {name}" for name in ("repaired", "held", "failed") if counts[name]
        )
        click.echo(f"{len(files):,} files: {told}{rest}")
    return code


def _judged(store: Store, now: str) -> Counter[str]:
    """Judge what the import changed, as at the end of a crawl."""
    from crawler.extraction.from_captures import Reextractor
    from pipelines.attachments.worker import Reader

    counts: Counter[str] = Counter()
    with Reader() as reader:
        for site in (KOREA, NEWSDAO):
            settled = settle(store, site, now, baseline=Reextractor(store.archive, reader.read))
            counts.update(settled.outcomes)
            counts["held"] += settled.held
            counts["failed"] += settled.unread
            if settled.unread:
                click.echo(f"Error: {settled.unread} articles of {site}: {UNREAD}", err=True)
            if settled.detail:
                click.echo(f"Error: {settled.detail}", err=True)
    return counts


def _relate(store: Store) -> None:
    """Link the imported articles; loaded only here, so that help answers at once."""
    from crawler.linking import relate

    relate(store)


def _taken(store: Store, path: Path, now: str) -> Counter[str]:
    """Import one file and count the outcomes; a failure is open until the file is imported.

    Args:
        store: open for writing, within a run.
        path: the file.
        now: the time of the import.
    """
    from archive.join import join
    from crawler.extraction.importing import failure_url, import_file, record_failure, url_of
    from crawler.extraction.kinds import Kind, kind_of_file

    counts: Counter[str] = Counter()
    try:
        if kind_of_file(path) is Kind.ARCHIVE:
            counts = join(store, path, lambda line: click.echo(f"Error: {path}: {line}", err=True))
        else:
            for imported in import_file(store, path, now):
                _tell(path, imported, counts)
    except (InputError, SandboxError) as error:
        counts = Counter(failed=1)
        record_failure(store, path, error, now)
        click.echo(f"Error: {path}: {error}", err=True)
    else:
        for url in (failure_url(path), url_of(path)):  # an earlier version recorded the name alone
            store.resolve_failure(url)
    return counts


def _tell(path: Path, imported: Imported, counts: Counter[str]) -> None:
    """Count the outcome of one article, and print what was repaired or left out."""
    counts[imported.outcome] += imported.articles
    is_error = imported.outcome in ("failed", "held")
    if imported.note and not is_error:
        counts["repaired"] += 1
    if imported.note:
        click.echo(f"{'Error' if is_error else 'Repaired'}: {path}: {imported.note}", err=True)
