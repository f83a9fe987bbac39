"""The cookies of a crawl: the session that downloads of korea.kr need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.cookies import CookiesMiddleware

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

MOST_COOKIES = 50  # of a site; korea.kr sets two or three


class BoundedCookies(CookiesMiddleware):
    """Scrapy's cookies, bounded: those of a site that sets more and more are forgotten.

    korea.kr sets JSESSIONID, which its downloads need (seen 2026-09-20).
    """

    def process_response(  # type: ignore[override]  # the spider as an argument is deprecated
        self, request: Request, response: Response
    ) -> Request | Response:
        """Keep the cookies that a response sets."""
        answer = super().process_response(request, response)
        jar = self.jars[request.meta.get("cookiejar")]
        if len(jar) > MOST_COOKIES:
            jar.clear()
        return answer
