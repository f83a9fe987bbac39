"""Truncation: pages that are empty or cut short are requested again, and marked when they stay so.

A server that fails halfway may still send what it has as a well-formed response: a packed page that stops in
the middle (Scrapy unpacks as much as there is), or one whose template was never finished. Taken for the
page, it would look like an edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.retry import get_retry_request

from crawler.http.responses import CUT

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

TAIL = 2048  # bytes at the end of a page in which its end tag must stand


class TruncationGuard:
    """Downloader middleware: request a truncated page again.

    A page is truncated when it opens ``<html`` and never closes it, on a host whose pages do: which is known
    from its first whole page, in every run a list.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.closing: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> TruncationGuard:
        """Make the middleware of one crawler."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Request again what is truncated; mark a page that is truncated each time."""
        if response.status != 200 or urlsplit(request.url).path == "/robots.txt":  # which may be empty
            return response
        cut = self._is_cut(response)
        if response.body and not cut:
            return response
        spider = self.crawler.spider
        again = get_retry_request(request, spider=spider, reason=CUT if cut else "empty") if spider else None
        if again or not cut:
            return again or response
        return response.replace(flags=[*response.flags, CUT])

    def _is_cut(self, response: Response) -> bool:
        host = urlsplit(response.url).hostname or ""
        if b"</html>" in response.body[-TAIL:].lower():
            self.closing.add(host)
            return False
        return host in self.closing and b"<html" in response.body[:TAIL].lower()
