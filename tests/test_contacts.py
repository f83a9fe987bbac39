"""Contacts: one test a shape in which texts offer units, people and numbers (names and numbers invented)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Contact, Link
from pipelines.blocks import Cell, Paragraph, Table, blocks_of_text, table_of, text_of
from pipelines.contacts import find_contacts


def units(text: str) -> list[tuple[str | None, str | None, tuple[str, ...]]]:
    """Organization, department and phones of every contact of a plain text."""
    return [
        (found.organization, found.department, found.phones) for found in find_contacts(blocks_of_text(text))
    ]


def people(text: str) -> list[tuple[str | None, str | None, str | None, str | None, tuple[str, ...]]]:
    """Organization, department, person, rank and phones of every contact of a plain text."""
    return [
        (found.organization, found.department, found.person, found.rank, found.phones)
        for found in find_contacts(blocks_of_text(text))
    ]


# Label lines


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


# Prose


def test_a_unit_in_a_sentence_is_taken_without_the_words_before_it() -> None:
    assert units("문의사항은 행정안전부의 가나재난실 다라대응과(044-205-9369)로 연락하시면 됩니다.") == [
        ("행정안전부", "가나재난실 다라대응과", ("044-205-9369",))
    ]


def test_the_ministry_may_stand_in_the_sentences_before() -> None:
    text = "산업통상자원부가 운영한다. 문의전화는 044-203-9919로, 가나정책관 다라정책과로 연락 주시면 됩니다."
    assert units(text) == [("산업통상자원부", "가나정책관 다라정책과", ("044-203-9919",))]


def test_a_bare_number_belongs_to_the_unit_its_sentence_or_the_one_before_names() -> None:
    assert units("국민건강보험공단에 문의하시길 바랍니다. 전화는 1577-1000로 가능하며") == [
        ("국민건강보험공단", None, ("1577-1000",))
    ]
    assert units("추가 문의사항은 기획재정부 가나국 다라과에 연락하시면 됩니다.\n전화번호: 044-215-9370") == [
        ("기획재정부", "가나국 다라과", ("044-215-9370",))
    ]
    assert units(
        "국립가나유산원 누리집에서 예약할 수 있다. 자세한 사항은 전화(☎063-280-9500, 9501)로 문의하면 된다."
    ) == [("국립가나유산원", None, ("063-280-9500", "063-280-9501"))]


def test_places_in_a_bracket_name_the_offices_of_the_class_before_it() -> None:
    text = "서부산림청 소속으로, 관할 국유림관리소(정읍 063-570-9921, 무주 063-320-9621)에 문의"
    assert units(text) == [
        ("서부산림청", "정읍 국유림관리소", ("063-570-9921",)),
        ("서부산림청", "무주 국유림관리소", ("063-320-9621",)),
    ]


def test_words_between_extensions_are_topics_not_units() -> None:
    text = "한국산업기술진흥원 가나전략실(이차전지 02-6009-9304, 반도체 9307)로 문의"
    assert units(text) == [("한국산업기술진흥원", "가나전략실", ("02-6009-9304", "02-6009-9307"))]


def test_companies_and_their_forms_are_organizations() -> None:
    text = "궁금한 사항은 가나자동차㈜(☎ 080-600-9000), 다라코리아(유)(☎ 1600-6003)로 문의하면 된다."
    assert units(text) == [
        ("가나자동차㈜", None, ("080-600-9000",)),
        ("다라코리아(유)", None, ("1600-6003",)),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "자세한 내용은 과기정통부 데이터 진흥 과에 직접 연락하면 됩니다.",
            [("과기정통부", "데이터 진흥 과", ())],
        ),
        (
            "향후 기획재정부 또는 국토교통부에 문의하여 확인할 수 있습니다.",
            [("기획재정부", None, ()), ("국토교통부", None, ())],
        ),
        ("추가 문의 사항은 국토교통부의 관련 부서로 연락하시면 됩니다.", [("국토교통부", None, ())]),
        ("관련 문의는 금융위원회 가나제도팀을 통해 확인할 수 있습니다.", [("금융위원회", "가나제도팀", ())]),
        ("궁금한 사항은 고용노동부 상담센터를 통해 문의할 수 있습니다.", [("고용노동부", "상담센터", ())]),
    ],
)
def test_a_named_unit_counts_without_a_number(
    text: str, expected: list[tuple[str | None, str | None, tuple[str, ...]]]
) -> None:
    assert units(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "성형외과 전문의가 상주하며 전문의의 지도를 받는다.",
        "중소기업 부문의 매출이 늘었다. 한국방문의해위원회가 밝혔다.",
        "위택스와 관련된 문의가 26만 건에 달한다고 강조했습니다.",
        "손 씻기, 발열 및 호흡기 증상 시 콜센터 신고",
        "긴급한 상황일 때는 112 또는 119에 연락하시면 됩니다.",
        "관련 기관에 문의하거나 관할 지자체에 연락해 주시기 바랍니다.",
        "거주 지역 시군농업기술센터 축산 담당자에게 문의하면 된다.",
        "자녀가 재학 중인 학교의 늘봄지원실에 문의해야 합니다.",
        "전략을 발표했다. 예산은 129,276원이다.",
    ],
)
def test_false_friends_and_unnamed_offices_give_no_contact(text: str) -> None:
    assert units(text) == []


# Lists and tables


def test_items_of_a_list_inherit_from_the_sentence_that_introduces_it() -> None:
    blocks = [
        Paragraph("문의 및 추가 정보", "heading", 2),
        Paragraph("농식품부와 관련된 정보가 필요할 경우 아래의 연락처로 문의하시기 바랍니다."),
        Paragraph("가나정책관실 원예과: 044-201-9240", "item", 1),
        Paragraph("다라진흥과: 044-201-9285", "item", 1),
    ]
    assert [(found.organization, found.department) for found in find_contacts(blocks)] == [
        ("농식품부", "가나정책관실 원예과"),
        ("농식품부", "다라진흥과"),
    ]


def test_rows_of_a_table_inherit_from_the_row_above() -> None:
    table = table_of(
        [("문의처", "연락처"), ("보건복지부 가나단 비상팀", "044-202-9531"), ("공공팀", "044-202-9540")]
    )
    assert [(found.organization, found.department, found.phones) for found in find_contacts([table])] == [
        ("보건복지부", "가나단 비상팀", ("044-202-9531",)),
        ("보건복지부", "공공팀", ("044-202-9540",)),
    ]


def test_a_flattened_list_has_its_names_on_the_lines_above_the_numbers() -> None:
    assert units("지역별 연락처\n가나권트라우마센터\n02-2204-9455\n다라권트라우마센터\n041-850-9883") == [
        ("가나권트라우마센터", None, ("02-2204-9455",)),
        ("다라권트라우마센터", None, ("041-850-9883",)),
    ]


def test_mentions_of_one_unit_are_one_contact_with_the_fullest_path() -> None:
    text = "가나정책과에 문의해 주시기 바랍니다.\n문의: 문화체육관광부 가나정책실 가나정책과(044-203-9773)"
    assert units(text) == [("문화체육관광부", "가나정책실 가나정책과", ("044-203-9773",))]


RESPONSIBLE = """담당 부서
문화체육관광부
책임자
과  장
홍가람
(044-203-9851)
<총괄>
가나관광과
담당자
사무관
김나래
(044-203-9852)
<공동>
전국가나협의회
책임자
국  장
이다온
(02-786-9602)"""


def test_a_flattened_block_of_those_responsible_is_read_like_its_table() -> None:
    found = find_contacts(blocks_of_text(RESPONSIBLE))
    assert [
        (contact.organization, contact.department, contact.role, contact.person, contact.rank, contact.mark)
        for contact in found
    ] == [
        ("문화체육관광부", "가나관광과", "책임자", "홍가람", "과장", "총괄"),
        ("문화체육관광부", "가나관광과", "담당자", "김나래", "사무관", "총괄"),
        ("전국가나협의회", None, "책임자", "이다온", "국장", "공동"),
    ]


def test_a_block_may_stand_on_one_line_without_any_space() -> None:
    text = "담당 부서재외동포청가나센터책임자센터장 홍가람(02-6399-9150)담당자사무관 김나래(02-6399-9151)"
    assert people(text) == [
        ("재외동포청", "가나센터", "홍가람", "센터장", ("02-6399-9150",)),
        ("재외동포청", "가나센터", "김나래", "사무관", ("02-6399-9151",)),
    ]


def test_rows_and_spans_of_a_real_table_say_who_belongs_where() -> None:
    table = Table(
        (
            Cell("담당 부서\n<총괄>", 0, 0, rowspan=3),
            Cell("가나정책국\n다라정책과", 0, 1, rowspan=3),
            Cell("책임자", 0, 2),
            Cell("과  장", 0, 3),
            Cell("홍가람", 0, 4),
            Cell("(02-2100-9081)", 0, 5),
            Cell("담당자", 1, 2, rowspan=2),
            Cell("사무관", 1, 3),
            Cell("김나래", 1, 4),
            Cell("(02-2100-9050)", 1, 5),
            Cell("주무관", 2, 3),
            Cell("이다온", 2, 4),
            Cell("(gana@korea.kr)", 2, 5),
        )
    )
    found = find_contacts([table])
    assert [(contact.department, contact.person, contact.rank, contact.mark) for contact in found] == [
        ("가나정책국 다라정책과", "홍가람", "과장", "총괄"),
        ("가나정책국 다라정책과", "김나래", "사무관", "총괄"),
        ("가나정책국 다라정책과", "이다온", "주무관", "총괄"),
    ]
    assert found[-1].emails == ("gana@korea.kr",)


def test_ranks_names_and_numbers_stacked_in_one_cell_each_go_in_order() -> None:
    table = table_of(
        [
            (
                "담당 부서",
                "가나과",
                "담당자",
                "서기관\n주무관",
                "홍가람\n김나래",
                "(044-201-9240)\n(044-201-9241)",
            )
        ]
    )
    assert [(found.person, found.rank, found.phones) for found in find_contacts([table])] == [
        ("홍가람", "서기관", ("044-201-9240",)),
        ("김나래", "주무관", ("044-201-9241",)),
    ]


def test_columns_flattened_in_parallel_are_told_apart_by_place() -> None:
    text = (
        "담당부서\n가나과\n다라과\n과장\n홍가람 ☏ 044-200-9261\n김나래 ☏ 044-200-9691\n"
        "담당자\n이다온 ☏ 044-200-9275\n박라희 ☏ 044-200-9697"
    )
    assert [(department, person) for _, department, person, _, _ in people(text)] == [
        ("가나과", "홍가람"),
        ("다라과", "김나래"),
        ("가나과", "이다온"),
        ("다라과", "박라희"),
    ]


def test_a_letterhead_gives_numbers_and_fax_to_the_unit_above_them() -> None:
    (contact,) = find_contacts(blocks_of_text("홍보담당관실\n- (T)044-200-9071~2, 9078\n- (F)044-200-9911"))
    assert contact.department == "홍보담당관실"
    assert contact.phones == ("044-200-9071", "044-200-9072", "044-200-9078")
    assert contact.faxes == ("044-200-9911",)


def test_a_head_table_of_one_line_a_person_keeps_the_chief_without_number() -> None:
    text = "담당과\n가나기획과 과 장 홍가람\n사무관 김나래, 사무관 이다온(☎044-203-9386, 9247)"
    assert people(text) == [
        (None, "가나기획과", "홍가람", "과장", ()),
        (None, "가나기획과", "김나래", "사무관", ("044-203-9386",)),
        (None, "가나기획과", "이다온", "사무관", ("044-203-9247",)),
    ]


def test_a_masked_number_is_no_number_and_leaves_the_person() -> None:
    text = "담당 부서\n가나팀\n책임자\n팀장\n홍가람\n(010-5***-9076)\n담당자\n담당\n김나래\n(041-560-9681)"
    assert [(person, numbers) for _, _, person, _, numbers in people(text)] == [
        ("홍가람", ()),
        ("김나래", ("041-560-9681",)),
    ]


def test_a_block_that_prints_no_ministry_first_inherits_none_later() -> None:
    text = (
        "담당 부서\n가나국\n책임자\n과장\n홍가람\n(044-201-9001)\n"
        "다라과\n담당자\n사무관\n김나래\n(044-201-9002)\n"
        "한국가나공사\n책임자\n팀장\n이다온\n(02-6000-9003)\n마바팀\n담당자\n과장\n박라희\n(02-6000-9004)\n"
        "사아과\n책임자\n과장\n최마루\n(044-201-9005)"
    )
    assert [(organization, department) for organization, department, _, _, _ in people(text)] == [
        (None, "가나국 다라과"),
        (None, "가나국 다라과"),
        ("한국가나공사", "마바팀"),
        ("한국가나공사", "마바팀"),
        (None, "사아과"),
    ]


def test_a_bureau_may_have_its_division_in_a_row_without_people() -> None:
    table = table_of(
        [
            ("담당 부서", "가나국", "책임자", "과장", "홍가람", "(044-200-9842)"),
            ("", "", "담당자", "조사관", "김나래", "(044-200-9850)"),
            ("", "다라과", "", "", "", ""),
        ]
    )
    assert [(found.department, found.person) for found in find_contacts([table])] == [
        ("가나국 다라과", "홍가람"),
        ("가나국 다라과", "김나래"),
    ]


def test_a_row_of_numbers_below_a_row_of_units_goes_by_column() -> None:
    table = table_of([("기획재정부 가나국 다라과", "마바실 사아과"), ("044-215-9530", "044-215-9130")])
    assert [(found.organization, found.department, found.phones) for found in find_contacts([table])] == [
        ("기획재정부", "가나국 다라과", ("044-215-9530",)),
        ("기획재정부", "마바실 사아과", ("044-215-9130",)),
    ]


def test_the_unit_may_stand_in_the_cell_after_its_number() -> None:
    table = table_of(
        [("전화번호", "기관명"), ("044-204-9825", "중소벤처기업부"), ("044-203-9904", "산업통상자원부")]
    )
    assert [(found.organization, found.phones) for found in find_contacts([table])] == [
        ("중소벤처기업부", ("044-204-9825",)),
        ("산업통상자원부", ("044-203-9904",)),
    ]


def test_a_submission_address_names_who_has_the_mail_and_the_number() -> None:
    text = (
        "전자우편 수신주소 : gana@korea.kr (☎044.205.9314)\n(30128) 세종시 정부2청사로 13 소방청 감사담당관실"
    )
    (contact,) = find_contacts(blocks_of_text(text))
    assert (contact.organization, contact.department) == ("소방청", "감사담당관실")
    assert (contact.phones, contact.emails) == (("044-205-9314",), ("gana@korea.kr",))


def test_a_table_that_is_no_contact_table_stays_silent() -> None:
    table = table_of(
        [
            ("부서", "주요 업무", "책임자"),
            ("가나과", "정책 기획", "김 정책관"),
            ("다라상담과", "상담", "조 상담관"),
        ]
    )
    assert find_contacts([table]) == ()


# Addresses, links, furniture


def test_an_address_belongs_to_the_unit_beside_it_and_placeholders_are_none() -> None:
    (contact,) = find_contacts(blocks_of_text("의견은 산업부 가나정책과(Hong@Korea.KR)로 제출할 수 있다."))
    assert (contact.organization, contact.department, contact.emails) == (
        "산업부",
        "가나정책과",
        ("Hong@korea.kr",),
    )
    assert find_contacts(blocks_of_text("문의: [email\u00a0protected]")) == ()


def test_the_number_of_a_tel_link_belongs_to_its_words() -> None:
    words = "과학기술정보통신부 국제협력담당관에게 문의"
    (contact,) = find_contacts(
        [Paragraph(f"자세한 사항은 {words}하시기 바랍니다.")], [Link("tel:044-202-9331", words)]
    )
    assert (contact.organization, contact.department, contact.phones) == (
        "과학기술정보통신부",
        "국제협력담당관",
        ("044-202-9331",),
    )


def test_the_portal_s_own_licence_box_offers_nobody() -> None:
    text = "정책브리핑 공공누리 담당자 안내\n문의 : 문화체육관광부 정책포털과\n044-203-9052\n저작권법"
    assert units(text) == []


# The record


def test_evidence_stands_where_the_position_says() -> None:
    blocks = [
        Paragraph("앞 문단"),
        *blocks_of_text("문의 : 가나부 다라과 홍가람(０４４－２０１－９００１)"),
        *blocks_of_text(RESPONSIBLE),
    ]
    text = text_of(blocks)
    found = find_contacts(blocks)
    assert len(found) == 4
    for contact in found:
        assert text[contact.position :].startswith(contact.evidence)
        assert contact.evidence
    assert "０４４" in found[0].evidence


def test_the_same_blocks_give_the_same_contacts() -> None:
    blocks = blocks_of_text(RESPONSIBLE)
    assert find_contacts(blocks) == find_contacts(blocks)


pieces = st.sampled_from(
    [
        "문의",
        "담당 부서",
        "책임자",
        "과 장",
        "홍가람",
        "(044-201-9001)",
        ":",
        "(",
        ")",
        ",",
        "기획재정부",
        "가나과",
        "에 문의하면 된다.",
        "☎",
        "<총괄>",
    ]
)


@given(st.lists(st.lists(pieces, max_size=6).map(" ".join), max_size=12))
def test_any_order_of_words_gives_contacts_with_true_evidence(lines: list[str]) -> None:
    blocks = [Paragraph(line) for line in lines]
    text = text_of(blocks)
    for contact in find_contacts(blocks):
        assert isinstance(contact, Contact)
        assert contact.evidence in text
        assert set(contact.phones) <= {"044-201-9001"}


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    find_contacts([Paragraph(text), table_of([(text, "담당자"), ("가나과", text)])])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("감염이 의심되면 1339(질병관리청 콜센터)로 신고", [("질병관리청", "콜센터", ("1339",))]),
        ("자세한 사항은 국번없이 1355(국민연금 콜센터, 유료)", [("국민연금 콜센터", None, ("1355",))]),
        (
            "㈜가나자동차(☎ 1588-1999), ㈜다라코리아((가)☎ 080-333-8999, (나)☎ 080-337-9999)로 문의하면",
            [
                ("㈜가나자동차", None, ("1588-1999",)),
                ("㈜다라코리아", None, ("080-333-8999", "080-337-9999")),
            ],
        ),
        (
            "묘목 문의는 국립원예특작과학원 사과연구센터, 배연구센터로 하면 된다.",
            [
                ("국립원예특작과학원", "사과연구센터", ()),
                ("국립원예특작과학원", "배연구센터", ()),
            ],
        ),
        (
            "국토교통부 주거복지정책관 주거복지과에 대한 문의는 연락처 (044-201-9883)로 가능하며",
            [("국토교통부", "주거복지정책관 주거복지과", ("044-201-9883",))],
        ),
        (
            "문의는 중소벤처기업부 소상공인 회복 지원단 소상공인 도약과(044-204-9861)로 하시면 됩니다.",
            [("중소벤처기업부", "소상공인 회복 지원단 소상공인 도약과", ("044-204-9861",))],
        ),
        (
            "한국산림복지진흥원 전화 상담실(042-719-9166)로 문의",
            [("한국산림복지진흥원", "전화 상담실", ("042-719-9166",))],
        ),
        ("국가유공자는 전화로도 예매(☎1588-9890) 가능하다.", [(None, None, ("1588-9890",))]),
        (
            "국민콜(☎110) 또는 부패·공익신고 전화(☎1398, 무료)로 문의",
            [("국민콜", None, ("110",)), (None, None, ("1398",))],
        ),
        (
            (
                "○ 제출처\n- 주소 : (30113) 세종특별자치시 도움4로 13, 보건복지부 기초생활과(6층)"
                "\n- 전화 : 044-202-9949"
            ),
            [("보건복지부", "기초생활과", ("044-202-9949",))],
        ),
        (
            (
                "지역별 연락처\n가나본부세관\n수출입지원센터\n032-452-9639"
                "\n다라본부세관\n수출입지원센터\n02-510-9383"
            ),
            [
                ("가나본부세관", "수출입지원센터", ("032-452-9639",)),
                ("다라본부세관", "수출입지원센터", ("02-510-9383",)),
            ],
        ),
        (
            "해양수산부 대변인 홍보담당관: 044-200-9017",
            [("해양수산부", "대변인 홍보담당관", ("044-200-9017",))],
        ),
        (
            "공익직불제 콜센터를 통해 문의할 수 있습니다. 콜센터 번호는 1334이며",
            [("공익직불제 콜센터", None, ("1334",))],
        ),
        (
            "문의는 교육부 지역인재정책관에게 해야 합니다. 전화번호는 044-203-9240입니다.",
            [("교육부", "지역인재정책관", ("044-203-9240",))],
        ),
        (
            "전용콜센터(1661-9669)를 운영한다.\n문의: 부동산세제과(044-205-9843)",
            [("전용콜센터", None, ("1661-9669",)), (None, "부동산세제과", ("044-205-9843",))],
        ),
        (
            "2030 가나국제대회 조직위원회 경기운영부(033-833-9124)로 문의",
            [("가나국제대회 조직위원회", "경기운영부", ("033-833-9124",))],
        ),
    ],
)
def test_names_the_unit_that_answers(
    text: str, wanted: list[tuple[str | None, str | None, tuple[str, ...]]]
) -> None:
    assert units(text) == wanted


def test_a_rank_glued_to_its_name_is_cut_off() -> None:
    assert people("* 문의: 시설총괄과 홍길동사무관(042-724-9585)") == [
        (None, "시설총괄과", "홍길동", "사무관", ("042-724-9585",))
    ]


def test_the_first_cell_names_the_service_and_not_what_it_offers() -> None:
    table = table_of(
        [["다누리콜센터", "24시간 운영", "1577-9366"], ["가나전화상담", "정상 운영", "1644-9621"]]
    )
    assert [(found.organization, found.phones) for found in find_contacts([table])] == [
        ("다누리콜센터", ("1577-9366",)),
        (None, ("1644-9621",)),
    ]


def test_the_ministry_in_the_label_of_the_units_holds_for_all_of_them() -> None:
    text = """<안건별 담당자>
