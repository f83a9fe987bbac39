"""Organizations: one table of ministries and agencies, and what a printed name means on a day."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Contact, Organization
from pipelines.organizations import known_names, load, organization_of_contact, resolve

if TYPE_CHECKING:
    from pathlib import Path

# No organizations: what a guess made of the text, and the portal's word for "not classified".
ARTEFACTS = {"미분류", "아동·청", "위안부"}

RENAMES = [
    ("기획재정부", "재정경제부", "2026-01-02"),
    ("기획재정부", "기획예산처", "2026-01-02"),
    ("산업통상자원부", "산업통상부", "2025-10-01"),
    ("문화재청", "국가유산청", "2024-05-17"),
    ("환경부", "기후에너지환경부", "2025-10-01"),
    ("여성가족부", "성평등가족부", "2025-10-01"),
    ("특허청", "지식재산처", "2025-10-01"),
    ("통계청", "국가데이터처", "2025-10-01"),
    ("방송통신위원회", "방송미디어통신위원회", "2025-10-01"),
    ("국가보훈처", "국가보훈부", "2023-06-05"),
    ("질병관리본부", "질병관리청", "2020-09-12"),
    ("탄소중립녹색성장위원회", "국가기후위기대응위원회", "2026-01-01"),
    ("검찰청", "공소청", "2026-10-02"),
    ("검찰청", "중대범죄수사청", "2026-10-02"),
]


def name_of(organization: Organization | None) -> str | None:
    return organization.name if organization else None


def test_every_key_is_unique() -> None:
    assert [key for key, times in Counter(entry.key for entry in load()).items() if times > 1] == []


def test_every_code_is_held_once() -> None:
    codes = Counter(entry.code for entry in load() if entry.code)
    assert [code for code, times in codes.items() if times > 1] == []


def test_parents_and_successors_exist() -> None:
    keys = {entry.key for entry in load()}
    named = {key for entry in load() for key in (*entry.successors, entry.parent) if key}
    assert named - keys == set()


def test_dates_are_days_in_order() -> None:
    for entry in load():
        since, until = entry.valid_from, entry.valid_to
        assert all(date.fromisoformat(day) for day in (since, until) if day), entry.key
        assert (since or "") <= (until or "9"), entry.key


def test_a_successor_begins_where_its_predecessor_ended() -> None:
    entries = {entry.key: entry for entry in load()}
    for entry in load():
        for successor in (entries[key] for key in entry.successors):
            if entry.valid_to and successor.valid_from:
                gap = date.fromisoformat(successor.valid_from) - date.fromisoformat(entry.valid_to)
                assert gap.days == 1, (entry.key, successor.key)


def test_a_name_never_means_two_organizations_on_one_day() -> None:
    stretches = defaultdict(list)
    for entry in load():
        for name in {entry.name, *entry.abbreviations}:
            stretches[name].append((entry.valid_from or "0", entry.valid_to or "9", entry.key))
    for name, held in stretches.items():
        held.sort()
        for (_, until, _), (since, _, _) in pairwise(held):
            assert until < since, (name, held)


@pytest.mark.parametrize(("old", "new", "day"), RENAMES)
def test_a_rename_is_known_to_the_day(old: str, new: str, day: str) -> None:
    before = resolve(old, None, (date.fromisoformat(day) - timedelta(1)).isoformat())
    after = resolve(new, None, day)
    assert before is not None
    assert after is not None
    assert (before.name, after.name, after.valid_from) == (old, new, day)
    assert after.key in before.successors


@pytest.mark.parametrize(
    ("printed", "day", "meant"),
    [
        ("과기정통부", "2024-07-01", "과학기술정보통신부"),
        ("농식품부", "2024-07-01", "농림축산식품부"),
        ("농식품부", "2010-07-01", "농림수산식품부"),
        ("산업부", "2024-07-01", "산업통상자원부"),
        ("산업부", "2026-07-01", "산업통상부"),
        ("국토부", "2012-07-01", "국토해양부"),
        ("국민권익위", "2024-07-01", "국민권익위원회"),
        ("보건 복지부", "2024-07-01", "보건복지부"),
        ("항공ㆍ철도사고조사위원회", "2024-07-01", "항공·철도사고조사위원회"),
    ],
)
def test_an_abbreviation_means_the_ministry_of_its_day(printed: str, day: str, meant: str) -> None:
    assert name_of(resolve(printed, None, day)) == meant


def test_one_name_of_two_eras_is_told_apart_by_the_day() -> None:
    eras = [resolve("행정안전부", None, day) for day in ("2010-01-01", "2020-01-01")]
    assert [era and era.name_en for era in eras] == [
        "Ministry of Public Administration and Security",
        "Ministry of the Interior and Safety",
    ]


def test_a_label_put_on_an_older_article_means_what_stood_then() -> None:
    assert name_of(resolve("질병관리청", None, "2020-01-29")) == "질병관리본부"


def test_a_stale_label_means_what_follows() -> None:
    assert name_of(resolve("국가보훈처", None, "2025-09-30")) == "국가보훈부"


def test_after_a_split_the_name_keeps_its_holder() -> None:
    assert name_of(resolve("기획재정부", None, "2026-03-01")) == "기획재정부"


def test_without_a_day_a_name_means_the_latest() -> None:
    latest = resolve("재정경제부", None, None)
    assert latest is not None
    assert latest.valid_from == "2026-01-02"


def test_a_code_outlives_renames() -> None:
    assert [name_of(resolve(None, "A00019", day)) for day in ("2020-01-01", "2026-01-01")] == [
        "환경부",
        "기후에너지환경부",
    ]


def test_the_name_goes_before_the_code() -> None:
    assert name_of(resolve("법제처", "A00010", "2024-01-01")) == "법제처"


@pytest.mark.parametrize("unknown", [None, "", "관계부처 합동", "핵심부"])
def test_an_unknown_name_is_not_guessed_at(unknown: str | None) -> None:
    assert resolve(unknown, None, "2024-01-01") is None


def test_known_names_cover_names_and_abbreviations_of_every_era() -> None:
    assert {"기획재정부", "기재부", "정보통신부", "방미통위"} <= known_names()


def test_a_contact_that_prints_its_ministry_belongs_to_it() -> None:
    contact = Contact(organization="환경부", department="물산업협력과")
    organization, how = organization_of_contact(contact, "국토교통부", "2024-07-01")
    assert (name_of(organization), how) == ("환경부", "printed")


def test_a_bare_unit_belongs_to_the_publishing_ministry_and_is_marked_so() -> None:
    contact = Contact(department="물산업협력과")
    organization, how = organization_of_contact(contact, "환경부", "2024-07-01")
    assert (name_of(organization), how) == ("환경부", "published")


@given(st.sampled_from(sorted(known_names())), st.dates(date(2008, 2, 29), date(2026, 12, 31)))
def test_every_known_name_means_something_on_every_day(name: str, day: date) -> None:
    assert resolve(name, None, day.isoformat()) is not None


@given(st.sampled_from(load()))
def test_an_organization_answers_to_its_name_on_its_own_days(entry: Organization) -> None:
    for day in (entry.valid_from, entry.valid_to):
        if day:
            assert resolve(entry.name, None, day) == entry


def test_every_ministry_that_the_releases_print_is_known(shared: Path) -> None:
    with (shared / "press" / "ministries.csv").open(encoding="utf-8") as lines:
        printed = [row for row in csv.DictReader(lines) if int(row["records_with_printed_ministry"]) > 20]
    unknown = {row["ministry"] for row in printed if not resolve(row["ministry"], None, row["last_date"])}
    assert unknown == ARTEFACTS


def test_every_code_of_the_site_is_known(shared: Path) -> None:
    codes = json.loads(
        (shared / "samples" / "korea_kr" / "repcodes_20261006.json").read_text(encoding="utf-8")
    )
    groups = [group for group in codes.values() if isinstance(group, dict)]
    printed = {code: name for group in groups for code, name in group.items()}
    assert printed == {code: name_of(resolve(None, code, "2026-10-06")) for code in printed}
