"""The rewriting of queries: which spellings of a word a query finds, text by text."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from archive.search import parse, search_ko
from archive.search.query import MOST_TERMS
from archive.search.tokenizer import index_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def finds() -> Iterator[Callable[[str, str], bool]]:
    """Return whether a query finds a text."""
    conn = sqlite3.connect(":memory:")
    columns = "body, title, attachments, organization"
    conn.execute(f"CREATE VIRTUAL TABLE f USING fts5({columns}, content='', tokenize='ascii')")

    def ask(query: str, text: str) -> bool:
        conn.execute("INSERT INTO f (f) VALUES ('delete-all')")
        conn.execute("INSERT INTO f (rowid, body) VALUES (1, ?)", (index_tokens(text),))
        return conn.execute("SELECT 1 FROM f WHERE f MATCH ?", (search_ko(query),)).fetchone() is not None

    yield ask
    conn.close()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("기후위기란", "기후위기에 대응한다"),
        ("소비자한테서", "소비자를 지킨다"),
        ("노동자들에겐", "노동자가 쉰다"),
        ("교사들뿐만", "교사를 돕는다"),
        ("대통령님", "대통령이 말했다"),
        ("코로나19는", "코로나19 이후"),
        ("G20에서", "G20 정상회의"),
        ("119가", "119에 알린다"),
        ("30%가", "30%다"),
        ("65세가", "65세 이상"),
        ("14일이", "14일까지"),
        ("100만명이", "100만 명을"),
        ("1인가구가", "1인 가구의"),
        ("섬에서", "섬으로 간다"),
        ("쌀까지", "쌀이 남는다"),
        ("빵을", "빵과 우유"),
        ("숲이", "숲을 가꾼다"),
        ("땅에", "땅을 판다"),
        ("농업인께", "농업인을 돕는다"),
        ("국민이지만", "국민을 돕는다"),
    ],
)
def test_particles_are_taken_off(finds: Callable[[str, str], bool], query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("결과는", "결을 살린다"),  # no 결 + 과는
        ("산은", "산을 오른다"),  # 산업은행
        ("길이", "길을 넓힌다"),
        ("차이", "차를 산다"),
        ("종로3가", "종로 3번 출구"),
        ("3만", "3명이 왔다"),
        ("25도", "25명이 왔다"),
        ("4차로", "4명이 왔다"),
        ("수사2과", "수사 2팀"),
    ],
)
def test_what_looks_like_a_particle_stays(finds: Callable[[str, str], bool], query: str, text: str) -> None:
    assert not finds(query, text)


@pytest.mark.parametrize("query", ["3000만원", "3,000만원", "3000만 원", "3,000만 원에", "3000 만원"])
@pytest.mark.parametrize(
    "text", ["3,000만원을", "3,000만 원", "3000만 원까지", "3000만 원부터", "3000만 원씩"]
)
def test_a_quantity_is_one_expression(finds: Callable[[str, str], bool], query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize("query", ["5천만원", "5천만 원", "5천만 원을"])
def test_a_space_may_follow_a_numeral_of_several_syllables(
    finds: Callable[[str, str], bool], query: str
) -> None:
    assert finds(query, "5천만 원까지")
    assert finds(query, "5천만원당")


def test_a_letter_and_a_syllable_begin_a_compound(finds: Callable[[str, str], bool]) -> None:
    assert finds("C형 간염", "C형간염을")
    assert finds("C형간염", "C형 간염을")
    assert not finds("C형", "C등급")


def test_a_number_and_a_unit_elsewhere_are_no_quantity(finds: Callable[[str, str], bool]) -> None:
    assert not finds("30 %", "30명 가운데 5%")
    assert not finds("100만 명에게", "100만 원을 세 명에게")
    assert finds('"100만 명"', "100만 명")
    assert not finds('"100만 명"', "100만명")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("영·유아", "영유아 보육"),
        ("영유아를", "영·유아 보육"),
        ("중·장기", "중장기 계획"),
        ("중장기", "중·장기 계획"),
        ("국내·외", "국내외에서"),
        ("민·관이", "민관 협력"),
        ("민관", "민·관 협력"),
        ("읍면동", "읍·면·동 주민센터"),
        ("온오프라인", "온·오프라인"),
        ("석박사", "석·박사 인력"),
        ("의료-개혁", "의료개혁"),
        ("바다샘·한들", "한들·바다샘 사태"),
    ],
)
def test_a_middle_dot_may_be_there_or_not(finds: Callable[[str, str], bool], query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("15771000", "문의 1577-1000"),
        ("1577-1000", "문의 1577-1000"),
        ("+82-44-200-0002", "문의 044-200-0002"),
        ("0442000002", "문의 044-200-0002"),
    ],
)
def test_a_number_is_found_however_it_is_dialled(
    finds: Callable[[str, str], bool], query: str, text: str
) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    "query", ["산불 AND 홍수", "산불 홍수", "산불 NOT 가뭄", "가뭄 or 산불", "가뭄|산불"]
)
def test_operators_are_understood_as_people_type_them(finds: Callable[[str, str], bool], query: str) -> None:
    assert finds(query, "산불과 홍수")
    assert not finds(query, "홍수와 가뭄") or "가뭄" in query.split("NOT")[0]


def test_what_a_query_costs_is_bounded() -> None:
    repeated = parse("지방자치단체의료기관 " * 500)
    assert len(repeated.groups) == 1
    assert len(parse(" ".join(f"낱말{number}번" for number in range(500))).groups) == MOST_TERMS
    for text in ("가·나·다·라·" * 1000, "가나다라" * 2500, " ".join(["지방자치단체의료기관보건"] * 9)):
        assert len(search_ko(text)) < 5000
    many = " OR ".join(f"지방자치단체{number}의료기관" for number in range(30))
    assert sum(len(term.forms) for term in parse(many).terms) <= 100
