"""Read tables that a portal flattened to one cell a line.

The heads of such a table stand below each other; how many cells a row has is seen from the rhythm of its
numbers: every row has its number in the same column, and none elsewhere::

    소속 / 성명 / 연락처 / 가나과 / 홍가람 / number / 다라과 / 김나래 / number

Where the rows are uneven, a row ends with its number, and what stands first after the number before is whose
row it is::

    기관명 / 분야 / 기간 / 접수방법 / 문의처 / 가나투자 / 핀테크 / 5.12~ / (mail) / 홍가람 팀장 / number / …
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contacts.draft import Draft
from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import read_head
from pipelines.contacts.find.paths import split_path
from pipelines.contacts.gazetteer import pattern
from pipelines.contacts.grid.labels import squeezed
from pipelines.contacts.own.attribution import probability
from pipelines.contacts.own.candidates import weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.find.layout import Line

#: What the head of a column says of its cells.
_FIELDS = {
    "unit": "담당부서 부서 부서명 소속 소속기관 담당과 담당팀 기관 기관명 담당기관 주관기관 운영기관"
    " 센터명 센터 시설명 대학 학교 업체명",
    "name": "담당자 성명 이름 담당자명",
    "rank": "직위 직급 직책",
    "number": "연락처 전화 전화번호 문의처 문의전화 대표전화 문의 유선번호 사무실",
    "mail": "이메일 전자우편 메일 E-mail",
}
_FIELD_OF = {head: field for field, heads in _FIELDS.items() for head in heads.split()}
_LAST_HEAD = pattern("last_column_head")
_HEAD = pattern("column_head")
_NAME = pattern("row_name")
_OUTSIDE = pattern("outside_rows")
_LEAST_HEADS = 3
_LEAST_ROWS = 2
_LONGEST_ROW = 15  # cells
_MOST_COLUMNS = 7


def find_rows(lines: Sequence[Line], taken: set[int]) -> list[Draft]:
    """Read every table whose rows have the rhythm of its heads; add the lines they take up."""
    found: list[Draft] = []
    said = [line for line in lines if line.text.strip()]
    end = 0
    for place, line in enumerate(said):
        if place < end or line.table >= 0 or _FIELD_OF.get(squeezed(line.text)) not in ("number", "mail"):
            continue
        heads, rows = _table(said, place)
        if not rows or any(cell.index in taken for row in rows for cell in row):
            continue
        found += [_draft(heads, row) for row in rows]
        end = place + 1 + sum(map(len, rows))
        taken |= {cell.index for cell in said[place - len(heads) + 1 : end]}
    return found


def _table(said: Sequence[Line], last: int) -> tuple[list[str], list[list[Line]]]:
    """Find how many heads end at a line, by the rhythm of the rows below it."""
    if last + 1 < len(said) and _FIELD_OF.get(squeezed(said[last + 1].text)) in ("number", "mail"):
        return [], []  # the next head is the last
    for width in range(min(_MOST_COLUMNS, last + 1), 1, -1):
        heads = [squeezed(line.text) for line in said[last - width + 1 : last + 1]]
        if any(not _HEAD.fullmatch(head) and head not in _FIELD_OF for head in heads):
            continue
        fields = [_FIELD_OF.get(head, "") for head in heads]
        if fields.count("number") != 1 or not {"unit", "name"} & {*fields}:
            continue
        rows = list(_even_rows(said, last + 1, fields))
        if len(rows) >= _LEAST_ROWS:
            return fields, rows
    return [], []


def _even_rows(said: Sequence[Line], first: int, fields: Sequence[str]) -> Iterator[list[Line]]:
    """Cut lines into rows that have their number and address in the columns of these, and none elsewhere."""
    for start in range(first, len(said) - len(fields) + 1, len(fields)):
        row = list(said[start : start + len(fields)])
        kinds = [{point.kind for point in cell.points} for cell in row]
        numbered = all(
            ("phone" in kind) == (field == "number") for kind, field in zip(kinds, fields, strict=True)
        )
        if not numbered or any(cell.table >= 0 or _OUTSIDE.match(cell.text) for cell in row):
            return
        yield row


def _draft(fields: Sequence[str], row: Sequence[Line]) -> Draft:
    """Make the contact of one row."""
    path: tuple[str, ...] = ()
    draft = Draft("row", row[0].index, row[0].start, row[-1].start + len(row[-1].text), row[0].start)
    for field, cell in zip(fields, row, strict=True):
        head = read_head(cell.text, label=True) if field in ("unit", "name") else None
        word = squeezed(cell.text)
        if head and field == "unit":
            path += head.path or (cell.text.strip(),)
        elif head and (lexicon.is_name(word) or lexicon.may_be_name(word)):
            draft.person = word
        elif head and head.people:
            draft.person, draft.rank = head.people[0].name, head.people[0].rank
        elif field == "rank":
            draft.rank = word
        draft.add(cell.points)
    draft.organization, draft.department = split_path(path)
    draft.owner_by = "grid"
    return draft


def name_rows(drafts: list[Draft], lines: Sequence[Line]) -> list[Draft]:
    """Name numbers without a unit after the rows they end; a row's addresses go to the row's number."""
    if all(draft.unit for draft in drafts):
        return drafts
    by_line: dict[int, list[Draft]] = {}
    for draft in drafts:
        by_line.setdefault(draft.line, []).append(draft)
    gone: set[int] = set()
    for rows in _tables([line for line in lines if line.text.strip()]):
        for row in rows:
            held = [draft for line in row for draft in by_line.get(line.index, ())]
            called = [draft for draft in held if draft.phones]
            if len(called) == 1 and len(row) > 2 and not any(draft.unit for draft in held):
                _name(called[0], row)
                called[0].emails += [
                    mail for draft in held if draft is not called[0] for mail in draft.emails
                ]
                gone |= {id(draft) for draft in held if draft is not called[0]}
    return [draft for draft in drafts if id(draft) not in gone]


def _tables(lines: Sequence[Line]) -> Iterator[list[list[Line]]]:
    """Find the rows of every flattened table that has several."""
    end = 0
    for place, line in enumerate(lines):
        if place < end:
            continue
        heads = lines[max(0, place - _LEAST_HEADS + 1) : place + 1]
        if not _LAST_HEAD.fullmatch(line.text) or line.table >= 0:
            continue
        if len(heads) == _LEAST_HEADS and all(_HEAD.fullmatch(head.text.strip()) for head in heads):
            rows = list(_rows(lines, place + 1))
            end = place + 1 + sum(map(len, rows))
            if len(rows) >= _LEAST_ROWS:
                yield rows


def _rows(lines: Sequence[Line], first: int) -> Iterator[list[Line]]:
    """Cut lines into rows, each with a name first and a number last."""
    row: list[Line] = []
    for place in range(first, len(lines)):
        line = lines[place]
        if (
            len(row) == _LONGEST_ROW
            or _OUTSIDE.match(line.text)
            or line.table >= 0
            or not (row or _NAME.fullmatch(line.text.strip()))
        ):
            return
        row.append(line)
        if any(point.kind == "phone" for point in line.points):
            yield row
            row = []


def _name(draft: Draft, row: Sequence[Line]) -> None:
    draft.kind, draft.organization = "row", row[0].text.strip()
    draft.owner_by, draft.score = "grid", probability(weights()["grid"])
    draft.start = draft.anchor = row[0].start
    people = () if draft.person else read_head(row[-2].text, label=True).people
    if len(people) == 1 and not row[-2].points:
        draft.person, draft.rank = people[0].name, people[0].rank
