"""Find blocks of those responsible: 담당 부서 | 책임자 | 담당자, as a table or one cell a line.

Both come as the same run of pieces (lines of cells) in reading order, so one reader serves both::

    담당 부서 / 개발협력국 / 책임자 / 과 장 / name / (number) / 다자협력과 / 담당자 / 사무관 / name / (number)
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import read_head
from pipelines.contacts.find.layout import line_above, lines_to_number
from pipelines.contacts.gazetteer import endings, pattern, term, words
from pipelines.contacts.grid.fields import CHIEF_LABELS, CLERK_LABELS, LABEL_WORD, field_of, squeezed
from pipelines.contacts.grid.groups import MAX_IDLE, GroupReader
from pipelines.contacts.grid.rows import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.find.layout import Line, Piece

_RESPONSIBLE_UNIT = term("responsible_unit")
_CHIEF = term("chief")
_CLERK = term("clerk")

_MARK_CELL = pattern("mark_cell")
_OPENING = words("opening_labels")
_ROW_OPENING = words("row_opening_labels")
_HINT = pattern("block_hint")
_UNIT_LABELS = endings("labels_opening_units")
_UNIT_LABEL = pattern("opens_with_unit_label")
_MAX_RANK = 24
_MAX_UNIT = 40
_MAX_ABOVE = 6  # lines from a unit down to its first person's number
_BROKEN_NUMBER = pattern("broken_number")
_LABEL_BEFORE = pattern("unit_label_before")


def find_blocks(lines: Sequence[Line], taken: set[int]) -> Iterator[Grid]:
    """Find every block of responsible people in lines not taken; ``taken`` may grow between two."""
    ahead = lines_to_number(lines)
    for line in lines:
        if line.index in taken or ahead[line.index] > MAX_IDLE:
            continue
        if _starts(line) or _starts_bare(lines, line) or _starts_above_people(lines, line):
            reader = GroupReader()
            used = reader.read(_unbroken(_run(lines, _with_units_above(lines, line, taken))))
            if any(row.points for row in reader.rows):
                yield Grid("block", reader.rows, frozenset(used))


def _starts(line: Line) -> bool:
    """Return whether a line opens a block: a label alone in its cell, or labels run together in one line."""
    if not _HINT.search(line.text):
        return False
    pieces = [squeezed(piece.text) for piece in line.pieces]
    if line.kind == "row":
        people = any(
            piece in CHIEF_LABELS | CLERK_LABELS | _ROW_OPENING or piece.startswith(_RESPONSIBLE_UNIT)
            for piece in pieces
        )
        return people and not all(map(field_of, pieces))
    printed = [squeezed(label) for label in LABEL_WORD.findall(line.text)]
    return (
        pieces[0] in _OPENING
        or pieces[0].startswith(tuple(_RESPONSIBLE_UNIT + sign for sign in "<("))
        or (
            pieces[0].endswith(_RESPONSIBLE_UNIT)
            and lexicon.is_agency(pieces[0].removesuffix(_RESPONSIBLE_UNIT))
        )
        or (pieces[0].startswith(_UNIT_LABELS) and (_CHIEF in printed or _CLERK in printed))
    )


def _starts_bare(lines: Sequence[Line], line: Line) -> bool:
    """Return whether a rank or 담당자 alone on its line is followed by a name and a number on theirs."""
    if line.kind == "row" or len(line.text) > _MAX_RANK:
        return False
    first = squeezed(line.text)
    if not (first in CLERK_LABELS or lexicon.is_rank(first)):
        return False
    below = [line for line in lines[line.index + 1 : line.index + 5] if line.text.strip()]
    named = bool(below) and lexicon.is_name(squeezed(below[0].text.split("(")[0]))
    return named and any(line.points for line in below[:3])


def _starts_above_people(lines: Sequence[Line], line: Line) -> bool:
    """Return whether a unit alone on its line, or after its label, is above lines of its people."""
    if line.kind == "row" or line.points or len(line.text) > _MAX_UNIT:
        return False
    below = [line for line in lines[line.index + 1 : line.index + _MAX_ABOVE] if line.text.strip()]
    if not any(near.points for near in below):
        return False
    while below and _is_unit_alone(below[0]):
        below = below[1:]
    if not below or not _is_unit_alone(line):
        return False
    numbered = any(near.points for near in below[:2])
    return numbered and below[0].kind != "row" and _is_of_people(below[0])


def _is_unit_alone(line: Line) -> bool:
    """Return whether a line is the path of a unit and nothing else."""
    if line.points or len(line.text) > _MAX_UNIT:
        return False
    head = read_head(_LABEL_BEFORE.sub("", line.text), label=True)
    return bool(head.path) and not (head.noun or head.rest or head.people)


def _is_of_people(line: Line) -> bool:
    """Return whether a line gives people, perhaps after the label of their role, and no unit of theirs."""
    text = line.text[: line.points[0].start] if line.points else line.text
    label = LABEL_WORD.match(text.strip())
    head = read_head(text.strip()[label.end() if label else 0 :], label=True)
    return bool(head.people and head.people[0].rank) and not (head.path or head.rest)


def _with_units_above(lines: Sequence[Line], line: Line, taken: set[int]) -> Line:
    """Step back over the units and marks directly above the first label."""
    while line.kind != "row" and not _UNIT_LABEL.match(line.text.strip()):
        above = line_above(lines, line.index)
        if not above or above.index in taken or above.points or above.kind == "row":
            break
        if len(above.text) > _MAX_UNIT:
            break
        head = read_head(above.text, label=True)
        if lexicon.is_broken_name(above.text.strip(), line.text.strip()):
            head = replace(head, noun=False)
        if not _MARK_CELL.fullmatch(above.text.strip()) and (head.rest or not head.path or head.noun):
            break
        line = above
    return line


def _run(lines: Sequence[Line], first: Line) -> Iterator[tuple[Line, Piece]]:
    """Yield the pieces from a line on, of the same table only where it is one."""
    for index in range(first.index, len(lines)):
        line = lines[index]
        if first.table >= 0 and line.table != first.table:
            return
        for piece in line.pieces:
            for part in _parts(piece):
                yield line, part


def _unbroken(run: Iterator[tuple[Line, Piece]]) -> Iterator[tuple[Line, Piece]]:
    """Join names and numbers that a narrow cell broke over two lines; the second line stays, empty."""
    line, piece = next(run)
    for next_line, below in run:
        number = _BROKEN_NUMBER.search(piece.text) and below.text.lstrip()[:1].isdigit()
        if number or lexicon.is_broken_name(piece.text.strip(), below.text.strip()):
            joint = "\n" * (below.start - piece.start - len(piece.text)) if number else ""
            yield line, replace(piece, text=piece.text + joint + below.text)
            below = replace(below, text="")
        else:
            yield line, piece
        line, piece = next_line, below
    yield line, piece


def _parts(piece: Piece) -> Iterator[Piece]:
    """Split a piece into labels and the text between them."""
    place = 0
    for part in LABEL_WORD.split(piece.text):
        if part.strip():
            yield type(piece)(part, piece.start + place)
        place += len(part)
