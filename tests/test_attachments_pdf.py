"""PDF: wrapped lines become paragraphs, ruled tables become tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from pipelines.attachments import read_document
from pipelines.attachments.limits import MAX_PAGES
from pipelines.attachments.pdf_grids import Rule, find_grids
from pipelines.attachments.pdf_lines import Line, Sign
from pipelines.attachments.pdf_order import Box, reading_order
from pipelines.blocks import Block, Cell, Paragraph, Table, table_of
from tests.attachment_files import pdf

if TYPE_CHECKING:
    from collections.abc import Sequence

FULL = "가" * 40  # 480 points: from the left margin at 60 to the right one at 540
NEXT = "나" * 40  # pdfium takes the same text once more near by for a shadow


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


def test_a_word_parted_at_the_margin_is_one_where_its_rest_begins_none() -> None:
    for rest, joint in (("하였다.", ""), ("에서 쉰다", ""), ("에너지", " "), ("하늘", " ")):
        assert blocks([(60, 700, FULL), (60, 680, rest)]) == (Paragraph(FULL + joint + rest),)


def test_a_sentence_that_ends_before_the_margin_ends_its_paragraph() -> None:
    assert blocks([(60, 740, FULL), (60, 720, NEXT[:38] + "."), (60, 700, "다음 문단은")]) == (
        Paragraph(f"{FULL} {NEXT[:38]}."),
        Paragraph("다음 문단은"),
    )


def test_an_indented_line_after_a_wrapped_one_begins_a_paragraph() -> None:
    assert blocks([(60, 740, FULL), (60, 720, NEXT), (72, 700, "들여 쓴 문단")]) == (
        Paragraph(f"{FULL} {NEXT}"),
        Paragraph("들여 쓴 문단"),
    )


def test_a_first_line_set_in_is_not_centred() -> None:
    assert blocks([(64, 700, FULL), (60, 680, NEXT)]) == (Paragraph(f"{FULL} {NEXT}"),)


def test_a_bullet_after_a_comma_goes_on() -> None:
    assert blocks([(60, 700, FULL[1:] + ","), (60, 680, "△둘째")]) == (Paragraph(f"{FULL[1:]}, △둘째"),)


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


def test_a_number_beside_something_at_the_foot_of_a_page_is_no_page_number() -> None:
    sheet = [(160.0, 40.0, "- 1 -"), (60.0, 700.0, "본문"), (440.0, 40.0, "- 2 -")]  # two pages on one
    total = [(60.0, 700.0, "□ 예산"), (60.0, 40.0, "합계"), (300.0, 45.0, "899")]
    document = read_document(pdf((sheet, ()), (total, ())), "a.pdf")
    assert document.text == "본문\n□ 예산\n합계\t899"


def test_a_number_in_the_last_row_of_a_table_at_the_foot_is_kept() -> None:
    rules = [*[(60.0, y, 520.0, y) for y in (30.0, 60.0, 90.0)], (240.0, 30.0, 240.0, 90.0)]
    texts = [(70.0, 70.0, "본예산"), (250.0, 70.0, "추경"), (70.0, 40.0, "8,476"), (250.0, 40.0, "899")]
    assert blocks(texts, rules) == (table_of([["본예산", "추경"], ["8,476", "899"]]),)


def test_a_line_between_two_others_does_not_mix_them() -> None:
    texts = [(60, 705, "보도시점"), (160, 711, "2026. 4. 13.(월) 06:00"), (160, 699, "< 석간 >")]
    assert [block.text for block in blocks(texts) if isinstance(block, Paragraph)] == [
        "보도시점",
        "2026. 4. 13.(월) 06:00",
        "< 석간 >",
    ]


def test_what_is_drawn_late_is_read_where_it_stands() -> None:
    rules = [*[(60.0, y, 520.0, y) for y in (560.0, 580.0, 600.0)], (240.0, 560.0, 240.0, 600.0)]
    texts = [
        (60.0, 640.0, "□ 중앙행정기관"),
        (60.0, 500.0, "□ 지방자치단체"),
        (70.0, 585.0, "부처"),
        (250.0, 585.0, "바다부"),
        (70.0, 565.0, "외청"),
        (250.0, 565.0, "갯벌청"),
        (60.0, 700.0, "제목"),
    ]
    assert blocks(texts, rules) == (
        Paragraph("제목"),
        Paragraph("□ 중앙행정기관"),
        table_of([["부처", "바다부"], ["외청", "갯벌청"]]),
        Paragraph("□ 지방자치단체"),
    )


def test_two_columns_are_read_one_after_the_other() -> None:
    rows = [sign * 18 for sign in "가나다라마바사아자차"]  # 216 points each
    places = [(x, 700.0 - 20 * row) for x in (60.0, 324.0) for row in range(5)]
    texts = [(x, y, text) for (x, y), text in zip(places, rows, strict=True)]
    assert blocks(texts) == (Paragraph(" ".join(rows)),)


boxes = st.builds(
    lambda left, bottom, width, height: Box(left, bottom, left + width, bottom + height),
    *[st.integers(0, 50).map(float)] * 2,
    *[st.integers(1, 30).map(float)] * 2,
)


@given(st.lists(boxes, max_size=12))
def test_the_order_of_reading_keeps_everything_and_puts_nothing_before_what_is_above_it(
    page: list[Box],
) -> None:
    order = reading_order(page)
    assert sorted(order) == list(range(len(page)))
    for place, one in enumerate(order):
        assert not any(page[later].above(page[one]) for later in order[place + 1 :])


def test_a_dotted_rule_drawn_dot_by_dot_parts_cells() -> None:
    level = [(60.0, y, 520.0, y) for y in (640.0, 670.0, 700.0)]
    dots = [(240.0, y - 1, 240.0, y) for y in (700.0 - 2 * step for step in range(30))]
    texts = [(70.0, 680.0, "정부안"), (250.0, 680.0, "증감"), (70.0, 650.0, "1,000"), (250.0, 650.0, "-")]
    assert blocks(texts, [*level, *dots]) == (table_of([["정부안", "증감"], ["1,000", "-"]]),)


def test_blanks_added_by_the_library_are_trusted_where_signs_are_wider_than_their_room() -> None:
    line = Line(0, None, 0.0, 0.0, 0.0, 10.0)
    for sign in (Sign("가", 0.0, 12.0), Sign(",", 10.0, 22.0), Sign(" ", 22.0, 22.0), Sign("나", 15.0, 27.0)):
        line.add(sign)
    line.finish()
    assert line.text == "가, 나"


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
