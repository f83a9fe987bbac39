"""Scrapy's item pipelines: thin, for what they do is done by ``pipelines`` and ``archive``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from archive.errors import Exceeded, SandboxError
from crawler.http.failures import failure_of
from crawler.items import Understood
from pipelines.bounded import is_large, understand
from pipelines.organizations import organization_of_contact

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from archive.records import Article
    from crawler.items import Visit
    from crawler.spiders.base import ArticleSpider


class UnderstandPipeline:
    """Turn what a visit found into an article."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> UnderstandPipeline:
        """Make the pipeline of one crawler."""
        return cls(crawler)

    async def process_item(self, item: Visit) -> Understood:
        """Understand a visit; a large one in the sandbox, while the crawl goes on.

        One that takes more time or memory than allowed is recorded as a failure, and dropped.
        """
        try:
            came = _came_with(item)
            if is_large(item.raw, lead=came["lead"], viewer_blocks=item.viewer_blocks, files=item.files):
                article = await asyncio.to_thread(understand, item.raw, **came)
            else:
                article = understand(item.raw, **came)
        except (Exceeded, SandboxError) as error:
            spider: ArticleSpider = self.crawler.spider  # type: ignore[assignment]  # only ours run
            failed = failure_of(error)
            spider.fail(item.task, failed.kind, failed.detail)
            spider.done(item.task)
            raise DropItem(failed.detail, log_level="DEBUG") from error
        return Understood(item, article)


def _came_with(visit: Visit) -> dict[str, Any]:
    """Give what a visit found beside the article's own page."""
    listed = visit.task.item
    return {
        "lead": listed.lead if listed else None,
        "lead_is_full": bool(listed and listed.lead_is_full),
        "viewer_blocks": visit.viewer_blocks,
        "files": visit.files,
    }


class StorePipeline:
    """Store a visit in one transaction: nothing is marked before it is stored."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        """Make the pipeline of one crawler."""
        return cls(crawler)

    def process_item(self, item: Understood) -> Understood:
        """Store an understood visit with its captures."""
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
                organizations_of_contacts=_organizations(item.article),
                hinted=task.reason == "listed_otherwise",
            )
        spider.count(saved.outcome, task)
        spider.done(task)
        return item


def _organizations(article: Article) -> list[tuple[str | None, str]]:
    """Say for each contact which ministry it belongs to, and whether the text itself says so."""
    resolved = (
        organization_of_contact(contact, article.organization, article.published_at)
        for contact in article.contacts
    )
    return [(organization.key if organization else None, how) for organization, how in resolved]
