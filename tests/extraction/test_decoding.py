"""Bytes become text by evidence, whatever a page or a header declares; what stays damaged is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import InputError
from crawler.pages.decoding import decoded, is_damaged

TEXT = "해양안전부는 14일 연안 여객선 안전 점검을 시작한다고 밝혔다. 점검은 8월까지 이어진다."
PAGE = (
    "<!doctype html><html><head><meta charset='{}'><title>여객선</title></head><body><p>{}</p></body></html>"
)
HANGUL = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=4, max_size=60)


@pytest.mark.parametrize(
    "declared", ["utf-8", "euc-kr", "iso-8859-1", "windows-1252", "utf-16", "x-none", ""]
)
@pytest.mark.parametrize("header", [None, "text/html; charset=ISO-8859-1", "text/html; charset=EUC-KR"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_page_is_read_whatever_it_declares(declared: str, header: str | None, encoding: str) -> None:
    page = PAGE.format(declared, TEXT)
    assert decoded(page.encode(encoding), header) == page


@given(HANGUL)
def test_korean_in_euc_kr_is_korean_under_any_name(text: str) -> None:
    page = PAGE.format("iso-8859-1", text)
    assert decoded(page.encode("cp949")) == page


@pytest.mark.parametrize(
    "content",
    [
        PAGE.format("euc-kr", TEXT).encode("utf-16-le")[:-1] + b"\xd8\xd8\xd8",
        b"\xff\xfe" + PAGE.format("utf-16", TEXT).encode("utf-8") + b"\xdc",
        PAGE.format("iso-8859-1", "").encode() + bytes(range(128, 255)) * 9,
    ],
)
def test_what_is_no_text_in_any_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        decoded(content)


@pytest.mark.parametrize(
    "damaged",
    [
        "여객선 \ufffd\ufffd 점검",
        "占쏙옙占쏙옙占쏙옙",
        TEXT.encode().decode("latin-1"),
        TEXT.encode("cp949").decode("latin-1"),
        "보도자료".encode().decode("cp949", "replace"),
    ],
)
def test_a_text_read_wrongly_on_the_way_is_told(damaged: str) -> None:
    assert is_damaged(damaged)


@pytest.mark.parametrize(
    "text", [TEXT, "AI 시대, R&D", "中國 관광객 100만", "Café Señor", "漢字", "", "§ 5 · 2°"]
)
def test_a_sound_text_is_not_damaged(text: str) -> None:
    assert not is_damaged(text)


@given(HANGUL)
def test_korean_is_never_taken_for_damaged(text: str) -> None:
    assert not is_damaged(text)


def test_no_word_that_begins_with_a_common_syllable_is_utf_8_read_as_euc_kr() -> None:
    for syllable in map(chr, range(ord("가"), ord("직") + 1)):
        with pytest.raises(UnicodeDecodeError):
            syllable.encode("cp949").decode("utf-8")
