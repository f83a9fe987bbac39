"""One paragraph of an office file while it is read: its text, and the boxes beside or within it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.blocks import Block, Paragraph
from pipelines.clean.scripts import Script, scripted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Flow:
    """Collects text and blocks in reading order.

    The blocks of a floating box follow the paragraph, whose text is not interrupted. An inline box splits the
    text.

    Args:
        head: called at the first text; returns the bullet or number before the paragraph.
    """

    def __init__(self, head: Callable[[], str] = str) -> None:
        self._head: Callable[[], str] | None = head
        self._before = ""
        self._line: list[str] = []
        self._after: list[Block] = []
        self._done: list[Block] = []

    def __bool__(self) -> bool:
        """Return whether anything was collected."""
        return bool(self._done or self._after or "".join(self._line).strip())

    def say(self, text: str) -> None:
        """Append text to the line."""
        if text:
            self._line.append(text)
            if self._head and text.strip():
                head, self._head = self._head, None
                self._before = head()

    def mark(self, text: str) -> None:
        """Append the raised reference mark of a note."""
        if text:
            with self.scripted("sup"):
                self.say(text)

    @contextmanager
    def scripted(self, script: Script) -> Iterator[None]:
        """Raise or lower text appended within the block."""
        before = len(self._line), len(self._done)
        yield
        start = before[0]
        pieces = self._line[start:]
        if pieces and before[1] == len(self._done):
            base = next((piece for piece in reversed(self._line[:start]) if piece), "") if start else ""
            self._line[start:] = scripted(pieces, script, base)

    def apart(self, blocks: Iterable[Block], *, inline: bool = False) -> None:
        """Add blocks beside the line, or inline."""
        found = list(blocks)
        if inline and found:
            self._finish()
            self._done += found
        else:
            self._after += found

    def take(self, other: Flow) -> None:
        """Append the content of another flow."""
        if other._done:
            self._finish()
            self._done += other._done
        for piece in other._line:
            self.say(piece)
        self._after += other._after

    def blocks(self) -> list[Block]:
        """End the paragraph and return its blocks."""
        self._finish()
        return self._done

    def _finish(self) -> None:
        text = "".join(self._line).strip()
        if text:
            self._done.append(Paragraph(self._before + text))
            self._before = ""
        self._done += self._after
        self._line, self._after = [], []


def glossed(base: str, gloss: str) -> str:
    """Return a text with its ruby (덧말) in brackets."""
    base, gloss = base.strip(), gloss.strip()
    return f"{base}({gloss})" if base and gloss else base or gloss
