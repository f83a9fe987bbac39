"""Odd documents, as word processors, design programs and broken transfers make them, through the reader."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from pipelines.attachments.worker import Reader
from pipelines.blocks import text_of
from tests.attachment_files import (
    assembled,
    drawn_pdf,
    drawn_text,
    hwp,
    hwpx,
    line,
    mapped_font,
    ole,
    p,
    paragraph,
    section,
    t,
    tbl,
    tc,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LETTERS = {
    f"{ord(letter) & 0xFFFF:04X}": f"{ord(letter):04X}"
    for letter in "가나다라마바사아자차카타파하 0123456789"
}
FONT = mapped_font(LETTERS)
LONG = " ".join(["가나다라마바사"] * 60)


def codes(text: str) -> str:
    """Write text in the codes of the font."""
    return "<" + "".join(f"{ord(letter):04X}" for letter in text) + ">"


def at(x: float, y: float, text: str, turn: str = "1 0 0 1") -> str:
    return drawn_text(x, y, codes(text), turn)


def seven(x: float, y: float) -> str:
    """Draw a digit as a shape."""
    corners = [(0, 10), (6, 10), (6, 8), (3, 0), (1, 0), (4, 8), (0, 8)]
    steps = [f"{x + dx} {y + dy} {'l' if place else 'm'}" for place, (dx, dy) in enumerate(corners)]
    return " ".join([*steps, "h f"])


def page(*drawn: str, turned: int = 0) -> bytes:
    return drawn_pdf("\n".join(drawn), font=FONT, turned=turned)


def cut(content: bytes, end: bytes) -> bytes:
    return content[: content.rindex(end)]


def updated() -> bytes:
    """Make a file to which a later version of its page was appended."""
    first = page(at(60, 700, "가나다"))
    drawing = at(60, 700, "라마바")
    start = len(first)
    stream = f"\n7 0 obj\n<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream\nendobj\n".encode()
    before = first.rpartition(b"startxref\n")[2].partition(b"\n")[0].decode()
    table = f"xref\n7 1\n{start + 1:010d} 00000 n \ntrailer << /Size 9 /Root 1 0 R /Prev {before} >>\n"
    return first + stream + f"{table}startxref\n{start + len(stream)}\n%%EOF".encode()


def type3() -> bytes:
    """Make a page whose font is made of drawings, without Unicode."""
    drawing = "1000 0 0 0 750 750 d1 0 0 750 750 re f"
    shape = f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream"
    font = (
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] /FontMatrix [0.001 0 0 0.001 0 0]"
        " /CharProcs << /x1 4 0 R >> /Encoding << /Type /Encoding /Differences [97 /x1] >>"
        " /FirstChar 97 /LastChar 97 /Widths [1000] >>"
    )
    return drawn_pdf(drawn_text(60, 700, "aaaa"), font=(font, shape))


def form() -> bytes:
    """Make a page with a form: its fields are no text of the document."""
    text = at(60, 700, "가나다")
    return assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [9 0 R] >> >>",
            "<< /Type /Pages /Kids [8 0 R] /Count 1 >>",
            *FONT,
            f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 7 0 R /Annots [9 0 R]"
                " /Resources << /Font << /F1 3 0 R >> >> >>"
            ),
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (value) /Rect [60 600 200 620] >>",
        ]
    )


PDFS: dict[str, tuple[bytes, str, str | None, str]] = {
    "drawn glyph by glyph, backwards": (
        page(
            *(
                at(60 + 24 * place, 700, two)
                for place, two in reversed([*enumerate(["가나", "다라", "마바"])])
            )
        ),
        "text",
        None,
        "가나다라마바",
    ),
    "drawn line by line, the last first": (
        page(at(60, 660, "바사아"), at(60, 700, "가나다"), at(60, 680, "라마")),
        "text",
        None,
        "가나다 라마 바사아",
    ),
    "drawn twice for boldness": (
        page(at(60, 700, "가나다"), at(60.3, 700, "가나다")),
        "text",
        None,
        "가나다",
    ),
    "text that is not shown, over a scan": (page("3 Tr", at(60, 700, "가나다")), "text", None, "가나다"),
    "turned by 90": (page(at(60, 700, "가나다라"), turned=90), "text", None, "가나다라"),
    "turned by 180": (page(at(60, 700, "가나다라"), turned=180), "text", None, "가나다라"),
    "turned by 270": (page(at(60, 700, "가나다라"), turned=270), "text", None, "가나다라"),
    "the largest page": (
        page(at(60, 700, "가나다")).replace(b"[0 0 600 800]", b"[0 0 14400 14400]"),
        "text",
        None,
        "가나다",
    ),
    "corners of the page exchanged": (
        page(at(60, 700, "가나다")).replace(b"[0 0 600 800]", b"[600 800 0 0]"),
        "text",
        None,
        "가나다",
    ),
    "no Unicode": (
        drawn_pdf(drawn_text(60, 700, "<00010002>"), font=mapped_font({})),
        "unsupported",
        "100% of the characters have no Unicode",
        "",
    ),
    "a font of drawings": (type3(), "unsupported", "100% of the characters have no Unicode", ""),
    "a font without widths": (
        drawn_pdf(at(60, 700, "가나다라"), font=mapped_font(LETTERS, width=0)),
        "unsupported",
        "100% of the text has no width, and is not read",
        "",
    ),
    "digits drawn as shapes": (
        page(at(60, 700, "가나다라마바사아자차"), *(seven(200 + 8 * place, 700) for place in range(10))),
        "text",
        "50% of the characters are drawn as shapes",
        "가나다라마바사아자차",
    ),
    "nothing but shapes of letters": (
        drawn_pdf("\n".join(seven(60 + 8 * place, 700) for place in range(30))),
        "unsupported",
        "100% of the characters are drawn as shapes",
        "",
    ),
    "shapes of bullets": (
        page(at(60, 700, "가나다"), seven(40, 700), seven(40, 660), at(60, 660, "라마바")),
        "text",
        None,
        "가나다\n라마바",
    ),
    "its end cut off": (
        cut(page(at(60, 700, "가나다")), b"trailer"),
        "text",
        "damaged: its end is lost",
        "가나다",
    ),
    "cut behind its first page": (
        cut(drawn_pdf(at(60, 700, "가나다"), at(60, 700, "라마바"), font=FONT), b"9 0 obj"),
        "text",
        "damaged: its end is lost",
        "가나다",
    ),
    "a wrong cross-reference": (
        page(at(60, 700, "가나다")).replace(b"00000 n", b"00009 n"),
        "text",
        None,
        "가나다",
    ),
    "a later version appended": (updated(), "text", None, "라마바"),
    "a form": (form(), "text", None, "가나다"),
    "no page": (
        assembled(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"]),
        "corrupt",
        "Failed to load",
        "",
    ),
}


def note(kind: str, text: str) -> str:
    return f"<hp:ctrl><hp:{kind}><hp:subList>{line(text)}</hp:subList></hp:{kind}></hp:ctrl>"


def zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


BODY = section(line("본문"))
HML = '<?xml version="1.0" encoding="UTF-8"?><HWPML Version="2.8"><BODY><SECTION>{}</SECTION></BODY></HWPML>'
CHAR = "<P><TEXT><CHAR>{}</CHAR></TEXT></P>"

OFFICE: dict[str, tuple[bytes, str, str | None, str]] = {
    "a table in a cell": (
        hwpx(
            section(
                p(
                    tbl(
                        [
                            tc(0, 0, line("가") + p(tbl([tc(0, 0, line("안")), tc(0, 1, line("쪽"))]))),
                            tc(0, 1, line("나")),
                        ]
                    )
                )
            )
        ),
        "text",
        None,
        "가\n안\t쪽\n나",
    ),
    "a footnote": (
        hwpx(section(p(t("본문"), note("footNote", "각주"), t(" 끝")))),
        "text",
        None,
        "본문 끝\n각주",
    ),
    "a hidden comment": (
        hwpx(section(p(t("본문"), note("hiddenComment", "숨은 설명")))),
        "text",
        None,
        "본문",
    ),
    "a page header": (hwpx(section(p(note("header", "머리말"), t("본문")))), "text", None, "본문"),
    "a gloss": (
        hwpx(
            section(p("<hp:dutmal><hp:mainText>漢字</hp:mainText><hp:subText>한자</hp:subText></hp:dutmal>"))
        ),
        "text",
        None,
        "漢字(한자)",
    ),
    "word art": (hwpx(section(p('<hp:textart text="글맵시"/>', t("뒤")))), "text", None, "글맵시\n뒤"),
    "a formula": (
        hwpx(section(p(t("식 "), "<hp:equation><hp:script>a over b</hp:script></hp:equation>"))),
        "text",
        None,
        "식 a over b",
    ),
    "tracked changes": (
        hwpx(
            section(
                p("<hp:t>앞<hp:deleteBegin/>지운<hp:deleteEnd/><hp:insertBegin/>넣은<hp:insertEnd/>뒤</hp:t>")
            )
        ),
        "text",
        None,
        "앞넣은뒤",
    ),
    "characters that are elements": (
        hwpx(section(p("<hp:t>가<hp:tab/>나<hp:lineBreak/>다<hp:nbSpace/>라<hp:hyphen/>마</hp:t>"))),
        "text",
        None,
        "가\t나\n다 라-마",
    ),
    "three sections, in the order of the spine": (
        hwpx(section(line("하나")), section(line("둘")), section(line("셋")), spine=[2, 0, 1]),
        "text",
        None,
        "셋\n하나\n둘",
    ),
    "a wrong media type": (hwpx(BODY).replace(b"hwp+zip", b"xyz+zip"), "text", None, "본문"),
    "a byte order mark": (
        hwpx(BODY, parts={"Contents/section0.xml": b"\xef\xbb\xbf" + BODY.encode()}),
        "text",
        None,
        "본문",
    ),
    "UTF-16": (
        hwpx(BODY, parts={"Contents/section0.xml": BODY.replace("UTF-8", "UTF-16").encode("utf-16")}),
        "text",
        None,
        "본문",
    ),
    "a section that is not there": (
        hwpx(
            BODY,
            parts={"Contents/content.hpf": b'<package><manifest><item id="a" href="Contents/section7.xml"/>'},
        ),
        "text",
        "damaged",
        "본문",
    ),
    "a zip cut short": (
        hwpx(section(line("하나")), section(line("둘")))[:-300],
        "text",
        "damaged",
        "하나\n둘",
    ),
    "a document type": (
        hwpx(section(line("본문"), prolog='<!DOCTYPE a [<!ENTITY x "y">]>')),
        "corrupt",
        "a part with a document type",
        "",
    ),
    "HWPML": (HML.format(CHAR.format("본문")).encode(), "text", None, "본문"),
    "HWPML cut short": (
        HML.format(CHAR.format("하나") + CHAR.format("둘")).partition("둘")[0].encode(),
        "text",
        "damaged",
        "하나",
    ),
    "HWP": (hwp(paragraph("하나"), paragraph("둘")), "text", None, "하나\n둘"),
    "HWP, not packed": (hwp(paragraph("본문"), properties=0), "text", None, "본문"),
    "HWP for distribution": (hwp(paragraph("본문"), properties=5), "text", None, "본문"),
    "HWP with a password": (hwp(paragraph("본문"), properties=3), "encrypted", "password", ""),
    "HWP under rights management": (
        hwp(paragraph("본문"), properties=17),
        "encrypted",
        "rights management",
        "",
    ),
    "HWP without its end": (
        hwp(paragraph(LONG))[:-1500],
        "text",
        "damaged: the file's directory is lost",
        LONG,
    ),
    "HWP cut in the middle": (
        hwp(paragraph("하나"), paragraph("둘"), paragraph(LONG * 99))[: 512 + 3 * 4096],
        "text",
        "damaged: the file's directory is lost",
        "하나\n둘",
    ),
    "HWP for distribution without its end": (
        hwp(paragraph(LONG), properties=5)[:-1500],
        "text",
        "damaged: the file's directory is lost",
        LONG,
    ),
    "HWP with a password, without its end": (
        hwp(paragraph(LONG), properties=3)[:-1500],
        "encrypted",
        "password",
        "",
    ),
    "HWP 3": (b"HWP Document File V3.00 \x1a\1\2\3\4\5" + bytes(500), "unsupported", "hwp3 file", ""),
    "Word of 1997": (ole({"WordDocument": b"x" * 5000}), "unsupported", "doc file", ""),
    "Excel of 1997": (ole({"Workbook": b"x" * 5000}), "unsupported", "xls file", ""),
    "Word": (zipped({"word/document.xml": b"<w/>"}), "unsupported", "docx file", ""),
    "Excel": (zipped({"xl/workbook.xml": b"<w/>"}), "unsupported", "xlsx file", ""),
    "Word with a password": (ole({"EncryptedPackage": b"x" * 5000}), "encrypted", "password", ""),
    "a zip of documents": (zipped({"보도자료.hwpx": hwpx(BODY)}), "unsupported", "zip file", ""),
    "a page of an error": (b"<html><body>error</body></html>", "unsupported", "html file", ""),
    "an empty file": (b"", "corrupt", "empty file", ""),
    "running text in EUC-KR": ("담당 044-200-1234".encode("cp949"), "text", None, "담당 044-200-1234"),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as made:
        yield made


@pytest.mark.parametrize("what", [*PDFS, *OFFICE])
def test_an_odd_document_gives_its_text_or_says_why_not(reader: Reader, what: str) -> None:
    content, state, detail, text = (PDFS | OFFICE)[what]
    document = reader.read(content, "보도자료.hwp")
    assert document.state == state
    assert (document.detail or "").startswith(detail or "")
    assert bool(document.detail) == bool(detail)
    assert text_of(document.blocks) == text
