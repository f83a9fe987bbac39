"""One article, one URL: the canonical URL, and every alias that leads to it.

On korea.kr ``newsId`` and the path decide; ``pWise*``, ``call_from``, list parameters and the hosts m.,
admin. and admin2. are aliases (seen 2024 to 2026). The canonical form is the one that pages give in
``link[rel=canonical]``: https, www, newsId only.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, urljoin, urlsplit

from archive.records import KOREA, NEWSDAO
from crawler.sites.sections import SECTIONS, section_of

KOREA_HOSTS = ("www.korea.kr", "korea.kr", "m.korea.kr", "admin.korea.kr", "admin2.korea.kr")
NEWSDAO_HOSTS = ("newsdao.kr", "www.newsdao.kr")
KOREA_ROOT = "https://www.korea.kr"
NEWSDAO_ROOT = "https://newsdao.kr"
OPEN_API_HOST = "apis.data.go.kr"

_SECTION_OF_PATH = {
    path: section.name
    for section in SECTIONS
    if section.site == KOREA
    for path in (section.view_path, *section.aliases)
}
_SECTION_OF_LIST = {section.list_path: section.name for section in SECTIONS if section.list_path}
_NEWSDAO_ARTICLE = re.compile(r"/([0-9]{1,18})/?")
_NEWS_ID = re.compile(r"[0-9]{1,18}")  # nine digits on korea.kr so far; a longer run is no id


def split(url: str) -> SplitResult:
    """Split a URL from elsewhere; of an invalid one all parts are empty."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def host_of(url: str) -> str:
    """Return the host of a URL in lower case; empty where it has none."""
    try:
        return split(url).hostname or ""
    except ValueError:
        return ""


def joined(base: str, href: str) -> str:
    """Make a link of a page absolute; empty where it is no URL."""
    try:
        return urljoin(base, href)
    except ValueError:
        return ""


def parameter(url: str, name: str) -> str | None:
    """Return the first value of a query's parameter; None where it is absent or the query is none."""
    try:
        return parse_qs(split(url).query, max_num_fields=100).get(name, [None])[0]
    except ValueError:
        return None


class Identity(NamedTuple):
    """Which article a URL means."""

    site: str
    section: str
    native_id: str


def identify(url: str) -> Identity | None:
    """Return the article that a URL or alias means; None when it is no article's URL."""
    parts = split(url)
    host = host_of(url)
    if host in NEWSDAO_HOSTS:
        found = _NEWSDAO_ARTICLE.fullmatch(parts.path)
        return Identity(NEWSDAO, "article", found[1]) if found else None
    section = _SECTION_OF_PATH.get(parts.path.rstrip("/")) if host in KOREA_HOSTS else None
    native_id = parameter(url, "newsId") or "" if section else ""
    return Identity(KOREA, section, native_id) if section and _NEWS_ID.fullmatch(native_id) else None


def canonical_url(site: str, section: str, native_id: str) -> str:
    """Write the one URL of an article."""
    if site == NEWSDAO:
        return f"{NEWSDAO_ROOT}/{native_id}"
    return f"{KOREA_ROOT}{section_of(site, section).view_path}?newsId={native_id}"


def canonical(url: str) -> str | None:
    """Turn any alias into the article's one URL; None when it is no article's URL."""
    identity = identify(url)
    return canonical_url(*identity) if identity else None


def section_of_list(url: str) -> str | None:
    """Name the section whose list a URL shows."""
    return _SECTION_OF_LIST.get(split(url).path) if host_of(url) in KOREA_HOSTS else None


def is_open_api(url: str) -> bool:
    """Return whether a response came from the Open API."""
    return host_of(url) == OPEN_API_HOST
