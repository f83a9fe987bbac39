"""What the header of a column or the label of a field says of its cells."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pipelines.contacts.gazetteer import terms, words

Field: TypeAlias = Literal["unit", "name", "rank", "number", "mail"]

_LABELS: dict[Field, frozenset[str]] = {
    "unit": words.unit_labels | words.part_labels,
    "name": words.chief_labels | words.clerk_labels | words.name_labels,
    "rank": words.rank_labels,
    "number": words.number_labels,
    "mail": words.mail_labels,
}
_FIELDS = {label: field for field, labels in _LABELS.items() for label in labels}


def squeezed(text: str) -> str:
    """Remove white space, and the punctuation around a label."""
    return "".join(text.split()).strip(terms.around_labels)


def field_of(label: str) -> Field | None:
    """Return the field that a label without its spaces announces, None where it is no label."""
    return _FIELDS.get(label)
