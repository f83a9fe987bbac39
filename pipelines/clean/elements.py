"""Names of HTML elements that several steps of cleaning ask for."""

from __future__ import annotations


def names(text: str) -> frozenset[str]:
    """Read names that stand apart by blanks."""
    return frozenset(text.split())


BLOCKS = names(
    "address article aside blockquote caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
    " header hr li ol p pre section summary table tbody td tfoot th thead tr ul"
)
# Block elements that are not kept: a division stands in for them, so that their texts do not run together.
AS_DIVISION = names("center dir fieldset form legend main menu nav optgroup")
