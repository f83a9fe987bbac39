"""Takedowns: nothing of what was taken out is left anywhere, and nothing brings it back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from archive.captures.files import stored_files
from archive.captures.store import Captures
from archive.database import Archive
from archive.errors import ArchiveError
from archive.integrity.redact import others_alike, redact
from archive.integrity.verify import verify
from archive.records import Body, Contact, Relation
from archive.search import search
from briefing.main import cli
from tests.archives import BODY, Desk, open_desk, press_release, with_body

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.integrity.redact import Scope

NOW = "2026-07-20T09:00:00+09:00"
LIST_PAGE = "목록 156700001 비밀스러운 점검 " + "x" * 5000
ASKED = BODY + "\n문의: 연안여객과 한 바다 사무관(044-200-0001, bada@example.go.kr)"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Three articles; the first names a person in its text, its page, its file and its list."""
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.store.begin_run("crawl", {})
        first = with_body(press_release(1, title="비밀스러운 점검 한바다"), ASKED)
        listed = desk.capture(LIST_PAGE, kind="list", layout="list")
        named = (("Content-Disposition", "attachment; filename=비밀스러운.hwpx"),)
        file = desk.capture("%PDF", url=first.attachments[0].url, kind="attachment", headers=named)
        desk.visit(first, captures=[("list", listed), ("attachment", file)])
        desk.visit(with_body(first, ASKED + " 비밀스러운 꼬리"))
        desk.visit(press_release(2))
        desk.visit(press_release(3))
        desk.list_day(first, press_release(2), press_release(3))
        desk.store.close_listings()
        yield desk


def everything(desk: Desk) -> str:
    """All that lies in the archive's folder, byte by byte; bodies unpacked, and the words of the index."""
    conn = desk.archive.conn
    captures = Captures(conn, desk.archive.files)
    pages = [
        captures.body(sha256) for (sha256,) in desk.rows("SELECT sha256 FROM bodies WHERE codec = 'zstd'")
    ]
    raw = [path.read_bytes() for path in desk.archive.path.parent.rglob("*") if path.is_file()]
    conn.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, articles_fts, row)")
    words = [term.encode() for (term,) in desk.rows("SELECT term FROM temp.words")]
    return b"\n".join([*pages, *raw, *words]).decode("utf-8", "replace")


def test_of_a_redacted_article_only_a_tombstone_stays(desk: Desk) -> None:
    before = everything(desk)
    assert all(word in before for word in ("비밀스러운", "밀스", "bytes of 156700001"))
    redact(desk.archive, 1, "article", "요청에 따라", NOW)
    left = everything(desk)
    assert not any(word in left for word in ("비밀", "밀스", "bytes of 156700001", "filename"))
    assert search(desk.archive.conn, "비밀스러운") == []
    assert desk.rows("SELECT native_id, title, state FROM articles WHERE id = 1") == [
        ("156700001", "[redacted]", "redacted")
    ]
    assert desk.rows("SELECT native_id, scope, reason, redacted_at FROM redactions") == [
        ("156700001", "article", "요청에 따라", NOW)
    ]


def test_no_free_page_keeps_what_an_earlier_write_left_there(desk: Desk) -> None:
    desk.archive.conn.execute("PRAGMA secure_delete = OFF")  # as most builds of SQLite have it
    first = press_release(1, title="비밀스러운 점검 한바다")
    for number in range(3):
        desk.visit(with_body(first, f"{number} " + "은밀한 대목 " * 3000))
    desk.visit(with_body(first, "짧은 글"))
    redact(desk.archive, 1, "article", "요청", NOW)
    assert "은밀한" not in everything(desk)


def test_a_reader_that_keeps_the_old_bytes_is_told_of(desk: Desk) -> None:
    desk.archive.conn.execute("PRAGMA busy_timeout = 0")
    with Archive.open(desk.archive.path) as reader:
        reader.conn.execute("BEGIN")
        reader.conn.execute("SELECT count(*) FROM articles").fetchone()
        with pytest.raises(ArchiveError, match="stop its readers; then run: briefing redact --resume"):
            redact(desk.archive, 1, "article", "요청", NOW)
    redact(desk.archive, 1, "article", "요청", NOW)
    assert "비밀" not in everything(desk)


def test_what_a_killed_run_left_half_written_goes_too(desk: Desk) -> None:
    folder = next(stored_files(desk.archive.files)).parent
    (folder / ".writing-x").write_text("비밀스러운 붙임")
    redact(desk.archive, 1, "article", "요청", NOW)
    assert "비밀" not in everything(desk)


def test_an_earlier_file_of_the_article_goes_too(desk: Desk) -> None:
    (file,) = press_release(2).attachments
    changed = press_release(2, attachments=(replace(file, content=b"another file"),))
    desk.visit(changed)
    redact(desk.archive, 2, "article", "요청", NOW)
    assert "bytes of 156700002" not in everything(desk)


