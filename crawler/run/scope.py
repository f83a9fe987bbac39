"""The scope of one crawl, and its state while it runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.errors import UsageError
from archive.text.normalize import name_key

if TYPE_CHECKING:
    from datetime import date, datetime

    from archive.articles.reextraction import Baseline
    from archive.errors import BriefingError
    from archive.records import Failure
    from archive.store import Store
    from crawler.run.clock import Clock
    from crawler.sites.sections import Section
    from pipelines.attachments.worker import Reader


@dataclass(frozen=True, slots=True)
class CrawlScope:
    """What one crawl is to do.

    Attributes:
        sections: whose lists to read.
        since, until: exactly these days; None for what is due.
        limit: articles to fetch at most.
        oldest_first: whether to begin with the earliest day.
        ministries: fetch only what the lists show under these names, white space apart; empty for all.

    Raises:
        UsageError: until lies before since.
    """

    sections: tuple[Section, ...]
    since: date | None = None
    until: date | None = None
    limit: int | None = None
    oldest_first: bool = False
    ministries: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse impossible days before anything is touched."""
        if self.since and self.until and self.until < self.since:
            raise UsageError(f"--until {self.until} lies before --since {self.since}")

    def refuse_days_to_come(self, today: date) -> None:
        """Refuse days that have not happened: their empty lists would be taken for quiet days.

        Raises:
            UsageError: a day lies after today, Korean time.
        """
        for option, day in (("--since", self.since), ("--until", self.until)):
            if day and day > today:
                raise UsageError(f"{option} {day} has not happened yet: it is {today} in Korea")

    def issued_by(self, organization: str | None) -> bool:
        """Return whether articles of a ministry, as a list names it, are wanted."""
        return not self.ministries or name_key(organization or "") in self.ministries


@dataclass(slots=True)
class Job:
    """One crawl under way: what it writes to, and its tally.

    Attributes:
        baseline: re-extracts a stored article from the captures and files held, by its number.
        tally: counts by outcome: new, edited, upgraded, restored, unchanged, gone, failed, days.
        blocked: sites that refuse, with the reason.
        unrecognised: what was not recognised, one line each.
        notices: sites whose last page said that they are out of service, with its words.
        implausible: sites whose changes are held back, with the reason.
        planned: articles found due so far.
        ended: the reasons for which Scrapy closed the spiders.
        broken: why the crawl cannot go on: this machine, or the archive, fails.
        interrupted: the signal that ended the run.
        unfinished: sites of which this run did not see all that it was to see.
    """

    wanted: CrawlScope
    store: Store
    reader: Reader
    clock: Clock
    baseline: Baseline
    tally: Counter[str] = field(default_factory=Counter)
    blocked: dict[str, str] = field(default_factory=dict)
    unrecognised: list[str] = field(default_factory=list)
    notices: dict[str, str] = field(default_factory=dict)
    implausible: dict[str, str] = field(default_factory=dict)
    planned: int = 0
    ended: set[str] = field(default_factory=set)
    unfinished: set[str] = field(default_factory=set)
    broken: BriefingError | None = None
    interrupted: str | None = None

    @property
    def today(self) -> date:
        """The day of the run, Korean time."""
        return self.moment().date()

    def moment(self) -> datetime:
        """The time of the run, Korean time."""
        return self.clock.moment()

    def now(self) -> str:
        """The time of the run, ISO 8601 with offset."""
        return self.clock.now()

    def record_failure(self, failure: Failure, *, counts: bool = True) -> None:
        """Store a failure, counted where something is missing; what a signal cut off did not fail."""
        if not self.interrupted:
            self.store.record_failure(failure)
            self.tally["failures"] += counts

    def take(self) -> bool:
        """Count one more planned article; False when the limit is reached."""
        if self.wanted.limit is not None and self.planned >= self.wanted.limit:
            return False
        self.planned += 1
        return True
