"""Tables in clean bodies: spans, rows of headings, frames, and tables that are too much."""

from __future__ import annotations

import pytest

from pipelines.blocks import Cell, Paragraph, Table
from pipelines.clean import clean_html
from tests.meaning.test_clean import BASE, markdown


def test_spans_of_a_table_stay() -> None:
    cleaned = clean_html(
        "<table><tr><th rowspan=2>담당 부서</th><td>해양국<br>항만과</td></tr>"
        "<tr><td colspan=3>과장</td></tr></table>",
        BASE,
    )
    (table,) = cleaned.blocks
    assert table == Table(
        (
            Cell("담당 부서", 0, 0, 2, 1, header=True),
            Cell("해양국\n항만과", 0, 1),
            Cell("과장", 1, 1, 1, 3),
        )
    )
    assert 'rowspan="2"' in cleaned.body.html
    assert cleaned.body.text == "담당 부서\t해양국 항만과\n과장"


def test_a_table_without_headings_gets_an_empty_row_of_them() -> None:
    fragment = "<table><tr><td>가|나</td><td>다<p>라</p></td></tr></table>"
    assert markdown(fragment) == "|  |  |\n| --- | --- |\n| 가\\|나 | 다<br>라 |"


@pytest.mark.parametrize(
    "first",
    [
        "<td>구 분</td><td>2025년</td><td>2026년</td>",
        "<td>사업명</td><td>지원 대상</td><td>예산(억원)</td>",
        "<td></td><td>남성</td><td>여성</td>",
    ],
)
def test_a_first_row_that_reads_as_headings_is_the_row_of_headings(first: str) -> None:
    written = markdown(f"<table><tr>{first}</tr><tr><td>가</td><td>1,200</td><td>3.5%</td></tr></table>")
    assert written.splitlines()[1] == "| --- | --- | --- |"
    assert written.splitlines()[2] == "| 가 | 1,200 | 3.5% |"


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td>담당 부서</td><td>항만과</td><td>044-200-1234</td></tr><tr><td>책임자</td></tr>",
        "<tr><td>보도시점</td><td>2026. 4. 13.(월)</td></tr><tr><td>배포</td><td>2026. 4. 12.(일)</td></tr>",
        "<tr><td>사업명</td><td>바다 야행</td></tr><tr><td>사업기간</td><td>올해</td></tr>",
        "<tr><td>구분</td><td>금액</td></tr>",
    ],
)
def test_a_first_row_of_data_is_no_row_of_headings(rows: str) -> None:
    assert set(markdown(f"<table>{rows}</table>").splitlines()[0]) == {"|", " "}


def test_a_table_around_a_table_is_a_frame() -> None:
    cleaned = clean_html("<table><tr><td>앞<table><tr><td>속</td></tr></table>뒤</td></tr></table>", BASE)
    assert cleaned.blocks == (Paragraph("앞"), Table((Cell("속", 0, 0),)), Paragraph("뒤"))


def test_absurd_spans_are_bounded() -> None:
    fragment = (
        "<table><tr><td rowspan=999999 colspan=999999>가</td></tr><tr><td rowspan=x>나</td></tr></table>"
    )
    (table,) = clean_html(fragment, BASE).blocks
    assert isinstance(table, Table)
    assert table.rows == 2
    assert table.columns <= 200


def test_spans_that_pile_up_make_no_table() -> None:
    cells = "".join(f"<tr><td rowspan=1000 colspan=100>칸 {row}</td></tr>" for row in range(1500))
    cleaned = clean_html(f"<table>{cells}</table>", BASE)
    assert cleaned.blocks[-1] == Paragraph("칸 1499")
    assert len(cleaned.blocks) == 1500
