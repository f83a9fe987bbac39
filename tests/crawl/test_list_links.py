"""A list in a layout that nobody has seen yet is read by its links, where it says enough of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from web_poet import HttpResponse

from archive.errors import UnknownLayout
from briefing.demo.server import DAYS, answer
from crawler.pages import list_page_of
from crawler.pages.korea.lists_redesigned import LinksListPage

if TYPE_CHECKING:
    from crawler.pages.korea.lists import KoreaListPage

PATHS = ("/briefing/pressReleaseList.do", "/news/policyNewsList.do", "/briefing/stateCouncilList.do")
RENAMED = ((b"list_type", b"news-lst"), (b'"paging"', b'"pg-nav"'), (b'"result"', b'"cnt"'))


def list_page(path: str, *changes: tuple[bytes, bytes], day: str = "2026-07-13") -> KoreaListPage:
    """Return a list page of the replica with parts of its markup changed."""
    asked = {"pageIndex": "1", "startDate": day, "endDate": day}
    body = answer("www.korea.kr", path, asked, DAYS[0]).body
    for old, new in changes:
        body = body.replace(old, new)
    return list_page_of(HttpResponse(f"https://www.korea.kr{path}?{urlencode(asked)}", body))


@pytest.mark.parametrize("path", PATHS)
def test_a_list_with_other_classes_says_the_same(path: str) -> None:
    known, links = list_page(path), list_page(path, *RENAMED)
    assert not isinstance(known, LinksListPage)
    assert isinstance(links, LinksListPage)
    before, after = known.listing(), links.listing()
    assert (after.total, after.page, after.last_page) == (before.total, before.page, before.last_page)
    assert (after.start, after.end) == (before.start, before.end)
    said = [[(item.native_id, item.title, item.published) for item in page.items] for page in (before, after)]
    assert said[0] == said[1]


def test_an_empty_day_with_other_classes_is_empty() -> None:
    assert list_page(PATHS[0], *RENAMED, day="2026-07-01").listing().items == ()


@pytest.mark.parametrize(
    "change",
    [
        ("검색결과 총".encode(), "검색결과".encode()),
        (b'name="pageIndex"', b'name="page"'),
        (b'name="endDate"', b'name="until"'),
        (b"newsId=", b"id="),
        (b"2026.07.", b"07."),
    ],
    ids=["count", "page", "days", "links", "dates"],
)
def test_a_page_that_says_too_little_of_itself_is_refused(change: tuple[bytes, bytes]) -> None:
    with pytest.raises(UnknownLayout):
        list_page(PATHS[0], *RENAMED, change).listing()


def test_rails_are_no_part_of_a_list() -> None:
    rail = b'<aside><a href="/briefing/pressReleaseView.do?newsId=1">x <i>2026.07.13</i></a></aside></main>'
    found = list_page(PATHS[0], *RENAMED, (b"</main>", rail)).listing()
    assert "1" not in {item.native_id for item in found.items}
