"""HWP 5: records, control characters, tables, distribution documents; damage gives what came before it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import DocumentError
from pipelines.attachments import read_document
from pipelines.attachments.hwp.reader import blocks_of_records, text_pieces
from pipelines.attachments.hwp.reader import styles as hwp_styles
from pipelines.attachments.hwp.records import inflate, split, tree
from pipelines.blocks import Cell, Paragraph, Table
from tests.attachment_files import (
    control,
    deflated,
    file_header,
    hwp,
    ole,
    paragraph,
    record,
    styles,
    table,
)

CONTACTS = [
    (0, 0, 2, 1, ["담당 부서", "<총괄>"]),
    (0, 1, 2, 1, ["바다정책과"]),
    (0, 2, 1, 1, ["책임자"]),
    (0, 3, 1, 1, ["과  장"]),
    (1, 2, 1, 1, ["담당자"]),
    (1, 3, 1, 1, ["사무관", "", "주무관"]),
]
CELLS = Table(
    (
        Cell("담당 부서\n<총괄>", 0, 0, 2, 1),
        Cell("바다정책과", 0, 1, 2, 1),
        Cell("책임자", 0, 2),
        Cell("과  장", 0, 3),
        Cell("담당자", 1, 2),
        Cell("사무관\n\n주무관", 1, 3),
    )
)


@pytest.mark.parametrize("properties", [0, 1, 5], ids=["plain", "packed", "distribution"])
def test_paragraphs_and_tables_are_read_however_the_sections_are_kept(properties: int) -> None:
    first = paragraph("본문 첫 문단") + paragraph("", controls=[table(1, CONTACTS)], marks=1)
    document = read_document(hwp(first, paragraph("둘째 구역"), properties=properties), "보도자료.hwp")
    assert (document.format, document.state, document.detail) == ("hwp", "text", None)
    assert document.blocks == (Paragraph("본문 첫 문단"), CELLS, Paragraph("둘째 구역"))


def test_sections_are_read_in_the_order_of_their_numbers() -> None:
    document = read_document(hwp(*(paragraph(f"구역 {number}") for number in range(11))), "a.hwp")
    assert document.text.splitlines() == [f"구역 {number}" for number in range(11)]


def test_control_characters_take_the_room_that_they_need() -> None:
    tab = struct.pack("<H12xH", 9, 9)
    field = struct.pack("<H4s8xH", 3, b"klh%", 3)
    data = (
        "가".encode("utf-16-le")
        + tab
        + "나\n다\x1f라".encode("utf-16-le")
        + field
        + "마\r".encode("utf-16-le")
    )
    assert text_pieces(data) == ["가\t나\n다 라", "마"]


def test_text_beyond_the_first_plane_is_kept_and_a_half_of_a_pair_is_marked() -> None:
    assert text_pieces("\U000f02b1 개요".encode("utf-16-le")) == ["\U000f02b1 개요"]
    assert text_pieces("가".encode("utf-16-le") + b"\x00\xd8") == ["가\ufffd"]


def test_notes_and_text_boxes_follow_their_paragraph_and_headers_are_left_out() -> None:
    inside = [record(72, 2, bytes(8)), paragraph("각주", 2)]
    note = control(b"fn  ", 1, *inside)
    box = control(b"gso ", 1, record(76, 2, b""), record(72, 3, bytes(8)), paragraph("글상자", 3))
    header = control(b"head", 1, record(72, 2, bytes(8)), paragraph("머리말", 2))
    records = tree(paragraph("본문", controls=[note, header, box], marks=3))
    assert blocks_of_records(records) == [Paragraph("본문"), Paragraph("각주"), Paragraph("글상자")]


def test_an_equation_stands_where_its_mark_does() -> None:
    script = "a over b".encode("utf-16-le")
    equation = control(b"eqed", 1, record(88, 2, bytes(4) + struct.pack("<H", 8) + script))
    assert blocks_of_records(tree(paragraph(" 이다", controls=[equation], marks=1))) == [
        Paragraph("a over b 이다")
    ]


def test_bullets_and_numbers_of_a_style_stand_before_its_paragraphs() -> None:
    known = styles((0, 0, 0), (3, 0, 1), (2, 0, 1), (2, 1, 1), (2, 2, 1), (2, 0, 9))
    lines = [("제목", 0), ("부제", 1), ("하나", 2), ("", 2), ("둘", 2), ("가지", 3), ("열매", 4), ("셋", 2)]
    section = b"".join(paragraph(text, style=style) for text, style in [*lines, ("다른", 5)])
    document = read_document(hwp(section, styles=known), "a.hwp")
    told = ["제목", "- 부제", "1. 하나", "2. 둘", "가) 가지", "(①) 열매", "3. 셋", "다른"]
    assert document.text.split("\n") == told


def test_damaged_styles_cost_no_text() -> None:
    document = read_document(
        hwp(paragraph("본문", style=1), styles=styles((3, 0, 1), (3, 0, 1))[:-9]), "a.hwp"
    )
    assert (document.state, document.text) == ("text", "본문")


@given(st.binary(max_size=200))
def test_any_bytes_are_styles(data: bytes) -> None:
    hwp_styles(data)


def test_a_caption_stands_before_its_table() -> None:
    caption = record(72, 2, struct.pack("<HHI", 1, 0, 0)) + paragraph("표 1", 2)
    whole = table(1, [(0, 0, 1, 1, ["가"]), (0, 1, 1, 1, ["나"])])
    head = len(record(71, 1, bytes(44)))
    with_caption = whole[:head] + caption + whole[head:]
    assert blocks_of_records(tree(paragraph("", controls=[with_caption], marks=1))) == [
        Paragraph("표 1"),
        Table((Cell("가", 0, 0), Cell("나", 0, 1))),
    ]


def test_a_damaged_stream_gives_what_came_before_the_damage() -> None:
    words = "".join(chr(0xAC00 + place * 97 % 11172) for place in range(6000))
    packed = deflated(paragraph("첫 문단") + paragraph(words))
    plain, whole = inflate(packed[:-100], 1 << 20)
    assert not whole
    assert blocks_of_records(tree(plain))[0] == Paragraph("첫 문단")


def test_a_cut_section_says_that_text_is_missing() -> None:
    words = "".join(chr(0xAC00 + place * 97 % 11172) for place in range(6000))
    cut = deflated(paragraph("첫 문단") + paragraph(words))[:-100]
    document = read_document(ole({"FileHeader": file_header(), "BodyText/Section0": cut}), "a.hwp")
    assert (document.state, document.detail) == ("text", "damaged: text up to the damage")
    assert document.blocks[0] == Paragraph("첫 문단")


def test_a_bomb_is_too_big() -> None:
    with pytest.raises(DocumentError, match="too_big"):
        inflate(deflated(bytes(1 << 20)), 1 << 16)


def test_tables_nested_without_end_are_too_big() -> None:
    inner = b""
    for level in range(151, 0, -2):
        cell = record(72, level + 1, bytes(16)) + record(66, level + 1, bytes(24)) + inner
        inner = control(b"tbl ", level, record(77, level + 1, bytes(8)), cell)
    with pytest.raises(DocumentError, match="too_big"):
        blocks_of_records(tree(record(66, 0, bytes(24)) + inner))


def test_a_distribution_document_without_its_key_is_corrupt() -> None:
    content = hwp(paragraph("본문"), properties=5).replace(
        record(28, 0, bytes(256))[:4], record(28, 0, bytes(16))[:4]
    )
    assert read_document(content, "a.hwp").state == "corrupt"


@given(st.binary(max_size=200))
def test_any_bytes_are_records(data: bytes) -> None:
    assert sum(len(payload) for _, _, payload in split(data)) <= len(data)


@given(st.binary(max_size=120))
def test_any_bytes_are_text(data: bytes) -> None:
    assert all(isinstance(piece, str) for piece in text_pieces(data))


@given(
    st.lists(
        st.text(st.characters(min_codepoint=0x21, exclude_categories=["C", "Z"]), min_size=1, max_size=50)
    )
)
def test_every_paragraph_comes_back(lines: list[str]) -> None:
    assert blocks_of_records(tree(b"".join(map(paragraph, lines)))) == [Paragraph(line) for line in lines]
