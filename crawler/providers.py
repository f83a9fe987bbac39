"""Provide page objects to the spiders' callbacks, chosen by URL and checked against the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence  # noqa: TC003  # scrapy-poet reads the annotations
from dataclasses import dataclass
from typing import Any

from scrapy.http import Response  # noqa: TC002  # as above
from scrapy_poet.page_input_providers import PageObjectInputProvider
from web_poet import HttpResponse

from crawler.pages import ArticlePage, list_page_of, page_of
from crawler.pages.korea.lists import KoreaListPage  # noqa: TC001  # as above


@dataclass(frozen=True, slots=True)
class Detail:
    """The response to a request for an article, seen through its page object."""

    page: ArticlePage


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """The response to a request for a list of korea.kr, seen through its page object."""

    page: KoreaListPage


class PageProvider(PageObjectInputProvider):
    """Provide :class:`Detail` and :class:`ListAnswer`."""

    provided_classes = {Detail, ListAnswer}  # noqa: RUF012  # the form that the base class asks for

    def __call__(self, to_provide: set[Callable[..., Any]], response: Response) -> Sequence[Any]:
        """Make the page objects that a callback declares."""
        page = as_page(response)
        return [
            Detail(page_of(page)) if wanted is Detail else ListAnswer(list_page_of(page))
            for wanted in to_provide
        ]


def as_page(response: Response) -> HttpResponse:
    """Turn Scrapy's response into web-poet's."""
    headers = [(name.decode("latin-1"), value) for name, value in _headers(response)]
    return HttpResponse(url=response.url, body=response.body, status=response.status, headers=dict(headers))


def _headers(response: Response) -> Sequence[tuple[bytes, str]]:
    return [
        (name, value.decode("latin-1")) for name, values in response.headers.items() for value in values[-1:]
    ]
