"""When two mentions are of the same person or unit, and how their fields are merged."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from pipelines.contacts.find.lexicon import OWNERLESS
from pipelines.contacts.gazetteer import endings, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

_LENGTHS = sorted({len(name) for name in OWNERLESS})
_FILLED = ("role", "rank", "mark")
_NUMBERS = ("phones", "faxes", "emails")


class Mention(Protocol):
    """The fields that drafts and contacts share."""

    @property
    def organization(self) -> str | None: ...  # noqa: D102
    @property
    def department(self) -> str | None: ...  # noqa: D102
    @property
    def person(self) -> str | None: ...  # noqa: D102
    @property
    def phones(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def faxes(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def emails(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def owner_by(self) -> str | None: ...  # noqa: D102
    @property
    def score(self) -> float | None: ...  # noqa: D102


@lru_cache(maxsize=8192)
def squeeze(text: str | None) -> str:
    """Remove white space and fold middle dots."""
    return "".join((text or "").split()).replace(terms.narrow_dot, "·")


def unit_of(one: Mention) -> str:
    """Return the full path of a mention without spaces."""
    return _whole(one.organization, one.department)


@lru_cache(maxsize=8192)
def _whole(organization: str | None, department: str | None) -> str:
    return squeeze(organization) + squeeze(department)


def numbers_of(one: Mention) -> set[str]:
    """Return all numbers and addresses of a mention."""
    return {*one.phones, *one.faxes, *one.emails}


def keys_of(one: Mention) -> set[tuple[str, str]]:
    """Return the keys that a mention may share with one of the same person or unit."""
    organization, department = squeeze(one.organization), squeeze(one.department)
    whole = organization + department
    keys = {("number", value) for value in numbers_of(one)}
    keys |= {("unit", department[cut:]) for cut in range(len(department)) if _opens(department, cut)}
    keys |= {("unit", organization)} if organization.endswith(terms.centre) and not department else set()
    keys |= {("organization", organization)} if organization else set()
    keys |= {("called", whole[-length:]) for length in _LENGTHS if whole[-length:] in OWNERLESS}
    return keys | ({("person", one.person)} if one.person else set())


def _opens(department: str, cut: int) -> bool:
    """Return whether a unit's short name may begin at an offset of its path."""
    return not cut or department[:cut].endswith(endings.wider_units)


def same(one: Mention, other: Mention, *, apart: bool = False) -> bool:
    """Return whether two mentions are of one person or unit.

    ``apart``: they are in two texts of one article, where a number has one owner and a name is one person
    unless the numbers differ.
    """
    if one.person or other.person:
        silent = apart and not (one.phones and other.phones)
        return one.person == other.person and (silent or _share(one, other) or same_unit(one, other))
    named = unit_of(one) and unit_of(other)
    if (apart or not named) and _share(one, other):
        return True
    if not named:
        return False
    if same_unit(one, other):
        return True
    if not (one.phones and other.phones):
        return _is_short_for(one, other) or _is_short_for(other, one)
    one_number = one.phones == other.phones or set(one.phones) == set(other.phones)
    return one_number and (_is_part(one, other) or _is_part(other, one))


def _share(one: Mention, other: Mention) -> bool:
    return not numbers_of(one).isdisjoint(numbers_of(other))


def same_unit(one: Mention, other: Mention) -> bool:
    """Return whether two paths name one unit, one of them perhaps shorter."""
    if one.organization and other.organization and squeeze(one.organization) != squeeze(other.organization):
        return False
    short, long = sorted((squeeze(one.department), squeeze(other.department)), key=len)
    if short == long:
        apart = one.organization != other.organization and short in OWNERLESS and one.phones and other.phones
        return bool(short or (one.organization and other.organization)) and not apart
    return bool(short) and long.endswith(short) and long.removesuffix(short).endswith(endings.wider_units)


def _is_short_for(short: Mention, full: Mention) -> bool:
    """Return whether 콜센터 is what the text calls 공익직불제 콜센터 for short."""
    bare = not short.organization and short.department in OWNERLESS
    return (bare and unit_of(full).endswith(unit_of(short))) or _is_named_in(short, full)


def _is_named_in(centre: Mention, full: Mention) -> bool:
    """Return whether 물류신고센터 is what the text calls 국토부 물류신고센터 elsewhere."""
    name = centre.organization or ""
    return name.endswith(terms.centre) and not centre.department and name == full.department


def _is_part(one: Mention, unit: Mention) -> bool:
    """Return whether a path begins or ends another with the same number, or is a centre without an owner."""
    if not one.organization and one.department in OWNERLESS:
        return True
    name, whole = unit_of(one), unit_of(unit)
    begins = (whole if one.organization else squeeze(unit.department)).startswith(name)
    return begins or (name.endswith(terms.centre) and whole.endswith(name))


def united(kept: Any, other: Any, *, apart: bool = False) -> dict[str, Any]:
    """Return the merged fields of two mentions of one contact; evidence is that of the first.

    The fullest name wins. If two texts (``apart``) have two owners of one number, that of a table wins.
    """
    fields = {name: getattr(kept, name) or getattr(other, name) for name in _FILLED}
    for name in _NUMBERS:
        fields[name] = list(dict.fromkeys((*getattr(kept, name), *getattr(other, name))))
    return fields | _united_unit(kept, other, apart=apart)


def _united_unit(kept: Mention, other: Mention, *, apart: bool) -> dict[str, Any]:
    """Return the unit of two mentions, and how it is known."""
    organization, department = kept.organization, kept.department
    owner_by, score = kept.owner_by, kept.score
    tabular = apart and other.owner_by == "grid" != kept.owner_by and not same_unit(kept, other)
    if unit_of(other) and (tabular or owner_by == "none" or (other.score or 0) > (score or 0)):
        owner_by, score = other.owner_by, other.score
    if tabular and unit_of(other):
        organization, department = other.organization or organization, other.department or department
    else:
        bare = not organization and department in OWNERLESS
        if other.organization and (bare or _is_named_in(kept, other)):
            organization, department = other.organization, other.department
        organization = organization or other.organization
        whole = squeeze(organization) + squeeze(department)
        short = other.department in OWNERLESS and whole.endswith(squeeze(other.department))
        if not short and len(squeeze(other.department)) > len(squeeze(department)):
            department = other.department
    return {"organization": organization, "department": department, "owner_by": owner_by, "score": score}
