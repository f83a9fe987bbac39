"""Tell a site that is out of service from one that changed its pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from parsel import Selector

from archive.captures.lookup import pages_of_run
from archive.errors import BriefingError
from archive.text.normalize import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.store import Store

LONGEST = 2000  # characters; a notice is short, and an article may speak of maintenance too
SEEN = 20  # pages of a run that are looked at

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


def out_of_service(store: Store, unrecognised: Iterable[str]) -> str | None:
    """Return the notice that stood instead of every page of the hosts where something was not recognised.

    Args:
        store: of the run.
        unrecognised: pages that were not recognised, one line each with the URL.

    Returns:
        The first notice, or None where one of these hosts showed anything else.
    """
    said: dict[str, str | None] = {}
    for number, (capture_id, url) in enumerate(pages_of_run(store.archive.conn, store.run_id)):
        host = urlsplit(url).netloc
        if said.get(host, "") is not None:
            text = _text(store, capture_id) if number < SEEN else said.get(host) or ""
            said[host] = text if says_out_of_service(text) else None
    notices = {f"//{host}/": text for host, text in said.items() if text}
    for line in unrecognised:
        if not any(host in line for host in notices):
            return None
    return next((f"https:{host} says: {' '.join(text.split())[:80]}" for host, text in notices.items()), None)


def _text(store: Store, capture_id: int) -> str:
    try:
        content = store.captures.read(capture_id).content
    except BriefingError:
        return ""
    page = Selector(content.decode("utf-8", "ignore") or "<html></html>", type="html")
    return " ".join(page.xpath("//text()[not(ancestor::script or ancestor::style)]").getall())
