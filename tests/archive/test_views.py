"""The views, on archives in which articles were edited, deleted and re-issued."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from archive.completeness.listings import count_listings
from archive.records import Relation
from tests.archives import BODY, DAY, Desk, open_desk, press_release, with_body

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty archive."""
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.store.begin_run("crawl", {})
        yield desk


def reissue(desk: Desk, old: int, new: int, when: str) -> None:
    """Renumber an article on the site."""
    desk.clock.time = when
    article = press_release(old)
    gone = desk.capture("gone", article.canonical_url, status=410)
    desk.store.record_missing("korea.kr", "press", article.native_id, gone, "410")
    desk.visit(replace(press_release(new), title=article.title))


def column(desk: Desk, query: str) -> list[Any]:
    return [value for (value,) in desk.rows(query)]


def test_a_reissued_article_counts_once_in_the_directory(desk: Desk) -> None:
    desk.visit(press_release(1))
    desk.visit(press_release(2))
    reissue(desk, 1, 9, "2026-07-15T09:00:00+09:00")
    assert column(desk, "SELECT state FROM articles ORDER BY id") == ["superseded", "live", "live"]
    assert column(desk, "SELECT articles FROM directory") == [2]
    assert column(desk, "SELECT state FROM article_contacts ORDER BY article_id") == [
        "superseded",
        "live",
        "live",
    ]


def test_a_contact_that_an_edit_took_away_is_no_longer_in_the_views(desk: Desk) -> None:
    desk.visit(press_release(1))
    desk.visit(replace(with_body(press_release(1), "고친 글"), contacts=()))
    assert column(desk, "SELECT count(*) FROM article_contacts") == [0]
    assert column(desk, "SELECT count(*) FROM directory") == [0]


def test_numbers_come_in_the_order_in_which_they_are_printed(desk: Desk) -> None:
    (contact,) = press_release(1).contacts
    desk.visit(press_release(1, contacts=(replace(contact, phones=("044-300-0001", "044-200-0001")),)))
    assert column(desk, "SELECT phones FROM article_contacts") == ["044-300-0001, 044-200-0001"]


def test_edits_tell_every_value_before_and_after(desk: Desk) -> None:
    first = press_release(1)
    desk.visit(first)
    for number, (title, text) in enumerate((("둘째", BODY), ("둘째", "셋째 글"), ("넷째", "셋째 글")), 15):
        desk.clock.time = f"2026-07-{number}T09:00:00+09:00"
        desk.visit(replace(with_body(first, text), title=title))
    assert desk.rows("SELECT number, kind, field, before, after FROM edits ORDER BY number") == [
        (2, "edit", "title", first.title, "둘째"),
        (3, "edit", "body", BODY, "셋째 글"),
        (4, "edit", "title", "둘째", "넷째"),
    ]


def test_a_subtitle_that_was_added_has_no_value_before(desk: Desk) -> None:
    desk.visit(press_release(1, subtitle=None))
    desk.visit(press_release(1, subtitle="새 부제"))
    desk.visit(press_release(1, subtitle=None))
    assert desk.rows("SELECT field, before, after FROM edits ORDER BY number") == [
        ("subtitle", None, "새 부제"),
        ("subtitle", "새 부제", None),
    ]


def test_deletions_returns_and_reissues_stand_among_the_edits(desk: Desk) -> None:
    desk.visit(press_release(1))
    gone = desk.capture("gone", press_release(1).canonical_url, status=410)
    desk.clock.time = "2026-07-15T09:00:00+09:00"
    desk.store.record_missing("korea.kr", "press", press_release(1).native_id, gone, "410")
    desk.clock.time = "2026-07-16T09:00:00+09:00"
    desk.visit(press_release(1, title="돌아온 기사"))
    assert desk.rows("SELECT kind, field, before, after FROM edits ORDER BY number") == [
        ("gone", None, None, None),
        ("restored", "title", press_release(1).title, "돌아온 기사"),
    ]
    reissue_of = press_release(1, title="돌아온 기사")
    desk.clock.time = "2026-07-17T09:00:00+09:00"
    desk.store.record_missing("korea.kr", "press", reissue_of.native_id, gone, "410")
    desk.visit(press_release(8, title="돌아온 기사"))
    assert column(desk, "SELECT kind FROM edits ORDER BY number") == [
        "gone",
        "restored",
        "gone",
        "superseded",
    ]


def test_coverage_follows_a_deletion_and_a_reissue(desk: Desk) -> None:
    desk.visit(press_release(1))
    desk.visit(press_release(2))
    desk.list_day(press_release(1), press_release(2))
    reissue(desk, 1, 9, "2026-07-15T09:00:00+09:00")
    desk.list_day(press_release(2), press_release(9))
    desk.store.close_listings()
    assert desk.rows("SELECT day, total, found, archived, lacking, complete, reason FROM coverage") == [
        (DAY, 2, 2, 2, 0, 1, None)
    ]


def test_an_article_imported_after_it_failed_closes_the_gap(desk: Desk) -> None:
    desk.list_day(press_release(1))
    assert column(desk, "SELECT reason FROM coverage") == ["1 not fetched yet"]
    desk.visit(press_release(1))
    count_listings(desk.archive.conn)
    assert column(desk, "SELECT complete FROM coverage") == [1]


def test_a_retelling_tells_what_became_of_its_original(desk: Desk) -> None:
    desk.visit(press_release(1))
    desk.visit(
        press_release(
            3, site="newsdao.kr", section="article", native_id="4001", canonical_url="https://newsdao.kr/4001"
        )
    )
    desk.store.relate([Relation("retells", 2, 1, 0.9, "title")])
    reissue(desk, 1, 9, "2026-07-15T09:00:00+09:00")
    assert column(desk, "SELECT original_state FROM retellings") == ["superseded"]


def test_year_and_month_follow_the_date(desk: Desk) -> None:
    desk.visit(press_release(1, published_at=None))
    desk.visit(press_release(2, published_at="2026-12-31T23:59:00+09:00", published_precision="minute"))
    assert desk.rows("SELECT year, month FROM articles ORDER BY id") == [(None, None), (2026, "2026-12")]
    desk.visit(press_release(2, published_at="2027-01-01T00:10:00+09:00", published_precision="minute"))
    assert desk.rows("SELECT year, month FROM articles WHERE id = 2") == [(2027, "2027-01")]
