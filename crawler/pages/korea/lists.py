"""What the list pages of korea.kr say: their items, the site's own total, and which page this is.

Three forms: ``items`` (div.list_type; 보도자료, 정책뉴스, 사실은 이렇습니다, 국무회의), ``table`` (부처
브리핑, 연설문) and ``cards`` (카드뉴스). Everything is read inside the list's own container, for sidebars and
filters link unrelated articles. Seen on real pages of 2026-07-13, 2026-09-08, 2026-10-05 to 2026-10-07.
"""

from __future__ import annotations

import html
import re
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from web_poet import WebPage

from archive.errors import InputError, UnknownLayout, WrongPage, reading
from archive.records import KOREA, ListItem, ListPage
from archive.text.normalize import one_line
from crawler.pages.decoding import decoded, is_damaged
from crawler.sites.sections import Section, section_of
from crawler.sites.urls import section_of_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from parsel import Selector

_NEWS_ID = re.compile(r"newsId=([0-9]{1,18})(?![0-9])")
PAGE_LINK = re.compile(r"pageLink\(([0-9]{1,9})\)")
_COUNT = re.compile(r"[0-9]{1,9}")
_DATE = re.compile(r"\d{4}[.-]\d{2}[.-]\d{2}")


def undamaged(items: Iterable[ListItem]) -> tuple[ListItem, ...]:
    """Return the items of a list; raises WrongPage where a headline was lost or decoded wrongly."""
    found = tuple(items)
    for item in found:
        if is_damaged(item.title):
            raise WrongPage(f"the headline of {item.native_id} is damaged")
    return found


class KoreaListPage(WebPage[ListPage]):
    """One list page of korea.kr."""

    CONTAINER: ClassVar[str]
    ROW: ClassVar[str]
    layout_name: ClassVar[str]

    @cached_property
    def html(self) -> str:
        """The page as text; empty where it is none, so that no list is found on it."""
        try:
            return decoded(self.response.body, self.response.headers.get("Content-Type"))
        except InputError:
            return ""

    @property
    def recognised(self) -> bool:
        """Whether the list's container is there."""
        return bool(self.css(self.CONTAINER))

    @property
    def section(self) -> Section:
        """The section whose list this is, by its URL."""
        return section_of(KOREA, section_of_list(self.url) or "")

    @reading("the list", UnknownLayout)
    def listing(self) -> ListPage:
        """Read the whole page.

        Raises:
            UnknownLayout: it has no list, which an empty list still has.
            WrongPage: its headlines are damaged.
        """
        containers = self.css(self.CONTAINER)
        if not containers:
            raise UnknownLayout(f"no list ({self.CONTAINER}) on {self.url}")
        items = undamaged(item for row in containers[0].css(self.ROW) for item in self.items_of(row))
        total = self.total()
        page, last_page = self.paging(len(items), total)
        return ListPage(
            KOREA,
            self.section.name,
            items,
            total,
            page,
            last_page,
            start=self.form().get("startDate") or None,
            end=self.form().get("endDate") or None,
        )

    def items_of(self, row: Selector) -> Iterator[ListItem]:
        """Read the article of one row; nothing for a row without one."""
        raise NotImplementedError

    def total(self) -> int | None:
        """Read the site's own count, 검색결과 총 <strong>4,079</strong>건; None when it gives none."""
        for found in self.css(".sch_brief .result strong::text, .result > strong::text").getall():
            digits = found.replace(",", "").strip()
            if _COUNT.fullmatch(digits):
                return int(digits)
        return None

    def paging(self, found: int, total: int | None) -> tuple[int, int]:
        """Read the number of this page and of the last; a list without paging is one page."""
        paging = self.css("div.paging")
        if not paging:
            if total is not None and total > found:
                raise UnknownLayout(f"{total} articles, {found} shown, and no paging on {self.url}")
            return 1, 1
        here = paging.css("span.num.on a::text, span.num.on::text").re(_COUNT)
        if not here:
            raise UnknownLayout(f"paging without a current page on {self.url}")
        links = paging.css("a[onclick], span.num a[onclick]")
        numbers = [int(number) for link in links for number in PAGE_LINK.findall(link.attrib["onclick"])]
        return int(here[0]), max([int(here[0]), *numbers])

    def form(self) -> dict[str, str]:
        """Read the fields of mainForm, which pages the list by POST."""
        return {
            field.attrib["name"]: field.attrib.get("value", "")
            for field in self.css("form#mainForm input[name]")
        }


