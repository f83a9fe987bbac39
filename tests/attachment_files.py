"""Small attachments made by the tests themselves: HWPX packages, HWP 5 containers, PDF pages."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# ---- HWPX

NAMESPACES = 'xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph" xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section"'


def p(*runs: str) -> str:
    """Write a paragraph of runs of XML."""
    inside = "".join(f"<hp:run>{run}</hp:run>" for run in runs)
    return f"<hp:p>{inside}<hp:linesegarray><hp:lineseg/></hp:linesegarray></hp:p>"


def t(text: str) -> str:
    """Write a text element."""
    return f"<hp:t>{escape(text)}</hp:t>"


def line(text: str) -> str:
    """Write a paragraph of plain text."""
    return p(t(text))


def tc(row: int, column: int, inside: str, rowspan: int = 1, colspan: int = 1, header: int = 0) -> str:
    """Write a table cell."""
    return (
        f'<hp:tc header="{header}"><hp:subList>{inside}</hp:subList>'
        f'<hp:cellAddr colAddr="{column}" rowAddr="{row}"/>'
        f'<hp:cellSpan colSpan="{colspan}" rowSpan="{rowspan}"/></hp:tc>'
    )


def tbl(*rows: Sequence[str], caption: str = "") -> str:
    """Write a table of rows of cells."""
    inside = "".join(f"<hp:tr>{''.join(row)}</hp:tr>" for row in rows)
    head = f"<hp:caption><hp:subList>{line(caption)}</hp:subList></hp:caption>" if caption else ""
    return f"<hp:tbl>{head}{inside}</hp:tbl>"


def section(*paragraphs: str, prolog: str = "") -> str:
    """Write a section part."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<hs:sec {NAMESPACES}>{"".join(paragraphs)}</hs:sec>'
    )


def hwpx(
    *sections: str, spine: Sequence[int] | None = None, parts: Mapping[str, bytes] | None = None
) -> bytes:
    """Pack sections to an HWPX file; `spine` gives their numbers in reading order."""
    order = range(len(sections)) if spine is None else spine
    items = "".join(f'<opf:item id="s{n}" href="Contents/section{n}.xml"/>' for n in range(len(sections)))
    references = "".join(f'<opf:itemref idref="s{n}"/>' for n in order)
    package = (
        '<opf:package xmlns:opf="http://www.idpf.org/2007/opf/"><opf:metadata>'
        '<opf:meta name="lastsaveby">홍길동</opf:meta></opf:metadata>'
        f"<opf:manifest>{items}</opf:manifest><opf:spine>{references}</opf:spine></opf:package>"
    )
    files = {
        "mimetype": b"application/hwp+zip",
        "Contents/content.hpf": package.encode(),
        "META-INF/manifest.xml": b"<odf:manifest/>",
        **{f"Contents/section{n}.xml": text.encode() for n, text in enumerate(sections)},
        **(parts or {}),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return packed.getvalue()


# ---- HWP 5


def record(tag: int, level: int, data: bytes = b"") -> bytes:
    """Write one record."""
    size = min(len(data), 0xFFF)
    word = struct.pack("<I", tag | level << 10 | size << 20)
    return word + (struct.pack("<I", len(data)) if size == 0xFFF else b"") + data


def paragraph(
    text: str, level: int = 0, controls: Iterable[bytes] = (), marks: int = 0, style: int = 0
) -> bytes:
    """Write a paragraph: `marks` extended control characters, its text, the records of its controls."""
    unit = struct.pack("<H12xH", 11, 11)
    data = unit * marks + text.encode("utf-16-le") + b"\r\0"
    header = bytes(8) + struct.pack("<H", style) + bytes(14)
    return record(66, level, header) + record(67, level + 1, data) + b"".join(controls)


def styles(*heads: tuple[int, int, int]) -> bytes:
    """Write the records of styles (kind of head, level, which list) with a list of numbers, one of dashes."""
    forms = ((0, "^1."), (8, "^2)"), (1, "(^3)"))
    numbering = b"".join(
        struct.pack("<IHHIH", kind << 5, 0, 0, 0, len(form)) + form.encode("utf-16-le")
        for kind, form in forms
    )
    shapes = [
        record(25, 0, struct.pack("<I", kind << 23 | level << 25) + bytes(26) + struct.pack("<H", number))
        for kind, level, number in heads
    ]
    return record(23, 0, numbering) + record(24, 0, bytes(12) + "-".encode("utf-16-le")) + b"".join(shapes)


def control(kind: bytes, level: int, *below: bytes) -> bytes:
    """Write a control with the records below it."""
    return record(71, level, kind[::-1] + bytes(40)) + b"".join(below)


def table(level: int, cells: Sequence[tuple[int, int, int, int, Sequence[str]]]) -> bytes:
    """Write a table control of cells (row, column, rowspan, colspan, lines)."""
    below = [record(77, level + 1, bytes(4) + struct.pack("<HH", 1, 1))]
    for row, column, rowspan, colspan, lines in cells:
        address = struct.pack("<4H", column, row, colspan, rowspan)
        below.append(record(72, level + 1, struct.pack("<HHI", len(lines), 0, 0) + address + bytes(16)))
        below += [paragraph(text, level + 1) for text in lines]
    return control(b"tbl ", level, *below)


def hwp(*sections: bytes, properties: int = 1, styles: bytes = b"") -> bytes:
    """Pack record streams to an HWP 5 file; bit 0 of the properties packs, bit 2 makes a distribution."""
    streams = {"FileHeader": file_header(properties)}
    if styles:
        streams["DocInfo"] = deflated(styles) if properties & 1 else styles
    storage = "ViewText" if properties & 4 else "BodyText"
    for number, records in enumerate(sections):
        data = deflated(records) if properties & 1 else records
        streams[f"{storage}/Section{number}"] = locked(data) if properties & 4 else data
    return ole(streams)


def file_header(properties: int = 1) -> bytes:
    """Write the stream that says what the others are."""
    header = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05000300, properties)
    return header.ljust(256, b"\0")


