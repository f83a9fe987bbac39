"""The pages of korea.kr's document viewer: bytes in, blocks of text out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsel import Selector

from archive.changes.notices import is_notice
from archive.errors import InputError, WrongPage
from archive.text.normalize import one_line
from crawler.pages.decoding import decoded, is_damaged
from pipelines.attachments.viewer import blocks_of_viewer_page

if TYPE_CHECKING:
    from pipelines.blocks import Block

SHORT = 40  # characters; two pages of a document may both say that they are left blank
_OUTSIDE_LINKS = "//body//text()[not(ancestor::a or ancestor::script or ancestor::style)]"


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


def mistaken_viewer_page(content: bytes, before: bytes | None, title: str) -> str | None:
    """Return why a response shows no document, in one line; None when it may be a page of one.

    A site out of service answers every page number with its board. Pages of a document that say little may be
    alike too.

    Args:
        content: the response.
        before: the response for the page before it.
        title: of the article; one about maintenance may read like a notice.
    """
    if not content:
        return "the document viewer shows nothing"
    try:
        page = Selector(decoded(content) or "<html></html>", type="html")
    except InputError:
        return None
    said = " ".join(page.xpath(_OUTSIDE_LINKS).getall())
    if content == before and len(one_line(said)) > SHORT:
        return "the document viewer shows the same for every page"
    return "a notice stands in the place of the document" if is_notice(said, title) else None
