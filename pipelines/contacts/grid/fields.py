"""What the header of a column or the label of a field says of its cells."""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeAlias

from pipelines.contacts.gazetteer import pattern, term, words

Field: TypeAlias = Literal["unit", "name", "rank", "number", "mail"]

PART_LABELS = words("part_labels")
CHIEF_LABELS = words("chief_labels")
CLERK_LABELS = words("clerk_labels")
LABEL_WORD = pattern("label_word")
_AROUND = term("around_labels")


def squeezed(text: str) -> str:
    """Remove white space, and the punctuation around a label."""
    return "".join(text.split()).strip(_AROUND)


def field_of(label: str) -> Field | None:
    """Return the field that a label without its spaces announces, None where it is no label."""
    return _fields().get(label)


@cache
def _fields() -> dict[str, Field]:
    lists: dict[str, Field] = {
        "unit_labels": "unit",
        "part_labels": "unit",
        "chief_labels": "name",
        "clerk_labels": "name",
        "name_labels": "name",
        "rank_labels": "rank",
        "number_labels": "number",
        "mail_labels": "mail",
    }
    return {label: kind for name, kind in lists.items() for label in words(name)}
