"""Floors of extraction on labelled texts: the project's own sample, and real texts where they lie beside it.

The floors are those of the gate (``make quality``), which scores the validation sets and the search besides.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from crawler.extraction.from_file import extract
from quality.gate import labelled_sets, short_of
from quality.score import differing, figures, name_of

if TYPE_CHECKING:
    from pathlib import Path

    from quality.gate import LabelledSet

SETS = {one.name: one for one in labelled_sets() if not one.name.endswith("_validation")}
OURS = {name: one for name, one in SETS.items() if one.place == "quality"}
CONTACT = ("organization", "department", "person", "phones", "emails")
SOURCE = ("source_title", "source_url", "original_title", "origin_name", "origin_url", "writer")


def extracted(one: LabelledSet, rows: list[dict[str, Any]], shared: Path | None) -> dict[str, dict[str, Any]]:
    """Read every text of a set, by the name that its labels have."""
    found = {}
    for name, content in one.texts(rows, shared).items():
        article = extract(name, content)
        found[name.replace(".html", ".txt")] = {
            "path": name.replace(".html", ".txt"),
            "title": article.title,
            "contacts": [
                {field: getattr(contact, field) for field in CONTACT} for contact in article.contacts
            ],
            "source": {field: getattr(article.source, field) for field in SOURCE},
        }
    return found


@pytest.mark.parametrize("one", OURS.values(), ids=OURS)
def test_our_sample_keeps_its_floors(one: LabelledSet) -> None:
    rows = one.rows()
    found = extracted(one, rows, None)
    pairs = [(row, found[name_of(row)]) for row in rows]
    assert short_of(figures(pairs), one.floors) == [], differing(pairs)


@pytest.mark.parametrize("name", [name for name in SETS if name not in OURS])
def test_real_texts_keep_their_floors(shared: Path, tmp_path: Path, name: str) -> None:
    one = SETS[name]
    found = extracted(one, one.rows(shared), shared)
    done = judged(shared, one.path(shared), found, tmp_path, "--errors", "5", *floors(one))
    assert done.returncode == 0, done.stdout + done.stderr


def floors(one: LabelledSet) -> list[str]:
    return [f"--floor={name}={floor}" for name, floor in one.floors.items()]


def judged(
    shared: Path, gold: Path, found: dict[str, dict[str, Any]], folder: Path, *options: str
) -> subprocess.CompletedProcess[str]:
    """Run the scorer that comes with the real texts."""
    predicted = folder / "predicted.jsonl"
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in found.values())
    predicted.write_text("".join(lines), encoding="utf-8")
    command = [sys.executable, str(shared / "score/contacts.py"), str(gold), str(predicted), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("one", OURS.values(), ids=OURS)
def test_both_scorers_give_the_same_figures(shared: Path, tmp_path: Path, one: LabelledSet) -> None:
    rows = one.rows()
    found = extracted(one, rows, None)
    found[name_of(rows[0])]["contacts"] = [
        dict.fromkeys(CONTACT[:3], "다른 것") | {"phones": [], "emails": []}
    ]
    said = judged(shared, one.path(), found, tmp_path).stdout
    theirs = {
        name: float(value)
        for name, value in re.findall(r"^(\w+) +(?:P [\d.]+  R [\d.]+  F1 )?([\d.]+)", said, re.MULTILINE)
    }
    ours = figures([(row, found[name_of(row)]) for row in rows])
    assert len(theirs.keys() & ours.keys()) >= 6
    assert {name: round(ours[name], 4) for name in theirs if name in ours} == {
        name: value for name, value in theirs.items() if name in ours
    }


def test_a_floor_that_does_not_hold_is_named() -> None:
    assert short_of({"contact": 0.5, "phone": 1.0}, {"contact": 0.9, "phone": 0.9}) == [
        "contact 0.5000 < 0.9"
    ]


def test_labels_of_another_state_are_refused() -> None:
    one = next(iter(OURS.values()))
    other = type(one)(one.name, one.gold, one.place, one.text, "0" * 64, one.floors)
    with pytest.raises(SystemExit, match="not the file that the floors"):
        other.rows()
