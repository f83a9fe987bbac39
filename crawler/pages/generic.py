"""The generic page: structured data first, then the article landmark, then the densest text.

It reads what no other page object knows: a redesigned site, a saved page, a bare fragment of HTML. Fields are
read by selectors as everywhere; the container is chosen and stripped with Beautiful Soup.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from web_poet import field

from archive.errors import InputError
from archive.text.normalize import one_line
from crawler.pages.base import ArticlePage
from crawler.pages.structured import meta, name_of, news_article
from crawler.sites.urls import Identity, canonical_url, host_of, identify, joined, split
from pipelines.clean import shallow

_LANDMARKS: tuple[tuple[str | None, dict[str, Any]], ...] = (
    (None, {"itemprop": "articleBody"}),
    ("article", {}),
    (None, {"role": "article"}),
    ("main", {}),
    (None, {"role": "main"}),
)
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
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
MOST_TAGS = 150_000  # the longest page of either site has 3,000
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
        """Name the site by its host; empty for a page without a URL."""
        return self._identity.site if self._identity else host_of(self._address)

    @field
    def section(self) -> str:
        """Name the section by the URL; empty where that does not tell."""
        return self._identity.section if self._identity else ""

    @field
    def native_id(self) -> str:
        """Return the id in the URL; the last segment of its path on an unknown site."""
        if self._identity:
            return self._identity.native_id
        return split(self._address).path.rstrip("/").rpartition("/")[2]

    @field
    def canonical_url(self) -> str:
        """Return the one URL of the article, or the canonical link of the page, or its own URL."""
        return canonical_url(*self._identity) if self._identity else self._address

    @cached_property
    def _identity(self) -> Identity | None:
        return identify(self._address) or identify(str(self.response.url))

    @cached_property
    def _address(self) -> str:
        link = self.selector.css("link[rel='canonical']::attr(href)").get() or meta(self.selector, "og:url")
        address = joined(str(self.response.url), link or "")
        return address if split(address).scheme in ("http", "https") and host_of(address) else ""

    @field
    def title(self) -> str:
        """Return the headline without the name of the site; empty where there is none."""
        headline = self._data.get("headline") or meta(self.selector, "og:title")
        headline = headline or self.text_of("h1") or self.text_of("title") or self.text_of("h2")
        return _SITE_NAME.sub("", one_line(headline)) if isinstance(headline, str) else ""

    @field
    def published(self) -> tuple[str, ...]:
        """Return every date printed: structured data, meta, time elements, what looks like a date line."""
        dates = [self._data.get("datePublished"), meta(self.selector, "article:published_time")]
        for css in _DATES:
            dates += self.selector.css(css).getall()[:2]
        return tuple(
            dict.fromkeys(one_line(date) for date in dates if isinstance(date, str) and date.strip())
        )

    @field
    def writer(self) -> str | None:
        """Return the author of the structured data or meta."""
        return name_of(self._data.get("author")) or meta(self.selector, "author")

    @field
    def body_html(self) -> str:
        """Return the landmark or the densest part of the page, without its furniture; a fragment whole."""
        if self._is_fragment:
            return self.html
        page = soup_of(self.html)
        article = _landmark(page) or densest(page)
        return str(_bare(article))


def soup_of(html: str) -> BeautifulSoup:
    """Parse a page of no known layout; raises InputError for one of more elements than any article has."""
    tags = html.count("<")
    if tags > MOST_TAGS:
        raise InputError(f"the page has {tags:,} tags, more than {MOST_TAGS:,}")
    return BeautifulSoup(_XML_DECLARATION.sub("", shallow(html)), "lxml")


def _landmark(page: BeautifulSoup) -> Tag | None:
    """Find the one element that is marked up as the article."""
    for name, attributes in _LANDMARKS:
        found = page.find_all(name or True, attributes)
        if len(found) == 1 and len(one_line(found[0].get_text())) > _PARAGRAPH:
            return found[0]
    return None


def _bare(article: Tag) -> Tag:
    """Remove navigation, advertisements, sharing buttons and sidebars from an article."""
    for part in article.find_all(_is_furniture):
        if not part.decomposed:
            part.decompose()
    return article


def _is_furniture(part: Tag) -> bool:
    classes = " ".join(part.get_attribute_list("class")).lower() if part.has_attr("class") else ""
    return part.name in _FURNITURE_TAGS or bool(_FURNITURE.search(classes))


def densest(page: Tag) -> Tag:
    """Find the element whose own paragraphs hold the most text outside links; half counts for its parent."""
    scores: dict[int, float] = {}
    elements: dict[int, Tag] = {}

    def add(element: Tag | None, size: float) -> None:
        if element is not None and element.name != "[document]":
            elements[id(element)] = element  # a tag's own hash is that of its text
            scores[id(element)] = scores.get(id(element), 0) + size

    for part in page.find_all(("p", "div", "td", "section", "br", "li")):
        parent = part.parent if part.name in ("p", "br", "li") else part
        size = len(one_line(_own_text(part)))
        if size >= _PARAGRAPH and parent is not None:
            add(parent, size)
            add(parent.parent, size / 2)
    if scores:
        return elements[max(scores, key=scores.__getitem__)]
    body = page.find("body")
    return body if isinstance(body, Tag) else page


def _own_text(part: Tag) -> str:
    """Return the text of a paragraph outside links, that after a line break, or that before any element."""
    if part.name == "p":
        return "".join(text for text in part.find_all(string=_is_text) if text.find_parent("a") is None)
    beside = part.next_sibling if part.name == "br" else next(part.children, None)
    return str(beside) if isinstance(beside, NavigableString) and _is_text(beside) else ""


def _is_text(string: object) -> bool:
    """Return whether a string is text and not a comment."""
    return type(string) is NavigableString
