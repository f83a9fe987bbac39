"""Contacts of sentences, with numbers and without (names and numbers invented)."""

from __future__ import annotations

import pytest

from pipelines.blocks import blocks_of_text
from pipelines.contacts import find_contacts
from tests.offered import units


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
        "국민신문고, 국민콜110, 국민생각함으로 접수된 민원을 살폈다.",
        "재산세는 전용 콜센터로 문의하면 된다.",
        "긴급한 상황일 때는 112 또는 119에 연락하시면 됩니다.",
        "관련 기관에 문의하거나 관할 지자체에 연락해 주시기 바랍니다.",
        "거주 지역 시군농업기술센터 축산 담당자에게 문의하면 된다.",
        "자녀가 재학 중인 학교의 늘봄지원실에 문의해야 합니다.",
        "전략을 발표했다. 예산은 129,276원이다.",
    ],
)
def test_false_friends_and_unnamed_offices_give_no_contact(text: str) -> None:
    assert units(text) == []


def test_mentions_of_one_unit_are_one_contact_with_the_fullest_path() -> None:
    text = "가나정책과에 문의해 주시기 바랍니다.\n문의: 문화체육관광부 가나정책실 가나정책과(044-203-9773)"
    assert units(text) == [("문화체육관광부", "가나정책실 가나정책과", ("044-203-9773",))]


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


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "시군 보육 담당 부서, 어린이집 이용불편·부정신고센터(1670-9082)에 신고할 수 있다.",
            [("어린이집 이용불편·부정신고센터", None, ("1670-9082",))],
        ),
        (
            "문의가 있으면 보건소나 보건복지상담센터(☎129)에 연락하면 된다.",
            [("보건복지상담센터", None, ("129",))],
        ),
        (
            "전국 50개 서민가나통합지원센터(1600-9500)에 문의하면 된다.",
            [("서민가나통합지원센터", None, ("1600-9500",))],
        ),
        (
            "가나 집단행동 피해신고·지원센터 운영 방안\n피해신고·지원센터가 문을 열어 ☎129로 연락할 수 있다.",
            [("가나 집단행동 피해신고·지원센터", None, ("129",))],
        ),
    ],
)
def test_nouns_without_particle_before_a_centre_are_part_of_its_name(
    text: str, wanted: list[tuple[str | None, str | None, tuple[str, ...]]]
) -> None:
    assert units(text) == wanted


def test_what_a_number_is_for_names_nobody() -> None:
    assert units("국내 가나 시험 참여는 1577-9858로 전화하면 된다.") == [(None, None, ("1577-9858",))]
    assert units("누구든지 전국 단일번호(1372)로 전화하면 상담을 받는다.") == [(None, None, ("1372",))]


def test_a_site_listed_before_a_number_does_not_answer_it() -> None:
    text = "예약은 질병관리청 가나19 예방접종 누리집*, 1339(콜센터), 주민센터 방문으로 한다."
    assert units(text) == [(None, "콜센터", ("1339",))]


def test_an_address_named_twice_is_one_contact() -> None:
    text = (
        "작품은 전자우편(gana@example.or.kr)으로 제출한다.\n심사는 9월에 한다.\n"
        "궁금한 점은 전자우편(gana@example.or.kr) 혹은 전화(☎ 042-610-9931)로 문의하면 된다."
    )
    (contact,) = find_contacts(blocks_of_text(text))
    assert (contact.phones, contact.emails) == (("042-610-9931",), ("gana@example.or.kr",))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "가나장학재단 누리집(www.gana.go.kr)에서 볼 수 있으며, 상담센터(1599-9000)로도 문의할 수 있다.",
            [("가나장학재단", "상담센터", ("1599-9000",))],
        ),
        (
            "이용 혜택은 알뜰교통카드 누리집(www.gana.kr) 또는 고객센터(031-427-9415)로 확인할 수 있다.",
            [("알뜰교통카드", "고객센터", ("031-427-9415",))],
        ),
        (
            "가나공사의 '가나(www.gana.or.kr)'와 다라원 누리집 또는 고객지원센터(1588-9570)로 조회한다.",
            [(None, "고객지원센터", ("1588-9570",))],
        ),
        (
            "가나스타 누리집(www.gana.go.kr)에서 볼 수 있으며, 통합콜센터(1357)로도 문의할 수 있다.",
            [(None, "통합콜센터", ("1357",))],
        ),
    ],
)
def test_the_one_site_of_a_sentence_says_whose_centre_it_names(
    text: str, wanted: list[tuple[str | None, str | None, tuple[str, ...]]]
) -> None:
    assert units(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "가나수 전화상담(1899-9134, 국립가나과학원)으로 신청받는다.",
            [("국립가나과학원", None, ("1899-9134",))],
        ),
        ("전화(1339, 지자체콜센터)로 예약할 수 있다.", [(None, None, ("1339",))]),
        (
            "주민은 울진 국유림관리소(054-780-9964)에 신청하면 된다.",
            [("울진 국유림관리소", None, ("054-780-9964",))],
        ),
        (
            "카드는 전국 주민센터, 누리집, 전화(ARS 1544-9412)로 신청할 수 있다.",
            [(None, None, ("1544-9412",))],
        ),
        ("행사 관련 문의사항은 접수처(02-3462-9515)로 하면 된다.", [(None, None, ("02-3462-9515",))]),
        (
            "문의는 환경부 가나국 다라과(044-51-9433)로 하면 된다.",
            [("환경부", "가나국 다라과", ("044-51-9433",))],
        ),
        ("상담은 국민콜110으로 전화하면 된다.", [("국민콜", None, ("110",))]),
    ],
)
def test_names_beside_a_number_answer_it_where_they_are_somebody_s(
    text: str, wanted: list[tuple[str | None, str | None, tuple[str, ...]]]
) -> None:
    assert units(text) == wanted


