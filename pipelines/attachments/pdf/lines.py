"""Characters of a PDF page, joined into lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pipelines.attachments.pdf.grids import Area, Grid

COLUMN_GAP = 1.5  # heights of a line; a gap beyond it parts columns
WORD_GAP = 0.15  # heights of a line; a gap beyond it parts words, where the blanks are not to be trusted
BACKWARDS = 3.0  # points; signs that follow one another and stand so far before are not drawn in order


class Sign(NamedTuple):
    """One character and its box (points); a blank that pdfium adds between words has no width."""

    text: str
    left: float
    right: float


@dataclass(eq=False)
class Line:
    """The characters of one line of one page and cell.

    Attributes:
        turn: clockwise rotation of its writing against the page, in degrees.
        spaced: whether a blank is drawn at its end.
        margin: where lines of its column end (points).
    """

    page: int
    place: tuple[Grid, Area] | None
    left: float
    right: float
    bottom: float
    top: float
    turn: int = 0
    signs: list[Sign] = field(default_factory=list)
    text: str = ""
    spaced: bool = False
    margin: float = 0.0

    @property
    def height(self) -> float:
        """Height of its first character (points)."""
        return self.top - self.bottom

    def holds(self, bottom: float, top: float) -> bool:
        """Return whether a character between two heights is on this line, perhaps raised or lowered."""
        if self.bottom == bottom < top == self.top:
            return True
        overlap = min(self.top, top) - max(self.bottom, bottom)
        return overlap > 0.5 * min(self.height, top - bottom)

    def add(self, sign: Sign) -> None:
        """Add a character to the line."""
        self.signs.append(sign)
        if not sign.text.isspace():
            self.left = min(self.left, sign.left)
            self.right = max(self.right, sign.right)

    def finish(self) -> None:
        """Build the text from left to right; outside tables, distant columns are separated by a tab.

        Some programs draw the characters of one font first, then those of another: then their positions give
        the order, and the blanks that pdfium added at each jump are ignored.
        """
        signs = self.signs
        self.spaced = signs[-1].text.isspace() and signs[-1].right > signs[-1].left
        drawn = [sign for sign in signs if sign.right > sign.left]
        jumps = any(sign.left < before.left - BACKWARDS for before, sign in pairwise(drawn))
        if jumps:
            signs = sorted(drawn, key=lambda sign: sign.left)
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
        self.text = text
        self.signs = []  # to save memory on a thousand pages
