"""Verification finds each deliberate corruption and says what to do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from archive.captures.files import stored_files
from archive.database import Archive
from archive.integrity.verify import verify
from archive.records import Listing, ListItem
from briefing.main import cli
from crawler.extraction.from_captures import Reextractor
from pipelines.attachments import read_document
from tests.archives import copied, open_desk, press_release, with_body

if TYPE_CHECKING:
    from pathlib import Path

    from archive.integrity.verify import Finding


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive of three articles, one of them edited, one day listed."""
    path = tmp_path / "a.db"
    desk = open_desk(path)
    with desk.archive:
        desk.store.begin_run("crawl", {})
        for number in (1, 2, 3):
            desk.visit(press_release(number))
        desk.visit(with_body(press_release(3), "고쳐 쓴 글"))
        desk.list_day(press_release(1), press_release(2), press_release(3))
        desk.store.close_listings()
        desk.store.end_run("finished", 0)
    return path


def findings(path: Path) -> list[Finding]:
    with Archive.open(path) as archive:
        return list(verify(archive))


def corrupt(path: Path, statement: str) -> None:
    """Change the file behind the program's back, foreign keys not minded."""
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute(statement)


def flip_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_two_processes_find_what_one_finds_in_the_same_order(path: Path) -> None:
    corrupt(path, "UPDATE bodies SET content = zeroblob(length(content)) WHERE rowid IN (2, 3)")
    corrupt(path, "DELETE FROM article_texts WHERE article_id IN (1, 2)")
    with Archive.open(path) as archive:
        alone, together = (list(verify(archive, workers=count)) for count in (1, 2))
    assert {finding.check for finding in alone} == {"bodies", "rows", "index"}
    assert together == alone


def test_a_whole_archive_has_no_findings(path: Path) -> None:
    assert findings(path) == []


@pytest.mark.parametrize(
    ("statement", "check", "problem"),
    [
        ("UPDATE bodies SET content = zeroblob(length(content)) WHERE rowid = 2", "bodies", "damaged"),
        ("UPDATE bodies SET sha256 = replace(sha256, '1', '2')", "bodies", "does not have that hash"),
        ("UPDATE bodies SET size = size + 1 WHERE rowid = 1", "bodies", "does not have that hash"),
        ("UPDATE dictionaries SET content = zeroblob(9)", "bodies", "damaged"),
        ("DELETE FROM bodies WHERE rowid = 2", "keys", "bodies"),
        ("DELETE FROM captures WHERE id = 2", "keys", "captures"),
        ("DELETE FROM captures WHERE id = 2", "rows", "belongs to no capture"),
        ("DELETE FROM articles WHERE id = 2", "keys", "articles"),
        ("DELETE FROM articles WHERE id = 2", "rows", "counts more articles"),
        ("DELETE FROM articles WHERE id = 2", "index", "article 2"),
        ("DELETE FROM article_texts WHERE article_id = 2", "rows", "no text row"),
        ("DELETE FROM versions WHERE article_id = 3 AND number = 1", "rows", "not numbered"),
        ("DELETE FROM versions WHERE article_id = 3 AND number = 2", "rows", "not numbered"),
        ("UPDATE articles SET fingerprint = 'x' WHERE id = 1", "rows", "fingerprint of article 1"),
        (
            "INSERT INTO contacts (article_id, position, evidence, evidence_start) VALUES (1, 5, '', 0)",
            "rows",
            "article 1 lacks some of its contacts",
        ),
        ("UPDATE attachments SET position = 2 WHERE article_id = 1", "rows", "lacks some of its attachments"),
        ("DELETE FROM article_captures WHERE article_id = 1", "rows", "none is linked"),
        (
            "UPDATE article_texts SET body_text = body_text || ' 덧붙임' WHERE article_id = 1",
            "index",
            "tokens",
        ),
        ("UPDATE articles SET title = '바꾼 제목' WHERE id = 1", "index", "tokens"),
        ("UPDATE articles SET state = 'gone' WHERE id = 1", "rows", "state of article 1"),
        (
            "UPDATE versions SET kind = 'gone' WHERE article_id = 3 AND number = 2",
            "rows",
            "state of article 3",
        ),
        ("UPDATE articles SET superseded_by_id = 2 WHERE id = 1", "rows", "names a successor"),
        ("UPDATE articles SET state = 'redacted' WHERE id = 1", "rows", "no redaction says so"),
        ("UPDATE bodies SET codec = 'hash', content = NULL WHERE rowid = 2", "rows", "is not kept"),
        (
            "UPDATE article_texts SET body_text = body_text || '.' WHERE article_id = 1",
            "rows",
            "whose hash is kept",
        ),
        ("UPDATE text_hashes SET sha256 = 'x' WHERE article_id = 2", "rows", "text of article 2"),
        ("UPDATE article_texts SET body_html = '' WHERE article_id = 1", "rows", "some of its forms"),
        ("DELETE FROM listed_items WHERE native_id = '156700002'", "rows", "counts more articles"),
        ("DELETE FROM dictionaries", "keys", "dictionaries"),
        ("DELETE FROM dictionaries", "bodies", "dictionary 1 is not"),
        ("UPDATE listings SET total = 4", "rows", "not as complete as it says"),
        ("UPDATE listings SET complete = 0", "rows", "not as complete as it says"),
        ("DELETE FROM runs", "keys", "runs"),
        ("UPDATE captures SET headers = '[[' WHERE id = 1", "rows", "capture 1 does not tell its headers"),
        ("UPDATE versions SET earlier = '{' WHERE article_id = 3", "rows", "version of article 3"),
        ("UPDATE articles SET title = CAST(x'ff' AS TEXT) WHERE id = 1", "database", "UTF-8"),
        ("DROP INDEX captures_url", "schema", "captures_url"),
        ("DROP VIEW edits", "schema", "edits"),
        ("DROP TABLE redactions", "schema", "redactions"),
        ("DELETE FROM settings WHERE key = 'search_tokenizer'", "index", "tokenizer"),
    ],
)
def test_a_corruption_is_found(path: Path, statement: str, check: str, problem: str) -> None:
    corrupt(path, statement)
    found = [finding for finding in findings(path) if finding.check == check]
    assert any(problem in finding.problem for finding in found)
    assert all(finding.remedy for finding in found)


