"""An empty list is a quiet day only where something beside the list says so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from archive.records import Listing, ListItem
from briefing.demo.server import DAYS, answer
from tests.archives import Desk, open_desk, press_release
from tests.crawl.test_crawl import rows
from tests.unruly import Asked, Reply, Unruly, crawl, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TUESDAY = date(2026, 7, 14)
SUNDAY = date(2026, 7, 12)
HTML = (("Content-Type", "text/html;charset=UTF-8"),)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A run of Wednesday morning on an empty archive."""
    desk = open_desk(tmp_path / "a.db")
    desk.clock.time = "2026-07-15T09:00:00+09:00"
    with desk.archive:
        desk.store.begin_run("crawl", {})
        yield desk


def list_day(desk: Desk, day: date, *ids: int, section: str = "press", at: str | None = None) -> None:
    """Record the list of a day."""
    items = tuple(ListItem(str(number), f"제목 {number}", section) for number in ids)
    desk.store.record_listing(
        Listing("korea.kr", section, day.isoformat(), len(items), items, at or desk.clock())
    )


def reason(desk: Desk, day: date, section: str = "press") -> object:
    """Close the run, and say why a day is not vouched for."""
    desk.store.close_listings()
    query = "SELECT complete, detail FROM listings WHERE day = ? AND section = ?"
    ((complete, detail),) = desk.rows(query, day.isoformat(), section)
    assert complete == (detail is None)
    return detail


def history(desk: Desk, day: date, *counts: int) -> None:
    """List the same weekdays before a day by an earlier run, with so many articles each."""
    for week, count in enumerate(counts, 1):
        before = day - timedelta(weeks=week)
        list_day(desk, before, *range(week * 100, week * 100 + count), at=f"{before}T21:00:00+09:00")
    desk.store.end_run("finished", 0)
    desk.store.begin_run("crawl", {})


def test_where_every_list_is_empty_no_day_is_vouched_for(desk: Desk) -> None:
    for section in ("press", "policy"):
        list_day(desk, TUESDAY, section=section)
        list_day(desk, SUNDAY, section=section)
    assert "no other shows" in str(reason(desk, TUESDAY))
    assert "no other shows" in str(reason(desk, SUNDAY))


def test_a_day_is_quiet_where_other_days_of_the_section_are_shown(desk: Desk) -> None:
    list_day(desk, SUNDAY)
    list_day(desk, TUESDAY, 1)
    assert reason(desk, SUNDAY) is None


def test_a_section_is_quiet_where_other_sections_show_the_day(desk: Desk) -> None:
    list_day(desk, TUESDAY, section="statecouncil")
    list_day(desk, TUESDAY, 1)
    assert reason(desk, TUESDAY, "statecouncil") is None


def test_a_sunday_like_those_before_is_quiet(desk: Desk) -> None:
    history(desk, SUNDAY, 0, 0, 1)
    list_day(desk, SUNDAY)
    assert "no other shows" in str(reason(desk, SUNDAY - timedelta(weeks=1)))  # these themselves were not
    list_day(desk, TUESDAY, 7)
    assert reason(desk, SUNDAY) is None


def test_a_weekday_that_never_was_empty_is_not_quiet(desk: Desk) -> None:
    history(desk, TUESDAY, 3, 2, 4, 3)
    list_day(desk, TUESDAY)
    list_day(desk, TUESDAY - timedelta(1), 8)
    assert "such weekdays before it were not" in str(reason(desk, TUESDAY))


def test_an_empty_day_is_believed_a_week_later(desk: Desk) -> None:
    history(desk, TUESDAY, 3, 2, 4, 3)
    list_day(desk, TUESDAY, at="2026-07-21T09:00:00+09:00")
    list_day(desk, TUESDAY - timedelta(1), 8, at="2026-07-21T09:00:00+09:00")
    assert reason(desk, TUESDAY) is None


def test_an_article_that_is_held_speaks_against_an_empty_day(desk: Desk) -> None:
    desk.visit(press_release(1))
    list_day(desk, TUESDAY)
    list_day(desk, SUNDAY, 5)
    assert reason(desk, TUESDAY) == "the list is empty, while 1 articles of that day are held"


def test_a_day_of_which_more_failed_than_is_held_is_not_complete(desk: Desk) -> None:
    list_day(desk, TUESDAY, 1)
    assert desk.rows("SELECT complete FROM listings") == [(0,)]


def silent(site: Unruly) -> None:
    """Make every list of korea.kr say that there is nothing."""

    def trouble(asked: Asked) -> Reply | None:
        if "List.do" not in asked.path:
            return None
        none = answer(
            asked.host,
            asked.path,
            asked.fields | {"startDate": "1999-01-01", "endDate": "1999-01-01"},
            site.day,
        )
        shown = none.body.decode().replace("1999-01-01", asked.fields["startDate"])
        return Reply(200, shown.encode(), HTML)

    site.trouble = trouble


@pytest.mark.parametrize("held", [False, True], ids=["fresh", "held"])
def test_a_site_that_shows_nothing_at_all_is_no_quiet_fortnight(tmp_path: Path, held: bool) -> None:
    db = tmp_path / "archive.db"
    with serve() as site:
        if held:
            assert crawl(site, db, "--section", "press,policy").returncode == 0
        silent(site)
        done = crawl(site, db, "--section", "press,policy", "--since=2026-07-01")
        assert done.returncode != 0
        assert rows(db, "SELECT max(complete) FROM listings") == [(0,)]
        assert rows(db, "SELECT count(*) FROM failures WHERE kind = 'silent_list'") == [(1,)]
        assert rows(db, "SELECT count(*) FROM versions WHERE kind = 'gone'") == [(0,)]
        site.trouble = lambda _: None
        assert crawl(site, db, "--section", "press,policy", "--since=2026-07-01").returncode == 0
    assert rows(db, "SELECT min(complete) FROM listings") == [(1,)]
    assert rows(db, "SELECT count(*) FROM failures WHERE resolved_at IS NULL") == [(0,)]


def test_a_day_whose_articles_all_fail_is_not_complete(tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    with serve() as site:
        site.trouble = lambda asked: Reply(404) if "newsId" in asked.fields else None
        assert crawl(site, db, "--section", "press").returncode == 1
    assert DAYS[0] == TUESDAY
    assert rows(db, "SELECT max(complete), sum(failed) > 0 FROM listings WHERE found > 0") == [(0, 1)]


def test_an_empty_sitemap_makes_no_day_complete(tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    nothing = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>'
    with serve() as site:
        site.trouble = lambda asked: (
            Reply(200, nothing) if "sitemap" in asked.path else Reply(200, b"<html></html>", HTML)
        )
        assert crawl(site, db, "--section", "article").returncode == 2
    assert rows(db, "SELECT max(complete) FROM listings") == [(0,)]
