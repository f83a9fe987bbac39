"""Merge the contacts of the texts of one article."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.contacts.resolve.groups import Groups
from pipelines.contacts.resolve.sameness import keys_of, same, united

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.records import Contact


@dataclass(frozen=True, slots=True)
class _Merged:
    """One contact, and the texts that it was merged from."""

    contact: Contact
    texts: frozenset[str | None]


def reconcile(found: Iterable[Contact]) -> tuple[Contact, ...]:
    """Return each person and number of an article once, in order of first mention.

    Args:
        found: the contacts of every text, one text after the other; ``attachment`` distinguishes the texts.

    Returns:
        The contacts. Evidence is that of the first text; of two owners of one number a table's wins.
    """
    groups = Groups(_is_same, _unite, lambda merged: keys_of(merged.contact))
    for contact in found:
        groups.add(_Merged(contact, frozenset([contact.attachment])))
    return tuple(merged.contact for merged in groups.mentions())


def _is_same(one: _Merged, other: _Merged) -> bool:
    """Return whether contacts of different texts are the same; within one text they are merged already."""
    return one.texts.isdisjoint(other.texts) and same(one.contact, other.contact, apart=True)


def _unite(kept: _Merged, other: _Merged) -> _Merged:
    fields = united(kept.contact, other.contact, apart=True)
    for name in ("phones", "faxes", "emails"):
        fields[name] = tuple(fields[name])
    extensions = dict(other.contact.extensions) | dict(kept.contact.extensions)
    contact = replace(kept.contact, **fields, extensions=tuple(extensions.items()))
    return _Merged(contact, kept.texts | other.texts)
