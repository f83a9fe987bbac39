"""Re-extract an article from its stored captures, with the current page objects and pipelines.

All inputs of the visit are read again: the detail page, the list page that showed the lead, the viewer's
pages and the attachments' bytes. So unchanged code extracts exactly what the visit extracted.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from archive.articles.lookup import source_of, state_of_file
from archive.captures.files import load_file
from archive.captures.lookup import captures_of_article
from archive.captures.store import Captures
from archive.errors import (
    ArchiveError,
    BriefingError,
    Damaged,
    Exceeded,
    MachineError,
    SandboxError,
    Unreadable,
    reading,
)
from crawler.extraction.from_file import extract
from crawler.extraction.observing import blocks_of_viewer, completed, file_read, listed_in, raw_of
from crawler.sites.urls import Identity
from pipelines.bounded import build_article
from pipelines.observation import Observation

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from archive.database import Archive
    from archive.records import Article, Attachment, Capture, ListItem
    from pipelines.attachments import Document
    from pipelines.observation import ReadFile

logger = logging.getLogger(__name__)


class Reextractor:
    """Re-extracts articles of one archive; called with an article's row number.

    Args:
        archive: the archive, opened for reading or writing.
        read: reads the bytes of an attachment by its name, within bounds.
    """

    def __init__(self, archive: Archive, read: Callable[[bytes, str], Document]) -> None:
        self._conn = archive.conn
        self._folder = archive.files
        self._captures = Captures(archive.conn, archive.files)
        self._read = read

    def __call__(self, article_id: int) -> Article | None:
        """Re-extract one article; None when its page cannot be read.

        Raises:
            MachineError: this machine gives too little to read it.
            Unreadable: a stored file may not be read.
        """
        row = source_of(self._conn, article_id)
        if row is None:
            return None
        try:
            return self._article(row)
        except (MachineError, Unreadable):
            raise
        except (Exceeded, SandboxError) as error:
            logger.warning("%s: %s", row["url"], error)
            return None
        except BriefingError:
            return None

    @reading("the article")
    def _article(self, row: sqlite3.Row) -> Article:
        capture = self._captures.read(row["capture_id"])
        if is_post(capture):
            return extract(post_name(capture), capture.content)
        return build_article(self._observe(row, capture))

    def _observe(self, row: sqlite3.Row, capture: Capture) -> Observation:
        """Rebuild the observation of the visit: page, list, files, and the viewer if no file has text."""
        article_id, identity = row["id"], Identity(row["site"], row["section"], row["native_id"])
        raw = raw_of(capture, identity)
        listed = self._listed(article_id, identity)
        raw = completed(raw, identity, listed)
        files = [self.file(article_id, attachment) for attachment in raw.attachments]
        seen = Observation(raw, listed, files=files)
        if seen.needs_viewer:
            pages = self._linked(article_id, "viewer")
            seen = replace(seen, viewer_blocks=blocks_of_viewer(pages, raw.title))
        return seen

    def _listed(self, article_id: int, identity: Identity) -> ListItem | None:
        """Find the article on the list page that led to the visit."""
        try:
            captures = self._linked(article_id, "list")
        except Damaged:
            raise  # read without its list, the article would lose what only the list said
        except ArchiveError:
            return None  # redacted on account of another article on it
        return listed_in(captures, identity.native_id)

    def _linked(self, article_id: int, role: str) -> list[Capture]:
        return [self._captures.read(row) for row in captures_of_article(self._conn, article_id, role)]

    def file(self, article_id: int, attachment: Attachment) -> ReadFile:
        """Read one attachment from its stored bytes; if they are missing or damaged, keep the stored text."""
        state = state_of_file(self._conn, article_id, attachment.file_id)
        if state is None:
            return attachment, ()
        known = replace(attachment, **state)
        if known.sha256 is None:
            return known, ()
        try:
            content = load_file(self._folder, known.sha256)
        except Damaged:
            return replace(known, state="listed"), ()
        return file_read(known, content, self._read(content, attachment.name))


def is_post(capture: Capture) -> bool:
    """Return whether a capture is of a post imported from a file, not of a URL."""
    return capture.url.startswith("file:") and capture.kind != "api"


def post_name(capture: Capture) -> str:
    """Return the name of the file that a post was imported from."""
    return unquote(PurePosixPath(urlsplit(capture.url).path).name)
