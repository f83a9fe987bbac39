"""Distinguish a site that is out of service from one that changed its pages."""

from __future__ import annotations

import re

from parsel import Selector

from archive.text.normalize import one_line

LONGEST = 2000  # characters; a notice is short, and an article may speak of maintenance too

_NOTICE = re.compile(
    r"점검\s?(?:중|안내|작업|시간|공지)|(?:시스템|서버|서비스|홈페이지|누리집|사이트)[^.]{0,20}(?:점검|중단|장애|중지)"
    r"|(?:접속|이용|서비스)[이가을를에 ][^.]{0,15}(?:지연|제한|불편|원활|어렵)|복구\s?(?:중|작업)"
    r"|under maintenance|scheduled maintenance|temporarily unavailable|service unavailable|bad gateway",
    re.I,
)


def says_out_of_service(text: str) -> bool:
    """Return whether a page's visible text is a notice that the site is out of service."""
    folded = one_line(text)
    return len(folded) <= LONGEST and _NOTICE.search(folded) is not None


def notice_of(content: bytes) -> str | None:
    """Return the visible text of a page that is a notice that the site is out of service, else None."""
    page = Selector(content.decode("utf-8", "ignore") or "<html></html>", type="html")
    text = " ".join(page.xpath("//text()[not(ancestor::script or ancestor::style)]").getall())
    return one_line(text) if says_out_of_service(text) else None
