"""Forms of contact blocks beside the plain ones: names of all kinds, rows, cards, lists (all invented)."""

from __future__ import annotations

import pytest

from pipelines.blocks import blocks_of_text
from pipelines.contacts import find_contacts
from tests.offered import people, units


def test_rows_written_with_strokes_are_a_table() -> None:
    text = (
        "| 담당 부서 | 가나위원회 | 책임자 | 과 장 | 홍가람 | (02-2100-9001) |\n"
        "|---|---|---|---|---|---|\n"
        "| <총괄> | 다라과 | 담당자 | 사무관 | 김나래 | (02-2100-9002) |\n"
        "| 담당 부서 | 법무부 | 책임자 | 과 장 | 이다온 | (02-2110-9003) |\n"
        "| <공동> | 마바과 | 담당자 | 검 사 | 박라희 | (02-2110-9004) |"
    )
    assert people(text) == [
        ("가나위원회", "다라과", "홍가람", "과장", ("02-2100-9001",)),
        ("가나위원회", "다라과", "김나래", "사무관", ("02-2100-9002",)),
        ("법무부", "마바과", "이다온", "과장", ("02-2110-9003",)),
        ("법무부", "마바과", "박라희", "검사", ("02-2110-9004",)),
    ]


def test_strokes_may_stand_between_the_cells_alone() -> None:
    text = (
        "담당 부서 | 국방부 가나정책실 | 책임자 | 과장 | 홍가람 | (02-748-9001)\n"
        " | 다라과 | 담당자 | 중령 | 김나래 | (02-748-9002)"
    )
    assert people(text) == [
        ("국방부", "가나정책실 다라과", "홍가람", "과장", ("02-748-9001",)),
        ("국방부", "가나정책실 다라과", "김나래", "중령", ("02-748-9002",)),
    ]


@pytest.mark.parametrize("name", ["가람솔", "초은별", "빙그레", "해든솔", "마리아"])
def test_beside_a_rank_every_three_syllables_are_a_name(name: str) -> None:
    assert people(f"문의: 법무부 가나과 {name} 사무관(02-2110-9001)") == [
        ("법무부", "가나과", name, "사무관", ("02-2110-9001",))
    ]
    assert people(f"담당부서\n법무부\n가나과\n책임자\n과 장\n{name}\n(02-2110-9001)") == [
        ("법무부", "가나과", name, "과장", ("02-2110-9001",))
    ]


def test_after_a_unit_rare_family_names_are_read_without_a_rank() -> None:
    assert people("문 의: 가나지방고용노동청 다라과 판가람(02-2250-9001)") == [
        ("가나지방고용노동청", "다라과", "판가람", None, ("02-2250-9001",))
    ]


def test_after_a_rank_a_name_may_end_as_units_do() -> None:
    text = "담당부서\n법무부\n가나과\n책임자\n과 장\n홍예단\n(02-2110-9001)"
    text += "\n담당자\n사무관\n김나실\n(02-2110-9002)"
    assert [found[2] for found in people(text)] == ["홍예단", "김나실"]


def test_an_officer_may_be_the_rank_of_a_person() -> None:
    assert people(
        "담당부서: 법무부 가나과\n책임자: 담당관 홍가람 (02-2110-9001)\n담당자: 사무관 김나래 (02-2110-9002)"
    )[0] == (
        "법무부",
        "가나과",
        "홍가람",
        "담당관",
        ("02-2110-9001",),
    )


def test_the_post_before_a_rank_is_no_name() -> None:
    found = find_contacts(blocks_of_text("문의: 법무부 가나과 기술직 주무관(02-2110-9001)"))
    assert [contact.person for contact in found] == [None]


def test_a_unit_and_a_name_both_spaced_out_are_parted() -> None:
    assert people("문 의 : 홍 보 부 나 미 소 (052-704-9001)\n재 정 담 당 관 홍 가 람 (052-704-9002)") == [
        (None, "홍보부", "나미소", None, ("052-704-9001",)),
        (None, "재정담당관", "홍가람", None, ("052-704-9002",)),
    ]


def test_people_with_leaders_stand_below_their_unit() -> None:
    text = (
        "국방부 가나과\n 과   장 홍 가 람 ········ 02-748-9001\n"
        " 담 당 자 중령 김 나 래 ···· 02-748-9002\n다라사령부 마바처\n"
        " 담 당 자 소령 이 다 온 ···· 02-524-9003"
    )
    assert people(text) == [
        ("국방부", "가나과", "홍가람", "과장", ("02-748-9001",)),
        ("국방부", "가나과", "김나래", "중령", ("02-748-9002",)),
        ("다라사령부", "마바처", "이다온", "소령", ("02-524-9003",)),
    ]


