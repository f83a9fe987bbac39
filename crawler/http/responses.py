"""Responses: whether one is a whole page, its capture, and whether it says what it said before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parsel import Selector

from archive.records import Capture
from crawler.http.failures import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response

    from archive.records import RawArticle

CUT = "cut"
"""Flag of a response that ends before its page does."""


def refusal_of(response: Response) -> FetchError | None:
    """Return why a response is no page, or only part of one; None when it is a page."""
    if response.status != 200:
        return FetchError(f"http_{response.status}", f"the answer was {response.status}")
    if not response.body:
        return FetchError("empty", "the answer was empty")
    if CUT in response.flags:
        return FetchError("truncated", "the page ends before its end tag")
    return None


def capture_of(response: Response, kind: str, now: str, layout: str | None = None) -> Capture:
    """Make the capture of a response: the exact bytes and headers."""
    request = response.request
    form = request.body.decode("utf-8") if request is not None and request.method == "POST" else None
    return Capture(
        url=response.url,
        fetched_at=now,
        status=response.status,
        headers=tuple(_headers(response)),
        content=response.body,
        kind=kind,
        layout=layout,
        method=request.method if request is not None else "GET",
        form=form,
    )


def signature(raw: RawArticle) -> tuple[Any, ...]:
    """Return what of a page counts for comparing it: layout, words, files and document, not its markup."""
    words = "".join(character for character in page_text(raw.body_html) if character.isalnum())
    files = tuple((file.file_id, file.name) for file in raw.attachments)
    said = raw.title, raw.subtitle, raw.published, raw.organization, raw.viewer_url
    return raw.layout, *said, files, words


def page_text(html: str) -> str:
    """Return the text of a fragment of HTML, roughly."""
    return Selector(html, type="html").xpath("string()").get() or "" if html else ""


def _headers(response: Response) -> Iterator[tuple[str, str]]:
    for name, values in response.headers.items():
        for value in values:
            yield name.decode("latin-1"), value.decode("latin-1")
