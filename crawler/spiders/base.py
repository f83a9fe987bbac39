"""What the spiders of both sites share: fetching one article with all that belongs to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator  # noqa: TC003  # scrapy-poet reads the annotations of callbacks
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from parsel import Selector
from scrapy import Request, Spider, signals
from scrapy.http import Response  # noqa: TC002  # as above
from scrapy.http.request import NO_CALLBACK
from web_poet import HttpResponse

from archive.records import Capture, Failure
from crawler import settings
from crawler.failures import FetchError, failure_of
from crawler.pages import page_of
from crawler.politeness import breaker_opened
from crawler.providers import Detail, as_page
from crawler.urls import identify
from crawler.visits import Task, Visit, completed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure as TwistedFailure

    from archive.records import Attachment, RawArticle
    from crawler.job import Job
    from crawler.pages import ArticlePage
    from pipelines.blocks import Block

logger = logging.getLogger(__name__)

UNRECOGNISED_IN_A_ROW = 5  # unknown pages, none known between, after which a site is left alone
CANARIES = 3  # known articles asked for before an answer "not there" is believed
ENDING = "the crawl of this site is ending"
LIST_PRIORITY, DETAIL_PRIORITY, DOUBTFUL_PRIORITY = 0, 10, 5


class ArticleSpider(Spider):
    """A spider that fetches articles, one coroutine each, and hands whole visits to the pipelines."""

    site: ClassVar[str]
    allowed_domains: ClassVar[list[str]]

    def __init__(self, job: Job, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job = job
        self.store = job.store
        self.healthy = False
        self.unknown_in_a_row = 0
        self.stopping: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ArticleSpider:
        """Make the spider and listen for what goes wrong outside its own coroutines."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_breaker_opened, signal=breaker_opened)
        crawler.signals.connect(spider.on_error, signal=signals.spider_error)
        crawler.signals.connect(spider.on_item_error, signal=signals.item_error)
        return spider

    def absence(self, response: Response) -> str | None:
        """Say in one line how an answer states that an article is not there; None when it does not."""
        raise NotImplementedError

    def done(self, task: Task) -> None:
        """Note that an article is dealt with, whatever became of it."""

    def absent_from_list(self, task: Task) -> bool:
        """Tell whether a list that the archive does not keep lacks an article."""
        raise NotImplementedError

    # One article

    def request_for(self, task: Task, **kwargs: Any) -> Request:
        """Make the request for an article's page."""
        doubtful = task.reason in ("missing", "vanished")
        return Request(
            task.url,
            callback=self.parse_article,
            errback=self.on_failed_article,
            cb_kwargs={"task": task},
            priority=DOUBTFUL_PRIORITY if doubtful else DETAIL_PRIORITY,
            dont_filter=True,  # each is due once; a redirect to one seen must not be dropped in silence
            **kwargs,
        )

    async def parse_article(self, response: Response, detail: Detail, task: Task) -> AsyncIterator[Visit]:
        """Read an article's page; fetch its files and viewer pages; give the whole visit."""
        page = detail.page
        capture = self.capture_of(response, "detail", page.layout_name)
        if response.status == 304 and task.held:
            self.store.record_unchanged(task.held.article_id)
            self.count("unchanged", task)
        elif absent := self.absence(response):
            await self.on_absent(task, capture, absent)
        elif refusal := refusal_of(response):
            self.fail(task, refusal.kind, refusal.detail)
        elif not self.shows(page, task):
            self.on_unknown(task, capture)
        else:
            self.on_known(page)
            visit = await self.visit(page, capture, task)
            if visit is not None:
                yield visit
                return
        self.done(task)

    async def visit(self, page: ArticlePage, capture: Capture, task: Task) -> Visit | None:
        """Fetch what belongs to an article; None when its page says what it said before."""
        raw = completed(page.raw(), task)
        if raw.native_id != task.native_id:
            self.fail(task, "wrong_page", f"asked for {task.native_id}, got {raw.native_id}")
            return None
        if task.held and task.reason == "recheck" and self.says_the_same(raw, task, task.held.article_id):
            self.store.record_unchanged(task.held.article_id, capture)
            self.count("unchanged", task)
            return None
        visit = Visit(task, raw, capture, urls=tuple({task.url, capture.url}))
        for attachment in raw.attachments:
            visit.files.append(await self.fetch_file(attachment, visit))
        if raw.viewer_url and not any(blocks for _, blocks in visit.files):
            visit.viewer_blocks = await self.fetch_viewer(raw.viewer_url, visit)
        return visit

    def says_the_same(self, raw: RawArticle, task: Task, article_id: int) -> bool:
        """Hold a page against the capture that the article was last read from, its own fields only."""
        before = self.last_capture(article_id)
        if before is None:
            return False
        page = page_of(_page_of_capture(before))
        return signature(completed(page.raw(), task)) == signature(raw)

    def last_capture(self, article_id: int) -> Capture | None:
        """Give the capture that an article was last read from."""
        row = self.store.archive.conn.execute(
            "SELECT capture_id FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        return self.store.captures.read(row[0]) if row and row[0] else None

    async def fetch_file(self, attachment: Attachment, visit: Visit) -> tuple[Attachment, tuple[Block, ...]]:
        """Fetch one attachment and read it in the worker process; whatever fails is its state."""
        try:
            response = await self.fetch(
                attachment.url,
                referer=visit.capture.url,
                seconds=settings.FILE_SECONDS,
                size=settings.FILE_BYTES,
                retries=settings.FILE_RETRIES,
            )
        except FetchError as error:
            state = {"too_big": "too_big", "timeout": "timeout"}.get(error.kind, "failed")
            self.record_failure(visit.task, error, attachment.url)
            return replace(attachment, state=state, detail=error.detail), ()
        capture = self.capture_of(response, "attachment")
        if response.status != 200 or self.absence(response):
            visit.captures.append(("attachment", replace(capture, kind="detail")))
            detail = self.absence(response) or f"http_{response.status}"
            return replace(attachment, state="missing", detail=detail), ()
        visit.captures.append(("attachment", capture))
        document = await asyncio.to_thread(self.job.reader.read, response.body, attachment.name)
        return (
            replace(
                attachment,
                format=document.format if document.format != "unknown" else attachment.format,
                state=document.state,
                detail=document.detail,
                size=len(response.body),
                content=response.body,
            ),
            document.blocks,
        )

    async def fetch_viewer(self, url: str, visit: Visit) -> tuple[Block, ...]:
        """Fetch the pages of the document viewer."""
        raise NotImplementedError

    async def fetch(
        self,
        url: str,
        *,
        referer: str,
        seconds: float = settings.PAGE_SECONDS,
        size: int = settings.PAGE_BYTES,
        retries: int = settings.RETRIES,
    ) -> Response:
        """Fetch beside the scheduler, through all that keeps the crawl polite; raises FetchError."""
        request = Request(
            url,
            callback=NO_CALLBACK,
            headers={"Referer": referer},
            meta={"download_timeout": seconds, "download_maxsize": size, "max_retry_times": retries},
        )
        if self.stopping:
            raise FetchError("blocked", ENDING)
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # whatever it was becomes a recorded failure
            raise (FetchError("blocked", ENDING) if self.stopping else failure_of(error)) from error
        if response.status == 429 or response.status >= 500:
            raise FetchError(f"http_{response.status}", f"{url} answered {response.status}")
        return response

    # Answers that are not the article

    async def on_absent(self, task: Task, capture: Capture, detail: str) -> None:
        """Believe an answer "not there" only of a site that shows what it is known to have."""
        if task.held is None:
            self.fail(task, "missing", f"listed, but its page says: {detail}")
        elif not await self.is_healthy(task):
            self.fail(
                task, "gone_unproven", f"{detail}, while the site shows nothing that it is known to have"
            )
        else:
            capture_id = self.store.record_capture(capture)
            key = (task.section.site, task.section.name, task.native_id)
            gone = self.store.record_missing(
                *key, capture_id, detail, absent_from_list=self.absent_from_list(task)
            )
            self.count("gone" if gone else "missing", task)

    async def is_healthy(self, task: Task) -> bool:
        """Tell whether the site shows an article it is known to have; asked once while nothing is odd."""
        if self.healthy:
            return True
        for section, native_id, url in self.canaries(task):
            try:
                response = await self.fetch(url, referer=url)
            except FetchError:
                continue
            page = page_of(as_page(response))
            if response.status == 200 and not page.layout_name.startswith("generic"):
                self.healthy = (page.section, page.native_id) == (section, native_id)
                return self.healthy
        return False

    def canaries(self, task: Task) -> list[tuple[str, str, str]]:
        """Choose known articles of the site, those lately seen first."""
        rows = self.store.archive.conn.execute(
            "SELECT section, native_id, url FROM articles WHERE site = ? AND state = 'live'"
            " AND missing_count = 0 AND native_id <> ? ORDER BY checked_at DESC LIMIT ?",
            (self.site, task.native_id, CANARIES),
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def shows(self, page: ArticlePage, task: Task) -> bool:
        """Tell whether a page shows an article: in a known layout, or by its own canonical link."""
        if not page.layout_name.startswith("generic"):
            return True
        links = page.css('link[rel="canonical"]::attr(href), meta[property="og:url"]::attr(content)').getall()
        return any((found := identify(link)) and found.native_id == task.native_id for link in links)

    def on_known(self, page: ArticlePage) -> None:
        """Note a page that shows an article; a layout known only generically is reported."""
        if page.layout_name.startswith("generic"):
            self.job.tally["generic"] += 1
        else:
            self.healthy, self.unknown_in_a_row = True, 0
            self.job.tally["recognised"] += 1

    def on_unknown(self, task: Task, capture: Capture) -> None:
        """Record a page that is no article's and states no absence: a new template, or an outage board."""
        self.store.record_capture(capture)
        self.fail(task, "layout", "the page is not recognised")
        self.unrecognised(f"{task.url}: the page is not recognised")

    def unrecognised(self, line: str) -> None:
        """Note what was not recognised; leave a site alone that shows nothing else."""
        self.healthy = False
        self.unknown_in_a_row += 1
        self.job.unrecognised.append(line)
        if self.unknown_in_a_row == UNRECOGNISED_IN_A_ROW:
            self.stop("unrecognised")

    # Failures

    async def on_failed_article(self, failure: TwistedFailure) -> None:
        """Record an article whose page could not be had."""
        task: Task = failure.request.cb_kwargs["task"]  # type: ignore[attr-defined]
        error = failure_of(failure.value)
        if error.kind == "blocked":
            return
        self.fail(task, error.kind, error.detail)
        self.done(task)

    def fail(self, task: Task, kind: str, detail: str) -> None:
        """Record that an article could not be had."""
        self.record_failure(task, FetchError(kind, detail), task.url)
        self.count("failed", task)

    def record_failure(self, task: Task, error: FetchError, url: str) -> None:
        """Keep a failure that belongs to an article; what was not asked for did not fail."""
        if error.kind == "blocked":
            return
        key = (task.section.name, task.native_id)
        self.store.record_failure(Failure(self.site, url, error.kind, error.detail, self.job.now(), *key))
        self.job.tally["failures"] += 1

    def on_breaker_opened(self, reason: str) -> None:
        """End the crawl of this site: it refuses."""
        if self.stopping:
            return
        self.job.blocked[self.site] = reason
        self.store.record_failure(Failure(self.site, self.root, "blocked", reason, self.job.now()))
        self.stop("blocked")

    def closed(self, reason: str) -> None:
        """Take back that the site refuses, when it did not."""
        if reason == "finished":
            self.store.resolve_failure(self.root)

    @property
    def root(self) -> str:
        """The address under which failures of the whole site are kept."""
        return f"https://{self.allowed_domains[0]}/"

    def stop(self, reason: str) -> None:
        """Close the spider; what is under way is finished."""
        logger.info("%s: stopping, %s", self.site, reason)
        self.stopping = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))

    def on_error(self, failure: TwistedFailure, response: Response) -> None:
        """Record an error of our own in a callback: the page is kept for whoever mends it."""
        self.note_error(failure, response.url)

    def on_item_error(self, item: Visit, failure: TwistedFailure) -> None:
        """Record an error of our own in a pipeline."""
        self.note_error(failure, item.task.url)
        self.done(item.task)

    def note_error(self, failure: TwistedFailure, url: str) -> None:
        """Keep an error of our own as a failure of the address it happened at."""
        identity = identify(url)
        key = (identity.section, identity.native_id) if identity else (None, None)
        detail = failure_of(failure.value).detail
        self.store.record_failure(Failure(self.site, url, "error", detail, self.job.now(), *key))
        self.job.tally["failures"] += 1
        logger.error("%s: %s", url, detail, exc_info=failure.value)

    # Records

    def capture_of(self, response: Response, kind: str, layout: str | None = None) -> Capture:
        """Keep an answer: the exact bytes and what came with them."""
        request = response.request
        form = request.body.decode("utf-8") if request is not None and request.method == "POST" else None
        return Capture(
            url=response.url,
            fetched_at=self.job.now(),
            status=response.status,
            headers=tuple(_headers(response)),
            content=response.body,
            kind=kind,
            layout=layout,
            method=request.method if request is not None else "GET",
            form=form,
        )

    def count(self, outcome: str, task: Task) -> None:
        """Count what became of an article."""
        self.job.tally[outcome] += 1
        logger.debug("%s %s", outcome, task.url)


def refusal_of(response: Response) -> FetchError | None:
    """Say why an answer is no page at all; None when it is one."""
    if response.status != 200:
        return FetchError(f"http_{response.status}", f"the answer was {response.status}")
    if not response.body:
        return FetchError("empty", "the answer was empty")
    return None


def signature(raw: RawArticle) -> tuple[Any, ...]:
    """Give what makes a page say something else: layout, words, files and document, not its markup."""
    words = "".join(character for character in page_text(raw.body_html) if character.isalnum())
    files = tuple((file.file_id, file.name) for file in raw.attachments)
    said = raw.title, raw.subtitle, raw.published, raw.organization, raw.viewer_url
    return raw.layout, *said, files, words


def page_text(html: str) -> str:
    """Give the text of a fragment of HTML, roughly."""
    return Selector(html).xpath("string()").get() or "" if html else ""


def _headers(response: Response) -> Iterator[tuple[str, str]]:
    for name, values in response.headers.items():
        for value in values:
            yield name.decode("latin-1"), value.decode("latin-1")


def _page_of_capture(capture: Capture) -> HttpResponse:
    return HttpResponse(url=capture.url, body=capture.content, status=capture.status)
