"""Contacts of lines that a label opens: 문의, 담당자 (names and numbers invented)."""

from __future__ import annotations

import pytest

from pipelines.blocks import blocks_of_text
from pipelines.contacts import find_contacts
from tests.offered import people, units


@pytest.mark.parametrize(
    "line",
    [
        "문의. 기획재정부 경제정책국 물가정책과 홍가람 (044-215-9001)",
        "문 의: 기획재정부 경제정책국 물가정책과 홍 가 람(044-215-9001)",
        "* 담당자 : 기획재정부 경제정책국 물가정책과 홍가람((044-215-9001)",
        "[문의] 기획재정부 경제정책국 물가정책과 홍가람 044-215-9001",
        "※ 문의：기획재정부 경제정책국 물가정책과 홍가람（☎ 044-215-9001）",
    ],
)
def test_a_label_line_gives_ministry_path_and_person(line: str) -> None:
    assert people(line) == [("기획재정부", "경제정책국 물가정책과", "홍가람", None, ("044-215-9001",))]


def test_a_person_without_unit_belongs_to_the_unit_before() -> None:
    assert people("문 의: 고용정책과 홍가람(044-202-9001), 김나래(044-202-9002)\n 이다온(044-202-9003)") == [
        (None, "고용정책과", "홍가람", None, ("044-202-9001",)),
        (None, "고용정책과", "김나래", None, ("044-202-9002",)),
        (None, "고용정책과", "이다온", None, ("044-202-9003",)),
    ]


def test_several_names_before_one_number_share_it_and_as_many_numbers_go_in_order() -> None:
    assert people("[문의] 가나과 홍가람 과장, 김나래 연구사 (063-238-9001)") == [
        (None, "가나과", "홍가람", "과장", ("063-238-9001",)),
        (None, "가나과", "김나래", "연구사", ("063-238-9001",)),
    ]
    assert people("담당자: 가나과 홍가람 서기관, 김나래 사무관 Tel. 044-203-9001, 9002") == [
        (None, "가나과", "홍가람", "서기관", ("044-203-9001",)),
        (None, "가나과", "김나래", "사무관", ("044-203-9002",)),
    ]


def test_an_extension_in_brackets_goes_on_from_the_number_before() -> None:
    assert people("※ 문의 : 가나정책과 홍가람 과장(044-203-9320) / 김나래 서기관(9326)") == [
        (None, "가나정책과", "홍가람", "과장", ("044-203-9320",)),
        (None, "가나정책과", "김나래", "서기관", ("044-203-9326",)),
    ]


def test_the_ministry_is_inherited_in_a_line_but_a_bureau_never_is() -> None:
    text = "문의 : 인사혁신처 윤리국 복무과(044-201-9001), 인사국 성과과(044-201-9002)·연금과(044-201-9003)"
    assert units(text) == [
        ("인사혁신처", "윤리국 복무과", ("044-201-9001",)),
        ("인사혁신처", "인사국 성과과", ("044-201-9002",)),
        ("인사혁신처", "연금과", ("044-201-9003",)),
    ]


def test_two_ministries_glued_together_are_told_apart() -> None:
    assert units("문의처:보건복지부 가나정책과 (044-202-9463)식품의약품안전처 다라국 (043-719-9402)") == [
        ("보건복지부", "가나정책과", ("044-202-9463",)),
        ("식품의약품안전처", "다라국", ("043-719-9402",)),
    ]


def test_marks_and_topics_in_angle_brackets_are_no_part_of_a_path() -> None:
    found = find_contacts(
        blocks_of_text(
            "문의 : <총괄>국토교통부 항공국 항공과(044-201-9182), <복합단지>항공국 첨단과(044-201-9225)"
        )
    )
    assert [(contact.department, contact.mark) for contact in found] == [
        ("항공국 항공과", "총괄"),
        ("항공국 첨단과", None),
    ]
    assert {contact.organization for contact in found} == {"국토교통부"}


