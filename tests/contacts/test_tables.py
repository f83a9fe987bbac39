"""Contacts of lists, tables and blocks of those responsible (names and numbers invented)."""

from __future__ import annotations

from pipelines.blocks import Cell, Paragraph, Table, blocks_of_text, table_of
from pipelines.contacts import find_contacts
from tests.offered import RESPONSIBLE, people, units


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


def test_the_first_cell_names_the_service_and_not_what_it_offers() -> None:
    table = table_of(
        [["다누리콜센터", "24시간 운영", "1577-9366"], ["가나돌봄 서비스", "평일 요금 적용", "1644-9621"]]
    )
    assert [(found.organization, found.phones) for found in find_contacts([table])] == [
        ("다누리콜센터", ("1577-9366",)),
        ("가나돌봄 서비스", ("1644-9621",)),
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


def test_a_title_of_office_beside_a_name_is_a_rank_and_no_unit() -> None:
    table = table_of(
        [
            ["담당 부서", "기후에너지환경부", "책임자", "담당관", "홍가람", "(044-201-9210)"],
            ["", "", "담당자", "서기관", "김나래", "(044-201-9337)"],
            ["", "가나재정담당관", "담당자", "사무관", "이다온", "(044-201-9347)"],
        ]
    )
    found = find_contacts([table])
    assert {(contact.organization, contact.department) for contact in found} == {
        ("기후에너지환경부", "가나재정담당관")
    }
    assert [(contact.person, contact.rank) for contact in found] == [
        ("홍가람", "담당관"),
        ("김나래", "서기관"),
        ("이다온", "사무관"),
    ]


def test_a_letterhead_may_say_when_to_print_between_the_unit_and_its_people() -> None:
    table = table_of(
        [
            ["보 도 자 료", "작성과", "가나공개과"],
            ["2019년 8월 20일(화) 석간\n보도하여 주시기 바랍니다.", "담당자", "과  장 홍가람\n사무관 김나래"],
            ["", "연락처", "044-205-9261\n044-205-9263"],
        ]
    )
    assert [(found.department, found.person, found.phones) for found in find_contacts([table])] == [
        ("가나공개과", "홍가람", ("044-205-9261",)),
        ("가나공개과", "김나래", ("044-205-9263",)),
    ]


def test_units_above_the_first_label_count_across_empty_lines() -> None:
    text = "산업부\n\n가나정책과\n\n책임자\n\n과 장\n\n홍가람\n\n(044-203-9650)"
    assert people(text) == [("산업부", "가나정책과", "홍가람", "과장", ("044-203-9650",))]


def test_a_row_of_a_flattened_table_begins_with_whose_it_is_and_ends_with_the_number() -> None:
    text = (
        "【 모집 계획 】\n운영사\n분야\n모집기간\n접수방법\n문의처\n"
        "가나벤처러스\n사물인터넷\n5.18~5.31\n이메일 접수\n(gana@example.com)\n홍가람 PM\n02-3440-9450\n"
        "다라크래프터스\n블록체인\n5.13~6.15\n이메일 접수\n(dara@example.com)\n김나래 매니저 02-6941-9998\n"
        "□ 장관은 지원을 이어 가겠다고 말했다."
    )
    found = find_contacts(blocks_of_text(text))
    assert [(contact.organization, contact.person, contact.rank) for contact in found] == [
        ("가나벤처러스", "홍가람", "PM"),
        ("다라크래프터스", "김나래", "매니저"),
    ]
    assert [(contact.phones, contact.emails) for contact in found] == [
        (("02-3440-9450",), ("gana@example.com",)),
        (("02-6941-9998",), ("dara@example.com",)),
    ]


def test_a_ministry_broken_in_its_cell_is_one_though_its_end_was_one_too() -> None:
    table = table_of([("기관", "연락처"), ("과학기술\n정보통신부", "044-202-9531")])
    (found,) = find_contacts([table])
    assert found.organization == "과학기술 정보통신부"


def test_a_ministry_or_a_mark_in_the_place_of_the_label_takes_no_unit_away() -> None:
    # As PDFs have it, the cells of the label and of the unit being one over both rows.
    for label, organization in (("산업통상부", "산업통상부"), ("경찰청", "경찰청"), ("<총괄>", None)):
        cells = (
            Cell(label, 0, 0, 2),
            Cell("가나정책관\n다라과", 0, 1, 2),
            Cell("책임자", 0, 2),
            Cell("과 장 홍가람 (044-203-9650)", 0, 3),
            Cell("담당자", 1, 2),
            Cell("사무관 김나래 (044-203-9651)", 1, 3),
        )
        found = find_contacts([Table(cells)])
        assert [(one.organization, one.department, one.person) for one in found] == [
            (organization, "가나정책관 다라과", "홍가람"),
            (organization, "가나정책관 다라과", "김나래"),
        ]


def test_each_ministry_in_the_place_of_a_label_has_its_own_people() -> None:
    rows = [
        ("산업통상부", "가나과", "책임자", "과 장", "홍가람", "(044-203-9650)"),
        ("", "", "담당자", "사무관", "김나래", "(044-203-9651)"),
        ("재정경제부", "다라과", "책임자", "과 장", "이하늘", "(044-215-9660)"),
    ]
    found = find_contacts([table_of(rows)])
    assert [(one.organization, one.department, one.person) for one in found] == [
        ("산업통상부", "가나과", "홍가람"),
        ("산업통상부", "가나과", "김나래"),
        ("재정경제부", "다라과", "이하늘"),
    ]


def test_a_division_below_all_people_of_its_bureau_is_theirs() -> None:
    rows = (
        "담당 부서\n가나정책관\n책임자\n과 장\n홍가람\n(044-202-9368)\n"
        "담당자\n사무관\n김나래\n(044-202-9370)\n다라지원과\n한국\n마바분석팀\n책임자\n팀 장\n이다온\n"
        "(043-870-9203)\n가나정보원\n사아지원팀\n책임자\n팀 장\n박라온\n(043-870-9550)"
    )
    assert [(one[0], one[1], one[2]) for one in people(rows)] == [
        (None, "가나정책관 다라지원과", "홍가람"),
        (None, "가나정책관 다라지원과", "김나래"),
        ("한국가나정보원", "마바분석팀", "이다온"),
        ("한국가나정보원", "사아지원팀", "박라온"),
    ]
