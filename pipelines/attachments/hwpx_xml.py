"""The XML of HWPX parts, read piece by piece into the lightest of trees.

A section of 16 MB, the largest seen, takes 250 MB as a tree of lxml; and half of its elements only say where
lines once broke. So the parser's events build nodes of one paragraph at a time, without what no reader wants.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lxml import etree

from archive.errors import DocumentError
from pipelines.attachments.limits import MAX_NODES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(slots=True)
class Node:
    """One element: its local name, attributes, text, children, and the text after it."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""
    tail: str = ""
    children: list[Node] = field(default_factory=list)

    def number(self, attribute: str, default: int) -> int:
        """Give a whole number that an attribute says."""
        value = self.attributes.get(attribute, "")
        return int(value) if value.isdecimal() and len(value) < 7 else default


def parse(part: bytes, take: Callable[[Node], None], unwanted: frozenset[str] = frozenset()) -> None:
    """Parse a part, and hand over the children of its root one after another.

    Entities, document types and depth beyond libxml2's own bound (256) are refused.

    Args:
        part: the XML.
        take: what is done with each child.
        unwanted: local names of elements that are left out with all they hold.

    Raises:
        DocumentError: it has a document type, or one child has too many elements.
        lxml.etree.XMLSyntaxError: it is damaged.
    """
    builder: Any = _Builder(take, unwanted)  # the stubs ask for methods that lxml does without
    etree.fromstring(part, etree.XMLParser(target=builder, resolve_entities=False, no_network=True))


class _Builder:
    """A target of lxml's parser."""

    def __init__(self, take: Callable[[Node], None], unwanted: frozenset[str]) -> None:
        self._take = take
        self._unwanted = unwanted
        self._path: list[Node] = []
        self._skipped = 0  # depth inside an unwanted element
        self._count = 0

    def doctype(self, *_: str | None) -> None:
        raise DocumentError("corrupt", "a document type in a part")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if self._skipped or name in self._unwanted:
            self._skipped += 1
            return
        self._count += 1
        if self._count > MAX_NODES:
            raise DocumentError("too_big", f"more than {MAX_NODES} elements in a paragraph")
        node = Node(name, attributes)
        if len(self._path) > 1:
            self._path[-1].children.append(node)
        self._path.append(node)

    def end(self, tag: str) -> None:  # noqa: ARG002 - the parser's interface
        if self._skipped:
            self._skipped -= 1
            return
        node = self._path.pop()
        if len(self._path) == 1:
            self._count = 0
            self._take(node)

    def data(self, text: str) -> None:
        if self._skipped or not self._path:
            return
        node = self._path[-1]
        if node.children:
            node.children[-1].tail += text
        else:
            node.text += text

    def close(self) -> None:
        """Give nothing: all was taken on the way."""
