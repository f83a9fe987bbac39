"""What a reader gives: one attachment as blocks, or the reason why there are none."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pipelines.blocks import Block, Cell, Paragraph, Table, text_of

State = Literal["text", "encrypted", "corrupt", "unsupported", "too_big", "timeout"]

STATES: frozenset[str] = frozenset({"text", "encrypted", "corrupt", "unsupported", "too_big", "timeout"})


@dataclass(frozen=True, slots=True)
class Document:
    """One attachment, read.

    Attributes:
        format: what the bytes are (``hwpx``, ``hwp``, ``pdf``, ``html`` …), whatever the name says.
        state: ``text`` when it was read; else why not: encrypted, corrupt, unsupported, too_big, timeout.
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


def dump(document: Document) -> bytes:
    """Write a document as JSON in UTF-8: a paragraph is an object with ``text``, a table one with cells."""
    return json.dumps(asdict(document), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def load(data: bytes) -> Document:
    """Read what :func:`dump` wrote.

    Raises:
        ValueError, KeyError, TypeError: the bytes do not describe a document.
    """
    fields = json.loads(data)
    if fields["state"] not in STATES:
        raise ValueError(f"no such state: {fields['state']!r}")
    return Document(fields["format"], fields["state"], fields["detail"], tuple(map(_block, fields["blocks"])))


def _block(fields: dict[str, Any]) -> Block:
    if "cells" in fields:
        return Table(tuple(Cell(**cell) for cell in fields["cells"]))
    return Paragraph(**fields)
