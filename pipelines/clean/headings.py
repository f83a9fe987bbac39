"""Whether the first row of a table is its row of headings.

Office files and most pages do not say: of 1,735 tables of documents 37 were marked. A first row of short,
different labels over all columns is read as headings if the table says so otherwise: its corner is a word
that heads Korean tables (구분, 연번), its texts are names of columns (일시, 내용, 금액), or figures stand
below labels.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.blocks import Cell, Table

_LONGEST = 60  # characters of a label
_CORNER = re.compile(
    r"(?:구\s?분|연\s?번|순\s?번|번\s?호|순\s?서|no\.?)(?:\W.*)?\Z", re.IGNORECASE | re.DOTALL
)
_COLUMN = re.compile(
    r"(?:^|.*\D)(?:명|칭|사업|과제|대상|내용|분야|항목|구분|번호|일정|일시|일자|시간|기간|장소|지역|기관|단체|부처|업체|품목|금액|예산|규모"
    r"|기준|요건|조건|조항|비고|방식|방법|주소|연락처|전화|비율|비중|건수|실적|결과|현황|계획|시기|주제|단계|유형|종류|성명|소속|직위)\Z",
    re.DOTALL,
)
_YEAR = re.compile(r"(?:[’']?\d{2}|(?:19|20)\d{2})\.?\s?(?:년|년도)?\W*\Z")
_FIGURE = re.compile(r"[\s△▲▼▽+\-−–~()\[\]'’,./:%‰]*\d[\d\s,.△▲▼▽+\-−–~()%p원명건개억만천조월일년톤:/]*\Z")
_CONTACT = re.compile(r"\d{2,4}\s?[-–)]\s?[\d*]{3,4}|@")
_SENTENCE = re.compile(r"[.?!。]\s*\Z|[다요]\.?\s*\Z")


def is_headed(table: Table) -> bool:
    """Return whether the first row holds the headings of the columns, marked as such or not."""
    first = [cell for cell in table.cells if cell.row == 0]
    if first and all(cell.header for cell in first):
        return True
    rows, columns = table.rows, table.columns
    if columns < 2 or rows < 2 or sum(cell.colspan for cell in first) != columns:
        return False
    if any(cell.rowspan == rows for cell in first):
        return False
    labels = [cell.text.strip() for cell in first]
    if not _are_labels(labels):
        return False
    if _CORNER.match(labels[0]) or _are_columns(labels):
        return True
    return _over_figures(first, [cell for cell in table.cells if cell.row > 0])


def _are_labels(labels: list[str]) -> bool:
    """Return whether texts are short, different and no figures; the corner alone may be empty."""
    if len(labels) < 2 or not all(labels[1:]) or len(set(labels)) < len(labels):
        return False
    return not any(
        len(label) > _LONGEST or _is_figure(label) or _CONTACT.search(label) or _SENTENCE.search(label)
        for label in labels
    )


def _is_figure(label: str) -> bool:
    return bool(_FIGURE.match(label)) and not _YEAR.match(label)


def _are_columns(labels: list[str]) -> bool:
    """Return whether the first label and at least half of all are what columns are called."""
    named = [bool(_COLUMN.match(re.sub(r"\s|\([^()]*\)", "", label))) for label in labels]
    return named[0] and sum(named) >= 2 and 2 * sum(named) >= len(named)


def _over_figures(first: Iterable[Cell], below: Iterable[Cell]) -> bool:
    """Return whether some column after the first holds figures under its label, all the way down."""
    figures: dict[int, list[bool]] = {}
    for cell in below:
        if text := cell.text.strip():
            figures.setdefault(cell.column, []).append(bool(_FIGURE.match(text)))
    return any(all(figures.get(cell.column, [False])) for cell in first if cell.column)
