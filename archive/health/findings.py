"""What a section lacks that it used to show: fields, texts, files, contacts, whole ministries, whole days.

Every judgement compares the last days with the weeks before. It is reported where chance alone would show
the like in one case of a hundred thousand (:data:`CHANCE`) and where the change matters: at least a quarter
of what was usual is missing. Without :data:`ENOUGH` articles or :data:`DAYS` days of history nothing is
judged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from archive.health.calendar import DayKind, day_kind
from archive.health.chance import as_few, at_most
from archive.health.facts import RECENT, sections

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping

    from archive.health.facts import Fact, Section

CHANCE = 1e-5
"""Probability below which a change is no chance; some three hundred judgements are made a day."""

KEPT = 0.75
"""Share of what was usual below which a loss matters."""

ENOUGH = 30
"""Articles of history that a share is judged by."""

DAYS = 5
"""Days of one kind, in history, that a volume is judged by."""

SPANS = (1, 2, 4, 7)
"""Last days that are judged together, so that small sections are judged too."""

EXPECTED = 3.0
"""Items a day below which no silence of a single ministry is judged."""

UNUSUAL = 0.1
"""Share of the shortest, or longest, texts of history, beside which the last ones are judged."""

REMEDY = "compare with the site, and see how its pages are read: briefing doctor --sites"

FIELDS: Mapping[str, Callable[[Fact], bool]] = {
    "a ministry": lambda fact: fact.organization,
    "the time of publication": lambda fact: fact.time,
    "the day of their list": lambda fact: fact.on_its_day,
    "a subtitle": lambda fact: fact.subtitle,
    "a licence": lambda fact: fact.licence,
    "a text": lambda fact: fact.body_source != "none",
    "contacts": lambda fact: fact.contacts > 0,
    "more than one contact": lambda fact: fact.contacts > 1,
    "files": lambda fact: fact.files > 0,
    "more than one file": lambda fact: fact.files > 1,
    "pictures": lambda fact: fact.images > 0,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a section no longer shows as it used to.

    Attributes:
        what: a sentence without its end: what, how much, and how much before.
        since: the first day that shows it, YYYY-MM-DD.
        example: URL of an article that shows it; None where nothing came at all.
        chance: probability that chance shows the like.
    """

    site: str
    section: str
    what: str
    since: str
    example: str | None
    chance: float

    @property
    def text(self) -> str:
        """The finding in one line: what, since when, an example, what to do."""
        example = f", e.g. {self.example}" if self.example else ""
        return f"{self.site} {self.section}: since {self.since} {self.what}{example}; {REMEDY}"


class _Loss(NamedTuple):
    what: str
    since: str
    example: str | None
    chance: float


def findings(conn: sqlite3.Connection, today: date) -> list[Finding]:
    """Judge the last whole days of every section, the least likely loss of each first.

    Args:
        conn: the archive.
        today: the present day in Korea, which is not over and counts only for what its articles show.
    """
    found: list[Finding] = []
    for section in sections(conn, today):
        losses = [*_volume(section, today), *_articles(section, today)]
        losses.sort(key=lambda loss: loss.chance)
        found += [Finding(section.site, section.name, *loss) for loss in losses]
    return found


def _articles(section: Section, today: date) -> Iterator[_Loss]:
    begin = (today - RECENT).isoformat()
    before = [fact for fact in section.articles if fact.day <= begin]
    last = [fact for fact in section.articles if fact.day > begin]
    if len(before) < ENOUGH:
        return
    for name, has in FIELDS.items():
        yield from _share(before, last, today, f"have {name}", has)
    for origin, count in Counter(map(_origin, before)).items():
        if count * 10 >= len(before):
            said = "are of the layout {} with text from {}".format(*origin)
            yield from _share(before, last, today, said, partial(_is_of, origin))
    yield from _lengths(before, last, today)


def _origin(fact: Fact) -> tuple[str, str]:
    return fact.layout, fact.body_source


def _is_of(origin: tuple[str, str], fact: Fact) -> bool:
    return _origin(fact) == origin


