"""The result of a reader: one attachment as blocks, or the reason why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipelines.blocks import Block, text_of

State = Literal["text", "encrypted", "corrupt", "unsupported", "too_big", "timeout", "failed"]


@dataclass(frozen=True, slots=True)
class Document:
    """One attachment, read.

    Attributes:
        format: detected from the bytes (``hwpx``, ``hwp``, ``pdf``, ``html`` …), not from the name.
        state: ``text`` if it was read, otherwise why not: encrypted, corrupt, unsupported, too_big, timeout,
            or failed, which is no fault of the file.
        detail: one line for a person; beside ``text``, what was lost (a truncated end, pages without text).
        blocks: paragraphs and tables in reading order; empty unless the state is ``text``.
    """

    format: str
    state: State
    detail: str | None = None
    blocks: tuple[Block, ...] = ()

    @property
    def text(self) -> str:
        """The plain text: paragraphs on lines of their own, table rows on one line."""
        return text_of(self.blocks)
