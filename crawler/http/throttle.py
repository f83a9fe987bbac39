"""Throttling: Crawl-delay, Retry-After, and a circuit breaker that ends the run.

Everything works on the downloader's slots, one a host: a delayed slot sends nothing, whatever
waits in it. A delay that a server requests is never shortened; a site that resets connections or responds 429
again and again is left alone until the next run.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest

from crawler.http.failures import BLOCKING, CIRCUIT_OPEN, failure_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

LONGEST_CRAWL_DELAY = 30.0  # seconds; a longer one is cut to this, and recorded
ROBOTS_BYTES = 500 << 10  # of robots.txt are read, the least that RFC 9309 (2.5) asks for
STRIKES = 5  # blocking responses in a row, none good between, that open the breaker
ERRORS = 15  # server errors in a row that do: one page alone is tried four times, and a few at once
LONGEST_WAIT = 300.0  # seconds; a server that asks for more is left alone until the next run
SHORTEST_WAIT = 0.5  # seconds before the next request after a blocking response, doubled with each strike
THROTTLED = frozenset({429, 503})


class Politeness:
    """Downloader middleware: delay hosts, and open the circuit breaker where that does not help."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.user_agent = str(crawler.settings["USER_AGENT"])
        self.delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self.obey_crawl_delay = crawler.settings.getbool("CRAWL_DELAY_OBEY")
        self.strikes: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.put_off_until: dict[str, float] = {}
        self.paced: set[str] = set()
        self.open: str | None = None
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Politeness:
        """Make the middleware of one crawler."""
        return cls(crawler)

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Apply a host's Crawl-delay to its slot, exactly; one too long is cut and reported."""
        host = _host(request)
        seconds = robotparser.crawl_delay(self.user_agent) or 0.0
        if seconds > LONGEST_CRAWL_DELAY:
            detail = f"a Crawl-delay of {seconds:g} seconds; {LONGEST_CRAWL_DELAY:g} are kept"
            report(self.crawler, host, "crawl_delay", detail)
        if not seconds or not self.obey_crawl_delay:
            return
        delay = max(min(seconds, LONGEST_CRAWL_DELAY), self.delay)
        downloader = self.crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": delay, "jitter": 0.0, "concurrency": 1}
        if host in downloader.slots:
            slot = downloader.slots[host]
            slot.delay, slot.jitter, slot.concurrency = delay, 0.0, 1
        self.paced.add(host)

    def process_request(self, request: Request) -> None:
        """Refuse requests once the breaker is open; keep AutoThrottle off hosts with a Crawl-delay."""
        if self.open:
            raise self._refusal()
        if _host(request) in self.paced:
            request.meta["autothrottle_dont_adjust_delay"] = True
        request.meta.pop("download_latency", None)  # of an earlier try

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Obey Retry-After; count what looks like refusal, and a server in trouble."""
        host = _host(request)
        if response.status in THROTTLED and (response.status == 429 or "Retry-After" in response.headers):
            self._throttled(host, request, _retry_after(response))
            return response
        if response.status == 403:
            self._strike(host, f"{host}: 403")
        elif response.status >= 500:
            self._trouble(host, f"{host}: {response.status}")
        else:
            del self.strikes[host], self.errors[host]
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count what looks like blocking, and wait longer after each time.

        A page that began to come and was then too slow is the page's own trouble, unless every page does so.
        A server without a valid certificate gets no further request.
        """
        failure, host = failure_of(exception), _host(request)
        if failure.kind not in BLOCKING or self.open:
            return
        if failure.kind == "certificate":
            self._open(f"{host}: {failure.detail}")
        elif "download_latency" in request.meta:
            self._trouble(host, f"{host}: {failure.kind}")
        else:
            strikes = self._strike(host, f"{host}: {failure.kind}")
            self._put_off(host, SHORTEST_WAIT * 2**strikes)

    def _throttled(self, host: str, request: Request, seconds: float | None) -> None:
        """Delay a host as it requests; responses to requests that were under way then count once."""
        asked = 5.0 if seconds is None else seconds
        if asked > LONGEST_WAIT:
            self._open(f"{host} asks to wait {asked:.0f} seconds")
            return
        sent = monotonic() - request.meta.get("download_latency", 0.0)
        if sent >= self.put_off_until.get(host, 0.0):
            self._strike(host, f"{host}: 429")
            self._slow_down(host)
        self._put_off(host, asked)

    def _slow_down(self, host: str) -> None:
        """Halve the rate of a host for the rest of the run; AutoThrottle may not raise it again."""
        slot = self._slot(host)
        if slot is not None:
            slot.delay, slot.concurrency = max(slot.delay * 2, SHORTEST_WAIT), 1
            self.paced.add(host)

    def _strike(self, host: str, reason: str) -> int:
        """Count one more blocking response in a row, and open the breaker when that makes too many."""
        self.strikes[host] += 1
        if self.strikes[host] >= STRIKES:
            self._open(f"{reason} {STRIKES} times in a row")
        return self.strikes[host]

    def _trouble(self, host: str, reason: str) -> None:
        """Count one more response of a server in trouble."""
        self.errors[host] += 1
        if self.errors[host] >= ERRORS:
            self._open(f"{reason} {ERRORS} times in a row")

    def _open(self, reason: str) -> None:
        """Open the breaker: the run of this site ends."""
        if self.open:
            return
        self.open = reason
        logger.info("%s: leaving the site alone until the next run", reason)
        self.crawler.stats.set_value("politeness/open", reason)
        self.crawler.signals.send_catch_log(signal=breaker_opened, reason=reason)
        for slot in self.crawler.engine.downloader.slots.values():
            while slot.queue:
                slot.queue.popleft()[1].errback(self._refusal())

    def _refusal(self) -> IgnoreRequest:
        return IgnoreRequest(f"{CIRCUIT_OPEN}{self.open}")

    def _put_off(self, host: str, seconds: float) -> None:
        """Send nothing from a host's slot for some seconds, by setting its last request into the future."""
        until = max(monotonic() + min(seconds, LONGEST_WAIT), self.put_off_until.get(host, 0.0))
        self.put_off_until[host] = until
        slot = self._slot(host)
        if slot is not None:
            slot.delay = max(slot.delay, 0.01)  # a slot without any delay does not look at the clock
            slot.lastseen = max(slot.lastseen, until)

    def _slot(self, host: str) -> Slot | None:
        slot: Slot | None = self.crawler.engine.downloader.slots.get(host)
        return slot


