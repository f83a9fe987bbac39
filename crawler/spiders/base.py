"""The base of the spiders: fetch one article with all that belongs to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator  # noqa: TC003  # scrapy-poet reads the annotations of callbacks
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http import Response  # noqa: TC002  # as above

from archive.articles.lookup import page_capture
from archive.errors import DAMAGE, ArchiveError, InputError, PageError, UnknownLayout
from crawler import settings
from crawler.diagnosis.canary import Health
from crawler.extraction.observing import (
    completed,
    file_read,
    missing_file,
    mistaken_file,
    raw_of,
    unfinished,
)
from crawler.http.failures import FetchError, failure_of
from crawler.http.outage import notice_of
from crawler.http.responses import capture_of, refusal_of, signature
from crawler.items import Task, Visit
from crawler.providers import Detail  # noqa: TC001  # as above
from crawler.sites.urls import identify
from crawler.spiders.site import SiteSpider
from pipelines.observation import Observation

if TYPE_CHECKING:
    from twisted.python.failure import Failure as TwistedFailure

    from archive.records import Attachment, Capture, RawArticle
    from crawler.pages import ArticlePage
    from crawler.run.scope import Job
    from pipelines.blocks import Block
    from pipelines.observation import ReadFile

CANONICAL = 'link[rel="canonical"]::attr(href), meta[property="og:url"]::attr(content)'
LIST_PRIORITY, DETAIL_PRIORITY, DOUBTFUL_PRIORITY = 0, 10, 5


class ArticleSpider(SiteSpider):
    """A spider that fetches articles, one coroutine each, and yields whole visits to the item pipelines."""

    def __init__(self, job: Job, **kwargs: Any) -> None:
        super().__init__(job, **kwargs)
        self.health = Health(self)

    def absence(self, response: Response) -> str | None:
        """Return how a response says that an article is not there, in one line; None when it does not."""
        raise NotImplementedError

    def is_listed(self, task: Task) -> bool:
        """Return whether a list of this run shows an article."""
        raise NotImplementedError

    def absent_from_list(self, task: Task) -> bool:
        """Return whether a list that the archive does not keep lacks an article."""
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
        """Read an article's page; fetch its files and viewer pages; yield the whole visit."""
        page = detail.page
        capture = capture_of(response, "detail", self.job.now(), page.layout_name)
        if response.status == 304 and task.held:
            self.store.record_unchanged(task.held.article_id)
            self.count("unchanged", task)
        elif absent := self.absence(response):
            await self.on_absent(task, capture, absent)
        elif refusal := refusal_of(response):
            self.fail(task, refusal.kind, refusal.detail)
        elif not self.shows(page, task):
            if await self.health.says_nothing_there(response, task):
                await self.on_absent(task, capture, "the answer is that for an id never given")
            else:
                self.on_unknown(task, capture)
        else:
            try:
                visit = await self.visit(page, capture, task)
            except InputError as error:
                # What no parser foresaw is a fault of this program as much as of the page.
                self.fail(task, "error" if isinstance(error.__cause__, DAMAGE) else "layout", str(error))
                visit = None
            if visit is not None:
                yield visit
                return
        self.done(task)

    async def visit(self, page: ArticlePage, capture: Capture, task: Task) -> Visit | None:
        """Fetch what belongs to an article; None when its page is damaged or unchanged."""
        try:
            raw = completed(page.raw(), task.identity, task.item)
        except PageError as error:
            self.store.record_capture(capture)
            if isinstance(error.__cause__, DAMAGE):
                raise
            self.fail(task, "layout" if isinstance(error, UnknownLayout) else "wrong_page", str(error))
            self.unrecognised(f"{task.url}: {error}", capture.content)
            return None
        self.on_known(page)
        if raw.native_id != task.native_id:
            self.fail(task, "wrong_page", f"asked for {task.native_id}, got {raw.native_id}")
            return None
        if task.held and task.reason in ("recheck", "vanished") and self.says_the_same(raw, task):
            self.store.record_unchanged(task.held.article_id, capture)
            self.count("unchanged", task)
            return None
        visit = Visit(task, Observation(raw, task.item), capture, urls=tuple({task.url, capture.url}))
        files = [await self.fetch_file(attachment, visit) for attachment in raw.attachments]
        visit.observation = replace(visit.observation, files=files)
        if raw.viewer_url and visit.observation.needs_viewer:
            blocks = await self.fetch_viewer(raw.viewer_url, visit)
            visit.observation = replace(visit.observation, viewer_blocks=blocks)
        return visit

    def says_the_same(self, raw: RawArticle, task: Task) -> bool:
        """Compare a page with the capture that the article was last read from, by its own fields."""
        capture_id = page_capture(self.store.archive.conn, task.held.article_id) if task.held else None
        if capture_id is None:
            return False
        try:
            capture = self.store.captures.read(capture_id)
        except ArchiveError:  # damaged: what is fetched now replaces it
            return False
        try:
            before = completed(raw_of(capture, task.identity), task.identity, task.item)
        except (InputError, PageError):  # today's page objects refuse what an earlier version took
            return False
        return signature(before) == signature(raw)

    async def fetch_file(self, attachment: Attachment, visit: Visit) -> ReadFile:
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
        capture = capture_of(response, "attachment", self.job.now())
        if missing := missing_file(attachment, capture):
            visit.captures.append(("attachment", replace(capture, kind="detail")))
            return missing, ()
        document = await asyncio.to_thread(self.job.reader.read, response.body, attachment.name)
        if mistaken := mistaken_file(attachment, response.body, document):
            visit.captures.append(("attachment", replace(capture, kind="detail")))
            kind = "wrong_page" if response.body else "empty"
            self.record_failure(visit.task, FetchError(kind, mistaken.detail or ""), attachment.url)
            return mistaken, ()
        if reason := unfinished(document):
            self.record_failure(visit.task, FetchError("document", reason), attachment.url)
        visit.captures.append(("attachment", capture))
        return file_read(replace(attachment, content=response.body), response.body, document)

    async def fetch_viewer(self, url: str, visit: Visit) -> tuple[Block, ...]:
        """Fetch the pages of the document viewer."""
        raise NotImplementedError

    # Answers that are not the article

    async def on_absent(self, task: Task, capture: Capture, detail: str) -> None:
        """Believe a response "not there" only of a site that shows what it is known to have."""
        if task.held is None:
            self.fail(task, "missing", f"listed, but its page says: {detail}")
        elif not await self.health.is_well(task):
            self.fail(
                task, "gone_unproven", f"{detail}, while the site shows nothing that it is known to have"
            )
        else:
            capture_id = self.store.record_capture(capture)
            key = (task.section.site, task.section.name, task.native_id)
            gone = self.store.record_missing(
                *key,
                capture_id,
                detail,
                absent_from_list=self.absent_from_list(task),
                listed=self.is_listed(task),
            )
            self.count("gone" if gone else "missing", task)

    def shows(self, page: ArticlePage, task: Task) -> bool:
        """Return whether a page shows an article: in a known layout, or by its own canonical link."""
        if not page.layout_name.startswith("generic"):
            return True
        try:
            links = page.css(CANONICAL).getall()
        except InputError:  # no text at all
            return False
        return any((found := identify(link)) and found.native_id == task.native_id for link in links)

    def on_known(self, page: ArticlePage) -> None:
        """Note a page that shows an article; a layout known only generically is reported."""
        if page.layout_name.startswith("generic"):
            self.job.tally["generic"] += 1
        else:
            self.health.saw_known()
            self.job.tally["recognised"] += 1

    def on_unknown(self, task: Task, capture: Capture) -> None:
        """Record a page that is no article's and states no absence: a new template, or an outage board."""
        self.store.record_capture(capture)
        self.fail(task, "layout", "the page is not recognised")
        self.unrecognised(f"{task.url}: the page is not recognised", capture.content)

    def unrecognised(self, line: str, content: bytes = b"") -> None:
        """Note what was not recognised, with its bytes; stop the site when it shows nothing else."""
        self.job.unrecognised.append(line)
        if self.health.saw_unknown(notice_of(content)):
            self.stop("unrecognised")

    async def on_failed_article(self, failure: TwistedFailure) -> None:
        """Record an article whose page could not be fetched."""
        task: Task = failure.request.cb_kwargs["task"]  # type: ignore[attr-defined]
        error = failure_of(failure.value)
        if error.kind == "blocked":
            return
        self.fail(task, error.kind, error.detail)
        self.done(task)
