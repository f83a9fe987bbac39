"""Phone numbers: every printed form of a number is that number, and no amount or date is one."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.phones import e164
from pipelines.phones import find_numbers, fold


def phones(text: str) -> list[str]:
    """Every number that is no fax number, in order."""
    return [number for mention in find_numbers(text) if not mention.fax for number in mention.numbers]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("가나과(044-201-9001)로 문의", ["044-201-9001"]),
        ("(02) 2100-9001", ["02-2100-9001"]),
        ("044- 201-9001", ["044-201-9001"]),
        ("033)343-9001", ["033-343-9001"]),
        ("(044) 202 - 9001", ["044-202-9001"]),
        ("(☏ 033.736.9001)", ["033-736-9001"]),
        ("０４４－２０１－９００１", ["044-201-9001"]),
        ("044 201 9001", ["044-201-9001"]),
        ("☎0442019001", ["044-201-9001"]),
        ("사무관 홍길동 0442019001", ["044-201-9001"]),
        ("(0221009001)", ["02-2100-9001"]),
        ("담당 01023459001", ["010-2345-9001"]),
        ("+82442019001", ["044-201-9001"]),
        ("82-2-2100-9001", ["02-2100-9001"]),
        ("(82-44) 201-9001", ["044-201-9001"]),
        ("+82-(0)2-2100-9001", ["02-2100-9001"]),
        ("+82-44-201-9001", ["044-201-9001"]),
        ("투어 010-2345-9001", ["010-2345-9001"]),
        ("070-4012-9001", ["070-4012-9001"]),
        ("한국자동차㈜(☎ 080-3000-9001)", ["080-3000-9001"]),
    ],
)
def test_a_number_is_read_in_every_form_it_is_printed_in(text: str, expected: list[str]) -> None:
    assert phones(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("052-920-9371, 9376", ["052-920-9371", "052-920-9376"]),
        ("02-3146-9544~5", ["02-3146-9544", "02-3146-9545"]),
        ("041-570-9811~13", ["041-570-9811", "041-570-9812", "041-570-9813"]),
        ("061-345-9550~9552", ["061-345-9550", "061-345-9551", "061-345-9552"]),
        ("044-200-9071～3, 9078", ["044-200-9071", "044-200-9072", "044-200-9073", "044-200-9078"]),
        ("044-200-9422/9426", ["044-200-9422", "044-200-9426"]),
        ("044-203-9047, 9047, 9048", ["044-203-9047", "044-203-9048"]),
        ("(이차전지 02-6009-9304, 반도체 9307)", ["02-6009-9304", "02-6009-9307"]),
        ("(02-2110-9649, 2110-9655)", ["02-2110-9649", "02-2110-9655"]),
        ("1588 - 9060 / 4060", ["1588-9060", "1588-4060"]),
        ("김가나 과장(044-203-9320) / 이다라 서기관(9326)", ["044-203-9320", "044-203-9326"]),
        ("044-202-9133,02-2100-9001", ["044-202-9133", "02-2100-9001"]),
        ("부동산(044-215-9851-3)", ["044-215-9851", "044-215-9852", "044-215-9853"]),
        ("02-555-9111/9222/\n9333", ["02-555-9111", "02-555-9222", "02-555-9333"]),
    ],
)
def test_lists_and_ranges_of_extensions_give_every_number(text: str, expected: list[str]) -> None:
    assert phones(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("전국 어디서나 국번 없이 ☎1398 또는 ☎110으로 신고", ["1398", "110"]),
        ("보건복지상담센터(129)", ["129"]),
        ("국민연금공단 콜센터 : ☏ 1355", ["1355"]),
        ("상담센터 전화번호는 ☎️ 1350입니다", ["1350"]),
        ("건강보험은 1577-1000, 국민연금은 1355로 연락", ["1577-1000", "1355"]),
        ("가나부: 044-200-9001\n국가다라원: 111\n", ["044-200-9001", "111"]),
        ("129, 119, 1577-1000, 1644-2000 등의 콜센터", ["129", "1577-1000", "1644-2000"]),
    ],
)
def test_short_numbers_count_where_they_are_offered(text: str, expected: list[str]) -> None:
    assert phones(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "129,276원을 지원한다",
        "버스 5001-1번",
        "2020-01-02부터 2021.12.31.까지",
        "모두 1,350명이 1350번 답했다",
        "긴급할 때는 112 또는 119에 연락",
        "해외인증 119 서비스",
        "국민콜 110의 상담원들이",
        "(010-5***-6076)",
        "제6차 계획(2023~2027년), 예산 1,577억",
        "계좌 123-45-678901",
    ],
)
def test_amounts_dates_and_emergency_numbers_are_left_alone(text: str) -> None:
    assert find_numbers(text) == ()


def test_a_year_after_a_number_is_no_extension() -> None:
    assert phones("02-741-9278, 2024년") == ["02-741-9278"]
    assert phones("02-741-9278, 2024. 5. 1.") == ["02-741-9278"]


@pytest.mark.parametrize("word", ["팩스 ", "FAX : ", "F A X : ", "(F)", "팩스번호 "])
def test_fax_numbers_are_told_apart(word: str) -> None:
    found = find_numbers(f"(전화 044-201-9588, {word}044-201-9547)")
    assert [(mention.numbers, mention.fax) for mention in found] == [
        (("044-201-9588",), False),
        (("044-201-9547",), True),
    ]


def test_places_are_offsets_of_the_text_given() -> None:
    text = "문의：가나과（０４４－２０１－９００１，９００２）"
    (found,) = find_numbers(text)
    assert fold(text[found.start : found.end]) == "044-201-9001,9002"


def test_e164_is_the_library_s_and_none_for_short_numbers() -> None:
    assert e164("044-201-4802") == "+82442014802"
    assert e164("1577-1000") == "+8215771000"
    assert e164("129") is None
    assert e164("없음") is None


areas = st.sampled_from(["02", "031", "042", "044", "051", "064", "070"])
numbers = st.builds(
    lambda area, middle, last: (area, str(middle), f"{last:04d}"),
    areas,
    st.integers(200, 9999),
    st.integers(0, 9999),
).filter(
    lambda parts: phonenumbers.is_valid_number(phonenumbers.parse("".join(parts), "KR")),
)
forms = st.sampled_from(
    [
        "{}-{}-{}",
        "{})" + "{}-{}",
        "({}) {}-{}",
        "{}.{}.{}",
        "{} - {} - {}",
        "{}- {}-{}",
        "{} {} {}",
        "☎ {}-{}-{}",
    ]
)


@given(
    numbers,
    forms,
    st.sampled_from(["", "문의: 가나과(", "전화 "]),
    st.sampled_from(["", ")", "로 문의", "\n다음"]),
)
def test_any_printed_form_of_a_number_gives_that_number(
    parts: tuple[str, str, str], form: str, before: str, after: str
) -> None:
    assert phones(before + form.format(*parts) + after) == ["-".join(parts)]


@given(st.integers(0, 10**12), st.sampled_from(["원", "명", "건", "만 원", "%"]))
def test_no_amount_is_a_number(amount: int, unit: str) -> None:
    assert find_numbers(f"모두 {amount:,}{unit}을 지원") == ()


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%Y. %m. %d.", "%Y.%m.%d", "%Y년 %m월 %d일", "'%y.%m.%d"]))
def test_no_date_is_a_number(day: object, form: str) -> None:
    assert find_numbers(f"{day:{form}} 발표") == ()


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
    for mention in find_numbers(text):
        assert 0 <= mention.start < mention.end <= len(text)


def test_the_area_code_of_the_next_number_is_no_extension() -> None:
    found = find_numbers("가나센터: 062)380-9283, 다라센터 053)795-9481")
    assert [mention.numbers for mention in found] == [("062-380-9283",), ("053-795-9481",)]


@pytest.mark.parametrize("printed", ["1551-9213", "1811-9055"])
def test_prefixes_of_representative_numbers_that_the_library_lacks_count(printed: str) -> None:
    assert find_numbers(f"콜센터({printed})")[0].numbers == (printed,)


def test_a_free_call_number_may_end_with_three_digits() -> None:
    found = find_numbers("가나코리아㈜(☎ 080-8900-911), 다라코리아㈜(☎ 080-322-9300)")
    assert [mention.numbers for mention in found] == [("080-8900-911",), ("080-322-9300",)]


def test_the_middle_of_a_free_call_number_may_begin_with_nought() -> None:
    assert find_numbers("가나코리아㈜(☎ 080-009-9886)")[0].numbers == ("080-009-9886",)


def test_the_last_extension_of_a_list_may_have_one_digit() -> None:
    assert find_numbers("가나부 (033-739-9792~3, 8)")[0].numbers == (
        "033-739-9792",
        "033-739-9793",
        "033-739-9798",
    )


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("(☎031-595-9001, 내선 402)", "402"),
        ("031-595-9001(내선번호: 402)", "402"),
        ("031-595-9001 교환 12, 13", "12, 13"),
        ("031-595-9001 ext. 7", "7"),
        ("031-595-9001(#7)", "7"),
        ("031-595-9001", None),
    ],
)
def test_an_extension_by_its_word_is_kept_and_no_number_of_its_own(text: str, inner: str | None) -> None:
    (found,) = find_numbers(text)
    assert (found.numbers, found.inner) == (("031-595-9001",), inner)


@pytest.mark.parametrize("text", ["(044-203-9877, 647)", "(044-203-9877, 064)", "044-203-9877, 044-203-98"])
def test_a_number_that_is_not_whole_is_dropped_and_never_completed(text: str) -> None:
    assert phones(text) == ["044-203-9877"]


@pytest.mark.parametrize(
    "text",
    ["계좌번호 0442019001", "view?id=0442019001", "a0442019001", "0442019001호기", "https://a.kr/0442019001"],
)
def test_digits_of_something_else_are_no_number(text: str) -> None:
    assert find_numbers(text) == ()


def test_a_country_code_belongs_to_the_mention() -> None:
    (found,) = find_numbers("가나실(+82-2-3210-9001)")
    assert (found.start, found.numbers) == (4, ("02-3210-9001",))


def test_a_fax_number_may_be_called_transmission() -> None:
    (found,) = find_numbers("전송 02-2669-9001")
    assert found.fax


def test_the_menu_of_a_representative_number_is_no_part_of_it() -> None:
    assert phones("가나원 1566-9001-4") == ["1566-9001"]


def test_numbers_of_plots_and_documents_are_not_called() -> None:
    assert phones("필지번호 1577-9001, 접수번호 1588-9001") == []
    assert phones("대표번호 1577-9001") == ["1577-9001"]


def test_the_taxes_and_the_weather_have_short_numbers() -> None:
    assert phones("국세상담은 ☎126, 날씨는 ☎131") == ["126", "131"]
