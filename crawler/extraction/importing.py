"""Take articles in from files: one function for each kind of file.

A kind is entered in ``IMPORTERS``; its function reads one file, stores what is in it, and tells of each
article what became of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from archive.articles.lifecycle import note_edit
from archive.errors import BriefingError, Exceeded, InputError, SandboxError, UnknownLayout, reading
from archive.records import Capture, Failure
from crawler.extraction.from_file import extract
from crawler.extraction.from_warc import Imported, WarcImport
from crawler.extraction.kinds import Kind, content_of, kind_by_name, kind_of_file
from crawler.pages.decoding import decoded
from crawler.pages.jekyll import MOST_MARKDOWN, front_matter
from crawler.pages.korea.open_api import read_answer
from crawler.sites.urls import identify
from pipelines.attachments.worker import Reader
from pipelines.bounded import build_article
from pipelines.observation import Observation

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping
    from pathlib import Path

    from archive.records import Article
    from archive.store import Store


FILES = "file"
"""The site of failures of files that were to be taken in."""


class NoArticle(InputError):
    """A file can be read, and says nothing that an archive takes in."""


def import_post(store: Store, path: Path, now: str) -> Iterator[Imported]:
    """Take in a Jekyll post; front matter that had to be repaired is told of, and a body that is too long."""
    content = content_of(path)
    article = extract(path.name, content)
    front = front_matter(decoded(content))
    notes = []
    if front.repaired:
        notes.append("front matter is no valid YAML; read line by line")
    if len(front.body) > MOST_MARKDOWN:
        notes.append(
            f"after {MOST_MARKDOWN:,} characters the text is read as HTML, its Markdown as it is written"
        )
    yield Imported(_store(store, article, url_of(path), content, now), "; ".join(notes) or None)


def import_page(store: Store, path: Path, now: str) -> Iterator[Imported]:
    """Take in a saved page of a known site.

    Raises:
        NoArticle: it does not say which article it shows.
    """
    content = content_of(path)
    article = extract(path.name, content)
    if identify(article.canonical_url) is None:
        raise NoArticle("names no article of a known site (no canonical link)")
    yield Imported(_store(store, article, article.canonical_url, content, now))


def import_warc(store: Store, path: Path, now: str) -> Iterator[Imported]:  # noqa: ARG001  # it has its own times
    """Take in a WARC file, our own export or anybody's crawl: every visit at its own time."""
    with path.open("rb") as stream, Reader() as reader:
        together = store.round if store.holds else None
        yield from WarcImport(store.archive, reader.read, store.run_id, together).run(stream)


def import_answer(store: Store, path: Path, now: str) -> Iterator[Imported]:
    """Import a saved answer of the Open API: articles that are not held; of others when they were edited.

    As in a crawl, a text of the Open API never replaces that of the site's own page.
    """
    content = content_of(path)
    answer = read_answer(content)
    for item in answer.items:
        raw = item.article
        key = (raw.site, raw.section, raw.native_id)
        note_edit(store.archive.conn, raw)
        if store.held(*key) is not None or store.is_redacted(*key):
            yield Imported("unchanged")
            continue
        capture = Capture(f"file:///{quote(path.name)}", now, 200, (), content, "api", raw.layout)
        article = build_article(Observation(raw))
        yield Imported(store.record_article(article, store.record_capture(capture)).outcome)
    if answer.damaged:
        yield Imported("failed", f"is damaged; {len(answer.items)} articles of it could be read")


IMPORTERS: Mapping[Kind, Callable[[Store, Path, str], Iterator[Imported]]] = {
    Kind.POST: import_post,
    Kind.PAGE: import_page,
    Kind.WARC: import_warc,
    Kind.ANSWER: import_answer,
}
"""What is taken in file by file, each whole or not; all else that is read is for ``inspect``."""

IMPORTABLE = frozenset({*IMPORTERS, Kind.ARCHIVE})
"""All that is taken in; an archive joins article by article (:mod:`archive.join`)."""


def files_in(paths: Iterable[Path], kinds: Container[Kind], own: Path | None = None) -> Iterator[Path]:
    """List the files meant: a folder stands for those in it that are of some kinds, ordered by name.

    A damaged file whose name claims such a kind is listed too, to be named and not passed over; hidden files
    and folders are not looked into, nor the folders of files that belong to archives.

    Args:
        paths: files and folders.
        kinds: what is looked for in folders.
        own: the archive that takes in, which may lie in such a folder itself.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for file in sorted(path.rglob("*")):
            folders = file.relative_to(path).parts
            hidden = any(part.startswith(".") or part.endswith(".files") for part in folders)
            if not hidden and file.is_file() and _is_any(file, kinds) and not _is_same(file, own):
                yield file


def _is_same(path: Path, other: Path | None) -> bool:
    return other is not None and path.resolve() == other.resolve()


def _is_any(path: Path, kinds: Container[Kind]) -> bool:
    try:
        return kind_of_file(path) in kinds
    except InputError:
        return kind_by_name(path.name) in kinds


def import_file(store: Store, path: Path, now: str) -> Iterator[Imported]:
    """Take in one file, all of it or nothing; of a WARC file all but the records that are damaged.

    Args:
        store: open for writing, within a run.
        path: the file.
        now: the time of the import, ISO 8601 with offset.

    Raises:
        NoArticle: the file is of no kind that can be taken in.
        InputError: it cannot be read.
    """
    kind = kind_of_file(path)
    importer = IMPORTERS.get(kind)
    if importer is None:
        raise NoArticle(f"is {kind.value}, and cannot be imported: it names no article of a known site")
    try:
        with store.archive.transaction(), reading("the file"):
            yield from importer(store, path, now)
    except OSError as error:
        raise InputError(error.strerror or str(error)) from error


def url_of(path: Path) -> str:
    """Name a file as captures and failures name it: by its name alone, not by where it lay."""
    return f"file:///{quote(path.name)}"


def record_failure(store: Store, path: Path, error: BriefingError, now: str) -> None:
    """Keep why a file was not taken in, until it is; one that says nothing to take in did not fail."""
    if isinstance(error, NoArticle):
        return
    kinds = {Exceeded: "exceeded", UnknownLayout: "layout", SandboxError: "error"}
    kind = next((kind for known, kind in kinds.items() if isinstance(error, known)), "unreadable")
    store.record_failure(Failure(FILES, url_of(path), kind, str(error)[:500], now))


def _store(store: Store, article: Article, url: str, content: bytes, now: str) -> str:
    """Store an article with the bytes that it was read from; the same bytes from the same place once."""
    if store.is_redacted(article.site, article.section, article.native_id):
        return "unchanged"
    capture_id = store.captures.find(url, content)
    if capture_id is None:
        capture_id = store.record_capture(Capture(url, now, 200, (), content, "detail", article.layout))
    return store.record_article(article, capture_id).outcome
