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
    from collections.abc import Iterator, Mapping, Sequence

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
_AROUND = _NESTING - _RAW


def emptied(html: str, around: Mapping[str, tuple[str, str]]) -> str:
    """Remove the content of parts of a page from its text, where parsing the rest gives the same tree.

    Args:
        html: the page.
        around: for the tag of each part the attribute by which it is known, the first of its start tag, and
            its value.

    Returns:
        The page with those parts empty that stand there exactly once and nest in no way that reaches beyond
        them; the others as they are.
    """
    kept: list[str] = []
    last = 0
    open_: Counter[str] = Counter()
    for start, end, tag in sorted(_spans(html, around)):
        before = html[last:start]
        if start < last or not _is_markup(before):
            break
        kept.append(before)
        last = start
        _follow(before, open_)
        if open_.keys() - _VOID - {tag} <= _AROUND and _is_complete(html[start:end], tag):
            last = end
    return "".join((*kept, html[last:]))


def _spans(html: str, around: Mapping[str, tuple[str, str]]) -> Iterator[tuple[int, int, str]]:
    """Find where the content of each part begins and ends, and its tag."""
    for tag, (attribute, value) in around.items():
        start, end = _only(html, f'<{tag} {attribute}="{value}"'), _only(html, f"</{tag}>")
        first = html.find(">", start) + 1
        if 0 <= start < first <= end:
            yield first, end, tag


def _only(html: str, mark: str) -> int:
    """Return where a mark stands that stands in a page exactly once; else -1."""
    found = html.find(mark)
    return found if html.find(mark, found + 1) < 0 else -1


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
    names_inside = set(_NAME.findall(inside))
    if f"<{tag}" in names_inside or not all(map(str.islower, names_inside)) or not _is_markup(inside):
        return False
    open_: Counter[str] = Counter()
    return _follow(inside, open_) and open_.keys().isdisjoint(_NESTING)


def _follow(part: str, open_: Counter[str]) -> bool:
    """Count the elements that a part of a page opens and closes; return whether it closed no others.

    Only such as matter around: see :data:`_NESTING`.
    """
    alone = True
    for name in map(str.lower, _NAME.findall(part)):
        if name[1] != "/":
            open_[name[1:]] += 1
        elif open_[name[2:]] > 1:
            open_[name[2:]] -= 1
        elif not open_.pop(name[2:], 0):
            alone = alone and name[2:] not in _NESTING
    return alone


def parts(*, tags: Sequence[str] = (), classes: Sequence[str] = ()) -> etree.XPath:
    """Compile what finds all elements below one that have one of the tags or classes."""
    wanted = [f"self::{tag}" for tag in tags]
    wanted += [f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')" for name in classes]
    return etree.XPath(f".//*[{' or '.join(wanted)}]")


def without(element: Any, foreign: etree.XPath) -> Any:
    """Copy an lxml element without some parts, if it has any; the text after them stays."""
    if not foreign(element):
        return element
    copy = deepcopy(element)
    for part in cast("list[Any]", foreign(copy)):
        part.drop_tree()
    return copy
