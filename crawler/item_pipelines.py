"""Scrapy's item pipelines: thin, for what they do is done by ``pipelines`` and ``archive``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from archive.errors import Exceeded, SandboxError
from crawler.http.failures import failure_of
from crawler.items import Built
from pipelines.bounded import build_article, is_large

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.items import Visit
    from crawler.spiders.base import ArticleSpider


class BuildPipeline:
    """Build an article of what a visit saw."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BuildPipeline:
        """Make the pipeline of one crawler."""
        return cls(crawler)

    async def process_item(self, item: Visit) -> Built:
        """Build an article; a large one in the sandbox, while the crawl goes on.

        One that takes more time or memory than allowed is recorded as a failure, and dropped.
        """
        try:
            if is_large(item.observation):
                article = await asyncio.to_thread(build_article, item.observation)
            else:
                article = build_article(item.observation)
        except (Exceeded, SandboxError) as error:
            spider: ArticleSpider = self.crawler.spider  # type: ignore[assignment]  # only ours run
            failed = failure_of(error)
            spider.fail(item.task, failed.kind, failed.detail)
            spider.done(item.task)
            raise DropItem(failed.detail, log_level="DEBUG") from error
        return Built(item, article)


class StorePipeline:
    """Store a visit in one transaction: nothing is marked before it is stored."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        """Make the pipeline of one crawler."""
        return cls(crawler)

    def process_item(self, item: Built) -> Built:
        """Store an article with the captures that it was built of."""
        spider: ArticleSpider = self.crawler.spider  # type: ignore[assignment]  # only ours run
        store, visit, task = spider.store, item.visit, item.visit.task
        if spider.job.interrupted:
            raise DropItem("the crawl was interrupted", log_level="DEBUG")
        with store.archive.transaction():
            capture_id = store.record_capture(visit.capture)
            captures = [(role, store.record_capture(capture)) for role, capture in visit.captures]
            if task.day is not None and task.native_id in task.day.captures:
                captures.append(("list", task.day.captures[task.native_id]))
            saved = store.record_article(
                item.article,
                capture_id,
                urls=visit.urls,
                captures=captures,
                baseline=spider.job.baseline,
                hinted=task.reason == "listed_otherwise",
            )
        spider.count(saved.outcome, task)
        spider.done(task)
        return item
