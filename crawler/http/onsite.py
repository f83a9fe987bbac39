"""Where requests may go: a site's own hosts, on the public network, never from https back to http.

Valid for every request of the program (crawl, ``inspect URL``, ``doctor --sites``, Open API): all of them use
the same downloader. See docs/security.md.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from urllib.parse import SplitResult

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

REDIRECTS = range(300, 400)


class OnSite:
    """Downloader middleware above redirection: refuse redirects that lead off the site.

    Scrapy drops such a request in silence when it is scheduled; here it fails, and is recorded.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> OnSite:
        """Make the middleware of one crawler."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Follow a redirect only within the site; raises IgnoreRequest.

        One from https to http is followed by https: servers behind a TLS gateway redirect so by mistake,
        and a page must not come unprotected because of it.
        """
        location = response.headers.get("Location")
        if response.status not in REDIRECTS or not location:
            return response
        try:
            target = urlsplit(urljoin(request.url, location.decode("latin-1").strip()))
            stays = self._is_ours(target, urlsplit(request.url))
        except ValueError as error:
            raise IgnoreRequest(f"offsite redirect to no URL: {error}") from error
        if not stays:
            raise IgnoreRequest(f"offsite redirect to {target.geturl()}")
        if request.url.startswith("https:") and target.scheme == "http":
            response.headers["Location"] = _secured(target).geturl()
        return response

    def _is_ours(self, target: SplitResult, source: SplitResult) -> bool:
        if target.scheme not in ("http", "https"):
            return False
        if target.port not in (None, 80, 443, source.port):
            return False
        return is_of(target.hostname or "", getattr(self.crawler.spider, "allowed_domains", ()))


class PublicOnly:
    """Downloader middleware: refuse hosts whose name leads to an address that is not public.

    A name that resolves to this machine or its network (DNS rebinding, a poisoned record) gets no request.
    The address is looked up through Scrapy's cache, which the connection uses next: it cannot change in
    between. An address that the operator wrote out gets requests; behind a proxy or mirror, no name is looked
    up.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.is_mirrored = bool(crawler.settings["MIRROR"])

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PublicOnly:
        """Make the middleware of one crawler."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Look a host up before it gets a request; raises IgnoreRequest."""
        host = urlsplit(request.url).hostname or ""
        if self.is_mirrored or "proxy" in request.meta or self._was_written(host):
            return
        for address in [host] if is_literal(host) else await self._addresses(host):
            if not is_public(address):
                raise IgnoreRequest(f"private address: {host} is {address}, not on the public network")

    def _was_written(self, host: str) -> bool:
        """Return whether the operator named this address itself."""
        return is_literal(host) and host in getattr(self.crawler.spider, "allowed_domains", ())

    async def _addresses(self, host: str) -> list[str]:
        from twisted.internet import reactor  # there is none before the crawl begins

        try:
            found: Any = reactor.resolve(host)  # type: ignore[arg-type]  # Twisted's stub asks for numbers
            return [str(await maybe_deferred_to_future(found))]
        except (DNSLookupError, OSError):
            return []  # the download fails in the same way, and says so


def is_of(host: str, domains: Iterable[str]) -> bool:
    """Return whether a host is one of these domains or lies under one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def is_literal(host: str) -> bool:
    """Return whether a host is an IP address or the name of this machine."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def is_public(address: str) -> bool:
    """Return whether an address belongs to the public network; ``localhost`` and nonsense do not."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_global


def _secured(target: SplitResult) -> SplitResult:
    host = target.hostname or ""
    port = f":{target.port}" if target.port not in (None, 80, 443) else ""
    return target._replace(scheme="https", netloc=(f"[{host}]" if ":" in host else host) + port)
