"""Attribute numbers and units to owners: all candidates are scored with the same features, the best wins.

A contact as it was found names its owner beside it, or in part, or not at all. What may fill it are the
institutions and units named around it, the contact before it in a list, and nobody. Each candidate has the
features that hold of it; their weights are in ``data/weights.yaml``. A sum below nought loses to
nobody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.contacts.draft import share_in_order
from pipelines.contacts.explain import explain
from pipelines.contacts.own.candidates import Candidate, weights
from pipelines.contacts.own.leaders import leaders
from pipelines.contacts.own.names import spell_out
from pipelines.contacts.own.naming import lead_centre
from pipelines.contacts.own.owners import owners
from pipelines.contacts.own.surroundings import Surroundings
from pipelines.contacts.resolve.sameness import same_unit, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.contacts.draft import Draft
    from pipelines.contacts.find.layout import Line

#: Contacts of one text for which owners are looked for; of 26,727 press releases none gives more than 54.
_MOST = 5_000
_IN_CLAUSE = {"same_sentence", "after", "row", "runs_on"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What was decided for one contact: all candidates, the best first; nobody where it is empty."""

    draft: Draft
    candidates: tuple[Candidate, ...]

    @property
    def chosen(self) -> Candidate | None:
        """The owner; None for nobody."""
        return next((one for one in self.candidates[:1] if one.score > 0), None)


def _own_name(draft: Draft) -> list[Candidate]:
    """Turn the plain noun beside a number into a candidate, and remove it from the contact."""
    if not draft.signs:
        return []
    own = Candidate(draft.organization, draft.department, draft.signs, draft.anchor)
    draft.organization = draft.department = None
    return [own]


def probability(score: float) -> float:
    """Return the confidence of a score, from 0 to 1."""
    return round(1 / (1 + math.exp(-score)), 3)


def attribute(drafts: Sequence[Draft], lines: Sequence[Line]) -> list[Draft]:
    """Decide for every contact, in reading order, whose it is, and join those that go on with another."""
    attribution = _Attribution(drafts, lines)
    attribution.decide()
    explain(attribution.kept, attribution.choices, attribution.surroundings.scene.found(), lines)
    return attribution.kept


class _Attribution:
    def __init__(self, drafts: Sequence[Draft], lines: Sequence[Line]) -> None:
        self.drafts = drafts
        self.lines = lines
        self.surroundings = Surroundings(drafts, lines)
        self.kept: list[Draft] = []
        self.choices: list[Choice] = []

    def decide(self) -> None:
        for draft in self.drafts[:_MOST]:
            self._decide_one(draft, self.kept[-1] if self.kept else None)
        for draft in self.drafts[_MOST:]:
            self._confirm(draft)
            self.kept.append(draft)

    def _decide_one(self, draft: Draft, before: Draft | None) -> None:
        if (draft.signs or not draft.unit) and draft.kind != "block":
            chosen = self._choose(draft, [*_own_name(draft), *owners(self.surroundings, draft, before)])
            if chosen and chosen.joins:
                chosen.joins.join(draft)
                return
            if self._is_of_all_before(draft):
                share_in_order(self.kept[-len(draft.phones) :], draft)
                return
            if not (draft.unit or draft.phones or draft.emails or draft.person):
                return  # a fax number alone offers nobody
        spell_out(draft, self.surroundings.names)
        if before:
            lead_centre(before, draft)
        if draft.department and not draft.organization and self.surroundings.may_be_led(draft):
            self._choose(draft, leaders(self.surroundings, draft, before))
        self._confirm(draft)
        self.kept.append(draft)

    def _is_of_all_before(self, draft: Draft) -> bool:
        """Return whether numbers are those of the units listed before, each one's in their order.

        As many are asked as there are numbers, and the last of them would own all: 'X과와 Y과에 문의하면
        된다. 연락처는 044-…, 9002다.'
        """
        count = len(draft.phones)
        near = [*self.kept[-count - 1 :], draft]
        asked = [one.kind == "asked" and one.line == draft.line and not one.reached for one in near]
        listed = count > 1 and len(near) > count and asked[-count - 1 :] == [True] * count + [False]
        if not listed or any(asked[: -count - 1]) or draft.person or draft.faxes or draft.emails:
            return False
        units = {unit_of(one) for one in near[-count - 1 : -1]}
        return len(units) == count and draft.unit and same_unit(near[-2], draft)

    def _confirm(self, draft: Draft) -> None:
        """Note how the owner is known where it is printed beside the number."""
        if not draft.owner_by:
            tabular = draft.kind == "block" or self.surroundings.lines[draft.line].table >= 0
            draft.owner_by = ("grid" if tabular else "printed") if draft.unit else "none"
            draft.score = probability(weights()[draft.owner_by])
        elif draft.owner_by == "grid":
            draft.score = probability(weights()["grid"])

    def _choose(self, draft: Draft, candidates: Iterable[Candidate]) -> Candidate | None:
        """Score all candidates; fill what the best says."""
        ordered = sorted(candidates, key=lambda one: (-one.score, -one.start))
        choice = Choice(draft, tuple(ordered))
        self.choices.append(choice)
        chosen = choice.chosen
        if chosen and not chosen.joins:
            draft.organization = chosen.organization or draft.organization
            draft.department = chosen.department or draft.department
            own = "noun" in chosen.features
            draft.owner_by = "printed" if own else "clause" if _IN_CLAUSE & {*chosen.features} else "scope"
        elif not draft.unit:
            draft.owner_by = "none"
        if chosen or not draft.unit:
            draft.score = probability(abs(ordered[0].score if ordered else weights()["none"]))
        return chosen
