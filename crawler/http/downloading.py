"""The one downloader: Scrapy's for HTTP/1.1, with a bound on the headers of a response.

Scrapy bounds bodies and time, but not headers, of which Twisted keeps any number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import Request as TxRequest
    from twisted.web.iweb import IResponse

HEADER_BYTES = 64 << 10  # of all header lines of a response; servers commonly allow 8 to 32 KB


class HeadersTooLong(Exception):
    """The headers of a response are longer than any honest ones."""


class BoundedDownloadHandler(HTTP11DownloadHandler):
    """Fetch by HTTP/1.1, of headers no more than ``HEADER_BYTES``."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory  # noqa: SLF001  # there is no other way, see below


# Scrapy offers no way to bound headers; its own parser of them is replaced where it is made.


class _Parser(_LenientHTTPClientParser):
    """Count the bytes of header lines, those of interim responses included."""

    received = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  # Twisted's name
        self.received += len(line) + 1
        if self.received > HEADER_BYTES:
            raise HeadersTooLong(f"more than {HEADER_BYTES} bytes of headers")
        super().lineReceived(line)


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: TxRequest) -> Deferred[IResponse]:
        answer = super().request(request)
        self._parser.__class__ = _Parser
        return answer


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> _Protocol:  # noqa: ARG002, N802
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
