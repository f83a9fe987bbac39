"""Cleaning, reading and rendering cost what their input is worth: work grows with its size, no faster.

Work is counted and not timed: the calls that Python makes, and the characters and places that they give.
What C code does within one call is seen by the processor's clock alone, so one coarse bound of time stands
beside the counts.
"""

from __future__ import annotations

import math
import sys
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from web_poet import HttpResponse

from crawler.pages.jekyll import JekyllPage
from pipelines.attachments import read_document
from pipelines.blocks import Table
from pipelines.clean import blocks_to_body, clean_html
from tests.attachment_files import control, hwp, hwpx, line, p, paragraph, record, section, t, table, tbl, tc
from tests.thorough import one_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

SIZES = (150, 300, 600)
STEEPEST = 1.25  # the exponent of quadratic work is 2
SLOWEST = 5.0  # seconds of the processor for the largest input; the slowest seen takes 0.4


def rows(count: int, cell: str = "<td>칸 1</td>") -> str:
    return f"<tr>{cell * 4}</tr>" * count


def nested(count: int, opening: str, closing: str, inside: str) -> str:
    return opening * count + inside + closing * count


PAGES: dict[str, Callable[[int], str]] = {
    "rows": lambda n: f"<table>{rows(n)}</table>",
    "rows of headings": lambda n: (
        f"<table><tr><td>구분</td><td>값</td></tr>{'<tr><td>가</td><td>1</td></tr>' * n}</table>"
    ),
    "columns": lambda n: f"<table><tr>{'<td>가</td>' * n}</tr><tr>{'<td>1</td>' * n}</tr></table>",
    "wide spans": lambda n: f"<table>{'<tr><td colspan=1000 rowspan=1000>가</td></tr>' * n}</table>",
    "small tables of wide spans": lambda n: "<table><tr><td colspan=100>가</td></tr><tr></tr></table>" * n,
    "empty rows below one wide cell": lambda n: (
        f"<table><tr><td colspan=100>가</td></tr>{'<tr></tr>' * n}</table>"
    ),
    "stairs of spans": lambda n: (
        "<table>" + "".join(f"<tr><td rowspan={n}>가</td></tr>" for _ in range(n)) + "</table>"
    ),
    "tables in tables": lambda n: nested(n, "<table><tr><td>가", "</td></tr></table>", "속"),
    "tables side by side in a cell": lambda n: (
        f"<table><tr><td>{'<table><tr><td>가</td></tr></table>' * n}</td></tr></table>"
    ),
    "a long paragraph": lambda n: f"<p>{'가나 다라 ' * n * 10}</p>",
    "lines of a paragraph": lambda n: f"<p>{'가나<br>' * n}</p>",
    "inline spans": lambda n: f"<p>{'<b>가</b><i>(나)</i> ' * n}</p>",
    "bold in brackets": lambda n: f"<p><b>{'가(나 ' * n}</b></p>",
    "exponents": lambda n: f"<p>{'10<sup>3</sup>' * n}</p>",
    "exponents of exponents": lambda n: f"<p>10{nested(n, '<sup>3', '</sup>', '3')}</p>",
    "ruby": lambda n: f"<p>{'<ruby>漢<rt>한</rt></ruby>' * n}</p>",
    "divisions in divisions": lambda n: nested(n, "<div>가", "</div>", "속"),
    "bold in bold": lambda n: f"<p>{nested(n, '<b>가', '</b>', '속')}</p>",
    "bold that is never closed": lambda n: "<p><b>가" * n,
    "links that are never closed": lambda n: "".join(f"<p><a href=/{place}>가" for place in range(n)),
    "marks of ever other looks": lambda n: "".join(f"<p><font size={place}>가" for place in range(n)),
    "lists in lists": lambda n: nested(n, "<ul><li>가", "</li></ul>", "속"),
    "items below a deep list": lambda n: nested(300, "<ol><li>가", "</li></ol>", "<li>나" * n),
    "items": lambda n: f"<ol reversed>{'<li>가</li>' * n}</ol>",
    "attributes": lambda n: f"<p {' '.join(f'a{place}=1' for place in range(n))}>가</p>" * 3,
    "quotations": lambda n: nested(n, "<blockquote>가", "</blockquote>", "속"),
    "pictures in figures": lambda n: nested(
        n, "<figure><img src=/a>", "<figcaption>가</figcaption></figure>", "속"
    ),
    "links behind exclamation marks": lambda n: f"<p>{'가!<a href=/x>나</a>' * n}</p>",
    "tildes": lambda n: f"<p>{'~' * n * 10}</p>",
    "brackets that are no tags": lambda n: f"<p>{'<총괄> </가 <' * n}</p>",
    "brackets that never close": lambda n: "<" * n + "</" * n + "<a " * n,
    "comments and references": lambda n: "<!-- a --><![CDATA[x]]>&shy;&#8203;&nbsp;" * n,
    "signs of Markdown": lambda n: f"<p>{'*_`[]|#&amp;' * n}</p>",
    "hidden addresses": lambda n: '<a data-cfemail="5a3b1a38743128" href="#">x</a>' * n,
    "unseen boxes": lambda n: nested(n, '<div class="remark">가', "</div>", "속") + "끝",
    "empty lines": lambda n: "<p>&nbsp;</p><br>" * n + "끝",
}


def sections(inside: str) -> bytes:
    return hwpx(section(p(inside)))


def in_cells(count: int) -> str:
    return tbl(*([tc(row, column, line("칸")) for column in range(4)] for row in range(count)))


