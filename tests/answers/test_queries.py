"""The research questions: each answers sensibly on a small archive, and the page of docs/ shows them all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from archive.browse.queries import QUERIES, ResearchQuery, markdown
from archive.browse.sql_functions import register_functions
from archive.database import Archive
from tests.newsroom import ASKED, build

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The small archive, read-only, with our functions."""
    path = tmp_path_factory.mktemp("newsroom") / "a.db"
    with build(path).archive:
        pass
    with Archive.open(path) as archive:
        register_functions(archive.conn)
        yield archive.conn


ANSWERS: dict[str, Callable[[Rows], bool]] = {
    "search": lambda rows: (
        {row["article_id"] for row in rows} == {1, 2, 5, 7} and "\ue000" in rows[0]["snippet"]
    ),
    "attention": lambda rows: rows == [{"month": "2026-07", "articles": 3, "percent": 37.5}],
    "voices": lambda rows: rows[0]["ministry"] == "해양안전부" and rows[0]["articles"] == 4,
    "whom_to_ask": lambda rows: (
        rows[0]["department"] in ("연안여객과", "요금과") and "044-200-0001" in rows[0]["phones"]
    ),
    "whose_number": lambda rows: {row["department"] for row in rows} == {"연안여객과", "요금과"},
    "moved_numbers": lambda rows: [(row["number"], row["units"]) for row in rows] == [("044-200-0001", 2)],
    "units_of_a_ministry": lambda rows: [row["department"] for row in rows] == ["연안여객과", "요금과"],
    "output": lambda rows: (
        rows[0] == {"ministry": "해양안전부", "section": "press", "year": 2026, "articles": 3}
    ),
    "denials": lambda rows: rows == [{"month": "2026-07", "ministry": "해양안전부", "denials": 1}],
    "publication_hours": lambda rows: rows == [{"weekday": "5", "hour": "11", "articles": 2}],
    "most_edited": lambda rows: (
        rows == [{"ministry": "해양안전부", "edited": 1, "articles": 6, "percent": 16.7}]
    ),
    "rewritten_headlines": lambda rows: (
        rows[0]["before"] == "연안 여객선 안전 점검 1차 시작"
        and rows[0]["after"] == "연안 여객선 안전 점검 시작(정정)"
    ),
    "silent_changes": lambda rows: (
        [(row["title"], row["version"]) for row in rows] == [("연안 여객선 안전 점검 시작(정정)", 2)]
    ),
    "deleted": lambda rows: (
        [(row["title"], row["days"]) for row in rows] == [("연안 여객선 안전 점검 7차 시작", 3)]
    ),
    "reissued": lambda rows: (
        [(row["old_number"], row["new_number"]) for row in rows] == [("156700002", "156700005")]
    ),
    "retelling_delay": lambda rows: (
        rows == [{"ministry": "기상재난청", "retellings": 1, "originals": 1, "mean_days": 2.0}]
    ),
    "joint_releases": lambda rows: (
        [(row["one"], row["other"]) for row in rows] == [("기상재난청", "해양안전부")]
    ),
    "unread_attachments": lambda rows: (
        [(row["format"], row["state"], row["files"]) for row in rows] == [("xlsx", "unsupported", 2)]
    ),
    "gaps": lambda rows: rows[0]["total"] == 4 and rows[0]["found"] == 3 and "4" in rows[0]["reason"],
    "provenance": lambda rows: len(rows) == 2 and all(len(row["sha256"]) == 64 for row in rows),
}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_every_question_is_answered_sensibly(conn: sqlite3.Connection, query: ResearchQuery) -> None:
    rows = [dict(row) for row in conn.execute(query.sql, ASKED.get(query.name, {}))]
    assert ANSWERS[query.name](rows), rows


@pytest.mark.parametrize("query", [query for query in QUERIES if query.example], ids=lambda query: query.name)
def test_every_example_finds_something_in_the_demo(crawled: Path, query: ResearchQuery) -> None:
    with Archive.open(crawled) as archive:
        register_functions(archive.conn)
        assert archive.conn.execute(query.sql, dict(query.example)).fetchall()


def test_there_are_twenty_questions_each_under_its_own_name() -> None:
    assert len({query.name for query in QUERIES}) == len(QUERIES) == 20


def test_the_page_of_questions_is_current() -> None:
    page = Path(__file__).parents[2] / "docs" / "queries.md"
    assert page.read_text("utf-8") == markdown(), "run make docs"
