"""What a page of korea.kr still says after a redesign: structured data, download links, the densest text.

Its layout counts as generic: it fills an article that is not held, and never overwrites what a known
layout said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from web_poet import field

from archive.records import KOREA
from archive.text.normalize import one_line
from crawler.pages.base import outer_html, shows
from crawler.pages.generic import densest, soup_of
from crawler.pages.korea.articles import FOREIGN, REP_CODE, KoreaPage, attachments_of, ministry_of
from crawler.pages.parts import without
from crawler.pages.structured import meta, name_of
from crawler.sites.sections import names_of
from crawler.sites.urls import identify, joined

if TYPE_CHECKING:
    from archive.records import Attachment

MINISTRY = 'main a[href*="ministryNewsList.do?repCode="]'  # the menu's links lie outside main
VIEWER = 'iframe[src*="/docViewer/"]'
_SECTION_NAMES = re.compile(r"\s+-\s+[^-|]+(?:\|[^|]+)+$")  # ' - 보도자료 | 브리핑룸 | 대한민국 정책브리핑'
_REMARK = re.compile(r"이 자료는 .{2,40}전재하여 제공함을 알려드립니다")


class KoreaStructuredPage(KoreaPage):
    """A detail page of korea.kr in an unknown layout."""

    layout_name = "generic/korea_kr"

    @property
    def recognised(self) -> bool:
        """Whether the page names an article as its own, with a headline."""
        links = self.css('link[rel="canonical"]::attr(href), meta[property="og:url"]::attr(content)').getall()
        return any(identify(link) for link in links) and bool(self._headline)

    @property
    def _headline(self) -> str:
        headline = self.data.get("headline") or meta(self.selector, "og:title")
        headline = headline or _SECTION_NAMES.sub("", self.text_of("title") or "")
        return one_line(headline) if isinstance(headline, str) else ""

    @field
    def title(self) -> str:
        """Return the headline of structured data."""
        return self._headline

    @field
    def organization(self) -> str | None:
        """Return the ministry whose news the article links, else the author of structured data."""
        for link in self.css(MINISTRY):
            return ministry_of(link)
        return name_of(self.data.get("author"))

    @field
    def organization_code(self) -> str | None:
        """Return the repCode of the ministry's link."""
        return self.css(MINISTRY).re_first(REP_CODE)

    @field
    def viewer_url(self) -> str | None:
        """Return the URL of any document viewer."""
        source = self.css(f"{VIEWER}::attr(src)").get()
        return joined(self.url, source) or None if source else None

    @field
    def attachments(self) -> tuple[Attachment, ...]:
        """List every download link of the page."""
        return attachments_of(self.css("main, body"))

    @field
    def body_html(self) -> str:
        """Return the densest text; none where a viewer shows the body."""
        if self.css(VIEWER):
            return ""
        body = densest(soup_of(outer_html(without(self.selector.root, FOREIGN))))
        for paragraph in body.find_all("p"):
            if _REMARK.search(paragraph.get_text()):
                paragraph.decompose()
        return str(body)


for _section in names_of(KOREA):
    shows(KOREA, _section)(KoreaStructuredPage)
