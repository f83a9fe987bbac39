"""A possible owner of a number or a unit, with the features that speak for and against it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.contacts.draft import Draft
    from pipelines.contacts.own.scene import Mention


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible owner.

    Attributes:
        organization: as a contact has it.
        department: as a contact has it.
        features: those that apply; ``data/weights.yaml`` has their meanings and weights.
        start: offset in the document at which it is named.
        joins: the contact before, of which this number is another.
    """

    organization: str | None
    department: str | None
    features: tuple[str, ...]
    start: int
    joins: Draft | None = None

    @property
    def score(self) -> float:
        """The sum of the weights of its features; below nought nobody is likelier."""
        return sum(weights()[feature] for feature in self.features)


def candidate_of(mention: Mention, features: Iterable[str]) -> Candidate:
    """Make a candidate of what the text names somewhere."""
    return Candidate(mention.organization, mention.department, tuple(features), mention.start)


@cache
def weights() -> dict[str, float]:
    """Read what each feature weighs."""
    text = resources.files("pipelines").joinpath("contacts/data/weights.yaml").read_text(encoding="utf-8")
    return {name: float(weight) for name, weight in yaml.safe_load(text).items()}
