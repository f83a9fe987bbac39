"""Find the rows of tables: real ones and those written with strokes, flattened to one cell a line, or turned.

Where a portal flattened a table, its heads are below each other, and how many cells a row has is seen from
the rhythm of its numbers: every row has its number in the same column, and none elsewhere::

    소속 / 성명 / 연락처 / 가나과 / 홍가람 / number / 다라과 / 김나래 / number

Where the rows are uneven, a row ends with its number, and what stands first after the number before is whose
row it is::

    기관명 / 분야 / 기간 / 접수방법 / 문의처 / 가나투자 / 핀테크 / 5.12~ / (mail) / 홍가람 팀장 / number / …
"""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from pipelines.contacts.find.heads import read_head
from pipelines.contacts.find.layout import lines_to_number
from pipelines.contacts.find.mentions import wording
from pipelines.contacts.gazetteer import pattern, term
from pipelines.contacts.grid.fields import field_of, squeezed
from pipelines.contacts.grid.rows import Cell, Grid, Row, row_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.find.layout import Line
    from pipelines.contacts.grid.fields import Field

_LAST_HEAD = pattern("last_column_head")
_HEAD = pattern("column_head")
_NAME = pattern("row_name")
_OUTSIDE = pattern("outside_rows")  # the text goes on
_ASKING = term("asking")
_LEAST_HEADS = 3
_LEAST_ROWS = 2
_LONGEST_HEAD = 30  # characters
_LONGEST_ROW = 15  # cells
_MOST_COLUMNS = 7
_NO_DIGITS = dict.fromkeys(map(ord, "0123456789-"), " ")


def find_tables(lines: Sequence[Line]) -> Iterator[Grid]:
    """Find every table with heads, and every row of numbers below one of as many units."""
    for number, table in groupby((line for line in lines if line.text.strip()), key=lambda line: line.table):
        rows = list(table)
        if number >= 0:
            yield from _headed(rows)
            yield from _turned(rows)
        else:
            yield from _flattened(rows)


def _headed(rows: Sequence[Line]) -> Iterator[Grid]:
    """Find the rows below a row of heads that have numbers where these announce them."""
    fields: list[Field | None] = []
    heads = frozenset[int]()
    units: list[Cell] = []  # of the last row with all its cells: they span the rows that lack them
    for line in rows:
        above = [field_of(squeezed(cell)) for cell in line.text.split("\t")]
        if not line.points and above.count("number") == 1 and {"unit", "name"} & {*above}:
            fields, heads, units = above, frozenset([line.index]), []
        elif line.points and len(above) <= len(fields):
            row = _row_below(fields[-len(above) :], line)
            if row and len(above) < len(fields):
                row.cells[:0] = [] if row.texts("unit") else units
            if row and row.texts("unit"):
                units = [cell for cell in row.cells if cell.field == "unit"]
                yield Grid("table", [row], heads | {line.index})
                heads = frozenset()


def _row_below(fields: Sequence[Field | None], line: Line) -> Row | None:
    """Read a row with numbers in the column of numbers only."""
    row = Row(line.index, line.start, line.start + len(line.text), points=list(line.points))
    start = 0
    for kind, text in zip(fields, line.text.split("\t"), strict=True):
        points = [point for point in line.points if start <= point.start <= start + len(text)]
        if any(point.kind == "phone" for point in points) != (kind == "number"):
            return None
        row.put(kind, text[: points[0].start - start] if points else text)
        start += len(text) + 1
    return row


def _turned(rows: Sequence[Line]) -> Iterator[Grid]:
    """Find rows of numbers alone, each below the unit in its column of the row above."""
    for above, line in pairwise(rows):
        names, count = above.text.split("\t"), len(line.points)
        if above.points or count < _LEAST_ROWS or not len(names) == count == line.text.count("\t") + 1:
            continue
        heads = [read_head(name, label=True) for name in names]
        if wording(line.text.translate(_NO_DIGITS)) or not all(head.path and not head.noun for head in heads):
            continue
        made = []
        for name, head, point in zip(names, heads, line.points, strict=True):
            start = above.start + above.text.index(name)
            cells = [Cell("unit", " ".join(head.path))]
            made.append(Row(line.index, start, start + len(name), cells, [point], _ASKING))
        yield Grid("columns", made, frozenset([line.index]))


