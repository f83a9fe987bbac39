"""Ministries are found by every name that they had or are called by: in search, exports, crawls and SQL."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from archive.database import Archive
from archive.organizations import found_by_name, names_found_by
from archive.records import Organization
from archive.search import search_ko
from pipelines.organizations import load
from tests.command import briefing
from tests.unruly import crawl, serve

if TYPE_CHECKING:
    from pathlib import Path

FOUND = set(found_by_name(load()))


def found_by(name: str) -> set[str]:
    """Return the keys of the organizations that a name finds."""
    return {key for known, key, _ in FOUND if known == name}


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("재경부", {"mofe-1998", "moef-2008", "mpb-1999", "mofe-2026"}),
        ("기획재정부", {"mofe-1998", "mpb-1999", "moef-2008", "mofe-2026", "mpb-2026"}),
        ("환경부", {"me-1994", "mcee-2025"}),
        ("기후부", {"me-1994", "mcee-2025"}),
        ("고용부", {"mol-1981", "moel-2010"}),
    ],
)
def test_a_name_finds_what_an_office_was_and_became(name: str, keys: set[str]) -> None:
    assert found_by(name) == keys


def test_every_name_finds_its_bearer_and_no_sister_of_it() -> None:
    for one in load():
        for name in (one.name, *one.abbreviations):
            assert one.key in found_by(name)
    assert "mpb-2026" not in found_by("재정경제부")
    assert "mofe-2026" not in found_by("예산처")


def test_offices_that_follow_each_other_in_a_circle_end() -> None:
    circle = [Organization("a", "가부", successors=("b",)), Organization("b", "나부", successors=("a",))]
    assert {(name, key) for name, key, _ in found_by_name(circle)} == {
        (name, key) for name in ("가부", "나부") for key in "ab"
    }


def hits(db: Path, query: str) -> list[dict[str, Any]]:
    done = briefing("search", query, "--json", "--limit", "100", "--db", db)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("query", "ministry"),
    [
        ("기관:재경부", "재정경제부"),
        ("기관:기획재정부", "재정경제부"),
        ("organization:기재부", "재정경제부"),
        ("기관:고용부", "고용노동부"),
        ("기관:노동부의", "고용노동부"),
    ],
)
def test_search_knows_every_name(crawled: Path, query: str, ministry: str) -> None:
    assert {hit["organization"] for hit in hits(crawled, query)} == {ministry}


def test_a_quoted_name_is_sought_as_it_stands(crawled: Path) -> None:
    assert hits(crawled, '기관:"기획재정부"') == []


def test_sql_finds_ministries_by_name(crawled: Path) -> None:
    with closing(sqlite3.connect(crawled)) as conn:
        by_name = (
            "SELECT DISTINCT organization FROM articles WHERE organization_id IN"
            " (SELECT organization_id FROM organization_names WHERE name = '고용부')"
        )
        assert conn.execute(by_name).fetchall() == [("고용노동부",)]
        expression = search_ko("기관:고용부", lambda name: names_found_by(conn, name))
        assert conn.execute(
            "SELECT DISTINCT a.organization FROM articles_fts f JOIN articles a ON a.id = f.rowid"
            " WHERE articles_fts MATCH ?",
            (expression,),
        ).fetchall() == [("고용노동부",)]


def test_an_archive_of_an_earlier_version_is_searched_without_other_names(
    crawled: Path, tmp_path: Path
) -> None:
    db = tmp_path / "a.db"
    with closing(sqlite3.connect(crawled)) as conn:
        conn.execute("VACUUM INTO ?", (str(db),))
    with closing(sqlite3.connect(db)) as conn:
        conn.execute("DROP TABLE organization_names")
    assert hits(db, "기관:고용노동부")
    assert hits(db, "기관:고용부") == []
    with closing(sqlite3.connect(db)) as conn:
        conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'names_of_organizations'")
        conn.execute("PRAGMA user_version = 2")
        conn.commit()
    Archive.create_or_open(db).close()
    with closing(sqlite3.connect(db)) as conn:
        assert conn.execute("SELECT count(*) FROM organization_names").fetchone() == (0,)


def test_an_export_of_a_ministry_holds_its_articles(crawled: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ("--format", "jsonl", "--organization", "기재부, 고용부", "--db", crawled)
    assert briefing("export", out, *arguments).returncode == 0
    rows = [json.loads(line) for line in (out / "articles.jsonl").read_text("utf-8").splitlines()]
    assert {row["organization_name"] for row in rows} == {"재정경제부", "고용노동부"}
    selection = json.loads((out / "manifest.json").read_text("utf-8"))["selection"]
    assert {"재정경제부", "기획재정부", "고용노동부"} <= set(selection["organizations"])


@pytest.mark.parametrize("verb", ["export", "crawl"])
def test_an_unknown_ministry_gets_the_nearest_name(crawled: Path, tmp_path: Path, verb: str) -> None:
    arguments = [tmp_path / "out", "--format", "csv"] if verb == "export" else []
    done = briefing(verb, *arguments, "--organization", "재정경재부", "--db", crawled)
    assert done.returncode == 64
    assert done.stderr.startswith(
        "Error: no ministry or agency is called 재정경재부; did you mean 재정경제부"
    )
    assert done.stderr.count("\n") == 1


def test_a_crawl_of_a_ministry_fetches_its_articles_alone(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    with serve() as site:
        done = crawl(site, db, "--organization", "고용부", "--section", "press")
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(db)) as conn:
        assert conn.execute("SELECT DISTINCT organization FROM articles").fetchall() == [("고용노동부",)]
        assert conn.execute("SELECT count(*) FROM listings WHERE complete").fetchone() == (0,)


def test_newsdao_is_not_asked_for_ministries(tmp_path: Path) -> None:
    done = briefing("crawl", "newsdao.kr", "--organization", "고용부", "--db", tmp_path / "a.db")
    assert done.returncode == 64
    assert "the lists of newsdao.kr name no ministry" in done.stderr
