"""The linker: finds the original of a retelling by headline, ministry, days, rare terms and numbers."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from pipelines.retellings.headlines import (
    DAYS_AFTER,
    DAYS_BEFORE,
    Candidate,
    agree,
    days_between,
    headline_key,
    headlines,
    printed_ministry,
)
from pipelines.retellings.sketches import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ENOUGH = 0.7
"""The score below which nothing is linked."""

_SAME_TITLE = 0.9
_NEARLY = 0.8  # the most that anything but the same headline can say
_NEAR_TITLE = 0.75
_OVERLAP = 0.6  # of the rare terms: releases on the subject of a retelling share up to half (2024)
_SAME_SUBJECT = 0.1
_ABOUT = 0.4  # of the rare terms of an original's headline and lead: who retells it says so much of them
_SHORTEST = 8  # letters of a headline that says which article is meant
_COMMON = 0.02  # share of the originals in which a term is no longer rare
_SHORTLIST = 5
_BACKGROUND = 1000  # articles among which a term is taken to be rare while fewer are known

_SECTIONS = ("policy", "actually", "press")  # what newsdao.kr retells, most often first


@dataclass(frozen=True, slots=True)
class Match:
    """The original of a retelling.

    Attributes:
        id: row of the original.
        score: how sure, 0 to 1.
        reason: what it rests on, in words.
    """

    id: int
    score: float
    reason: str


class Linker:
    """Finds originals among those it was given.

    Adding costs some microseconds and a kilobyte an article. Linking looks at equal headlines of any day, and
    in the window at near headlines and at the few originals that share most rare terms and numbers.
    """

    def __init__(self) -> None:
        self._originals: dict[int, _Original] = {}
        self._by_title: defaultdict[str, list[int]] = defaultdict(list)
        self._by_day: defaultdict[str, list[int]] = defaultdict(list)
        self._by_term: dict[int, list[int]] = {}  # of the terms asked for so far

    def add(self, candidate: Candidate) -> None:
        """Add one original; a second one with the same id is ignored."""
        if candidate.id in self._originals:
            return
        original = _Original(
            candidate.id,
            candidate.section,
            candidate.sketch.headline,
            candidate.organization,
            candidate.day,
            terms_of(candidate.sketch.terms),
            candidate.sketch.lead,
        )
        self._originals[candidate.id] = original
        self._by_title[original.title].append(candidate.id)
        self._by_day[original.day].append(candidate.id)
        for term in self._by_term.keys() & original.terms:
            self._by_term[term].append(candidate.id)

    def prepare(self, candidates: Iterable[Candidate]) -> None:
        """Find who else has the terms of many retellings at once; :meth:`link` does it one by one."""
        self._index(term for candidate in candidates for term in terms_of(candidate.sketch.terms))

    def link(self, candidate: Candidate) -> Match | None:
        """Find the original of a retelling; None when none is sure enough."""
        told = _told(candidate)
        terms = terms_of(candidate.sketch.terms)
        self._index(terms)
        weights = {term: self._rarity(term) for term in terms}
        near = self._near(told, weights)
        compared = [(self._evidence(told, original, weights), original) for original in near]
        sure = [pair for pair in compared if pair[0].score >= ENOUGH]
        if not sure:
            return None
        evidence, original = max(sure, key=lambda pair: _preference(*pair))
        return Match(original.id, round(min(evidence.score, 1.0), 3), evidence.reason)

    def _index(self, terms: Iterable[int]) -> None:
        """Find the originals that have some terms, in one pass over all."""
        unknown = {*terms} - self._by_term.keys()
        if unknown:
            self._by_term.update((term, []) for term in unknown)
            for original in self._originals.values():
                for term in unknown.intersection(original.terms):
                    self._by_term[term].append(original.id)

    def _rarity(self, term: int) -> float:
        return math.log(1 + max(len(self._originals), _BACKGROUND) / (len(self._by_term[term]) + 1))

    def _evidence(self, told: _Retelling, original: _Original, weights: dict[int, float]) -> _Evidence:
        shared = weights.keys() & original.terms
        likeness = max((fuzz.ratio(title, original.title) / 100 for title in told.titles), default=0.0)
        overlap = math.fsum(weights[term] for term in shared) / (math.fsum(weights.values()) or 1.0)
        return _Evidence(
            likeness,
            agree(told.organization, told.day, original.organization, original.day),
            days_between(original.day, told.day),
            overlap,
            numbers=sum(term & 1 for term in shared),
            about=self._about(original, weights) if likeness < _NEAR_TITLE and overlap >= _OVERLAP else 0.0,
        )

    def _about(self, original: _Original, weights: dict[int, float]) -> float:
        """Return how much of an original's headline and lead a retelling has, by rarity."""
        lead = original.terms[: original.lead]
        self._index(lead)
        everything = math.fsum(self._rarity(term) for term in lead)
        return math.fsum(weights.get(term, 0.0) for term in lead) / (everything or 1.0)

    def _near(self, told: _Retelling, weights: dict[int, float]) -> Iterator[_Original]:
        """Return the originals worth comparing: equal headlines, near ones, most rare terms shared."""
        titles = {id_: self._originals[id_].title for day in told.days for id_ in self._by_day.get(day, ())}
        chosen = [id_ for title in told.titles for id_ in self._by_title.get(title, ())]
        for title in told.titles:
            hits = process.extract(
                title, titles, scorer=fuzz.ratio, score_cutoff=100 * _NEAR_TITLE, limit=_SHORTLIST
            )
            chosen += [id_ for _, _, id_ in hits]
        shared: defaultdict[int, float] = defaultdict(float)
        most = max(3, int(len(self._originals) * _COMMON))
        for term, weight in weights.items():
            if len(self._by_term[term]) <= most:
                for id_ in self._by_term[term]:
                    shared[id_] += weight
        chosen += heapq.nlargest(_SHORTLIST, shared.keys() & titles.keys(), key=lambda id_: shared[id_])
        return (self._originals[id_] for id_ in dict.fromkeys(chosen))