def _flattened(said: Sequence[Line]) -> Iterator[Grid]:
    """Find tables of one cell a line by their heads, of which the last announces numbers or addresses."""
    end = 0
    for place, ahead in enumerate(lines_to_number(said)):
        headed = place >= end and ahead <= _LONGEST_ROW and len(said[place].text) <= _LONGEST_HEAD
        grid = (_even(said, place) or _uneven(said, place)) if headed else None
        if grid:
            yield grid
            end = place + len(grid.lines)


def _even(said: Sequence[Line], last: int) -> Grid | None:
    """Read the table whose heads end at a line and whose rows have the rhythm of these heads."""
    if not _is_way(said[last]) or (last + 1 < len(said) and _is_way(said[last + 1])):
        return None  # the next head is the last
    for width in range(min(_MOST_COLUMNS, last + 1), 1, -1):
        heads = [squeezed(line.text) for line in said[last - width + 1 : last + 1]]
        fields = [field_of(head) for head in heads]
        if any(not kind and not _HEAD.fullmatch(head) for head, kind in zip(heads, fields, strict=True)):
            continue
        if fields.count("number") != 1 or not {"unit", "name"} & {*fields}:
            continue
        rows = list(_even_rows(said, last + 1, fields))
        if len(rows) >= _LEAST_ROWS:
            return _grid([row_of(zip(fields, row, strict=True)) for row in rows], rows)
    return None


def _even_rows(said: Sequence[Line], first: int, fields: Sequence[Field | None]) -> Iterator[Sequence[Line]]:
    """Cut lines into rows that have their number and address in the columns of these, and none elsewhere."""
    for start in range(first, len(said) - len(fields) + 1, len(fields)):
        row = said[start : start + len(fields)]
        called = [any(point.kind == "phone" for point in cell.points) for cell in row]
        if called != [kind == "number" for kind in fields] or any(_OUTSIDE.match(cell.text) for cell in row):
            return
        yield row


def _uneven(said: Sequence[Line], last: int) -> Grid | None:
    """Read the table whose heads end at a line and whose rows end with a number each."""
    below = said[last + 1 : last + 1 + _LONGEST_ROW]
    if not (_LAST_HEAD.fullmatch(said[last].text) and any(line.points for line in below)):
        return None
    heads = said[max(0, last - _LEAST_HEADS + 1) : last + 1]
    if len(heads) < _LEAST_HEADS or not all(_HEAD.fullmatch(head.text.strip()) for head in heads):
        return None
    rows = list(_uneven_rows(said, last + 1))
    if len(rows) < _LEAST_ROWS or any(len(row) < _LEAST_HEADS or _names_unit(row[-1]) for row in rows):
        return None
    return _grid([_uneven_row(row) for row in rows], rows)


def _uneven_rows(said: Sequence[Line], first: int) -> Iterator[Sequence[Line]]:
    """Cut lines into rows, each with a name first and a number last."""
    row: list[Line] = []
    for place in range(first, len(said)):
        line = said[place]
        ended = len(row) == _LONGEST_ROW or _OUTSIDE.match(line.text)
        if ended or not (row or _NAME.fullmatch(line.text.strip())):
            return
        row.append(line)
        if any(point.kind == "phone" for point in line.points):
            yield row
            row = []


def _uneven_row(row: Sequence[Line]) -> Row:
    """Make a row of lines: whose it is, what else it says, perhaps a person, the number."""
    made = row_of((None, line) for line in row)
    made.cells.append(Cell("unit", row[0].text.strip()))
    for line in row[-2:]:
        made.put("name", line.text[: line.points[0].start] if line.points else line.text)
    return made


def _names_unit(line: Line) -> bool:
    """Return whether a unit precedes the first number of a line."""
    head = read_head(line.text[: line.points[0].start], label=True)
    return bool(head.path) and not head.noun


def _is_way(line: Line) -> bool:
    """Return whether a line is the head of a column of numbers or addresses."""
    return field_of(squeezed(line.text)) in ("number", "mail")


def _grid(made: list[Row], rows: Sequence[Sequence[Line]]) -> Grid:
    return Grid("rhythm", made, frozenset(line.index for row in rows for line in row))