def test_numbers_and_addresses_stand_below_their_person() -> None:
    text = (
        "< 참가 문의 >\n한국가나연구원 다라팀\n홍가람 선임연구원\n Tel. 042-860-9001\n Fax. 042-860-9002\n"
        " E-mail. hong@kari.example.kr\n김나래 행정원\n Tel. 042-860-9003\n E-mail. kim@kari.example.kr"
    )
    found = find_contacts(blocks_of_text(text))
    assert [(contact.department, contact.person, contact.phones, contact.emails) for contact in found] == [
        ("다라팀", "홍가람", ("042-860-9001",), ("hong@kari.example.kr",)),
        ("다라팀", "김나래", ("042-860-9003",), ("kim@kari.example.kr",)),
    ]
    assert found[0].faxes == ("042-860-9002",)


def test_the_label_of_a_unit_may_stand_on_the_line_of_its_name() -> None:
    text = (
        "담당부서 : 법무부 가나·다라정책본부 마바과\n 책임자 과장 홍가람 - 02-2110-9001\n"
        " 담당자 사무관 김나래 - 02-2110-9002\n담당부서 : 해양수산부 사아과\n"
        " 책임자 과장 이다온 - 044-200-9003"
    )
    assert people(text) == [
        ("법무부", "가나·다라정책본부 마바과", "홍가람", "과장", ("02-2110-9001",)),
        ("법무부", "가나·다라정책본부 마바과", "김나래", "사무관", ("02-2110-9002",)),
        ("해양수산부", "사아과", "이다온", "과장", ("044-200-9003",)),
    ]


def test_a_block_in_one_line_may_be_written_with_labels_and_commas() -> None:
    text = "담당과 : 관세청 가나과, 담당자 : 과장 홍가람, 주무관 김나래, 연락처 : 042-481-9001, 9002"
    assert people(text) == [
        ("관세청", "가나과", "홍가람", "과장", ("042-481-9001",)),
        ("관세청", "가나과", "김나래", "주무관", ("042-481-9002",)),
    ]


def test_people_in_a_bracket_after_their_unit_share_out_the_numbers_behind_it() -> None:
    assert people("◇ 담당부서 : 해양수산부 가나과(과장 홍가람, 사무관 김나래) ☎ 044-200-9001, 9002") == [
        ("해양수산부", "가나과", "홍가람", "과장", ("044-200-9001",)),
        ("해양수산부", "가나과", "김나래", "사무관", ("044-200-9002",)),
    ]


def test_a_role_in_brackets_is_no_part_of_the_unit() -> None:
    text = "담당 : 국세청 가나과 (책임자) 과장 홍가람 (044-204-9001) (담당자) 사무관 김나래 (044-204-9002)"
    assert [found[:3] for found in people(text)] == [
        ("국세청", "가나과", "홍가람"),
        ("국세청", "가나과", "김나래"),
    ]


def test_a_card_gives_each_field_with_its_label() -> None:
    text = (
        "성명: 홍가람\n소속: 한국가나기술원 다라실\n직위: 책임연구원\n"
        "전화: 02-2284-9001\n이메일: hong@example.kr"
    )
    (contact,) = find_contacts(blocks_of_text(text))
    assert (contact.organization, contact.department) == ("한국가나기술원", "다라실")
    assert (contact.person, contact.rank) == ("홍가람", "책임연구원")
    assert (contact.phones, contact.emails) == (("02-2284-9001",), ("hong@example.kr",))


def test_a_card_may_stand_on_one_line_and_another_may_follow() -> None:
    text = (
        "담당자 성명 : 홍가람 / 소속 : 병무청 가나과 / 연락처 : 042-481-9001\n"
        "담당자 성명 : 김나래 / 소속 : 병무청 다라과 / 연락처 : 042-481-9002"
    )
    assert [(found[1], found[2], found[4]) for found in people(text)] == [
        ("가나과", "홍가람", ("042-481-9001",)),
        ("다라과", "김나래", ("042-481-9002",)),
    ]


def test_labelled_fields_without_a_person_are_no_card() -> None:
    assert [found[2] for found in people("소속: 가나진흥원 다라부\n직위: 과장\n전화: 02-2284-9001")] == [None]


