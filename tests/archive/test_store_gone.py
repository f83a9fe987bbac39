"""Deleted, restored and re-issued articles, and the lists that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archive.records import Failure
from tests.archives import Desk, open_desk, press_release, with_body

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST, SECOND = press_release(1), press_release(2)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Two articles, held and listed by an earlier run; now the next run."""
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.store.begin_run("crawl", {})
        desk.list_day(FIRST, SECOND)
        desk.visit(FIRST)
        desk.visit(SECOND)
        desk.store.close_listings()
        next_run(desk, "2026-07-15T09:00:00+09:00")
        yield desk


def next_run(desk: Desk, time: str) -> None:
    desk.clock.time = time
    desk.store.begin_run("crawl", {})


def missing(desk: Desk, status: int = 404, **options: bool) -> bool:
    capture = desk.capture("삭제되었거나 존재하지 않는 게시물입니다.", FIRST.canonical_url, status=status)
    return desk.store.record_missing("korea.kr", "press", FIRST.native_id, capture, "alert", **options)


def states(desk: Desk) -> list[str]:
    return [state for (state,) in desk.rows("SELECT state FROM articles ORDER BY id")]


def test_a_page_not_there_and_a_whole_list_without_it_prove_it_gone(desk: Desk) -> None:
    desk.list_day(SECOND)
    assert missing(desk)
    assert states(desk) == ["gone", "live"]
    assert desk.rows("SELECT number, kind, seen_at FROM versions WHERE article_id = 1")[1] == (
        2,
        "gone",
        "2026-07-15T09:00:00+09:00",
    )
    assert desk.rows("SELECT articles_gone FROM runs WHERE id = 2") == [(1,)]


def test_the_list_may_come_after_the_page(desk: Desk) -> None:
    assert not missing(desk)
    desk.list_day(SECOND)
    desk.store.close_listings()
    assert states(desk) == ["gone", "live"]
    assert desk.rows("SELECT count(*) FROM failures WHERE resolved_at IS NULL") == [(0,)]


def test_one_answer_alone_proves_nothing_and_is_recorded(desk: Desk) -> None:
    assert not missing(desk)
    desk.store.close_listings()
    assert states(desk) == ["live", "live"]
    assert desk.rows("SELECT kind, native_id FROM failures WHERE resolved_at IS NULL") == [
        ("gone_unproven", FIRST.native_id)
    ]


def test_a_list_not_read_whole_is_no_witness(desk: Desk) -> None:
    desk.list_day(SECOND, total=2)
    assert not missing(desk)
    desk.list_day(SECOND, read_whole=False)
    assert not missing(desk)
    assert states(desk) == ["live", "live"]


def test_a_list_of_an_earlier_run_is_no_witness(desk: Desk) -> None:
    desk.list_day(SECOND)
    next_run(desk, "2026-07-15T10:00:00+09:00")
    assert not missing(desk)


def test_an_article_still_listed_is_not_gone(desk: Desk) -> None:
    desk.list_day(FIRST, SECOND)
    assert not missing(desk)


def test_410_proves_it_alone(desk: Desk) -> None:
    assert missing(desk, status=410)


def test_the_caller_may_vouch_for_a_list_that_the_archive_does_not_keep(desk: Desk) -> None:
    assert missing(desk, absent_from_list=True)


def test_answers_of_two_runs_half_a_day_apart_prove_it(desk: Desk) -> None:
    assert not missing(desk)
    next_run(desk, "2026-07-15T12:00:00+09:00")
    assert not missing(desk)
    next_run(desk, "2026-07-15T22:00:00+09:00")
    assert missing(desk)


def test_repeated_answers_within_one_run_count_once(desk: Desk) -> None:
    missing(desk)
    missing(desk)
    assert desk.rows("SELECT missing_count FROM articles WHERE id = 1") == [(1,)]


def test_an_article_seen_again_in_between_starts_anew(desk: Desk) -> None:
    missing(desk)
    desk.visit(FIRST)
    assert desk.rows("SELECT missing_count, missing_since FROM articles WHERE id = 1") == [(0, None)]
    assert desk.rows("SELECT count(*) FROM failures WHERE resolved_at IS NULL") == [(0,)]


