"""Emphasis that CommonMark sees: where the marks may stand, and what must be escaped between them.

A mark opens or closes only where the characters on its two sides allow it (CommonMark 0.31, 6.2): after a
bracket and before a Korean particle, ``**「정책」**을``, it is nothing but two asterisks. So marks hug
letters, and take brackets in only as pairs.
"""

from __future__ import annotations

import re

_ANYWHERE = re.compile(
    r"[\\`*\[\]]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore inside a word is none of emphasis
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=[A-Za-z#])"
    r"|~(?=[^~\n]*~)|(?<=~)~"
)
_SUSPECT = re.compile(r"[\\`*\[\]_<&~]")
_LETTERS = re.compile(r"[^\W_](?:.*[^\W_])?", re.S)
_PAIRS = dict(zip(")]}」』〉》】〕’”", "([{「『〈《【〔‘“", strict=True))
_OPENING = frozenset(_PAIRS.values())


def emphasised(text: str, mark: str, before: str, after: str) -> str:
    """Set marks around the letters of a text, and around the brackets that these open or close.

    Args:
        text: one emphasised stretch.
        mark: ``**`` or ``*``.
        before: the character that stands before it, empty at the start.
        after: the character that follows it, empty at the end.
    """
    letters = _LETTERS.search(text)
    if not letters:
        return escaped(text)
    first, last = _balanced(text, *letters.span(), before, after)
    if first >= last:
        return escaped(text)
    return f"{escaped(text[:first])}{mark}{escaped(text[first:last])}{mark}{escaped(text[last:])}"


def _balanced(text: str, first: int, last: int, before: str, after: str) -> tuple[int, int]:
    """Move the ends so that no bracket is open between them: out to its partner, else in to a letter."""
    opened, closed = _unmatched(text, first, last)
    if closed:
        first = _start(text, first, closed, before)
    if opened:
        last = _end(text, last, opened, after)
    return first, last


def _unmatched(text: str, first: int, last: int) -> tuple[list[int], list[int]]:
    """Find the brackets that are opened and not closed, and closed and not opened."""
    opened: list[int] = []
    closed: list[int] = []
    for place in range(first, last):
        char = text[place]
        if char in _OPENING:
            opened.append(place)
        elif char in _PAIRS:
            if opened and text[opened[-1]] == _PAIRS[char]:
                opened.pop()
            elif not opened:
                closed.append(place)
    return opened, closed


def _start(text: str, first: int, closed: list[int], before: str) -> int:
    """Take in the brackets just before the first letter, or begin after those that they close."""
    start = first
    for place in closed:
        if not start or text[start - 1] != _PAIRS[text[place]]:
            break
        start -= 1
    else:
        if not (text[start - 1] if start else before).isalnum():
            return start
    letters = _LETTERS.search(text, closed[-1] + 1)
    return letters.start() if letters else len(text)


def _end(text: str, last: int, opened: list[int], after: str) -> int:
    """Take in the brackets just after the last letter, or end before those that they would close."""
    end = last
    for place in reversed(opened):
        while end < len(text) and not text[end].isalnum() and _PAIRS.get(text[end]) != text[place]:
            end += 1
        if end == len(text) or text[end].isalnum():
            break
        end += 1
    else:
        if not (text[end : end + 1] or after).isalnum():
            return end
    letters = _LETTERS.search(text, 0, opened[0])
    return letters.end() if letters else 0


def escaped(text: str) -> str:
    """Escape what Markdown would read as its own; what matters only at the start of a line is left."""
    if not _SUSPECT.search(text):
        return text
    return _ANYWHERE.sub(lambda match: f"\\{match[0]}", text)