def test_what_is_sent_with_a_mail_has_no_address() -> None:
    assert units("신청서는 출품작과 함께 메일(gana@example.or.kr)로 제출하면 된다.") == [(None, None, ())]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "가나콜센터를 통해 상담할 수 있다.\n가족상담전화는 열려 있으며, 1644-9621로 문의하면 된다.",
            [("가나콜센터", None, ()), ("가족상담전화", None, ("1644-9621",))],
        ),
        (
            "가나 장려금 전용 콜센터(1899-9082)를 통해 안내한다.\nㅇ (안내) 다라공단, 전용콜센터(1899-9082)",
            [("가나 장려금 전용 콜센터", None, ("1899-9082",))],
        ),
        ("농관원에 콜센터(1644-9778)도 설치·운영 중이다.", [("농관원", "콜센터", ("1644-9778",))]),
        (
            "일정은 가나박람회 사무국 누리집(www. gana.or.kr, ☎02-2069-9564)에서 볼 수 있다.",
            [("가나박람회 사무국", None, ("02-2069-9564",))],
        ),
        (
            "기증을 원하면 해양수산부 가나과 국립다라박물관 유물수집 담당자에게 전화(044-200-9232)로 문의",
            [("해양수산부", "가나과", ("044-200-9232",))],
        ),
    ],
)
def test_the_name_nearest_in_meaning_answers_a_number(
    text: str, wanted: list[tuple[str | None, str | None, tuple[str, ...]]]
) -> None:
    assert units(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "자세한 사항은 국토교통부 가나정책관 가나과와 다라과(044-201-9001, 9002)로 문의하면 된다.",
            [
                ("국토교통부", "가나정책관 가나과", ("044-201-9001",)),
                ("국토교통부", "다라과", ("044-201-9002",)),
            ],
        ),
        (
            "* 상담 : (부산) 051-720-9944 (제주) 064-720-9004",
            [(None, None, ("051-720-9944",)), (None, None, ("064-720-9004",))],
        ),
        (
            "행사는 가나협동조합 운영사무국(02-300-9025) 또는 현충사관리소(041-539-9614)로 문의하면 된다.",
            [
                ("가나협동조합", "운영사무국", ("02-300-9025",)),
                ("현충사관리소", None, ("041-539-9614",)),
            ],
        ),
        (
            "희망자는 (사)가나기능인협회 누리집에서 신청서를 받아 이메일(gana@example.or.kr)로 낸다.",
            [("(사)가나기능인협회", None, ())],
        ),
    ],
)
def test_numbers_of_several_are_told_apart(
    text: str, wanted: list[tuple[str | None, str | None, tuple[str, ...]]]
) -> None:
    assert units(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            '해양수산부 홍가람 어촌양식정책관은 "위반이 의심되면 신고전화 1899-9112로 제보해 달라"라고 했다.',
            [(None, None, ("1899-9112",))],
        ),
        (
            "표시가 의심되면 전화(☎ 1588-9112) 또는 국립가나관리원 누리집을 통해 신고해 달라고 당부했다.",
            [("국립가나관리원", None, ("1588-9112",))],
        ),
        (
            "정신건강 상담전화(1577-9199), 청소년 상담전화(1388)에서 도움을 받을 수 있다.",
            [("정신건강 상담전화", None, ("1577-9199",)), ("청소년 상담전화", None, ("1388",))],
        ),
        (
            "피해자 신고 → 가나지원센터(1600-9500) 배정",
            [("가나지원센터", None, ("1600-9500",))],
        ),
    ],
)
def test_neither_a_speaker_nor_the_step_before_answers(
    text: str, wanted: list[tuple[str | None, str | None, tuple[str, ...]]]
) -> None:
    assert units(text) == wanted