def test_a_second_leading_unit_is_of_a_ministry_that_is_not_printed() -> None:
    text = (
        "문의 : <총괄>국토교통부 항공국 항공과(044-201-9182), <공항>공항국 공항과(044-201-9264), "
        "<총괄>해운국 해운과(044-200-9716), <항만>해운국 항만과(044-200-9757)"
    )
    assert [organization for organization, _, _ in units(text)] == ["국토교통부", "국토교통부", None, None]


def test_a_path_may_be_broken_over_two_lines() -> None:
    text = (
        "보다 자세한 내용이나 취재를 원하시면 행복청 가나과\n홍가람 사무관(☎ 044-200-9121)에게 연락 바랍니다."
    )
    assert people(text) == [("행복청", "가나과", "홍가람", "사무관", ("044-200-9121",))]


def test_a_label_without_numbers_still_names_units() -> None:
    assert units("ㅇ 문의 : 산업통상자원부(가나산업과), 한국산업기술진흥원(다라기반팀)") == [
        ("산업통상자원부", "가나산업과", ()),
        ("한국산업기술진흥원", "다라기반팀", ()),
    ]


@pytest.mark.parametrize(
    ("path", "organization", "department"),
    [
        ("국립농업과학원 가나과", "국립농업과학원", "가나과"),
        ("환경부 국립공원공단 가나부", "환경부", "국립공원공단 가나부"),
        ("금융 위원회 금융정책과", "금융 위원회", "금융정책과"),
        ("중앙사고수습본부 가나팀", "중앙사고수습본부", "가나팀"),
        ("(재)가나문화재연구원", "(재)가나문화재연구원", None),
        ("CJ가나통운 고객센터", "CJ가나통운", "고객센터"),
        ("알뜰카드 고객센터", "알뜰카드 고객센터", None),
        ("가나다상담전화", "가나다상담전화", None),
        ("출입국·외국인정책본부 가나과", None, "출입국·외국인정책본부 가나과"),
        ("국제협력담당관", None, "국제협력담당관"),
        ("요양실 요양부 5팀", None, "요양실 요양부 5팀"),
        ("고객센터", None, "고객센터"),
    ],
)
def test_a_path_divides_where_the_institution_ends(
    path: str, organization: str | None, department: str | None
) -> None:
    assert units(f"문의 : {path}(02-2100-9001)") == [(organization, department, ("02-2100-9001",))]


def test_a_rank_glued_to_its_name_is_cut_off() -> None:
    assert people("* 문의: 시설총괄과 홍길동사무관(042-724-9585)") == [
        (None, "시설총괄과", "홍길동", "사무관", ("042-724-9585",))
    ]


def test_a_branch_with_its_companys_name_is_an_organization() -> None:
    text = (
        "취재를 원하시면 행복청 도시과 홍가람 사무관(☎044-200-9111)이나"
        "\nLH세종특별본부 김나래 차장(☎044-860-9777)에게 연락 바랍니다."
    )
    assert [(found.organization, found.department) for found in find_contacts(blocks_of_text(text))] == [
        ("행복청", "도시과"),
        ("LH세종특별본부", None),
    ]


def test_a_unit_may_be_the_label_of_its_line() -> None:
    assert people("*공정평가관리팀: 홍가람 사무관(042-724-9124)") == [
        (None, "공정평가관리팀", "홍가람", "사무관", ("042-724-9124",))
    ]


def test_topics_in_brackets_before_numbers_are_no_names() -> None:
    text = "* 국립가나원 담당자: (교육내용) 02-901-9417, (교육운영) 02-901-9304"
    assert units(text) == [("국립가나원", None, ("02-901-9417", "02-901-9304"))]


def test_a_task_force_of_the_whole_nation_is_a_unit_and_no_institution() -> None:
    assert units("문 의: 전국민가나보험추진단 (044-202-9919)") == [
        (None, "전국민가나보험추진단", ("044-202-9919",))
    ]


def test_a_centre_named_by_its_kind_is_part_of_the_institution_before_it() -> None:
    text = "문의 : 한국가나공사 다라처 마바팀(054-811-9602), 교통센터 상황팀(031-517-9003)"
    assert units(text)[1] == ("한국가나공사", "교통센터 상황팀", ("031-517-9003",))


