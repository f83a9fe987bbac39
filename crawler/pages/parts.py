"""Parts of a page that are not the article's: emptied before parsing, found by tag or class, left out."""

from __future__ import annotations

import re
from collections import Counter
from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from lxml import etree

from pipelines.clean.elements import names

if TYPE_CHECKING:
    from collections.abc import Sequence

# A tag that does not end before the next begins, most often for want of a quotation mark.
_BROKEN = re.compile(r"""<[A-Za-z/][^"'<>]*+(?:"[^"<]*+"[^"'<>]*+|'[^'<]*+'[^"'<>]*+)*+(?!>)""")
_NAME = re.compile(r"</?[A-Za-z][A-Za-z0-9]*")
# Elements without an end tag.
_VOID = names("area base br col embed frame hr img input link meta param source track wbr")
# Elements whose text is no markup.
_RAW = names("iframe noembed noframes plaintext script style textarea title xmp")
# What must open and close within a part: what is usually open around it, what an end tag cannot close across
# (libxml2's priorities), and marks that go on in the next paragraph.
_NESTING = (
    names(
        "html head body form main section article div table thead tbody tfoot tr td th"
        " b big code em font i nobr s small strike strong tt u"
    )
    | _RAW
)
_NESTED = frozenset(f"{start}{name}" for name in _NESTING for start in ("<", "</"))


def emptied(html: str, tag: str, attribute: str, value: str) -> str:
    """Remove the content of one part of a page from its text, where parsing the rest gives the same tree.

    Args:
        html: the page.
        tag: the name of the part's element.
        attribute: that by which the part is known, the first of its start tag.
        value: of the attribute.

    Returns:
        The page with the part empty; the page as it is where the part does not stand there exactly once, or
        nests in any way that reaches beyond it.
    """
    mark = f'<{tag} {attribute}="{value}"'
    if html.count(mark) != 1 or html.count(f"</{tag}>") != 1:
        return html
    first = html.find(mark)
    start, end = html.find(">", first) + 1, html.find(f"</{tag}>")
    before, inside = html[:first], html[start:end]
    if not 0 < start <= end or not _is_markup(before) or not _open(before) <= _NESTING - _RAW:
        return html
    return html[:start] + html[end:] if _is_complete(inside, tag) else html


def _is_markup(part: str) -> bool:
    """Return whether every tag and comment of a part of a page ends within it."""
    return (
        not _BROKEN.search(part)
        and part.count("<!--") == part.count("-->")
        and part.count("<![CDATA[") == part.count("]]>")
    )


@lru_cache(maxsize=8)  # menus are the same on every page
def _is_complete(inside: str, tag: str) -> bool:
    """Return whether a part closes what it opens and nothing else, as far as that shows outside."""
    if not _is_markup(inside):
        return False
    found: list[str] = _NAME.findall(inside)
    distinct = set(found)
    if f"<{tag}" in distinct or not all(map(str.islower, distinct)):
        return False
    depths: Counter[str] = Counter()
    for name in filter(_NESTED.__contains__, found):
        if name[1] != "/":
            depths[name[1:]] += 1
        elif depths[name[2:]] == 0:
            return False
        else:
            depths[name[2:]] -= 1
    return not any(depths.values())


def _open(before: str) -> set[str]:
    """Return the names of elements that may still be open after the first part of a page."""
    depths: Counter[str] = Counter()
    for name in map(str.lower, _NAME.findall(before)):
        if name[1] != "/":
            depths[name[1:]] += 1
        elif depths[name[2:]]:
            depths[name[2:]] -= 1
    return {name for name, depth in depths.items() if depth} - _VOID


def parts(*, tags: Sequence[str] = (), classes: Sequence[str] = ()) -> etree.XPath:
    """Compile what finds all elements below one that have one of the tags or classes."""
    wanted = [f"self::{tag}" for tag in tags]
    wanted += [f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')" for name in classes]
    return etree.XPath(f".//*[{' or '.join(wanted)}]")


def without(element: Any, foreign: etree.XPath) -> Any:
    """Copy an lxml element without some parts; the text after them stays."""
    copy = deepcopy(element)
    for part in cast("list[Any]", foreign(copy)):
        part.drop_tree()
    return copy
