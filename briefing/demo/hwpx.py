"""A press release as a small HWPX file: headline, table of officials, text."""

from __future__ import annotations

import io
import zipfile
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from briefing.demo.samples import Sample

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>'
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://www.hancom.co.kr/hwpml/2011/{name}"'
    for prefix, name in (("hp", "paragraph"), ("hs", "section"), ("hh", "head"))
)
_CONTAINER = (
    f'{_XML}<ocf:container xmlns:ocf="urn:oasis:names:tc:opendocument:xmlns:container"><ocf:rootfiles>'
    '<ocf:rootfile full-path="Contents/content.hpf" media-type="application/hwpml-package+xml"/>'
    "</ocf:rootfiles></ocf:container>"
)
_PACKAGE = (
    f'{_XML}<opf:package xmlns:opf="http://www.idpf.org/2007/opf/" version="" unique-identifier="" id="">'
    '<opf:manifest><opf:item id="header" href="Contents/header.xml" media-type="application/xml"/>'
    '<opf:item id="section0" href="Contents/section0.xml" media-type="application/xml"/></opf:manifest>'
    '<opf:spine><opf:itemref idref="header"/><opf:itemref idref="section0"/></opf:spine></opf:package>'
)


def hwpx_of(sample: Sample) -> bytes:
    """Write a sample as HWPX; the same sample gives the same bytes."""
    content = [_paragraph(sample.title), _table(_officials(sample)), *map(_paragraph, sample.paragraphs)]
    preview = "\r\n".join((sample.title, *sample.paragraphs))
    members = (
        ("mimetype", "application/hwp+zip"),
        ("version.xml", f'{_XML}<hv:HCFVersion xmlns:hv="http://www.hancom.co.kr/hwpml/2011/version"/>'),
        ("META-INF/container.xml", _CONTAINER),
        ("Contents/content.hpf", _PACKAGE),
        ("Contents/header.xml", f'{_XML}<hh:head {_NAMESPACES} version="1.4" secCnt="1"/>'),
        ("Contents/section0.xml", f"{_XML}<hs:sec {_NAMESPACES}>{''.join(content)}</hs:sec>"),
        ("Preview/PrvText.txt", preview),
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in members:
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, sample.at.timetuple()[:6]), text, stored)
    return packed.getvalue()


def _officials(sample: Sample) -> Iterable[Sequence[str]]:
    """Lay out the 담당 부서 table as releases of 2026 print it; a unit named once holds for the next row."""
    unit = ""
    for number, official in enumerate(sample.contacts):
        same = official.department == unit
        unit = official.department
        role = "담당자" if same else "책임자"
        label = "담당 부서" if number == 0 else ""
        yield label, "" if same else unit, role, official.rank, official.name, f"({official.phone})"


def _paragraph(text: str) -> str:
    run = f'<hp:run charPrIDRef="0"><hp:t>{escape(text, quote=False)}</hp:t></hp:run>'
    return f'<hp:p id="0" paraPrIDRef="0" styleIDRef="0">{run}</hp:p>'


def _table(rows: Iterable[Sequence[str]]) -> str:
    lines = [
        "".join(_cell(text, row, column) for column, text in enumerate(texts))
        for row, texts in enumerate(rows)
    ]
    body = "".join(f"<hp:tr>{line}</hp:tr>" for line in lines)
    table = f'<hp:tbl id="1" rowCnt="{len(lines)}" colCnt="6" borderFillIDRef="1">{body}</hp:tbl>'
    return f'<hp:p id="1" paraPrIDRef="0" styleIDRef="0"><hp:run charPrIDRef="0">{table}</hp:run></hp:p>'


def _cell(text: str, row: int, column: int) -> str:
    place = f'<hp:cellAddr colAddr="{column}" rowAddr="{row}"/><hp:cellSpan colSpan="1" rowSpan="1"/>'
    return f"<hp:tc><hp:subList>{_paragraph(text)}</hp:subList>{place}</hp:tc>"
