"""The names that a text explains: short forms, appositions, the fullest mention of a unit."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import read_head
from pipelines.contacts.find.paths import is_named, split_path
from pipelines.contacts.gazetteer import endings, patterns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.draft import Draft
    from pipelines.contacts.find.layout import Line


_PATH = 60  # characters of a line before a unit's last word that may contain its path
_REACH = 600
_LEAST_PATH = 2  # words
_MAX_MENTIONS = 6  # of one unit that are read


class Names:
    """Looks up names in the lines of one text; each kind is collected once, on first use."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self._led: dict[str, list[tuple[int, str, int]]] = {}  # by the last word of a unit

    @cached_property
    def short_forms(self) -> dict[str, str]:
        """Short forms that are the end of the whole name, with that name."""
        found = (match for line in self.lines for match in patterns.short_form.finditer(line.text))
        return {
            match["short"]: match["name"]
            for match in found
            if match["name"].endswith(match["short"]) and match["name"] != match["short"]
        }

    @cached_property
    def appositions(self) -> dict[str, str]:
        """Centres with the institution that a bracket behind them names."""
        found = (match for line in self.lines for match in patterns.apposition.finditer(line.text))
        return {match["unit"]: match["owner"] for match in found if lexicon.is_agency(match["owner"])}

    @cached_property
    def headed(self) -> dict[str, tuple[str, int]]:
        """Units whose head is named behind the institution, with it and its offset."""
        found = ((line, match) for line in self.lines for match in patterns.head_of_unit.finditer(line.text))
        return {
            match["unit"]: (match["owner"], line.start + match.start())
            for line, match in found
            if lexicon.is_agency(match["owner"])
        }

    @cached_property
    def _words(self) -> dict[str, list[tuple[int, int]]]:
        """The positions of words that may be units: line and offset of their end, the first few."""
        held: dict[str, list[tuple[int, int]]] = {}
        for line in self.lines:
            for match in patterns.word.finditer(line.text):
                places = held.setdefault(match[0], [])
                if len(places) < _MAX_MENTIONS:
                    places.append((line.index, match.end()))
        return held

    def leaders(self, draft: Draft) -> Iterator[tuple[str, int]]:
        """Yield institutions printed before other mentions of a unit, with their offsets."""
        last = (draft.department or "").split()[-1]
        if last not in self._led:
            self._led[last] = list(self._leading(last))
        yield from ((name, offset) for index, name, offset in self._led[last] if index != draft.line)

    def _leading(self, last: str) -> Iterator[tuple[int, str, int]]:
        """Yield institutions printed before the mentions of a unit: line, institution, offset."""
        for form in ("", *endings.particles_after_units):
            for index, end in self._words.get(last + form, ()):
                line = self.lines[index]
                start = max(0, end - len(form) - _PATH)
                head = read_head(line.text[start : end - len(form)], label=False)
                if len(head.path) > 1 and lexicon.is_agency(head.path[0]) and is_named(head.path):
                    organization, department = split_path(head.path)
                    if organization and department and department.endswith(last):
                        yield index, organization, line.start + end

    def fullest(self, draft: Draft) -> tuple[str | None, str | None]:
        """Return the full path of a desk that its line names earlier by more than its generic name."""
        last = draft.department or ""
        line = self.lines[draft.line]
        before = line.text[max(0, draft.anchor - line.start - _REACH) : max(0, draft.anchor - line.start)]
        place = before.rfind(last)
        head = read_head(before[: place + len(last)], label=False) if place >= 0 else None
        if not head or len(head.path) < _LEAST_PATH or not lexicon.is_agency(head.path[0]):
            return None, None
        return split_path(head.path)


def spell_out(draft: Draft, names: Names) -> None:
    """Write short forms and owners that the text explains elsewhere into a contact's name."""
    if not draft.organization and draft.department in lexicon.OWNERLESS and not draft.person:
        organization, department = names.fullest(draft)
        if organization and department:
            draft.organization, draft.department = organization, department
            draft.owner_by = "scope"
    first, *rest = (draft.department or "").split() or [""]
    if not draft.organization and first in names.short_forms and rest:
        draft.organization, draft.department = names.short_forms[first], " ".join(rest)
    elif draft.organization in names.appositions and not draft.department:
        draft.organization, draft.department = names.appositions[draft.organization], draft.organization
