"""One paragraph of an office file while it is read: its running line, and what stands beside or within it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.blocks import Block, Paragraph
from pipelines.clean.scripts import Script, scripted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Flow:
    """Gathers text and blocks in reading order.

    A box that floats takes no room in the line: its blocks follow the paragraph, and the letters on its two
    sides join. One that stands in the line, like a letter, divides it.

    Args:
        head: called when the first text is said; gives the bullet or number before the paragraph.
    """

    def __init__(self, head: Callable[[], str] = str) -> None:
        self._head: Callable[[], str] | None = head
        self._before = ""
        self._line: list[str] = []
        self._after: list[Block] = []
        self._done: list[Block] = []

    def __bool__(self) -> bool:
        """Tell whether anything was gathered."""
        return bool(self._done or self._after or "".join(self._line).strip())

    def say(self, text: str) -> None:
        """Go on with the line."""
        if text:
            self._line.append(text)
            if self._head and text.strip():
                head, self._head = self._head, None
                self._before = head()

    def mark(self, text: str) -> None:
        """Set the mark of a note, raised, behind what was said."""
        if text:
            with self.scripted("sup"):
                self.say(text)

    @contextmanager
    def scripted(self, script: Script) -> Iterator[None]:
        """Raise or lower what is said meanwhile."""
        before = len(self._line), len(self._done)
        yield
        start = before[0]
        pieces = self._line[start:]
        if pieces and before[1] == len(self._done):
            base = next((piece for piece in reversed(self._line[:start]) if piece), "") if start else ""
            self._line[start:] = scripted(pieces, script, base)

    def apart(self, blocks: Iterable[Block], *, inline: bool = False) -> None:
        """Set blocks beside the line, or in the middle of it."""
        found = list(blocks)
        if inline and found:
            self._finish()
            self._done += found
        else:
            self._after += found

    def take(self, other: Flow) -> None:
        """Go on with what another flow gathered."""
        if other._done:
            self._finish()
            self._done += other._done
        for piece in other._line:
            self.say(piece)
        self._after += other._after

    def blocks(self) -> list[Block]:
        """End the paragraph and give its blocks."""
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
    """Write a text and what stands over it (덧말, ruby): apart from it, in brackets."""
    base, gloss = base.strip(), gloss.strip()
    return f"{base}({gloss})" if base and gloss else base or gloss
