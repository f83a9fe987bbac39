"""The cookies of a crawl: the session that downloads of korea.kr need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.http.cookies import CookieJar

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


MOST_COOKIES = 50  # of a host; korea.kr gives two or three


class Session:
    """Downloader middleware: send back the cookies that a host gave (JSESSIONID; seen 2026-09-20).

    Scrapy's own asks the network for a list of public suffixes first. Here the hosts are known and few.
    """

    def __init__(self) -> None:
        self.jar = CookieJar()

    def process_request(self, request: Request) -> None:
        """Send what the host gave."""
        self.jar.add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep what the host gives; of one that gives more and more, nothing."""
        self.jar.extract_cookies(response, request)
        if len(self.jar) > MOST_COOKIES:
            self.jar.clear()
        return response
