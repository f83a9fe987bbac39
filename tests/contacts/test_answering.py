"""Who answers a number in running text that names several."""

from __future__ import annotations

import pytest

from tests.offered import units


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


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("의심되면 가까운 농업기술센터나 1833-9572로 신고하면 된다.", [(None, None, ("1833-9572",))]),
        ("* 유가족 시료채취 문의 : 1577-9625", [(None, None, ("1577-9625",))]),
        ("제도 전반은 전용 콜센터(1600-9119)로 문의하면 된다.", [(None, "전용 콜센터", ("1600-9119",))]),
        (
            "자세한 내용은 가나재단 누리집과 전화 상담실(☎ 1599-9290)에서 안내한다.",
            [("가나재단", "전화 상담실", ("1599-9290",))],
        ),
        ("치매는 연중 전화상담센터(☎1588-9249)로 문의한다.", [("전화상담센터", None, ("1588-9249",))]),
    ],
)
def test_topics_and_other_ways_are_no_part_of_a_name(
    text: str, wanted: list[tuple[str | None, str | None, tuple[str, ...]]]
) -> None:
    assert units(text) == wanted
