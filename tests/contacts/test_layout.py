"""Contacts whose name, number and unit stand on lines apart (names and numbers invented)."""

from __future__ import annotations

import pytest

from pipelines.blocks import blocks_of_text
from pipelines.contacts import find_contacts
from pipelines.contacts.find.lexicon import is_broken_name
from tests.offered import people, units


@pytest.mark.parametrize(
    ("first", "second"),
    [("농림축산", "식품부"), ("과학기술", "정보통신부"), ("한국가나", "진흥원"), ("국립다라", "박물관")],
)
def test_an_institution_broken_over_two_lines_of_its_cell_is_one(first: str, second: str) -> None:
    text = (
        f"담당 부서\n\n<총괄>\n\n{first}\n\n{second}\n\n책임자\n\n과 장\n\n홍가람\n\n(044-201-9001)\n\n"
        "가나정책과\n\n담당자\n\n사무관\n\n김나래\n\n(044-201-9002)"
    )
    assert people(text) == [
        (first + second, "가나정책과", "홍가람", "과장", ("044-201-9001",)),
        (first + second, "가나정책과", "김나래", "사무관", ("044-201-9002",)),
    ]


def test_an_institution_broken_over_two_lines_may_stand_above_the_first_label() -> None:
    text = (
        "과학기술\n정보통신부\n책임자\n과장\n홍가람\n(044-201-9001)\n"
        "가나정책과\n담당자\n사무관\n김나래\n(044-201-9002)"
    )
    assert {contact[0] for contact in people(text)} == {"과학기술정보통신부"}


@pytest.mark.parametrize(
    ("first", "second"),
    [("수소경제", "한국가스공사"), ("법무부", "교정본부"), ("한국가나", "이재원"), ("가나정책국", "다라과")],
)
def test_a_topic_or_unit_above_another_is_no_broken_name(first: str, second: str) -> None:
    assert not is_broken_name(first, second)


def test_a_number_broken_over_two_lines_of_its_cell_is_one() -> None:
    text = (
        "담당 부서\n\n가나국\n\n책임자\n\n과 장\n\n홍가람\n\n(044-201-\n\n9001)\n\n"
        "다라과\n\n담당자\n\n사무관\n\n김나래\n\n(044-201-\n\n9002)"
    )
    assert people(text) == [
        (None, "가나국 다라과", "홍가람", "과장", ("044-201-9001",)),
        (None, "가나국 다라과", "김나래", "사무관", ("044-201-9002",)),
    ]


def test_a_number_broken_over_two_lines_of_a_text_is_one() -> None:
    assert units("문의: 법무부 가나과 (044-201-\n9001)\n문의: 법무부 다라과 02-2110-\n9002, 9003") == [
        ("법무부", "가나과", ("044-201-9001",)),
        ("법무부", "다라과", ("02-2110-9002", "02-2110-9003")),
    ]


@pytest.mark.parametrize(
    "address", ["(우)30199 세종특별자치시 가나로 19", "(우) 04321 서울시 가나구 다라로 1"]
)
def test_the_number_of_a_letterhead_is_the_unit_s_above_the_address(address: str) -> None:
    (found,) = find_contacts(
        blocks_of_text(f"경찰청 대변인실\n{address}\n전화 02-2110-9001 / 팩스 02-2110-9002\n\n보도자료")
    )
    assert (found.organization, found.department) == ("경찰청", "대변인실")
    assert (found.phones, found.faxes) == (("02-2110-9001",), ("02-2110-9002",))


@pytest.mark.parametrize(
    "heading", ["◈ 가나 지원센터 이용 안내", "■ 가나 지원센터 연락처", "□ '가나 지원센터' 문의"]
)
def test_a_centre_in_a_heading_owns_the_numbers_listed_below(heading: str) -> None:
    (found,) = find_contacts(
        blocks_of_text(
            f"{heading}\n - 위치 : 대전광역시 다라로 1, 5층\n - 운영 : 평일 09:00~18:00(점심 12:00~13:00)\n"
            " - 상담전화 : 1899-9001(2번)\n - 전자우편 : help@gana.or.kr\n - 팩스 : 042-398-9002"
        )
    )
    assert (found.organization, found.department) == ("가나 지원센터", None)
    assert (found.phones, found.faxes, found.emails) == (
        ("1899-9001",),
        ("042-398-9002",),
        ("help@gana.or.kr",),
    )


@pytest.mark.parametrize("text", ["□ 신청 방법 안내", "□ 가나 지원센터 이용 안내\n센터는 내년에 연다."])
def test_a_heading_that_names_no_centre_or_stands_above_a_text_owns_nothing(text: str) -> None:
    assert units(f"{text}\n- 위치 : 대전\n- 전화 : 02-398-9001") == [(None, None, ("02-398-9001",))]


def test_a_fax_number_alone_offers_nobody() -> None:
    assert units("신청서는 팩스(044-201-9001)로 보내면 된다.\n\n\n문의: 법무부 가나과(044-201-9002)") == [
        ("법무부", "가나과", ("044-201-9002",))
    ]
