"""Read cards: one contact as fields, each with its label (``소속: … / 성명: … / 직위: … / 전화: …``)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.contacts.draft import Draft
from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import read_head
from pipelines.contacts.find.paths import split_path
from pipelines.contacts.gazetteer import pattern
from pipelines.contacts.grid import labels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.find.layout import Line

_LABELS = (
    r"(?P<{0}unit>소\s?속(?:\s?기관|\s?부서)?|담당\s?부서|부\s?서(?:\s?명)?|기\s?관(?:\s?명)?)"
    r"|(?P<{0}name>성\s?명|이\s?름|담당자(?:\s?명)?)|(?P<{0}rank>직\s?위|직\s?급|직\s?책)"
    r"|(?P<{0}number>(?:대표|유선|휴대|직통|사무실)?\s?전\s?화(?:\s?번호)?|연\s?락\s?처|팩\s?스|이메일|전자우편|메일|e-?mail|휴대폰|fax|tel)"
)
_FIELD = pattern("card_field")
_BEFORE = pattern("card_opening")
_KINDS = ("unit", "name", "rank", "number")


@dataclass(slots=True)
class _Card:
    """The fields of one card, and the lines that they stand on."""

    first: Line
    fields: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def find_cards(lines: Sequence[Line]) -> tuple[list[Draft], set[int]]:
    """Find every card that gives a name and a unit or rank in fields of their own; and the lines taken."""
    found: list[Draft] = []
    taken: set[int] = set()
    for card in _cards(lines):
        draft = _draft(card)
        if draft:
            found.append(draft)
            taken |= {line.index for line in card.lines}
    return found, taken


def _cards(lines: Sequence[Line]) -> Iterator[_Card]:
    """Gather the fields of lines that follow each other; a name that comes again begins the next card."""
    card: _Card | None = None
    for line in lines:
        fields = _fields(line) if line.kind != "row" else []
        if not fields and line.text.strip() and card:
            yield card
            card = None
        repeated = card and any(kind in card.fields for kind, _ in fields if kind in ("unit", "name"))
        if card and repeated:
            yield card
            card = None
        if fields:
            card = card or _Card(line)
            card.fields.update(fields)
            card.lines.append(line)
    if card:
        yield card


def _fields(line: Line) -> list[tuple[str, str]]:
    """Give the labelled fields of a line that holds nothing else."""
    fields: list[tuple[str, str]] = []
    for match in _FIELD.finditer(line.text):
        if not fields and re.search(r"\w", _BEFORE.sub("", line.text[: match.start()])):
            return []
        kind = next(kind for kind in _KINDS if match[kind])
        fields.append((kind, match["value"]))
    return fields


def _draft(card: _Card) -> Draft | None:
    """Make the contact of a card that has a person's name, a number, and a unit or a rank."""
    name = labels.squeezed(card.fields.get("name", ""))
    points = [point for line in card.lines for point in line.points]
    if (
        not points
        or not (lexicon.is_name(name) or lexicon.may_be_name(name))
        or len(card.fields) < len(_KINDS) - 1
    ):
        return None
    organization, department = split_path(read_head(card.fields.get("unit", ""), label=True).path)
    last = card.lines[-1]
    start = card.first.start
    draft = Draft(
        "block", card.first.index, start, last.start + len(last.text), start, organization, department
    )
    draft.person, draft.rank = name, labels.squeezed(card.fields.get("rank", "")) or None
    draft.add(points)
    return draft