def _lengths(before: list[Fact], last: list[Fact], today: date) -> Iterator[_Loss]:
    """Judge whether texts became shorter or longer, by how many lie beyond the tenths of history."""
    measured = [fact for fact in before if fact.length]
    texts = [fact for fact in last if fact.length]
    if len(measured) < ENOUGH:
        return
    lengths = sorted(fact.length or 0 for fact in measured)
    short, long = lengths[int(len(lengths) * UNUSUAL)], lengths[int(len(lengths) * (1 - UNUSUAL))]
    yield from _share(
        measured, texts, today, f"have a text of {short:,} characters or more",
        lambda fact: (fact.length or 0) >= short,
    )  # fmt: skip
    yield from _share(
        measured, texts, today, f"have a text of at most {long:,} characters",
        lambda fact: (fact.length or 0) <= long,
    )  # fmt: skip


def _share(
    before: list[Fact], last: list[Fact], today: date, what: str, has: Callable[[Fact], bool]
) -> Iterator[_Loss]:
    """Report once where a share fell, over the span of days that shows it most clearly."""
    usual = sum(map(has, before))
    share = min(max((usual + 0.5) / (len(before) + 1), 0.001), 0.999)
    losses = []
    for span in SPANS:
        begin = (today - timedelta(days=span)).isoformat()
        recent = [fact for fact in last if fact.day > begin]
        count = sum(map(has, recent))
        if not recent or count > KEPT * share * len(recent):
            continue
        chance = at_most(count, len(recent), share)
        if chance < CHANCE:
            lacking = [fact for fact in recent if not has(fact)]
            since = min(fact.day for fact in lacking)
            said = f"{count} of {len(recent)} articles {what}, where {share:.0%} did before"
            losses.append(_Loss(said, since, max(lacking, key=lambda fact: fact.day).url, chance))
    yield from _clearest(losses)


def _volume(section: Section, today: date) -> Iterator[_Loss]:
    """Report where far fewer items are listed than on such days before, in all or of one ministry."""
    history = defaultdict(list)
    for day in section.listed:
        if day <= (today - RECENT).isoformat():
            history[day_kind(date.fromisoformat(day))].append(day)
    yield from _too_few("items", section.listed, section, history, today)
    for name, counts in section.ministries.items():
        if sum(counts.values()) >= EXPECTED * len(history[DayKind.WORKING]):
            yield from _too_few(f"items of {name}", counts, section, history, today)


def _too_few(
    what: str,
    counts: Mapping[str, int],
    section: Section,
    history: Mapping[DayKind, list[str]],
    today: date,
) -> Iterator[_Loss]:
    """Report once where too few were listed, over the span of whole days that shows it most clearly."""
    losses = []
    for span in SPANS:
        days = [today - timedelta(days=number) for number in range(span, 0, -1)]
        read = [day for day in days if day.isoformat() in section.listed]
        usual = [[counts.get(day, 0) for day in history[day_kind(day)]] for day in read]
        if not usual or min(map(len, usual)) < DAYS:
            continue
        mean, variance = map(sum, zip(*map(_mean_and_variance, usual), strict=True))
        count = sum(counts.get(day.isoformat(), 0) for day in read)
        if mean < 1 or count > KEPT * mean:
            continue
        chance = as_few(count, mean, variance)
        if chance < CHANCE:
            said = f"{count} {what} are listed, where such days had {mean:.0f} before"
            losses.append(_Loss(said, read[0].isoformat(), None, chance))
    yield from _clearest(losses)


def _clearest(losses: list[_Loss]) -> list[_Loss]:
    """Return the least likely of the losses that spans of days show, if any: one report is enough."""
    return [min(losses, key=lambda loss: loss.chance)] if losses else []


def _mean_and_variance(counts: list[int]) -> tuple[float, float]:
    """Return both; ``statistics`` computes them in fractions, a hundred times slower."""
    mean = sum(counts) / len(counts)
    return mean, sum((count - mean) ** 2 for count in counts) / len(counts)
