"""The characters of a PDF page with their Unicode and their boxes, on the upright page."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from math import atan2, cos, degrees, inf, isfinite, radians, sin
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import combining

import pypdfium2.raw as pdfium_c

from pipelines.attachments.pdf.lines import Sign
from pipelines.attachments.pdf.order import Box

if TYPE_CHECKING:
    import pypdfium2 as pdfium

HYPHENS = ("\x02", "\ufffe")  # pdfium's marks of a hyphen at a line's end
ADDED = (" ", "\r", "\n")  # characters that pdfium may add where the page has none
BLANK = ("\t", "\r", "\n")  # drawn, they are blanks
LAST = 0x10FFFF  # the last code of Unicode
TILT = 5.0  # degrees; a scanned page may lie so far askew, and its boxes still say where things stand
NARROW = 0.5  # font sizes; the width taken for a character whose font gives none


class Placed(NamedTuple):
    """One character with its position.

    Attributes:
        sign: the character, and its extent along the direction of writing.
        bottom, top: its extent across the direction of writing (points).
        turn: degrees by which its writing is turned, clockwise, against that of the page.
        middle: the middle of its box on the upright page (points).
    """

    sign: Sign
    bottom: float
    top: float
    turn: int
    middle: tuple[float, float]


@dataclass(slots=True)
class PageText:
    """All characters of one page in the order in which they are drawn.

    Attributes:
        placed: those with Unicode; one without width belongs to the one before it.
        unmapped: how many are drawn without Unicode, as glyphs only.
    """

    placed: list[Placed] = field(default_factory=list)
    unmapped: int = 0


class Upright(NamedTuple):
    """How a page is turned before it is shown, and the box of it that is shown (points).

    Attributes:
        quarters: quarter turns, clockwise.
        box: in the page's own coordinates.
    """

    quarters: int
    box: Box

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> Upright:
        """Find it for one page."""
        return cls(page.get_rotation() // 90 % 4, Box(*page.get_bbox()))

    def __call__(self, box: Box) -> Box:
        """Return a box on the page as displayed, from its bottom left."""
        return box if self.is_plain else turned(box, self.quarters, self.box)

    @property
    def is_plain(self) -> bool:
        """Whether the page is shown as its own coordinates have it."""
        return not self.quarters and self.box.left == self.box.bottom == 0

    @property
    def height(self) -> float:
        """The height of the page as shown (points)."""
        shown = self(self.box)
        return shown.top - shown.bottom


def turned(box: Box, quarters: int, within: Box) -> Box:
    """Rotate a box clockwise with its enclosing box, whose bottom left becomes 0, 0."""
    left, bottom, right, top = within
    if quarters == 1:
        return Box(box.bottom - bottom, right - box.right, box.top - bottom, right - box.left)
    if quarters == 2:
        return Box(right - box.right, top - box.top, right - box.left, top - box.bottom)
    if quarters == 3:
        return Box(top - box.top, box.left - left, top - box.bottom, box.right - left)
    return Box(box.left - left, box.bottom - bottom, box.right - left, box.top - bottom)


def aligned(box: Box, turn: int) -> Box:
    """Rotate a box counterclockwise by some degrees around the bottom left of the page."""
    sine, cosine = _TURNS.get(turn) or (sin(radians(turn)), cos(radians(turn)))
    xs = [x * cosine - y * sine for x in (box.left, box.right) for y in (box.bottom, box.top)]
    ys = [x * sine + y * cosine for x in (box.left, box.right) for y in (box.bottom, box.top)]
    return Box(min(xs), min(ys), max(xs), max(ys))


_TURNS = {0: (0.0, 1.0), 90: (1.0, 0.0), 180: (0.0, -1.0), 270: (-1.0, 0.0)}  # sine and cosine, exactly


def text_of_page(page: pdfium.PdfPage, upright: Upright) -> PageText:
    """Read the characters of one page; unreadable ones are skipped and counted."""
    text = page.get_textpage()
    try:
        return _Reading(text.raw, upright).read(text.count_chars())
    finally:
        text.close()


class _Reading:
    """Reads the characters of one page from pdfium, one by one."""

    def __init__(self, handle: pdfium_c.FPDF_TEXTPAGE, upright: Upright) -> None:
        self._handle = handle
        self._upright = upright
        self._matrix = pdfium_c.FS_MATRIX()
        self._matrix_pointer = ctypes.byref(self._matrix)
        self._level = 90 * upright.quarters % 360
        self._is_upright = upright.is_plain
        self._rectangle = pdfium_c.FS_RECTF()
        self._pointer = ctypes.byref(self._rectangle)
        self._text = PageText()

    def read(self, count: int) -> PageText:
        index = 0
        while index < count:
            sign, units = self._sign(index)
            if sign == " " and pdfium_c.FPDFText_IsGenerated(self._handle, index):
                self._text.placed.append(Placed(Sign(sign, 0.0, 0.0), 0.0, 0.0, 0, (0.0, 0.0)))
            elif sign:
                self._place(sign, index)
            index += units
        return self._text

    def _sign(self, index: int) -> tuple[str, int]:
        """Return one character, empty if unreadable, and how many of pdfium's characters it consists of.

        A character beyond the basic plane is a surrogate pair.
        """
        code: int = pdfium_c.FPDFText_GetUnicode(self._handle, index)
        if pdfium_c.FPDFText_HasUnicodeMapError(self._handle, index) == 1 or code > LAST:
            self._text.unmapped += 1  # what comes in its place is the number of a shape
            return "", 1
        if 0x20 < code < 0x7F or 0xA0 <= code < 0xD800:  # nearly all
            return chr(code), 1
        if 0xD800 <= code < 0xDC00:
            second = pdfium_c.FPDFText_GetUnicode(self._handle, index + 1)
            if 0xDC00 <= second < 0xE000:
                return chr(0x10000 + (code - 0xD800 << 10) + second - 0xDC00), 2
        sign = chr(code)
        if sign in HYPHENS:
            return "-", 1
        if sign in ADDED and sign != " " and pdfium_c.FPDFText_IsGenerated(self._handle, index):
            return "", 1
        if sign in BLANK:
            return " ", 1
        if 0xD800 <= code < 0xE000 or sign < " " or "\x7f" <= sign <= "\x9f" or sign == "\ufffd":
            self._text.unmapped += 1  # half a character, or a table that maps it to none
            return "", 1
        return sign, 1

    def _place(self, sign: str, index: int) -> None:
        box = self._box(sign, index)
        if box is None:
            self._text.placed.append(Placed(Sign(sign, 0.0, 0.0), 0.0, 0.0, 0, (0.0, 0.0)))
            return
        shown = box if self._is_upright else self._upright(box)
        turn = self._turn(index)
        along = self._along(shown, turn, index) if turn else shown
        middle = ((shown.left + shown.right) / 2, (shown.bottom + shown.top) / 2)
        self._text.placed.append(
            Placed(Sign(sign, along.left, along.right), along.bottom, along.top, turn, middle)
        )

    def _along(self, shown: Box, turn: int, index: int) -> Box:
        """Return the box of a rotated character along its writing direction.

        For an oblique one the box on the page says little, so origin and size are used.
        """
        if turn % 90 == 0:
            return aligned(shown, turn)
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium_c.FPDFText_GetCharOrigin(self._handle, index, x, y)
        size = abs(pdfium_c.FPDFText_GetFontSize(self._handle, index)) or 1.0
        origin = self._upright(Box(x.value, y.value, x.value, y.value))
        left, bottom, _, _ = aligned(origin, turn)
        return Box(left, bottom, left + NARROW * size, bottom + size)

    def _box(self, sign: str, index: int) -> Box | None:
        """Return the box of a character; if the font has no widths, one from its origin and size."""
        rectangle = self._rectangle
        if pdfium_c.FPDFText_GetLooseCharBox(self._handle, index, self._pointer):
            left, bottom, right, top = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
            if -inf < left < right < inf and -inf < bottom < top < inf:
                return Box(left, bottom, right, top)
        if combining(sign):
            return None
        x, y = ctypes.c_double(), ctypes.c_double()
        size = abs(pdfium_c.FPDFText_GetFontSize(self._handle, index))
        if not pdfium_c.FPDFText_GetCharOrigin(self._handle, index, x, y):
            return None
        box = Box(x.value, y.value, x.value + NARROW * size, y.value + size)
        return box if size and all(map(isfinite, box)) else None

    def _turn(self, index: int) -> int:
        """Return the counterclockwise degrees that make a character upright.

        The direction of its line counts: italics are slanted but upright.
        """
        matrix = self._matrix
        if not pdfium_c.FPDFText_GetMatrix(self._handle, index, self._matrix_pointer):
            return self._level
        if (matrix.b == 0 and matrix.a >= 0) or not (isfinite(matrix.a) and isfinite(matrix.b)):
            return self._level
        turn = self._level - degrees(atan2(matrix.b, matrix.a))
        quarter = 90 * round(turn / 90)
        return (quarter if abs(turn - quarter) <= TILT else round(turn)) % 360
