"""Scrapy's item pipelines: thin, for what they do is done by ``pipelines`` and ``archive``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.visits import Understood
from pipelines.chain import understand
from pipelines.organizations import organization_of_contact

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from archive.records import Article
    from crawler.spiders.base import ArticleSpider
    from crawler.visits import Visit


class UnderstandPipeline:
    """Turn what a visit found into an article."""

    def process_item(self, item: Visit) -> Understood:
        """Understand a visit."""
        listed = item.task.item
        article = understand(
            item.raw,
            lead=listed.lead if listed else None,
            lead_is_full=bool(listed and listed.lead_is_full),
            viewer_blocks=item.viewer_blocks,
            files=item.files,
        )
        return Understood(item, article)


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
