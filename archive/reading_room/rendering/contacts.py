"""Contacts of one article grouped by unit, with people, numbers, and how each was attributed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

OWNERS = {
    "printed": "번호 옆에 적혀 있음",
    "grid": "표의 같은 줄에 있음",
    "clause": "같은 문장에 있음",
    "scope": "제목이나 앞뒤 줄에서 앎",
    "none": "누구의 번호인지 적혀 있지 않음",
}
"""How the owner of a number is known, by ``contacts.owner_by``."""

MINISTRIES = {"printed": "부처 이름이 적혀 있음", "published": "발표한 부처로 봄"}
"""How the ministry of a contact is known, by ``contacts.organization_by``."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One contact unit of an article.

    Attributes:
        contacts: its people and numbers, in the order of the article.
    """

    organization: str
    department: str
    contacts: tuple[dict[str, Any], ...]


def by_unit(contacts: Iterable[dict[str, Any]]) -> list[Unit]:
    """Group the contacts of an article by unit, in the order in which the units appear."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in contacts:
        groups.setdefault((one["organization"] or "", one["department"] or ""), []).append(one)
    return [Unit(*names, tuple(ones)) for names, ones in groups.items()]
