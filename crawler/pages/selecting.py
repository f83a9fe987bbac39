"""CSS selectors on one page, most of which begin with a class that a single element has.

libxml2 has no index: each selector goes through the whole page and compares the classes of every element.
An article needs a dozen of them, which took longer than parsing it. Here one walk lists the elements by
class, and a selector such as ``.article_head > h1`` looks at the one element that it begins with.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import Any, cast

from lxml import etree
from parsel import Selector, SelectorList
from parsel.csstranslator import HTMLTranslator

_CLASSED = etree.XPath("descendant-or-self::*[@class]")
_SPACE = re.compile(r"[ \t\r\n]+")
_ONE = re.compile(r"[^ \t\r\n]+")
_BEGINS = re.compile(r"\s*\.([\w-]+)(?:\s*(>)\s*|\s+|\Z)(?![+~])(.*)", re.DOTALL)
_TRANSLATOR = HTMLTranslator()


class Selection:
    """The elements of a page, by CSS selectors; each selector is evaluated once."""

    def __init__(self, page: Selector) -> None:
        self._page = page
        self._found: dict[str, SelectorList[Selector]] = {}
        self._classes: dict[str, list[Any]] = defaultdict(list)
        for element in cast("list[Any]", _CLASSED(page.root)):
            given = element.get("class")
            for name in (given,) if _ONE.fullmatch(given) else dict.fromkeys(_SPACE.split(given)):
                self._classes[name].append(element)

    def css(self, query: str) -> SelectorList[Selector]:
        """Return what ``page.css(query)`` returns."""
        found = self._found.get(query)
        if found is None:
            found = self._found[query] = self._select(query)
        return found

    def _select(self, query: str) -> SelectorList[Selector]:
        paths = _paths(query)
        if paths is None:
            return self._page.css(query)
        begins = [(element, path) for name, path in paths for element in self._classes.get(name, ())]
        if not begins:
            return SelectorList()
        if len(begins) > 1:  # their results would have to be merged in the order of the page
            return self._page.css(query)
        element, path = begins[0]
        return Selector(root=element, type="html").xpath(path)


@cache
def _paths(query: str) -> tuple[tuple[str, str], ...] | None:
    """Split a selector into classes and the paths from there; None where an alternative begins with none."""
    paths: dict[str, list[str]] = {}
    for alternative in query.split(","):
        begins = _BEGINS.fullmatch(alternative)
        if not begins:
            return None
        name, child, rest = begins.groups()
        axis = "child::" if child else "descendant::"
        paths.setdefault(name, []).append(_TRANSLATOR.css_to_xpath(rest, axis) if rest else "self::*")
    return tuple((name, " | ".join(found)) for name, found in paths.items())
