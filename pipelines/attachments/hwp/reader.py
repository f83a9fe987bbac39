"""Read HWP 5: walk the records of each section and build blocks of its paragraphs and tables.

What is read and what is not is the same as for HWPX. Distribution documents (배포용 문서), which press
offices send, are read from their ViewText streams; several libraries return a notice of 81 to 97
characters instead. Only the damaged records of a file are lost.
"""

from __future__ import annotations

import struct
from contextlib import nullcontext
from typing import TYPE_CHECKING

from archive.errors import DocumentError
from pipelines.attachments.document import Document
from pipelines.attachments.flow import Flow
from pipelines.attachments.heads import Heads
from pipelines.attachments.hwp.records import Container, Record, is_whole, tree
from pipelines.attachments.hwp.salvage import sections_left
from pipelines.attachments.hwp.styles import scripts, styles
from pipelines.attachments.hwp.text import control_text, note_mark, stretches, text_at, text_pieces
from pipelines.attachments.limits import MAX_DEPTH
from pipelines.attachments.tables import RawCell, blocks_of_table
from pipelines.blocks import Block, Paragraph, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipelines.clean.scripts import Script

PARA_HEADER, PARA_TEXT, PARA_CHAR_SHAPE = 66, 67, 68
CTRL_HEADER, LIST_HEADER, TABLE, WORD_ART = 71, 72, 77, 90
SILENT = frozenset({b"head", b"foot", b"tcmt", b"secd", b"cold"})  # page header and footer, hidden comment
SHAPES = frozenset({b"tbl ", b"gso "})
LIKE_A_LETTER = 1  # in the properties of a shape: it is inline (글자처럼 취급)
LOST = "damaged: the file's directory is lost, and sections are read as they lie"
TITLE_CELL = 1 << 18  # in the properties of a cell's list header


def read(content: bytes) -> Document:
    """Read one HWP 5 file; of a damaged one, as much as possible.

    Raises:
        DocumentError: encrypted, or more than the limits allow, or no HWP 5 inside.
        OSError: the OLE structure is damaged.
    """
    try:
        container = Container(content)
        document = _read(container)
    except (DocumentError, OSError) as error:
        if isinstance(error, DocumentError) and error.state != "corrupt":
            raise
        left = _left(content)
        if not left:
            raise
        return Document("hwp", "text", LOST, left)
    if container.cut and len(text_of(left := _left(content))) > len(text_of(document.blocks)):
        return Document("hwp", "text", LOST, left)
    return document


def _read(container: Container) -> Document:
    """Read a file whose container can be opened; raises as :func:`read` does."""
    kept = container.styles()
    blocks, damaged = _blocks_of_sections(container.sections(), Heads(styles(kept)), scripts(kept))
    damaged = damaged or container.damaged
    if damaged and not blocks:
        raise DocumentError("corrupt", "no section can be read")
    return Document("hwp", "text", "damaged: text up to the damage" if damaged else None, blocks)


def _left(content: bytes) -> tuple[Block, ...]:
    """Read the sections of a file whose directory is lost; none if none is recognised."""
    try:
        return _blocks_of_sections(sections_left(content), Heads({}), {})[0]
    except DocumentError as error:
        if error.state == "encrypted":
            raise
        return ()


def _blocks_of_sections(
    sections: Iterable[bytes], heads: Heads, raised: Mapping[int, Script]
) -> tuple[tuple[Block, ...], bool]:
    """Return the blocks of all sections, and whether any was damaged."""
    damaged = False
    blocks: list[Block] = []
    for section in sections:
        damaged = damaged or not is_whole(section)
        records = tree(section)
        _set_heads(records, heads)
        for record in records:
            try:
                found = blocks_of_records([record], scripts=raised)
            except (struct.error, ValueError, LookupError):
                damaged = True
                continue
            blocks += [block for block in found if block != Paragraph("")]
    return tuple(blocks), damaged


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


