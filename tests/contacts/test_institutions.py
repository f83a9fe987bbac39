"""Which institution or unit a unit, a person or a number belongs to."""

from __future__ import annotations

import pytest

from pipelines.blocks import table_of
from pipelines.contacts import find_contacts
from tests.offered import people, units


def test_two_people_of_one_unit_follow_without_a_comma() -> None:
    text = "한국장학재단 장학기획팀 부장 홍길동 팀장 김나래(☎053-238-9210)"
    assert [(one[2], one[3]) for one in people(text)] == [("홍길동", "부장"), ("김나래", "팀장")]


def test_a_unit_belongs_where_its_head_is_named() -> None:
    text = (
        "북부한빛청(산림경영과장 홍길동)은 위탁자를 모집한다. 공고는 산림청 누리집에 있다.\n"
        "[ 지역별 담당 기관 ]\n○ 산림경영과(☎ 033-738-9292) : 원주"
    )
    assert units(text) == [("북부한빛청", "산림경영과", ("033-738-9292",))]


def test_an_institution_named_since_the_item_before_leads_the_next() -> None:
    text = (
        "국민권익위원회에서는 고충상담과(전화: 02-2110-9508)로, "
        "공정거래위원회에서는 기획조정관실 고객지원과(전화: 044-200-9225)로 전화하면 된다."
    )
    assert units(text) == [
        ("국민권익위원회", "고충상담과", ("02-2110-9508",)),
        ("공정거래위원회", "기획조정관실 고객지원과", ("044-200-9225",)),
    ]


def test_each_row_of_a_table_has_its_own_institution() -> None:
    rows = [
        ("기관", "담당부서", "전화번호"),
        ("행정안전부", "정부혁신실 보안정책과", "044-205-9757"),
        ("재외동포청", "서비스팀", "02-6399-9171"),
    ]
    assert [(one.organization, one.department) for one in find_contacts([table_of(rows)])] == [
        ("행정안전부", "정부혁신실 보안정책과"),
        ("재외동포청", "서비스팀"),
    ]


def test_a_division_of_an_address_belongs_where_the_text_names_it_in_full() -> None:
    text = (
        "의견은 3월 18일까지 보건복지부 한빛정책과 또는 국민참여입법센터로 제출하면 된다.\n○ 제출처\n"
        "- 주소 : (30113) 세종특별자치시 도움4로 13, 정부세종청사 10동 4층 한빛정책과\n"
        "* 전화 : (044) 202 – 9641, 9642, 전자우편 : gana@example.kr"
    )
    assert units(text) == [("보건복지부", "한빛정책과", ("044-202-9641", "044-202-9642"))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "모집 문의는 청년교육 사회적협동조합 한빛(☎070-7781-9328)으로 하면 된다.",
            [("사회적협동조합 한빛", None, ("070-7781-9328",))],
        ),
        (
            "13일에는 주한빛 달빛대학교 명예교수의 강연도 진행된다. 35명까지 전화(☎054-778-9707)로 신청한다.",
            [(None, None, ("054-778-9707",))],
        ),
        (
            "자세한 사항은 한빛 활용프로그램 전화상담실(☎ 1522-9295)로 문의하면 된다.",
            [("한빛 활용프로그램 전화상담실", None, ("1522-9295",))],
        ),
        (
            "문의사항은 상담실(한국자동차환경협회 콜센터, 1577-9121)을 통해 안내받을 수 있다.",
            [("한국자동차환경협회", "콜센터", ("1577-9121",))],
        ),
        (
            "☞ 한국거래소 불공정거래신고센터\n‣ 인터넷: https://stock.example.kr/main.jsp\n‣ 전화: 1577-9088",
            [("한국거래소", "불공정거래신고센터", ("1577-9088",))],
        ),
    ],
)
def test_forms_of_names_and_cards_of_services(
    text: str, expected: list[tuple[str | None, str | None, tuple[str, ...]]]
) -> None:
    assert units(text) == expected


def test_names_with_letters_and_words_written_apart_stay_whole() -> None:
    text = (
        "문의 : 교육부 한빛기획과(044-203-9378), 국가평생교육진흥원 K-MOOC 운영실(02-3780-9996)\n"
        "여성 긴급 전화 1366(☎1366, 지역번호+1366)을 이용하면 된다."
    )
    assert units(text) == [
        ("교육부", "한빛기획과", ("044-203-9378",)),
        ("국가평생교육진흥원", "K-MOOC 운영실", ("02-3780-9996",)),
        ("여성 긴급전화 1366", None, ("1366",)),
    ]
