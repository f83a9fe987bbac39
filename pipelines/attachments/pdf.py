"""Read the text of a PDF with pdfium: lines put together to paragraphs, ruled tables as tables.

A PDF knows only where signs stand.
"""

from __future__ import annotations

import ctypes
import re
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from archive.errors import DocumentError
from pipelines.attachments.document import Document
from pipelines.attachments.limits import MAX_PAGES, MAX_RULES
from pipelines.attachments.pdf_grids import Area, Grid, Rule, find_grids
from pipelines.attachments.pdf_lines import Line, Sign
from pipelines.attachments.pdf_order import Box, reading_order
from pipelines.attachments.pdf_paragraphs import paragraphs, set_margins
from pipelines.attachments.tables import RawCell, blocks_of_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.blocks import Block

PAGE_NUMBER = re.compile(r"[-–—‐\s]*\d{1,4}[-–—‐\s]*(?:/\s*\d{1,4})?")
HYPHENS = ("\x02", "\ufffe")  # pdfium's marks of a hyphen at a line's end
ADDED = (" ", "\r", "\n")  # signs that pdfium may add where the page has none
THIN = 3.0  # points; a drawn shape thinner than this is a ruled line


def read(content: bytes) -> Document:
    """Read one PDF file.

    Raises:
        DocumentError: encrypted, or without any text.
        pypdfium2.PdfiumError: damaged.
    """
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise DocumentError("encrypted", "password") from error
        raise
    try:
        return _document(document)
    finally:
        document.close()


def _document(document: pdfium.PdfDocument) -> Document:
    lines: list[Line] = []
    lost = []
    for number in range(min(len(document), MAX_PAGES)):
        try:
            page = document[number]
        except pdfium.PdfiumError:
            lost.append(number + 1)
            continue
        lines += _lines(page, number)
        page.close()
    blocks = tuple(_blocks(lines))
    if lost:
        detail = f"damaged: page {', '.join(map(str, lost[:10]))} cannot be read"
        if not blocks:
            raise DocumentError("corrupt", detail)
        return Document("pdf", "text", detail, blocks)
    if not blocks:
        raise DocumentError("unsupported", "pages of pictures, without text")
    more = f"the first {MAX_PAGES} of {len(document)} pages" if len(document) > MAX_PAGES else None
    return Document("pdf", "text", more, blocks)


def _lines(page: pdfium.PdfPage, number: int) -> list[Line]:
    """Give the lines of one page in the order of reading, without its page number."""
    grids = find_grids(*_rules(page))
    lines: list[Line] = []
    line: Line | None = None
    for sign, bottom, top in _signs(page):
        if sign.right <= sign.left:
            if line is not None:
                line.add(Sign(sign.text, line.right, line.right))
            continue
        place = _place(grids, (sign.left + sign.right) / 2, (bottom + top) / 2)
        if line is None or place != line.place or not line.holds(bottom, top):
            line = Line(number, place, sign.left, sign.right, bottom, top)
            lines.append(line)
        line.add(sign)
    for line in lines:
        line.finish()
    return _ordered(_unnumbered([line for line in lines if line.text], page.get_height()))


def _unnumbered(lines: Sequence[Line], height: float) -> list[Line]:
    """Leave out the page number: it stands at an edge, in no table, and beside nothing but another one."""
    edge = [line for line in lines if not 0.1 * height < line.bottom < 0.9 * height]
    numbers = [line for line in edge if line.place is None and PAGE_NUMBER.fullmatch(line.text)]
    others = [line for line in edge if line not in numbers]
    lone = [line for line in numbers if not any(other.holds(line.bottom, line.top) for other in others)]
    return [line for line in lines if line not in lone]


def _ordered(lines: Iterable[Line]) -> list[Line]:
    """Put the lines of one page in the order of reading; those of a table stay together."""
    groups: dict[Grid | Line, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.place[0] if line.place else line, []).append(line)
    drawn = list(groups)
    return [line for place in reading_order([_box(one) for one in drawn]) for line in groups[drawn[place]]]


