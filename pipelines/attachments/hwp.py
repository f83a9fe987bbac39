"""Read HWP 5: walk the records of each section and make blocks of its paragraphs and tables.

What is read and what is not is the same as for HWPX. Distribution documents (배포용 문서), which press
offices send, are read from their ViewText streams; several libraries give a notice of 81 to 97 characters
instead.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING

from archive.errors import DocumentError
from pipelines.attachments.document import Document
from pipelines.attachments.heads import Head, Heads
from pipelines.attachments.hwp_records import Container, Record, split, tree
from pipelines.attachments.limits import MAX_DEPTH
from pipelines.attachments.tables import RawCell, blocks_of_table
from pipelines.blocks import Block, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NUMBERING, BULLET, PARA_SHAPE = 23, 24, 25
NUMBERED, BULLETED = 2, 3  # kinds of head in the properties of a paragraph's shape
NUMBERS = {
    0: "DIGIT",
    1: "CIRCLED_DIGIT",
    2: "ROMAN_CAPITAL",
    3: "ROMAN_SMALL",
    4: "LATIN_CAPITAL",
    5: "LATIN_SMALL",
    8: "HANGUL_SYLLABLE",
}
PARA_HEADER, PARA_TEXT, CTRL_HEADER, LIST_HEADER, TABLE, EQUATION = 66, 67, 71, 72, 77, 88
# Control characters: these take one code unit and may stand for a sign; all others below 32 take eight, and
# of those all but INLINE have a control record of their own.
SINGLE = {0: "", 10: "\n", 13: "", 24: "-", 25: "", 26: "", 27: "", 28: "", 29: "", 30: " ", 31: " "}
INLINE = {4: "", 5: "", 6: "", 7: "", 8: "", 9: "\t", 19: "", 20: ""}
SILENT = frozenset({b"head", b"foot", b"tcmt", b"secd", b"cold"})  # page header and footer, hidden comment
TITLE_CELL = 1 << 18  # in the properties of a cell's list header


def read(content: bytes) -> Document:
    """Read one HWP 5 file; of a damaged one, as much as there is.

    Raises:
        DocumentError: encrypted, or more than the limits allow, or no HWP 5 inside.
        OSError: the OLE structure is damaged.
    """
    container = Container(content)
    heads = Heads(styles(container.styles()))
    blocks: list[Block] = []
    for section in container.sections():
        records = tree(section)
        _set_heads(records, heads)
        blocks += [block for block in blocks_of_records(records) if block != Paragraph("")]
    if container.damaged and not blocks:
        raise DocumentError("corrupt", "no section can be read")
    detail = "damaged: text up to the damage" if container.damaged else None
    return Document("hwp", "text", detail, tuple(blocks))


def styles(data: bytes) -> dict[str, Head]:
    """Give what stands before the paragraphs of each style, from the records of the document's styles."""
    lists: dict[int, list[Head]] = {NUMBERED: [], BULLETED: []}
    found: dict[str, Head] = {}
    place = 0
    for tag, _, payload in split(data):
        if tag == NUMBERING:
            lists[NUMBERED].append(Head(numbering=str(len(lists[NUMBERED])), forms=tuple(_forms(payload))))
        elif tag == BULLET:
            lists[BULLETED].append(Head(sign=payload[12:14].decode("utf-16-le", "replace")))
        elif tag == PARA_SHAPE:
            if len(payload) >= 32:
                (properties,) = struct.unpack_from("<I", payload)
                (chosen,) = struct.unpack_from("<H", payload, 30)
                for head in lists.get(properties >> 23 & 3, [])[max(chosen - 1, 0) : chosen]:
                    found[str(place)] = replace(head, level=properties >> 25 & 7)
            place += 1
    return found


def _forms(numbering: bytes) -> Iterator[tuple[str, str]]:
    """Give the kind of number and how it is written for each of the seven levels of a list."""
    start = 0
    for _ in range(7):
        if start + 14 > len(numbering):
            return
        (properties,) = struct.unpack_from("<I", numbering, start)
        (length,) = struct.unpack_from("<H", numbering, start + 12)
        text = numbering[start + 14 : start + 14 + 2 * length].decode("utf-16-le", "replace")
        yield NUMBERS.get(properties >> 5 & 15, ""), text
        start += 14 + 2 * length


def _set_heads(records: Iterable[Record], heads: Heads) -> None:
    """Set the bullet or number of every paragraph with text, in the order of the document."""
    waiting = [*records][::-1]
    while waiting:
        record = waiting.pop()
        waiting += record.below[::-1]
        if record.tag == PARA_HEADER and len(record.data) >= 10:
            style = str(struct.unpack_from("<H", record.data, 8)[0])
            texts = [below.data for below in record.below if below.tag == PARA_TEXT]
            if style in heads and any("".join(text_pieces(text)).strip() for text in texts):
                record.head = heads.before(style)


