"""The work of finding contacts grows as the text does, whatever the text repeats."""

from __future__ import annotations

import sys
import time
from itertools import count, takewhile
from typing import TYPE_CHECKING

import pytest

from pipelines.blocks import blocks_of_text
from pipelines.contacts import find_contacts
from pipelines.phones import find_numbers
from tests.thorough import one_in

if TYPE_CHECKING:
    from collections.abc import Callable

#: What a text may be made of; %s stands for words that differ from each other.
REPEATED = """담당 부서⏎과장⏎홍길동⏎ | 담당 부서/과장/홍길동⏎ | 홍길동(044-200-1234)_ | 가나과(044-200-1234),_
~ | 문의: 가나과 홍길동 사무관(044-200-1234)⏎ | 가나과에 문의하면_
가나과에 문의하고, 다라팀으로 연락하면 된다._ | 가나부_ | 과장_ | 홍길동_ | 홍 길 동_ | ( | (( | 가나(
[ | < | 담당자⏎홍길동⏎ | 책임자_ | 담당부서_ | 044-200-1234_ | 044-200-1234, 1235,_ | 044-200-1234~
1577- | 129_ | ☎129,_ | a@ | a. | a@b.c_ | www. | 가나과· | 가나과,_ | 가· | · | -_ | :_ | 문의 :_
문의는_ | 가나센터_ | 가나콜센터(1577-1234)_ | 각 은행의 콜센터( | 가나은행 1588-1234,_ | " | ' | 이하_
※_ | 1- | 12:30_ | (044) | +82- | 관련 기관, 가나과 등에 문의_ | ‘가나센터’( | 전화( | <총괄>
성명: 홍길동_ | 소속: 가나과⏎성명: 홍길동⏎전화: 044-200-1234⏎ | 문의처⏎
기관명⏎분야⏎문의처⏎가나⏎나⏎044-200-1234⏎ | 가나과⏎044-200-1234⏎ | (04524) 가나⏎ | 044-200-12⏎
문의를 받고_ | 가나에서 담당_ | 가나 누리집(www.a.kr) 또는 콜센터(1577-1234)_ | 과 장_ | 한국⏎
가나국 나다과 홍길동⏎(044-200-1234)⏎ | 0442001234_ | 0 | 1366_
가나지방청 다라과 연락처⏎가(044-200-1234)⏎ | %s과(044-200-1234)_ | %s부 다라과(044-200-1234)_
%s부 다라과 홍길동(044-200-1234)⏎ | 가나부 %s과에 문의하면_ | 다라과 %s 사무관(044-200-1234)⏎
%s센터⏎044-200-1234⏎
소속 : %s과⏎성 명 : 홍길동⏎연 락 처 : 044-200-1234⏎ | 기관⏎담당자⏎연락처⏎ | 기관⏎연락처⏎가나원⏎044-200-1234⏎
본부세관 지원센터 연락처⏎- 서울: 044-200-1234⏎ | - 서울: 044-200-1234⏎ | 성명_ | 성명:성명:_ | 가나과(이하 '
%s과(가나원)_ | %s청(%s과장 홍길동)_ | 홍길동(044-200-1234), 김나래(044-200-1235),_ | 044-200-1234~9,_
총괄⏎가나과⏎책임자⏎과장⏎홍길동⏎044-200-1234⏎"""
#: Rows of tables written with strokes.
PIPED = (
    "| 기관 | 담당자 | 연락처 |\n| %s원 | 홍길동 | 044-200-1234 |\n",
    "| %s과 | 다라과 |\n| 044-200-1234 | 044-200-1235 |\n",
    "| 담당 부서 | %s과 | 책임자 | 과장 | 홍길동 | 044-200-1234 |\n",
)
#: Documents are made of these, each filling the text.
FORMS = [form.replace("⏎", "\n").replace("_", " ") for form in REPEATED.replace("\n", " | ").split(" | ")]
FORMS += PIPED
SIZES = (2_000, 4_000, 8_000)
MOST = 2.25  # times the work for twice the text


def filled(form: str, size: int) -> str:
    """Repeat a form, its words differing, up to a size."""
    words = ("".join(chr(0xAC00 + (number * step) % 11_172) for step in (7, 131)) for number in count(1))
    parts = (form.replace("%s", next(words)) for _ in takewhile(lambda n: n * len(form) < size, count()))
    return "".join(parts)[:size]


def work(done: Callable[[], object]) -> int:
    """Count the calls, of Python and of C, that something makes."""
    calls = 0

    def tick(_frame: object, _event: str, _argument: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        done()
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("form", one_in(12, FORMS))
def test_twice_the_text_is_at_most_twice_the_work(form: str) -> None:
    documents = [blocks_of_text(filled(form, size)) for size in SIZES]
    calls = [work(lambda blocks=blocks: find_contacts(blocks)) for blocks in documents]  # type: ignore[misc]
    assert calls[2] <= MOST * calls[1] or calls[2] < 2_000, calls


@pytest.mark.parametrize("form", one_in(12, FORMS))
def test_no_text_keeps_the_processor_long(form: str) -> None:
    """Regular expressions make no calls to count; a text of their worst kind would take minutes."""
    blocks = blocks_of_text(filled(form, 12_000))
    started = time.process_time()
    find_contacts(blocks)
    assert time.process_time() - started < 3


@pytest.mark.parametrize("form", ["홍길동(044-200-1234) ", "가나과에 문의하면 된다. "])
def test_what_is_read_of_one_text_has_a_limit(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.contacts.find.layout._MOST_POINTS", 100)
    monkeypatch.setattr("pipelines.contacts._MOST_REFERRALS", 100)
    few, many = (
        work(lambda text=form * count: find_contacts(blocks_of_text(text))) for count in (200, 2_000)
    )  # type: ignore[misc]
    assert many < 5 * few


def test_lines_after_the_last_number_that_is_read_offer_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its number, which is not read, the last line would be one that names a unit alone."""
    monkeypatch.setattr("pipelines.contacts.find.layout._MOST_POINTS", 1)
    text = "문의: 가나과 (044-200-1234)\n문의: 다라과 (044-200-1235)\n문의: 마바과"
    found = find_contacts(blocks_of_text(text))
    assert [contact.department for contact in found] == ["가나과"]


def test_numbers_are_found_in_one_pass() -> None:
    calls = [work(lambda size=size: find_numbers("044-200-1234, 1235, " * size)) for size in (200, 400)]  # type: ignore[misc]
    assert calls[1] <= MOST * calls[0]


@pytest.mark.parametrize("form", ["기관\n담당자\n연락처\n", "문의처\n"])
def test_heads_of_columns_without_numbers_below_them_are_no_work(form: str) -> None:
    lines = 2_000
    text = form * (lines // form.count("\n"))
    assert work(lambda: find_contacts(blocks_of_text(text))) < 100 * lines