def blocks_of_records(
    records: Iterable[Record], depth: int = 0, scripts: Mapping[int, Script] | None = None
) -> list[Block]:
    """Return the blocks of the paragraphs among some records; blank lines are kept, for cells.

    Args:
        records: those of one level.
        depth: how deep they are nested in containers.
        scripts: the shapes of characters that raise or lower text.
    """
    if depth > MAX_DEPTH:
        raise DocumentError("too_big", f"nested deeper than {MAX_DEPTH}")
    reader = _Reader(scripts or {})
    paragraphs = (record for record in records if record.tag == PARA_HEADER)
    return [block for record in paragraphs for block in reader.paragraph(record, depth)]


class _Reader:
    """Builds blocks from records and the character shapes that raise or lower text."""

    def __init__(self, scripts: Mapping[int, Script]) -> None:
        self._scripts = scripts

    def paragraph(self, paragraph: Record, depth: int) -> list[Block]:
        """Return the blocks of a paragraph and of what is anchored in it, or one blank line."""
        text = next((record.data for record in paragraph.below if record.tag == PARA_TEXT), b"")
        shapes = next((record.data for record in paragraph.below if record.tag == PARA_CHAR_SHAPE), b"")
        controls = iter([record for record in paragraph.below if record.tag == CTRL_HEADER])
        flow = Flow(lambda: paragraph.head)
        for data, script in stretches(text, shapes, self._scripts):
            with flow.scripted(script) if script else nullcontext():
                for place, piece in enumerate(text_pieces(data)):
                    if place and (control := next(controls, None)):
                        self._control(control, flow, depth)
                    flow.say(piece)
        for control in controls:
            self._control(control, flow, depth)
        return flow.blocks() or [Paragraph("")]

    def _control(self, control: Record, flow: Flow, depth: int) -> None:
        kind = control.data[3::-1]
        if kind in SILENT:
            return
        flow.say(control_text(control))
        flow.mark(note_mark(control))
        if kind == b"tbl ":
            found = self._table(control, depth)
        else:
            found = [block for block in self._inside(control, depth) if block != Paragraph("")]
        properties = control.data[4] if kind in SHAPES and len(control.data) > 4 else 0
        flow.apart(found, inline=bool(properties & LIKE_A_LETTER))

    def _inside(self, record: Record, depth: int) -> list[Block]:
        """Return the blocks below a control, through groups of shapes: text boxes, word art, notes."""
        if depth > MAX_DEPTH:
            raise DocumentError("too_big", f"nested deeper than {MAX_DEPTH}")
        blocks: list[Block] = []
        for below in record.below:
            if below.tag == PARA_HEADER:
                blocks += self._blocks([below], depth + 1)
            elif below.tag == WORD_ART:
                blocks.append(Paragraph(text_at(below.data, 32)[0].strip()))  # behind its four corners
            else:
                blocks += self._inside(below, depth + 1)
        return blocks

    def _blocks(self, records: Iterable[Record], depth: int) -> list[Block]:
        return blocks_of_records(records, depth, self._scripts)

    def _table(self, control: Record, depth: int) -> list[Block]:
        """Read a table: list headers before the TABLE record are the caption, each one after it a cell.

        The paragraphs of a list are beside its header or, in some files, below it.
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
            blocks = self._blocks(records, depth + 1)
            if cell is None:
                captions += [block for block in blocks if block != Paragraph("")]
            else:
                cell.blocks = blocks
        return captions + blocks_of_table(cells)


def _cell(header: Record, count: int) -> RawCell:
    """Read a cell's address; one with a truncated header is placed after the previous cells."""
    if len(header.data) < 16:
        return RawCell(row=0, column=count)
    column, row, colspan, rowspan = struct.unpack_from("<4H", header.data, 8)
    (properties,) = struct.unpack_from("<I", header.data, 4)
    return RawCell(row, column, rowspan, colspan, bool(properties & TITLE_CELL))
