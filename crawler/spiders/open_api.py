"""The Open API of data.go.kr, a second source for korea.kr; off until a service key is given."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from w3lib.url import url_query_cleaner

from archive.articles.lifecycle import note_edit
from archive.completeness.listed import days_read
from archive.errors import BriefingError
from archive.records import KOREA, Failure
from crawler.http.failures import FetchError
from crawler.http.responses import capture_of
from crawler.items import Task, Visit
from crawler.pages.korea.articles import absence
from crawler.pages.korea.open_api import POLICY, PRESS, read_answer, request_url, windows
from crawler.revisit_policy import days_due
from crawler.sites.urls import KOREA_ROOT, canonical_url
from crawler.spiders.base import ArticleSpider
from pipelines.observation import Observation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy import Request
    from scrapy.http import Response

    from archive.articles.held import HeldArticle
    from archive.records import Capture
    from crawler.pages.korea.open_api import ApiAnswer, ApiItem
    from crawler.sites.sections import Section
    from pipelines.blocks import Block

KEY = "BRIEFING_API_KEY"
SERVICES = {"policy": POLICY, "press": PRESS}


def service_key() -> str | None:
    """Return the service key, from the environment variable ``BRIEFING_API_KEY``."""
    return os.environ.get(KEY) or None


class OpenApiSpider(ArticleSpider):
    """Request windows of three days; what was edited since its last check is fetched from the site.

    Domain: apis.data.go.kr. Answers tell what pages hide: the moment of the last edit (``ModifyDate``).
    The key is part of the URL and is left out of everything that is kept.
    """

    name = "open_api"
    site = KOREA
    allowed_domains: ClassVar[list[str]] = ["apis.data.go.kr", "korea.kr"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists_failed = False

    async def start(self) -> AsyncIterator[Request | Visit]:
        """Request every window, newest first; yield articles not held, and requests for those edited."""
        key = service_key() or ""
        for section in self.job.wanted.sections:
            if section.name not in SERVICES:
                continue
            for since, until in reversed(self.windows(section)):
                async for capture, answer in self.answers(section, since, until, key):
                    for found in self.follow(section, capture, answer):
                        yield found

    def windows(self, section: Section) -> tuple[tuple[date, date], ...]:
        """Return the windows that hold the days due."""
        wanted = self.job.wanted
        known = days_read(self.store.archive.conn, KOREA, section.name)
        days = days_due(self.job.today, known, since=wanted.since, until=wanted.until)
        return windows(min(days), max(days)) if days else ()

    async def answers(
        self, section: Section, since: date, until: date, key: str
    ) -> AsyncIterator[tuple[Capture, ApiAnswer]]:
        """Request a window, and again each of its days when the response is damaged."""
        url = request_url(SERVICES[section.name], since, until, key)
        kept_url = url_query_cleaner(url, ["serviceKey"], remove=True)
        try:
            response = await self.fetch(url, referer=KOREA_ROOT + "/")
            answer = read_answer(response.body).within(since, until)
        except BriefingError as error:
            kind = error.kind if isinstance(error, FetchError) else "api"
            detail = str(error).replace(key, "…")
            self.job.record_failure(Failure(KOREA, kept_url, kind, detail, self.job.now(), section.name))
            self.lists_failed = True
            return
        self.store.resolve_failure(kept_url)
        if answer.damaged and since != until:
            for day in (since + timedelta(number) for number in range((until - since).days + 1)):
                async for found in self.answers(section, day, day, key):
                    yield found
            return
        yield replace(capture_of(response, "api", self.job.now()), url=kept_url), answer

    def follow(self, section: Section, capture: Capture, answer: ApiAnswer) -> Iterator[Request | Visit]:
        """Yield articles not held; request from the site those edited since they were last checked."""
        ids = [item.article.native_id for item in answer.items]
        held = self.store.held_many(KOREA, section.name, ids)
        with self.store.archive.transaction():
            for item in answer.items:
                note_edit(self.store.archive.conn, item.article)
        for item in answer.items:
            known = held.get(item.article.native_id)
            if item.article.section != section.name or not self.is_due(known, item) or not self.job.take():
                continue
            url = canonical_url(KOREA, section.name, item.article.native_id)
            task = Task(section, item.article.native_id, url, "new", held=known)
            if known is None:
                yield Visit(task, Observation(item.article), capture)
            else:
                yield self.request_for(replace(task, reason="listed_otherwise"))

    def is_due(self, held: HeldArticle | None, item: ApiItem) -> bool:
        """Return whether an article is not held, or was edited since it was last checked.

        A check in the future, of a run with a wrong clock, is ignored.
        """
        if held is None or held.checked_at > self.job.now():
            return True
        return (item.modified_at or "") > held.checked_at

    def closed(self, reason: str) -> None:
        """Resolve failures of earlier windows that are no longer requested, where every window succeeded."""
        super().closed(reason)
        if reason == "finished" and not self.lists_failed:
            self.store.resolve_lists("apis.data.go.kr")

    def absence(self, response: Response) -> str | None:
        """Recognise the forms in which korea.kr says that something is not there."""
        return absence(response.status, response.url, response.body)

    def is_listed(self, task: Task) -> bool:  # noqa: ARG002
        """Return True: the response of the API names every article that is requested."""
        return True

    def absent_from_list(self, task: Task) -> bool:  # noqa: ARG002  # answers are no lists
        """Return False: no response of the API is a whole list."""
        return False

    async def fetch_viewer(self, url: str, visit: Visit) -> tuple[Block, ...]:  # noqa: ARG002
        """Return nothing: the spider of the site fetches the viewer."""
        return ()
