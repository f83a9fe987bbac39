"""PDF: wrapped lines become paragraphs, ruled tables become tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.attachments import Document, read_document
from pipelines.attachments.limits import MAX_PAGES
from pipelines.attachments.pdf.lines import Line, Sign
from pipelines.attachments.pdf.order import Box, reading_order
from pipelines.blocks import Block, Paragraph, table_of
from tests.attachment_files import drawn_pdf, drawn_text, mapped_font, pdf

if TYPE_CHECKING:
    import random
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


def test_blanks_added_by_the_library_are_trusted_where_signs_are_wider_than_their_room() -> None:
    line = Line(0, None, 0.0, 0.0, 0.0, 10.0)
    for sign in (Sign("가", 0.0, 12.0), Sign(",", 10.0, 22.0), Sign(" ", 22.0, 22.0), Sign("나", 15.0, 27.0)):
        line.add(sign)
    line.finish()
    assert line.text == "가, 나"


def test_of_a_book_the_first_thousand_pages_are_read() -> None:
    page = [(60.0, 700.0, "본문")], ()
    document = read_document(pdf(*[page] * (MAX_PAGES + 1)), "백서.pdf")
    assert (document.state, document.detail) == ("text", f"the first {MAX_PAGES} of {MAX_PAGES + 1} pages")


def test_a_damaged_file_is_corrupt() -> None:
    assert read_document(b"%PDF-1.5\nnothing else", "a.pdf").state == "corrupt"


# Kinds of pages that once harmed more than themselves


def lines_of(content: bytes) -> list[str]:
    document = read_document(content, "a.pdf")
    assert document.state == "text", document.detail
    return document.text.split("\n")


def column(x: float, count: int, word: str) -> list[str]:
    return [drawn_text(x, 760 - 20 * row, f"{word} {row}") for row in range(count)]


@pytest.mark.parametrize("counts", [(6, 1), (1, 6), (6, 6, 1), (6, 6, 6, 4), (5, 1, 5, 1)])
def test_columns_of_any_length_keep_all_their_lines(counts: Sequence[int]) -> None:
    drawn = [
        mark
        for number, count in enumerate(counts)
        for mark in column(60 + 140 * number, count, "abcd"[number])
    ]
    text = "\n".join(lines_of(drawn_pdf("\n".join(drawn))))
    for number, count in enumerate(counts):
        for row in range(count):
            assert text.count(f"{'abcd'[number]} {row}") == 1


FOUR_BYTES = (
    "/CIDInit /ProcSet findresource begin begincmap /CMapName /Own def /CMapType 1 def"
    " 2 begincodespacerange <00> <7F> <80000000> <FFFFFFFF> endcodespacerange"
    " 1 begincidrange <00> <7F> 0 endcidrange endcmap end"
)


@pytest.mark.parametrize(
    ("font", "codes", "text", "detail"),
    [
        (mapped_font({"0041": "D83DDE00", "0042": "AC00"}), "<004200410042>", "가😀가", None),
        (mapped_font({"0041": "D83D", "0042": "AC00"}), "<0042004100420042>", "가가가", "25%"),
        (mapped_font({"0041": "AC00B098"}), "<00410041>", "가나가나", None),
        (mapped_font({"0042": "AC00"}), "<00420043004200420042>", "가가가가", "20%"),
        (mapped_font({"0042": "0000", "0041": "AC00"}), "<0041004200410041>", "가가가", "25%"),
        (mapped_font({"0042": "FFFD", "0041": "AC00"}), "<0041004200410041>", "가가가", "25%"),
        (
            mapped_font({"42": "AC00"}, cmap=FOUR_BYTES),
            "<42ABCDEF43424242>",
            "가가가가",
            "20%",
        ),
    ],
)
def test_a_character_that_cannot_be_read_costs_itself_only(
    font: Sequence[str], codes: str, text: str, detail: str | None
) -> None:
    document = read_document(drawn_pdf(drawn_text(60, 700, codes), font=font), "a.pdf")
    told = f"{detail} of the characters have no Unicode" if detail else None
    assert (document.state, document.text, document.detail) == ("text", text, told)


def test_a_file_whose_characters_have_no_unicode_says_so() -> None:
    drawn = drawn_text(60, 700, "<0041004200430044>")
    assert read_document(drawn_pdf(drawn, font=mapped_font({"0041": "AC00"})), "a.pdf") == Document(
        "pdf", "unsupported", "75% of the characters have no Unicode"
    )


def test_pages_without_text_between_others_are_passed_over() -> None:
    pages = drawn_pdf("", drawn_text(60, 700, "first"), "0 0 600 800 re f", drawn_text(60, 700, "last"), "")
    assert " ".join(lines_of(pages)) == "first last"


@pytest.mark.parametrize(
    "turn", ["0 1 -1 0", "0 -1 1 0", "-1 0 0 -1", "0.8 0.6 -0.6 0.8", "0.6 -0.8 0.8 0.6"]
)
def test_turned_text_is_read_as_it_is_written(turn: str) -> None:
    drawn = drawn_text(300, 400, "Label of a table", turn) + "\n" + drawn_text(60, 700, "Body")
    assert sorted(lines_of(drawn_pdf(drawn))) == ["Body", "Label of a table"]


def test_italics_stand_on_the_line_of_the_words_around_them() -> None:
    drawn = [drawn_text(60, 700, "the mould"), drawn_text(116, 700, "Fusarium", "1 0 0.3 1")]
    drawn.append(drawn_text(174, 700, "in rice"))
    assert lines_of(drawn_pdf("\n".join(drawn))) == ["the mould Fusarium in rice"]


@pytest.mark.parametrize(
    ("degrees", "turn", "second"),
    [(90, "0 1 -1 0", (320, 400)), (180, "-1 0 0 -1", (300, 380)), (270, "0 -1 1 0", (280, 400))],
)
def test_a_turned_page_is_read_as_it_is_shown(degrees: int, turn: str, second: tuple[int, int]) -> None:
    lines = ((300, 400, "First line."), (*second, "Second line."))
    step = 1 if degrees == 180 else -1
    drawn = [drawn_text(x, y, text, turn) for x, y, text in lines[::step]]
    assert " ".join(lines_of(drawn_pdf("\n".join(drawn), turned=degrees))).split(". ") == (
        ["First line", "Second line."] if step == -1 else ["Second line", "First line."]
    )


words = st.builds(
    lambda x, y, number, turn, size: (x, y, "w" + chr(97 + number), turn, size),
    st.integers(-300, 900),
    st.integers(-300, 1100),
    st.integers(0, 25),
    st.sampled_from(
        ["1 0 0 1", "0 1 -1 0", "-1 0 0 -1", "0.7 0.7 -0.7 0.7", "1 0 0.3 1", "1 0 0 -1", "0.1 0 0 9"]
    ),
    st.sampled_from([0.5, 4, 12, 60]),
)
strokes = st.tuples(*[st.integers(0, 60).map(lambda step: step * 10)] * 2, st.booleans(), st.integers(0, 600))


@given(
    st.lists(st.tuples(st.lists(words, max_size=12), st.lists(strokes, max_size=20)), min_size=1, max_size=3),
    st.sampled_from([0, 90, 180, 270]),
)
def test_whatever_a_page_holds_no_character_is_lost(
    pages: list[tuple[list[tuple[float, float, str, str, float]], list[tuple[int, int, bool, int]]]],
    turned: int,
) -> None:
    drawings = []
    for texts, rules in pages:
        marks = [drawn_text(*text) for text in texts]
        marks += [
            f"{x} {y} m {x if upright else x + length} {y + length if upright else y} l S"
            for x, y, upright, length in rules
        ]
        drawings.append("\n".join(marks))
    content = drawn_pdf(*drawings, turned=turned)
    document = read_document(content, "a.pdf")
    assert document.state in ("text", "unsupported")
    assert document.detail is None or "layout" not in document.detail
    with pdfium.PdfDocument(content) as shown:
        expected = Counter(
            char for page in shown for char in page.get_textpage().get_text_range() if char.isalnum()
        )
    found = Counter(char for char in document.text if char.isalnum())
    assert found == expected


@given(st.integers(1, 5), st.integers(1, 30), st.randoms(use_true_random=False))
def test_words_apart_from_one_another_are_all_read_whole(
    columns: int, rows: int, order: random.Random
) -> None:
    cells = [(60 + 110 * column, 740 - 22 * row) for column in range(columns) for row in range(rows)]
    order.shuffle(cells)
    written = [f"word{number}x" for number in range(len(cells))]
    drawn = [drawn_text(x, y, word) for (x, y), word in zip(cells, written, strict=True)]
    text = read_document(drawn_pdf("\n".join(drawn)), "a.pdf").text
    assert sorted(text.split()) == sorted(written)


def stumble(*given: object) -> None:
    raise IndexError("a page of a kind unforeseen")


@pytest.mark.parametrize(
    ("step", "detail"),
    [
        ("find_grids", "page 1, 2 is read without its layout"),
        ("text_of_page", "page 1, 2 is read without its layout"),
        ("set_margins", "each line is a paragraph of its own"),
    ],
)
def test_a_bug_in_making_out_the_layout_costs_the_layout_and_no_text(
    monkeypatch: pytest.MonkeyPatch, step: str, detail: str
) -> None:
    monkeypatch.setattr(f"pipelines.attachments.pdf.reader.{step}", stumble)
    pages = [([(60.0, 700.0, "첫 줄"), (60.0, 680.0, "둘째 줄")], ()), ([(60.0, 700.0, "셋째 줄")], ())]
    document = read_document(pdf(*pages), "a.pdf")
    assert (document.state, document.detail) == ("text", detail)
    assert document.text.split("\n") == ["첫 줄", "둘째 줄", "셋째 줄"]
