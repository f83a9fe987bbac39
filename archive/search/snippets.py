"""Snippets of a text around the words of a query, which are marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.text.normalize import one_line

if TYPE_CHECKING:
    from archive.search.query import Query

LENGTH = 160
"""Characters of an excerpt, marks not counted."""

MARKS = ("<mark>", "</mark>")
_BEFORE = 40


def highlighter(query: Query) -> re.Pattern[str]:
    """Compile the pattern that finds every term of a query in a text; it never matches an empty query."""
    patterns = [
        term.pattern() for term in query.terms if term.field in (None, "body", "title", "attachments")
    ]
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def snippet(text: str, pattern: re.Pattern[str], *, marks: tuple[str, str] = MARKS) -> str:
    """Return the excerpt of a text with the most different matches, on one line.

    Args:
        text: plain text.
        pattern: of :func:`highlighter`.
        marks: written before and after each match.
    """
    found = [(match.start(), match[0].lower()) for match in pattern.finditer(text)]
    start = max(0, _best(found) - _BEFORE)
    if start:  # begin with a whole word
        space = text.find(" ", start, start + _BEFORE)
        start = space + 1 if space >= 0 else start
    cut = one_line(text[start : start + LENGTH])
    marked = pattern.sub(lambda match: marks[0] + match[0] + marks[1], cut)
    return ("…" if start else "") + marked + ("…" if start + LENGTH < len(text) else "")


def _best(found: list[tuple[int, str]]) -> int:
    """Return the offset of the excerpt with the most different words; the first of equals."""
    best, most = 0, 0
    for at, (start, _word) in enumerate(found):
        shown = {word for place, word in found[at : at + 20] if place - start < LENGTH - _BEFORE}
        if len(shown) > most:
            best, most = start, len(shown)
    return best
