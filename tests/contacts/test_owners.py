"""Whose a number is: one invented example, or more, of each kind of text."""

from __future__ import annotations

import pytest

from pipelines.blocks import blocks_of_text
from pipelines.contacts import find_contacts
from pipelines.contacts.own.candidates import weights

Owner = tuple[str | None, str | None, str | None, str]

OTHER_PLACES: list[tuple[str, list[Owner]]] = [
    (
        ("이번 강좌는 충남 공주시 한빛연구소에서 열린다. 자세한 사항은 전화(☎041-555-0101)로 문의하면 된다."),
        [("한빛연구소", None, None, "041-555-0101")],
    ),
    (
        (
            "이번 행사는 다라시와 함께 국립한빛연구소에서 열린다. 자세한 사항은 "
            "전화(☎041-555-0101)로 문의하면 된다."
        ),
        [("국립한빛연구소", None, None, "041-555-0101")],
    ),
    (
        "신청은 산림청 누리집 또는 한빛숲안내소(☎041-555-0101)로 하면 된다.",
        [("한빛숲안내소", None, None, "041-555-0101")],
    ),
    ("해양안전부 연락처\n해운정책과\n044-200-5555", [("해양안전부", "해운정책과", None, "044-200-5555")]),
    ("국토교통부 연락처\n도로정책과\n044-200-5555", [("국토교통부", "도로정책과", None, "044-200-5555")]),
    (
        (
            "신청서는 인증센터(한빛연수원)에 제출하면 된다. 자세한 내용은 "
            "인증센터(☎041-555-0101)에 문의하면 된다."
        ),
        [("한빛연수원", "인증센터", None, "041-555-0101")],
    ),
    (
        (
            "의견은 우편으로 제출할 수 있다.\n- 주소: (30103) 세종특별자치시 도움6로 11, "
            "정부세종청사 10동 4층 한빛정책과\n* 전화: 044-200-5555, 팩스: 044-200-5556"
        ),
        [(None, "한빛정책과", None, "044-200-5555")],
    ),
    (
        (
            "의견은 우편으로 제출할 수 있다.\n- 주소: (30103) 세종특별자치시 도움6로 11, "
            "국토교통부 도로정책과\n* 전화: 044-200-5555, 팩스: 044-200-5556"
        ),
        [("국토교통부", "도로정책과", None, "044-200-5555")],
    ),
    ("한빛대학교\n미래연구소\n044-200-5555", [("한빛대학교", "미래연구소", None, "044-200-5555")]),
    (
        ("한국농어촌공사는 27일부터 신청을 받는다. 기타 궁금한 사항은 대표전화(1577-7770)로 문의하면 된다."),
        [("한국농어촌공사", None, None, "1577-7770")],
    ),
    (
        (
            "사업에 대한 자세한 내용은 소상공인시장진흥공단 누리집(www.semas.or.kr)을 "
            "참고하거나 전화(1533-0100)로 문의하면 된다."
        ),
        [("소상공인시장진흥공단", None, None, "1533-0100")],
    ),
    (
        ("신청은 전화(☎043-713-8551), 한국보건산업진흥원 누리집(www.khidi.or.kr)을 통해 할 수 있다."),
        [("한국보건산업진흥원", None, None, "043-713-8551")],
    ),
    (
        "국립생태원은 체험 교실을 운영한다. 참가 예약은 041-950-5300으로 하면 된다.",
        [("국립생태원", None, None, "041-950-5300")],
    ),
    (
        (
            "햇살론은 서민금융진흥원을 통해 먼저 알아볼 것을 권장한다.\n* 유선(국번없이 "
            "☎1397), 인터넷(서민금융진흥원 누리집, www.kinfa.or.kr)"
        ),
        [("서민금융진흥원", None, None, "1397")],
    ),
    (
        (
            "교육은 가축위생방역지원본부에서 주관하며, 교육 문의는 가축위생방역지원본부 "
            "방역사업부(044-550-5599)로 전화하면 된다."
        ),
        [("가축위생방역지원본부", "방역사업부", None, "044-550-5599")],
    ),
]
PATHS: list[tuple[str, list[Owner]]] = [
    ("문의: 국토교통부 대출/금융팀(044-200-5555)", [("국토교통부", "대출/금융팀", None, "044-200-5555")]),
    (
        "문의: 도로국 (국토교통부) 도로정책과(044-200-5555)",
        [("국토교통부", "도로국 도로정책과", None, "044-200-5555")],
    ),
    (
        "문의: 국토교통부 도로정책과(안전팀) 044-200-5555",
        [("국토교통부", "도로정책과 안전팀", None, "044-200-5555")],
    ),
    (
        "문의: 보건복지부 한빛병원건립추진단(044-200-5555)",
        [("보건복지부", "한빛병원건립추진단", None, "044-200-5555")],
    ),
    (
        "문의: 국토교통부 도로정책과 안전팀장 홍길동(☎044-200-5555)",
        [("국토교통부", "도로정책과", "홍길동", "044-200-5555")],
    ),
    ("문의: 안전팀장 홍길동(☎044-200-5555)", [(None, None, "홍길동", "044-200-5555")]),
    (
        "신청방법과절차에대한자세한사항은보건복지부장애인서비스과(044-202-3347)에문의하면된다.",
        [("보건복지부", "장애인서비스과", None, "044-202-3347")],
    ),
    (
        "문의. 기획재정부 경제구조개혁국 경제구조개혁총괄과 김진 (044-215-8514)",
        [("기획재정부", "경제구조개혁국 경제구조개혁총괄과", "김진", "044-215-8514")],
    ),
]
SERVICES: list[tuple[str, list[Owner]]] = [
    (
        "도움이 필요하면 여성 긴급전화 1366(☎1366)으로 연락하면 된다.",
        [("여성 긴급전화 1366", None, None, "1366")],
    ),
    ("서민금융 ☎1397 콜센터로 문의하면 된다.", [("서민금융 콜센터", None, None, "1397")]),
    (
        "자세한 사항은 궁능 활용 프로그램 상담실(1522-2295)로 문의하면 된다.",
        [("궁능 활용 프로그램 상담실", None, None, "1522-2295")],
    ),
    (
        "자세한 사항은 궁능 활용 프로그램 전화 상담실(☎1522-2295)로 문의하면 된다.",
        [("궁능 활용 프로그램 전화 상담실", None, None, "1522-2295")],
    ),
]
TOPICS: list[tuple[str, list[Owner]]] = [
    (
        "담당 : 기획재정부 물가정책과 물가(044-215-2771~7)",
        [
            (
                "기획재정부",
                "물가정책과",
                None,
                "044-215-2771,044-215-2772,044-215-2773,044-215-2774,044-215-2775,044-215-2776,044-215-2777",
            )
        ],
    ),
    ("* 물가(044-215-2771~3)", [(None, None, None, "044-215-2771,044-215-2772,044-215-2773")]),
    ("상담·문의: ☎ 1588-1234", [(None, None, None, "1588-1234")]),
    ("교육 신청·문의 : ☎ 02-555-1234", [(None, None, None, "02-555-1234")]),
    (
        "가전(044-203-4321), 섬유(044-203-4322)",
        [(None, None, None, "044-203-4321"), (None, None, None, "044-203-4322")],
    ),
]
NO_OFFERS: list[tuple[str, list[Owner]]] = [
    ("정부는 불법스팸 신고센터(☎118) 운영 등 대책을 추진해 왔다.", []),
    ("경찰청은 그동안 통합신고대응센터(☎1566-1188)를 설치·운영하는 등 노력해 왔다.", []),
    (
        (
            '문자 예시는 다음과 같다. "[국제발신] 결제가 완료되었습니다. 문의: 02-555-1234" '
            "이런 문자를 받으면 열지 말아야 한다."
        ),
        [],
    ),
    (('다음은 실제 스미싱 문자이다.\n"고객님 택배가 반송되었습니다. 문의전화 070-1234-5678"'), []),
]
SEVERAL: list[tuple[str, list[Owner]]] = [
    (
        "예약은 안내데스크(☎02-555-1301) 또는 담당자(☎02-555-1302)에게 하면 된다.",
        [("안내데스크", None, None, "02-555-1301"), (None, None, None, "02-555-1302")],
    ),
    (
        "예약은 안내데스크(☎02-555-1301) 또는 교육과(☎02-555-1302)에 하면 된다.",
        [("안내데스크", None, None, "02-555-1301"), (None, "교육과", None, "02-555-1302")],
    ),
    (
        (
            "자세한 사항은 국립한빛박물관 안내데스크(☎041-555-0101) 또는 "
            "담당자(☎041-555-0102)에게 문의하면 된다."
        ),
        [
            ("국립한빛박물관", "안내데스크", None, "041-555-0101"),
            ("국립한빛박물관", None, None, "041-555-0102"),
        ],
    ),
    (
        "국토교통부 대표전화(044-201-1111)\n문의: 국토교통부 도로정책과(044-200-5555)",
        [("국토교통부", None, None, "044-201-1111"), ("국토교통부", "도로정책과", None, "044-200-5555")],
    ),
    (
        ("문의는 국토교통부로 하면 된다. 도로 관련은 국토교통부 도로정책과(044-200-5555)가 맡는다."),
        [("국토교통부", "도로정책과", None, "044-200-5555")],
    ),
]
LISTS: list[tuple[str, list[Owner]]] = [
    (
        "본부세관 수출입기업지원센터 연락처\n- 서울: 02-510-1371\n- 부산: 051-620-6951",
        [
            ("서울본부세관", "수출입기업지원센터", None, "02-510-1371"),
            ("부산본부세관", "수출입기업지원센터", None, "051-620-6951"),
        ],
    ),
    (
        "문의처\n국립한빛과학관 교육팀\n02-555-1234\n국립달빛과학관 전시팀\n02-555-4321",
        [
            ("국립한빛과학관", "교육팀", None, "02-555-1234"),
            ("국립달빛과학관", "전시팀", None, "02-555-4321"),
        ],
    ),
    (
        (
            "지역\n기관\n전화\n서울\n서울한빛센터\n02-555-1234\n부산\n부산달빛센터\n051-555-4321\n"
            "대구\n대구별빛센터\n053-555-4321"
        ),
        [
            ("서울한빛센터", None, None, "02-555-1234"),
            ("부산달빛센터", None, None, "051-555-4321"),
            ("대구별빛센터", None, None, "053-555-4321"),
        ],
    ),
    (
        (
            "번호\n과제\n담당부서\n전화\n1\n도로 안전\n도로정책과\n044-200-5551\n2\n철도 안전\n"
            "철도정책과\n044-200-5552\n3\n항공 안전\n항공정책과\n044-200-5553"
        ),
        [
            (None, "도로정책과", None, "044-200-5551"),
            (None, "철도정책과", None, "044-200-5552"),
            (None, "항공정책과", None, "044-200-5553"),
        ],
    ),
    (
        "소속\n성명\n연락처\n도로정책과\n홍길동\n044-200-5551\n철도정책과\n김나래\n044-200-5552",
        [(None, "도로정책과", "홍길동", "044-200-5551"), (None, "철도정책과", "김나래", "044-200-5552")],
    ),
    (
        (
            "부서명\n담당자\n전화번호\n이메일\n도로정책과\n홍길동\n044-200-5551\nhong@korea.kr\n"
            "철도정책과\n김나래\n044-200-5552\nkim@korea.kr"
        ),
        [(None, "도로정책과", "홍길동", "044-200-5551"), (None, "철도정책과", "김나래", "044-200-5552")],
    ),
]
EXPLAINED: list[tuple[str, list[Owner]]] = [
    (
        ("한빛연구원(원장 홍길동)은 설명회를 연다. 참가 문의는 사무국(02-555-1234)으로 하면 된다."),
        [(None, "사무국", None, "02-555-1234")],
    ),
    (
        (
            "국가유산청 현충사관리소(소장 박근용)는 지킴이를 모집한다.\n자세한 사항은 "
            "전화(현충사관리소 ☎041-539-4614)로 문의하면 안내받을 수 있다."
        ),
        [("현충사관리소", None, None, "041-539-4614")],
    ),
    (
        (
            "국립한빛박물관(이하 '박물관')은 교육을 운영한다. 자세한 내용은 박물관 "
            "교육팀(041-555-0101)으로 문의하면 된다."
        ),
        [("국립한빛박물관", "교육팀", None, "041-555-0101")],
    ),
    (
        (
            "개인정보보호위원회(이하 '개인정보위')는 안내서를 냈다. 자세한 내용은 개인정보위 "
            "기술과(02-2100-3061)로 문의하면 된다."
        ),
        [("개인정보위", "기술과", None, "02-2100-3061")],
    ),
]


