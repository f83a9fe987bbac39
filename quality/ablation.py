"""Leave out each feature of a possible owner in turn, and score what is found without it.

``python -m quality.ablation SHARED``: labelled texts that the rules were not developed on are cut by ministry
and year, seeded, into a part that was read while rules and weights were set and a part that is only measured.
Printed as a Markdown table: contact, named, unnamed, owner of each, and for every feature the difference.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.extraction.from_file import extract
from pipelines.contacts.own.candidates import weights
from quality.gate import labelled_sets
from quality.score import figures, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from quality.score import Pair, Row

SEED = "briefing-archive"
FIGURES = ("contact", "named", "unnamed", "owner")
_CONTACT = ("organization", "department", "person", "phones", "emails")


def is_measured(row: Mapping[str, Any]) -> bool:
    """Return whether a labelled row is in the half that is only measured.

    Press releases of one ministry and year are in one half; a post, which has neither, is drawn by its name.
    """
    group = f"{row['ministry']} {row['published_at'][:4]}" if row.get("ministry") else name_of(dict(row))
    return sha256(f"{SEED} {group}".encode()).digest()[0] % 2 == 1


def halves(shared: Path) -> dict[str, tuple[list[Row], dict[str, bytes]]]:
    """Return the labelled rows of each half of each set, and the texts to extract."""
    parts: dict[str, tuple[list[Row], dict[str, bytes]]] = {}
    for one in labelled_sets():
        if one.name.endswith("_validation"):
            rows = one.rows(shared)
            for half in ("learned", "measured"):
                mine = [row for row in rows if is_measured(row) == (half == "measured")]
                parts[f"{one.name.removesuffix('_validation')} {half}"] = mine, one.texts(mine, shared)
    return parts


def scored(rows: Sequence[Row], texts: Mapping[str, bytes]) -> dict[str, float]:
    """Extract every text and return the figures."""
    found = {name.rsplit(".", 1)[0]: _row(name, content) for name, content in texts.items()}
    pairs: list[Pair] = [(row, found[name_of(row).rsplit(".", 1)[0]]) for row in rows]
    return figures(pairs)


def _row(name: str, content: bytes) -> Row:
    contacts = extract(name, content).contacts
    return {"contacts": [{field: getattr(one, field) for field in _CONTACT} for one in contacts]}


def table(shared: Path) -> Iterator[str]:
    """Yield the lines of the table; a dash is no difference."""
    parts = halves(shared)
    whole = {part: scored(*content) for part, content in parts.items()}
    columns = [(part, figure) for part in parts for figure in FIGURES]
    yield f"| left out | weight | {' | '.join(f'{part} {figure}' for part, figure in columns)} |"
    yield "|---|---|" + "---|" * len(columns)
    yield "| nothing | | " + " | ".join(f"{whole[part][figure]:.4f}" for part, figure in columns) + " |"
    for feature, weight in list(weights().items()):
        weights()[feature] = 0.0
        without = {part: scored(*content) for part, content in parts.items()}
        weights()[feature] = weight
        change = [without[part][figure] - whole[part][figure] for part, figure in columns]
        cells = " | ".join(f"{one:+.4f}" if abs(one) > 1e-9 else "–" for one in change)
        yield f"| `{feature}` | {weight:+.1f} | {cells} |"


if __name__ == "__main__":
    for line in table(Path(sys.argv[1])):
        print(line, flush=True)
