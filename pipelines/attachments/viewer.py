"""Read the pages of korea.kr's document viewer (Synap), ``{rs}/{fn}.files/{n}.html``.

Such a page splits each line into many spans, even within words (seen 2026-08): spans are joined without
spaces, as everywhere in clean bodies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsel import Selector

from pipelines.clean import clean_html

if TYPE_CHECKING:
    from pipelines.blocks import Block


def blocks_of_viewer_page(html: str) -> tuple[Block, ...]:
    """Return the paragraphs and tables of one page of a converted document."""
    return clean_html("".join(Selector(html, type="html").xpath("//body/*").getall()), "").blocks
