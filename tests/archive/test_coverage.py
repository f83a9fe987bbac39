"""What status tells: completeness by section and day, freshness, failures, sizes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from archive.completeness import coverage
from archive.records import Failure, Listing
from briefing.main import cli
from tests.archives import Desk, open_desk, press_release

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AGE = timedelta(hours=26)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.store.begin_run("crawl", {})
        desk.list_day(press_release(1))
        desk.visit(press_release(1))
        desk.store.close_listings()
        desk.store.end_run("finished", 0, requests=3)
        yield desk


def problems(desk: Desk, hours: int = 1) -> list[coverage.Problem]:
    now = datetime.fromisoformat(desk.clock()) + timedelta(hours=hours)
    return coverage.problems(desk.archive.conn, coverage.coverage(desk.archive.conn), now, AGE)


def list_quiet_day(desk: Desk, day: str) -> None:
    desk.store.record_listing(Listing("korea.kr", "press", day, 0, (), desk.clock()))


def test_an_archive_that_accounts_for_everything_has_no_problem(desk: Desk) -> None:
    assert problems(desk) == []


def test_days_left_out_between_two_listed_ones_are_gaps(desk: Desk) -> None:
    list_quiet_day(desk, "2026-07-17")
    days = coverage.coverage(desk.archive.conn)
    assert [(day.day, day.reason) for day in days if not day.complete] == [
        ("2026-07-15", "never listed"),
        ("2026-07-16", "never listed"),
    ]
    assert [problem.code for problem in problems(desk)] == [1, 1]


def test_the_table_can_be_cut_to_some_days(desk: Desk) -> None:
    list_quiet_day(desk, "2026-07-15")
    assert [day.day for day in coverage.coverage(desk.archive.conn, since="2026-07-15")] == ["2026-07-15"]
    assert [day.day for day in coverage.coverage(desk.archive.conn, until="2026-07-14")] == ["2026-07-14"]


def test_open_failures_are_summed_up_by_kind(desk: Desk) -> None:
    for number in (1, 2):
        url = f"https://www.korea.kr/{number}"
        desk.store.record_failure(Failure("korea.kr", url, "timeout", "늦음", desk.clock()))
    (summary,) = coverage.failures(desk.archive.conn)
    assert (summary["kind"], summary["open"]) == ("timeout", 2)
    assert [problem.code for problem in problems(desk)] == [1]


def test_a_crawl_that_is_too_old_is_the_gravest(desk: Desk) -> None:
    desk.list_day(press_release(1), press_release(2))
    assert [problem.code for problem in problems(desk, hours=30)] == [3, 1]


@pytest.mark.parametrize(("outcome", "code"), [("unrecognised", 2), ("blocked", 3)])
def test_the_outcome_of_the_last_crawl_shows(desk: Desk, outcome: str, code: int) -> None:
    desk.store.begin_run("crawl", {})
    desk.store.end_run(outcome, code)
    assert [problem.code for problem in problems(desk)] == [code]


def test_an_archive_without_a_crawl_says_so(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "new.db")
    with desk.archive:
        assert [problem.text for problem in problems(desk)] == ["no crawl has run yet"]


def test_the_parts_add_up_to_the_file(desk: Desk) -> None:
    desk.archive.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    parts = coverage.sizes(desk.archive.conn)
    assert sum(parts.values()) == desk.archive.path.stat().st_size
    assert all(parts[part] > 0 for part in ("text", "captures", "search", "indexes", "rows"))


def test_status_prints_for_people_and_for_machines(desk: Desk) -> None:
    desk.list_day(press_release(1), press_release(2))
    path = ["--db", str(desk.archive.path)]
    shown = CliRunner().invoke(cli, ["status", *path], standalone_mode=False)
    assert "1/2 !" in shown.output
    assert "more than 26 hours ago" in shown.output.replace("\n", " ")
    assert "1 not fetched yet" in shown.output
    told = CliRunner().invoke(cli, ["status", *path, "--json", "--no-sizes"], standalone_mode=False)
    report = json.loads(told.output)
    assert report["coverage"][0]["lacking"] == 1
    assert report["sizes"] is None
    assert told.return_value == 3  # the clock of this archive stands in July
