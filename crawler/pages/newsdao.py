"""What newsdao.kr says. Its markup was never seen, so structured data leads and two layouts are assumed.

Headline, time and writer come from JSON-LD, Open Graph and meta tags, which survive a change of template;
only the body needs the markup. A page of neither layout goes to the generic page object, marked so.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import ClassVar

from web_poet import field

from archive.records import NEWSDAO
from archive.text.normalize import one_line
from crawler.pages.base import outer_html, shows
from crawler.pages.canonical import CanonicalPage
from crawler.pages.parts import parts, without
from crawler.pages.structured import meta, name_of

# Title form '{headline} | 뉴스다오' (2024-06 to 2024-08).
_SITE_NAME = re.compile(r"\s*\|\s*뉴스다오\s*$")
# Advertisements, sidebars and sharing inside the body.
_FOREIGN = parts(
    tags=("aside", "ins", "script", "style", "form"),
    classes=("ad-inread", "adsbygoogle", "google-auto-placed", "inline-related", "related", "sns", "tags"),
)


class NewsdaoPage(CanonicalPage):
    """An article of newsdao.kr."""

    BODY: ClassVar[str]
    PRINTED_TIME: ClassVar[str]

    @property
    def recognised(self) -> bool:
        """Whether the page has this layout's body and a headline."""
        return bool(self.css(self.BODY)) and bool(self._headline)

    @cached_property
    def _headline(self) -> str:
        headline = self.data.get("headline") or meta(self.selector, "og:title") or self.text_of("title")
        return _SITE_NAME.sub("", one_line(headline)) if isinstance(headline, str) else ""

    @field
    def title(self) -> str:
        """Return the headline without the name of the site."""
        return self._headline

    @field
    def published(self) -> tuple[str, ...]:
        """Return the times of structured data, then the printed one."""
        given = (
            self.data.get("datePublished"),
            meta(self.selector, "article:published_time"),
            self.css(self.PRINTED_TIME).get(),
        )
        return tuple(
            dict.fromkeys(one_line(date) for date in given if isinstance(date, str) and date.strip())
        )

    @field
    def writer(self) -> str | None:
        """Return the author of structured data."""
        return name_of(self.data.get("author"))

    @field
    def body_html(self) -> str:
        """Return the body's container without advertisements and sidebars."""
        for container in self.css(self.BODY):
            return outer_html(without(container.root, _FOREIGN))
        return ""


@shows(NEWSDAO, "article")
class NewsViewPage(NewsdaoPage):
    """The usual form of Korean news systems: article.news-view with #articleBody (assumed)."""

    layout_name = "newsdao/news-view"
    BODY = "article #articleBody"
    PRINTED_TIME = ".info .date::text"


@shows(NEWSDAO, "article")
class EntryContentPage(NewsdaoPage):
    """The usual form of blog systems: section.post with .entry-content (assumed)."""

    layout_name = "newsdao/entry-content"
    BODY = ".post .entry-content"
    PRINTED_TIME = "time::attr(datetime)"
