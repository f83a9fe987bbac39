"""The observation: all that was seen of one article in one visit, fetched now or stored before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.records import Attachment, ListItem, RawArticle
    from pipelines.blocks import Block

ReadFile: TypeAlias = "tuple[Attachment, Sequence[Block]]"
"""An attachment as it was found, and the blocks read from it; none where it could not be read."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one article's page says, and what came with it; :func:`pipelines.build.build_article` reads it.

    Attributes:
        raw: what the page says, or a response of the Open API; gaps are filled from the list and the URL.
        listed: the item of a list that shows the article; None where none is known.
        viewer_blocks: what the document viewer shows.
        files: the attachments that were requested, each with the blocks read from it.
    """

    raw: RawArticle
    listed: ListItem | None = None
    viewer_blocks: Sequence[Block] = ()
    files: Sequence[ReadFile] = ()

    @property
    def full_lead(self) -> str | None:
        """The text under the title in the list, where the list shows it whole (no filter was set)."""
        return self.listed.lead if self.listed and self.listed.lead_is_full else None

    @property
    def needs_viewer(self) -> bool:
        """Whether the document viewer is to be read: the page names one, and no file gave any text."""
        return bool(self.raw.viewer_url) and not any(blocks for _, blocks in self.files)

    def texts(self) -> Iterator[str | None]:
        """Yield everything that was printed outside of blocks."""
        raw = self.raw
        yield from (raw.title, raw.subtitle, raw.body_html, self.full_lead)
        yield from (file.name for file in raw.attachments)

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks of the viewer and of every file."""
        yield from self.viewer_blocks
        for _, blocks in self.files:
            yield from blocks
