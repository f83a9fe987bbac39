"""Lists as files of bounded length: CSV that Excel opens directly, XLSX, and JSON for programs."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from archive.export.csv import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST = 5000
"""Rows of one file; ``briefing export`` writes all of an archive."""

LONGEST_CELL = 32_767
"""Characters that a cell of Excel can contain (Excel specifications and limits, Microsoft)."""

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}
CUT = "처음 {n}건만 담았습니다(모두 {total}건). 조건을 좁혀 나누어 받으세요."
FIRST = "처음 {n}건만 담았습니다. 조건을 좁혀 나누어 받으세요."
_MARKS = re.compile("[\ue000\ue001]")
_MADE = datetime(2026, 1, 1, tzinfo=UTC)  # a fixed time: equal rows make equal files


@dataclass(frozen=True, slots=True)
class Table:
    """A list with its headings and its source.

    Attributes:
        name: of the file, without its ending.
        columns: name in JSON → heading in the reader's language.
        rows: in the order of the columns, at most :data:`MOST`.
        total: number of rows of the whole list; None when unknown.
        url: the page that shows the list.
        note: one sentence when the list is truncated; "" when it is whole.
    """

    name: str
    columns: dict[str, str]
    rows: Sequence[Sequence[Any]]
    total: int | None
    url: str
    note: str = ""


def written(table: Table, form: str) -> bytes:
    """Write a table as csv, xlsx or json."""
    writers: dict[str, Callable[[Table], bytes]] = {"csv": _csv, "xlsx": _xlsx, "json": _json}
    return writers[form](table)


def _csv(table: Table) -> bytes:
    """Write CSV with a byte order mark, by which Excel recognises UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns.values())
    writer.writerows([_cell(safe(_plain(value))) for value in row] for row in table.rows)
    if table.note:
        writer.writerow([f"※ {table.note}"])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _xlsx(table: Table) -> bytes:
    """Write a workbook: the rows, and a sheet with their source and whether they are complete."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": _MADE.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(table.name[:31])
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(table.columns.values()):
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(table.rows, 1):
            for column, value in enumerate(map(_plain, row)):
                if isinstance(value, int | float) and not isinstance(value, bool):
                    sheet.write_number(number, column, value)
                elif value is not None:
                    sheet.write_string(number, column, _cell(value))
        about = book.add_worksheet("about")
        for number, line in enumerate(filter(None, (table.url, table.note))):
            about.write_string(number, 0, line)
    return file.getvalue()


def _json(table: Table) -> bytes:
    rows = [dict(zip(table.columns, map(_plain, row), strict=True)) for row in table.rows]
    answer: dict[str, Any] = {"url": table.url, "total": table.total, "truncated": bool(table.note)}
    if table.note:
        answer["note"] = table.note
    return json.dumps({**answer, "rows": rows}, ensure_ascii=False, indent=1).encode() + b"\n"


def _plain(value: Any) -> Any:
    """Return a value without the private-use characters that mark highlighting."""
    if isinstance(value, bytes):
        return value.hex()
    return _MARKS.sub("", value) if isinstance(value, str) else value


def _cell(value: Any) -> Any:
    """Return a value for a cell: a text truncated to the length of a cell, anything else as text."""
    text = value if isinstance(value, str) else str(value) if value is not None else ""
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