class Robots(RobotsTxtMiddleware):
    """Scrapy's own, except that a host whose rules cannot be fetched is left alone (RFC 9309, 2.3.1.4)."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.reasons: dict[str, str] = {}

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        """Keep why a host's rules could not be fetched."""
        host = netloc.rpartition("@")[2].partition(":")[0]
        self.reasons[netloc] = failure_of(exc).detail.removeprefix(f"{host}: ")
        super()._robots_error(exc, netloc)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return a host's rules; None when they cannot be fetched.

        Of requests that wait together for the first response, Scrapy 2.19 gives the rules to one and None to
        the others, which then pass unchecked; asked again, it knows them.
        """
        return await super().robot_parser(request) or await super().robot_parser(request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        """Ignore the robots.txt of a server in trouble, whose error page Scrapy would read as no rules."""
        if response.status in THROTTLED or response.status >= 500:
            raise IgnoreRequest(f"robots.txt of {netloc} answered {response.status}")
        self.crawler.signals.send_catch_log(
            signal=robots_read, url=_robots_url(_host(request)), response=response
        )
        if len(response.body) > ROBOTS_BYTES:
            report(self.crawler, _host(request), "robots", f"only the first {ROBOTS_BYTES} bytes are read")
            end = response.body.rfind(b"\n", 0, ROBOTS_BYTES) + 1 or ROBOTS_BYTES
            response = response.replace(body=response.body[:end])
        await super()._parse_robots(response, netloc, request)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Refuse what is forbidden, and everything where the rules are not known; raises IgnoreRequest."""
        if rp is None:
            host = _host(request)
            reason = f"{host}: robots.txt could not be read ({self.reasons[urlsplit(request.url).netloc]})"
            self.crawler.signals.send_catch_log(signal=breaker_opened, reason=reason)
            raise IgnoreRequest(CIRCUIT_OPEN + reason)
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise IgnoreRequest(f"robots.txt of {_host(request)} asks not to fetch it") from error


breaker_opened = object()
"""Signal: the breaker of a crawler opened; carries ``reason``."""

robots_read = object()
"""Signal: a host's robots.txt came; carries ``url`` and ``response``."""

robots_curtailed = object()
"""Signal: a host's robots.txt is not obeyed to the letter; carries ``url``, ``kind`` and ``detail``."""


def report(crawler: Crawler, host: str, kind: str, detail: str) -> None:
    """Report a robots.txt that demands more than is reasonable, and what is done instead."""
    url = _robots_url(host)
    logger.warning("%s: %s", url, detail)
    crawler.signals.send_catch_log(signal=robots_curtailed, url=url, kind=kind, detail=detail)


def _robots_url(host: str) -> str:
    return f"https://{host}/robots.txt"


def _host(request: Request) -> str:
    return urlsplit(request.url).hostname or ""


def _retry_after(response: Response) -> float | None:
    """Read Retry-After, seconds or an HTTP date; None when it is missing or makes no sense.

    A date is compared with the server's own clock, for ours may be wrong.
    """
    value = _header(response, "Retry-After")
    if value.isdecimal():
        return float(value)
    moment = _moment(value)
    if moment is None:
        return None
    now = _moment(_header(response, "Date")) or datetime.now(UTC)
    return max(0.0, (moment - now).total_seconds())


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1").strip()


def _moment(text: str) -> datetime | None:
    """Read an HTTP date; None when it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None