def test_an_item_that_the_site_moved_to_another_day_is_no_corruption(path: Path) -> None:
    desk = open_desk(path)
    with desk.archive:
        desk.clock.time = "2026-07-15T09:00:00+09:00"
        item = ListItem(press_release(1).native_id, press_release(1).title, "press")
        desk.store.record_listing(Listing("korea.kr", "press", "2026-07-15", 1, (item,), desk.clock.time))
    assert findings(path) == []


def test_an_archive_of_an_earlier_schema_is_verified_as_it_is(path: Path) -> None:
    corrupt(path, "DROP INDEX articles_title")
    corrupt(path, "PRAGMA user_version = 1")
    assert findings(path) == []


def test_an_article_taken_from_the_index_is_found(path: Path) -> None:
    with Archive.create_or_open(path) as archive:
        archive.conn.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    assert {finding.problem for finding in findings(path)} >= {"article 1 is not in the search index"}


def test_a_file_with_a_flipped_bit_is_found(path: Path) -> None:
    file = next(iter(stored_files(path.with_suffix(".files"))))
    flip_bit(file)
    assert [finding.check for finding in findings(path)] == ["files"]
    assert file.name in findings(path)[0].problem


def test_a_missing_file_is_found_when_its_bytes_were_captured(path: Path) -> None:
    desk = open_desk(path)
    with desk.archive:
        desk.capture(b"%PDF", kind="attachment")
    (file,) = (file for file in stored_files(path.with_suffix(".files")) if file.read_bytes() == b"%PDF")
    file.unlink()
    assert [finding.check for finding in findings(path)] == ["files"]


def test_a_damaged_page_of_the_database_is_found(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        page = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = 'contacts_person'").fetchone()[0]
        size = conn.execute("PRAGMA page_size").fetchone()[0]
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = b"\x55" * size
    path.write_bytes(content)
    assert {finding.check for finding in findings(path)} == {"database"}


def test_what_no_row_betrays_is_found_by_reading_captures_anew(crawled: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    copied(crawled, path)
    with Archive.open(path) as archive:  # row numbers follow the order in which pages arrived
        rows = archive.conn.execute(
            "SELECT id FROM articles a WHERE section = 'press' AND EXISTS (SELECT 1 FROM contacts c"
            " JOIN contact_points p ON p.contact_id = c.id WHERE c.article_id = a.id) ORDER BY id LIMIT 4"
        )
        askable, rewritten, swapped, other = (row["id"] for row in rows)
    contacts = f"SELECT id FROM contacts WHERE article_id = {askable}"
    corrupt(path, f"DELETE FROM contact_points WHERE contact_id IN ({contacts})")
    corrupt(path, f"UPDATE article_texts SET body_html = '<p>딴 글</p>' WHERE article_id = {rewritten}")
    pages = "SELECT capture_id FROM articles WHERE id ="
    other_page = f"SELECT body_sha256 FROM captures WHERE id = ({pages} {other})"
    corrupt(path, f"UPDATE captures SET body_sha256 = ({other_page}) WHERE id = ({pages} {swapped})")
    with Archive.open(path) as archive:
        found = list(verify(archive, reread=Reextractor(archive, read_document), sample=1000))
    assert [finding.problem for finding in found if finding.check == "captures"] == [
        f"article {askable} is not what its captures say: contacts",
        f"article {rewritten} is not what its captures say: body",
        f"article {swapped} has the page of another article",
    ]
    arguments = ["reparse", "--workers", "1", "--db", str(path)]
    CliRunner().invoke(cli, arguments, standalone_mode=False, catch_exceptions=False)
    with Archive.open(path) as archive:
        left = list(verify(archive, reread=Reextractor(archive, read_document), sample=1000))
    assert [finding.problem for finding in left if finding.check == "captures"] == [
        f"article {swapped} has the page of another article"
    ]


def test_the_command_says_what_is_wrong_and_what_to_do(path: Path) -> None:
    assert CliRunner().invoke(cli, ["verify", "--db", str(path)], standalone_mode=False).return_value == 0
    corrupt(path, "UPDATE articles SET title = '바꾼 제목' WHERE id = 1")
    result = CliRunner().invoke(cli, ["verify", "--db", str(path)], standalone_mode=False)
    assert result.return_value == 1
    assert "--rebuild-index" in result.output
    mended = CliRunner().invoke(cli, ["verify", "--rebuild-index", "--db", str(path)], standalone_mode=False)
    assert mended.return_value == 0
