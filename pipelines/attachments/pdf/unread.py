"""Visible text that pdfium does not return: letters drawn as shapes, and text without width.

Design programs turn lettering into outlines, and some word processors the digits of a chart. Of eight real
documents looked at (2026-11) none holds a shape that passes for a letter here; 2 to 14 % of their pieces of
text have no width, being lone spaces.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2.raw as pdfium_c

from pipelines.attachments.limits import MAX_STROKES
from pipelines.attachments.pdf.order import Box
from pipelines.attachments.pdf.rules import pointers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pypdfium2 as pdfium

SMALLEST, LARGEST = 3.0, 40.0  # points; the height of letters in documents
NARROWEST = 0.5  # points; the width of a 1
STEPS = 6  # points of an outline; a box has five with its end
LETTERS = 3  # shapes side by side; fewer are bullets
ALIGNED = 0.25  # of the height; by so much the feet of letters in a line differ
APART = 1.5  # of the height; letters of one line stand no farther from one another
WIDTHLESS = 0.01  # points; a narrower piece of text is passed over by pdfium


class Unread(NamedTuple):
    """The unreadable text of a page.

    Attributes:
        letters: shapes in lines, like letters.
        pieces: pieces of text, as they were drawn.
        widthless: how many of them have no width; spaces, or text of a font that gives none.
    """

    letters: int = 0
    pieces: int = 0
    widthless: int = 0


NOTHING = Unread()


def unread_of_page(page: pdfium.PdfPage) -> Unread:
    """Count the visible text of a page that pdfium does not return."""
    handle = page.raw
    shapes: list[Box] = []
    pieces = widthless = 0
    edges = (ctypes.c_float * 4)()
    each_edge = pointers(edges)
    for index in range(min(pdfium_c.FPDFPage_CountObjects(handle), MAX_STROKES)):
        drawn = pdfium_c.FPDFPage_GetObject(handle, index)
        kind = pdfium_c.FPDFPageObj_GetType(drawn)
        is_text = kind == pdfium_c.FPDF_PAGEOBJ_TEXT
        if not is_text and not (kind == pdfium_c.FPDF_PAGEOBJ_PATH and _has_corners(drawn)):
            continue
        if not pdfium_c.FPDFPageObj_GetBounds(drawn, *each_edge):
            continue
        box = Box(*edges)
        if is_text:
            pieces += 1
            widthless += box.right - box.left < WIDTHLESS
        elif SMALLEST <= box.top - box.bottom <= LARGEST and NARROWEST <= box.right - box.left <= LARGEST:
            shapes.append(box)
    return Unread(_letters(shapes), pieces, widthless)


def _has_corners(path: pdfium_c.FPDF_PAGEOBJECT) -> bool:
    """Return whether a shape is filled and has as many corners as a letter."""
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    if not pdfium_c.FPDFPath_GetDrawMode(path, filled, stroked) or not filled.value or stroked.value:
        return False
    return bool(pdfium_c.FPDFPath_CountSegments(path) >= STEPS)


def _letters(shapes: Sequence[Box]) -> int:
    """Count the shapes that are side by side in lines."""
    count = length = 0
    before: Box | None = None
    for box in sorted(shapes, key=lambda box: (round(box.bottom / SMALLEST), box.left)):
        length = length + 1 if before and _follows(before, box) else 1
        count += LETTERS if length == LETTERS else length > LETTERS
        before = box
    return count


def _follows(before: Box, box: Box) -> bool:
    height = max(before.top - before.bottom, box.top - box.bottom)
    level = abs(before.bottom - box.bottom) <= ALIGNED * height
    return level and -height < box.left - before.right < APART * height
