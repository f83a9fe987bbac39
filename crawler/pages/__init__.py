"""Page objects: what a page says, one class per layout, chosen by URL and checked against the page.

The crawler, re-extraction and inspection all choose them by ``page_of`` and, for lists, ``list_page_of``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from web_poet import consume_modules

from archive.errors import InputError, UnknownLayout, reading
from archive.records import KOREA
from crawler.pages.base import PAGES, ArticlePage
from crawler.pages.generic import GenericPage
from crawler.pages.jekyll import JekyllPage
from crawler.pages.korea.lists import LIST_PAGES, KoreaListPage
from crawler.pages.korea.lists_redesigned import LinksListPage
from crawler.sites.sections import section_of
from crawler.sites.urls import identify, section_of_list

if TYPE_CHECKING:
    from web_poet import HttpResponse

__all__ = ["ArticlePage", "list_page_of", "page_of", "versions"]


def page_of(response: HttpResponse) -> ArticlePage:
    """Choose the page object for a page by its URL; the generic one where no layout is recognised.

    A Jekyll post has no URL of its own: it is recognised by its front matter.
    """
    if bytes(response.body[:6]).lstrip(b"\xef\xbb\xbf").startswith(b"---"):
        return JekyllPage(response=response)
    _load()
    identity = identify(str(response.url))
    page: ArticlePage | None = None
    for kind in PAGES.get((identity.site, identity.section), ()) if identity else ():
        page = kind(response=response).sharing(page)
        if _is_recognised(page):
            return page
    return GenericPage(response=response).sharing(page)


def list_page_of(page: HttpResponse) -> KoreaListPage:
    """Choose the page object of a list; raises UnknownLayout for a URL that is no list.

    A list in an unknown layout is read by its links where possible, else refused when read.
    """
    section = section_of_list(str(page.url))
    if section is None:
        raise UnknownLayout(f"not the URL of a list: {page.url}")
    known = LIST_PAGES[section_of(KOREA, section).form](response=page)
    links = LinksListPage(response=page)
    return links if not _is_recognised(known) and _is_recognised(links) else known


@cache
def versions() -> frozenset[str]:
    """Return name and version of every page object of a known layout, as an article names its parser."""
    _load()
    pages = {f"{kind.__name__}/{kind.version}" for kinds in PAGES.values() for kind in kinds}
    return frozenset({*pages, f"{JekyllPage.__name__}/{JekyllPage.version}"})


def _is_recognised(page: ArticlePage | KoreaListPage) -> bool:
    """Return whether a page is of its class's layout; bytes that are no text are of none."""
    try:
        with reading("the page"):
            return page.recognised
    except InputError:
        return False


@cache
def _load() -> None:
    """Import every module of page objects, so that each registers its sections."""
    consume_modules("crawler.pages")
