"""Text that stands apart from the lines, ruby, boxes, notes and captions, is read where it belongs."""

from __future__ import annotations

import struct

import pytest

from pipelines.attachments import read_document
from pipelines.blocks import Paragraph
from tests.attachment_files import (
    control,
    hwp,
    hwpx,
    line,
    p,
    paragraph,
    record,
    section,
    t,
)

RUBY = "<hp:dutmal><hp:mainText>폭염</hp:mainText><hp:subText>暴炎</hp:subText></hp:dutmal>"


def units(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")


def inline(kind: bytes, data: bytes) -> bytes:
    return record(71, 1, kind[::-1] + data)


def test_ruby_stands_in_brackets_behind_its_base_in_both_formats() -> None:
    ruby = inline(b"tdut", units("폭염") + units("暴炎") + bytes(20))
    assert read_document(hwp(paragraph(" 대책", controls=[ruby], marks=1)), "a").text == "폭염(暴炎) 대책"
    assert (
        read_document(hwpx(section(p(t("올여름 "), RUBY, t(" 대책")))), "a").text == "올여름 폭염(暴炎) 대책"
    )


def test_overlapped_characters_stand_in_the_line_in_both_formats() -> None:
    overlapped = inline(b"tcps", units("①가") + bytes(8))
    assert read_document(hwp(paragraph(" 항", controls=[overlapped], marks=1)), "a").text == "①가 항"
    assert read_document(hwpx(section(p('<hp:compose composeText="①가"/>', t(" 항")))), "a").text == "①가 항"


def test_word_art_is_a_line_of_its_own_in_both_formats() -> None:
    art = control(
        b"gso ", 1, record(76, 2, b""), record(90, 3, bytes(32) + units("보도참고자료") + bytes(40))
    )
    assert read_document(hwp(paragraph("", controls=[art], marks=1) + paragraph("본문")), "a").blocks == (
        Paragraph("보도참고자료"),
        Paragraph("본문"),
    )
    art_x = '<hp:textart text="보도참고자료"><hp:textartPr fontName="x"/></hp:textart>'
    assert read_document(hwpx(section(p(art_x, "<hp:t/>"), line("본문"))), "a").text == "보도참고자료\n본문"


def box(text: str, like_a_letter: int) -> str:
    inside = f"<hp:drawText><hp:subList>{line(text)}</hp:subList></hp:drawText>"
    return f'<hp:rect>{inside}<hp:pos treatAsChar="{like_a_letter}"/></hp:rect>'


def test_a_box_in_the_line_divides_it_and_one_that_floats_does_not() -> None:
    divided = hwpx(section(p(t("앞말"), box("가", 1), box("나", 1), t("뒷말"))))
    assert read_document(divided, "a").text.splitlines() == ["앞말", "가", "나", "뒷말"]
    floating = hwpx(section(p(t("해양"), box("가", 0), t("수산부"))))
    assert read_document(floating, "a").text.splitlines() == ["해양수산부", "가"]


@pytest.mark.parametrize(("properties", "expected"), [(1, ["앞", "가", "말"]), (0, ["앞말", "가"])])
def test_a_box_of_an_hwp_does_the_same(properties: int, expected: list[str]) -> None:
    units_ = "앞".encode("utf-16-le") + struct.pack("<H12xH", 11, 11) + "말".encode("utf-16-le")
    shape = record(71, 1, b"gso "[::-1] + struct.pack("<I", properties) + bytes(36))
    inside = record(72, 2, bytes(8)) + paragraph("가", 2)
    content = hwp(record(66, 0, bytes(24)) + record(67, 1, units_) + shape + inside)
    assert read_document(content, "a").text.splitlines() == expected


def test_of_alternatives_the_first_that_holds_anything_is_read() -> None:
    caption = f"<hp:caption><hp:subList>{line('그림 1')}</hp:subList></hp:caption>"
    first = f"<hp:case><hp:chart>{caption}</hp:chart></hp:case>"
    other = f"<hp:default><hp:ole>{caption}</hp:ole></hp:default>"
    for inside in (first + other, f"<hp:case/>{other}", other):
        content = hwpx(section(p(f"<hp:switch>{inside}</hp:switch>", t("본문"))))
        assert sorted(read_document(content, "a").text.splitlines()) == ["그림 1", "본문"]


def test_notes_and_captions_keep_their_numbers() -> None:
    form = '<hp:autoNumFormat type="DIGIT" suffixChar=")"/>'
    number = f'<hp:ctrl><hp:autoNum num="1" numType="FOOTNOTE">{form}</hp:autoNum></hp:ctrl>'
    inside = f"<hp:subList>{p(number, t(' 각주'))}</hp:subList>"
    note = f'<hp:ctrl><hp:footNote number="1" suffixChar="41">{inside}</hp:footNote></hp:ctrl>'
    page = '<hp:ctrl><hp:autoNum num="7" numType="PAGE"/></hp:ctrl>'
    content = hwpx(section(p(t("청년"), note, t(" 인구"), page)))
    assert read_document(content, "a").text.splitlines() == ["청년¹⁾ 인구", "1) 각주"]
    auto = inline(b"atno", struct.pack("<I4H", 4, 2, 0, 0, 0))
    assert read_document(hwp(paragraph(" 인구", controls=[auto], marks=1)), "a").text == "2 인구"


HEADER = """<hh:head xmlns:hh="urn:h"><hh:refList><hh:charProperties>
<hh:charPr id="7"><hh:superscript/></hh:charPr>
<hh:charPr id="8"><hh:subscript/></hh:charPr></hh:charProperties></hh:refList></hh:head>"""


def test_raised_and_lowered_text_is_told_from_its_base_in_both_formats() -> None:
    def run(style: int, text: str) -> str:
        return f'<hp:run charPrIDRef="{style}">{t(text)}</hp:run>'

    body = f"<hp:p>{run(0, '10')}{run(7, '3')}{run(0, '톤의 CO')}{run(8, '2')}</hp:p>"
    content = hwpx(section(body), parts={"Contents/header.xml": HEADER.encode()})
    assert read_document(content, "a").text == "10³톤의 CO₂"
    shapes = b"".join(
        record(21, 0, bytes(46) + struct.pack("<I", properties) + bytes(22))
        for properties in (0, 1 << 15, 1 << 16)
    )
    starts = struct.pack("<8I", 0, 0, 2, 1, 3, 0, 8, 2)
    lines = (
        record(66, 0, bytes(24)) + record(67, 1, "103톤의 CO2\r".encode("utf-16-le")) + record(68, 1, starts)
    )
    assert read_document(hwp(lines, styles=shapes), "a").text == "10³톤의 CO₂"
