"""Read rows of tables that a portal flattened to one cell a line.

The heads of such a table stand below each other, the last of them 문의처 or 연락처. A row then ends with its
number, and what stands first after the number before is whose row it is::

    기관명 / 분야 / 기간 / 접수방법 / 문의처 / 가나투자 / 핀테크 / 5.12~ / (mail) / 홍가람 팀장 / number / …
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.contacts.heads import read_head

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.draft import Draft
    from pipelines.contacts.layout import Line

_LAST_HEAD = re.compile(r"\W*(?:문의\s?처|연락\s?처|문의)\W*")
_HEAD = re.compile(r"[가-힣 /·()]{2,12}")
_NAME = re.compile(r"(?=[^\s(]*[가-힣])[^\s(\d][^\d]{1,24}")
_OUTSIDE = re.compile(r"\s*[□○●■◇◆※ㅇ*]|.{60}")  # the text goes on
_LEAST_HEADS = 3
_LEAST_ROWS = 2
_LONGEST_ROW = 15  # cells


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
    draft.start = draft.anchor = row[0].start
    people = () if draft.person else read_head(row[-2].text, label=True).people
    if len(people) == 1 and not row[-2].points:
        draft.person, draft.rank = people[0].name, people[0].rank
