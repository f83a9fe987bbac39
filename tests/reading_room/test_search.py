"""Search in the reading room: near spellings, ministries by any name, filters in the URL, whole paging."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest

from archive.database import Archive
from archive.reading_room.search.spelling import from_keys, nearest
from archive.records import Organization
from tests.archives import open_desk, press_release
from tests.newsroom import build
from tests.served import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "a.db"
    build(path).archive.close()
    desk = open_desk(path)
    desk.store.seed_organizations(
        [
            Organization(
                "old", "해수안전처", valid_to="2025-12-31", successors=("sea",), abbreviations=("해안처",)
            ),
            Organization("sea", "해양안전부", "Ministry of Maritime Safety", abbreviations=("해안부",)),
            Organization("sky", "기상재난청", "Weather Hazard Agency", parent="sea"),
        ]
    )
    with desk.archive:
        for number in range(100, 163):  # more than three pages, many of one day
            day = f"2026-07-{10 + number % 2}"
            desk.visit(replace(press_release(number, published_at=day), organization_key="sea"))
        desk.visit(
            replace(
                press_release(300, published_at="2025-03-01"),
                organization="해수안전처",
                organization_key="old",
            )
        )
    return path


@pytest.fixture(scope="module")
def served(path: Path) -> Iterator[Served]:
    with serve(path) as served:
        yield served


def search(served: Served, **parameters: str) -> str:
    status, _headers, text = served.get(f"/search?{urlencode(parameters)}")
    assert status == 200
    return text


def hits(text: str) -> list[str]:
    return re.findall(r'<h2><a href="(/a/[^"]+)"', text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("여겍선", "여객선"),
        ("연안 여객썬 점검", "연안 여객선 점검"),
        ("여객선은 폭엄", "여객선은 폭염"),
        ("객여선", "여객선"),
        ("durortjs", "여객선"),
        ("whatever", None),
        ("여객선", None),
        ("쀍뛟꿟", None),
    ],
)
def test_the_nearest_spelling_is_offered_where_nothing_is_found(
    path: Path, typed: str, meant: str | None
) -> None:
    with Archive.open(path) as archive:
        assert nearest(archive.conn, typed) == meant


def test_the_nearest_spelling_is_a_link_that_finds_something(served: Served) -> None:
    text = search(served, q="여겍선", section="press")
    (link,) = re.findall(r'class="near">[^<]*<a href="([^"]+)"', text)
    assert hits(served.get(unescape(link))[2])
    assert "section=press" in link


def test_spelling_costs_little_however_long_the_question(path: Path) -> None:
    with Archive.open(path) as archive:
        ran = 0

        def count() -> None:
            nonlocal ran
            ran += 1

        archive.conn.set_progress_handler(count, 1000)
        nearest(archive.conn, " ".join(["없는낱말임"] * 20) + "뛟" * 5000)
        archive.conn.set_progress_handler(None, 0)
        assert ran < 2000


@pytest.mark.parametrize(
    ("keys", "hangul"),
    [("rkwhr", "가족"), ("qnehdtks", "부동산"), ("hello", None), ("Rkcl", "까치"), ("ekfrrhrl", "닭고기")],
)
def test_latin_keys_are_read_as_hangul(keys: str, hangul: str | None) -> None:
    assert from_keys(keys) == hangul


@pytest.mark.parametrize("name", ["sea", "해양안전부", "해양 안전부", "해안부"])
def test_a_ministry_is_found_by_any_of_its_names(served: Served, name: str) -> None:
    text = search(served, ministry=name, sort="new")
    assert "/a/korea.kr/press/156700161" in text
    assert search(served, ministry="sea", sort="new", until="2025-12-31").count("<h2><a") == 0


@pytest.mark.parametrize("name", ["해수안전처", "해안처"])
def test_a_former_name_finds_what_came_of_the_ministry_too(served: Served, name: str) -> None:
    found: list[str] = []
    for page in range(1, 9):
        text = search(served, ministry=name, sort="new", page=str(page))
        found += hits(text)
        if 'rel="next"' not in text:
            break
    assert "/a/korea.kr/press/156700300" in found
    assert "/a/korea.kr/press/156700162" in found


def test_a_ministry_that_is_none_is_told_with_near_names(served: Served) -> None:
    status, _headers, text = served.get("/search", ministry="해양안정부")
    assert status == 404
    assert hits(text) == []
    assert "그런 이름의 부처가 없습니다" in text
    assert f"ministry={quote('해양안전부')}" in text


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "여객선"},
        {"ministry": "해안부"},
        {"section": "press", "contact": "1"},
        {"since": "2026-07-10", "until": "2026-07-10"},
        {"kogl": "1", "q": "점검"},
    ],
)
def test_every_article_is_on_one_page_and_no_more(served: Served, query: dict[str, str]) -> None:
    found: list[str] = []
    text = ""
    for page in range(1, 20):
        text = search(served, sort="new", page=str(page), **query)
        found += hits(text)
        if 'rel="next"' not in text:
            break
    (total,) = re.findall(r'role="status">([\d,]+)건', text)
    assert len(found) == len(set(found)) == int(total.replace(",", ""))


def test_each_filter_is_a_tag_that_takes_itself_away(served: Served) -> None:
    given = {
        "q": "점검",
        "ministry": "해안부",
        "section": "press",
        "since": "2026-07-01",
        "until": "2026-07-31",
        "contact": "1",
        "kogl": "1",
        "state": "live",
    }
    text = search(served, **given)
    tags = re.search(r'<ul class="tags".*?</ul>', text, re.S)
    assert tags
    links = [unescape(one) for one in re.findall(r'href="([^"]+)"', tags[0])]
    assert len(links) == 7
    for name in given.keys() - {"q"}:
        (gone,) = [link for link in links if f"{name}=" not in link]
        assert all(f"{other}=" in gone for other in given.keys() - {name})


def test_states_contacts_and_licences_narrow(served: Served, path: Path) -> None:
    with Archive.open(path) as archive:

        def count(where: str) -> int:
            return int(
                archive.conn.execute(
                    f"SELECT count(*) FROM articles a WHERE state <> 'redacted' AND {where}"
                ).fetchone()[0]
            )

        expected = {
            "gone": count("state = 'gone'"),
            "superseded": count("state = 'superseded'"),
            "edited": count(
                "EXISTS (SELECT 1 FROM versions v WHERE v.article_id = a.id AND v.kind = 'edit')"
            ),
        }
    for state, number in expected.items():
        assert number
        assert re.search(rf'role="status">{number}건', search(served, state=state))