@pytest.mark.parametrize("scope", ["article", "contacts"])
def test_of_later_captures_of_what_was_taken_out_only_the_hash_is_kept(desk: Desk, scope: Scope) -> None:
    first = press_release(1)
    redact(desk.archive, 1, scope, "요청", NOW)
    desk.visit(replace(first, title="비밀스러운 재출현"))
    desk.capture("비밀스러운 목록", kind="list", url="https://www.korea.kr/other")
    desk.capture(LIST_PAGE + " 은밀한 목록", kind="list")
    desk.capture('{"id": 156700001, "body": "은밀한 글"}', kind="api")
    if scope == "contacts":  # of a whole article no address of a file is known any more
        desk.capture("은밀한 파일", url=first.attachments[0].url, kind="attachment")
    left = everything(desk)
    assert "비밀스러운 재출현" not in left
    assert "은밀한" not in left
    assert "비밀스러운 목록" in left
    assert "bytes of 156700001" not in left


def test_a_headline_never_listed_before_is_not_listed_after(desk: Desk) -> None:
    desk.visit(press_release(6, title="비밀스러운 것"))
    redact(desk.archive, 4, "article", "요청", NOW)
    desk.list_day(press_release(6, title="비밀스러운 것"))
    assert desk.rows("SELECT title FROM listed_items WHERE native_id = '156700006'") == [("[redacted]",)]


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


def test_people_are_black_in_headlines_markup_and_earlier_versions(desk: Desk) -> None:
    first = press_release(7, title="한바다 사무관, 상을 받다")
    marked = Body(
        "<p>한<b>바다</b> 사무관, 044.200.0001, 12.9%</p>", "한**바다** 사무관", "한바다 사무관 12.9%"
    )
    desk.visit(with_body(first, "문의: 연안과 이파도 과장(044-200-0009)"))
    saved = desk.visit(replace(first, body=marked, body_texts=(("inline", marked.text),)))
    redact(
        desk.archive,
        saved.article_id,
        "contacts",
        "요청",
        NOW,
        contacts_in=lambda text: (
            [Contact(person="이파도", phones=("044-200-0009",))] if "이파도" in text else []
        ),
    )
    left = repr(
        desk.rows(
            "SELECT a.*, t.*, v.* FROM articles a, article_texts t, versions v"
            " WHERE a.id = ? AND t.article_id = a.id AND v.article_id = a.id",
            saved.article_id,
        )
    )
    assert "<p>○<b>○○</b> 사무관, ○○○○○○○○○○○○, 12.9%</p>" in left
    assert "연안과 ○○○ 과장(○○○○○○○○○○○○)" in left
    assert not any(name in left for name in ("한바다", "이파도"))


def test_contacts_without_anything_printed_are_simply_deleted(desk: Desk) -> None:
    bare = replace(press_release(5), contacts=(Contact(department="총무과", evidence="총무과"),))
    saved = desk.visit(bare)
    redact(desk.archive, saved.article_id, "contacts", "요청", NOW)
    assert desk.rows("SELECT body_text FROM article_texts WHERE article_id = ?", saved.article_id) == [
        (BODY,)
    ]


def test_articles_that_may_print_the_same_are_named(desk: Desk) -> None:
    (file,) = press_release(1).attachments
    desk.visit(press_release(4, attachments=(file,)))
    desk.store.relate([Relation("joint", 1, 2, 1.0, "same text"), Relation("retells", 4, 1, 1.0, "title")])
    assert others_alike(desk.archive.conn, 1) == {2: "joint", 4: "file, retells"}
    arguments = ["redact", "korea.kr/press/156700001", "--reason", "요청", "--db", str(desk.archive.path)]
    desk.archive.close()
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert "and stay: 2 (joint); 4 (file, retells)" in result.output


def test_the_command_masks_contacts_of_earlier_versions(desk: Desk) -> None:
    desk.visit(with_body(press_release(2), "문의: 연안여객과 이파도 과장(044-200-0009)"))
    desk.visit(with_body(press_release(2), "문의: 연안여객과 한바다 사무관(044-200-0001)"))
    arguments = ["redact", "korea.kr/press/156700002", "--scope", "contacts", "--reason", "요청"]
    result = CliRunner().invoke(cli, [*arguments, "--db", str(desk.archive.path)], catch_exceptions=False)
    assert "the contacts of article" in result.output
    kept = repr(desk.rows("SELECT earlier FROM versions WHERE article_id = 2"))
    assert "연안여객과 ○○○ 과장(○○○○○○○○○○○○)" in kept


def test_what_is_not_there_cannot_be_redacted(desk: Desk) -> None:
    with pytest.raises(ArchiveError):
        redact(desk.archive, 99, "article", "요청", NOW)


@pytest.mark.parametrize(
    "scopes", [("article", "article"), ("article", "contacts"), ("contacts", "contacts")]
)
def test_a_second_redaction_says_that_there_was_a_first_and_changes_nothing(
    desk: Desk, scopes: tuple[str, str]
) -> None:
    reasons, said = ("first reason", "second reason"), []
    for scope, reason in zip(scopes, reasons, strict=True):
        arguments = ["redact", "1", "--scope", scope, "--reason", reason, "--db", str(desk.archive.path)]
        done = CliRunner().invoke(cli, arguments)
        assert done.exit_code == 0, done.output
        said.append(done.output)
    assert "its reason stays: first reason" in said[1]
    assert desk.rows("SELECT scope, reason FROM redactions") == [(scopes[0], "first reason")]
    assert list(verify(desk.archive)) == []
