"""Takedowns: nothing of what was taken out is left anywhere, and nothing brings it back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archive.captures import Captures
from archive.database import Archive
from archive.errors import ArchiveError
from archive.files import stored_files
from archive.records import Contact
from archive.redact import redact
from archive.search import search
from archive.verify import verify
from tests.archives import BODY, Desk, open_desk, press_release, with_body

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = "2026-07-20T09:00:00+09:00"
ASKED = BODY + "\n문의: 연안여객과 한 바다 사무관(044-200-0001, bada@example.go.kr)"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Three articles; the first names a person in its text, its page, its file and its list."""
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.store.begin_run("crawl", {})
        first = with_body(press_release(1, title="비밀스러운 점검 한바다"), ASKED)
        listed = desk.capture("목록 156700001 비밀스러운 점검 " + "x" * 5000, kind="list", layout="list")
        desk.visit(first, captures=[("list", listed)])
        desk.visit(with_body(first, ASKED + " 비밀스러운 꼬리"))
        desk.visit(press_release(2))
        desk.visit(press_release(3))
        desk.list_day(first, press_release(2), press_release(3))
        desk.store.close_listings()
        yield desk


def everything(desk: Desk) -> str:
    """All that the file, its log and the folder of files hold, bodies unpacked."""
    captures = Captures(desk.archive.conn, desk.archive.files)
    pages = [
        captures.body(sha256).decode("utf-8", "replace")
        for (sha256,) in desk.rows("SELECT sha256 FROM bodies WHERE codec = 'zstd'")
    ]
    path = desk.archive.path
    raw = path.read_bytes() + path.with_name(path.name + "-wal").read_bytes()
    files = [file.read_bytes().decode("utf-8", "replace") for file in stored_files(desk.archive.files)]
    return "\n".join([*pages, *files, raw.decode("utf-8", "replace"), *desk.archive.conn.iterdump()])


def test_of_a_redacted_article_only_a_tombstone_stays(desk: Desk) -> None:
    assert "비밀스러운" in everything(desk)
    redact(desk.archive, 1, "article", "요청에 따라", NOW)
    left = everything(desk)
    assert "비밀스러운" not in left
    assert "bytes of 156700001" not in left
    assert search(desk.archive.conn, "비밀스러운") == []
    assert desk.rows("SELECT native_id, title, state FROM articles WHERE id = 1") == [
        ("156700001", "[redacted]", "redacted")
    ]
    assert desk.rows("SELECT native_id, scope, reason, redacted_at FROM redactions") == [
        ("156700001", "article", "요청에 따라", NOW)
    ]


def test_other_articles_stay_whole_though_the_page_was_their_dictionary(desk: Desk) -> None:
    captures = desk.rows("SELECT capture_id FROM articles WHERE id > 1")
    before = [desk.store.captures.read(row).content for (row,) in captures]
    redact(desk.archive, 1, "article", "요청", NOW)
    fresh = Captures(desk.archive.conn, desk.archive.files)
    assert [fresh.read(row).content for (row,) in captures] == before
    assert desk.rows("SELECT codec FROM bodies WHERE sha256 = (SELECT sha256 FROM dictionaries)") == [
        ("zstd",)
    ]


def test_an_archive_with_a_redaction_verifies(desk: Desk) -> None:
    redact(desk.archive, 1, "article", "요청", NOW)
    redact(desk.archive, 2, "contacts", "요청", NOW)
    with Archive.open(desk.archive.path) as archive:
        assert list(verify(archive)) == []


def test_no_later_visit_brings_a_redacted_article_back(desk: Desk) -> None:
    redact(desk.archive, 1, "article", "요청", NOW)
    assert desk.store.record_article(press_release(1), None).outcome == "unchanged"
    desk.list_day(press_release(1))
    assert desk.rows("SELECT title FROM articles WHERE id = 1") == [("[redacted]",)]
    assert desk.rows("SELECT title FROM listed_items WHERE native_id = '156700001'") == [("[redacted]",)]
    held = desk.store.held("korea.kr", "press", "156700001")
    assert held is not None
    assert held.state == "redacted"


def test_a_file_that_another_article_links_too_stays(desk: Desk) -> None:
    (file,) = press_release(1).attachments
    desk.visit(press_release(4, attachments=(file,)))
    redact(desk.archive, 1, "article", "요청", NOW)
    assert desk.rows("SELECT 1 FROM attachments WHERE article_id = 1") == []
    assert file.content in [path.read_bytes() for path in stored_files(desk.archive.files)]


def test_redacted_contacts_are_black_wherever_the_article_prints_them(desk: Desk) -> None:
    redact(desk.archive, 1, "contacts", "요청", NOW)
    ((text,),) = desk.rows("SELECT body_text FROM article_texts WHERE article_id = 1")
    assert "문의: 연안여객과 ○○○○ 사무관(○○○○○○○○○○○○, ○○○○○○○○○○○○○○○○○○)" in text
    assert BODY in text
    kept = "".join(str(row) for row in desk.rows("SELECT * FROM versions WHERE article_id = 1"))
    assert "044-200-0001" not in kept
    assert desk.rows("SELECT count(*) FROM contacts WHERE article_id = 1") == [(0,)]
    with pytest.raises(ArchiveError, match="not kept"):
        desk.store.captures.read(desk.rows("SELECT capture_id FROM articles WHERE id = 1")[0][0])
    assert desk.store.record_article(press_release(1), None).outcome == "unchanged"


def test_contacts_without_anything_printed_are_simply_deleted(desk: Desk) -> None:
    bare = replace(press_release(5), contacts=(Contact(department="총무과", evidence="총무과"),))
    saved = desk.visit(bare)
    redact(desk.archive, saved.article_id, "contacts", "요청", NOW)
    assert desk.rows("SELECT body_text FROM article_texts WHERE article_id = ?", saved.article_id) == [
        (BODY,)
    ]


def test_what_is_not_there_cannot_be_redacted(desk: Desk) -> None:
    with pytest.raises(ArchiveError):
        redact(desk.archive, 99, "article", "요청", NOW)
