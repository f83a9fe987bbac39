"""Fetch one page that a person named, as politely as a crawl: robots.txt first, our own name, a cap."""

from __future__ import annotations

import time
from functools import cache
from http.client import HTTPException
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from urllib.robotparser import RobotFileParser

from archive.errors import Unreachable, UsageError
from crawler.settings import PAGE_BYTES, PAGE_SECONDS, user_agent

PAUSE = 1.0  # seconds before each page


class Page(NamedTuple):
    """An answer: its bytes, and the address it came from after redirects."""

    content: bytes
    url: str


def is_address(text: str) -> bool:
    """Tell an address of the web from a path."""
    return text.startswith(("http://", "https://"))


def fetch(url: str) -> Page:
    """Fetch a page.

    Raises:
        UsageError: the site's robots.txt asks not to.
        Unreachable: no answer, another answer than 200, or one that is too long.
    """
    parts = urlsplit(url)
    if not _rules(f"{parts.scheme}://{parts.netloc}").can_fetch(user_agent(), url):
        raise UsageError(f"robots.txt of {parts.netloc} asks not to fetch {url}")
    time.sleep(PAUSE)
    return _get(url)


@cache
def _rules(root: str) -> RobotFileParser:
    """Ask for a site's robots.txt; where it has none, all may be fetched."""
    rules = RobotFileParser()
    try:
        rules.parse(_get(f"{root}/robots.txt").content.decode("utf-8", "replace").splitlines())
    except HTTPError:
        rules.parse([])
    return rules


def _get(url: str) -> Page:
    try:
        with urlopen(Request(url, headers={"User-Agent": user_agent()}), timeout=PAGE_SECONDS) as answer:  # noqa: S310  # http(s) only, see is_address
            content = answer.read(PAGE_BYTES + 1)
            found = answer.url
    except HTTPError as error:
        error.close()
        if url.endswith("/robots.txt") and error.code in (404, 410):
            raise
        raise Unreachable(f"HTTP {error.code}") from error
    except (URLError, HTTPException, OSError) as error:
        raise Unreachable(str(getattr(error, "reason", error))) from error
    if len(content) > PAGE_BYTES:
        raise Unreachable(f"more than {PAGE_BYTES} bytes")
    return Page(content, found)
