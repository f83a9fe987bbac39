"""Import articles from files: one function for each kind of file.

``IMPORTERS`` maps a kind to its function, which reads a file, stores its articles and yields their outcomes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import quote

from archive.articles.lifecycle import note_edit
from archive.articles.lookup import read_from
from archive.articles.write import mark_tried
from archive.errors import (
    BriefingError,
    Exceeded,
    InputError,
    SandboxError,
    UnknownLayout,
    input_error,
    reading,
)
from archive.records import Capture, Failure
from crawler.extraction.from_file import extract
from crawler.extraction.from_warc import Imported, WarcImport
from crawler.extraction.kinds import Kind, content_of, kind_by_name, kind_of_file
from crawler.pages import versions
from crawler.pages.decoding import decoded
from crawler.pages.jekyll import MOST_MARKDOWN, front_matter
from crawler.pages.korea.open_api import read_answer
from crawler.sites.urls import identify
from pipelines.attachments.worker import Reader
from pipelines.bounded import build_article
from pipelines.build import PIPELINES_VERSION
from pipelines.observation import Observation

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping
    from pathlib import Path

    from archive.records import Article
    from archive.store import Store


FILES = "file"
"""The ``site`` of failures to import a file."""


class NoArticle(InputError):
    """A file is readable but has no article that can be imported."""


def import_post(store: Store, path: Path, now: str) -> Iterator[Imported]:
    """Import a Jekyll post; repaired front matter and an overlong body are noted.

    Raises:
        InputError: its front matter cannot be read, or has no title.
    """
    content = content_of(path)
    if _is_known(store, content, url_of(path)):
        yield Imported("unchanged", _notes(content))
        return
    article = extract(path.name, content)
    if not article.title:
        raise InputError("has no title in its front matter")
    yield Imported(_store(store, article, url_of(path), content, now), _notes(content))


def import_page(store: Store, path: Path, now: str) -> Iterator[Imported]:
    """Import a saved page of a known site.

    Raises:
        NoArticle: the page does not identify its article.
    """
    content = content_of(path)
    if _is_known(store, content, None):
        yield Imported("unchanged")
        return
    article = extract(path.name, content)
    if identify(article.canonical_url) is None:
        raise NoArticle("names no article of a known site (no canonical link)")
    yield Imported(_store(store, article, article.canonical_url, content, now))


def import_warc(store: Store, path: Path, now: str) -> Iterator[Imported]:  # noqa: ARG001  # its records have their own times
    """Import a WARC file, our own export or another crawl: every visit with its own time."""
    with path.open("rb") as stream, Reader() as reader:
        together = store.round if store.holds else None
        yield from WarcImport(store.archive, reader.read, store.run_id, together).run(stream)


def import_answer(store: Store, path: Path, now: str) -> Iterator[Imported]:
    """Import a saved Open API response: unknown articles, and the edit times of known ones.

    As in a crawl, a text from the Open API never replaces that of the site's own page.
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
        capture = Capture(url_of(path), now, 200, (), content, "api", raw.layout)
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
"""Kinds that are imported file by file, each in one transaction; ``inspect`` reads others too."""

IMPORTABLE = frozenset({*IMPORTERS, Kind.ARCHIVE})
"""All kinds that can be imported; an archive is joined article by article (:mod:`archive.join`)."""


def files_in(paths: Iterable[Path], kinds: Container[Kind], own: Path | None = None) -> Iterator[Path]:
    """List files; a folder is searched for files of some kinds, in the order of their names.

    A damaged file whose name claims such a kind is listed too, so that it is reported. Hidden files and
    folders are skipped, and so are the folders of files beside archives.

    Args:
        paths: files and folders.
        kinds: the kinds of files to find in folders.
        own: the archive that is written, which may be in such a folder itself.
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
    """Import one file in one transaction; of a WARC file all but the damaged records.

    Args:
        store: open for writing, within a run.
        path: the file.
        now: the time of the import, ISO 8601 with offset.

    Raises:
        NoArticle: files of this kind cannot be imported.
        InputError: it cannot be read.
        MachineError: this machine has no space, open files or memory for it.
    """
    kind = kind_of_file(path)
    importer = IMPORTERS.get(kind)
    if importer is None:
        raise NoArticle(f"is {kind.value}, and cannot be imported: it names no article of a known site")
    try:
        with store.archive.transaction(), reading("the file"):
            yield from importer(store, path, now)
    except OSError as error:
        raise input_error(error) from error


def url_of(path: Path) -> str:
    """Return the URL of a file in captures: its name alone, as it is the same file in any folder."""
    return f"file:///{quote(path.name)}"


def failure_url(path: Path) -> str:
    """Return the URL of a file in failures: its whole path, as folders may have files of one name."""
    return path.resolve().as_uri()


def record_failure(store: Store, path: Path, error: BriefingError, now: str) -> None:
    """Record why a file could not be imported; a file without articles is no failure."""
    if isinstance(error, NoArticle):
        return
    kinds = {Exceeded: "exceeded", UnknownLayout: "layout", SandboxError: "error"}
    kind = next((kind for known, kind in kinds.items() if isinstance(error, known)), "unreadable")
    store.record_failure(Failure(FILES, failure_url(path), kind, str(error)[:500], now))


def _notes(content: bytes) -> str | None:
    """Return what of a post was repaired or read differently from what it says, in one line."""
    front = front_matter(decoded(content))
    notes = []
    if front.repaired:
        notes.append("front matter is no valid YAML; read key by key")
    if len(front.body) > MOST_MARKDOWN:
        notes.append(
            f"after {MOST_MARKDOWN:,} characters the text is read as HTML, its Markdown as it is written"
        )
    return "; ".join(notes) or None


def _is_known(store: Store, content: bytes, url: str | None) -> bool:
    """Record the check of an article that was read from these very bytes by these very parsers.

    False where it must be read: the bytes are new or lost, a parser is of another version, or a failure or a
    change of the article is open.

    Args:
        store: open for writing.
        content: bytes of the file.
        url: of its capture; None for the URL of its article.
    """
    row = read_from(store.archive.conn, hashlib.sha256(content).hexdigest(), url)
    parser, _, pipelines = (row["parser"] if row else "").partition("+")
    if row is None or parser not in versions() or pipelines != str(PIPELINES_VERSION):
        return False
    if store.captures.find(row["url"], content) != row["capture_id"]:
        return False
    store.record_unchanged(row["id"])
    mark_tried(store.archive.conn, row["id"], store.now())
    return True


def _store(store: Store, article: Article, url: str, content: bytes, now: str) -> str:
    """Store an article with its source bytes; the same bytes under the same URL are stored once."""
    if store.is_redacted(article.site, article.section, article.native_id):
        return "unchanged"
    capture_id = store.captures.find(url, content)
    if capture_id is None:
        capture_id = store.record_capture(Capture(url, now, 200, (), content, "detail", article.layout))
    return store.record_article(article, capture_id).outcome
