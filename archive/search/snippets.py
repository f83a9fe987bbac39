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


def without_heading(excerpt: str, heading: str, *, marks: tuple[str, str] = MARKS) -> str:
    """Cut a headline off the beginning of an excerpt that stands beneath it, however often it is repeated.

    An excerpt that is nothing but the headline stays as it is.
    """
    rest = excerpt
    while (cut := _after(rest, "".join(heading.split()), marks)) is not None:
        rest = cut
    return rest.lstrip(" -·,.") or excerpt


def _after(text: str, heading: str, marks: tuple[str, str]) -> str | None:
    """Return what follows a heading at the start of a text, ignoring spaces and marks; None without it."""
    at = sought = 0
    open_mark = False
    while sought < len(heading):
        mark = next((mark for mark in marks if text.startswith(mark, at)), None)
        if mark:
            open_mark = mark == marks[0]
            at += len(mark)
        elif at < len(text) and text[at].isspace():
            at += 1
        elif at < len(text) and text[at] == heading[sought]:
            at, sought = at + 1, sought + 1
        else:
            return None
    if open_mark and not text.startswith(marks[1], at):
        return None  # the headline ends within a word that is marked
    return text[at + len(marks[1]) if open_mark else at :] if heading else None


def _best(found: list[tuple[int, str]]) -> int:
    """Return the offset of the excerpt with the most different words; the first of equals."""
    best, most = 0, 0
    for at, (start, _word) in enumerate(found):
        shown = {word for offset, word in found[at : at + 20] if offset - start < LENGTH - _BEFORE}
        if len(shown) > most:
            best, most = start, len(shown)
    return best
