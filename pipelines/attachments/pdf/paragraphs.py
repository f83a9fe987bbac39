"""Lines of a PDF, joined into paragraphs.

Lines are joined with a space: Hancom's PDFs, 113 of 115 press releases, wrap at the right margin and often
drop the blank there.
"""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING

from pipelines.blocks import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.attachments.pdf.lines import Line

# Signs that begin a paragraph of Korean official writing, whatever the line before it looked like.
BULLET = re.compile(
    r"[□■○●◦◯ㅇ◇◆◈△▲▽▼▷▶►▸‣☆★※◎❍❏❑❖▪▫•·∙ㆍ☞☎➊-➓①-⑳❶-❿㉠-㉻ⓐ-ⓩ*†‡\ue000-\uf8ff\U000f0000-\U0010fffd]"
    r"|[-–―−]\s|o\s|\d{1,2}[.)]\s|[가-하][.)]\s|[IVXⅠ-Ⅻ]+\.\s|<[^<>]+>$|\[[^\[\]]+\]$"
)
# Particles and endings, which begin no word: Hancom parts words anywhere at a line's end. In 73 pairs of HWPX
# and PDF (2026-04) such a line went on with the word before it 104 times of 106, any other 336 of 824 times.
BOUND = re.compile(
    r"(?:[은는을를의에와과도]|에서|에게|에[는도]|으?로|으로[써서]|까지|부터|이[며다]|입니다|들[은을의이]|들에게|"
    r"하[고여는며기]|하(?:면서|겠다)|하?였(?:다|습니다)|[했한]다|했습니다|합니다|"
    r"되[는고어]|되었(?:다|습니다)|됐다|됩니다|적(?:인|으로))(?![가-힣])"
)
OBJECTS = "을를야고지게"  # … 뜻을 | 하고: what ends so is a word
FULL = 5  # lines; fewer that stand apart are no column of the page
NEAR = 3.0  # points


def set_margins(lines: Sequence[Line]) -> None:
    """Set the right margin of every line outside tables: the end of the longest line of its column.

    On a page of one column it is no less than on half of such pages, as a page may have short lines only.
    """
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    single = []
    for page in pages.values():
        columns = _columns(page)
        for column in columns:
            margin = max(line.right for line in column)
            for line in column:
                line.margin = margin
        if len(columns) == 1:
            single.append(page)
    common = median_low([page[0].margin for page in single]) if single else 0.0
    for page in single:
        for line in page:
            line.margin = max(line.margin, common)


def _columns(page: Iterable[Line]) -> list[list[Line]]:
    """Split the lines of a page at a gap that none crosses, unless one side has few lines."""
    columns: list[list[Line]] = []
    right = 0.0
    for line in sorted(page, key=lambda line: line.left):
        if columns and (line.left < right or len(columns[-1]) < FULL):
            columns[-1].append(line)
        else:
            columns.append([line])
        right = max(right, line.right)
    if len(columns) > 1 and len(columns[-1]) < FULL:
        few = columns.pop()
        columns[-1] += few
    return columns


def paragraphs(lines: Iterable[Line]) -> list[Paragraph]:
    """Join the lines of paragraphs; a line continues if it reaches the right margin."""
    wrapped: list[list[Line]] = []
    for line in lines:
        if wrapped and _goes_on(wrapped[-1], line):
            wrapped[-1].append(line)
        else:
            wrapped.append([line])
    return [Paragraph(_text(parts)) for parts in wrapped]


def _text(lines: Sequence[Line]) -> str:
    return lines[0].text + "".join(_joint(*pair) + pair[1].text for pair in pairwise(lines))


def _joint(line: Line, following: Line) -> str:
    """Return the text between two lines: a blank, or nothing within a split word."""
    parted = BOUND.match(following.text) and line.text[-1] not in OBJECTS
    return "" if parted and not line.spaced else " "


def _goes_on(lines: Sequence[Line], following: Line) -> bool:
    """Return whether the last line was wrapped: the next has no bullet, and its first word had no room."""
    line, text = lines[-1], following.text
    room = len(text.split(maxsplit=1)[0]) / len(text) * (following.right - following.left)
    if line.place is not None:
        room = min(room, 1.5 * line.height)
    if line.right + room + line.height / 4 < line.margin:
        return False
    if BULLET.match(text) and not line.text.endswith(","):
        return False
    if line.text.endswith(".") and line.right + NEAR < line.margin:
        return False
    if not 0.8 * line.height < following.height < 1.25 * line.height or _centred(line, following):
        return False
    if line.page != following.page or following.left > line.right:
        return True
    indented = len(lines) > 1 and following.left > line.left + NEAR
    return not indented and 0 < line.bottom - following.bottom < 2.5 * line.height


def _centred(line: Line, following: Line) -> bool:
    left, right = following.left - line.left, following.right - line.right
    return min(abs(left), abs(right)) > NEAR and abs(left + right) < 2 * NEAR