def _box(drawn: Grid | Line) -> Box:
    if isinstance(drawn, Line):
        return Box(drawn.left, drawn.bottom, drawn.right, drawn.top)
    return Box(drawn.xs[0], drawn.ys[0], drawn.xs[-1], drawn.ys[-1])


def _signs(page: pdfium.PdfPage) -> Iterator[tuple[Sign, float, float]]:
    """Give each sign of a page with its bottom and top (points)."""
    text = page.get_textpage()
    handle = text.raw
    box = pdfium_c.FS_RECTF()
    pointer = ctypes.byref(box)
    for index in range(text.count_chars()):
        sign = chr(pdfium_c.FPDFText_GetUnicode(handle, index))
        if sign in HYPHENS:
            sign = "-"
        elif sign in ADDED and pdfium_c.FPDFText_IsGenerated(handle, index):
            if sign == " ":
                yield Sign(sign, 0.0, 0.0), 0.0, 0.0
            continue
        elif sign < " " or "\x7f" <= sign <= "\x9f":
            continue
        if pdfium_c.FPDFText_GetLooseCharBox(handle, index, pointer):
            yield Sign(sign, box.left, box.right), box.bottom, box.top
    text.close()


def _rules(page: pdfium.PdfPage) -> tuple[list[Rule], list[Rule]]:
    """Give the horizontal and the vertical ruled lines of a page; none of a page that is a drawing.

    Hancom draws a dotted line dot by dot: dots that go on from one another are a line, a lone one is none.
    """
    level: list[Rule] = []
    upright: list[Rule] = []
    handle = page.raw
    edges = [ctypes.c_float() for _ in range(4)]
    for index in range(pdfium_c.FPDFPage_CountObjects(handle)):
        shape = pdfium_c.FPDFPage_GetObject(handle, index)
        if pdfium_c.FPDFPageObj_GetType(shape) != pdfium_c.FPDF_PAGEOBJ_PATH:
            continue
        if not pdfium_c.FPDFPageObj_GetBounds(shape, *edges):
            continue
        left, bottom, right, top = (edge.value for edge in edges)
        width, height = right - left, top - bottom
        if height <= THIN and height < width:
            _draw(level, Rule((bottom + top) / 2, left, right))
        elif width <= THIN:
            _draw(upright, Rule((left + right) / 2, bottom, top))
        if len(level) + len(upright) > MAX_RULES:
            return [], []
    return _lines_among(level), _lines_among(upright)


def _draw(rules: list[Rule], rule: Rule) -> None:
    """Add a ruled line, or lengthen the last one where it goes on from there."""
    if rules and rules[-1].goes_on(rule):
        last = rules.pop()
        rule = Rule(last.at, min(last.start, rule.start), max(last.end, rule.end))
    rules.append(rule)


def _lines_among(rules: Iterable[Rule]) -> list[Rule]:
    return [rule for rule in rules if rule.end - rule.start > THIN]


def _place(grids: Iterable[Grid], x: float, y: float) -> tuple[Grid, Area] | None:
    for grid in grids:
        area = grid.area(x, y)
        if area is not None:
            return grid, area
    return None


def _blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Put lines together: each table stands where its first line does, running text flows around it."""
    set_margins([line for line in lines if line.place is None])
    tables: dict[Grid, list[Line]] = {}
    for line in lines:
        if line.place is not None:
            tables.setdefault(line.place[0], []).append(line)
    flow: list[Line] = []
    for line in lines:
        if line.place is None:
            flow.append(line)
        elif line.place[0] in tables:
            yield from paragraphs(flow)
            flow = []
            yield from _table(line.place[0], tables.pop(line.place[0]))
    yield from paragraphs(flow)


def _table(grid: Grid, lines: Iterable[Line]) -> list[Block]:
    inside: dict[Area, list[Line]] = {area: [] for area in grid.areas.values()}
    for line in lines:
        if line.place is not None:
            line.margin = line.place[1].right - THIN
            inside[line.place[1]].append(line)
    cells = [
        RawCell(area.row, area.column, area.rowspan, area.colspan, blocks=[*paragraphs(held)])
        for area, held in inside.items()
    ]
    return blocks_of_table(cells)
