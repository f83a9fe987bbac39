"""The XML of HWPX parts, read one paragraph at a time.

A section of 16 MB, the largest seen, takes 250 MB as a tree of lxml; the standard library's parser gives the
same elements piece by piece in less time, as its elements need no second object when Python looks at them.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from archive.errors import DocumentError
from pipelines.attachments.limits import MAX_LEVELS, MAX_NODES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

ParseError = ElementTree.ParseError


def children(part: bytes) -> Iterator[Element]:
    """Give the children of a part's root one after another; each is emptied when the next is asked for.

    Raises:
        DocumentError: it has a document type (so no entities), or one child nests too deep or holds too much.
        ParseError: it is damaged.
    """
    if b"<!DOCTYPE" in part or b"\0" in part[:4]:
        raise DocumentError("corrupt", "a part with a document type, or not in UTF-8")
    level = count = 0
    # Expat loads nothing from outside, and bounds what entities could blow up.
    for event, element in ElementTree.iterparse(io.BytesIO(part), ("start", "end")):  # noqa: S314
        if event == "start":
            level += 1
            count += 1
            if level > MAX_LEVELS or count > MAX_NODES:
                raise DocumentError("too_big", "a paragraph too deep or too large")
            continue
        level -= 1
        if level == 1:
            yield element
            element.clear()
            count = 0


def local_name(element: Element) -> str:
    """Give an element's name without its namespace; versions of HWPX differ only in that."""
    return element.tag.rpartition("}")[2]


def number(element: Element, attribute: str, default: int) -> int:
    """Give a whole number that an attribute says."""
    value = element.get(attribute, "")
    return int(value) if value.isdecimal() and len(value) < 7 else default
