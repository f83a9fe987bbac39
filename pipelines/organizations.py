"""Organizations: which ministry or agency a printed name means on a day.

The facts are in ``data/organizations.yaml``. A name is read as printed (white space and the middle dot's
width aside), as an abbreviation, or by the site's code; the printed form is for the caller to keep.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import yaml

from archive.organizations import found_by_name, nobody_called
from archive.records import Organization
from archive.text.normalize import name_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.records import Contact

How: TypeAlias = Literal["printed", "published"]

_FIRST, _LAST = "0000-00-00", "9999-99-99"


@cache
def load() -> tuple[Organization, ...]:
    """Read every organization of every era from the data file, in its order."""
    text = resources.files(__package__).joinpath("data/organizations.yaml").read_text(encoding="utf-8")
    return tuple(_organization(entry) for entry in yaml.load(text, Loader=yaml.CSafeLoader))


def _organization(entry: dict[str, Any]) -> Organization:
    return Organization(
        key=entry["key"],
        name=entry["name"],
        name_en=entry.get("name_en"),
        code=entry.get("code"),
        parent=entry.get("parent"),
        abbreviations=tuple(entry.get("short", ())),
        valid_from=entry["from"].isoformat() if "from" in entry else None,
        valid_to=entry["to"].isoformat() if "to" in entry else None,
        successors=tuple(entry.get("successors", ())),
    )


@cache
def known_names() -> frozenset[str]:
    """Return all names and abbreviations of every era, as they are written."""
    return frozenset(name for organization in load() for name in _names(organization))


def names_meant(name: str) -> frozenset[str]:
    """Return every name, without white space, of the organizations that a name finds.

    Raises:
        UsageError: no organization is called so; the nearest names are given.
    """
    found = [key for known, key, _ in found_by_name(load()) if name_key(known) == name_key(name)]
    if not found:
        raise nobody_called(name, known_names())
    return frozenset(name_key(known) for key in found for known in _names(_by_key()[key]))


def resolve(name: str | None, code: str | None, day: str | None) -> Organization | None:
    """Find the organization that a printed name, or else the site's code, means on a day.

    A site may print a name on a day on which the organization did not have it: the portal relabels old items
    (질병관리청 on items of 2020-01, seen 2026) and keeps stale names (경제사회발전노사정위원회 in 2026).
    Where exactly one organization preceded or followed it, that one is meant; after a split or merger, the
    one named.

    Args:
        name: as printed, or an abbreviation; tried first.
        code: the site's repCode; used when the name is not known. It outlives renames.
        day: YYYY-MM-DD in KST, longer times are cut; None means today's organization where there is one.

    Returns:
        The organization, or None when neither name nor code is known.
    """
    held = _by_name().get(name_key(name or "")) or _by_code().get(code or "")
    if not held:
        return None
    date = (day or _LAST)[:10]
    nearest = min(held, key=lambda organization: _distance(organization, date))
    return _at(nearest, date)


def organization_of_contact(
    contact: Contact, article_organization: str | None, day: str | None
) -> tuple[Organization | None, How]:
    """Resolve whom a contact belongs to, marking whether the text says so.

    Args:
        contact: as extracted; its organization is None where the text prints a bare unit (과, 팀).
        article_organization: the publishing ministry as printed.
        day: of publication, YYYY-MM-DD in KST.

    Returns:
        The organization (None when unknown) and how it is known: ``printed`` when the text itself names it,
        ``published`` when it is only that of the publishing ministry. A body that is printed and not known
        has none: it is somebody else's, and who published the text says nothing of it.
    """
    if contact.organization:
        return resolve(contact.organization, None, day), "printed"
    return resolve(article_organization, None, day), "published"


def with_organization(contact: Contact, article_organization: str | None, day: str | None) -> Contact:
    """Return a contact with its ministry's key and how it is known; see :func:`organization_of_contact`."""
    organization, how = organization_of_contact(contact, article_organization, day)
    if organization is None:
        return replace(contact, organization_key=None, organization_by=None)
    return replace(contact, organization_key=organization.key, organization_by=how)


def _names(organization: Organization) -> tuple[str, ...]:
    return (organization.name, *organization.abbreviations)


@cache
def _by_name() -> dict[str, list[Organization]]:
    held: dict[str, list[Organization]] = {}
    for organization in load():
        for name in _names(organization):
            held.setdefault(name_key(name), []).append(organization)
    return held


@cache
def _by_code() -> dict[str, list[Organization]]:
    return {organization.code: [organization] for organization in load() if organization.code}


@cache
def _by_key() -> dict[str, Organization]:
    return {organization.key: organization for organization in load()}


def _successors(organization: Organization) -> list[Organization]:
    return [_by_key()[key] for key in organization.successors]


@cache
def _predecessors() -> dict[str, list[Organization]]:
    before: dict[str, list[Organization]] = {}
    for organization in load():
        for successor in organization.successors:
            before.setdefault(successor, []).append(organization)
    return before


def _distance(organization: Organization, date: str) -> tuple[bool, int]:
    """Order holders of one name: the one in office first, then the nearest in time (in days, roughly)."""
    since, until = organization.valid_from or _FIRST, organization.valid_to or _LAST
    if since <= date <= until:
        return False, 0
    return True, _days(since) - _days(date) if date < since else _days(date) - _days(until)


def _days(date: str) -> int:
    year, month, day = map(int, date.split("-"))
    return (year * 12 + month) * 31 + day


def _at(organization: Organization, date: str) -> Organization:
    """Follow renames to the organization of that day; stop at a split or merger."""
    for step in _chain(organization, date):
        if (step.valid_from or _FIRST) <= date <= (step.valid_to or _LAST):
            return step
    return organization


def _chain(organization: Organization, date: str) -> Iterator[Organization]:
    current: Organization | None = organization
    forward = date > (organization.valid_to or _LAST)
    while current is not None:
        yield current
        near = _successors(current) if forward else _predecessors().get(current.key, [])
        current = near[0] if len(near) == 1 else None
