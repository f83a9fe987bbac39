"""The parts of an observation, read from captures, responses and files.

A crawl makes observations of what it fetches, re-extraction of stored captures, an import of WARC records.
What all of them do with the same bytes is here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from web_poet import HttpResponse

from archive.errors import InputError
from crawler.pages import list_page_of, page_of
from crawler.pages.korea.articles import absence
from crawler.pages.korea.open_api import read_answer
from crawler.pages.korea.viewer import mistaken_viewer_page, read_viewer_page
from crawler.sites.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archive.records import Attachment, Capture, ListItem, RawArticle
    from crawler.sites.urls import Identity
    from pipelines.attachments import Document
    from pipelines.blocks import Block
    from pipelines.observation import ReadFile


def page_of_capture(capture: Capture) -> HttpResponse:
    """Turn a captured page into the response that page objects read."""
    return HttpResponse(
        url=capture.url, body=capture.content, status=capture.status, headers=dict(capture.headers)
    )


def raw_of(capture: Capture, identity: Identity) -> RawArticle:
    """Read what a captured page, or answer of the Open API, says of an article.

    Raises:
        InputError: the response does not hold the article.
        PageError: the page is damaged, or not of its layout.
    """
    if capture.kind != "api":
        return page_of(page_of_capture(capture)).raw()
    for item in read_answer(capture.content).items:
        if (item.article.section, item.article.native_id) == (identity.section, identity.native_id):
            return item.article
    raise InputError(f"{canonical_url(*identity)} is not in the response that it was read from")


def completed(raw: RawArticle, identity: Identity, listed: ListItem | None) -> RawArticle:
    """Fill fields that a page lacks from the list item of the article and from the requested URL.

    Args:
        raw: what the page says.
        identity: which article was requested; trusted where the layout is not known.
        listed: how a list shows the article.
    """
    given: dict[str, Any] = {}
    if raw.layout.startswith("generic"):
        given |= identity._asdict() | {"canonical_url": canonical_url(*identity)}
    if listed is not None:
        given |= {
            "title": raw.title or listed.title,
            "organization": raw.organization or listed.organization,
            "presenter": raw.presenter or listed.presenter,
            "published": raw.published or ((listed.published,) if listed.published else ()),
        }
    return replace(raw, **given)


def listed_in(captures: Iterable[Capture], native_id: str) -> ListItem | None:
    """Return the list item of an article from the first captured list page that has it."""
    for capture in captures:
        items = list_page_of(page_of_capture(capture)).listing().items
        found = next((item for item in items if item.native_id == native_id), None)
        if found is not None:
            return found
    return None


def blocks_of_viewer(captures: Iterable[Capture], title: str) -> Sequence[Block]:
    """Read the captured pages of the document viewer, one after another; none where they show no document."""
    pages = [capture.content for capture in captures]
    if any(mistaken_viewer_page(*both, title) for both in zip(pages, [None, *pages], strict=False)):
        return ()
    return tuple(block for page in pages for block in read_viewer_page(page))


def file_read(attachment: Attachment, content: bytes, document: Document) -> ReadFile:
    """Return an attachment with format, state and size from its bytes, and the blocks read from them."""
    known = replace(
        attachment,
        format=document.format if document.format != "unknown" else attachment.format,
        state=document.state,
        detail=document.detail,
        size=len(content),
    )
    return known, document.blocks


def missing_file(attachment: Attachment, capture: Capture) -> Attachment | None:
    """Return the attachment as missing where the response says so; else None."""
    said = absence(capture.status, capture.url, capture.content)
    if capture.status == 200 and said is None:
        return None
    return replace(attachment, state="missing", detail=said or f"http_{capture.status}")


def mistaken_file(attachment: Attachment, content: bytes, document: Document) -> Attachment | None:
    """Return the attachment as failed where the response is empty or a web page; else None."""
    if not content:
        return replace(attachment, state="failed", detail="the file came empty")
    if document.format == "html" and attachment.format not in ("html", "htm"):
        return replace(attachment, state="failed", detail="a web page came in the place of the file")
    return None


def unfinished(document: Document) -> str | None:
    """Return why a document is to be read again later, as its failure may not be its own; else None."""
    return f"{document.state}: {document.detail}" if document.state in ("failed", "timeout") else None
