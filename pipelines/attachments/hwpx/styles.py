"""The styles of HWPX: bullets and numbers of paragraphs, raised and lowered text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipelines.attachments.heads import Head
from pipelines.attachments.hwpx.xml import children, local_name, named, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from xml.etree.ElementTree import Element

    from pipelines.clean.scripts import Script

_TELLING = (b'"BULLET"', b'"NUMBER"', b"superscript", b"subscript")
_SCRIPTS: dict[str, Script] = {"superscript": "sup", "subscript": "sub"}


@dataclass(slots=True)
class Styles:
    """The parts of styles that affect the text.

    Attributes:
        heads: the bullet or number of each paragraph style.
        scripts: for each character style, whether it is raised or lowered.
    """

    heads: dict[str, Head] = field(default_factory=dict)
    scripts: dict[str, Script] = field(default_factory=dict)


def styles_of(part: bytes, damaged: Callable[[object], None]) -> Styles:
    """Read the part with the styles.

    Raises:
        DocumentError: it has a document type, or is too large.
    """
    if not any(word in part for word in _TELLING):
        return Styles()  # as in most files; the part is large
    return styles_of_elements(children(part, damaged))


def styles_of_elements(elements: Iterable[Element]) -> Styles:
    """Read elements that hold styles, lists before the styles that refer to them."""
    styles = Styles()
    lists: dict[tuple[str, str], Head] = {}
    for outer in elements:
        for element in outer.iter():
            _list(element, lists)
        for element in outer.iter():
            _style(element, lists, styles)
    return styles


def _list(element: Element, lists: dict[tuple[str, str], Head]) -> None:
    name, key = local_name(element.tag), element.get("id", "")
    if name == "bullet":
        lists["BULLET", key] = Head(sign=element.get("char", ""))
    elif name == "numbering":
        levels = [*named(element, "paraHead")]
        lists["NUMBER", key] = Head(
            numbering=key,
            forms=tuple((level.get("numFormat", ""), level.text or "") for level in levels),
            starts=tuple(number(level, "start", 1) for level in levels),
        )


def _style(element: Element, lists: dict[tuple[str, str], Head], styles: Styles) -> None:
    name, key = local_name(element.tag), element.get("id", "")
    if name == "paraPr":
        for heading in named(element, "heading"):
            head = lists.get((heading.get("type", ""), heading.get("idRef", "")))
            if head is not None:
                styles.heads[key] = replace(head, level=number(heading, "level", 0))
    elif name == "charPr":
        for child in element:
            if script := _SCRIPTS.get(local_name(child.tag)):
                styles.scripts[key] = script