def test_a_missing_article_is_held_as_such(desk: Desk) -> None:
    missing(desk)
    held = desk.store.held("korea.kr", "press", FIRST.native_id)
    assert held is not None
    assert held.missing_count == 1


def test_what_is_not_held_cannot_go(desk: Desk) -> None:
    assert not desk.store.record_missing("korea.kr", "press", "1", None, "404")


def test_an_article_that_comes_back_is_restored(desk: Desk) -> None:
    missing(desk, status=410)
    saved = desk.visit(FIRST)
    assert (saved.outcome, saved.changed) == ("restored", ())
    assert states(desk) == ["live", "live"]
    assert desk.rows("SELECT kind FROM versions WHERE article_id = 1 ORDER BY number") == [
        ("new",),
        ("gone",),
        ("restored",),
    ]


def test_an_article_that_comes_back_changed_says_what_changed(desk: Desk) -> None:
    missing(desk, status=410)
    assert desk.visit(with_body(FIRST, "고쳐 쓴 글")).changed == ("body",)


def test_a_reissue_found_before_the_old_one_is_missed_supersedes_it(desk: Desk) -> None:
    new = press_release(9, title=FIRST.title)
    desk.list_day(SECOND, new)
    desk.visit(new)
    assert missing(desk)
    assert states(desk) == ["superseded", "live", "live"]
    assert desk.rows("SELECT superseded_by_id, version FROM articles WHERE id = 1") == [(3, 2)]
    assert desk.rows("SELECT kind, article_id, related_id, score FROM relations") == [
        ("supersedes", 3, 1, 1.0)
    ]


def test_a_superseded_article_that_comes_back_stands_for_itself_again(desk: Desk) -> None:
    desk.visit(press_release(9, title=FIRST.title))
    assert missing(desk, status=410)
    assert desk.visit(FIRST).outcome == "restored"
    assert states(desk) == ["live", "live", "live"]
    assert desk.rows("SELECT superseded_by_id FROM articles WHERE id = 1") == [(None,)]
    assert desk.rows("SELECT count(*) FROM relations") == [(0,)]


def test_a_reissue_found_after_the_old_one_went_supersedes_it(desk: Desk) -> None:
    desk.list_day(SECOND)
    assert missing(desk)
    desk.visit(press_release(9, title=FIRST.title))
    assert states(desk) == ["superseded", "live", "live"]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "다른 제목"},
        {"title": FIRST.title, "organization": "바다청"},
        {"title": FIRST.title, "published_at": "2026-07-13"},
    ],
)
def test_another_title_ministry_or_day_is_no_reissue(desk: Desk, changes: dict[str, str]) -> None:
    desk.visit(press_release(9, **changes))
    assert missing(desk, status=410)
    assert states(desk)[0] == "gone"


def test_two_live_articles_of_one_title_stay_apart(desk: Desk) -> None:
    desk.visit(press_release(9, title=FIRST.title))
    assert states(desk) == ["live", "live", "live"]


def test_a_day_is_complete_when_every_item_is_archived_or_failed(desk: Desk) -> None:
    third = press_release(3)
    desk.list_day(FIRST, SECOND, third)
    desk.store.close_listings()
    query = "SELECT total, found, archived, failed, complete, reason FROM coverage"
    assert desk.rows(query) == [(3, 3, 2, 0, 0, "1 not fetched yet")]
    desk.store.record_failure(
        Failure("korea.kr", third.canonical_url, "timeout", "늦음", desk.clock(), "press", third.native_id)
    )
    desk.store.close_listings()
    assert desk.rows(query) == [(3, 3, 2, 1, 1, "1 failed, recorded for the next run")]
    desk.visit(third)
    desk.store.close_listings()
    assert desk.rows(query) == [(3, 3, 3, 0, 1, None)]


def test_a_count_that_differs_from_the_list_is_not_complete(desk: Desk) -> None:
    desk.list_day(FIRST, SECOND, total=5)
    assert desk.rows("SELECT complete, reason FROM coverage") == [(0, "the site counts 5, its list shows 2")]


def test_an_empty_list_of_a_day_of_which_articles_are_held_is_not_complete(desk: Desk) -> None:
    desk.list_day()
    (row,) = desk.rows("SELECT found, complete, reason FROM coverage")
    assert row == (0, 0, "the list is empty, while 2 articles of that day are held")
