"""Take articles in from files: one function for each kind of file.

A kind is entered in ``IMPORTERS`` by its suffix; it reads one file, stores what is in it, and tells of each
article what became of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from archive.errors import InputError
from archive.records import Capture
from crawler.extract import extract
from crawler.pages.jekyll import front_matter
from crawler.replay import Replay
from crawler.urls import identify
from pipelines.attachments.worker import Reader
from pipelines.organizations import organizations_of_contacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from archive.records import Article
    from archive.store import Store


class Taken(NamedTuple):
    """One article taken in.

    Attributes:
        outcome: new, unchanged, edited, upgraded or restored.
        note: what had to be repaired, in one line.
    """

    outcome: str
    note: str | None = None


def take_post(store: Store, path: Path, now: str) -> Iterator[Taken]:
    """Take in a Jekyll post; invalid front matter is repaired and told of."""
    content = path.read_bytes()
    article = extract(path.name, content)
    repaired = front_matter(content.decode("utf-8", "replace")).repaired
    note = "front matter is no valid YAML; read line by line" if repaired else None
    yield Taken(_store(store, article, f"file:///{quote(path.name)}", content, now), note)


def take_page(store: Store, path: Path, now: str) -> Iterator[Taken]:
    """Take in a saved page of a known site.

    Raises:
        InputError: it does not say which article it shows.
    """
    content = path.read_bytes()
    article = extract(path.name, content)
    if identify(article.canonical_url) is None:
        raise InputError("names no article of a known site (no canonical link)")
    yield Taken(_store(store, article, article.canonical_url, content, now))


def take_warc(store: Store, path: Path, now: str) -> Iterator[Taken]:  # noqa: ARG001  # it has its own times
    """Take in a WARC file, our own export or anybody's crawl: every visit at its own time."""
    with path.open("rb") as stream, Reader() as reader:
        for outcome in Replay(store.archive, reader.read, store.run_id).run(stream):
            yield Taken(outcome)


IMPORTERS: Mapping[str, Callable[[Store, Path, str], Iterator[Taken]]] = {
    ".md": take_post,
    ".markdown": take_post,
    ".html": take_page,
    ".htm": take_page,
    ".warc": take_warc,
    ".gz": take_warc,
}


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """List the files meant: a folder stands for those in it that can be taken in, ordered by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix.lower() in IMPORTERS)
        else:
            yield path


def take_in(store: Store, path: Path, now: str) -> Iterator[Taken]:
    """Take in one file, all of it or nothing.

    Args:
        store: open for writing, within a run.
        path: the file.
        now: the time of the import, ISO 8601 with offset.

    Raises:
        InputError: the file cannot be read, or is of no known kind.
    """
    importer = IMPORTERS.get(path.suffix.lower())
    if importer is None:
        raise InputError(f"no kind of file that can be taken in ({', '.join(IMPORTERS)})")
    try:
        with store.archive.transaction():
            yield from importer(store, path, now)
    except OSError as error:
        raise InputError(error.strerror or str(error)) from error


def _store(store: Store, article: Article, url: str, content: bytes, now: str) -> str:
    """Store an article with the bytes that it was read from; the same bytes from the same place once."""
    if store.is_redacted(article.site, article.section, article.native_id):
        return "unchanged"
    capture_id = store.captures.find(url, content)
    if capture_id is None:
        capture_id = store.record_capture(Capture(url, now, 200, (), content, "detail", article.layout))
    saved = store.record_article(
        article, capture_id, organizations_of_contacts=organizations_of_contacts(article)
    )
    return saved.outcome
