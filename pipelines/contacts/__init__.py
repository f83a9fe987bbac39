"""Find the contacts of a text: every unit, person and number that it gives for inquiries.

Two questions, one after the other: what numbers and names are there, and whose are they? The way of a text::

    blocks ─ find.layout ─┬─ grid            cards, tables, columns, lists, blocks of those responsible
                          ├─ find.mentions   other lines and sentences with numbers
                          └─ find.referrals  named units the reader is sent to
           ─ own.attribution ─ own.naming ─ resolve ─ Contact ─ reconcile (the texts of one article)

``gazetteer`` holds every Korean word and pattern. ``own.attribution`` scores all candidates for each number
without a name (``owners``) and each unit without an institution (``leaders``), with the weights of
``data/weights.yaml``. ``explain`` prints all of it. docs/contacts.md describes how to extend each.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from archive.records import Contact
from pipelines.blocks import text_of
from pipelines.contacts.find.layout import lay_out
from pipelines.contacts.find.mentions import read_line
from pipelines.contacts.find.referrals import find_referrals
from pipelines.contacts.gazetteer import patterns
from pipelines.contacts.grid import read_grids
from pipelines.contacts.own.attribution import attribute
from pipelines.contacts.own.naming import complete
from pipelines.contacts.resolve.merging import merge
from pipelines.phones import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.records import Link
    from pipelines.blocks import Block
    from pipelines.contacts.draft import Draft
    from pipelines.contacts.find.layout import Line

__all__ = ["find_contacts"]

#: Units of one text that readers are referred to without a number; the press release with the most has 6.
_MOST_REFERRALS = 2_000


def find_contacts(blocks: Sequence[Block], links: Sequence[Link] = ()) -> tuple[Contact, ...]:
    """Find the contacts of a document, in order of first mention.

    Args:
        blocks: paragraphs and tables; positions are offsets in their plain text (``blocks.text_of``).
        links: the body's links; the number of a ``tel:`` link belongs to the words of the link.
    """
    text = text_of(blocks)
    folded = fold(text)
    if not patterns.anybody_offered.search(folded):
        return ()
    lines = _without_furniture(lay_out(folded, blocks, links))
    found, taken = read_grids(lines)
    free = [line for line in lines if line.index not in taken]
    above: list[Draft] = []
    for before, line in zip([None, *free], free, strict=False):
        if line.points:
            above = read_line(line, above, before.text if before else "")
            found += above
        elif line.text.strip():
            above = []
    referred = (find_referrals(line, before) for before, line in zip([None, *free], free, strict=False))
    found += islice(chain.from_iterable(referred), _MOST_REFERRALS)
    found.sort(key=lambda draft: draft.anchor)
    found = attribute(found, lines)
    complete(found, lines)
    return tuple(_contact(draft, text) for draft in merge(found))


def _without_furniture(lines: list[Line]) -> list[Line]:
    """Drop the portal's own licence box, which names the portal's staff (seen 2026-07-22)."""
    for first, line in enumerate(lines):
        if patterns.furniture_start.search(line.text):
            ends = (
                place
                for place in range(first, len(lines))
                if patterns.furniture_end.search(lines[place].text)
            )
            end = next(ends, len(lines))
            return [
                *lines[:first],
                *(replace(kept, points=[], pieces=(), text="") for kept in lines[first:end]),
                *lines[end:],
            ]
    return lines


def _contact(draft: Draft, text: str) -> Contact:
    evidence = text[draft.start : draft.end]
    return Contact(
        organization=draft.organization,
        department=draft.department,
        role=draft.role,
        person=draft.person,
        rank=draft.rank,
        phones=tuple(draft.phones),
        faxes=tuple(draft.faxes),
        emails=tuple(draft.emails),
        extensions=tuple((phone, draft.inner[phone]) for phone in draft.phones if phone in draft.inner),
        mark=draft.mark,
        evidence=evidence.strip(),
        position=draft.end - len(evidence.lstrip()),
        owner_by=draft.owner_by,
        score=draft.score,
    )
