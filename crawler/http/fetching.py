"""Fetch beside a crawl, through the crawl's own downloader: the same robots rules, pace, limits and checks.

A *talk* is a coroutine that requests from one site what it needs, one response after another. Scrapy's
reactor starts once in a process, so all talks of a command run together.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import Settings

from archive.errors import BriefingError, Unreachable, UsageError
from crawler import settings
from crawler.http.failures import FetchError, failure_of
from crawler.http.throttle import robots_read

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    Talk = Callable[["TalkSpider"], Awaitable[None]]

PAUSE = 1.0  # seconds between two requests to a host


class Page(NamedTuple):
    """A response: its bytes, and the URL it came from after redirects."""

    content: bytes
    url: str


async def download(
    crawler: Crawler,
    url: str,
    *,
    referer: str | None = None,
    seconds: float = settings.PAGE_SECONDS,
    size: int = settings.PAGE_BYTES,
    retries: int = settings.RETRIES,
) -> Response:
    """Fetch outside the scheduler, with the same throttle, robots rules and checks.

    Args:
        crawler: whose downloader to use.
        url: what to fetch.
        referer: the page that leads there.
        seconds: deadline for the whole response.
        size: bytes at most, unpacked.
        retries: times to ask again.

    Raises:
        FetchError: there is no response, or none that may be used.
    """
    request = Request(
        url,
        callback=NO_CALLBACK,
        headers={"Referer": referer} if referer else None,
        meta={"download_timeout": seconds, "download_maxsize": size, "max_retry_times": retries},
    )
    try:
        return await crawler.engine.download_async(request)
    except Exception as error:  # whatever it was becomes a failure that is told
        raise failure_of(error) from error


class TalkSpider(Spider):
    """The spider of one talk with one site.

    Args:
        domain: the host, or the domain of the hosts, that requests may go to.
        talk: the coroutine.
        ended: called with the error that ended the talk, if any.
    """

    name = "talk"

    def __init__(self, domain: str, talk: Talk, ended: list[Exception], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allowed_domains = [domain]
        self.talk = talk
        self.ended = ended
        self.robots: Response | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> TalkSpider:
        """Make the spider, and let it keep the robots.txt that the downloader requests."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_robots_read, signal=robots_read)
        return spider

    def on_robots_read(self, response: Response) -> None:
        """Keep a host's robots.txt."""
        self.robots = response

    async def start(self) -> AsyncIterator[Any]:
        """Run the talk; nothing is scheduled."""
        try:
            await self.talk(self)
        except Exception as error:  # noqa: BLE001  # Scrapy would log it and go on; it is raised by run_talks()
            self.ended.append(error)
        for nothing in tuple[Any, ...]():
            yield nothing

    async def get(self, url: str, **options: Any) -> Response:
        """Fetch as :func:`download` does, with its options; raises FetchError."""
        return await download(self.crawler, url, **options)


def run_talks(talks: Mapping[str, Talk], *, mirror: str | None = None, delay: float | None = None) -> None:
    """Run talks at the same time, each with one site; once in a process.

    Args:
        talks: by domain.
        mirror: server that receives the requests to every host.
        delay: seconds between two requests to a host; a polite second where not given.

    Raises:
        Exception: whatever a talk did not catch.
    """
    # What the downloader says of single requests is what the talks are told.
    logging.getLogger("scrapy").addHandler(logging.NullHandler())
    chosen = settings.settings_for(mirror=mirror, delay=PAUSE if delay is None else delay)
    process = AsyncCrawlerProcess(Settings(chosen | {"ITEM_PIPELINES": {}}))
    ended: list[Exception] = []
    running = [
        process.crawl(process.create_crawler(TalkSpider), domain=domain, talk=talk, ended=ended)
        for domain, talk in talks.items()
    ]
    process.start()
    for task in running:
        task.result()
    for error in ended:
        raise error


def fetch_all(urls: Iterable[str]) -> dict[str, Page | BriefingError]:
    """Fetch pages by URL; return for each the page, or why there is none."""
    found: dict[str, Page | BriefingError] = {}
    by_domain: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        try:
            by_domain.setdefault(domain_of(url), []).append(url)
        except UsageError as error:
            found[url] = error
    if by_domain:
        run_talks({domain: partial(_fetch_each, named, found) for domain, named in by_domain.items()})
    return found


async def _fetch_each(urls: list[str], found: dict[str, Page | BriefingError], spider: TalkSpider) -> None:
    for url in urls:
        try:
            response = await spider.get(url)
        except FetchError as error:
            found[url] = error
            continue
        if response.status == 200:
            found[url] = Page(response.body, response.url)
        else:
            found[url] = Unreachable(f"HTTP {response.status}")


def domain_of(url: str) -> str:
    """Name the site of a URL, within which redirects are followed; raises UsageError where there is none."""
    try:
        host = urlsplit(url).hostname
    except ValueError as error:
        raise UsageError(f"no URL: {error}") from error
    if not host:
        raise UsageError("no URL: it names no host")
    return host.removeprefix("www.").removeprefix("m.")
