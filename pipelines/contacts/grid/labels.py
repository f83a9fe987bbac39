"""The labels of blocks of those responsible, and how cells are compared with them."""

from __future__ import annotations

from pipelines.contacts.gazetteer import pattern, term, words

PART_LABELS = words("part_labels")
UNIT_LABELS = words("unit_labels") | PART_LABELS
CHIEF_LABELS = words("chief_labels")
CLERK_LABELS = words("clerk_labels")
NUMBER_LABELS = words("number_labels")
LABELS = UNIT_LABELS | CHIEF_LABELS | CLERK_LABELS | NUMBER_LABELS
OPENING = words("opening_labels")
ROW_OPENING = words("row_opening_labels")
LABEL_WORD = pattern("label_word")
MARK_CELL = pattern("mark_cell")
_AROUND = term("around_labels")


def squeezed(text: str) -> str:
    """Take out white space, and the signs around a label."""
    return "".join(text.split()).strip(_AROUND)
