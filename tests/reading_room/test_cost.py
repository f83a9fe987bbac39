"""What a page of the reading room costs in a large archive: no query reads all rows of a large table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from archive.database import Archive
from archive.reading_room.pages.article import reading
from archive.reading_room.pages.changes import latest
from archive.reading_room.pages.completeness import completeness
from archive.reading_room.pages.directory import directory
from archive.reading_room.pages.front import front
from archive.reading_room.pages.ministries import ministry_page
from archive.reading_room.search.filters import Filters
from archive.reading_room.search.find import results
from tests.newsroom import build

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

LARGE = re.compile(r"SCAN (a|c|p|v|articles|contacts|contact_points|captures|versions|attachments)\b(.*)")
PAGES: dict[str, Callable[[sqlite3.Connection], object]] = {
    "front": front,
    "search": lambda conn: results(conn, Filters(q="여객선")),
    "newest": lambda conn: results(conn, Filters(sort="new")),
    "newest of a ministry": lambda conn: results(conn, Filters(ministry="sea")),
    "article": lambda conn: reading(conn, "korea.kr", "press", "156700001"),
    "ministry": lambda conn: ministry_page(conn, "sea"),
    "directory": lambda conn: directory(conn, ""),
    "directory, a unit": lambda conn: directory(conn, "폭염"),
    "directory, a number": lambda conn: directory(conn, "0002"),
    "directory, an office": lambda conn: directory(conn, "044-200"),
    "edits": lambda conn: latest(conn, ("edit", "gone"), limit=20),
    "coverage": completeness,
}


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("cost") / "a.db"
    build(path).archive.close()
    with Archive.open(path) as archive:
        yield archive.conn


@pytest.mark.parametrize("page", PAGES)
def test_no_page_reads_a_whole_table(conn: sqlite3.Connection, page: str) -> None:
    statements: list[str] = []
    conn.set_trace_callback(statements.append)
    PAGES[page](conn)
    conn.set_trace_callback(None)
    whole = []
    for statement in statements:
        if statement.startswith(("SELECT", "WITH")) and "articles_fts" not in statement:
            plan = [str(row[3]) for row in conn.execute("EXPLAIN QUERY PLAN " + statement)]
            whole += [(step, statement) for step in plan if LARGE.match(step) and "USING" not in step]
    assert statements
    assert whole == []


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("044-200-0002", True),
        ("0442000002", True),
        ("+82 44-200-0002", True),
        ("82-44-200-0002", True),
        ("0002", True),
        ("200-0002", True),
        ("044-200", True),
        ("044200", True),
        ("폭염", True),
        ("기상재난", True),
        ("이여름", True),
        ("044-200-0009", False),
        ("200-0003", False),
        ("%", False),
        ("이여", False),
    ],
)
def test_a_unit_is_found_by_its_name_a_person_or_a_number_in_any_form(
    conn: sqlite3.Connection, sought: str, found: bool
) -> None:
    units = [unit for ones in directory(conn, sought).ministries.values() for unit in ones]
    assert ("폭염대응과" in [unit["department"] for unit in units]) is found
    for unit in units:
        assert unit["first"] <= unit["last"]


def test_names_of_people_are_neither_found_nor_shown_where_they_may_not_be(conn: sqlite3.Connection) -> None:
    assert directory(conn, "이여름", persons=False).count == 0
    (units,) = directory(conn, "폭염대응과", persons=False).ministries.values()
    assert units[0]["people"] == {}
    assert units[0]["points"] == {}


def test_units_of_many_articles_stand_on_several_pages(conn: sqlite3.Connection) -> None:
    first = directory(conn, "")
    assert first.pages == 1
    assert directory(conn, "", 9).page == 1
    assert first.count == sum(map(len, first.ministries.values()))