def test_an_institution_leads_whatever_its_name_begins_with() -> None:
    text = "▶ 부산세관 심사과 051-620-9312\n▶ 관세평가분류원 가나과 042-714-9506"
    assert units(text)[1] == ("관세평가분류원", "가나과", ("042-714-9506",))


def test_a_list_of_extensions_goes_on_below_after_a_comma() -> None:
    text = (
        "취재를 원하시면 행복청 가나과 홍가람 사무관(☎ 042-481-9494), 김나래 사무관(9485),"
        "\n이다온 사무관(9639)에게 연락 바랍니다."
    )
    assert [(person, phones) for _, _, person, _, phones in people(text)] == [
        ("홍가람", ("042-481-9494",)),
        ("김나래", ("042-481-9485",)),
        ("이다온", ("042-481-9639",)),
    ]


def test_the_mail_of_a_unit_s_address_belongs_to_its_only_team_with_a_telephone() -> None:
    text = (
        "(신청방법) 우편*, 이메일(gana@example.or.kr)\n"
        "* (26464) 강원도 원주시 건강로 32(반곡동) 국민가나공단 요양기획실 안전환경조성 시범사업 담당자\n"
        "(문의처) 요양기획실 요양행정부 5팀(☏ 033.736.9627)"
    )
    (contact,) = find_contacts(blocks_of_text(text))
    assert (contact.organization, contact.department) == ("국민가나공단", "요양기획실 요양행정부 5팀")
    assert (contact.phones, contact.emails) == (("033-736-9627",), ("gana@example.or.kr",))


def test_a_number_said_to_be_common_is_every_unit_s() -> None:
    assert units("* 문의: 법무부 가나과, 다라과, 마바팀(공통 044-201-9001)") == [
        ("법무부", "가나과", ("044-201-9001",)),
        ("법무부", "다라과", ("044-201-9001",)),
        ("법무부", "마바팀", ("044-201-9001",)),
    ]
    assert people("담당: 법무부 가나과 홍가람 사무관, 김나래 주무관(공용 044-201-9001)") == [
        ("법무부", "가나과", "홍가람", "사무관", ("044-201-9001",)),
        ("법무부", "가나과", "김나래", "주무관", ("044-201-9001",)),
    ]
    assert units("문의: 법무부 가나과(044-201-9001), 다라과(대표 044-201-9002)") == [
        ("법무부", "가나과", ("044-201-9001",)),
        ("법무부", "다라과", ("044-201-9002",)),
    ]


@pytest.mark.parametrize(
    "numbers",
    [
        "주간 042-398-9001, 야간·휴일 042-398-9002",
        "평일 042-398-9001 / 휴일 042-398-9002",
        "평일 09:00~18:00 042-398-9001, 야간 및 공휴일 042-398-9002",
    ],
)
def test_numbers_for_the_times_of_day_are_one_unit_s(numbers: str) -> None:
    assert units(f"산불은 산림청 가나상황실({numbers})로 신고하면 된다.") == [
        ("산림청", "가나상황실", ("042-398-9001", "042-398-9002"))
    ]


def test_a_unit_named_again_under_another_organization_is_not_the_first() -> None:
    text = "* 담당 : 가나담당관 홍가람(044-205-9001), 경찰청 가나담당관 김나래(02-3150-9002)"
    assert [contact[:3] for contact in people(text)] == [
        (None, "가나담당관", "홍가람"),
        ("경찰청", "가나담당관", "김나래"),
    ]


def test_a_list_broken_before_a_number_gives_it_to_the_name_above() -> None:
    text = (
        "* 담당자 : 가나정책과 홍가람(044-205-9803), 다라제도과 김나래\n"
        "(044-205-9852), 마바과 이다온(044-205-9834)"
    )
    assert [(one[1], one[2], one[4]) for one in people(text)] == [
        ("가나정책과", "홍가람", ("044-205-9803",)),
        ("다라제도과", "김나래", ("044-205-9852",)),
        ("마바과", "이다온", ("044-205-9834",)),
    ]
