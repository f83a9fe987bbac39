"""Bound what a page nests before it is parsed: a parser of HTML walks all open elements at every tag.

Marks that are never closed open again in every paragraph (200 KB of ``<p><font size=…>`` took html5ever 94
seconds), and each start of a block looks through all that is open (200 KB of lists in lists: 2 seconds, and
growing with the square). No page that anybody wrote comes near these bounds.
"""

from __future__ import annotations

import re
from collections import Counter

from pipelines.clean.elements import AS_DIVISION, BLOCKS, names

_DEEPEST = 400  # elements in elements; libxml2 loses what lies deeper than 2,048
_MARKS = 3  # of one kind in one another, as many as the HTML standard opens again in a new paragraph
_LONGEST = 20_000  # characters of one tag; more are the bytes of a picture, or many attributes
_ENDLESS = re.compile(rf"<([A-Za-z][A-Za-z0-9]*+)(?=[\s/])[^<>]{{{_LONGEST},}}>")


_PARTING = BLOCKS | AS_DIVISION
_FORMATTING = names("b big code em font i nobr s small strike strong tt u")
# Elements that hold nothing, or that end where the next of their kind begins: they nest only inside others.
_FLAT = names(
    "a area base br caption col colgroup dd dt embed frame hr img input li link meta optgroup option p param"
    " rb rp rt rtc source tbody td tfoot th thead tr track wbr"
)
# The tags that count; most of a page are flat, and are passed over here where they are in lower case.
_NAME = rf"<(/?)(?!(?:{'|'.join(sorted(_FLAT))})(?![A-Za-z0-9]))([A-Za-z][A-Za-z0-9]*+)"
_TAG, _TAG_NAME = re.compile(rf"{_NAME}[^<>]*+>?"), re.compile(_NAME)


def shallow(markup: str) -> str:
    """Take out the tags that nest too deep; no text goes, and none runs together."""
    if len(markup) > _LONGEST:
        markup = _ENDLESS.sub(r"<\1>", markup)
    return markup if _is_shallow(markup) else _TAG.sub(_Nesting().kept, markup)


def _is_shallow(markup: str) -> bool:
    """Return whether nothing nests too deep even if no tag closed itself, as on every page of either site."""
    open_: dict[str, int] = {}
    depth = 0
    for end, name in _TAG_NAME.findall(markup.lower()):
        count = open_.get(name, 0)
        if not end:
            if depth >= _DEEPEST or (count >= _MARKS and name in _FORMATTING):
                return False
            open_[name] = count + 1
            depth += 1
        elif count:
            open_[name] = count - 1
            depth -= 1
    return True


class _Nesting:
    """Counts what is open while tags pass by, in order."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()
        self._depth = 0

    def kept(self, match: re.Match[str]) -> str:
        """Return the tag as it is, or its replacement."""
        name = match[2].lower()
        if name in _FLAT:
            return match[0]
        return self._end(name, match[0]) if match[1] else self._start(name, match[0])

    def _start(self, name: str, tag: str) -> str:
        if tag.endswith("/>") and name not in _PARTING and name not in _FORMATTING:
            return tag
        if self._depth >= _DEEPEST or (name in _FORMATTING and self._open[name] >= _MARKS):
            self._dropped[name] += 1
            return self._instead(name)
        self._open[name] += 1
        self._depth += 1
        return tag

    def _end(self, name: str, tag: str) -> str:
        if self._dropped[name]:
            self._dropped[name] -= 1
            return self._instead(name)
        if self._open[name]:
            self._open[name] -= 1
            self._depth -= 1
        return tag

    @staticmethod
    def _instead(name: str) -> str:
        return "<br>" if name in _PARTING else ""
