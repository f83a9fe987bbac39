"""The surroundings of a contact: the sentences before it, the lines above it, the list it is in."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from pipelines.contacts.find import lexicon
from pipelines.contacts.gazetteer import patterns, terms
from pipelines.contacts.own.candidates import Candidate, candidate_of
from pipelines.contacts.own.names import Names
from pipelines.contacts.own.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.draft import Draft
    from pipelines.contacts.find.layout import Line
    from pipelines.contacts.own.scene import Mention


_DISTANCES = ("same_sentence", "sentence_before", "two_before")
_QUOTES = '"“”'
_BESIDE = 25  # characters between a name and the number that is its own
_NEAREST = 12  # mentions before a contact that are candidates
_REACH = 800


class Surroundings:
    """Reads the surroundings of contacts one by one, in reading order."""

    def __init__(self, drafts: Sequence[Draft], lines: Sequence[Line]) -> None:
        self.lines = lines
        self.scene = Scene(lines)
        self.names = Names(lines)
        self.named: dict[str, list[Draft]] = {}  # by department
        for draft in drafts:
            self.named.setdefault(draft.department or "", []).append(draft)
        self.unprinted = {*_after_first_without_ministry(drafts), *_after_second_lead(drafts)}
        self.introductions = _introductions(lines)

    def sentence_stands_before(self, draft: Draft) -> bool:
        """Return whether sentences or an open quotation precede a contact on its line."""
        line = self.lines[draft.line]
        said = line.text[: max(0, draft.anchor - line.start)][-_REACH:]
        return bool(patterns.sentence.search(said)) or sum(said.count(mark) for mark in _QUOTES) % 2 == 1

    def sentences(
        self, line: Line, offset: int, draft: Draft, where: list[str], reach: int = 3
    ) -> Iterator[Candidate]:
        """Yield mentions in the sentences before an offset, nearest first; above, in the last one only."""
        for place, mention in enumerate(self.scene.before(line, offset)[: -_NEAREST - 1 : -1]):
            between = line.text[mention.end - line.start : offset]
            distance = len(patterns.sentence.findall(between))
            if distance >= reach:
                return
            features = where or [_DISTANCES[distance]]
            farther = ["farther"] if place else []
            yield candidate_of(mention, [*features, *farther, *self.standing(mention, between, draft)])

    def standing(self, mention: Mention, between: str, draft: Draft) -> Iterator[str]:
        """Yield the features of a mention's position in its sentence, and those against it."""
        yield from sorted(mention.signs)
        if mention.department:
            yield "division"
        elif mention.organization and lexicon.is_known(mention.organization):
            yield "ministry"
        if sum(between.count(mark) for mark in _QUOTES) % 2:
            yield "quoted"
        if not mention.organization and mention.department in lexicon.OWNERLESS:
            yield "ownerless"
        if self._has_own_number(mention, draft):
            yield "taken"

    def _has_own_number(self, mention: Mention, draft: Draft) -> bool:
        """Return whether another number of the same kind directly follows a mention."""
        line = self.lines[mention.line]
        end = mention.end - line.start
        place = bisect_left(line.points, end, key=lambda point: point.start)
        if place == len(line.points) or line.points[place].start > end + _BESIDE:
            return False
        point = line.points[place]
        mine = {*draft.phones, *draft.faxes, *draft.emails}
        return mine.isdisjoint(point.values) and (point.kind == "phone") == bool(draft.phones)

    def may_be_led(self, draft: Draft) -> bool:
        """Return whether a unit without an institution may belong to one that the text names."""
        return id(draft) not in self.unprinted

    def introduced(self, draft: Draft) -> Iterator[Candidate]:
        """Yield the institutions of the heading or paragraph directly above that mentions inquiries."""
        index = self.introductions[draft.line]
        for above in (self.lines[place] for place in range(index, max(-1, index - 2), -1)):
            if above.table < 0 and patterns.speaks_of_contact.search(above.text[-_REACH:]):
                yield from self.sentences(above, len(above.text), draft, ["asking_above"], reach=9)


def _introductions(lines: Sequence[Line]) -> list[int]:
    """Return for each line the one above it, or above its table."""
    above: list[int] = []
    for index, line in enumerate(lines):
        over = index - 1
        inside = over >= 0 and (
            not lines[over].text.strip() or (line.table >= 0 and lines[over].table == line.table)
        )
        above.append(above[over] if inside else over)
    return above


def _after_first_without_ministry(drafts: Sequence[Draft]) -> Iterator[int]:
    """Yield the people in blocks whose first unit prints no ministry.

    There the releasing ministry goes without saying, also for units after those of another institution.
    """
    first: Draft | None = None
    for draft in drafts:
        first = (first or draft) if draft.kind == "block" else None
        if first and not first.organization:
            yield id(draft)


def _after_second_lead(drafts: Sequence[Draft]) -> Iterator[int]:
    """Yield the units after a second 총괄 in a line: another ministry leads there, though none is printed."""
    led: set[int] = set()
    changed = -1
    for draft in drafts:
        if draft.mark == terms.lead and draft.line in led:
            changed = draft.line
        if draft.organization or draft.line != changed:
            changed = -1
        else:
            yield id(draft)
        if draft.mark == terms.lead:
            led.add(draft.line)