def test_a_heading_names_the_division_of_the_offices_below() -> None:
    assert units("□ 지방청 가나검사과 연락처\n다라지방병무청 02-820-9001\n마바지방병무청 051-667-9002") == [
        ("다라지방병무청", "가나검사과", ("02-820-9001",)),
        ("마바지방병무청", "가나검사과", ("051-667-9002",)),
    ]


def test_an_institution_before_a_colon_leads_the_unit_after_it() -> None:
    assert units("가나지방우정청 우편과 (053-940-9001)\n다라지방우정청 : 우편과 062-600-9002~3") == [
        ("가나지방우정청", "우편과", ("053-940-9001",)),
        ("다라지방우정청", "우편과", ("062-600-9002", "062-600-9003")),
    ]


def test_units_that_a_middle_dot_lists_share_their_number() -> None:
    assert units("문의: 대한가나협회 다라팀·한국마바협회 사아팀(02-6050-9001)") == [
        ("대한가나협회", "다라팀", ("02-6050-9001",)),
        ("한국마바협회", "사아팀", ("02-6050-9001",)),
    ]


def test_institutions_in_the_bracket_of_a_class_have_a_centre_each() -> None:
    assert units("자세한 사항은 각 은행의 콜센터(가나은행 1588-9001, 다라은행 1577-9002)로 문의") == [
        ("가나은행", "콜센터", ("1588-9001",)),
        ("다라은행", "콜센터", ("1577-9002",)),
    ]


def test_a_topic_in_the_bracket_of_a_unit_is_nobody() -> None:
    assert units("- 한국가나재단 다라실(이공 042-869-9001, 생명 9002)") == [
        ("한국가나재단", "다라실", ("042-869-9001", "042-869-9002"))
    ]


def test_the_topic_before_an_invitation_is_nobody() -> None:
    assert units("- 전산 문의: 1544-9001") == [(None, None, ("1544-9001",))]


def test_every_office_of_a_kind_is_none() -> None:
    assert units("국립가나관리원 각 시·군 사무소 담당자에게 문의하면 된다.") == []


def test_people_have_the_owner_that_the_text_names_with_their_unit_elsewhere() -> None:
    text = (
        "의견은 우편(서울 가나로 1, 다라위원회 마바과, 전자우편 opinion@example.kr)으로 보내면 된다.\n"
        "- 담당자 : 마바과 홍가람(02-2100-9001)"
    )
    assert [found[:3] for found in people(text)] == [
        ("다라위원회", "마바과", None),
        ("다라위원회", "마바과", "홍가람"),
    ]


def test_those_named_after_asking_need_no_number_of_their_own() -> None:
    text = "문의는 교육부 가나과 또는 한국다라원 마바센터로, 시스템 문의는 가나콜센터(1544-9001)로 하면 된다."
    assert [(found[0], found[1]) for found in units(text)][:2] == [
        ("교육부", "가나과"),
        ("한국다라원", "마바센터"),
    ]


def test_people_that_a_middle_dot_lists_are_told_apart() -> None:
    assert people("문의: 해양수산부 가나과 과장 홍가람·사무관 김나래(044-200-9001·9002)") == [
        ("해양수산부", "가나과", "홍가람", "과장", ("044-200-9001",)),
        ("해양수산부", "가나과", "김나래", "사무관", ("044-200-9002",)),
    ]


def test_units_of_several_owners_and_their_people_go_by_place() -> None:
    text = (
        "담당부서\n국토교통부 가나과\n한국다라공사 마바처\n담당자\n사무관 홍가람\n차장 김나래\n"
        "연락처\n044-201-9001\n02-2660-9002"
    )
    assert people(text) == [
        ("국토교통부", "가나과", "홍가람", "사무관", ("044-201-9001",)),
        ("한국다라공사", "마바처", "김나래", "차장", ("02-2660-9002",)),
    ]


def test_the_word_for_those_in_charge_may_stand_in_the_bracket_of_the_person() -> None:
    assert people("자료제공 : 국립가나과학원 다라연구과 (담당 연구관 홍가람 032-560-9001)") == [
        ("국립가나과학원", "다라연구과", "홍가람", "연구관", ("032-560-9001",))
    ]


def test_a_block_on_one_line_may_have_the_label_of_the_unit_alone() -> None:
    text = "담당부서 특허청 가나국 다라과 과 장 홍 가 람 042-481-9001 사무관 김 나 래 042-481-9002"
    assert people(text) == [
        ("특허청", "가나국 다라과", "홍가람", "과장", ("042-481-9001",)),
        ("특허청", "가나국 다라과", "김나래", "사무관", ("042-481-9002",)),
    ]


