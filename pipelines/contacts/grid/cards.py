"""Read cards: one contact as fields, each with its label (``소속: … / 성명: … / 직위: … / 전화: …``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.contacts.gazetteer import patterns
from pipelines.contacts.grid.fields import squeezed
from pipelines.contacts.grid.rows import Grid, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.find.layout import Line
    from pipelines.contacts.grid.fields import Field

_KINDS: tuple[Field, ...] = ("unit", "name", "rank", "number")
_LEAST = 3  # fields


@dataclass(slots=True)
class _Card:
    """The fields of one card, and the lines that they are on."""

    fields: dict[Field, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def find_cards(lines: Sequence[Line]) -> Iterator[Grid]:
    """Find every card that gives a name and a unit or rank in fields of their own."""
    for card in _cards(lines):
        first, last = card.lines[0], card.lines[-1]
        row = Row(first.index, first.start, last.start + len(last.text))
        for kind, text in card.fields.items():
            row.put(kind, text)
        row.points = [point for line in card.lines for point in line.points]
        named = row.texts("name") == [squeezed(card.fields.get("name", ""))]
        if named and row.points and len(card.fields) >= _LEAST:
            yield Grid("card", [row], frozenset(line.index for line in card.lines))


def _cards(lines: Sequence[Line]) -> Iterator[_Card]:
    """Gather the fields of lines that follow each other; a name that comes again begins the next card."""
    card = _Card()
    for line in lines:
        fields = _fields(line) if line.kind != "row" and ":" in line.text else []
        ended = line.text.strip() and not fields
        repeated = any(kind in card.fields for kind, _ in fields if kind in ("unit", "name"))
        if card.lines and (ended or repeated):
            yield card
            card = _Card()
        if fields:
            card.fields.update(fields)
            card.lines.append(line)
    if card.lines:
        yield card


def _fields(line: Line) -> list[tuple[Field, str]]:
    """Return the labelled fields of a line that consists of such fields only."""
    fields: list[tuple[Field, str]] = []
    for match in patterns.card_field.finditer(line.text):
        if not fields and patterns.word.search(patterns.card_opening.sub("", line.text[: match.start()])):
            return []
        kind = next(kind for kind in _KINDS if match[kind])
        fields.append((kind, match["value"]))
    return fields
