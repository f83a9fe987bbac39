"""Rows below a row of heads are read by what the heads say, in whatever form the table comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.blocks import Cell, Paragraph, Table, blocks_of_text
from pipelines.contacts import find_contacts

if TYPE_CHECKING:
    from pipelines.blocks import Block

#: A row of heads, a row of cells, and who is found: organization, department, person, rank.
HEADED = [
    ("기관명|담당부서|성명|연락처", "가나진흥원|기획홍보|홍길동|042-123-4567", "가나진흥원|기획홍보|홍길동|"),
    ("연번|기관|분야|담당자|전화번호", "1|가나테크|반도체|홍길동 팀장|042-123-4567", "가나테크||홍길동|팀장"),
    ("구분|센터명|연락처", "서울|가나 나눔터|042-123-4567", "가나 나눔터|||"),
    ("지역|주관기관|문의처", "서울|가나재단|홍길동(042-123-4567)", "가나재단||홍길동|"),
    ("소속|직위|성명|연락처", "산림청 다라과|과장|홍길동|042-123-4567", "산림청|다라과|홍길동|과장"),
    ("학교|담당자|연락처", "가나초|홍길동 교사|042-123-4567", "가나초||홍길동|교사"),
    ("연락처|기관", "042-123-4567|가나재단", "가나재단|||"),
    (
        "기관|책임자|담당자|연락처",
        "가나재단|홍길동|김나래 대리|042-123-4567",
        "가나재단||홍길동|,가나재단||김나래|대리",
    ),
]


def found(*blocks: Block) -> list[str]:
    return [
        "|".join(part or "" for part in (one.organization, one.department, one.person, one.rank))
        for one in find_contacts([Paragraph("문의 안내"), *blocks])
        if one.phones == ("042-123-4567",)
    ]


@pytest.mark.parametrize(("heads", "row", "wanted"), HEADED)
def test_heads_say_what_the_cells_of_a_real_table_give(heads: str, row: str, wanted: str) -> None:
    cells = [
        Cell(text, place, column)
        for place, line in enumerate([heads, row])
        for column, text in enumerate(line.split("|"))
    ]
    assert found(Table(tuple(cells))) == wanted.split(",")


@pytest.mark.parametrize(("heads", "row", "wanted"), HEADED)
def test_heads_say_what_the_cells_of_a_table_written_with_strokes_give(
    heads: str, row: str, wanted: str
) -> None:
    assert found(*(Paragraph(f"| {line.replace('|', ' | ')} |") for line in (heads, row))) == wanted.split(
        ","
    )


def test_a_row_without_a_number_in_the_column_of_numbers_is_left_to_the_other_readers() -> None:
    heads, row = "기관 | 연락처 | 비고", "가나재단 | 없음 | 문의: 다라과(042-123-4567)"
    assert found(*(Paragraph(f"| {line} |") for line in (heads, row))) == ["가나재단|다라과||"]


def test_offices_of_a_class_are_named_by_the_place_of_their_item_and_known_by_the_grid() -> None:
    items = ["본부세관 지원센터 연락처", "- 서울: 042-123-4567", "- 부산: 051-123-4567"]
    contacts = find_contacts([Paragraph(text) for text in items])
    assert [(one.organization, one.owner_by) for one in contacts] == [
        ("서울본부세관", "grid"),
        ("부산본부세관", "grid"),
    ]


def test_offices_listed_on_the_line_of_their_heading_are_a_row_each() -> None:
    heading = "□ 본부세관 지원센터 연락처"
    text = f"{heading} - 서울: 042-123-4567 - 부산: 051-123-4567, 051-123-4568 - 대구: 053-123-4567"
    contacts = find_contacts([Paragraph(text)])
    assert [(one.organization, one.department, one.phones) for one in contacts] == [
        ("서울본부세관", "지원센터", ("042-123-4567",)),
        ("부산본부세관", "지원센터", ("051-123-4567", "051-123-4568")),
        ("대구본부세관", "지원센터", ("053-123-4567",)),
    ]


def test_a_cell_that_spans_rows_names_the_unit_of_them_all_and_of_no_other() -> None:
    rows = (
        "기관|담당자|연락처/가나재단|홍길동 팀장|02-555-1234/"
        "김나래 과장|02-555-1235/다라재단|이다온 팀장|02-555-1236"
    )
    cells = []
    for place, row in enumerate(rows.split("/")):
        texts = row.split("|")
        shift = 3 - len(texts)
        span = 2 if texts[0] == "가나재단" else 1
        cells += [Cell(text, place, shift + n, span if not n else 1) for n, text in enumerate(texts)]
    contacts = find_contacts([Table(tuple(cells))])
    assert [(one.organization, one.person, one.owner_by) for one in contacts] == [
        ("가나재단", "홍길동", "grid"),
        ("가나재단", "김나래", "grid"),
        ("다라재단", "이다온", "grid"),
    ]


@pytest.mark.parametrize(
    ("printed", "phones"),
    [
        ("02-555-1111/2222/⏎3333", ("02-555-1111", "02-555-2222", "02-555-3333")),
        ("044-555-2851-3", ("044-555-2851", "044-555-2852", "044-555-2853")),
        ("044-555-6877, 647", ("044-555-6877",)),
    ],
)
def test_numbers_written_short_are_whole_or_left_out(printed: str, phones: tuple[str, ...]) -> None:
    (one,) = find_contacts(blocks_of_text(f"문의: 산림청 다라과({printed})".replace("⏎", "\n")))
    assert (one.organization, one.department, one.phones) == ("산림청", "다라과", phones)