산업부 담당부서
담당자
연락처
1호
미주통상과
홍가람 과장
김나래 사무관
044-203-9650
044-203-9651
2호
다자통상과
이다온 과장
044-203-9940"""
    assert people(text) == [
        ("산업부", "미주통상과", "홍가람", "과장", ("044-203-9650",)),
        ("산업부", "미주통상과", "김나래", "사무관", ("044-203-9651",)),
        ("산업부", "다자통상과", "이다온", "과장", ("044-203-9940",)),
    ]


def test_a_mail_address_below_the_site_belongs_to_the_contact_above() -> None:
    text = (
        "가나재단 나눔센터\n- 전화번호: 1600-9004\n- 누리집: www.example.or.kr\n- 이메일: ask@example.or.kr"
    )
    (contact,) = find_contacts(blocks_of_text(text))
    assert (contact.phones, contact.emails) == (("1600-9004",), ("ask@example.or.kr",))


def test_an_institution_split_over_two_label_cells_is_joined_and_leads() -> None:
    table = table_of(
        [
            ["담당 부서", "고용노동부", "책임자", "과 장", "이다온", "(044-202-9001)"],
            ["", "청년과", "담당자", "사무관", "박라임", "(044-202-9002)"],
            ["한국", "미래일자리실", "책임자", "팀 장", "홍가람", "(043-870-9001)"],
            ["고용정보원", "청년팀", "담당자", "연구위원", "김나래", "(043-870-9002)"],
        ]
    )
    assert [(found.organization, found.department) for found in find_contacts([table])] == [
        ("고용노동부", "청년과"),
        ("고용노동부", "청년과"),
        ("한국고용정보원", "미래일자리실 청년팀"),
        ("한국고용정보원", "미래일자리실 청년팀"),
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
