"""Bring mentions of the same unit or person together."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pipelines.contacts.find.lexicon import OWNERLESS
from pipelines.contacts.gazetteer import endings, term

_WIDER = endings("wider_units")

_LENGTHS = sorted({len(name) for name in OWNERLESS})
_MAX_ALIKE = 24  # contacts of one text that share one thing and are compared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipelines.contacts.draft import Draft

_NARROW_DOT = term("narrow_dot")
_CENTRE = term("centre")


class _Index:
    """Finds the contacts that may be the same as another by what they share; the nearest of many."""

    def __init__(self, drafts: Iterable[Draft] = ()) -> None:
        self.held: dict[tuple[str, str], dict[int, Draft]] = {}
        for draft in drafts:
            self.add(draft)

    def add(self, draft: Draft) -> None:
        """Hold a contact under all that it shares with others; again after it grew."""
        for key in _keys(draft):
            held = self.held.setdefault(key, {})
            held[id(draft)] = draft
            if len(held) > _MAX_ALIKE:
                del held[next(iter(held))]

    def near(self, draft: Draft) -> list[Draft]:
        """Give the contacts that share something with this one, in order of first mention."""
        found = {id(other): other for key in _keys(draft) for other in self.held.get(key, {}).values()}
        return sorted(
            (other for other in found.values() if other is not draft), key=lambda other: other.anchor
        )


def _keys(draft: Draft) -> set[tuple[str, str]]:
    """Give what a contact may share with one that is the same."""
    organization, department = _squeeze(draft.organization), _squeeze(draft.department)
    whole = organization + department
    keys = {("number", value) for value in (*draft.phones, *draft.emails, *draft.faxes)}
    keys |= {("unit", department[cut:]) for cut in range(len(department)) if _opens(department, cut)}
    keys |= {("unit", organization)} if organization.endswith(_CENTRE) and not department else set()
    keys |= {("organization", organization)} if organization else set()
    keys |= {("called", whole[-length:]) for length in _LENGTHS if whole[-length:] in OWNERLESS}
    keys |= {("person", draft.person)} if draft.person else set()
    return keys | {("line", str(draft.line))} if not draft.unit else keys


def _opens(department: str, cut: int) -> bool:
    """Tell whether a unit's short name may begin at an offset of its path."""
    return not cut or department[:cut].endswith(_WIDER)


def merge(drafts: Sequence[Draft]) -> list[Draft]:
    """Give one draft for each person and each unit, in order of first mention."""
    merged: list[Draft] = []
    index = _Index()
    for draft in drafts:
        near = index.near(draft)
        if _repeats(draft, near):
            continue
        same = next((other for other in near if _same(other, draft)), None)
        if same:
            _unite(same, draft)
        else:
            merged.append(draft)
        index.add(same or draft)
    merged = _joined(merged, _is_parent, _is_only_parent)
    merged = _joined(merged, _is_without_phone, _is_inside)  # the mail of a 실, the telephone of its only 팀
    index = _Index(merged)
    return [draft for draft in merged if not _covered(draft, index.near(draft))]


def _joined(
    merged: list[Draft], may_go: Callable[[Draft], bool], belongs: Callable[[Draft, Draft], bool]
) -> list[Draft]:
    """Give what is known of a wider unit to its only unit, where it has one alone."""
    index = _Index(merged)
    gone: set[int] = set()
    for wider in [draft for draft in merged if may_go(draft)]:
        units = [unit for unit in index.near(wider) if belongs(wider, unit) and id(unit) not in gone]
        if len(units) == 1:
            _unite(units[0], wider)
            gone.add(id(wider))
    return [draft for draft in merged if id(draft) not in gone]


def _is_parent(draft: Draft) -> bool:
    return bool(draft.phones and draft.organization and not draft.department and not draft.person)


def _is_without_phone(draft: Draft) -> bool:
    return bool((draft.emails or draft.faxes) and not draft.phones and not draft.person)


def _repeats(draft: Draft, merged: Sequence[Draft]) -> bool:
    """Tell whether a draft without a name gives only numbers that several contacts have been given for."""
    if draft.unit or draft.person or draft.faxes or draft.emails or len(draft.phones) < 2:
        return False
    owners = [other for other in merged if set(other.phones) & set(draft.phones)]
    return len(owners) > 1 and set(draft.phones) <= {phone for other in owners for phone in other.phones}


def _is_only_parent(parent: Draft, unit: Draft) -> bool:
    """Tell whether a number printed with a ministry alone may be that of its unit named without one."""
    same = _squeeze(parent.organization) == _squeeze(unit.organization)
    return unit.kind == "asked" and same and bool(unit.department) and not unit.reached and not unit.person


def _is_inside(wider: Draft, unit: Draft) -> bool:
    """Tell whether a unit reached by telephone is named as part of a wider one."""
    names = _squeeze(wider.department), _squeeze(unit.department)
    inside = bool(names[0]) and names[1].startswith(names[0]) and names[0] != names[1]
    return inside and wider.organization == unit.organization and bool(unit.phones) and not unit.person


