"""Page objects: what a page says, one class per layout, chosen by address and checked against the page.

``page_of`` is the only door: the crawler, re-extraction and inspection all come through it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from web_poet import consume_modules

from archive.errors import InputError, reading
from crawler.pages.base import PAGES, ArticlePage
from crawler.pages.generic import GenericPage
from crawler.pages.jekyll import JekyllPage
from crawler.sites.urls import identify

if TYPE_CHECKING:
    from web_poet import HttpResponse

__all__ = ["ArticlePage", "page_of"]


def page_of(response: HttpResponse) -> ArticlePage:
    """Choose the page object for a page by its address; the generic one where no layout is recognised.

    A Jekyll post has no address of its own: it is told by its front matter.
    """
    if bytes(response.body[:6]).lstrip(b"\xef\xbb\xbf").startswith(b"---"):
        return JekyllPage(response=response)
    _load()
    identity = identify(str(response.url))
    for kind in PAGES.get((identity.site, identity.section), ()) if identity else ():
        page = kind(response=response)
        if _is_recognised(page):
            return page
    return GenericPage(response=response)


def _is_recognised(page: ArticlePage) -> bool:
    """Tell whether a page is of its class's layout; bytes that are no text are of none."""
    try:
        with reading("the page"):
            return page.recognised
    except InputError:
        return False


@cache
def _load() -> None:
    """Import every module of page objects, so that each registers its sections."""
    consume_modules("crawler.pages")
