"""Take in a WARC file: record its captures and make the visits that they are, each at its own time.

An article's page is followed by the files that its visit fetched; the list that showed it came before. So a
WARC export of an archive, replayed, gives its articles and versions again, and what it states of its lists,
failures and tombstones; and anybody's crawl of the two sites gives what its pages say.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, Any

from archive.errors import Exceeded, InputError, PageError, SandboxError
from archive.export.statements import Rows, write_rows
from archive.export.warc import BESIDE, State, read
from archive.records import Failure
from archive.state import add_version, find, supersede
from archive.store import Store
from crawler.extract import extract
from crawler.failures import failure_of
from crawler.pages import page_of
from crawler.pages.viewer import read_viewer_page
from crawler.providers import list_page_of
from crawler.reread import Rereader, file_read, is_post, page_of_capture, post_name, unfinished
from crawler.sections import section_of
from crawler.urls import Identity, canonical_url, identify, section_of_list
from crawler.visits import Task, completed
from pipelines.bounded import understand
from pipelines.organizations import organizations_of_contacts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

    from archive.database import Archive
    from archive.records import Article, Attachment, Capture, ListItem
    from pipelines.attachments import Document
    from pipelines.blocks import Block

logger = logging.getLogger(__name__)

SHOWN = 200  # the status of a page that shows an article


@dataclass(slots=True)
class _Visit:
    """One article's page, and what came with it until the next page."""

    identity: Identity
    capture_id: int
    capture: Capture
    beside: list[tuple[str, int, Capture]] = field(default_factory=list)


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

    def run(self, stream: IO[bytes]) -> Iterator[str]:
        """Take in one file, and give what became of each visit; raises InputError for other bytes.

        Captures that are held already are left alone, so that the same file again changes nothing.
        """
        for item in read(stream):
            if isinstance(item, State):
                yield from self._finish()
                yield from self._apply(item)
            elif isinstance(item, Rows):
                yield from self._finish()
                with self._store.archive.transaction():
                    write_rows(self._conn, item)
            else:
                yield from self._take(item)
        yield from self._finish()

    def _take(self, capture: Capture) -> Iterator[str]:
        identity = identify(capture.url)
        if capture.kind == "import":
            capture = replace(capture, kind=_kind_of(capture.url, identity))
        if capture.kind not in BESIDE:
            yield from self._finish()
            self._passes_over = identity is not None and self._store.is_redacted(*identity)
        if self._passes_over:  # this archive took the article out
            return
        self._time = capture.fetched_at
        capture_id = self._held(capture)
        is_new = capture_id is None
        if capture_id is None:
            capture_id = self._store.record_capture(capture)
        if capture.kind == "list":
            self._note_list(capture, capture_id)
        elif self._visit and capture.kind in BESIDE:
            self._visit.beside.append((capture.kind, capture_id, capture))
        elif is_new and is_post(capture):
            yield self._store_article(extract(post_name(capture), capture.content), capture_id)
        elif is_new and identity and capture.kind == "detail" and capture.status == SHOWN:
            self._visit = _Visit(identity, capture_id, capture)

    def _held(self, capture: Capture) -> int | None:
        row = self._conn.execute(
            "SELECT id FROM captures WHERE url = ? AND form IS ? AND fetched_at = ? AND body_sha256 = ?",
            (capture.url, capture.form, capture.fetched_at, hashlib.sha256(capture.content).hexdigest()),
        ).fetchone()
        return int(row["id"]) if row else None

    def _note_list(self, capture: Capture, capture_id: int) -> None:
        """Remember how a list shows each article, until it is visited."""
        try:
            page = list_page_of(page_of_capture(capture)).listing()
        except PageError:
            return
        for item in page.items:
            self._listed[Identity(page.site, page.section, item.native_id)] = (item, capture_id)

    def _finish(self) -> Iterator[str]:
        """Store the visit under way."""
        visit, self._visit = self._visit, None
        if visit is None:
            return
        try:
            yield self._store_visit(visit)
        except (InputError, PageError):
            yield "unrecognised"

    def _store_visit(self, visit: _Visit) -> str:
        page = page_of(page_of_capture(visit.capture))
        if page.layout_name.startswith("generic"):
            return "unrecognised"
        item, list_id = self._listed.pop(visit.identity, (None, None))
        url = canonical_url(*visit.identity)
        section = section_of(visit.identity.site, visit.identity.section)
        raw = completed(page.raw(), Task(section, visit.identity.native_id, url, "new", item=item))
        files = [self._file(visit, attachment) for attachment in raw.attachments]
        try:
            article = understand(
                raw,
                lead=item.lead if item else None,
                lead_is_full=bool(item and item.lead_is_full),
                viewer_blocks=() if any(blocks for _, blocks in files) else _viewer_blocks(visit),
                files=files,
            )
        except (Exceeded, SandboxError) as error:
            self._fail(visit.identity, url, failure_of(error).kind, str(error))
            return "failed"
        captures = [(role, row) for role, row, _ in visit.beside]
        captures += [("list", list_id)] if list_id else []
        return self._store_article(article, visit.capture_id, urls=(visit.capture.url,), captures=captures)

    def _store_article(self, article: Article, capture_id: int, **found: Any) -> str:
        organizations = organizations_of_contacts(article)
        saved = self._store.record_article(
            article, capture_id, organizations_of_contacts=organizations, **found
        )
        return saved.outcome

    def _file(self, visit: _Visit, attachment: Attachment) -> tuple[Attachment, Sequence[Block]]:
        """Read a file from the bytes that came with the page, else from those held."""
        for _, _, capture in visit.beside:
            if capture.url == attachment.url and capture.kind == "attachment":
                content = capture.content
                known = replace(attachment, content=content)
                document = self._read_file(content, attachment.name)
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

    def _apply(self, state: State) -> Iterator[str]:
        """Mark an article gone or superseded, as the archive that wrote the file had it."""
        row, new = self._row(state.url), self._row(state.superseded_by)
        if row is None or row["state"] != "live" or row["changed_at"] > state.seen_at:
            return
        shown_by = self._capture_of(state)
        with self._store.archive.transaction():
            if state.kind == "superseded" and new is not None:
                reason = "so recorded by the archive that it came from"
                supersede(self._conn, row["id"], new["id"], 1.0, reason, state.seen_at, shown_by)
            else:
                add_version(self._conn, row["id"], state.kind, state.seen_at, shown_by)
        yield state.kind

    def _capture_of(self, state: State) -> int | None:
        """Find the capture that shows what became of an article."""
        row = self._conn.execute(
            "SELECT id FROM captures WHERE url = ? AND fetched_at = ?", (state.capture_url, state.captured_at)
        ).fetchone()
        return int(row["id"]) if row else None

    def _row(self, url: str | None) -> sqlite3.Row | None:
        identity = identify(url) if url else None
        return find(self._conn, *identity) if identity else None


def _kind_of(url: str, identity: Identity | None) -> str:
    """Say what a page of somebody else's WARC is, by its address."""
    if identity:
        return "detail"
    return "list" if section_of_list(url) else "import"


def _viewer_blocks(visit: _Visit) -> tuple[Block, ...]:
    pages = (capture.content for kind, _, capture in visit.beside if kind == "viewer")
    return tuple(block for page in pages for block in read_viewer_page(page))
