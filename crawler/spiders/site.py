"""The base of every spider: immediate fetches, recording failures, stopping."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Spider, signals

from archive.errors import ArchiveError, machine_error
from archive.records import Failure
from crawler import settings
from crawler.http.failures import FetchError, failure_of
from crawler.http.fetching import download
from crawler.http.responses import CUT
from crawler.http.throttle import breaker_opened, robots_curtailed, robots_read
from crawler.sites.urls import identify

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure as TwistedFailure

    from crawler.items import Task, Visit
    from crawler.run.scope import Job

logger = logging.getLogger(__name__)

ENDING = "the crawl of this site is ending"


class SiteSpider(Spider):
    """A spider of one site, for one job."""

    site: ClassVar[str]
    allowed_domains: ClassVar[list[str]]

    def __init__(self, job: Job, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job = job
        self.store = job.store
        self.stopping: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SiteSpider:
        """Make the spider and connect it to errors outside its own coroutines."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_breaker_opened, signal=breaker_opened)
        crawler.signals.connect(spider.on_robots_read, signal=robots_read)
        crawler.signals.connect(spider.on_robots_curtailed, signal=robots_curtailed)
        crawler.signals.connect(spider.on_error, signal=signals.spider_error)
        crawler.signals.connect(spider.on_item_error, signal=signals.item_error)
        return spider

    def done(self, task: Task) -> None:
        """Note that an article is finished, whatever the outcome."""

    async def fetch(
        self,
        url: str,
        *,
        referer: str,
        seconds: float = settings.PAGE_SECONDS,
        size: int = settings.PAGE_BYTES,
        retries: int = settings.RETRIES,
    ) -> Response:
        """Fetch outside the scheduler, with the same throttle, robots rules and checks; raises FetchError."""
        if self.stopping:
            raise FetchError("blocked", ENDING)
        try:
            response = await download(
                self.crawler, url, referer=referer, seconds=seconds, size=size, retries=retries
            )
        except FetchError as error:
            raise (FetchError("blocked", ENDING) if self.stopping else error) from error
        if response.status == 429 or response.status >= 500:
            raise FetchError(f"http_{response.status}", f"{url} answered {response.status}")
        if CUT in response.flags:
            raise FetchError("truncated", f"{url} ends before its end tag")
        return response

    # What goes wrong

    def fail(self, task: Task, kind: str, detail: str) -> None:
        """Record that an article could not be fetched."""
        self.record_failure(task, FetchError(kind, detail), task.url)
        self.count("failed", task)

    def record_failure(self, task: Task, error: FetchError, url: str) -> None:
        """Record a failure that belongs to an article; a request that was not sent is no failure."""
        if error.kind == "blocked":
            return
        key = (task.section.name, task.native_id)
        self.job.record_failure(Failure(self.site, url, error.kind, error.detail, self.job.now(), *key))

    def on_error(self, failure: TwistedFailure, response: Response | None) -> None:
        """Record an error of this program in a callback, or without a response, in the start."""
        request = response.request if response else None
        task = request.cb_kwargs.get("task") if request else None
        self.note_error(failure, task.url if task else request.url if request else self.root)
        if task and not self.stopping:
            self.done(task)

    def on_item_error(self, item: Visit, failure: TwistedFailure) -> None:
        """Record an error of this program in an item pipeline."""
        self.note_error(failure, item.task.url)
        if not self.stopping:
            self.done(item.task)

    def note_error(self, failure: TwistedFailure, url: str) -> None:
        """Record an error of this program as a failure of the URL at which it happened.

        An archive that cannot be written ends the crawl: whatever else is fetched could not be kept. So does
        a lack of open files or memory.
        """
        if self.job.interrupted:
            return
        error = failure.value
        if error is not None and self.job.broken is None:
            self.job.broken = error if isinstance(error, ArchiveError) else machine_error(error)
        if self.job.broken:
            if not self.stopping:
                self.stop(str(error))
            return
        identity = identify(url)
        key = (identity.section, identity.native_id) if identity else (None, None)
        detail = failure_of(failure.value).detail
        self.job.record_failure(Failure(self.site, url, "error", detail, self.job.now(), *key))
        logger.error("%s: %s", url, detail, exc_info=failure.value)

    def count(self, outcome: str, task: Task) -> None:
        """Count the outcome of an article."""
        if self.job.interrupted:
            return
        self.job.tally[outcome] += 1
        logger.debug("%s %s", outcome, task.url)

    # robots.txt

    def on_robots_read(self, url: str) -> None:
        """Resolve what was recorded of a host's robots.txt; what still holds is recorded again."""
        self.store.resolve_failure(url)

    def on_robots_curtailed(self, url: str, kind: str, detail: str) -> None:
        """Record that a host's robots.txt is not obeyed to the letter; nothing is missing because of it."""
        self.job.record_failure(Failure(self.site, url, kind, detail, self.job.now()), counts=False)

    # The end

    def on_breaker_opened(self, reason: str) -> None:
        """End the crawl of this site, which refuses requests."""
        if self.stopping:
            return
        self.job.blocked[self.site] = reason
        self.job.record_failure(
            Failure(self.site, self.root, "blocked", reason, self.job.now()), counts=False
        )
        self.stop("blocked")

    def stop(self, reason: str) -> None:
        """Close the spider; what is under way is finished."""
        logger.info("%s: stopping, %s", self.site, reason)
        self.stopping = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))

    def closed(self, reason: str) -> None:
        """Resolve an earlier refusal of the site, unless it refused again; note when not all was seen."""
        if reason == "finished":
            for kind in ("blocked", "error"):
                self.store.resolve_failure(self.root, kind=kind)
        else:
            self.job.unfinished.add(self.site)

    @property
    def root(self) -> str:
        """The URL under which failures of the whole site are kept."""
        return f"https://{self.allowed_domains[0]}/"
