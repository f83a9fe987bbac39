"""Tables of a PDF: what is ruled is a table, whatever is drawn beside and behind its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.attachments import read_document
from pipelines.attachments.pdf.grids import Rule, find_grids
from pipelines.blocks import Cell, Paragraph, Table, table_of
from tests.attachment_files import drawn_pdf, drawn_text, pdf
from tests.attachments.test_pdf import blocks, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def test_a_dotted_rule_drawn_dot_by_dot_parts_cells() -> None:
    level = [(60.0, y, 520.0, y) for y in (640.0, 670.0, 700.0)]
    dots = [(240.0, y - 1, 240.0, y) for y in (700.0 - 2 * step for step in range(30))]
    texts = [(70.0, 680.0, "정부안"), (250.0, 680.0, "증감"), (70.0, 650.0, "1,000"), (250.0, 650.0, "-")]
    assert blocks(texts, [*level, *dots]) == (table_of([["정부안", "증감"], ["1,000", "-"]]),)


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


def test_a_table_on_a_turned_page_is_a_table() -> None:
    rules = [*[(x, 100, x, 400) for x in (100, 130, 160)], *[(100, y, 160, y) for y in (100, 250, 400)]]
    drawn = [f"{x0} {y0} m {x1} {y1} l S" for x0, y0, x1, y1 in rules]
    drawn += [
        drawn_text(x, y, text, "0 1 -1 0")
        for x, y, text in ((120, 110, "A1"), (120, 260, "A2"), (150, 110, "B1"), (150, 260, "B2"))
    ]
    document = read_document(drawn_pdf("\n".join(drawn), turned=90), "a.pdf")
    assert document.blocks == (table_of([["A1", "A2"], ["B1", "B2"]]),)


HATCHES = {
    "upright": [(x, 720.0, x, 740.0) for x in range(63, 300, 3)],
    "level": [(60.0, y, 300.0, y) for y in range(721, 740, 2)],
    "wide": [(x, 720.0, x, 740.0) for x in range(63, 300, 6)],
    "of one cell": [(x, 720.0, x, 740.0) for x in range(142, 220, 2)],
}
CELLS = [["Seoul", "8,100", "44,800"], ["Busan", "9,200", "40,000"]]


@pytest.mark.parametrize("hatch", HATCHES.values(), ids=HATCHES)
@pytest.mark.parametrize("by_cell", [False, True])
def test_hatching_behind_text_is_no_border(
    hatch: Sequence[tuple[float, float, float, float]], by_cell: bool
) -> None:
    rules = [(60.0, y, 300.0, y) for y in (700.0, 720.0, 740.0)]
    for x in (60.0, 140.0, 220.0, 300.0):
        rules += [(x, 700.0, x, 720.0), (x, 720.0, x, 740.0)] if by_cell else [(x, 700.0, x, 740.0)]
    texts = [
        (64.0 + 80 * column, 725.0 - 20 * row, text)
        for row, line in enumerate(CELLS)
        for column, text in enumerate(line)
    ]
    assert blocks(texts, [*hatch, *rules]) == (table_of(CELLS),)


def test_a_border_of_several_strokes_is_a_border() -> None:
    thick = [
        (x + step, 700.0, x + step, 740.0) for x in (60.0, 140.0, 220.0) for step in (0.0, 1.5, 3.0, 4.5)
    ]
    rules = [(60.0, y, 224.5, y) for y in (700.0, 720.0, 740.0)]
    texts = [(68.0, 725.0, "가격"), (148.0, 725.0, "나라"), (68.0, 705.0, "다음"), (148.0, 705.0, "라면")]
    assert "\n".join(lines_of(pdf((texts, [*thick, *rules])))).split() == ["가격", "나라", "다음", "라면"]


PEOPLE = [
    ("책임자", "과장", "홍길동"),
    ("담당자", "주무", "김바다"),
    ("책임자", "과장", "이하늘"),
    ("담당자", "주무", "박구름"),
]


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        (
            [(686, "항만정책과"), (646, "해운정책과")],  # each beside its first person
            [("항만정책과", 0, 2), ("해운정책과", 2, 2)],
        ),
        (
            [(676, "항만정책과"), (636, "해운정책과")],  # each in the middle of its people
            [("항만정책과", 0, 2), ("해운정책과", 2, 2)],
        ),
        (
            [(686, "항만국"), (666, "항만정책과"), (646, "해운국"), (626, "해운정책과")],
            [("항만국\n항만정책과", 0, 2), ("해운국\n해운정책과", 2, 2)],
        ),
        ([(664, "항만국"), (648, "항만정책과")], [("항만국\n항만정책과", 0, 4)]),  # one division of all four
        ([(656, "항만정책과")], [("항만정책과", 0, 4)]),
    ],
)
@pytest.mark.parametrize("ruled", [(680.0, 660.0, 640.0), (660.0,)])
def test_divisions_in_one_cell_are_parted_by_the_rhythm_of_their_people(
    lines: Sequence[tuple[float, str]], cells: Sequence[tuple[str, int, int]], ruled: Sequence[float]
) -> None:
    rules = [(60.0, y, 420.0, y) for y in (700.0, 620.0)] + [(240.0, y, 420.0, y) for y in ruled]
    rules += [(x, 620.0, x, 700.0) for x in (140.0, 240.0, 300.0)]
    texts = [(70.0, 656.0, "담당 부서"), *((150.0, float(y), text) for y, text in lines)]
    for number, (role, rank, name) in enumerate(PEOPLE):
        texts += [(245.0, 686.0 - 20 * number, role), (305.0, 686.0 - 20 * number, f"{rank} {name}")]
    (found,) = blocks(texts, rules)
    assert isinstance(found, Table)
    each = 1 if len(ruled) == 3 else 2  # rows of the office file in one of the grid
    assert [(cell.text, cell.row, cell.rowspan) for cell in found.cells if cell.column == 1] == [
        (text, row // each, -(-rowspan // each)) for text, row, rowspan in cells
    ]
    assert [cell.rowspan for cell in found.cells if cell.column == 0] == [4 // each]