@lru_cache(maxsize=8192)
def _squeeze(text: str | None) -> str:
    return "".join((text or "").split()).replace(_NARROW_DOT, "·")


def _same(one: Draft, other: Draft) -> bool:
    if one.person or other.person:
        return one.person == other.person and (
            _same_unit(one, other) or bool(set(one.phones) & set(other.phones))
        )
    if not one.unit or not other.unit:
        beside = not one.unit and not other.unit and one.line == other.line
        return bool({*one.phones, *one.emails} & {*other.phones, *other.emails}) or (
            beside and not (one.phones and other.phones)
        )
    if not (one.phones and other.phones) and (_called(one, other) or _called(other, one)):
        return True
    if not (one.phones and other.phones) and (_part_of(one, other) or _part_of(other, one)):
        return True
    if one.phones and set(one.phones) == set(other.phones):
        alike = _within(one, other) or _within(other, one) or _ends(one, other) or _ends(other, one)
        if alike:
            return True
    return _same_unit(one, other)


def _called(short: Draft, full: Draft) -> bool:
    """Tell whether 콜센터 is what the text calls 공익직불제 콜센터 for short."""
    name = _squeeze(short.department)
    whole = _squeeze(full.organization) + _squeeze(full.department)
    return not short.organization and short.department in OWNERLESS and whole.endswith(name)


def _part_of(centre: Draft, full: Draft) -> bool:
    """Tell whether 물류신고센터 is what the text calls 국토부 물류신고센터 elsewhere."""
    name = centre.organization or ""
    return name.endswith(_CENTRE) and not centre.department and name == full.department


def _ends(short: Draft, full: Draft) -> bool:
    """Tell whether one name ends another, of a centre with the same number: 전용콜센터, X 전용 콜센터."""
    name = _squeeze(short.organization) + _squeeze(short.department)
    return name.endswith(_CENTRE) and (_squeeze(full.organization) + _squeeze(full.department)).endswith(name)


def _within(parent: Draft, unit: Draft) -> bool:
    """Tell whether one path begins the other, or is a centre without an owner: two names for one number."""
    if not parent.organization and parent.department in OWNERLESS:
        return True
    whole = _squeeze(unit.organization if parent.organization else None) + _squeeze(unit.department)
    return whole.startswith(_squeeze(parent.organization) + _squeeze(parent.department))


def _same_unit(one: Draft, other: Draft) -> bool:
    """Tell whether two paths name one unit, one of them perhaps shorter."""
    if one.organization and other.organization and _squeeze(one.organization) != _squeeze(other.organization):
        return False
    short, long = sorted((_squeeze(one.department), _squeeze(other.department)), key=len)
    if short == long:
        apart = one.organization != other.organization and short in OWNERLESS and one.phones and other.phones
        return bool(short or (one.organization and other.organization)) and not apart
    return bool(short) and long.endswith(short) and long.removesuffix(short).endswith(_WIDER)


def _unite(kept: Draft, other: Draft) -> None:
    alone = (not kept.organization and kept.department in OWNERLESS) or _part_of(kept, other)
    if alone and other.organization:
        kept.organization, kept.department = other.organization, other.department
    kept.organization = kept.organization or other.organization
    whole = _squeeze(kept.organization) + _squeeze(kept.department)
    short = other.department in OWNERLESS and whole.endswith(_squeeze(other.department))
    if not short and len(_squeeze(other.department)) > len(_squeeze(kept.department)):
        kept.department = other.department
    if not kept.reached and other.reached:
        kept.start, kept.end, kept.anchor = other.start, other.end, other.anchor
        kept.line, kept.kind = other.line, other.kind
    kept.rank = kept.rank or other.rank
    kept.role = kept.role or other.role
    kept.mark = kept.mark or other.mark
    if other.unit and (kept.owner_by == "none" or other.score > kept.score):
        kept.owner_by, kept.score = other.owner_by, other.score
    kept.inner = other.inner | kept.inner
    for mine, theirs in ((kept.phones, other.phones), (kept.faxes, other.faxes), (kept.emails, other.emails)):
        mine += [value for value in theirs if value not in mine]


def _covered(draft: Draft, others: Sequence[Draft]) -> bool:
    """Tell whether other contacts say all that this one says: its people, or units of a bare parent."""
    if draft.person:
        return False
    if draft.reached:
        same = [other for other in others if other.person and _same_unit(draft, other)]
        if not draft.department:
            same += [other for other in others if other.department]
        theirs = {value for other in same for value in (*other.phones, *other.emails, *other.faxes)}
        return {*draft.phones, *draft.emails, *draft.faxes} <= theirs
    organization = _squeeze(draft.organization)
    if not draft.department:
        return any(_squeeze(other.organization) == organization for other in others)
    department = _squeeze(draft.department)
    return any(
        _same_unit(draft, other)
        or (
            _squeeze(other.organization) == organization and _squeeze(other.department).startswith(department)
        )
        for other in others
    )
