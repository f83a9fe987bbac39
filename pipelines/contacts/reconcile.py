"""Bring together what several texts of one article say of the same contact."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.records import Contact

_MAX_ALIKE = 48  # contacts that share one thing and are compared


def reconcile(found: Iterable[Contact]) -> tuple[Contact, ...]:
    """Give each person and number of an article once, in order of first mention.

    Args:
        found: the contacts of every text, one text after the other; ``attachment`` tells the texts apart.

    Returns:
        The contacts. Evidence stays with the first text; of two owners of one number a table's wins.
    """
    kept: list[Contact] = []
    held: dict[tuple[str, ...], list[int]] = {}
    for contact in found:
        keys = _keys(contact)
        near = sorted({place for key in keys for place in held.get(key, [])[-_MAX_ALIKE:]})
        same = next((place for place in near if _is_same(contact, kept[place])), None)
        if same is None:
            same = len(kept)
            kept.append(contact)
        else:
            kept[same] = _united(kept[same], contact)
        for key in _keys(kept[same]):
            places = held.setdefault(key, [])
            if same not in places[-1:]:
                places.append(same)
    return tuple(kept)


def _keys(contact: Contact) -> set[tuple[str, ...]]:
    """Give what two mentions of one contact share."""
    if contact.person:
        return {("person", contact.person)}
    keys: set[tuple[str, ...]] = {("phone", phone) for phone in contact.phones}
    return keys | {("unit", contact.organization or "", contact.department or "")}


def _is_same(one: Contact, other: Contact) -> bool:
    """Tell whether two texts name the same contact; within one text they were told apart already."""
    if one.attachment == other.attachment:
        return False
    if one.person or other.person:
        share = not one.phones or not other.phones or not set(one.phones).isdisjoint(other.phones)
        return one.person == other.person and share
    if one.phones and other.phones:
        return not set(one.phones).isdisjoint(other.phones)
    unit = one.organization, one.department
    return unit == (other.organization, other.department) != (None, None)


def _united(kept: Contact, other: Contact) -> Contact:
    """Fill what one mention of a contact leaves open from another; evidence stays with the first."""
    tabular = other.owner_by == "grid" != kept.owner_by and (other.organization or other.department)
    owner = other if tabular or kept.owner_by == "none" else kept
    return replace(
        kept,
        organization=owner.organization or kept.organization or other.organization,
        department=owner.department or kept.department or other.department,
        owner_by=owner.owner_by,
        score=owner.score,
        role=kept.role or other.role,
        rank=kept.rank or other.rank,
        mark=kept.mark or other.mark,
        phones=tuple(dict.fromkeys(kept.phones + other.phones)),
        faxes=tuple(dict.fromkeys(kept.faxes + other.faxes)),
        emails=tuple(dict.fromkeys(kept.emails + other.emails)),
        extensions=tuple((dict(other.extensions) | dict(kept.extensions)).items()),
    )
