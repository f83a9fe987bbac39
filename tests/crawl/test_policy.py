"""What is due: days whose lists are read, and articles that are fetched again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.articles.compare import text_hash
from archive.articles.held import HeldArticle
from archive.completeness.listed import DayRead
from archive.errors import UsageError
from archive.records import ListItem
from crawler.items import DayList
from crawler.revisit_policy import RECHECKS, days_due, reason_to_fetch, recheck_is_due
from crawler.run.scope import CrawlScope
from crawler.sites.sections import chosen_sections
from tests.archives import open_desk, press_release

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 7, 15)
LEAD = "해양안전부는 14일 점검을 시작했다."
HELD = HeldArticle(
    article_id=1,
    title="연안 여객선 점검",
    state="live",
    version=1,
    checked_at="2026-07-14T09:00:00+09:00",
    checks=1,
    first_seen_at="2026-07-14T09:00:00+09:00",
    body_source="attachment",
    missing_count=0,
    etag=None,
    last_modified=None,
    lead_sha256=text_hash(LEAD),
    incomplete=False,
)
ITEM = ListItem("156990101", "연안 여객선 점검", "press", lead=LEAD, lead_is_full=True)


def days(*ages: int) -> set[date]:
    """Return the days that lie so many days before today."""
    return {TODAY - timedelta(age) for age in ages}


def read(checked_ago: int = 0, *, complete: bool = True) -> DayRead:
    """Return when a day was read."""
    return DayRead(TODAY - timedelta(checked_ago), complete)


def test_a_first_run_takes_fourteen_days_newest_first() -> None:
    due = days_due(TODAY, {})
    assert set(due) == days(*range(14))
    assert due[0] == TODAY


def test_today_and_the_three_days_before_are_read_at_every_run() -> None:
    known = {TODAY - timedelta(age): read() for age in range(14)}
    assert set(days_due(TODAY, known)) == days(0, 1, 2, 3)


def test_fourteen_days_are_read_daily_and_fourteen_weeks_weekly() -> None:
    known = {TODAY - timedelta(age): read(checked_ago=1) for age in range(14)}
    known |= {TODAY - timedelta(age): read(checked_ago=age % 10) for age in range(14, 120)}
    due = set(days_due(TODAY, known))
    assert days(*range(14)) <= due
    assert due - days(*range(14)) == {
        TODAY - timedelta(age) for age in range(14, 98) if age % 10 in (7, 8, 9)
    }


def test_every_recheck_falls_into_the_days_that_are_still_read() -> None:
    day = TODAY
    known, last = {day: read()}, "2026-07-15T12:00:00+09:00"
    rechecked = []
    for age in range(1, 120):
        today = day + timedelta(age)
        if day in days_due(today, known):
            known = {day: DayRead(today, complete=True)}
            if recheck_is_due("2026-07-15T12:00:00+09:00", last, today):
                last = f"{today}T12:00:00+09:00"
                rechecked.append(age)
    assert len(rechecked) == len(RECHECKS)


def test_a_day_that_is_not_complete_is_read_until_it_is() -> None:
    old = TODAY - timedelta(700)
    assert old in days_due(TODAY, {old: read(complete=False)})
    assert old not in days_due(TODAY, {old: read(checked_ago=600)})


def test_days_missed_since_the_last_run_are_read() -> None:
    known = {TODAY - timedelta(age): read(checked_ago=30) for age in range(30, 45)}
    assert days(*range(30)) <= set(days_due(TODAY, known))


def test_days_asked_for_are_read_exactly() -> None:
    since, until = date(2026, 7, 1), date(2026, 7, 3)
    assert days_due(TODAY, {since: read()}, since=since, until=until) == [
        date(2026, 7, 3),
        date(2026, 7, 2),
        date(2026, 7, 1),
    ]


def test_a_backfill_goes_on_where_it_stopped() -> None:
    since, until = date(2020, 1, 1), date(2020, 3, 31)
    known = {until - timedelta(age): read() for age in range(30)} | {date(2020, 3, 20): read(complete=False)}
    due = days_due(TODAY, known, since=since, until=until, oldest_first=True)
    assert due == [since + timedelta(age) for age in range(61)] + [date(2020, 3, 20)]


def test_old_days_asked_for_by_themselves_are_read_again() -> None:
    day = date(2020, 1, 1)
    assert days_due(TODAY, {day: read()}, since=day, until=day) == [day]


def test_until_before_since_is_refused() -> None:
    with pytest.raises(UsageError, match="before"):
        CrawlScope(chosen_sections((), ()), since=TODAY, until=TODAY - timedelta(1))


@given(st.dictionaries(st.integers(0, 200), st.tuples(st.integers(0, 200), st.booleans()), max_size=40))
def test_the_last_four_days_and_no_day_to_come_are_due(known: dict[int, tuple[int, bool]]) -> None:
    held = {TODAY - timedelta(age): read(ago, complete=complete) for age, (ago, complete) in known.items()}
    due = days_due(TODAY, held)
    assert days(0, 1, 2, 3) <= set(due)
    assert max(due) == TODAY
    assert len(due) == len(set(due))


@pytest.mark.parametrize(
    ("held", "item", "reason"),
    [
        (None, ITEM, "new"),
        (HELD, ITEM, None),
        (HELD, replace(ITEM, title="연안 여객선 점검(수정)"), "listed_otherwise"),
        (HELD, replace(ITEM, title="연안\u00a0여객선  점검"), None),
        (HELD, replace(ITEM, lead=LEAD + " 정정했다."), "listed_otherwise"),
        (HELD, replace(ITEM, lead=LEAD.replace(" ", "  ")), None),
        (HELD, replace(ITEM, lead=LEAD[:9] + "...", lead_is_full=False), None),
        (replace(HELD, incomplete=True), ITEM, "incomplete"),
        (replace(HELD, missing_count=1), ITEM, "missing"),
        (replace(HELD, state="gone"), ITEM, "missing"),
        (replace(HELD, lead_sha256=None), ITEM, None),
    ],
)
def test_an_article_is_fetched_for_a_reason(
    held: HeldArticle | None, item: ListItem, reason: str | None
) -> None:
    assert reason_to_fetch(held, item, date(2026, 7, 14)) == reason


def test_a_list_may_always_call_an_article_otherwise_than_its_page() -> None:
    listed = replace(ITEM, title="[해양안전부] 연안 여객선 점검")
    day = date(2026, 7, 14)
    assert reason_to_fetch(HELD, listed, day, listed_title=listed.title) is None
    assert reason_to_fetch(HELD, ITEM, day, listed_title=listed.title) == "listed_otherwise"


@pytest.mark.parametrize(
    ("checked_after", "today_after", "due"),
    [(0, 0, False), (0, 1, True), (1, 2, False), (1, 3, True), (3, 6, False), (3, 9, True), (90, 400, False)],
)
def test_known_articles_are_checked_after_1_3_7_30_and_90_days(
    checked_after: int, today_after: int, due: bool
) -> None:
    seen = date(2026, 7, 1)
    checked = f"{seen + timedelta(checked_after)}T21:00:00+09:00"
    assert recheck_is_due(f"{seen}T09:00:00+09:00", checked, seen + timedelta(today_after)) is due


def test_the_archive_tells_the_policy_what_it_needs(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "archive.db")
    with desk.archive:
        desk.visit(press_release(1))
        held = desk.store.held("korea.kr", "press", press_release(1).native_id)
    assert held is not None
    assert reason_to_fetch(held, None, date.fromisoformat(held.checked_at[:10])) is None


def test_a_day_is_asked_for_with_every_field_of_the_form() -> None:
    (section,) = chosen_sections(("korea.kr",), ("actually",))
    form = DayList(section, "2026-07-14").form(3)
    assert form == {
        "pageIndex": "3",
        "repCodeType": "",
        "repCode": "",
        "startDate": "2026-07-14",
        "endDate": "2026-07-14",
        "srchWord": "",
        "period": "direct",
        "cateId": "",
        "nRepCode": "",
        "cardnewsSe": "",
    }