def blocks_of_records(records: Iterable[Record], depth: int = 0) -> list[Block]:
    """Give the blocks of the paragraphs among some records; blank lines are kept, for cells."""
    if depth > MAX_DEPTH:
        raise DocumentError("too_big", f"nested deeper than {MAX_DEPTH}")
    blocks: list[Block] = []
    for record in records:
        if record.tag != PARA_HEADER:
            continue
        text, after = _paragraph(record, depth)
        if text or not after:
            blocks.append(Paragraph(text))
        blocks += after
    return blocks


def _paragraph(paragraph: Record, depth: int) -> tuple[str, list[Block]]:
    """Give the line of a paragraph, and the blocks of what is anchored in it."""
    pieces = [""]
    for record in paragraph.below:
        if record.tag == PARA_TEXT:
            pieces = text_pieces(record.data)
    controls = [record for record in paragraph.below if record.tag == CTRL_HEADER]
    after: list[Block] = []
    line = pieces[:1]
    for place, control in enumerate(controls, 1):
        line.append(_equation(control))
        line += pieces[place : place + 1]
        after += _control(control, depth)
    line += pieces[len(controls) + 1 :]
    text = "".join(line).strip()
    return paragraph.head + text if text else "", after


def text_pieces(data: bytes) -> list[str]:
    """Decode the text of a paragraph; it is cut where a control with a record of its own stands."""
    units = struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])
    pieces: list[str] = []
    piece: list[str] = []
    place = 0
    while place < len(units):
        unit = units[place]
        if unit > 31:
            start = place
            while place < len(units) and units[place] > 31:
                place += 1
            piece.append(data[2 * start : 2 * place].decode("utf-16-le", "replace"))
        elif unit in SINGLE:
            piece.append(SINGLE[unit])
            place += 1
        else:
            if unit in INLINE:
                piece.append(INLINE[unit])
            else:
                pieces.append("".join(piece))
                piece = []
            place += 8
    return [*pieces, "".join(piece)]


def _control(control: Record, depth: int) -> list[Block]:
    kind = control.data[3::-1]
    if kind in SILENT:
        return []
    if kind == b"tbl ":
        return _table(control, depth)
    return [block for block in _inside(control, depth) if block != Paragraph("")]


def _inside(record: Record, depth: int) -> list[Block]:
    """Give the blocks of all paragraphs below a control, through groups of shapes: text boxes, notes."""
    if depth > MAX_DEPTH:
        raise DocumentError("too_big", f"nested deeper than {MAX_DEPTH}")
    blocks: list[Block] = []
    for below in record.below:
        if below.tag == PARA_HEADER:
            blocks += blocks_of_records([below], depth + 1)
        else:
            blocks += _inside(below, depth + 1)
    return blocks


def _equation(control: Record) -> str:
    if control.data[3::-1] != b"eqed":
        return ""
    for record in control.below:
        if record.tag == EQUATION and len(record.data) >= 6:
            (length,) = struct.unpack_from("<H", record.data, 4)
            return record.data[6 : 6 + 2 * length].decode("utf-16-le", "replace")
    return ""


def _table(control: Record, depth: int) -> list[Block]:
    """Read a table: list headers before the TABLE record hold the caption, each one after it a cell.

    The paragraphs of a list stand beside its header, or, in some files, below it.
    """
    captions: list[Block] = []
    cells: list[RawCell] = []
    paragraphs: list[tuple[RawCell | None, list[Record]]] = []
    table_seen = False
    for record in control.below:
        if record.tag == TABLE:
            table_seen = True
        elif record.tag == LIST_HEADER:
            cell = _cell(record, len(cells)) if table_seen else None
            if cell is not None:
                cells.append(cell)
            paragraphs.append((cell, list(record.below)))
        elif record.tag == PARA_HEADER and paragraphs:
            paragraphs[-1][1].append(record)
    for cell, records in paragraphs:
        blocks = blocks_of_records(records, depth + 1)
        if cell is None:
            captions += [block for block in blocks if block != Paragraph("")]
        else:
            cell.blocks = blocks
    return captions + blocks_of_table(cells)


def _cell(header: Record, count: int) -> RawCell:
    """Read a cell's address; a header that is cut short stands after the cells before it."""
    if len(header.data) < 16:
        return RawCell(row=0, column=count)
    column, row, colspan, rowspan = struct.unpack_from("<4H", header.data, 8)
    (properties,) = struct.unpack_from("<I", header.data, 4)
    return RawCell(row, column, rowspan, colspan, bool(properties & TITLE_CELL))
