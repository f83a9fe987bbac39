"""What counts as a change of an article, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.articles.compare import (
    Known,
    compare,
    fingerprint,
    text_hash,
    text_hashes,
)
from archive.articles.gone import proves_gone
from archive.records import Article, Attachment, Body
from archive.text.normalize import visible_text
from tests.archives import BODY, press_release, with_body

FILE = replace(press_release().attachments[0], content=None, sha256="a" * 64)


def known(article: Article) -> Known:
    return Known(article, text_hashes(article))


def changed(old: Article, seen: Article) -> tuple[str, ...]:
    return compare(known(old), seen).changed


def release(**changes: object) -> Article:
    return replace(press_release(attachments=(FILE,)), **changes)  # type: ignore[arg-type]


def test_the_same_article_is_no_change() -> None:
    assert changed(release(), release()) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "[정정] 연안 여객선 안전 점검 1차 시작"),
        ("subtitle", None),
        ("published_at", "2026-07-13"),
        ("organization", "해양교통부"),
        ("attachments", (replace(FILE, sha256="b" * 64),)),
        ("attachments", (replace(FILE, file_id="77"),)),
        ("attachments", ()),
    ],
)
def test_a_field_that_readers_see_is_a_change(field: str, value: object) -> None:
    result = compare(known(release()), release(**{field: value}))
    assert result.changed == (field,)
    assert result.earlier.keys() == {field}


def test_another_text_is_a_change_and_keeps_the_earlier_one() -> None:
    result = compare(known(release()), with_body(release(), BODY.replace("120척", "127척")))
    assert result.changed == ("body",)
    assert result.earlier["body"] == BODY


def test_a_decimal_point_that_goes_is_a_change() -> None:
    old, new = with_body(release(), "물가가 3.5% 올랐다."), with_body(release(), "물가가 35% 올랐다.")
    assert changed(old, new) == ("body",)


@pytest.mark.parametrize(
    "text",
    [
        BODY.replace(" ", "\u00a0"),
        BODY.replace("\n", "\n\n\n"),
        BODY.replace("점검은", "점검\u200b은"),
        "".join(BODY.split()),
    ],
)
def test_white_space_and_invisible_signs_are_no_change(text: str) -> None:
    assert changed(release(), with_body(release(), text)) == ()


def test_another_unicode_form_of_the_title_is_no_change() -> None:
    decomposed = release(title="ᄒ\u1161ᆫ글 제목")
    assert changed(release(title="한글 제목"), decomposed) == ()


def test_markup_licence_and_pictures_are_no_change() -> None:
    body = Body("<p style='x'>" + BODY + "</p><p></p>", BODY + "\n", BODY)
    seen = release(body=body, kogl_text="새 문구", kogl_type=4, images=(), links=())
    assert changed(release(), seen) == ()


def test_texts_from_different_places_are_not_compared() -> None:
    old = with_body(release(), "표와 머리글이 있는 첨부의 글", "attachment")
    result = compare(known(old), release())
    assert result.changed == ()
    assert result.article.body_source == "inline"
    assert result.hashes.keys() == {"attachment", "inline"}


def test_a_change_seen_in_a_second_place_is_a_change() -> None:
    texts = (("inline", BODY), ("lead", "점검을 시작한다고"))
    edited = (("inline", BODY), ("lead", "점검을 미룬다고"))
    assert changed(release(body_texts=texts), release(body_texts=edited)) == ("body",)


def test_a_poorer_source_never_replaces_a_better_text() -> None:
    poorer = with_body(release(attachments=(replace(FILE, state="failed", sha256=None),)), "다른 글", "lead")
    result = compare(Known(release(), {**text_hashes(release()), "lead": text_hash("점검")}), poorer)
    assert result.changed == ()
    assert result.article.body.text == BODY
    assert result.article.contacts == release().contacts
    assert result.hashes["lead"] == text_hash("점검")


def test_a_page_that_came_empty_keeps_the_text() -> None:
    result = compare(known(release()), release(body=Body(), body_source="none", body_texts=()))
    assert result.changed == ()
    assert result.article.body.text == BODY
    assert result.article.images == release().images


def test_a_file_that_failed_this_time_keeps_what_was_read() -> None:
    failed = Attachment(FILE.file_id, FILE.name, FILE.url, state="failed", detail="시간 초과")
    result = compare(known(release()), release(attachments=(failed,), contacts=()))
    assert result.changed == ()
    assert result.article.attachments == (FILE,)
    assert result.article.contacts == release().contacts


def test_a_file_read_for_the_first_time_is_no_change() -> None:
    listed = replace(FILE, state="listed", sha256=None, text=None)
    result = compare(known(release(attachments=(listed,))), release())
    assert result.changed == ()
    assert result.article.attachments == (FILE,)


def test_a_time_learnt_to_the_minute_is_no_change_and_stays() -> None:
    exact = release(published_at="2026-07-14T08:30:00+09:00", published_precision="minute")
    assert changed(release(), exact) == ()
    assert compare(known(exact), release()).article.published_at == exact.published_at


def test_another_minute_is_a_change() -> None:
    exact = release(published_at="2026-07-14T08:30:00+09:00", published_precision="minute")
    moved = replace(exact, published_at="2026-07-14T09:30:00+09:00")
    assert changed(exact, moved) == ("published_at",)


def test_a_ministry_or_date_that_could_not_be_read_is_no_change() -> None:
    result = compare(known(release()), release(organization=None, published_at=None))
    assert result.changed == ()
    assert result.article.organization == "해양안전부"
    assert result.article.published_at == release().published_at


def test_what_a_recognised_layout_says_after_a_guess_is_no_change() -> None:
    guess = release(layout="generic", title="추측한 제목", subtitle=None)
    result = compare(known(guess), release())
    assert result.changed == ()
    assert result.article.title == release().title


@pytest.mark.parametrize(
    ("count", "hours", "status", "absent", "gone"),
    [
        (1, 0, 200, False, False),
        (1, 0, 404, False, False),
        (1, 0, 404, True, True),
        (1, 0, 200, True, True),
        (1, 0, 410, False, True),
        (2, 1, 404, False, False),
        (2, 13, 404, False, True),
        (1, 13, 404, False, False),
    ],
)
def test_gone_needs_two_witnesses(count: int, hours: int, status: int, absent: bool, gone: bool) -> None:
    since, now = "2026-07-14T08:00:00+09:00", f"2026-07-14T{8 + hours:02}:00:00+09:00"
    assert proves_gone(count, since, now, status=status, absent_from_list=absent) is gone


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert visible_text(visible_text(text)) == visible_text(text)


@given(st.text(), st.text(alphabet=" \t\n\u00a0\u3000", min_size=1))
def test_the_hash_of_a_text_ignores_white_space_around_and_between_lines(text: str, space: str) -> None:
    assert text_hash(space + text + space) == text_hash(text)


@given(st.permutations(["inline", "lead", "attachment", "viewer"]))
def test_the_fingerprint_does_not_depend_on_the_order_of_reading(sources: list[str]) -> None:
    hashes = {source: text_hash(source) for source in sources}
    assert fingerprint(release(), hashes) == fingerprint(release(), dict(sorted(hashes.items())))
