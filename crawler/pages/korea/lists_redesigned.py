"""What a list page of korea.kr still says after a redesign: links to articles with a date beside each.

Classes change; what makes a list does not. Links lead to articles of its section and show headline and
date, the form that pages it (``mainForm``) says which page of which days this is, and a sentence gives the
count (검색결과 총 N건). Only where all of that is there is the page read; whether it was read whole shows
when the articles found are compared with the count.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archive.errors import UnknownLayout, reading
from archive.records import KOREA, ListItem, ListPage
from archive.text.normalize import one_line
from crawler.pages.korea.lists import PAGE_LINK, KoreaListPage, undamaged
from crawler.sites.urls import identify, joined

if TYPE_CHECKING:
    from parsel import Selector

LISTED = re.compile(r"총\s*([0-9][0-9,]{0,12})\s*건")
DAY = re.compile(r"\d{4}[.-]\d{2}[.-]\d{2}")
ADDRESS = re.compile(r"[^\s'\"(]*View\.do\?newsId=[0-9]+")  # in href, or in onclick (국무회의)
FIELDS = ("pageIndex", "startDate", "endDate")
OUTSIDE = "self::aside or self::header or self::footer or self::nav or self::script"


class LinksListPage(KoreaListPage):
    """A list page in an unknown layout. Leads are left out, for where each ends is not known."""

    layout_name = "generic/korea_kr-list"

    @property
    def recognised(self) -> bool:
        """Whether the page says which list it is and how long, and shows some of it if there is any."""
        return (
            self.total() is not None
            and all(self.form().get(name) for name in FIELDS)
            and (bool(self._items) or self.total() == 0)
        )

    @reading("the list", UnknownLayout)
    def listing(self) -> ListPage:
        """Read the page; raises UnknownLayout where it is not recognised."""
        if not self.recognised:
            raise UnknownLayout(f"no list on {self.url}")
        form = self.form()
        here = int(form["pageIndex"])
        onclick = " ".join(self.css("a::attr(onclick)").getall())
        last = max([here, *map(int, PAGE_LINK.findall(onclick))])
        start, end = form["startDate"], form["endDate"]
        return ListPage(
            KOREA, self.section.name, undamaged(self._items), self.total(), here, last, start, end
        )

    def total(self) -> int | None:
        """Read the count out of its sentence."""
        found = LISTED.search(one_line(" ".join(self._texts(self.selector))))
        return int(found[1].replace(",", "")) if found else None

    @cached_property
    def _items(self) -> tuple[ListItem, ...]:
        return tuple(item for link in self.css("a") if (item := self._item(link)))

    def _item(self, link: Selector) -> ListItem | None:
        address = ADDRESS.search(link.attrib.get("href", "") + " " + link.attrib.get("onclick", ""))
        identity = identify(joined(self.url, address[0])) if address else None
        texts = self._texts(link)
        day = next((text for text in texts if DAY.fullmatch(text)), None)
        if identity is None or identity.section != self.section.name or day is None or texts[0] == day:
            return None
        after = texts[texts.index(day) + 1 :]
        title = one_line(link.css("strong").xpath("string()").get() or texts[0])
        return ListItem(identity.native_id, title, identity.section, day, after[0] if after else None)

    @staticmethod
    def _texts(part: Any) -> list[str]:
        texts = part.xpath(f".//text()[not(ancestor::*[{OUTSIDE}])]").getall()
        return [one_line(text) for text in texts if text.strip()]
