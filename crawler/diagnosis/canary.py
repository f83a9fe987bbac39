"""The canary: whether a site is well, so that its response "not there" can be believed."""

from __future__ import annotations

from asyncio import Lock
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.articles.lookup import lately_seen
from archive.errors import InputError
from archive.text.normalize import one_line
from crawler.http.failures import FetchError
from crawler.pages import page_of
from crawler.providers import as_page
from crawler.sites.urls import canonical_url

if TYPE_CHECKING:
    from scrapy.http import Response

    from crawler.items import Task
    from crawler.spiders.site import SiteSpider

CANARIES = 3  # known articles requested before a response "not there" is believed
CANDIDATES = 200  # known articles to choose from, read once a run
ILL = 60.0  # seconds for which a site that shows no known article is not asked for another
UNRECOGNISED_IN_A_ROW = 5  # unknown pages, none known between, after which a site is left alone
NEVER_GIVEN = "999999999"  # no article's id: those of 2026 begin with 132, 148 and 156

Shape = tuple[int, str, str]


class Health:
    """What one site showed in this run.

    Args:
        spider: fetches, and names the site and the archive.
    """

    def __init__(self, spider: SiteSpider) -> None:
        self._spider = spider
        self._asked_at = 0.0
        self._ill_until = 0.0
        self._candidates: list[tuple[str, str, str]] | None = None
        self._unknown = 0
        self._nothing: dict[str, Shape | None] = {}
        self._asking = Lock()  # what one article's coroutine finds out, the others need not request

    def saw_known(self) -> None:
        """Note an article or list in a known layout, which is no evidence of what comes after it."""
        self._unknown = 0
        self._ill_until = 0.0
        self._spider.job.notices.pop(self._spider.site, None)

    def saw_unknown(self, notice: str | None) -> bool:
        """Note a page that is not recognised; return whether the site shows nothing else any more.

        Args:
            notice: its text, if that says that the site is out of service.
        """
        self._spider.job.notices.pop(self._spider.site, None)
        if notice:
            self._spider.job.notices[self._spider.site] = notice
        self._unknown += 1
        return self._unknown == UNRECOGNISED_IN_A_ROW

    async def is_well(self, task: Task) -> bool:
        """Return whether the site shows an article it is known to have when it is asked for one now.

        What was seen before is no evidence: a site may go out of service in the middle of a crawl.
        """
        since = monotonic()
        async with self._asking:
            if max(self._asked_at, self._ill_until) < since:
                asked_at = monotonic()
                is_well = await self._shows_a_canary(task)
                self._asked_at = asked_at
                self._ill_until = 0.0 if is_well else monotonic() + ILL
            return self._ill_until < since

    async def _shows_a_canary(self, task: Task) -> bool:
        """Return whether one of the known articles is shown when it is requested."""
        for section, native_id, url in self._canaries(task):
            try:
                response = await self._spider.fetch(url, referer=url)
                page = page_of(as_page(response))
                if response.status == 200 and not page.layout_name.startswith("generic"):
                    return (page.section, page.native_id) == (section, native_id)
            except (FetchError, InputError):
                continue
        return False

    async def says_nothing_there(self, response: Response, task: Task) -> bool:
        """Return whether a response is the one that a healthy site gives for an id it never gave.

        How the real sites respond to an id that does not exist was never seen; so one is requested, once a
        run and section. Sidebars rotate, so status, path and title are compared, or the text where there is
        no title.
        """
        section = task.section
        async with self._asking:
            if section.name not in self._nothing:
                url = canonical_url(section.site, section.name, NEVER_GIVEN)
                try:
                    self._nothing[section.name] = _shape(await self._spider.fetch(url, referer=url))
                except FetchError:
                    self._nothing[section.name] = None
        shape = _shape(response)
        return shape is not None and self._nothing[section.name] == shape and await self.is_well(task)

    def _canaries(self, task: Task) -> list[tuple[str, str, str]]:
        """Choose known articles of the site, those checked last first; none twice while there are others."""
        if self._candidates is None:
            self._candidates = lately_seen(self._spider.store.archive.conn, self._spider.site, CANDIDATES)
        chosen = [known for known in self._candidates if known[1] != task.native_id][:CANARIES]
        self._candidates = [known for known in self._candidates if known not in chosen] + chosen
        return chosen


def _shape(response: Response) -> Shape | None:
    page = page_of(as_page(response))
    try:
        said = page.text_of("title") or one_line(page.selector.xpath("string()").get() or "")
    except InputError:
        return None
    return response.status, urlsplit(response.url).path, said
