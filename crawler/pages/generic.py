"""Any page: structured data first, then the article landmark, then the densest text; marked so in ``parser``.

It reads what no other page object knows: a redesigned site, a saved page, a bare fragment of HTML.
"""

from __future__ import annotations

import copy
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from web_poet import field

from crawler.pages.base import ArticlePage, folded, outer_html
from crawler.pages.structured import meta, name_of, news_article
from crawler.urls import Identity, canonical_url, identify

if TYPE_CHECKING:
    from collections.abc import Iterator

_LANDMARKS = ("[itemprop='articleBody']", "article", "[role='article']", "main", "[role='main']")
_DATES = (
    "time::attr(datetime)",
    "[itemprop='datePublished']::attr(content)",
    ".date::text",
    ".info span::text",
)
_FURNITURE_TAGS = ("aside", "button", "dialog", "footer", "form", "header", "nav", "script", "style")
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:ads?|banner|breadcrumb|byline|comments?|copyright|crumb|rail|related|share|sns|tags?)(?:$|[\s_-])"
)
_DOCUMENT = re.compile(r"<(?:!doctype|html|head|body)\b", re.I)
_SITE_NAME = re.compile(r"\s*[|｜]\s*[^|｜]{1,30}$")
_PARAGRAPH = 20  # characters; shorter texts are labels


class GenericPage(ArticlePage):
    """A page of no known layout."""

    layout_name = "generic"

    @cached_property
    def _data(self) -> dict[str, Any]:
        return news_article(self.selector)

    @cached_property
    def _is_fragment(self) -> bool:
        return not _DOCUMENT.search(self.html[:4096])

    @field
    def site(self) -> str:
        """Name the site by its host; empty for a page without an address."""
        return self._identity.site if self._identity else urlsplit(self._address).hostname or ""

    @field
    def section(self) -> str:
        """Name the section by the address; empty where that does not tell."""
        return self._identity.section if self._identity else ""

    @field
    def native_id(self) -> str:
        """Give the id in the address; the last segment of its path on an unknown site."""
        if self._identity:
            return self._identity.native_id
        return urlsplit(self._address).path.rstrip("/").rpartition("/")[2]

    @field
    def canonical_url(self) -> str:
        """Give the one address of the article, or the canonical link of the page, or its own address."""
        return canonical_url(*self._identity) if self._identity else self._address

    @cached_property
    def _identity(self) -> Identity | None:
        return identify(self._address) or identify(str(self.response.url))

    @cached_property
    def _address(self) -> str:
        link = self.selector.css("link[rel='canonical']::attr(href)").get() or meta(self.selector, "og:url")
        address = urljoin(str(self.response.url), link or "")
        return address if urlsplit(address).scheme in ("http", "https") else ""

    @field
    def title(self) -> str:
        """Give the headline without the name of the site; empty where there is none."""
        headline = self._data.get("headline") or meta(self.selector, "og:title")
        headline = headline or self.text_of("h1") or self.text_of("title") or self.text_of("h2")
        return _SITE_NAME.sub("", folded(headline)) if isinstance(headline, str) else ""

    @field
    def published(self) -> tuple[str, ...]:
        """Give every date printed: structured data, meta, time elements, what looks like a date line."""
        dates = [self._data.get("datePublished"), meta(self.selector, "article:published_time")]
        for css in _DATES:
            dates += self.selector.css(css).getall()[:2]
        return tuple(dict.fromkeys(folded(date) for date in dates if isinstance(date, str) and date.strip()))

    @field
    def writer(self) -> str | None:
        """Give the author of the structured data or meta."""
        return name_of(self._data.get("author")) or meta(self.selector, "author")

    @field
    def body_html(self) -> str:
        """Give the landmark or the densest part of the page, without its furniture; a fragment whole."""
        if self._is_fragment:
            return self.html
        element = self._landmark()
        if element is None:
            element = densest(self.selector.root)
        return "" if element is None else outer_html(_bare(element))

    def _landmark(self) -> Any | None:
        for css in _LANDMARKS:
            found = self.selector.css(css)
            if len(found) == 1 and len(folded(found[0].root.xpath("string()"))) > _PARAGRAPH:
                return found[0].root
        return None


def _bare(element: Any) -> Any:
    """Copy an element without navigation, advertisements, sharing buttons and rails."""
    bare = copy.deepcopy(element)
    bare.tail = None
    for part in list(_furniture(bare)):
        if part.getparent() is not None:
            _drop(part)
    return bare


def _furniture(element: Any) -> Iterator[Any]:
    for part in element.iterdescendants():
        if not isinstance(part.tag, str):
            continue
        if part.tag in _FURNITURE_TAGS or _FURNITURE.search(part.get("class", "").lower()):
            yield part


def _drop(element: Any) -> None:
    """Remove an element but keep the text after it."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def densest(root: Any) -> Any | None:
    """Find the element whose own paragraphs hold the most text outside links; half counts for its parent."""
    scores: dict[Any, float] = {}
    for part in root.iter("p", "div", "td", "section", "br", "li"):
        parent = part.getparent() if part.tag in ("p", "br", "li") else part
        text = (part.tail or "") if part.tag == "br" else part.text or ""
        if part.tag == "p":
            text = "".join(part.xpath(".//text()[not(ancestor::a)]"))
        size = len(folded(text))
        if size < _PARAGRAPH or parent is None:
            continue
        scores[parent] = scores.get(parent, 0) + size
        above = parent.getparent()
        if above is not None:
            scores[above] = scores.get(above, 0) + size / 2
    body = root.find(".//body")
    return max(scores, key=scores.__getitem__, default=body if body is not None else root)