FILES: dict[str, Callable[[int], bytes]] = {
    "HWPX: rows": lambda n: sections(in_cells(n)),
    "HWPX: cells over cells": lambda n: sections(
        tbl([tc(0, 0, line("가"), n, n) for _ in range(n)], [tc(n - 1, n - 1, line("끝"))])
    ),
    "HWPX: cells far apart": lambda n: sections(tbl(*([tc(place, place, line("가"))] for place in range(n)))),
    "HWPX: tables in cells": lambda n: sections(tbl([tc(0, 0, p(in_cells(2)) * n), tc(0, 1, line("가"))])),
    "HWPX: runs": lambda n: hwpx(section(p(*[t("가")] * n))),
    "HWPX: boxes": lambda n: sections(
        f"<hp:rect><hp:drawText><hp:subList>{line('가')}</hp:subList></hp:drawText></hp:rect>{t('나')}" * n
    ),
    "HWPX: references of the spine": lambda n: hwpx(*[section(line("가"))] * 20, spine=[*range(20)] * n),
    "HWPX: headers of parts without a directory": lambda n: (
        hwpx(section(line("가")))[:-30] + (b"PK\x03\x04" + bytes(22) + b"\xff\xff\0\0") * n
    ),
    "HWPX: no XML": lambda n: hwpx(section(p(in_cells(n)), "<hp:p>&</hp:x>" * n)),
    "HWPX: comments in no XML": lambda n: hwpx(section("<hp:p><hp:t>&" + "가<!>" * n)),
    "HWPX: a name without end in no XML": lambda n: hwpx(section("&<" + "a" * n * 50)),
    "HWPX: attributes without end in no XML": lambda n: hwpx(section("&<hp:p " + "a" * n * 50 + ">")),
    "HWP: rows": lambda n: hwp(
        paragraph(
            "",
            controls=[table(1, [(row, column, 1, 1, ["칸"]) for row in range(n) for column in range(4)])],
            marks=1,
        )
    ),
    "HWP: cells over cells": lambda n: hwp(
        paragraph(
            "", controls=[table(1, [(0, 0, n, n, ["가"])] * n + [(n - 1, n - 1, 1, 1, ["끝"])])], marks=1
        )
    ),
    "HWP: controls": lambda n: hwp(paragraph("가", controls=[control(b"tcps", 1)] * n, marks=n)),
    "HWP: records of no sense": lambda n: hwp(b"".join(record(n % 99, n % 7, bytes(9)) for n in range(n))),
}


def counted(task: Callable[[], int]) -> float:
    """Count the calls, Python's and C's, that a task makes, and what it gives."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        if event in {"call", "c_call"}:
            calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        given = task()
    finally:
        sys.setprofile(before)
    return calls + given


def assert_linear(tasks: list[Callable[[], int]]) -> None:
    for task in tasks[:1]:
        task()  # so that no import or cache is counted
    works = [counted(task) for task in tasks]
    exponent = max(math.log2(after / before) for before, after in pairwise(works))
    assert exponent < STEEPEST, works
    start = time.process_time()
    tasks[-1]()
    assert time.process_time() - start < SLOWEST


@pytest.mark.parametrize("kind", one_in(5, PAGES))
def test_cleaning_a_page(kind: str) -> None:
    def cleaned(page: str) -> int:
        found = clean_html(page, "https://www.korea.kr/1")
        grids = sum(len(block.grid()) * block.columns for block in found.blocks if isinstance(block, Table))
        return len(found.body.html) + len(found.body.markdown) + len(found.body.text) + grids

    pages = [PAGES[kind](size) for size in SIZES]
    assert_linear([lambda page=page: cleaned(page) for page in pages])


POSTS = (
    "[",
    "- a\n",
    "![a](",
    "\u00a0",
    "\n",
    "\t",
    "  \n",
    "1. a\n",
    "**a",
    "[a](",
    "> ",
    "&#",
    "<a",
    "`",
    "|-|\n",
    "```markdown\n",
    "```markdown\n```\n",
    "출처: ",
    "<p>",
    "  - a\n",
    "[a]: b\n",
    "[출처: a](b) | c\n",
    "---\n",
    "빠르고 정확한 뉴스를 원한다면? 바로, <a href='#'>여기</a>\n",
    "![뉴스다오 속보](a)\n",
    "http://a.kr ",
)


@pytest.mark.parametrize("unit", one_in(13, POSTS))
def test_reading_a_post(unit: str) -> None:
    """What regular expressions do within one call is no count; so the processor's time stands for it."""

    def seconds(size: int) -> float:
        text = "---\ntitle: 제목\ndate: 2024-07-29\n---\n가나다라마바사\n" + unit * (size // len(unit))
        start = time.process_time()
        page = JekyllPage(response=HttpResponse(url="file:///2024-07-29-1.md", body=text.encode()))
        assert page.raw().title == "제목"
        return time.process_time() - start

    seconds(1000)  # so that no import is counted
    before, after = (min(seconds(size) for _ in range(2)) for size in (10_000, 80_000))
    assert after < 32 * before + 0.1  # linear is 8 times as much, and squared 64 times


@pytest.mark.parametrize("kind", one_in(5, FILES))
def test_reading_and_rendering_a_file(kind: str) -> None:
    def rendered(content: bytes) -> int:
        blocks = read_document(content, "a.hwpx").blocks
        body = blocks_to_body(blocks)
        grids = sum(len(block.grid()) * block.columns for block in blocks if isinstance(block, Table))
        return len(body.html) + len(body.markdown) + len(body.text) + grids

    files = [FILES[kind](size) for size in SIZES]
    assert_linear([lambda content=content: rendered(content) for content in files])
