"""PDF: wrapped lines become paragraphs, ruled tables become tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from pipelines.attachments import read_document
from pipelines.attachments.limits import MAX_PAGES
from pipelines.attachments.pdf_grids import Rule, find_grids
from pipelines.blocks import Block, Cell, Paragraph, Table
from tests.attachment_files import pdf

if TYPE_CHECKING:
    from collections.abc import Sequence

FULL = "가" * 40  # 480 points: from the left margin at 60 to the right one at 540


def blocks(
    texts: Sequence[tuple[float, float, str]], rules: Sequence[tuple[float, float, float, float]] = ()
) -> tuple[Block, ...]:
    document = read_document(pdf((texts, rules)), "보도자료.pdf")
    assert (document.format, document.state, document.detail) == ("pdf", "text", None)
    return document.blocks


def test_a_line_that_reached_the_margin_goes_on_in_the_next() -> None:
    assert blocks([(60, 700, FULL), (60, 680, "이어지는 줄"), (60, 660, "다음 문단")]) == (
        Paragraph(FULL + " 이어지는 줄"),
        Paragraph("다음 문단"),
    )


def test_a_bullet_begins_a_paragraph() -> None:
    assert blocks([(60, 700, FULL), (60, 680, "□ 다음"), (60, 660, "○ 하위"), (60, 640, "- 더 하위")]) == (
        Paragraph(FULL),
        Paragraph("□ 다음"),
        Paragraph("○ 하위"),
        Paragraph("- 더 하위"),
    )


def test_a_paragraph_goes_on_over_the_page_and_page_numbers_are_left_out() -> None:
    first = [(285.0, 40.0, "- 1 -"), (60.0, 700.0, "짧은 줄"), (60.0, 100.0, FULL)]
    second = [(285.0, 40.0, "- 2 -"), (60.0, 700.0, "쪽을 넘는 줄"), (60.0, 600.0, FULL)]
    document = read_document(pdf((first, ()), (second, ())), "a.pdf")
    assert document.blocks[:2] == (Paragraph("짧은 줄"), Paragraph(FULL + " 쪽을 넘는 줄"))
    assert "- 1 -" not in document.text


def test_columns_far_apart_are_parted_by_tabs() -> None:
    assert blocks([(60, 700, "담당자"), (200, 700, "김바다")]) == (Paragraph("담당자\t김바다"),)


def test_signs_drawn_out_of_order_are_read_by_their_place() -> None:
    assert blocks([(60, 700, "해양"), (100, 700, "항만"), (84, 700, ",")]) == (Paragraph("해양, 항만"),)


def test_a_ruled_contact_table_is_a_table_with_spans() -> None:
    rules = [
        *[(60.0, y, 520.0, y) for y in (700.0, 640.0)],
        (240.0, 670.0, 520.0, 670.0),
        *[(x, 640.0, x, 700.0) for x in (140.0, 240.0, 320.0)],  # the outer sides are open
    ]
    texts = [
        (70.0, 665.0, "담당 부서"),
        (150.0, 680.0, "정책관"),
        (150.0, 655.0, "바다과"),
        (250.0, 680.0, "책임자"),
        (330.0, 680.0, "과 장"),
        (390.0, 680.0, "김바다"),
        (250.0, 650.0, "담당자"),
        (330.0, 650.0, "사무관"),
        (60.0, 600.0, "표 다음"),
    ]
    assert blocks(texts, rules) == (
        Table(
            (
                Cell("담당 부서", 0, 0, 2, 1),
                Cell("정책관\n바다과", 0, 1, 2, 1),
                Cell("책임자", 0, 2),
                Cell("과 장 김바다", 0, 3),
                Cell("담당자", 1, 2),
                Cell("사무관", 1, 3),
            )
        ),
        Paragraph("표 다음"),
    )


def test_a_frame_around_a_title_is_no_table() -> None:
    box = [
        (60.0, 650.0, 540.0, 650.0),
        (60.0, 720.0, 540.0, 720.0),
        (60.0, 650.0, 60.0, 720.0),
        (540.0, 650.0, 540.0, 720.0),
    ]
    assert blocks([(100, 680, "제목")], box) == (Paragraph("제목"),)


def test_lines_that_repeat_or_continue_one_another_are_one() -> None:
    level = [Rule(0, 0, 50), Rule(0, 50, 100), Rule(0.5, 0, 100), Rule(40, 0, 100)]
    upright = [Rule(0, 0, 20), Rule(0, 20, 40), Rule(50, 0, 40), Rule(100, 0, 40)]
    (grid,) = find_grids(level, upright)
    assert (grid.xs, grid.ys) == ([0, 50, 100], [0, 40])
    assert [grid.area(x, 10) for x in (-1, 120)] == [None, None]


rules = st.lists(st.builds(Rule, *[st.integers(0, 12).map(lambda step: step * 10.0)] * 3), max_size=30)


@given(rules, rules)
def test_the_cells_of_any_grid_fill_it_without_overlap(level: list[Rule], upright: list[Rule]) -> None:
    for grid in find_grids(level, upright):
        places = (len(grid.xs) - 1) * (len(grid.ys) - 1)
        assert (
            places == len(grid.areas) == sum(area.rowspan * area.colspan for area in set(grid.areas.values()))
        )
        assert len(set(grid.areas.values())) > 1


def test_of_a_book_the_first_thousand_pages_are_read() -> None:
    page = [(60.0, 700.0, "본문")], ()
    document = read_document(pdf(*[page] * (MAX_PAGES + 1)), "백서.pdf")
    assert (document.state, document.detail) == ("text", f"the first {MAX_PAGES} of {MAX_PAGES + 1} pages")


def test_a_damaged_file_is_corrupt() -> None:
    assert read_document(b"%PDF-1.5\nnothing else", "a.pdf").state == "corrupt"