def deflated(data: bytes) -> bytes:
    """Compress to a raw deflate stream."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def locked(data: bytes, seed: int = 0x1234567) -> bytes:
    """Encrypt a section as a distribution document has it."""
    key = bytes(range(65, 81))
    noise, state = bytearray(), seed
    while len(noise) < 256:
        state = (state * 214013 + 2531011) & 0xFFFFFFFF
        byte = state >> 16 & 0xFF
        state = (state * 214013 + 2531011) & 0xFFFFFFFF
        noise += bytes([byte]) * ((state >> 16 & 15) + 1)
    hidden = bytearray(256)
    start = 4 + (seed & 15)
    hidden[start : start + 16] = key
    hidden = bytearray(a ^ b for a, b in zip(hidden, noise, strict=False))
    hidden[:4] = struct.pack("<I", seed)
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - the format's own choice
    padded = data.ljust(-(-len(data) // 16) * 16, b"\0")
    return record(28, 0, bytes(hidden)) + encryptor.update(padded) + encryptor.finalize()


def ole(streams: Mapping[str, bytes]) -> bytes:
    """Pack streams (``storage/name``) to an OLE container of 512-byte sectors, without a mini stream."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    storages = sorted({path.split("/")[0] for path in streams if "/" in path})
    top = [path for path in streams if "/" not in path] + storages
    order = ["", *top, *(path for path in streams if "/" in path)]
    chains: list[int] = []
    body = b""
    starts: dict[str, int] = {}
    for path, data in streams.items():
        padded = data.ljust(4096, b"\0")  # shorter streams would have to lie in the mini stream
        count = -(-len(padded) // 512)
        starts[path] = len(chains)
        chains += [*range(len(chains) + 1, len(chains) + count), end]
        body += padded.ljust(count * 512, b"\0")
    entries = b""
    for path in order:
        inside = [other for other in order if "/" in other and other.split("/")[0] == path]
        siblings = (
            top
            if "/" not in path
            else [other for other in order if other.split("/")[0] == path.split("/")[0] and "/" in other]
        )
        place = siblings.index(path) if path else -1
        follower = order.index(siblings[place + 1]) if path and place + 1 < len(siblings) else free
        child = order.index(top[0]) if not path else order.index(inside[0]) if inside else free
        name = (path.rpartition("/")[2] or "Root Entry").encode("utf-16-le") + b"\0\0"
        kind = 5 if not path else 1 if path in storages else 2
        size = max(len(streams.get(path, b"")), 4096) if path in streams else 0
        entries += (
            name.ljust(64, b"\0")
            + struct.pack("<HBB3I", len(name), kind, 1, free, follower, child)
            + bytes(36)
            + struct.pack("<IQ", starts.get(path, end if kind == 5 else 0), size)
        )
    entries = entries.ljust(-(-len(entries) // 512) * 512, b"\0")
    directory = len(chains)
    count = len(entries) // 512
    chains += [*range(directory + 1, directory + count), end]
    fat = len(chains)
    tables = -(-(fat + 1) // 127)
    chains += [0xFFFFFFFD] * tables
    packed = struct.pack(f"<{len(chains)}I", *chains).ljust(tables * 512, b"\xff")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIIII", 0, tables, directory, 0, 4096, end, 0, end, 0, fat)
    )
    difat = b"".join(struct.pack("<I", fat + n if n < tables else free) for n in range(1, 109))
    return header + difat + body + entries + packed


# ---- PDF


def pdf(
    *pages: tuple[Sequence[tuple[float, float, str]], Sequence[tuple[float, float, float, float]]],
) -> bytes:
    """Write pages of texts (x, y, text in 12 points) and ruled lines (from x, y to x, y)."""
    codes = "\n".join(f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(256))
    cmap = f"/CIDInit /ProcSet findresource begin begincmap 256 beginbfrange\n{codes}\nendbfrange endcmap end"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /Malgun /DescendantFonts [4 0 R]\n"
            "/Encoding /Identity-H /ToUnicode 5 0 R >>"
        ),
        (
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Malgun /DW 1000 /FontDescriptor 6 0 R\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
        ),
        _stream(cmap),
        (
            "<< /Type /FontDescriptor /FontName /Malgun /Flags 4 /Ascent 800 /Descent -200\n"
            "/FontBBox [0 -200 1000 800] >>"
        ),
    ]
    kids = []
    for texts, rules in pages:
        marks = [f"BT /F1 12 Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET" for x, y, text in texts]
        marks += [f"0.5 w {x0} {y0} m {x1} {y1} l S" for x0, y0, x1, y1 in rules]
        objects.append(_stream("\n".join(marks)))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return assembled(objects)


HELVETICA = ("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",)


def drawn_pdf(*pages: str, font: Sequence[str] = HELVETICA, turned: int = 0) -> bytes:
    """Write pages of drawing operators, turned by some degrees; the font's objects are numbered from 3."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", *font]
    kids = []
    for drawing in pages:
        objects.append(_stream(drawing))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Rotate {turned}"
            f" /Contents {len(objects)} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return assembled(objects)


def drawn_text(x: float, y: float, text: str, turn: str = "1 0 0 1", size: float = 12) -> str:
    """Write the operators that draw text; hexadecimal digits in angle brackets are codes of the font."""
    codes = text if text.startswith("<") else f"({text})"
    return f"BT /F1 {size} Tf {turn} {x} {y} Tm {codes} Tj ET"


def mapped_font(
    codes: Mapping[str, str], width: int = 1000, encoding: str = "/Identity-H", cmap: str = ""
) -> tuple[str, ...]:
    """Write a font of numbered shapes; of each code its Unicode (both hexadecimal), of others none.

    With ``cmap`` the font brings an encoding of its own.
    """
    chars = "\n".join(f"<{code}> <{text}>" for code, text in codes.items())
    table_ = f"{len(codes)} beginbfchar\n{chars}\nendbfchar" if codes else ""
    fonts = (
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /Malgun /DescendantFonts [4 0 R]\n"
            f"/Encoding {'7 0 R' if cmap else encoding} /ToUnicode 5 0 R >>"
        ),
        (
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Malgun /DW {width} /FontDescriptor 6 0 R\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
        ),
        _stream(f"/CIDInit /ProcSet findresource begin begincmap {table_} endcmap end"),
        (
            "<< /Type /FontDescriptor /FontName /Malgun /Flags 4 /Ascent 800 /Descent -200\n"
            "/FontBBox [0 -200 1000 800] >>"
        ),
    )
    return (*fonts, _stream(cmap)) if cmap else fonts


def assembled(objects: Sequence[str], trailer: str = "") -> bytes:
    """Build a PDF from objects, with the cross-reference table."""
    data, offsets = b"%PDF-1.5\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table_ = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    return data + (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table_}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(data)}\n%%EOF"
    ).encode("latin-1")


def _stream(text: str) -> str:
    return f"<< /Length {len(text)} >>\nstream\n{text}\nendstream"
