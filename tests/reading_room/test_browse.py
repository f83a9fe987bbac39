"""Datasette on the small archive: search box, facets, labels, reading pages, canned queries."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import signal
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest
from datasette.database import Database

from archive.browse.queries import QUERIES
from archive.browse.server import datasette_for
from archive.errors import UsageError
from archive.schema import TABLES
from archive.views import VIEWS
from tests.archives import open_desk, press_release, with_body
from tests.command import running
from tests.newsroom import ASKED, build
from tests.served import datasette_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from datasette.app import Datasette


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small archive's file."""
    path = tmp_path_factory.mktemp("newsroom") / "a.db"
    desk = build(path)
    with desk.archive:
        desk.archive.conn.execute(
            "UPDATE article_texts SET body_html = body_html || ?",
            ('<img src="https://tracker.example/1.png"><script>alert(1)</script>',),
        )
        desk.archive.conn.execute("UPDATE sources SET url = 'javascript:alert(2)' WHERE article_id = 3")
    return path


@pytest.fixture(scope="module")
def datasette(path: Path) -> Iterator[Datasette]:
    """Datasette with our configuration, asked without a server."""
    with datasette_on(path) as datasette:
        yield datasette


def ask(datasette: Datasette, address: str, **parameters: str) -> Any:
    response = asyncio.run(datasette.client.get(address, params=parameters))
    assert response.status_code == 200, response.text
    return response.json() if address.endswith(".json") else response.text


def ids(datasette: Datasette, query: str) -> set[int]:
    answer = ask(datasette, "/archive/articles.json", _search=query, _shape="array")
    return {row["id"] for row in answer}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("온실가스감축을", {3, 6}),
        ("폭염 -맞선다", {3, 6}),
        ("쌀", {3, 6}),
        ('"', set()),
        ("044-200-0002", {3, 6}),
    ],
)
def test_the_search_box_searches_korean(datasette: Datasette, query: str, found: set[int]) -> None:
    assert ids(datasette, query) == found


def test_search_is_usable_in_sql(datasette: Datasette) -> None:
    sql = "select rowid from articles_fts where articles_fts match search_ko(:q) order by rowid"
    assert ask(datasette, "/archive.json", sql=sql, q="폭염", _shape="arrayfirst") == [3, 4, 6]


def test_articles_have_facets_with_labels(datasette: Datasette) -> None:
    facets = ask(datasette, "/archive/articles.json")["facet_results"]
    assert set(facets) == {"site", "section", "organization_id", "month"}
    labels = {result["label"] for result in facets["organization_id"]["results"]}
    assert labels == {"해양안전부", "기상재난청"}


def test_foreign_keys_show_titles_and_names(datasette: Datasette) -> None:
    page = ask(datasette, "/archive/contacts")
    assert "폭염 대책 발표</a>" in page
    assert "기상재난청</a>" in page


@pytest.mark.parametrize("table", [*TABLES, *VIEWS], ids=lambda table: table.name)
def test_every_table_opens_with_its_title_and_description(datasette: Datasette, table: Any) -> None:
    page = ask(datasette, f"/archive/{table.name}")
    assert table.title in page
    assert (
        f"<dt>{next(iter(table.columns)) if isinstance(table.columns, dict) else table.columns[0].name}"
        in page
    )


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_every_research_question_is_a_ready_query(datasette: Datasette, query: Any) -> None:
    answer = ask(datasette, f"/archive/{query.name}.json", _shape="array", **ASKED.get(query.name, {}))
    assert answer


def test_snippets_are_marked_and_lead_to_the_article(datasette: Datasette) -> None:
    page = ask(datasette, "/archive/search", query="온실가스")
    assert "<mark>온실 가스</mark>" in page
    assert '<a href="/archive/articles/3">3</a>' in page


def test_an_article_is_a_page_to_read(datasette: Datasette) -> None:
    page = ask(datasette, "/archive/articles/3")
    assert "<img" not in page
    assert '<a href="https://tracker.example/1.png"' in page
    for said in (
        "폭염 대책 발표",
        "2026-07-10 11:30",
        "의대 증원",
        "폭염대응과",
        "붙임.pdf",
        "retold by",
        "Capture ",
    ):
        assert said in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert 'lang="ko"' in page


