"""Days that have not happened are refused, and what a clock that ran ahead wrote silences nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from archive.completeness import coverage
from archive.completeness.listed import DayRead
from archive.records import Failure, Listing
from crawler.revisit_policy import days_due, recheck_is_due
from tests.archives import Desk, open_desk, press_release
from tests.command import briefing
from tests.crawl.test_crawl import rows
from tests.unruly import crawl, is_detail, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = "2026-07-16T09:00:00+09:00"
WRONG = "2036-01-05T09:00:00+09:00"
TODAY = date(2026, 7, 16)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An archive into which a run wrote whose clock stood in 2036."""
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.clock.time = WRONG
        desk.store.begin_run("crawl", {})
        desk.list_day(press_release(1))
        desk.store.record_listing(Listing("korea.kr", "press", "2036-01-05", 0, (), WRONG))
        desk.visit(press_release(1))
        desk.store.record_failure(Failure("korea.kr", "https://www.korea.kr/1", "timeout", "늦음", WRONG))
        desk.store.close_listings()
        desk.store.end_run("finished", 0)
        yield desk


@pytest.mark.parametrize(
    "days", [["--since=2030-01-01"], ["--until=2026-07-15"], ["--since=2026-07-13", "--until=2027-01-01"]]
)
@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_a_day_that_has_not_happened_is_a_usage_error(
    tmp_path: Path, days: list[str], dry: list[str]
) -> None:
    db = tmp_path / "archive.db"
    done = briefing(
        "crawl", f"--db={db}", "--today=2026-07-14T21:00", "--mirror=http://127.0.0.1:9", *days, *dry
    )
    assert done.returncode == 64
    assert "has not happened yet" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not db.exists()


def test_days_read_at_a_time_to_come_are_read_again() -> None:
    known = {TODAY - timedelta(age): DayRead(date(2036, 1, 5), complete=True) for age in range(40)}
    known |= {date(2036, 1, 5): DayRead(date(2036, 1, 5), complete=True)}
    assert set(days_due(TODAY, known)) == {TODAY - timedelta(age) for age in range(14)}
    trusted = {TODAY - timedelta(30): DayRead(TODAY - timedelta(20), complete=True)}
    assert TODAY - timedelta(25) in days_due(TODAY, known | trusted)


def test_an_article_checked_at_a_time_to_come_is_due() -> None:
    assert recheck_is_due("2026-07-01T09:00:00+09:00", WRONG, TODAY)
    assert recheck_is_due(WRONG, WRONG, TODAY)
    assert not recheck_is_due(WRONG, NOW, TODAY)
    assert recheck_is_due(WRONG, NOW, TODAY + timedelta(1))


def test_a_crawl_that_ended_in_the_future_is_not_fresh(desk: Desk) -> None:
    now = datetime.fromisoformat(NOW)
    found = coverage.problems(desk.archive.conn, [], now, timedelta(hours=26))
    assert found[0].code == 3
    assert any("lie in the future" in problem.text for problem in found)


def test_what_a_wrong_clock_wrote_can_be_taken_back(tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    with serve() as site:
        assert crawl(site, db, "--section=press").returncode == 0
        wrong = crawl(
            site,
            db,
            "--section=press",
            "--today=2036-01-05T21:00",
            "--until=2036-01-05",
            "--since=2035-12-30",
        )
        assert wrong.returncode == 1
        crawl(site, db, "--section=press", "--today=2036-01-05T21:00")
        site.log = []
        assert crawl(site, db, "--section=press", "--today=2026-07-15T21:00").returncode == 0
        assert any(is_detail(asked) for asked in site.log)
        assert rows(db, "SELECT count(*) > 0 FROM listings WHERE day > '2027'") == [(1,)]
        assert (
            crawl(site, db, "--section=press", "--today=2026-07-15T22:00", "--undo-wrong-clock").returncode
            == 0
        )
    assert rows(db, "SELECT count(*) FROM listings WHERE day > '2027' OR checked_at > '2027'") == [(0,)]
    assert rows(db, "SELECT count(*) FROM runs WHERE started_at > '2027' OR ended_at > '2027'") == [(0,)]
    assert rows(db, "SELECT max(checked_at) < '2027', min(first_seen_at) FROM articles") == [
        (1, rows(db, "SELECT min(first_seen_at) FROM articles")[0][0])
    ]
    assert rows(db, "SELECT count(*) FROM versions WHERE number > 1") == [(0,)]
