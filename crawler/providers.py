"""Hand page objects to the spiders' callbacks, chosen as everywhere: by address, checked against the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence  # noqa: TC003  # scrapy-poet reads the annotations
from dataclasses import dataclass
from typing import Any

from scrapy.http import Response  # noqa: TC002  # as above
from scrapy_poet.page_input_providers import PageObjectInputProvider
from web_poet import HttpResponse

from archive.errors import InputError, UnknownLayout, reading
from archive.records import KOREA
from crawler.pages import ArticlePage, page_of
from crawler.pages.korea_links import LinksListPage
from crawler.pages.korea_lists import LIST_PAGES, KoreaListPage
from crawler.sites.sections import section_of
from crawler.sites.urls import section_of_list


@dataclass(frozen=True, slots=True)
class Detail:
    """The answer to a request for an article, seen through its page object."""

    page: ArticlePage


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """The answer to a request for a list of korea.kr, seen through its page object."""

    page: KoreaListPage


class PageProvider(PageObjectInputProvider):
    """Provide :class:`Detail` and :class:`ListAnswer`."""

    provided_classes = {Detail, ListAnswer}  # noqa: RUF012  # the form that the base class asks for

    def __call__(self, to_provide: set[Callable[..., Any]], response: Response) -> Sequence[Any]:
        """Make what a callback asks for."""
        page = as_page(response)
        return [
            Detail(page_of(page)) if wanted is Detail else ListAnswer(list_page_of(page))
            for wanted in to_provide
        ]


def as_page(response: Response) -> HttpResponse:
    """Turn Scrapy's response into web-poet's."""
    headers = [(name.decode("latin-1"), value) for name, value in _headers(response)]
    return HttpResponse(url=response.url, body=response.body, status=response.status, headers=dict(headers))


def list_page_of(page: HttpResponse) -> KoreaListPage:
    """Choose the page object of a list; raises UnknownLayout for an address that is no list.

    A list in an unknown layout is read by its links, where that can be done; else it is refused when read.
    """
    section = section_of_list(str(page.url))
    if section is None:
        raise UnknownLayout(f"no list's address: {page.url}")
    known = LIST_PAGES[section_of(KOREA, section).form](response=page)
    links = LinksListPage(response=page)
    return links if not _is_recognised(known) and _is_recognised(links) else known


def _is_recognised(page: KoreaListPage) -> bool:
    try:
        with reading("the list"):
            return page.recognised
    except InputError:
        return False


def _headers(response: Response) -> Sequence[tuple[bytes, str]]:
    return [
        (name, value.decode("latin-1")) for name, values in response.headers.items() for value in values[-1:]
    ]