def found(text: str) -> list[Owner]:
    """Return organization, department, person and numbers of every contact, white space aside."""
    return [
        (one.organization, one.department, one.person, ",".join(one.phones))
        for one in find_contacts(blocks_of_text(text))
    ]


@pytest.mark.parametrize(("text", "expected"), OTHER_PLACES)
def test_the_owner_may_stand_in_another_clause_sentence_heading_or_line(
    text: str, expected: list[Owner]
) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(("text", "expected"), PATHS)
def test_paths_are_divided_where_units_begin(text: str, expected: list[Owner]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(("text", "expected"), SERVICES)
def test_services_keep_their_whole_name(text: str, expected: list[Owner]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(("text", "expected"), TOPICS)
def test_topics_and_labels_own_no_number(text: str, expected: list[Owner]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(("text", "expected"), NO_OFFERS)
def test_numbers_told_of_or_quoted_are_no_offer(text: str, expected: list[Owner]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(("text", "expected"), SEVERAL)
def test_two_who_answer_stay_two_and_one_stays_one(text: str, expected: list[Owner]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_lists_and_flattened_tables_give_each_row_its_owner(text: str, expected: list[Owner]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(("text", "expected"), EXPLAINED)
def test_names_are_spelt_out_where_the_text_explains_them(text: str, expected: list[Owner]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "owner_by"),
    [
        ("문의: 국토교통부 도로정책과(044-200-5555)", "printed"),
        ("담당 부서\n도로정책과\n책임자\n과장 홍길동\n(044-200-5555)", "grid"),
        ("국립한빛박물관이 여는 강좌의 예약은 전화(☎041-555-0101)로 할 수 있다.", "clause"),
        ("국립한빛박물관에서 열린다. 자세한 사항은 전화(☎041-555-0101)로 문의하면 된다.", "scope"),
        ("자세한 사항은 전화(☎041-555-0101)로 문의하면 된다.", "none"),
    ],
)
def test_a_contact_says_how_its_owner_is_known(text: str, owner_by: str) -> None:
    (one,) = find_contacts(blocks_of_text(text))
    assert one.owner_by == owner_by
    assert one.score is not None
    assert 0.5 <= one.score <= 1


def test_what_is_printed_is_surer_than_what_is_gathered() -> None:
    texts = (
        "문의: 국립한빛박물관(041-555-0101)",
        "국립한빛박물관이 여는 강좌의 예약은 전화(☎041-555-0101)로 할 수 있다.",
        "국립한빛박물관에서 열린다. 자세한 사항은 전화(☎041-555-0101)로 문의하면 된다.",
    )
    scores = [one.score for text in texts for one in find_contacts(blocks_of_text(text))]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # the rank names another unit than the line above
            "문의: 한빛공단 보증팀(044-200-1111)\n정책팀장 박새롬(044-200-1234)",
            [
                ("한빛공단", "보증팀", None, "044-200-1111"),
                ("한빛공단", None, "박새롬", "044-200-1234"),
            ],
        ),
        (
            "담당 부서 보증팀(044-200-1111)\n보증팀장 박새롬(044-200-1234)",
            [(None, "보증팀", None, "044-200-1111"), (None, "보증팀", "박새롬", "044-200-1234")],
        ),
        (  # a name like a ministry's is below no ministry
            "문의: 기획재정부 예산총괄과(044-200-1111), 한울부 세정과(044-200-1234)",
            [
                ("기획재정부", "예산총괄과", None, "044-200-1111"),
                ("한울부", "세정과", None, "044-200-1234"),
            ],
        ),
        (
            "문의: 기획재정부 예산총괄과(044-200-1111), 정책본부 세정과(044-200-1234)",
            [
                ("기획재정부", "예산총괄과", None, "044-200-1111"),
                ("기획재정부", "정책본부 세정과", None, "044-200-1234"),
            ],
        ),
        ("문의 044-200-1234 한빛공단 기획팀", [("한빛공단", "기획팀", None, "044-200-1234")]),
        ("한빛택배 고객센터 1588-1234", [("한빛택배", "고객센터", None, "1588-1234")]),
        ("알뜰카드 고객센터 1588-1234", [("알뜰카드 고객센터", None, None, "1588-1234")]),
    ],
)
def test_a_name_is_taken_for_the_unit_that_it_is(text: str, expected: list[Owner]) -> None:
    assert found(text) == expected


def test_every_weight_is_a_number_and_most_speak_for_an_owner() -> None:
    assert all(-10 < weight < 10 for weight in weights().values())
    assert weights()["same_sentence"] > weights()["sentence_before"] > weights()["two_before"]
