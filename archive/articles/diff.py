"""Differences between two texts, word by word: readable for Korean, with words as separated by spaces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = re.compile(r"\s+|[^\s\w]|\w+")  # runs of space, single signs, words


@dataclass(frozen=True, slots=True)
class Change:
    """One span of the comparison: kept, removed or added text."""

    kind: Literal["kept", "removed", "added"]
    text: str


def differences(before: str, after: str) -> tuple[Change, ...]:
    """Compare two texts word by word; kept and removed join to the first, kept and added to the second.

    Lines are matched first, then words within the spans of lines that differ, so that a long text costs
    little more than its changed part.
    """
    return tuple(_joined(_by_lines(before.splitlines(keepends=True), after.splitlines(keepends=True))))


def _by_lines(before: list[str], after: list[str]) -> Iterator[Change]:
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Change("kept", "".join(before[i:j]))
        else:
            yield from _by_words("".join(before[i:j]), "".join(after[k:m]))


def _by_words(before: str, after: str) -> Iterator[Change]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Change("kept", "".join(old[i:j]))
            continue
        if i < j:
            yield Change("removed", "".join(old[i:j]))
        if k < m:
            yield Change("added", "".join(new[k:m]))


def _joined(changes: Iterator[Change]) -> Iterator[Change]:
    """Join neighbouring spans of one kind, across single spaces between changed words."""
    pending: dict[str, str] = {"removed": "", "added": ""}
    for change in changes:
        if change.kind == "kept" and (not change.text.isspace() or not any(pending.values())):
            yield from (Change(kind, text) for kind, text in _flushed(pending))
            yield change
        elif change.kind == "kept":
            pending["removed"] += change.text
            pending["added"] += change.text
        else:
            pending[change.kind] += change.text
    yield from (Change(kind, text) for kind, text in _flushed(pending))


def _flushed(pending: dict[str, str]) -> Iterator[tuple[Literal["removed", "added"], str]]:
    for kind in ("removed", "added"):
        if pending[kind]:
            yield kind, pending[kind]
        pending[kind] = ""


def excerpt(before: str, after: str, length: int) -> tuple[str, str]:
    """Shorten two texts to where they first differ, with a little context before."""
    same = next(
        (at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new),
        min(len(before), len(after)),
    )
    start = max(0, same - length // 4)
    return before[start : start + length], after[start : start + length]
