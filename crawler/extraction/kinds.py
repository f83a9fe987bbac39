"""Detect what kind of file bytes are, by content; by the name only where content cannot decide.

A post is known by its front matter, whatever its name; a document by its magic bytes; a response of the Open
API by its items. Between running text, Markdown and a page that is nothing but text only the name can tell.
"""

from __future__ import annotations

import os
import re
import zlib
from enum import Enum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archive.errors import Exceeded, InputError, input_error
from crawler.pages.decoding import decoded
from crawler.pages.jekyll import is_post
from pipelines.attachments import detect_format

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 1 << 16  # bytes that tell a file that is not read whole
LARGEST = 128 << 20  # bytes of a file that is read whole: the largest attachment that is read
LARGEST_TEXT = (
    16 << 20
)  # bytes of a page, post or text; a larger one takes longer than any may, whatever it says
SQLITE = b"SQLite format 3\0"
GZIP = b"\x1f\x8b"
DOCUMENTS = frozenset({"hwpx", "hwp", "hwp3", "hml", "pdf"})
OTHERS = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp", "doc", "xls", "ppt", "rtf", "ole"})
_WARC = re.compile(rb"\s*WARC/\d\.\d")
_API = re.compile(rb"""<NewsItem[\s>]|"NewsItem"\s*:|<(?:OpenAPI_ServiceResponse|cmmMsgHeader)\b""")
_TAG_FIRST = re.compile(
    r"\s*<(?:!doctype|!--"
    r"|(?:html|head|body|meta|table|div|p|h[1-6]|ul|ol|dl|section|article|main|span|br)\b)",
    re.I,
)


class Kind(Enum):
    """A kind of file."""

    POST = "a Jekyll post"
    MARKDOWN = "Markdown without front matter"
    PAGE = "a web page"
    TEXT = "running text"
    DOCUMENT = "a document"
    ANSWER = "an answer of the Open API"
    WARC = "a WARC file"
    ARCHIVE = "a SQLite database"


READ = frozenset({Kind.POST, Kind.MARKDOWN, Kind.PAGE, Kind.TEXT, Kind.DOCUMENT})
"""Kinds that say one article, which ``inspect`` prints."""

_BY_NAME = {
    **dict.fromkeys((".md", ".markdown"), Kind.POST),
    **dict.fromkeys((".html", ".htm", ".xhtml"), Kind.PAGE),
    **dict.fromkeys((".txt",), Kind.TEXT),
    **dict.fromkeys((".hwpx", ".hwp", ".hml", ".pdf"), Kind.DOCUMENT),
    **dict.fromkeys((".warc",), Kind.WARC),
}


def kind_by_name(name: str) -> Kind | None:
    """Return the kind that a file name claims; None where it claims none that is read here."""
    name = name.lower()
    return Kind.WARC if name.endswith(".warc.gz") else _BY_NAME.get(PurePosixPath(name).suffix)


def kind_of(content: bytes, name: str = "") -> Kind:
    """Detect the kind of a file by its bytes.

    Args:
        content: all of them, or of a large file the first.
        name: where they come from.

    Raises:
        InputError: they are neither text nor a known format.
        Exceeded: they are a text that is larger than any read here.
    """
    if content.startswith(SQLITE):
        return Kind.ARCHIVE
    if _WARC.match(content[:64]) or (content.startswith(GZIP) and _WARC.match(_unpacked(content))):
        return Kind.WARC
    claimed = kind_by_name(name)
    found = detect_format(content, name)
    if found in DOCUMENTS or found in OTHERS:
        return Kind.DOCUMENT
    if len(content) > LARGEST_TEXT:
        raise Exceeded("too_big", f"{len(content):,} bytes, and no document; {LARGEST_TEXT:,} are read")
    try:
        text = decoded(content)
    except InputError:
        if claimed in (Kind.WARC, Kind.DOCUMENT):  # damaged: its reader says how
            return claimed
        raise
    if is_post(text):
        return Kind.POST
    if _TAG_FIRST.match(text) or found == "html":
        return Kind.PAGE
    if text.lstrip().startswith(("<", "{", "[")) and _API.search(content):
        return Kind.ANSWER
    return Kind.MARKDOWN if claimed is Kind.POST else claimed or Kind.TEXT


def kind_of_file(path: Path) -> Kind:
    """Detect the kind of a file; raises InputError as ``kind_of`` does, or where it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
            if head.startswith((SQLITE, GZIP)) or _WARC.match(head[:64]):
                return kind_of(head, path.name)
    except OSError as error:
        raise input_error(error) from error
    if kind_by_name(path.name) is Kind.WARC:  # damaged at its beginning, perhaps
        return Kind.WARC
    return kind_of(content_of(path), path.name)


def content_of(path: Path) -> bytes:
    """Read a file whole.

    Raises:
        InputError: it cannot be read.
        Exceeded: it is larger than anything read here; then no more than its size is looked at.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size  # 0 of a pipe, of which one byte too many tells
            content = file.read(LARGEST + 1) if size <= LARGEST else b""
    except OSError as error:
        raise input_error(error) from error
    if max(size, len(content)) > LARGEST:
        raise Exceeded("too_big", f"has more than {LARGEST:,} bytes")
    return content


def _unpacked(content: bytes) -> bytes:
    """Unpack the first bytes of a gzip file; empty where it is none."""
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(content[:HEAD], 64)
    except zlib.error:
        return b""
