"""Korean text as search sees it: tokens and particles."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search.tokenizer import index_tokens, runs, tokens
from archive.text.particles import strip_particle, with_particles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("의대증원을", ["의대", "대증", "증원", "원을"]),
        ("쌀", ["쌀"]),
        ("北美", ["北美"]),
        ("AI", ["ai"]),
        ("14일부터", ["14", "일", "일부", "부터"]),
        ("2,000명", ["2000", "명"]),
        ("30%", ["30", "퍼", "퍼센", "센트"]),
    ],
)
def test_syllables_become_pairs_and_the_rest_stays_whole(text: str, expected: list[str]) -> None:
    assert [token for run in runs(text) for token in tokens(run)] == expected


def test_a_change_of_script_parts_words() -> None:
    assert runs("K-수출전사는 AI는") == ["k", "수출전사는", "ai", "는"]


def test_the_vowel_sign_that_stands_for_a_middle_dot_parts_words() -> None:
    assert runs("의대ㆍ치대") == runs("의대·치대") == ["의대", "치대"]


def test_decomposed_and_full_width_text_is_read_as_usual_text() -> None:
    assert runs(unicodedata.normalize("NFD", "의대 증원")) == ["의대", "증원"]
    assert runs("ＡＩ ２０００명") == ["ai", "2000명"]


def test_only_commas_between_thousands_are_dropped() -> None:
    assert runs("1,234,567원 5,14") == ["1234567원", "5", "14"]


def test_every_syllable_of_a_longer_run_can_be_found_alone() -> None:
    assert {"햅", "쌀", "을"} <= set(index_tokens("햅쌀을").split())


@given(st.text())
def test_tokens_are_what_the_ascii_tokenizer_keeps_whole(text: str) -> None:
    for token in index_tokens(text).split(" "):
        assert all(char.isalnum() or ord(char) > 127 for char in token)


@given(st.text())
def test_normalised_text_has_the_tokens_of_the_text(text: str) -> None:
    assert index_tokens(unicodedata.normalize("NFC", text)) == index_tokens(text)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("의대증원을", "의대증원"),
        ("반도체를", "반도체"),
        ("전공의들이", "전공의"),
        ("지방자치단체의", "지방자치단체"),
        ("육아휴직은", "육아휴직"),
        ("병원에서는", "병원"),
        ("청년들에게", "청년"),
        ("국회의", "국회"),
        ("위원회의", "위원회"),
        ("소상공인과", "소상공인"),
        ("인공지능으로", "인공지능"),
        ("디지털로", "디지털"),
        ("지원하는", "지원"),
        ("2030년까지", "2030년"),
        ("14일에", "14일"),
    ],
)
def test_particles_are_stripped(word: str, stem: str) -> None:
    assert strip_particle(word) == stem


@pytest.mark.parametrize(
    "word",
    [
        "전공의",
        "국무회의",
        "경기도",
        "만족도",
        "운영지원과",
        "어린이",
        "코로나",
        "우크라이나",
        "어촌마을",
        "국가",
        "최저가",
        "물가",
        "의대",
        "원자로",
        "쌀",
        "ai",
        "3만",
        "4차로",
    ],
)
def test_nouns_that_end_like_a_particle_stay_whole(word: str) -> None:
    assert strip_particle(word) == word


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2))
def test_two_syllables_always_stay(word: str) -> None:
    stem = strip_particle(word)
    assert len(stem) >= 2
    assert word.startswith(stem)


def test_particles_follow_the_last_sound() -> None:
    assert {"원을", "원이", "원의"} <= set(with_particles("원"))
    assert "원를" not in with_particles("원")


def test_syllables_put_before_a_text_form_no_word() -> None:
    assert "이 익" not in index_tokens("이상한 수익")
