"""One bad character, part or record costs itself, never the document, and a detail says what is damaged."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.attachments import detect_format, read_document
from pipelines.blocks import Table
from tests.attachment_files import (
    control,
    deflated,
    file_header,
    hwp,
    hwpx,
    line,
    locked,
    ole,
    p,
    paragraph,
    record,
    section,
    tbl,
    tc,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST, SECOND = (
    section(*(line(f"첫 구역 {place}") for place in range(5))),
    section(line("둘째 구역"), line("끝")),
)
LINES = [f"첫 구역 {place}" for place in range(5)]


def texts(content: bytes, name: str = "보도자료.hwpx") -> list[str]:
    document = read_document(content, name)
    assert document.state == "text"
    assert document.detail is not None
    assert document.detail.startswith("damaged: ")
    return document.text.splitlines()


def repacked(content: bytes, renamed: Callable[[str], str]) -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(renamed(name)), old.read(name))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("본문 \x0b문장이다.", "본문 문장이다."),
        ("본문 &#x0B;문장이다.", "본문 문장이다."),
        ("본문&nbsp;문장이다.", "본문\xa0문장이다."),
        ("연구 & 개발", "연구 & 개발"),
        ("<총괄> 항만과", "<총괄> 항만과"),
        ("3 < 5 이다", "3 < 5 이다"),
        ("끝 \ufffe이다", "끝 이다"),
    ],
)
def test_a_bad_character_costs_itself(inside: str, expected: str) -> None:
    bad = p(f"<hp:t>{inside}</hp:t>")
    assert texts(hwpx(section(line("앞"), bad, line("뒤")))) == ["앞", expected, "뒤"]


def test_a_section_that_is_cut_keeps_what_comes_before_and_the_other_sections() -> None:
    cut = SECOND[: SECOND.index("<hp:lineseg/>") + 5]
    assert texts(hwpx(FIRST, cut)) == [*LINES, "둘째 구역"]
    assert texts(hwpx(cut, FIRST)) == ["둘째 구역", *LINES]


@pytest.mark.parametrize(
    "damaged",
    [
        lambda text: text.replace("xmlns:hp=", "xmlns:other="),
        lambda text: text.replace("</hp:run>", "", 1),
        lambda text: text.replace("</hp:p>", "</hp:p></hp:p>", 1),
        lambda text: text.replace("</hp:p>", "</hs:sec></hp:p>", 1),
        lambda text: text.replace("</hs:sec>", ""),
        lambda text: "쓰레기" + text,
        lambda text: text.replace("<hp:lineseg/>", "<hp:lineseg", 1),
        lambda text: text.replace("<hp:lineseg/>", '<hp:lineseg a="', 1),
    ],
)
def test_a_wrong_tag_costs_no_paragraph(damaged: Callable[[str], str]) -> None:
    assert texts(hwpx(damaged(FIRST), SECOND)) == [*LINES, "둘째 구역", "끝"]


def test_a_damaged_table_costs_no_paragraph_and_no_other_cell() -> None:
    whole = tbl([tc(0, 0, line("가")), tc(0, 1, line("나"))], [tc(1, 0, line("다")), tc(1, 1, line("라"))])
    content = hwpx(section(line("앞"), p(whole.replace("</hp:tc>", "", 1)), line("뒤")))
    found = read_document(content, "a.hwpx")
    assert [word for word in found.text.split() if word in "앞가다라뒤"] == ["앞", "가", "다", "라", "뒤"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
@pytest.mark.parametrize("declared", ["UTF-8", "EUC-KR", "iso-8859-1", "no-such"])
def test_a_wrong_declaration_of_the_encoding_costs_nothing(encoding: str, declared: str) -> None:
    text = section(line("본문 문장이다.")).replace('encoding="UTF-8"', f'encoding="{declared}"')
    if encoding == "cp949" and declared == "iso-8859-1":
        return  # every run of bytes is Latin-1: what is declared cannot be seen to be wrong
    content = hwpx(FIRST, parts={"Contents/section1.xml": text.encode(encoding)})
    assert read_document(content, "a.hwpx").text.splitlines() == [*LINES, "본문 문장이다."]


def test_a_byte_order_mark_and_blank_lines_before_the_xml_cost_nothing() -> None:
    for before in ("\ufeff", "\r\n", "\ufeff\n "):
        assert read_document(hwpx(before + FIRST), "a.hwpx").text.splitlines() == LINES


@pytest.mark.parametrize(
    "renamed",
    [
        lambda name: name.replace("/", "\\"),
        str.upper,
        lambda name: f"./{name}",
        lambda name: name.replace("Contents", "contents"),
    ],
)
def test_parts_are_found_however_their_names_are_written(renamed: Callable[[str], str]) -> None:
    content = repacked(hwpx(FIRST, SECOND, spine=[1, 0]), renamed)
    document = read_document(content, "download")
    assert (document.format, document.state, document.detail) == ("hwpx", "text", None)
    assert document.text.splitlines() == ["둘째 구역", "끝", *LINES]


@pytest.mark.parametrize("before", [b"\r\n", b"\xef\xbb\xbf", b"\n" * 500, b"HTTP/1.1 200 OK\r\n\r\n"])
@pytest.mark.parametrize("content", [hwpx(FIRST), hwp(paragraph("본문"))], ids=["hwpx", "hwp"])
def test_what_stands_before_the_container_costs_nothing(before: bytes, content: bytes) -> None:
    document = read_document(before + content, "download?id=1")
    assert (document.state, document.detail) == ("text", None)
    assert document.text == read_document(content, "").text


def test_a_wrong_checksum_costs_nothing() -> None:
    content = bytearray(hwpx(FIRST, SECOND))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        offset = archive.getinfo("Contents/section0.xml").header_offset
    for signature, at in ((b"PK\x01\x02", 16), (b"PK\x03\x04", 14)):
        place = offset if at == 14 else content.index(b"Contents/section0.xml", content.index(signature)) - 46
        content[place + at] ^= 0xFF
    assert texts(bytes(content)) == [*LINES, "둘째 구역", "끝"]


def test_a_zip_without_its_directory_is_read_from_the_headers_of_its_parts() -> None:
    content = hwpx(FIRST, SECOND)
    assert texts(content[: content.index(b"PK\x01\x02")]) == [*LINES, "둘째 구역", "끝"]
    start = content.index(b"Contents/section1.xml", content.index(b"Contents/section0.xml"))
    assert texts(content[: start + 30], "download")[:5] == LINES


@pytest.mark.parametrize("name", ["Contents/content.hpf", "META-INF/manifest.xml", "Contents/header.xml"])
@pytest.mark.parametrize("part", [b"", b"<a", b"\xff\xfe\x00", b"<!DOCTYPE a><a/>"])
def test_a_damaged_part_beside_the_sections_costs_no_text(name: str, part: bytes) -> None:
    assert read_document(hwpx(FIRST, SECOND, parts={name: part}), "a.hwpx").text.splitlines()[:5] == LINES


def test_one_part_packed_in_another_way_costs_itself() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Contents/section0.xml", FIRST)
        archive.writestr("Contents/section1.xml", SECOND, zipfile.ZIP_BZIP2)
    assert texts(packed.getvalue()) == LINES


def test_a_document_of_which_nothing_is_left_is_corrupt() -> None:
    document = read_document(hwpx("<hs:sec", ""), "a.hwpx")
    assert (document.state, document.blocks) == ("corrupt", ())


# ---- HWP


@pytest.mark.parametrize("properties", [1, 5])
def test_a_bad_section_of_an_hwp_costs_itself(properties: int) -> None:
    good = deflated(paragraph("첫 구역"))
    bad = b"\xff" * 300
    storage = "ViewText" if properties & 4 else "BodyText"
    content = ole(
        {
            "FileHeader": file_header(properties),
            f"{storage}/Section0": locked(good) if properties & 4 else good,
            f"{storage}/Section1": bad,
        }
    )
    assert texts(content, "a.hwp") == ["첫 구역"]


def test_a_lost_file_header_costs_no_text() -> None:
    streams = {"FileHeader": b"\0" * 256, "BodyText/Section0": deflated(paragraph("본문"))}
    assert texts(ole(streams), "a.hwp") == ["본문"]


def test_a_header_that_says_packed_of_a_plain_section_costs_no_text() -> None:
    streams = {"FileHeader": file_header(1), "BodyText/Section0": paragraph("본문")}
    assert texts(ole(streams), "a.hwp") == ["본문"]


def test_a_record_that_is_longer_than_the_section_is_damage() -> None:
    whole = paragraph("앞") + paragraph("뒤가 길다")
    assert texts(hwp(whole[:-4]), "a.hwp")[0] == "앞"


def test_a_damaged_table_of_an_hwp_costs_no_paragraph() -> None:
    cut = control(b"tbl ", 1, record(77, 2, b""), record(72, 2, b"\1"), paragraph("가", 2))
    document = read_document(
        hwp(paragraph("앞") + paragraph("", controls=[cut], marks=1) + paragraph("뒤")), "a"
    )
    assert document.text.splitlines() == ["앞", "가", "뒤"]


@given(st.binary(min_size=1, max_size=60), st.integers(0, 400))
def test_any_bytes_in_the_middle_of_a_section_cost_at_most_what_they_cover(noise: bytes, place: int) -> None:
    before, after = section(line("앞")), section(line("뒤"))
    middle = FIRST.encode()
    broken = middle[:place] + noise + middle[place:]
    content = hwpx(before, "", after, parts={"Contents/section1.xml": broken})
    lines = read_document(content, "a.hwpx").text.splitlines()
    assert (lines[0], lines[-1]) == ("앞", "뒤")


@given(st.integers(0, 3000), st.integers(1, 255))
def test_any_changed_byte_of_a_package_ends_no_reading(place: int, change: int) -> None:
    content = bytearray(hwpx(FIRST, SECOND))
    content[place % len(content)] ^= change
    assert read_document(bytes(content), "a.hwpx").state in {"text", "corrupt", "encrypted", "unsupported"}


# ---- Content decides


HML = """<?xml version="1.0" encoding="UTF-8" standalone="no" ?><HWPML Version="2.91"><HEAD>
<MAPPINGTABLE><CHARSHAPELIST><CHARSHAPE Id="0"/><CHARSHAPE Id="1"><SUPERSCRIPT/></CHARSHAPE></CHARSHAPELIST>
<NUMBERINGLIST><NUMBERING Id="1"><PARAHEAD Level="1" NumFormat="HangulSyllable">^1.</PARAHEAD>
</NUMBERING></NUMBERINGLIST><PARASHAPELIST>
<PARASHAPE Id="1" HeadingType="Number" Heading="1" Level="0"/></PARASHAPELIST></MAPPINGTABLE>
</HEAD><BODY><SECTION Id="0"><P ParaShape="1"><TEXT CharShape="0"><SECDEF><P><TEXT><CHAR>바탕쪽</CHAR>
</TEXT></P></SECDEF><CHAR>본문 10</CHAR></TEXT><TEXT CharShape="1"><CHAR>3</CHAR></TEXT><TEXT>
<CHAR>톤<TAB/>끝</CHAR></TEXT></P><P><TEXT><TABLE><SHAPEOBJECT><POSITION TreatAsChar="true"/>
<CAPTION><PARALIST><P><TEXT><CHAR>표 1</CHAR></TEXT></P></PARALIST></CAPTION></SHAPEOBJECT><ROW>
<CELL ColAddr="0" RowAddr="0" RowSpan="2" Header="true"><PARALIST><P><TEXT><CHAR>가</CHAR>
</TEXT></P></PARALIST></CELL><CELL ColAddr="1" RowAddr="0"><PARALIST><P><TEXT><CHAR>나</CHAR>
</TEXT></P></PARALIST></CELL></ROW><ROW><CELL ColAddr="1" RowAddr="1"><PARALIST><P><TEXT>
<CHAR>다</CHAR></TEXT></P></PARALIST></CELL></ROW></TABLE></TEXT></P></SECTION></BODY><TAIL/>
</HWPML>"""


@pytest.mark.parametrize("name", ["a.hml", "a.hwp", "download?id=1", "a.txt"])
@pytest.mark.parametrize(
    "content", [HML.encode(), b"\r\n" + HML.encode(), HML.encode("utf-8-sig"), HML.encode("utf-16")]
)
def test_hwpml_is_known_by_its_bytes_and_read(name: str, content: bytes) -> None:
    document = read_document(content, name)
    assert (document.format, document.state, document.detail) == ("hml", "text", None)
    assert document.text.splitlines() == ["가. 본문 10³톤\t끝", "표 1", "가\t나", "다"]
    (grid,) = (block for block in document.blocks if isinstance(block, Table))
    assert (grid.rows, grid.columns, grid.cells[0].header) == (2, 2, True)


def test_a_cut_hwpml_keeps_what_comes_before() -> None:
    assert texts(HML[: HML.index("<CHAR>다")].encode(), "a.hml")[:2] == ["가. 본문 10³톤\t끝", "표 1"]


@pytest.mark.parametrize("name", ["", "a.zip", "download?id=1", "a.pdf", "보도자료.hwp"])
def test_documents_are_known_under_any_name(name: str) -> None:
    assert detect_format(hwpx(FIRST), name) == "hwpx"
    assert detect_format(hwp(paragraph("본문")), name) == "hwp"
    assert detect_format(HML.encode(), name) == "hml"


# ---- The cases


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("h05_ruby.hwp", ["올여름 폭염(暴炎) 대책을 발표했다."]),
        ("h05_ruby.hwpx", ["올여름 폭염(暴炎) 대책을 발표했다."]),
        ("h06_word_art.hwpx", ["보도참고자료", "본문 첫 문장이다."]),
        (
            "h07_numbering_skipped_level.hwpx",
            ["1. 추진 배경", "1.1.1. 국내 현황", "1.1.2. 해외 현황", "1.2. 그간의 성과"],
        ),
        ("h14_control_character.hwpx", ["본문 문장이다."]),
        ("h15_leading_blank_line.hwpx", ["본문 문장이다."]),
        ("h16_backslash_names.hwpx", ["본문 문장이다."]),
        ("h17_chart_caption.hwpx", ["<그림 1> 온열질환자 수", "본문이다."]),
    ],
)
def test_known_cases(shared: Path, case: str, expected: list[str]) -> None:
    assert read_document((shared / "cases" / case).read_bytes(), case).text.splitlines() == expected
