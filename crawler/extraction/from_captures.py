"""Read an article anew from what the archive holds of it: today's page objects and pipelines, old bytes.

What a visit used is found again: the detail page, the list page that showed the lead, the viewer's pages, and
the attachments' bytes. So with unchanged code a re-reading gives exactly what the visit gave.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from web_poet import HttpResponse

from archive.captures.files import load_file
from archive.captures.store import Captures
from archive.errors import (
    ArchiveError,
    BriefingError,
    Damaged,
    Exceeded,
    InputError,
    SandboxError,
    reading,
)
from crawler.extraction.from_file import extract
from crawler.items import Task, completed
from crawler.pages import page_of
from crawler.pages.open_api import read_answer
from crawler.pages.viewer import read_viewer_page
from crawler.providers import list_page_of
from crawler.sites.sections import section_of
from pipelines.bounded import understand
from pipelines.organizations import organizations_of_contacts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from archive.database import Archive
    from archive.records import Article, Attachment, Capture, ListItem, RawArticle
    from pipelines.attachments import Document
    from pipelines.blocks import Block

logger = logging.getLogger(__name__)


class Rereader:
    """Reads articles of one archive anew; called with an article's number.

    Args:
        archive: the archive, for reading at least.
        read: reads the bytes of an attachment by its name, within bounds.
    """

    def __init__(self, archive: Archive, read: Callable[[bytes, str], Document]) -> None:
        self._conn = archive.conn
        self._folder = archive.files
        self._captures = Captures(archive.conn, archive.files)
        self._read = read

    def __call__(self, article_id: int) -> tuple[Article, Sequence[tuple[str | None, str]]] | None:
        """Read one article and its contacts' ministries; None when its page cannot be read."""
        row = self._conn.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
        if row is None or row["capture_id"] is None:
            return None
        try:
            article = self._reread(row)
        except (Exceeded, SandboxError) as error:
            logger.warning("%s: %s", row["url"], error)
            return None
        except BriefingError:
            return None
        return article, organizations_of_contacts(article)

    @reading("the article")
    def _reread(self, row: sqlite3.Row) -> Article:
        capture = self._captures.read(row["capture_id"])
        if is_post(capture):
            return extract(post_name(capture), capture.content)
        is_answer = capture.kind == "api"
        page = _answered(capture, row) if is_answer else page_of(page_of_capture(capture)).raw()
        item = self._list_item(row)
        section = section_of(row["site"], row["section"])
        task = Task(section, row["native_id"], row["url"], "recheck", item=item)
        raw = completed(page, task)
        files = [self.file(row["id"], attachment) for attachment in raw.attachments]
        return understand(
            raw,
            lead=item.lead if item else None,
            lead_is_full=bool(item and item.lead_is_full),
            viewer_blocks=self._viewer_blocks(row["id"], raw, files),
            files=files,
        )

    def _list_item(self, row: sqlite3.Row) -> ListItem | None:
        """Find the article on the list page that its visit came from."""
        try:
            captures = self._linked(row["id"], "list")
        except Damaged:
            raise  # read without its list, the article would lose what only the list said
        except ArchiveError:
            return None  # taken out for another article that it shows
        for capture in captures:
            items = list_page_of(page_of_capture(capture)).listing().items
            found = next((item for item in items if item.native_id == row["native_id"]), None)
            if found is not None:
                return found
        return None

    def _viewer_blocks(
        self, article_id: int, raw: RawArticle, files: Sequence[tuple[Attachment, Sequence[Block]]]
    ) -> Sequence[Block]:
        """Read the viewer's pages where the visit did: only when no file gave any text."""
        if not raw.viewer_url or any(blocks for _, blocks in files):
            return ()
        pages = (capture.content for capture in self._linked(article_id, "viewer"))
        return tuple(block for page in pages for block in read_viewer_page(page))

    def _linked(self, article_id: int, role: str) -> list[Capture]:
        rows = self._conn.execute(
            "SELECT capture_id FROM article_captures WHERE article_id = ? AND role = ? ORDER BY capture_id",
            (article_id, role),
        )
        return [self._captures.read(capture_id) for (capture_id,) in rows]

    def file(self, article_id: int, attachment: Attachment) -> tuple[Attachment, Sequence[Block]]:
        """Read one attachment from the bytes held; missing or damaged ones leave what was read from them."""
        row = self._conn.execute(
            "SELECT state, detail, size, sha256 FROM attachments WHERE article_id = ? AND file_id = ?",
            (article_id, attachment.file_id),
        ).fetchone()
        if row is None:
            return attachment, ()
        known = replace(attachment, **dict(row))
        if row["sha256"] is None:
            return known, ()
        try:
            content = load_file(self._folder, row["sha256"])
        except Damaged:
            return replace(known, state="listed"), ()
        return file_read(known, content, self._read(content, attachment.name))


def _answered(capture: Capture, row: sqlite3.Row) -> RawArticle:
    """Find an article in the answer of the Open API that it was read from."""
    for item in read_answer(capture.content).items:
        article = item.article
        if (article.section, article.native_id) == (row["section"], row["native_id"]):
            return article
    raise InputError(f"{row['url']} is not in the answer that it was read from")


def file_read(
    attachment: Attachment, content: bytes, document: Document
) -> tuple[Attachment, Sequence[Block]]:
    """Say of an attachment what its bytes are and what was read from them."""
    known = replace(
        attachment,
        format=document.format if document.format != "unknown" else attachment.format,
        state=document.state,
        detail=document.detail,
        size=len(content),
    )
    return known, document.blocks


def unfinished(document: Document) -> str | None:
    """Say in one line why a document is to be read again later: the fault is not its own, or not for sure."""
    return f"{document.state}: {document.detail}" if document.state in ("failed", "timeout") else None


def is_post(capture: Capture) -> bool:
    """Say whether a capture is of a post taken in from a file, not of an address."""
    return capture.url.startswith("file:")


def post_name(capture: Capture) -> str:
    """Give the name of the file that a post was taken in from."""
    return unquote(PurePosixPath(urlsplit(capture.url).path).name)


def page_of_capture(capture: Capture) -> HttpResponse:
    """Turn a captured page into the response that page objects read."""
    return HttpResponse(
        url=capture.url, body=capture.content, status=capture.status, headers=dict(capture.headers)
    )
