"""Read the text of a PDF with pdfium: lines put together to paragraphs, ruled tables as tables.

A PDF knows only where signs stand. Lines of a paragraph are joined with a space: Hancom's PDFs, 113 of 115
press releases, wrap at the right margin and often drop the blank there.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from archive.errors import DocumentError
from pipelines.attachments.document import Document
from pipelines.attachments.limits import MAX_PAGES, MAX_RULES
from pipelines.attachments.pdf_grids import Area, Grid, Rule, find_grids
from pipelines.attachments.tables import RawCell, blocks_of_table
from pipelines.blocks import Block, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Signs that begin a paragraph of Korean official writing, whatever the line before it looked like.
BULLET = re.compile(
    r"[□■○●◦◯ㅇ◇◆◈△▲▽▼▷▶►▸‣☆★※◎❍❏❑❖▪▫•·∙ㆍ☞☎➊-➓①-⑳❶-❿㉠-㉻ⓐ-ⓩ*†‡\ue000-\uf8ff\U000f0000-\U0010fffd]"
    r"|[-–―−]\s|o\s|\d{1,2}[.)]\s|[가-하][.)]\s|[IVXⅠ-Ⅻ]+\.\s|<[^<>]+>$|\[[^\[\]]+\]$"
)
PAGE_NUMBER = re.compile(r"[-–—‐\s]*\d{1,4}[-–—‐\s]*(?:/\s*\d{1,4})?")
HYPHENS = ("\x02", "\ufffe")  # pdfium's marks of a hyphen at a line's end
ADDED = (" ", "\r", "\n")  # signs that pdfium may add where the page has none
COLUMN_GAP = 1.5  # heights of a line; a gap beyond it parts columns
WORD_GAP = 0.15  # heights of a line; a gap beyond it parts words, where the blanks are not to be trusted
THIN = 3.0  # points; a drawn shape thinner than this is a ruled line


class Sign(NamedTuple):
    """One sign and its box (points); a blank that pdfium adds between words has no width."""

    text: str
    left: float
    right: float


@dataclass(eq=False)
class Line:
    """Signs that stand on one line of one page and cell."""

    page: int
    place: tuple[Grid, Area] | None
    left: float
    right: float
    bottom: float
    top: float
    signs: list[Sign] = field(default_factory=list)
    text: str = ""

    @property
    def height(self) -> float:
        """Height of its first sign (points)."""
        return self.top - self.bottom

    def holds(self, bottom: float, top: float) -> bool:
        """Tell whether a sign between two heights stands on this line; raised and lowered signs do."""
        overlap = min(self.top, top) - max(self.bottom, bottom)
        return overlap > 0.4 * min(self.height, top - bottom)

    def add(self, sign: Sign) -> None:
        """Put a sign on the line."""
        self.signs.append(sign)
        if not sign.text.isspace():
            self.left, self.right = min(self.left, sign.left), max(self.right, sign.right)

    def finish(self) -> None:
        """Make the text of the signs, from left to right; outside tables, columns far apart get a tab.

        Some programs draw the signs of one font first, then those of another: then their places tell the
        order, and the blanks that pdfium added at each jump mean nothing.
        """
        signs = self.signs
        jumps = any(sign.left < before.left - THIN for before, sign in pairwise(signs))
        if jumps:
            signs = sorted((sign for sign in signs if sign.right > sign.left), key=lambda sign: sign.left)
        columns = [""]
        right = self.left
        for sign in signs:
            if self.place is None and sign.left - right > COLUMN_GAP * self.height:
                columns.append("")
            elif jumps and sign.left - right > WORD_GAP * self.height:
                columns[-1] += " "
            columns[-1] += sign.text
            if not sign.text.isspace():
                right = sign.right
        text = "\t".join(" ".join(column.split()) for column in columns).strip()
        self.text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self.signs = []  # they would fill the memory on a thousand pages


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
    """Give the lines of one page in the order in which it draws them, without its page number."""
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
    edges = page.get_height() * 0.1, page.get_height() * 0.9
    return [
        line
        for line in lines
        if line.text and not (PAGE_NUMBER.fullmatch(line.text) and not edges[0] < line.bottom < edges[1])
    ]


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
    """Give the horizontal and the vertical ruled lines of a page; none of a page that is a drawing."""
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
        if height <= THIN < width:
            level.append(Rule((bottom + top) / 2, left, right))
        elif width <= THIN < height:
            upright.append(Rule((left + right) / 2, bottom, top))
        if len(level) + len(upright) > MAX_RULES:
            return [], []
    return level, upright


def _place(grids: Iterable[Grid], x: float, y: float) -> tuple[Grid, Area] | None:
    for grid in grids:
        area = grid.area(x, y)
        if area is not None:
            return grid, area
    return None


def _blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Put lines together: each table stands where its first line does, running text flows around it."""
    margins = _margins(line for line in lines if line.place is None)
    tables: dict[Grid, list[Line]] = {}
    for line in lines:
        if line.place is not None:
            tables.setdefault(line.place[0], []).append(line)
    flow: list[Line] = []
    for line in lines:
        if line.place is None:
            flow.append(line)
        elif line.place[0] in tables:
            yield from _paragraphs(flow, margins)
            flow = []
            yield from _table(line.place[0], tables.pop(line.place[0]))
    yield from _paragraphs(flow, margins)


def _margins(lines: Iterable[Line]) -> dict[int, float]:
    """Find the right margin of each page: its longest line, but no less than on half of the pages."""
    margins: dict[int, float] = {}
    for line in lines:
        margins[line.page] = max(margins.get(line.page, 0.0), line.right)
    common = median_low(margins.values()) if margins else 0.0
    return {page: max(margin, common) for page, margin in margins.items()}


def _paragraphs(lines: Iterable[Line], margins: dict[int, float]) -> list[Paragraph]:
    """Join lines that a paragraph was wrapped into; a line goes on when it reached the right margin."""
    texts: list[str] = []
    last: Line | None = None
    for line in lines:
        if last is not None and _goes_on(last, line, margins[last.page]):
            texts[-1] += " " + line.text
        else:
            texts.append(line.text)
        last = line
    return [Paragraph(text) for text in texts]


def _goes_on(line: Line, following: Line, margin: float) -> bool:
    """Tell whether a line was wrapped: what follows has no bullet, and its first word had no room before."""
    text = following.text
    room = len(text.split(maxsplit=1)[0]) / len(text) * (following.right - following.left)
    if line.place is not None:
        room = min(room, 1.5 * line.height)
    if line.right + room + line.height / 4 < margin or BULLET.match(text):
        return False
    if not 0.8 * line.height < following.height < 1.25 * line.height or _centred(line, following):
        return False
    return line.page != following.page or 0 < line.bottom - following.bottom < 2.5 * line.height


def _centred(line: Line, following: Line) -> bool:
    aside = abs(line.left - following.left)
    return aside > THIN and abs(line.left + line.right - following.left - following.right) < 2 * THIN


def _table(grid: Grid, lines: Iterable[Line]) -> list[Block]:
    inside: dict[Area, list[Line]] = {area: [] for area in grid.areas.values()}
    for line in lines:
        if line.place is not None:
            inside[line.place[1]].append(line)
    cells = [
        RawCell(
            area.row,
            area.column,
            area.rowspan,
            area.colspan,
            blocks=list(_paragraphs(held, {line.page: area.right - THIN for line in held})),
        )
        for area, held in inside.items()
    ]
    return blocks_of_table(cells)