@dataclass(frozen=True, slots=True)
class _Original:
    """What is kept of an original: its terms, those of headline and lead first, not its text."""

    id: int
    section: str
    title: str
    organization: str | None
    day: str
    terms: tuple[int, ...]
    lead: int


@dataclass(frozen=True, slots=True)
class _Retelling:
    """What a retelling says of its original: headlines, ministry, its own day, the days to search."""

    titles: tuple[str, ...]
    organization: str | None
    day: str
    days: tuple[str, ...]


def _told(candidate: Candidate) -> _Retelling:
    titles = dict.fromkeys(headline_key(title) for title in headlines(candidate))
    days: tuple[str, ...] = ()
    if candidate.day:
        last = date.fromisoformat(candidate.day) + timedelta(DAYS_AFTER)
        days = tuple((last - timedelta(back)).isoformat() for back in range(DAYS_BEFORE + DAYS_AFTER + 1))
    telling = tuple(title for title in titles if len(title) >= _SHORTEST)
    return _Retelling(telling, printed_ministry(candidate), candidate.day, days)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """The evidence for one original.

    Attributes:
        likeness: of the headlines, 0 to 1; 1 means the same letters and digits.
        agrees: whether the ministry told is the original's; None when one of them is not known.
        days: from the original to the retelling; None when one has no date.
        overlap: share of the retelling's terms, weighted by rarity, that the original has.
        numbers: how many numbers both have.
        about: share of the terms of the original's headline and lead, by rarity, that the retelling has;
            0 unless the headlines differ and most terms are shared.
    """

    likeness: float
    agrees: bool | None
    days: int | None
    overlap: float
    numbers: int
    about: float

    @property
    def score(self) -> float:
        """Return how sure the link is: 0.9 for an equal headline, less for a similar one, plus evidence."""
        if self.days is not None and self.days < -DAYS_AFTER:
            return 0.0
        late = self.days is None or self.days > DAYS_BEFORE
        if self.likeness == 1:
            # The same headline comes back (daily reports): long after, something else must speak for it.
            proven = not late or self.agrees or self.overlap >= _SAME_SUBJECT
            base = _SAME_TITLE if proven else 0.0
        elif late:
            base = 0.0
        elif self.likeness >= _NEAR_TITLE:
            base = _NEARLY * (self.likeness + min(1.0, self.overlap / _OVERLAP)) / 2
        else:
            told = self.overlap >= _OVERLAP and self.about >= _ABOUT
            base = min(_NEARLY, self.overlap + 0.1) if told else 0.0
        ministry = {True: 0.05, False: -0.25, None: 0.0}[self.agrees]
        return base + ministry + 0.05 * self.overlap + 0.05 * self.likeness

    @property
    def reason(self) -> str:
        """Name the evidence in one line for a person."""
        said = ["same headline" if self.likeness == 1 else f"headline {self.likeness:.0%} alike"]
        if self.agrees is not None:
            said.append("same ministry" if self.agrees else "another ministry")
        if self.days is not None:
            said.append(f"{self.days} days later" if self.days else "same day")
        said.append(f"{self.overlap:.0%} of its rare terms and {self.numbers} numbers shared")
        return ", ".join(said)


def _preference(evidence: _Evidence, original: _Original) -> tuple[float, int, int]:
    """Order the sure ones: by score, then the nearest in time, then the section that is retold most."""
    rank = _SECTIONS.index(original.section) if original.section in _SECTIONS else len(_SECTIONS)
    return round(evidence.score, 3), -abs(evidence.days or 0), -rank
