"""Extract an article from one file: bytes in, an article out.

Inspection, import of files, and re-extraction of posts use ``extract``. It reads the page, post, text or
document alone; nothing else is fetched.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from web_poet import HttpResponse

from archive.errors import DocumentError, Exceeded, InputError, SandboxError, reading
from archive.plain import plain, record_of
from archive.records import Article, Attachment, RawArticle
from crawler.extraction.kinds import Kind, kind_of
from crawler.extraction.observing import completed
from crawler.pages import page_of
from crawler.pages.decoding import decoded
from crawler.pages.jekyll import JekyllPage
from crawler.sites.urls import host_of, identify
from pipelines.attachments import read_document
from pipelines.attachments.limits import MAX_CONTENT
from pipelines.blocks import blocks_of_text
from pipelines.bounded import LARGE, build_article, sandbox
from pipelines.clean import blocks_to_body
from pipelines.observation import Observation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.blocks import Block

OF_MANY_ARTICLES = frozenset({Kind.WARC, Kind.ARCHIVE, Kind.ANSWER})

_CANONICAL = re.compile(rb"<link\b[^>]*\brel\s*=\s*[\"']?canonical\b[^>]*>", re.I)
_HREF = re.compile(rb"\bhref\s*=\s*[\"']?([^\"'\s>]+)", re.I)


@reading("the input")
def extract(path_name: str, content: bytes, url: str | None = None) -> Article:
    """Extract all that a page, post, text or document says.

    Args:
        path_name: where the bytes come from; decides on the kind only where the content does not.
        content: the bytes.
        url: the URL of a page.

    Returns:
        The article; of a document its one attachment is the document itself, with what was lost of it.

    Raises:
        InputError: the bytes are no text in UTF-8, UTF-16 or EUC-KR, or hold more than one article.
        DocumentError: a document holds no text that can be read.
        Exceeded: reading it takes more time or memory than allowed.
        SandboxError: the process that was to read it failed by itself.
    """
    if len(content) > MAX_CONTENT:
        raise Exceeded("too_big", f"{len(content)} bytes")
    kind = kind_of(content, path_name)
    if kind in OF_MANY_ARTICLES:
        raise InputError(f"is {kind.value}, which is read by briefing import")
    if kind is Kind.DOCUMENT or len(content) > LARGE:
        return record_of(Article, sandbox().call(f"{__name__}:answer", path_name, content, url))
    return build_article(_observed(kind, path_name, content, url))


def answer(path_name: str, content: bytes, url: str | None) -> dict[str, Any]:
    """Extract a document or a large input, in the sandbox; return the article in JSON types."""
    said: dict[str, Any] = plain(build_article(observe(path_name, content, url)))
    return said


def observe(path_name: str, content: bytes, url: str | None = None) -> Observation:
    """Make the observation of one file; raises as :func:`extract` does."""
    return _observed(kind_of(content, path_name), path_name, content, url)


def _observed(kind: Kind, path_name: str, content: bytes, url: str | None) -> Observation:
    if kind is Kind.DOCUMENT:
        return _document(path_name, content)
    if kind is Kind.TEXT:
        return _without_page(blocks_of_text(decoded(content)), "Text/1", "text")
    name = f"file:///{quote(PurePosixPath(path_name).name)}"
    if kind in (Kind.POST, Kind.MARKDOWN):
        return Observation(JekyllPage(response=HttpResponse(url=name, body=content)).raw())
    asked = url or _canonical(content) or name
    raw, identity = page_of(HttpResponse(url=asked, body=content)).raw(), identify(asked)
    return Observation(completed(raw, identity, None) if identity else raw)


def _canonical(content: bytes) -> str | None:
    """Find the canonical link of a saved page, by which its page object is chosen."""
    link = _CANONICAL.search(content)
    href = _HREF.search(link[0]) if link else None
    url = href[1].decode("ascii", "replace").replace("&amp;", "&") if href else ""
    return url if host_of(url) else None


def _document(path_name: str, content: bytes) -> Observation:
    document = read_document(content, PurePosixPath(path_name).name)
    if document.state == "failed":
        raise SandboxError(document.detail or "the document could not be read")
    if document.state != "text":
        raise DocumentError(document.state, document.detail or "no text")
    seen = _without_page(document.blocks, "Document/1", f"document/{document.format}")
    name, detail = PurePosixPath(path_name).name, document.detail  # beside text: what of it was lost
    itself = Attachment("", name, "", document.format, document.state, detail, len(content))
    return replace(seen, raw=replace(seen.raw, attachments=(itself,)))


def _without_page(blocks: Sequence[Block], parser: str, layout: str) -> Observation:
    """Make the observation of a bare text, which has no title of its own and no URL."""
    html = blocks_to_body(blocks).html
    return Observation(RawArticle("", "", "", "", "", parser, layout, body_html=html))