class ItemsListPage(KoreaListPage):
    """A list of div.list_type: headline, text and source of each article.

    Two renderings: without a ministry or keyword filter dates are dotted and ``span.lead`` is the whole
    text; with one, dates are dashed and the text is cut, its entities escaped twice (2026-10-06).
    """

    CONTAINER = "div.list_type"
    ROW = "ul > li"
    layout_name = "korea_kr/list-items-2026"

    def items_of(self, row: Selector) -> Iterator[ListItem]:
        """Read one item; the link may sit in href or in onclick (국무회의)."""
        for link in row.css("a"):
            native_id = _NEWS_ID.search(link.attrib.get("href", "") + link.attrib.get("onclick", ""))
            if native_id is None:
                continue
            sources = [
                one_line(text) for text in link.css(".source *::text, .source::text").getall() if text.strip()
            ]
            published = next((text for text in sources if _DATE.match(text)), None)
            whole = published is not None and "." in published
            lead = link.css("span.lead").xpath("string()").get()
            yield ListItem(
                native_id[1],
                _unescaped(link.css("strong").xpath("string()").get() or "", whole=whole),
                self.section.name,
                published=published,
                organization=next((text for text in sources if text != published), None),
                lead=_unescaped(lead, whole=whole) if lead else None,
                lead_is_full=bool(lead) and whole,
            )
            return


class TableListPage(KoreaListPage):
    """A list that is a table, with the columns of its section's declaration."""

    CONTAINER = "div.table_list table, div.article_body table"
    ROW = "tbody tr"
    layout_name = "korea_kr/list-table-2026"

    def items_of(self, row: Selector) -> Iterator[ListItem]:
        """Read one row."""
        native_id = row.css("td a").re_first(_NEWS_ID)
        if native_id is None:
            return
        cells = [one_line(cell.xpath("string()").get() or "") for cell in row.css("td")]
        values = dict(zip(self.section.columns, cells, strict=False))
        yield ListItem(
            native_id,
            values.get("title", ""),
            self.section.name,
            published=values.get("published"),
            organization=values.get("organization") or None,
            presenter=values.get("presenter") or None,
        )


class CardsListPage(KoreaListPage):
    """A list of cards: picture, headline, date and ministry (described 2026-09, not seen whole)."""

    CONTAINER = "div.photo_list"
    ROW = "ul > li"
    layout_name = "korea_kr/list-cards-2026"

    def items_of(self, row: Selector) -> Iterator[ListItem]:
        """Read one card."""
        native_id = row.css("a").re_first(_NEWS_ID)
        if native_id is None:
            return
        spans = [one_line(text) for text in row.css("span::text").getall() if text.strip()]
        published = next((text for text in spans if _DATE.match(text)), None)
        yield ListItem(
            native_id,
            one_line(row.css("strong").xpath("string()").get() or ""),
            self.section.name,
            published=published,
            organization=next((text for text in spans if text != published), None),
        )


LIST_PAGES: dict[str, type[KoreaListPage]] = {
    "items": ItemsListPage,
    "table": TableListPage,
    "cards": CardsListPage,
}


def _unescaped(text: str, *, whole: bool) -> str:
    """Fold a text of the list; the filtered rendering escapes entities once more than it should."""
    return one_line(text if whole else html.unescape(text))
