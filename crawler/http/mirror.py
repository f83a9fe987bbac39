"""Send every request to a mirror under its real Host header; all else sees only the real URLs.

The rewriting happens in the download handler, below spiders, robots rules, throttling and cookies, so
that none of them can tell a mirror from the site.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.errors import Unreachable, UsageError, machine_error
from crawler.http.downloading import BoundedDownloadHandler

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

CONNECT_SECONDS = 5.0


class MirrorDownloadHandler(BoundedDownloadHandler):
    """Fetch from the mirror named by the setting ``MIRROR`` what was requested of the real host."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.mirror = str(crawler.settings["MIRROR"])

    async def download_request(self, request: Request) -> Response:
        """Fetch from the mirror; the response carries the real URL."""
        sent = request.replace(url=mirrored(request.url, self.mirror))
        sent.headers["Host"] = urlsplit(request.url).netloc
        sent.meta.pop("proxy", None)  # a proxy is for the real site; the mirror is reached directly
        try:
            response = await super().download_request(sent)
        finally:
            if "download_latency" in sent.meta:
                request.meta["download_latency"] = sent.meta["download_latency"]
        return response.replace(url=request.url)


def mirrored(url: str, mirror: str) -> str:
    """Return the URL at the mirror for a real URL."""
    parts = urlsplit(url)
    base = urlsplit(mirror)
    return parts._replace(scheme=base.scheme, netloc=base.netloc).geturl()


def check_mirror(mirror: str) -> None:
    """Connect to a mirror once; raises UsageError for no URL of one, Unreachable when nothing answers."""
    host, port = _address_of(mirror)
    try:
        socket.create_connection((host, port), CONNECT_SECONDS).close()
    except OSError as error:
        detail = error.strerror or str(error)
        raise machine_error(error) or Unreachable(f"the mirror {mirror} does not answer: {detail}") from error


def is_loopback(mirror: str | None) -> bool:
    """Return whether a mirror lies on this machine."""
    if not mirror:
        return False
    host = urlsplit(mirror).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address_of(mirror: str) -> tuple[str, int]:
    try:
        parts = urlsplit(mirror)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"not the URL of a mirror: {mirror} ({error})") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"not the URL of a mirror: {mirror} (expected e.g. http://127.0.0.1:18080)")
    return parts.hostname, port or (443 if parts.scheme == "https" else 80)
