"""One visit of an article in a WARC file: its page, and the files that were fetched with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crawler.extraction.observing import blocks_of_viewer, completed, raw_of
from pipelines.observation import Observation

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.records import Attachment, Capture, ListItem, RawArticle
    from crawler.sites.urls import Identity
    from pipelines.observation import ReadFile


@dataclass(slots=True)
class Visit:
    """An article's page, and the captures that follow it until the next page.

    Attributes:
        offset: of the page's record in the file, in bytes.
        is_stated: whether the file is an export of this program, whose archive judged the visit already.
        raw: the article as its page shows it; None until it is read.
        beside: files and pages of the viewer: role, row number, capture.
        is_damaged: whether a skipped record may belong to it.
    """

    identity: Identity
    capture_id: int
    capture: Capture
    offset: int
    is_stated: bool = False
    raw: RawArticle | None = None
    beside: list[tuple[str, int, Capture]] = field(default_factory=list)
    is_damaged: bool = False

    def read(self) -> RawArticle:
        """Read the page, once; raises what :func:`raw_of` does."""
        self.raw = self.raw or raw_of(self.capture, self.identity)
        return self.raw

    def file_at(self, url: str) -> Capture | None:
        """Return the capture of a file's URL, if there is one."""
        return next((one for role, _, one in self.beside if role == "attachment" and one.url == url), None)

    def observe(self, listed: ListItem | None, read: Callable[[Attachment], ReadFile]) -> Observation:
        """Return the observation of the visit: page, list and files; the viewer if no file has text.

        Args:
            listed: how a list shows the article.
            read: reads one of its files.
        """
        raw = completed(self.read(), self.identity, listed)
        seen = Observation(raw, listed, files=[read(file) for file in raw.attachments])
        if seen.needs_viewer:
            pages = (capture for role, _, capture in self.beside if role == "viewer")
            seen = replace(seen, viewer_blocks=blocks_of_viewer(pages, raw.title))
        return seen
