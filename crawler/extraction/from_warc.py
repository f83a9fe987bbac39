"""Take in a WARC file: record its captures and make the visits that they are, each at its own time.

An article's page is followed by the files that its visit fetched; the list that showed it came before. So a
WARC export of an archive, replayed, gives its articles and versions again, and what it states of its lists,
failures and tombstones; and anybody's crawl of the two sites gives what its pages say. What is damaged or
cannot be read costs itself: it is named, and the rest is taken in.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, NamedTuple

from archive.articles.lifecycle import add_version, find, supersede
from archive.captures.lookup import find_fetched, find_same
from archive.changes.notices import is_notice
from archive.errors import BriefingError, InputError, SandboxError
from archive.export.sidecar import Rows, write_rows
from archive.export.warc import BESIDE
from archive.export.warc_reading import State, read
from archive.export.warc_records import Damaged
from archive.records import Capture, Failure
from archive.store import Store
from crawler.extraction.from_captures import Rereader, is_post, post_name
from crawler.extraction.from_file import extract
from crawler.extraction.observing import (
    blocks_of_viewer,
    completed,
    file_read,
    missing_file,
    mistaken_file,
    page_of_capture,
    raw_of,
    unfinished,
)
from crawler.pages import list_page_of
from crawler.pages.korea.open_api import read_answer
from crawler.sites.urls import Identity, identify, is_open_api, section_of_list
from pipelines.bounded import build_article
from pipelines.observation import Observation

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from archive.database import Archive
    from archive.records import Attachment, ListItem, RawArticle
    from pipelines.attachments import Document
    from pipelines.observation import ReadFile

logger = logging.getLogger(__name__)

SHOWN = 200  # the status of a page that shows an article
OWN = frozenset({"inline", "api"})  # body sources that need no file beside the page


class Taken(NamedTuple):
    """What became of one article or record.

    Attributes:
        outcome: new, unchanged, edited, upgraded, restored, gone, superseded; unrecognised for a page in no
            known layout, listed for a list or statement taken in, failed for what was left out.
        note: what had to be repaired or why it was left out, in one line.
    """

    outcome: str
    note: str | None = None


@dataclass(slots=True)
class _Visit:
    """One article's page, and what came with it until the next page.

    Attributes:
        raw: what the page says of it; None until it is read.
        is_damaged: whether a record that may belong to it was left out.
    """

    identity: Identity
    capture_id: int
    capture: Capture
    raw: RawArticle | None = None
    beside: list[tuple[str, int, Capture]] = field(default_factory=list)
    is_damaged: bool = False

    def read(self) -> RawArticle:
        """Read the page, once; raises what :func:`raw_of` does."""
        self.raw = self.raw or raw_of(self.capture, self.identity)
        return self.raw


class Replay:
    """Replays WARC files into an archive that this process holds.

    Args:
        archive: opened for writing.
        read_file: reads the bytes of an attachment by its name, within bounds.
        run_id: the run on whose account everything is written.
    """

    def __init__(
        self, archive: Archive, read_file: Callable[[bytes, str], Document], run_id: int | None = None
    ) -> None:
        self._time = ""
        self._store = Store(archive, now=lambda: self._time, run_id=run_id)
        self._reread = Rereader(archive, read_file)
        self._read_file = read_file
        self._conn = archive.conn
        self._listed: dict[Identity, tuple[ListItem, int]] = {}
        self._visit: _Visit | None = None
        self._passes_over = False

    def run(self, stream: IO[bytes]) -> Iterator[Taken]:
        """Take in one file, and give what became of each visit; raises InputError for other bytes.

        Captures that are held already are left alone, so that the same file again changes nothing.
        """
        for item in read(stream):
            if isinstance(item, Damaged):
                if self._visit:
                    self._visit.is_damaged = True
                where = (
                    f"{item.url} (byte {item.offset:,})"
                    if item.url
                    else f"the record at byte {item.offset:,}"
                )
                yield Taken("failed", f"left out {where}: {item.detail}")
                continue
            if not isinstance(item, Capture) or not self._is_beside(item):
                yield from self._finish()
            try:
                with self._store.archive.savepoint("the record"):
                    taken = list(self._take_any(item))
            except InputError as error:
                taken = [self._failed(getattr(item, "url", "statements"), None, error)]
            yield from taken
        yield from self._finish()

    def _take_any(self, item: Capture | State | Rows) -> Iterator[Taken]:
        if isinstance(item, State):
            yield from self._apply(item)
        elif isinstance(item, Rows):
            write_rows(self._conn, item)
            yield Taken("listed")
        else:
            yield from self._take(item)

    def _take(self, capture: Capture) -> Iterator[Taken]:
        identity = identify(capture.about or capture.url)
        if capture.kind == "import" and not is_post(capture):
            capture = replace(capture, kind=_kind_of(capture.url, identity))
        if not self._is_beside(capture):
            self._passes_over = identity is not None and self._store.is_redacted(*identity)
        if self._passes_over:  # this archive took the article out
            return
        self._time = capture.fetched_at
        capture_id = find_same(self._conn, capture)
        is_new = capture_id is None
        if capture_id is None:
            capture_id = self._store.record_capture(capture)
        if capture.kind == "list":
            self._note_list(capture, capture_id)
            yield Taken("listed")
        elif self._visit and self._is_beside(capture):
            role = capture.kind if capture.kind in BESIDE else "attachment"
            self._visit.beside.append((role, capture_id, capture))
        elif capture.kind == "api" and capture.status == SHOWN:
            yield from self._answer(capture, capture_id, identity, is_new=is_new)
        elif is_post(capture):
            yield self._post(capture, capture_id) if is_new else Taken("unchanged")
        elif identity and capture.kind == "detail" and capture.status == SHOWN:
            if is_new:
                self._visit = _Visit(identity, capture_id, capture)
            else:
                yield Taken("unchanged")

    def _is_beside(self, capture: Capture) -> bool:
        """Tell whether a capture belongs to the page before it: a file, a viewer page, or what came instead.

        An answer that is not the file that was asked for is kept as a page, by the URL of the file.
        """
        if capture.kind in BESIDE or self._visit is None or capture.kind != "detail":
            return capture.kind in BESIDE
        try:
            files = self._visit.read().attachments
        except BriefingError:  # told of when the visit is finished
            return False
        return any(file.url == capture.url for file in files)

    def _note_list(self, capture: Capture, capture_id: int) -> None:
        """Remember how a list shows each article, until it is visited."""
        try:
            page = list_page_of(page_of_capture(capture)).listing()
        except BriefingError:
            return
        for item in page.items:
            self._listed[Identity(page.site, page.section, item.native_id)] = (item, capture_id)

    def _post(self, capture: Capture, capture_id: int) -> Taken:
        try:
            article = extract(post_name(capture), capture.content)
            return Taken(self._store.record_article(article, capture_id).outcome)
        except BriefingError as error:
            return self._failed(capture.url, None, error)

    def _answer(
        self, capture: Capture, capture_id: int, about: Identity | None, *, is_new: bool
    ) -> Iterator[Taken]:
        """Visit the article that an answer of the Open API was read for; of somebody else's all not held."""
        if not is_new:
            yield Taken("unchanged")
            return
        try:
            items = read_answer(capture.content).items
        except BriefingError as error:
            yield self._failed(capture.url, None, error)
            return
        for item in items:
            raw = item.article
            identity = Identity(raw.site, raw.section, raw.native_id)
            if identity == about or (capture.about is None and find(self._conn, *identity) is None):
                yield from self._finish()
                self._visit = _Visit(identity, capture_id, capture, raw)

    def _finish(self) -> Iterator[Taken]:
        """Store the visit under way."""
        visit, self._visit = self._visit, None
        if visit is None:
            return
        self._time = visit.capture.fetched_at
        try:
            with self._store.archive.savepoint("the record"):
                taken = self._finished(visit)
        except (InputError, SandboxError) as error:
            taken = self._failed(visit.capture.url, visit.identity, error)
        yield taken

    def _finished(self, visit: _Visit) -> Taken:
        raw = visit.read()
        if raw.layout.startswith("generic"):
            return Taken("unrecognised")
        listed, list_id = self._listed.pop(visit.identity, (None, None))
        article = build_article(self._observe(visit, completed(raw, visit.identity, listed), listed))
        if is_notice(article.body.text, article.title):
            raise InputError("a notice that the site is out of service stands in the place of its text")
        if visit.is_damaged and article.body_source not in OWN:
            raise InputError("its text stands in a file whose record may be among those left out")
        captures = [(role, row) for role, row, _ in visit.beside]
        captures += [("list", list_id)] if list_id else []
        urls = () if visit.capture.kind == "api" else (visit.capture.url,)
        saved = self._store.record_article(article, visit.capture_id, urls=urls, captures=captures)
        return Taken(saved.outcome)

    def _observe(self, visit: _Visit, raw: RawArticle, listed: ListItem | None) -> Observation:
        """See what the visit saw: files that came with the page, and the viewer where none gave any text."""
        files = [self._file(visit, attachment) for attachment in raw.attachments]
        seen = Observation(raw, listed, files=files)
        if seen.needs_viewer:
            pages = (capture for kind, _, capture in visit.beside if kind == "viewer")
            seen = replace(seen, viewer_blocks=blocks_of_viewer(pages))
        return seen

    def _failed(self, url: str, identity: Identity | None, error: BriefingError) -> Taken:
        """Record what could not be read, where it is an article's, and name it."""
        if identity:
            site, section, native_id = identity
            failure = Failure(site, url, "layout", str(error)[:500], self._time, section, native_id)
            self._store.record_failure(failure)
        return Taken("failed", f"{url}: {error}")

    def _file(self, visit: _Visit, attachment: Attachment) -> ReadFile:
        """Read a file from the bytes that came with the page, else from those held."""
        for role, _, capture in visit.beside:
            if capture.url == attachment.url and role == "attachment":
                content = capture.content
                if missing := missing_file(attachment, capture):
                    return missing, ()
                known = replace(attachment, content=content)
                document = self._read_file(content, attachment.name)
                if mistaken := mistaken_file(attachment, content, document):
                    return mistaken, ()
                if reason := unfinished(document):
                    self._fail(visit.identity, attachment.url, "document", reason)
                return file_read(known, content, document)
        row = find(self._conn, *visit.identity)
        return self._reread.file(row["id"], attachment) if row else (attachment, ())

    def _fail(self, identity: Identity, url: str, kind: str, detail: str) -> None:
        """Record what could not be read, and tell of it; the next visit tries again."""
        site, section, native_id = identity
        self._store.record_failure(Failure(site, url, kind, detail, self._time, section, native_id))
        logger.warning("%s: %s", url, detail)

    def _apply(self, state: State) -> Iterator[Taken]:
        """Mark an article gone or superseded, as the archive that wrote the file had it."""
        row, new = self._row(state.url), self._row(state.superseded_by)
        if row is None or row["state"] != "live" or row["changed_at"] > state.seen_at:
            return
        shown_by = find_fetched(self._conn, state.capture_url, state.captured_at)
        with self._store.archive.transaction():
            if state.kind == "superseded" and new is not None:
                reason = "so recorded by the archive that it came from"
                supersede(self._conn, row["id"], new["id"], 1.0, reason, state.seen_at, shown_by)
            else:
                add_version(self._conn, row["id"], state.kind, state.seen_at, shown_by)
        yield Taken(state.kind)

    def _row(self, url: str | None) -> sqlite3.Row | None:
        identity = identify(url) if url else None
        return find(self._conn, *identity) if identity else None


def _kind_of(url: str, identity: Identity | None) -> str:
    """Say what a page of somebody else's WARC is, by its address."""
    if identity:
        return "detail"
    if is_open_api(url):
        return "api"
    return "list" if section_of_list(url) else "import"