def test_the_number_of_a_person_may_stand_on_the_line_below() -> None:
    assert people(
        "<문의>\n기상청 다라과 과장 홍가람\n☎ 043-719-9001\n기상청 다라과 연구사 김나래\n☎ 043-719-9002"
    ) == [
        ("기상청", "다라과", "홍가람", "과장", ("043-719-9001",)),
        ("기상청", "다라과", "김나래", "연구사", ("043-719-9002",)),
    ]


def test_the_label_of_a_unit_may_say_what_its_part_is() -> None:
    text = (
        "총괄부서\n법무부\n가나과\n책임자\n과장\n홍가람\n(02-2110-9001)\n"
        "협조부서\n한국다라공단\n마바실\n책임자\n실장\n김나래\n(042-363-9002)"
    )
    found = find_contacts(blocks_of_text(text))
    assert [(contact.department, contact.person, contact.mark) for contact in found] == [
        ("가나과", "홍가람", "총괄"),
        ("마바실", "김나래", "협조"),
    ]


def test_a_bureau_like_a_name_is_no_person() -> None:
    text = (
        "담당 부서\n법무부\n가나국\n책임자\n과장\n홍가람\n(02-2110-9001)\n다라과\n담당자\n사무관\n김나래\n"
        "(02-2110-9002)\n<공동>\n기획재정부\n예산실\n책임자\n과장\n이다온\n(044-215-9003)"
    )
    assert [found[:3] for found in people(text)][-1] == ("기획재정부", "예산실", "이다온")


def test_the_office_of_the_reader_is_not_named() -> None:
    assert units("▪ 지원금: 관할 고용센터 기업지원팀 (국번없이 ☎ 1350)") == [(None, None, ("1350",))]


def test_units_named_as_examples_are_not_asked() -> None:
    text = "절차는 농촌진흥청 관련 부서(가나과 등)에 문의하면 된다.\n* 농촌진흥청(063-238-9001)"
    assert units(text) == [("농촌진흥청", None, ("063-238-9001",))]


def test_the_unit_may_stand_in_the_bracket_after_its_people() -> None:
    assert people("담당 : 과장 홍가람, 법제관 김나래 (법제처 가나과 02-748-9001)") == [
        ("법제처", "가나과", "홍가람", "과장", ("02-748-9001",)),
        ("법제처", "가나과", "김나래", "법제관", ("02-748-9001",)),
    ]


def test_an_item_of_a_list_of_people_may_end_as_units_do() -> None:
    found = people("문의: 법무부 가나과 홍가람(044-201-9001), 김미소(044-201-9002), 지원단(044-201-9003)")
    assert [contact[1:3] for contact in found] == [
        ("가나과", "홍가람"),
        ("가나과", "김미소"),
        ("지원단", None),
    ]


def test_an_officer_named_alone_stands_below_the_unit() -> None:
    text = "법무부 가나과\n홍가람 담당관\n☎ 044-201-9001\n김나래 사무관\n☎ 044-201-9002"
    assert [found[1:4] for found in people(text)] == [
        ("가나과", "홍가람", "담당관"),
        ("가나과", "김나래", "사무관"),
    ]


def test_the_name_of_a_company_may_hold_a_figure() -> None:
    assert units("문의처: 법무부 가나과(044-203-9001), G2KOREA 다라실(02-6258-9002)") == [
        ("법무부", "가나과", ("044-203-9001",)),
        ("G2KOREA", "다라실", ("02-6258-9002",)),
    ]


def test_units_sent_to_for_one_thing_each_are_all_taken() -> None:
    text = "서류는 경찰청 가나과로, 접수는 금융위원회 은행과에, 비용은 한국다라원 마바부로 문의하면 된다."
    assert units(text) == [
        ("경찰청", "가나과", ()),
        ("금융위원회", "은행과", ()),
        ("한국다라원", "마바부", ()),
    ]
    assert units("기업은 정부로, 개인은 법무부 다라과로 문의하면 된다.") == [("법무부", "다라과", ())]


@pytest.mark.parametrize("beside", ["외에도", "이외에", "뿐만 아니라"])
def test_what_stands_beside_another_way_to_ask_is_no_part_of_a_name(beside: str) -> None:
    text = f"상담은 129번(보건복지상담센터) {beside} 가나콜센터(1661-9001)로 하면 된다."
    assert units(text)[-1] == ("가나콜센터", None, ("1661-9001",))
