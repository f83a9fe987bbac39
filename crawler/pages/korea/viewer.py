"""The pages of korea.kr's document viewer: bytes in, blocks of text out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.errors import WrongPage
from crawler.pages.decoding import decoded, is_damaged
from pipelines.attachments.viewer import blocks_of_viewer_page

if TYPE_CHECKING:
    from pipelines.blocks import Block


def read_viewer_page(content: bytes) -> tuple[Block, ...]:
    """Return the paragraphs and tables of one page of a converted document.

    Raises:
        InputError: the bytes are no text.
        WrongPage: its text is damaged.
    """
    html = decoded(content)
    if is_damaged(html, tolerated=0.01):
        raise WrongPage("the text of the document viewer is damaged")
    return blocks_of_viewer_page(html)