def test_a_page_shows_what_became_of_its_article(datasette: Datasette) -> None:
    assert "The site has deleted this article" in ask(datasette, "/archive/articles/7")
    assert 'Re-issued as\n      <a href="/archive/articles/5">' in ask(datasette, "/archive/articles/2")
    edited = ask(datasette, "/archive/articles/1")
    assert "title, body" in edited
    assert 'href="/archive/edits?article_id=1"' in edited


def test_other_rows_keep_their_own_page(datasette: Datasette) -> None:
    assert "기상재난청" in ask(datasette, "/archive/organizations/2")


def test_the_style_sheet_is_served(datasette: Datasette) -> None:
    address = re.search(r"/-/static-plugins/[^/]+/korean.css", ask(datasette, "/archive"))
    assert address
    assert "word-break: keep-all" in ask(datasette, address[0])


def test_what_a_crawl_commits_is_seen_at_once(tmp_path: Path) -> None:
    desk = build(tmp_path / "a.db")
    with desk.archive, datasette_on(tmp_path / "a.db") as datasette:
        with desk.archive.transaction():
            desk.visit(press_release(9, title="갯벌 복원 시작"))
            assert ids(datasette, "갯벌복원") == set()
        assert ids(datasette, "갯벌복원") == {9}


def test_pages_are_whole_while_a_crawl_writes(tmp_path: Path) -> None:
    build(tmp_path / "a.db").archive.close()
    enough = threading.Event()

    def crawl() -> None:
        desk = open_desk(tmp_path / "a.db")
        with desk.archive:
            for number in itertools.count(1):
                text = f"등대는 {number}곳이다."
                desk.visit(with_body(press_release(8, title=f"등대 {number}곳", section="actually"), text))
                if enough.is_set():
                    return

    writer = threading.Thread(target=crawl)
    writer.start()
    seen: set[str | None] = set()
    with datasette_on(tmp_path / "a.db") as datasette:
        try:
            while len(seen) < 5:
                page = ask(datasette, "/archive/articles/8")
                title, body = re.search(r"<h1>등대 (\d+)곳", page), re.search(r"등대는 (\d+)곳이다", page)
                assert (title and title[1]) == (body and body[1])
                seen.add(title and title[1])
                assert ids(datasette, "등대 곳이다") <= {8}
        finally:
            enough.set()
            writer.join()


def test_a_database_of_others_is_left_as_it_is(datasette: Datasette, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as conn, conn:
        conn.executescript(
            "CREATE TABLE notes (body); CREATE VIRTUAL TABLE notes_fts USING fts5(body, content=notes);"
        )
        conn.execute("INSERT INTO notes VALUES ('메모장')")
        conn.executescript("INSERT INTO notes_fts (notes_fts) VALUES ('rebuild'); PRAGMA application_id = 7;")
    other = Database(datasette, path=str(tmp_path / "other.db"), is_mutable=True)
    with closing(datasette.add_database(other, name="other")):
        assert len(ask(datasette, "/other/notes.json", _search="메모장", _shape="array")) == 1
        datasette.remove_database("other")


def test_an_archive_that_is_written_is_not_called_immutable(tmp_path: Path) -> None:
    desk = build(tmp_path / "a.db")
    with desk.archive, pytest.raises(UsageError, match="without --immutable"):
        datasette_for(tmp_path / "a.db", immutable=True)


def test_the_command_serves_the_archive_until_it_is_interrupted(path: Path) -> None:
    with running("browse", "--db", path, "--port", "0") as process:
        address = re.search(r"http://127\.0\.0\.1:\d+/", process.line())
        assert address is not None
        with urlopen(f"{address[0]}archive.json", timeout=300) as answer:  # noqa: S310  # loopback
            assert json.load(answer)["database"] == "archive"
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0


def test_the_view_of_edits_marks_the_words_that_changed(datasette: Datasette) -> None:
    page = ask(datasette, "/archive/edits")
    assert "<del>120척" in page
    assert "<ins>130척" in page
