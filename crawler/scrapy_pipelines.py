"""Scrapy's item pipelines: thin, for what they do is done by ``pipelines`` and ``archive``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.chain import understand
from pipelines.organizations import organizations_of_contacts

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.spiders.base import ArticleSpider
    from crawler.visits import Visit


class UnderstandPipeline:
    """Turn what a visit found into an article."""

    def process_item(self, item: Visit) -> Visit:
        """Understand a visit."""
        listed = item.task.item
        item.article = understand(
            item.raw,
            lead=listed.lead if listed else None,
            lead_is_full=bool(listed and listed.lead_is_full),
            viewer_blocks=item.viewer_blocks,
            files=item.files,
        )
        return item


class StorePipeline:
    """Store a visit in one transaction: nothing is marked before it is stored."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        """Make the pipeline of one crawler."""
        return cls(crawler)

    def process_item(self, item: Visit) -> Visit:
        """Store an understood visit with its captures."""
        spider: ArticleSpider = self.crawler.spider  # type: ignore[assignment]
        store, task = spider.store, item.task
        assert item.article is not None  # the pipeline before this one sets it
        with store.archive.transaction():
            capture_id = store.record_capture(item.capture)
            captures = [(role, store.record_capture(capture)) for role, capture in item.captures]
            if task.day is not None and task.native_id in task.day.captures:
                captures.append(("list", task.day.captures[task.native_id]))
            saved = store.record_article(
                item.article,
                capture_id,
                urls=item.urls,
                captures=captures,
                organizations_of_contacts=organizations_of_contacts(item.article),
            )
        if saved.outcome == "new":
            spider.job.new_articles.append(saved.article_id)
        spider.count(saved.outcome, task)
        spider.done(task)
        return item
