"""Read the text of a PDF with pdfium: lines joined into paragraphs, ruled tables as tables.

A PDF has only the positions of characters. A page whose layout cannot be analysed is read as plain text.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from archive.errors import DocumentError
from pipelines.attachments.document import Document
from pipelines.attachments.limits import MAX_PAGES
from pipelines.attachments.pdf.divisions import parted
from pipelines.attachments.pdf.grids import Area, Grid, find_grids
from pipelines.attachments.pdf.lines import Line, Sign
from pipelines.attachments.pdf.order import Box, reading_order
from pipelines.attachments.pdf.paragraphs import paragraphs, set_margins
from pipelines.attachments.pdf.rules import THIN, rules_of_page
from pipelines.attachments.pdf.text import Upright, aligned, text_of_page
from pipelines.attachments.pdf.unread import NOTHING, Unread, unread_of_page
from pipelines.attachments.tables import RawCell, blocks_of_table
from pipelines.blocks import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.attachments.pdf.text import Placed
    from pipelines.blocks import Block

logger = logging.getLogger(__name__)

PAGE_NUMBER = re.compile(r"[-–—‐\s]*\d{1,4}[-–—‐\s]*(?:/\s*\d{1,4})?")
PAGE = re.compile(rb"/Type\s{0,9}/Page\b")
NUMBER = re.compile(rb"(\d{1,9}) (\d{1,5})\Z")
LONGEST_PAGE = 2000  # bytes between the number of a page's object and its type
SPARE = 4_000_000  # the number of an object that no file has; pdfium takes numbers up to 4,194,304
BUGS = (ArithmeticError, LookupError, TypeError, ValueError)  # what a page of an unforeseen kind may raise
SPACES = 0.5  # of all pieces of text; fewer without width may be lone spaces
UNREADABLE = 0.5  # of all characters; with as many without Unicode, the rest makes no sense


@dataclass(frozen=True, slots=True)
class Page:
    """The result of reading one page.

    Attributes:
        lines: in reading order.
        plain: its text, if the layout could not be analysed.
        mapped, unmapped: how many characters have Unicode, and how many have none.
        unread: what is visible but cannot be read.
        lost: whether nothing could be read.
    """

    lines: Sequence[Line] = ()
    plain: tuple[Block, ...] = ()
    mapped: int = 0
    unmapped: int = 0
    unread: Unread = NOTHING
    lost: bool = False


def read(content: bytes) -> Document:
    """Read one PDF file.

    Raises:
        DocumentError: encrypted, or without any text.
        pypdfium2.PdfiumError: damaged.
    """
    document, notes = _opened(content)
    try:
        pages = [_page(document, number) for number in range(min(len(document), MAX_PAGES))]
        return _document(pages, len(document), notes)
    finally:
        document.close()


def _opened(content: bytes) -> tuple[pdfium.PdfDocument, list[str]]:
    """Open a file; of a truncated one, all complete pages."""
    try:
        return pdfium.PdfDocument(content), []
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise DocumentError("encrypted", "password") from error
        pages = _pages_left(content) if error.err_code == pdfium_c.FPDF_ERR_FORMAT else []
        if not pages:
            raise
    # The root of a file, and the list of its pages, stand at its end; pdfium finds all objects by itself.
    kids = b" ".join(b"%s %s R" % page for page in pages)
    tree = b"%d 0 obj << /Type /Pages /Count %d /Kids [%s] >> endobj\n" % (SPARE, len(pages), kids)
    root = b"%d 0 obj << /Type /Catalog /Pages %d 0 R >> endobj\n" % (SPARE + 1, SPARE)
    end = b"trailer << /Root %d 0 R /Size %d >>\nstartxref\n0\n%%%%EOF\n" % (SPARE + 1, SPARE + 2)
    whole = content[: content.rindex(b"endobj") + 6] + b"\n"
    return pdfium.PdfDocument(whole + tree + root + end), ["damaged: its end is lost"]


def _pages_left(content: bytes) -> list[tuple[bytes, bytes]]:
    """Yield the numbers and generations of page objects, in file order."""
    pages = []
    for found in PAGE.finditer(content, 0, content.rfind(b"endobj") + 1):
        start = content.rfind(b" obj", max(found.start() - LONGEST_PAGE, 0), found.start())
        number = NUMBER.search(content, max(start - 20, 0), start) if start >= 0 else None
        if number and content.find(b"endobj", start, found.start()) < 0:
            pages.append((number[1], number[2]))
            if len(pages) == MAX_PAGES:
                break
    return pages


def _document(pages: Sequence[Page], count: int, notes: list[str]) -> Document:
    """Join the pages into a document whose detail describes what is missing."""
    try:
        blocks = tuple(_put_together(pages))
    except BUGS as error:
        logger.warning("lines are not put together: %r", error)
        notes.append("each line is a paragraph of its own")
        blocks = tuple(_line_by_line(pages))
    if count > len(pages):
        notes.append(f"the first {MAX_PAGES} of {count} pages")
    if lost := [number for number, page in enumerate(pages, 1) if page.lost]:
        notes.append(f"damaged: page {_listed(lost)} cannot be read")
    if plain := [number for number, page in enumerate(pages, 1) if page.plain]:
        notes.append(f"page {_listed(plain)} is read without its layout")
    mapped, unmapped = sum(page.mapped for page in pages), sum(page.unmapped for page in pages)
    share = unmapped / max(1, unmapped + mapped)
    if unmapped:
        notes.append(f"{_percent(share)} of the characters have no Unicode")
    if drawn := sum(page.unread.letters for page in pages):
        notes.append(f"{_percent(drawn / (drawn + mapped + unmapped))} of the characters are drawn as shapes")
    pieces, flat = (sum(page.unread[place] for page in pages) for place in (1, 2))
    without_widths = flat > SPACES * pieces
    if without_widths:
        notes.append(f"{_percent(flat / pieces)} of the text has no width, and is not read")
    detail = "; ".join(notes) or None
    if share >= UNREADABLE:
        raise DocumentError("unsupported", detail or "")
    if blocks:
        return Document("pdf", "text", detail, blocks)
    if lost:
        raise DocumentError("corrupt", detail or "")
    reason = [] if drawn or without_widths else ["pages of pictures, without text"]
    raise DocumentError("unsupported", "; ".join([*reason, *notes]))


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else "less than 1%"


def _page(document: pdfium.PdfDocument, number: int) -> Page:
    """Read one page; its errors do not affect other pages."""
    try:
        page = document[number]
    except pdfium.PdfiumError:
        return Page(lost=True)
    try:
        return _laid_out(page, number)
    except (pdfium.PdfiumError, *BUGS) as error:
        logger.warning("page %s is read without its layout: %r", number + 1, error)
        return _plain(page)
    finally:
        page.close()


def _plain(page: pdfium.PdfPage) -> Page:
    """Read the text of a page as pdfium returns it, line by line."""
    try:
        text = page.get_textpage().get_text_range()
    except pdfium.PdfiumError:
        return Page(lost=True)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return Page(plain=tuple(Paragraph(line) for line in lines if line), mapped=len(text))


def _laid_out(page: pdfium.PdfPage, number: int) -> Page:
    """Return the lines of one page in reading order, without the page number."""
    upright = Upright.of(page)
    grids = find_grids(*rules_of_page(page, upright))
    text = text_of_page(page, upright)
    lines = list(_lines(text.placed, grids, number))
    for line in lines:
        line.finish()
        if line.turn:
            line.left, line.bottom, line.right, line.top = _on_page(line)
    shown = [line for line in lines if line.text]
    return Page(
        _ordered(_unnumbered(shown, upright.height)),
        mapped=len(text.placed),
        unmapped=text.unmapped,
        unread=unread_of_page(page),
    )


def _lines(text: Iterable[Placed], grids: Sequence[Grid], number: int) -> Iterator[Line]:
    """Join the characters of a page into lines; those without width belong to the line before."""
    line: Line | None = None
    ahead = ""
    for sign, bottom, top, turn, middle in text:
        if sign.right <= sign.left:
            if line is not None:
                line.add(Sign(sign.text, line.right, line.right))
            elif not sign.text.isspace():
                ahead += sign.text
            continue
        place = _place(grids, *middle) if grids else None
        if line is None or place != line.place or turn != line.turn or not line.holds(bottom, top):
            line = Line(number, place, sign.left, sign.right, bottom, top, turn)
            yield line
        line.add(Sign(ahead + sign.text, sign.left, sign.right))
        ahead = ""


def _on_page(line: Line) -> Box:
    """Return the box, in page coordinates, of a line in any direction."""
    return aligned(Box(line.left, line.bottom, line.right, line.top), -line.turn % 360)


def _unnumbered(lines: Sequence[Line], height: float) -> list[Line]:
    """Drop the page number: at an edge, outside tables, and beside nothing but another page number."""
    edge = [line for line in lines if not 0.1 * height < line.bottom < 0.9 * height]
    numbers = [line for line in edge if line.place is None and PAGE_NUMBER.fullmatch(line.text)]
    others = [line for line in edge if line not in numbers]
    lone = [line for line in numbers if not any(other.holds(line.bottom, line.top) for other in others)]
    return [line for line in lines if line not in lone]


def _ordered(lines: Iterable[Line]) -> list[Line]:
    """Sort the lines of one page in reading order; those of a table stay together."""
    groups: dict[Grid | Line, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.place[0] if line.place else line, []).append(line)
    drawn = list(groups)
    return [line for place in reading_order([_box(one) for one in drawn]) for line in groups[drawn[place]]]


def _box(drawn: Grid | Line) -> Box:
    if isinstance(drawn, Line):
        return Box(drawn.left, drawn.bottom, drawn.right, drawn.top)
    return Box(drawn.xs[0], drawn.ys[0], drawn.xs[-1], drawn.ys[-1])


def _place(grids: Iterable[Grid], x: float, y: float) -> tuple[Grid, Area] | None:
    for grid in grids:
        area = grid.area(x, y)
        if area is not None:
            return grid, area
    return None


def _put_together(pages: Sequence[Page]) -> Iterator[Block]:
    """Yield the blocks of all pages; no paragraph continues across a page that was read as plain text."""
    set_margins([line for page in pages for line in page.lines if line.place is None])
    lines: list[Line] = []
    for page in pages:
        lines += page.lines
        if page.plain:
            yield from _blocks(lines)
            yield from page.plain
            lines = []
    yield from _blocks(lines)


def _line_by_line(pages: Iterable[Page]) -> Iterator[Block]:
    for page in pages:
        yield from page.plain
        yield from (Paragraph(line.text) for line in page.lines)


def _blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Join lines into blocks: a table is placed at its first line, running text flows around it."""
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
        for area, held in parted(grid, inside).items()
    ]
    return blocks_of_table(cells)
