"""Storing visits: new, unchanged, edited, upgraded; guarded writes; files and failures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pytest

from archive.articles.compare import text_hash
from archive.articles.load import load_article
from archive.captures.files import file_path
from archive.records import Attachment, Capture, Contact, Failure, Organization, Relation
from archive.search import check
from tests.archives import BODY, DAY, Desk, open_desk, press_release, with_body

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.records import Article


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.store.begin_run("crawl", {})
        yield desk


def page(text: str, etag: str = "") -> Capture:
    headers = (("ETag", etag),)
    return Capture(press_release().canonical_url, DAY, 200, headers, text.encode(), "detail")


def test_an_article_comes_back_as_it_was_stored(desk: Desk) -> None:
    article = press_release()
    saved = desk.visit(article)
    stored = load_article(desk.archive.conn, saved.article_id)
    files = tuple(
        replace(file, content=None, sha256=s.sha256, size=s.size)
        for file, s in zip(article.attachments, stored.attachments, strict=True)
    )
    assert stored == replace(article, attachments=files, body_texts=())


def test_a_first_visit_is_new_and_version_one(desk: Desk) -> None:
    assert desk.visit(press_release()).outcome == "new"
    assert desk.rows("SELECT number, kind, changed FROM versions") == [(1, "new", "[]")]


def test_an_unchanged_visit_writes_only_that_it_was_made(desk: Desk) -> None:
    article = press_release()
    capture = desk.capture("<html>")
    desk.store.record_article(article, capture)
    before = desk.archive.conn.total_changes
    assert desk.store.record_article(article, capture).outcome == "unchanged"
    assert desk.archive.conn.total_changes == before + 1
    assert desk.rows("SELECT checks FROM articles") == [(2,)]


def test_an_edit_is_a_version_with_the_values_before(desk: Desk) -> None:
    desk.visit(press_release())
    desk.clock.time = "2026-07-15T09:00:00+09:00"
    saved = desk.visit(press_release(title="[정정] 연안 여객선 안전 점검"))
    assert (saved.outcome, saved.changed) == ("edited", ("title",))
    assert desk.rows("SELECT number, kind, seen_at, earlier ->> 'title' FROM versions")[1] == (
        2,
        "edit",
        "2026-07-15T09:00:00+09:00",
        "연안 여객선 안전 점검 1차 시작",
    )
    assert desk.rows("SELECT version, changed_at, title FROM articles") == [
        (2, "2026-07-15T09:00:00+09:00", "[정정] 연안 여객선 안전 점검")
    ]


def test_the_fingerprint_changes_exactly_when_a_version_is_made(desk: Desk) -> None:
    def mark() -> str:
        return str(desk.rows("SELECT fingerprint FROM articles")[0][0])

    lead_only = with_body(press_release(attachments=()), "점검을 시작한다고 밝혔다.", "lead")
    desk.visit(lead_only)
    first = mark()
    desk.visit(replace(press_release(attachments=()), body_texts=(*lead_only.body_texts, ("inline", BODY))))
    assert mark() == first
    desk.visit(with_body(press_release(attachments=()), BODY + " 끝."))
    assert mark() != first


def test_a_better_source_is_an_upgrade_without_a_version(desk: Desk) -> None:
    desk.visit(with_body(press_release(attachments=()), "점검을 시작한다고 밝혔다.", "lead"))
    assert desk.visit(press_release(attachments=())).outcome == "upgraded"
    assert desk.rows("SELECT body_source, version FROM articles") == [("inline", 1)]
    assert desk.rows("SELECT count(*) FROM versions") == [(1,)]


def test_a_degraded_visit_touches_nothing_but_the_time_of_the_check(desk: Desk) -> None:
    desk.visit(press_release())
    degraded = with_body(press_release(layout="generic", title="딴 제목", attachments=()), "딴 글")
    assert desk.visit(degraded).outcome == "unchanged"
    assert desk.rows("SELECT title, checks, capture_id FROM articles") == [
        ("연안 여객선 안전 점검 1차 시작", 2, 1)
    ]
    assert desk.rows("SELECT count(*) FROM attachments WHERE removed_at IS NULL") == [(1,)]


def test_a_file_lies_in_the_folder_under_its_hash(desk: Desk) -> None:
    desk.visit(press_release())
    ((sha256, size),) = desk.rows("SELECT sha256, size FROM attachments")
    content = file_path(desk.archive.files, sha256).read_bytes()
    assert content == press_release().attachments[0].content
    assert size == len(content)


def test_without_files_the_hash_alone_is_kept(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "b.db")
    with desk.archive:
        desk.store._folder = None
        desk.visit(press_release())
        assert desk.rows("SELECT length(sha256), text IS NOT NULL FROM attachments") == [(64, 1)]
        assert not desk.archive.files.exists()


def test_a_file_that_an_article_no_longer_links_is_marked_removed(desk: Desk) -> None:
    desk.visit(press_release())
    assert desk.visit(press_release(attachments=(), contacts=())).changed == ("attachments",)
    assert desk.rows("SELECT removed_at FROM attachments") == [("2026-07-14T09:00:00+09:00",)]
    assert desk.visit(press_release()).changed == ("attachments",)
    assert desk.rows("SELECT removed_at FROM attachments") == [(None,)]


def test_twins_of_one_document_are_linked(desk: Desk) -> None:
    (hwpx,) = press_release().attachments
    text = "달리 나뉜 글"
    pdf = Attachment(
        "2", "가.pdf", "https://x.kr/2", format="pdf", state="text", text=text, twin_of=hwpx.file_id
    )
    photo = Attachment("3", "사진.jpg", "https://x.kr/3", format="jpg", state="unsupported")
    desk.visit(press_release(attachments=(pdf, hwpx, photo)))
    assert desk.rows(
        "SELECT f.position, t.position FROM attachments f LEFT JOIN attachments t ON t.id = f.twin_of_id"
        " ORDER BY f.position"
    ) == [(1, 2), (2, None), (3, None)]
    assert desk.visit(press_release(attachments=(pdf, hwpx, photo))).outcome == "unchanged"


def test_a_text_that_stands_elsewhere_in_the_article_is_kept_once(desk: Desk) -> None:
    main = Attachment("1", "가.hwpx", "https://x.kr/1", format="hwpx", state="text", text=BODY)
    twin = Attachment("2", "가.pdf", "https://x.kr/2", format="pdf", state="text", text="부록의 글")
    same = replace(twin, file_id="3", name="나.pdf", url="https://x.kr/3", twin_of="2")
    files = (main, twin, same)
    saved = desk.visit(press_release(attachments=files))
    assert desk.rows("SELECT text_in, text FROM attachments ORDER BY position") == [
        ("body", None),
        (None, "부록의 글"),
        ("twin", None),
    ]
    stored = load_article(desk.archive.conn, saved.article_id)
    assert stored is not None
    assert stored.attachments == files
    desk.visit(with_body(press_release(attachments=(replace(same, twin_of=None),)), "새로 쓴 글"))
    assert desk.rows("SELECT text, text_in FROM attachments ORDER BY id") == [
        (BODY, None),
        ("부록의 글", None),
        ("부록의 글", None),
    ]
    assert check(desk.archive.conn) == []


def of_mos(by: Literal["printed", "published"]) -> Article:
    """Write a press release whose contact belongs to one ministry."""
    (contact,) = press_release().contacts
    return press_release(contacts=(replace(contact, organization_key="mos", organization_by=by),))


def test_contacts_keep_numbers_in_both_forms_and_the_file_that_gives_them(desk: Desk) -> None:
    desk.store.seed_organizations([Organization("mos", "해양안전부")])
    desk.visit(of_mos("printed"))
    assert desk.rows("SELECT kind, printed, e164 FROM contact_points ORDER BY id") == [
        ("phone", "044-200-0001", "+82442000001"),
        ("phone", "129", None),
        ("email", "bada@example.go.kr", None),
    ]
    assert desk.rows("SELECT organization_id, organization_by, attachment_id FROM contacts") == [
        (1, "printed", 1)
    ]


def test_an_extension_is_kept_with_its_number_and_shown_after_it(desk: Desk) -> None:
    (contact,) = press_release().contacts
    extended = replace(contact, extensions=(("044-200-0001", "305"),))
    saved = desk.visit(press_release(contacts=(extended,)))
    assert desk.rows("SELECT printed, extension FROM contact_points WHERE extension IS NOT NULL") == [
        ("044-200-0001", "305")
    ]
    assert desk.rows("SELECT phones FROM article_contacts") == [("044-200-0001 내선 305, 129",)]
    stored = load_article(desk.archive.conn, saved.article_id)
    assert stored is not None
    assert stored.contacts == (extended,)


def test_how_a_contact_s_owner_is_known_is_kept_and_filterable(desk: Desk) -> None:
    (contact,) = press_release().contacts
    guessed = replace(contact, owner_by="scope", score=0.75)
    saved = desk.visit(press_release(contacts=(guessed,)))
    assert desk.rows("SELECT owner_by, owner_score FROM article_contacts WHERE owner_by = 'scope'") == [
        ("scope", 0.75)
    ]
    stored = load_article(desk.archive.conn, saved.article_id)
    assert stored is not None
    assert stored.contacts == (guessed,)


def test_a_contact_resolved_anew_is_written_and_one_resolved_alike_is_not(desk: Desk) -> None:
    desk.store.seed_organizations([Organization("mos", "해양안전부")])
    desk.visit(press_release())
    desk.visit(of_mos("published"))
    assert desk.rows("SELECT organization_by FROM contacts") == [("published",)]
    ids = desk.rows("SELECT id FROM contacts")
    desk.visit(of_mos("published"))
    assert desk.rows("SELECT id FROM contacts") == ids


def test_organizations_are_brought_up_to_date_in_place(desk: Desk) -> None:
    desk.store.seed_organizations([Organization("a", "가부"), Organization("b", "나청", parent="a")])
    desk.store.seed_organizations([Organization("b", "나청", "Na", parent="a"), Organization("a", "가부")])
    assert desk.rows("SELECT id, key, name_en, parent_id FROM organizations") == [
        (1, "a", None, None),
        (2, "b", "Na", 1),
    ]


def test_addresses_lead_to_the_article_that_was_first_met_there(desk: Desk) -> None:
    alias = "https://m.korea.kr/briefing/pressReleaseView.do?newsId=156700001"
    desk.visit(press_release(), urls=[alias])
    desk.visit(press_release(2), urls=[alias])
    assert desk.rows("SELECT article_id FROM article_urls WHERE url = ?", alias) == [(1,)]


def test_the_captures_of_a_visit_are_linked_by_role(desk: Desk) -> None:
    listed, viewer = desk.capture("list", kind="list"), desk.capture("viewer", kind="viewer")
    desk.visit(press_release(), captures=[("list", listed), ("viewer", viewer)])
    again = desk.capture("list again", kind="list")
    desk.visit(press_release(), captures=[("list", again)])
    roles = dict(desk.rows("SELECT role, capture_id FROM article_captures"))
    assert roles == {"list": again, "viewer": viewer, "detail": 5}


def test_the_search_index_follows_every_change(desk: Desk) -> None:
    desk.visit(press_release())
    desk.visit(with_body(press_release(title="새 제목"), "전혀 다른 글"))
    desk.visit(press_release(2))
    assert check(desk.archive.conn) == []


def test_held_says_what_a_fetch_policy_needs(desk: Desk) -> None:
    failed = replace(press_release().attachments[0], content=None, state="failed", text=None)
    lead = "점검을 시작한다고 밝혔다."
    desk.store.record_article(
        press_release(attachments=(failed,), body_texts=(("inline", BODY), ("lead", lead))),
        desk.capture("x", headers=(("ETag", '"v1"'), ("Last-Modified", "Tue, 14 Jul 2026 00:00:00 GMT"))),
    )
    held = desk.store.held("korea.kr", "press", "156700001")
    assert held is not None
    assert (held.article_id, held.version, held.checks, held.incomplete) == (1, 1, 1, True)
    assert (held.etag, held.lead_sha256) == ('"v1"', text_hash(lead))
    assert desk.store.held("korea.kr", "press", "1") is None


def test_held_many_answers_for_more_ids_than_one_query_takes(desk: Desk) -> None:
    desk.visit(press_release())
    ids = [str(156700000 + number) for number in range(1201)]
    assert desk.store.held_many("korea.kr", "press", ids).keys() == {"156700001"}


def test_an_unchanged_answer_counts_a_check(desk: Desk) -> None:
    saved = desk.visit(press_release())
    desk.clock.time = "2026-07-15T09:00:00+09:00"
    desk.store.record_unchanged(saved.article_id)
    assert desk.rows("SELECT checks, checked_at, changed_at FROM articles") == [
        (2, "2026-07-15T09:00:00+09:00", "2026-07-14T09:00:00+09:00")
    ]


def test_of_checks_that_found_nothing_new_the_last_is_kept_without_its_bytes(desk: Desk) -> None:
    saved = desk.visit(press_release())
    for number in range(3):
        desk.store.record_unchanged(saved.article_id, page(f"rail {number}", f'"{number}"'))
    held = desk.store.held("korea.kr", "press", "156700001")
    assert held is not None
    assert held.etag == '"2"'
    assert desk.rows("SELECT role, capture_id FROM article_captures ORDER BY role") == [
        ("checked", 4),
        ("detail", 1),
    ]
    assert desk.rows("SELECT capture_id FROM articles") == [(1,)]
    assert desk.rows("SELECT codec FROM bodies ORDER BY rowid") == [("zstd",), ("hash",)]


def test_a_page_checked_once_and_needed_later_is_kept_with_its_bytes(desk: Desk) -> None:
    saved = desk.visit(press_release())
    desk.store.record_unchanged(saved.article_id, page("the same page later"))
    again = desk.capture("the same page later")
    assert desk.store.captures.read(again).content == b"the same page later"


def test_a_failure_met_again_counts_runs_not_attempts_within_one(desk: Desk) -> None:
    failure = Failure("korea.kr", "https://www.korea.kr/x", "timeout", "30초 안에 답이 없음", desk.clock())
    desk.store.record_failure(failure)
    desk.store.record_failure(failure)
    desk.store.begin_run("crawl", {})
    desk.store.record_failure(failure)
    assert desk.rows("SELECT attempts, run_id FROM failures") == [(2, 2)]


def test_a_visit_mends_the_failures_of_what_it_had(desk: Desk) -> None:
    article = press_release()
    lost = Attachment("9", "붙임.pdf", "https://www.korea.kr/common/download.do?fileId=9", state="failed")
    for url in (article.canonical_url, article.attachments[0].url, lost.url):
        desk.store.record_failure(
            Failure("korea.kr", url, "reset", "끊김", desk.clock(), "press", article.native_id)
        )
    desk.visit(replace(article, attachments=(*article.attachments, lost)))
    assert desk.rows("SELECT url FROM failures WHERE resolved_at IS NULL") == [(lost.url,)]


def test_a_failure_after_it_was_mended_is_a_new_one(desk: Desk) -> None:
    failure = Failure("korea.kr", "https://www.korea.kr/x", "timeout", "늦음", desk.clock())
    desk.store.record_failure(failure)
    desk.store.resolve_failure(failure.url)
    desk.store.record_failure(failure)
    assert desk.rows("SELECT resolved_at IS NULL FROM failures ORDER BY id") == [(0,), (1,)]


def test_a_run_counts_what_it_wrote(desk: Desk) -> None:
    desk.visit(press_release())
    desk.visit(press_release(2))
    desk.visit(press_release(title="고친 제목"))
    desk.store.end_run("finished", 0, requests=7)
    assert desk.rows("SELECT outcome, exit_code, requests, articles_new, articles_changed FROM runs") == [
        ("finished", 0, 7, 2, 1)
    ]


def test_relations_are_kept_once_a_pair(desk: Desk) -> None:
    desk.visit(press_release())
    desk.visit(press_release(2))
    desk.store.relate([Relation("joint", 1, 2, 0.8, "같은 제목"), Relation("joint", 1, 2, 0.9, "같은 글")])
    assert desk.rows("SELECT score, reason FROM relations") == [(0.9, "같은 글")]


def test_a_better_parser_is_not_taken_for_an_edit(desk: Desk) -> None:
    desk.visit(press_release())
    better = with_body(press_release(parser="PressReleasePage/2 pipelines/1"), BODY + "\n표 1 점검 일정")

    def seen_anew(article_id):
        return better

    assert desk.visit(better, baseline=seen_anew).outcome == "unchanged"
    assert desk.rows("SELECT version, parser FROM articles") == [(1, "PressReleasePage/2 pipelines/1")]
    edited = with_body(better, BODY + "\n표 1 점검 일정 변경")
    assert desk.visit(edited, baseline=seen_anew).outcome == "edited"


def test_the_baseline_is_read_only_where_something_changed(desk: Desk) -> None:
    asked: list[int] = []
    desk.visit(press_release(), baseline=asked.append)
    desk.visit(press_release(), baseline=asked.append)
    assert asked == []
    assert desk.visit(press_release(title="고친 제목"), baseline=asked.append).outcome == "edited"
    assert asked == [1]


def test_a_rewrite_changes_fields_and_never_makes_a_version(desk: Desk) -> None:
    saved = desk.visit(press_release())
    contact = Contact(organization="해양안전부", person="한바다", evidence="한바다")
    changed = desk.store.rewrite(
        saved.article_id,
        press_release(parser="PressReleasePage/2", title="더 잘 읽은 제목", contacts=(contact,)),
    )
    assert set(changed) == {"title", "parser", "contacts"}
    assert desk.rows("SELECT version, title FROM articles") == [(1, "더 잘 읽은 제목")]
    assert desk.rows("SELECT count(*) FROM versions") == [(1,)]
    assert check(desk.archive.conn) == []
