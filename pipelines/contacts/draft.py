"""A contact in the making."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.contacts.find.heads import Person
    from pipelines.contacts.find.layout import Point

Kind = Literal["block", "label", "row", "prose", "asked"]


@dataclass(slots=True)
class Draft:
    """What is known so far; ``line`` and the offsets in the whole text say where.

    ``start`` and ``end`` bound the evidence; ``anchor`` is the offset of the unit, or of the bare number.
    """

    kind: Kind
    line: int
    start: int
    end: int
    anchor: int
    organization: str | None = None
    department: str | None = None
    person: str | None = None
    rank: str | None = None
    role: str | None = None
    mark: str | None = None
    phones: list[str] = field(default_factory=list)
    faxes: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    signs: tuple[str, ...] = ()  # what speaks for and against a unit named by a mere noun
    owner_by: str = ""  # printed, grid, clause, scope or none; empty until it is decided
    score: float = 0.0  # how sure that is, from 0 to 1
    inner: dict[str, str] = field(default_factory=dict)  # number: the extension to dial after it

    @property
    def unit(self) -> bool:
        """Whether an organization or a department is known."""
        return bool(self.organization or self.department)

    @property
    def reached(self) -> bool:
        """Whether a number or an address is known."""
        return bool(self.phones or self.faxes or self.emails)

    def join(self, other: Draft) -> None:
        """Take the numbers of another that goes on with this one."""
        for mine, theirs in (
            (self.phones, other.phones),
            (self.faxes, other.faxes),
            (self.emails, other.emails),
        ):
            mine += [value for value in theirs if value not in mine]
        self.inner |= other.inner
        self.end = max(self.end, other.end)

    def add(self, points: Iterable[Point]) -> None:
        """Take numbers and addresses, none twice."""
        for point in points:
            values = {"phone": self.phones, "fax": self.faxes, "email": self.emails}[point.kind]
            values += [value for value in point.values if value not in values]
            self.extend(point)

    def extend(self, point: Point) -> None:
        """Keep the extension of a number that is this contact's."""
        if point.inner and point.values[-1] in self.phones:
            self.inner[point.values[-1]] = point.inner


def shared(points: Sequence[Point], count: int) -> list[list[Point]]:
    """Share numbers out: as many as there are people in order, one to all, else all to the last.

    An address or a fax number among them goes the same way only when there are as many.
    """
    phones = [part for point in points if point.kind == "phone" for part in point.apart()]
    others = [point for point in points if point.kind != "phone"]
    shares: list[list[Point]] = [[] for _ in range(count)]
    for share, phone in zip(shares, phones * count if len(phones) == 1 else phones, strict=False):
        if len(phones) in (1, count):
            share.append(phone)
    if len(phones) not in (1, count):
        shares[-1] += phones
    for share, other in zip(shares, others, strict=False):
        if len(others) == count:
            share.append(other)
    if len(others) != count:
        shares[-1] += others
    return shares


def share_out(drafts: Sequence[Draft], points: Sequence[Point]) -> None:
    """Assign each its numbers and addresses; see :func:`shared`."""
    for draft, mine in zip(drafts, shared(points, len(drafts)), strict=True):
        draft.add(mine)


def share_in_order(drafts: Sequence[Draft], numbers: Draft) -> None:
    """Assign each its number of as many in another draft."""
    for draft, phone in zip(drafts, numbers.phones, strict=True):
        inner = {phone: numbers.inner[phone]} if phone in numbers.inner else {}
        draft.join(replace(numbers, phones=[phone], inner=inner))


def drafts_of(people: Sequence[Person], template: Draft) -> list[Draft]:
    """Make one draft for each person, or one for the unit where nobody is named."""
    if not people:
        return [template]
    return [
        Draft(
            template.kind,
            template.line,
            template.start,
            template.end,
            template.anchor,
            template.organization,
            template.department,
            person.name,
            person.rank,
            template.role,
            template.mark,
        )
        for person in people
    ]
