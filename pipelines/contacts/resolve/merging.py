"""Merge the mentions of one text: one contact for each person and each unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contacts.resolve.groups import Groups
from pipelines.contacts.resolve.sameness import keys_of, numbers_of, same, same_unit, squeeze, united

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.contacts.draft import Draft


def merge(drafts: Sequence[Draft]) -> list[Draft]:
    """Return one draft for each person and each unit, in order of first mention."""
    groups = Groups(_same, _unite, _keys)
    for draft in drafts:
        if not _repeats(draft, [groups.said[place] for place in groups.near(draft)]):
            groups.add(draft)
    merged = _joined(groups.mentions(), _is_parent, _is_only_parent)
    merged = _joined(merged, _is_without_phone, _is_inside)  # the mail of a 실, the telephone of its only 팀
    near = _neighbours(merged)
    return [draft for draft in merged if not _covered(draft, near(draft))]


def _keys(draft: Draft) -> set[tuple[str, str]]:
    return keys_of(draft) | (set() if draft.unit else {("line", str(draft.line))})


def _same(one: Draft, other: Draft) -> bool:
    """Return whether two mentions are the same; so are two unnamed numbers on one line."""
    nameless = not (one.unit or other.unit or one.person or other.person)
    beside = nameless and one.line == other.line and not (one.phones and other.phones)
    return beside or same(one, other)


def _unite(kept: Draft, other: Draft) -> Draft:
    if not kept.reached and other.reached:
        kept.start, kept.end, kept.anchor = other.start, other.end, other.anchor
        kept.line, kept.kind = other.line, other.kind
    kept.inner = other.inner | kept.inner
    for name, value in united(kept, other).items():
        setattr(kept, name, value)
    return kept


def _neighbours(drafts: Sequence[Draft]) -> Callable[[Draft], list[Draft]]:
    """Return a look-up of the contacts that share something with one, in order of first mention."""
    groups: Groups[Draft] = Groups(lambda _one, _other: False, _unite, _keys)
    for draft in drafts:
        groups.add(draft)

    def near(draft: Draft) -> list[Draft]:
        found = (groups.said[place] for place in groups.near(draft))
        return sorted((other for other in found if other is not draft), key=lambda other: other.anchor)

    return near


def _joined(
    merged: Sequence[Draft], may_go: Callable[[Draft], bool], belongs: Callable[[Draft, Draft], bool]
) -> list[Draft]:
    """Merge a wider unit into its subunit if it has only one."""
    going = [draft for draft in merged if may_go(draft)]
    near = _neighbours(merged if going else ())
    gone: set[int] = set()
    for wider in going:
        units = [unit for unit in near(wider) if belongs(wider, unit) and id(unit) not in gone]
        if len(units) == 1:
            _unite(units[0], wider)
            gone.add(id(wider))
    return [draft for draft in merged if id(draft) not in gone]


def _is_parent(draft: Draft) -> bool:
    return bool(draft.phones and draft.organization and not draft.department and not draft.person)


def _is_without_phone(draft: Draft) -> bool:
    return bool((draft.emails or draft.faxes) and not draft.phones and not draft.person)


def _repeats(draft: Draft, merged: Sequence[Draft]) -> bool:
    """Return whether a draft without a name has only numbers that several other contacts have."""
    if draft.unit or draft.person or draft.faxes or draft.emails or len(draft.phones) < 2:
        return False
    owners = [other for other in merged if set(other.phones) & set(draft.phones)]
    return len(owners) > 1 and set(draft.phones) <= {phone for other in owners for phone in other.phones}


def _is_only_parent(parent: Draft, unit: Draft) -> bool:
    """Return whether a number printed with a ministry alone may be that of its unit named without one."""
    alike = squeeze(parent.organization) == squeeze(unit.organization)
    return unit.kind == "asked" and alike and bool(unit.department) and not unit.reached and not unit.person


def _is_inside(wider: Draft, unit: Draft) -> bool:
    """Return whether a unit reached by telephone is named as part of a wider one."""
    names = squeeze(wider.department), squeeze(unit.department)
    inside = bool(names[0]) and names[1].startswith(names[0]) and names[0] != names[1]
    return inside and wider.organization == unit.organization and bool(unit.phones) and not unit.person


def _covered(draft: Draft, others: Sequence[Draft]) -> bool:
    """Return whether other contacts cover this one: its people, or the units of a bare parent."""
    if draft.person:
        return False
    if draft.reached:
        parts = [other for other in others if other.person and same_unit(draft, other)]
        if not draft.department:
            parts += [other for other in others if other.department]
        return numbers_of(draft) <= {value for other in parts for value in numbers_of(other)}
    organization, department = squeeze(draft.organization), squeeze(draft.department)
    alike = [other for other in others if squeeze(other.organization) == organization]
    if not department:
        return bool(alike)
    parts = [other for other in alike if squeeze(other.department).startswith(department)]
    return bool(parts) or any(same_unit(draft, other) for other in others)
