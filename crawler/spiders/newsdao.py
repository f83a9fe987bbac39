"""newsdao.kr (뉴스다오): what its sitemaps and lists name, then every article that is due."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, ClassVar

from archive.articles.lookup import live_between, titles_and_days
from archive.completeness.listed import days_read
from archive.errors import UnknownLayout
from archive.korean_time import KST
from archive.records import NEWSDAO, Failure, Listing, ListItem
from crawler.http.failures import FetchError, failure_of
from crawler.http.responses import capture_of, refusal_of
from crawler.items import Task
from crawler.providers import as_page
from crawler.revisit_policy import DAILY, reason_to_fetch
from crawler.sites.sitemaps import read_sitemap
from crawler.sites.urls import NEWSDAO_ROOT, canonical_url, identify, joined
from crawler.spiders.base import ArticleSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy import Request
    from scrapy.http import Response

    from archive.articles.held import HeldArticle
    from crawler.items import Visit
    from crawler.revisit_policy import Reason
    from crawler.sites.sections import Section
    from crawler.sites.sitemaps import Sitemap
    from pipelines.blocks import Block

SITEMAP = f"{NEWSDAO_ROOT}/sitemap.xml"
MOST_PAGES = 200  # of one list walked at most
MOST_CATEGORIES = 50  # lists walked beside the home list; such a site has some ten
MOST_SITEMAPS = 100  # read at most; one holds 50,000 articles, and the site had 5,247 in 2024
MOST_LISTED = 500_000  # articles that sitemaps and lists may name together
_PAGE_NUMBER = re.compile(r"(?:[?&]p(?:age)?=|/page/)([0-9]{1,9})(?![0-9])")
# A list of one category, as small Korean news systems write its URL (assumed; the site was never seen).
_CATEGORY = re.compile(r"^/(?:category/[\w-]+/?|news\?c=[\w-]+)$")


class NewsdaoSpider(ArticleSpider):
    """Read sitemaps, then home and category lists for what they do not name, and fetch what is due.

    Domain: newsdao.kr. Its markup was never seen; ids are plain numbers (3043 to 5247 in 2024). Articles
    known are requested with their validators, so that an unchanged one costs a 304.
    """

    name = "newsdao"
    site = NEWSDAO
    allowed_domains: ClassVar[list[str]] = ["newsdao.kr"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed: dict[str, date | None] = {}
        self.changed_at: dict[str, datetime] = {}
        self.sitemap_is_whole = False
        self.lists_failed = False
        self.sitemaps: set[str] = set()
        self.shown = b""  # the last list page, whatever it is

    async def start(self) -> AsyncIterator[Request]:
        """List what there is, then request every article that is due."""
        section = next(section for section in self.job.wanted.sections if section.site == NEWSDAO)
        self.first, self.last = self.window()
        is_whole = await self.read_sitemap(SITEMAP)
        self.sitemap_is_whole = is_whole and bool(self.listed)
        await self.read_lists()
        if self.listed:
            self.store.alive.add((NEWSDAO, section.name))
        if not self.listed and not self.stopping:
            self.unrecognised(f"{NEWSDAO_ROOT}/: neither sitemap nor lists name an article", self.shown)
        for task in self.tasks(section):
            if self.job.take():
                yield self.request_for(task, headers=_validators(task.held))

    def window(self) -> tuple[date, date]:
        """Return the days wanted: those requested, else all since the earliest day that the archive holds."""
        wanted, today = self.job.wanted, self.job.today
        if wanted.since or wanted.until:
            last = wanted.until or today
            return wanted.since or last, last
        known = days_read(self.store.archive.conn, NEWSDAO, "article")
        return min([today - timedelta(DAILY - 1), *known]), today

    # What there is

    async def read_sitemap(self, url: str) -> bool:
        """Read a sitemap, or every sitemap that an index names, each once; return whether all came whole."""
        if url in self.sitemaps:
            return True
        if len(self.sitemaps) >= MOST_SITEMAPS or len(self.listed) >= MOST_LISTED:
            self.fail_endless(SITEMAP, "the sitemaps do not end")
            return False
        self.sitemaps.add(url)
        try:
            sitemap = await self.fetch_sitemap(url)
        except (FetchError, UnknownLayout) as error:
            self.fail_list(url, failure_of(error))
            return False
        if sitemap.is_index:
            return await self.read_each(sitemap) and sitemap.is_whole
        for entry in sitemap.entries:
            if identity := identify(entry.url):
                changed = _moment(entry.changed)
                self.listed[identity.native_id] = changed.date() if changed else None
                if changed:
                    self.changed_at[identity.native_id] = changed
                    self.store.round.listed[identity] = {"changed": changed.date().isoformat()}
        return sitemap.is_whole

    async def read_each(self, index: Sitemap) -> bool:
        """Read the sitemaps that an index names, to a bound; return whether all came whole."""
        are_whole = True
        for entry in index.entries:
            are_whole = await self.read_sitemap(entry.url) and are_whole
            if len(self.sitemaps) >= MOST_SITEMAPS:
                return False
        return are_whole

    async def fetch_sitemap(self, url: str) -> Sitemap:
        """Fetch one sitemap; one that ends early is recorded; raises FetchError or UnknownLayout."""
        response = await self.fetch(url, referer=NEWSDAO_ROOT + "/")
        self.store.record_capture(capture_of(response, "sitemap", self.job.now()))
        if refusal := refusal_of(response):
            raise refusal
        sitemap = read_sitemap(response.body)
        if sitemap.is_whole:
            self.store.resolve_failure(url)
        else:
            self.fail_list(url, FetchError("truncated", "the sitemap ends before its end tag"))
        return sitemap

    async def read_lists(self) -> None:
        """Walk the home list, then each category's, while a page names articles that nothing named before."""
        categories = await self.walk(NEWSDAO_ROOT + "/")
        for path in sorted(categories)[:MOST_CATEGORIES]:
            await self.walk(NEWSDAO_ROOT + path)
        url = NEWSDAO_ROOT + "/#categories"
        if len(categories) > MOST_CATEGORIES:
            self.fail_endless(url, f"the site has more than {MOST_CATEGORIES} categories")
        else:
            self.store.resolve_failure(url)

    async def walk(self, url: str) -> set[str]:
        """Walk one list from its first page; return the categories that the pages link."""
        categories: set[str] = set()
        whole_list = f"{url}#pages"
        for number in range(1, MOST_PAGES + 1):
            try:
                response = await self.fetch(url, referer=NEWSDAO_ROOT + "/")
            except FetchError as error:
                if error.kind != "robots":
                    self.fail_list(url, error)
                break
            if response.status != 200:
                break
            self.store.record_capture(capture_of(response, "list", self.job.now()))
            self.shown = response.body
            addresses = [
                joined(response.url, href) for href in as_page(response).css("a::attr(href)").getall()
            ]
            found = {identity.native_id for address in addresses if (identity := identify(address))}
            fresh = found - self.listed.keys()
            self.listed |= dict.fromkeys(fresh)
            paths = {address.removeprefix(NEWSDAO_ROOT) for address in addresses}
            categories |= {path for path in paths if _CATEGORY.match(path)}
            following = next((a for a in addresses if _page_number(a) == number + 1), None)
            if not fresh or following is None:
                self.store.resolve_failure(whole_list)
                break
            if number == MOST_PAGES or len(self.listed) >= MOST_LISTED:
                self.fail_endless(whole_list, f"the list goes on after {number} pages")
                break
            url = following
        return categories

    def fail_list(self, url: str, error: FetchError) -> None:
        """Record a sitemap or list that could not be fetched; a request that was not sent is no failure."""
        if error.kind == "blocked":
            return
        self.lists_failed = True
        self.job.record_failure(Failure(NEWSDAO, url, error.kind, error.detail, self.job.now(), "article"))

    def fail_endless(self, url: str, detail: str) -> None:
        """Record that a site lists more than it can have; what was read before is used."""
        self.fail_list(url, FetchError("endless", detail))
        self.job.unrecognised.append(f"{url}: {detail}")

    # What is due

    def tasks(self, section: Section) -> Iterator[Task]:
        """Yield the articles that are due, newest ids first."""
        held = self.store.held_many(NEWSDAO, section.name, list(self.listed))
        order = sorted(self.listed, key=int, reverse=not self.job.wanted.oldest_first)
        for native_id in order:
            if (reason := self.reason(native_id, held.get(native_id))) is not None:
                yield self.task(section, native_id, reason, held.get(native_id))
        if self.sitemap_is_whole:
            for native_id in self.vanished():
                gone = self.store.held(NEWSDAO, section.name, native_id)
                yield self.task(section, native_id, "vanished", gone)

    def reason(self, native_id: str, held: HeldArticle | None) -> Reason | None:
        """Return why an article is due; None when it last changed outside the window."""
        day = self.listed[native_id]
        waits = held is not None and held.pending
        if not waits and day is not None and not self.first <= day <= self.last:
            return None
        changed = self.changed_at.get(native_id)
        if held and changed and changed > _last_known_change(held, self.job.moment()):
            return "listed_otherwise"
        return reason_to_fetch(held, None, self.job.today)

    def vanished(self) -> list[str]:
        """List live articles of the window that the whole sitemap does not name, nor any list."""
        after = self.last + timedelta(1)
        live = live_between(self.store.archive.conn, NEWSDAO, self.first.isoformat(), after.isoformat())
        return [native_id for native_id in live if native_id not in self.listed]

    @staticmethod
    def task(section: Section, native_id: str, reason: Reason, held: HeldArticle | None) -> Task:
        """Make the task of one article."""
        return Task(section, native_id, canonical_url(NEWSDAO, section.name, native_id), reason, held=held)

    # Pages

    def absence(self, response: Response) -> str | None:
        """Recognise 404 and 410, the only forms in which the site is assumed to report an absence."""
        return f"http_{response.status}" if response.status in (404, 410) else None

    def is_listed(self, task: Task) -> bool:
        """Return whether a sitemap or list of this run names an article."""
        return task.native_id in self.listed

    def absent_from_list(self, task: Task) -> bool:
        """Return whether a whole sitemap, which the archive does not keep as a listing, lacks an article."""
        return self.sitemap_is_whole and task.native_id not in self.listed

    async def fetch_viewer(self, url: str, visit: Visit) -> tuple[Block, ...]:  # noqa: ARG002  # there is none
        """Return nothing: the site has no document viewer."""
        return ()

    def closed(self, reason: str) -> None:
        """Write a listing for each day of the window, by the dates of the articles themselves."""
        super().closed(reason)
        if reason != "finished":
            return
        if self.listed and not self.lists_failed:
            self.store.resolve_lists("newsdao.kr")
        days: dict[str, list[ListItem]] = {}
        dated = titles_and_days(self.store.archive.conn, NEWSDAO)
        for native_id, changed in self.listed.items():
            title, day = dated.get(native_id, ("", changed.isoformat() if changed else ""))
            if self.first.isoformat() <= day <= self.last.isoformat():
                days.setdefault(day, []).append(ListItem(native_id, title, "article"))
        for number in range((self.last - self.first).days + 1):
            day = (self.first + timedelta(number)).isoformat()
            items = tuple(days.get(day, ()))
            self.store.record_listing(
                Listing(
                    NEWSDAO,
                    "article",
                    day,
                    len(items) if self.sitemap_is_whole else None,
                    items,
                    self.job.now(),
                    read_whole=self.sitemap_is_whole,
                    detail=None if self.sitemap_is_whole else "the sitemap could not be read whole",
                )
            )


def _validators(held: HeldArticle | None) -> dict[str, str]:
    """Return the headers of a conditional request; none where the whole page is needed."""
    if held is None or held.incomplete or held.state != "live" or held.missing_count:
        return {}
    given = {"If-None-Match": held.etag, "If-Modified-Since": held.last_modified}
    return {name: value for name, value in given.items() if value}


def _last_known_change(held: HeldArticle, now: datetime) -> datetime:
    """Return the time up to which an article's changes are known: its validator, else its last request.

    A time in the future, of a run with a wrong clock, is ignored.
    """
    if held.last_modified:
        try:
            return parsedate_to_datetime(held.last_modified)
        except ValueError:
            pass
    checked = datetime.fromisoformat(held.checked_at)
    return checked if checked <= now else datetime.min.replace(tzinfo=KST)


def _moment(text: str | None) -> datetime | None:
    """Read the lastmod of a sitemap; None when it is missing or malformed."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
        return moment.replace(tzinfo=KST) if moment.tzinfo is None else moment.astimezone(KST)
    except (ValueError, OverflowError):
        return None


def _page_number(url: str) -> int | None:
    found = _PAGE_NUMBER.search(url)
    return int(found[1]) if found else None
