"""Silent breakage is reported within a day, and quiet days, holidays and chance are not."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.database import Archive
from archive.health.calendar import DayKind, day_kind
from archive.health.chance import as_few, at_most
from archive.health.facts import WINDOW
from archive.health.findings import findings
from archive.korean_time import KST
from benchmarks.health import BREAKAGES, FIRST, alarms, build, days_until_found
from tests.command import briefing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAYS = 14
START = FIRST + WINDOW + timedelta(days=5)  # a Tuesday
SLOW = {"press: a large ministry silent": 2, "press: a mid-sized ministry silent": 6}
"""One of many ministries may well be silent for a day, so it takes longer to tell."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the trailing weeks and two weeks after them, without fault."""
    path = tmp_path_factory.mktemp("health") / "a.db"
    with Archive.create_or_open(path) as archive:
        archive.conn.execute("BEGIN")
        build(archive.conn, WINDOW.days + DAYS)
        archive.conn.execute("COMMIT")
    return path


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with Archive.create_or_open(path) as archive:
        yield archive


QUICK = ("press: contacts lost", "policy: no text", "newsdao: silent", "press: texts cut")


@pytest.mark.parametrize(
    "breakage",
    [pytest.param(name, marks=() if name in QUICK else pytest.mark.thorough) for name in BREAKAGES],
)
def test_a_breakage_is_found_within_a_day(archive: Archive, breakage: str) -> None:
    found = days_until_found(archive.conn, breakage, START)
    assert found is not None
    assert found <= SLOW.get(breakage, 1)


def test_days_without_fault_raise_no_alarm(archive: Archive) -> None:
    assert list(alarms(archive.conn, DAYS // 3)) == []


def test_nothing_is_judged_without_history(archive: Archive) -> None:
    archive.conn.execute("BEGIN")
    archive.conn.execute("DELETE FROM listings WHERE day < ?", (START.isoformat(),))
    archive.conn.execute("DELETE FROM listed_items WHERE day < ?", (START.isoformat(),))
    archive.conn.execute("DELETE FROM contacts")
    assert findings(archive.conn, START + timedelta(days=3)) == []
    archive.conn.execute("ROLLBACK")


def test_a_finding_names_what_since_when_an_example_and_what_to_do(archive: Archive) -> None:
    archive.conn.execute("BEGIN")
    for statement in BREAKAGES["press: contacts lost"]:
        archive.conn.execute(statement, {"day": START.isoformat()})
    found = findings(archive.conn, START + timedelta(days=1))
    archive.conn.execute("ROLLBACK")
    text = next(finding.text for finding in found if "have contacts" in finding.text)
    assert text.startswith("korea.kr press: since ")
    assert "articles have contacts, where " in text
    assert "e.g. https://www.korea.kr/press/" in text
    assert text.endswith("briefing doctor --sites")


def test_status_ends_with_2_where_a_section_no_longer_shows_what_it_did(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "a.db"
    shutil.copy(path, copy)
    with Archive.create_or_open(copy) as archive:
        conn = archive.conn
        late = datetime.now(KST).date() - (FIRST + WINDOW + timedelta(days=DAYS - 1))
        moved = f"+{late.days // 7 * 7} days"  # to the present weeks, each day to its own weekday
        for table in ("listings", "listed_items"):
            conn.execute(f"UPDATE {table} SET day = date(day, ?)", (moved,))
        conn.execute("UPDATE articles SET published_at = date(published_at, ?)", (moved,))
        conn.execute(
            BREAKAGES["press: files lost"][0], {"day": (datetime.now(KST) - timedelta(days=6)).isoformat()}
        )
    done = briefing("status", "--db", copy, "--json", "--no-sizes")
    said = [problem["text"] for problem in json.loads(done.stdout)["problems"] if problem["code"] == 2]
    assert any("korea.kr press: since" in text and "have files" in text for text in said)
    assert briefing("status", "--db", copy, "--nagios").stdout.startswith("BRIEFING CRITICAL")


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 7, 15), DayKind.WORKING),
        (date(2026, 7, 18), DayKind.SATURDAY),
        (date(2026, 7, 19), DayKind.OFF),
        (date(2026, 9, 25), DayKind.OFF),  # 추석
        (date(2026, 8, 17), DayKind.OFF),  # the substitute of 광복절, a Saturday
    ],
)
def test_holidays_are_days_off(day: date, kind: DayKind) -> None:
    assert day_kind(day) is kind


@given(trials=st.integers(1, 60), share=st.floats(0.01, 0.99))
def test_chances_of_all_counts_grow_to_certainty(trials: int, share: float) -> None:
    chances = [at_most(count, trials, share) for count in range(trials + 1)]
    assert chances == sorted(chances)
    assert chances[-1] == 1
    assert chances[0] == pytest.approx((1 - share) ** trials)


@given(mean=st.floats(0.5, 120), more=st.floats(0, 400))
def test_fewer_are_less_unlikely_where_counts_vary_more(mean: float, more: float) -> None:
    assert as_few(0, mean, mean + more) >= as_few(0, mean, mean) * 0.999
    assert as_few(int(mean * 20) + 50, mean, mean) == pytest.approx(1, abs=1e-6)
