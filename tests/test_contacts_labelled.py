"""Floors of contact extraction on labelled real texts, which lie beside the project."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from crawler.extraction.from_file import extract

if TYPE_CHECKING:
    from pathlib import Path

#: Set, key of its text, suffix of the file that holds it, floors. A floor is raised, never lowered.
SETS = [
    ("press/dev.jsonl", "text", ".txt", {"contact": 0.995, "phone": 0.995, "silence": 0.99}),
    ("press/hard.jsonl", "text", ".txt", {"contact": 0.97, "phone": 0.99}),
    ("press/tables_dev.jsonl", "html", ".html", {"contact": 0.99, "phone": 0.995}),
    ("press/tables_dev.jsonl", "text", ".txt", {"contact": 0.99, "phone": 0.995}),
]


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def score(shared: Path, gold: str, found: dict[str, bytes], floors: dict[str, float], folder: Path) -> str:
    """Write what is extracted, let the scorer judge it; give what it prints when a floor does not hold."""
    predicted = folder / "predicted.jsonl"
    with predicted.open("w", encoding="utf-8") as out:
        for name, content in found.items():
            contacts = [
                {
                    field: getattr(contact, field)
                    for field in ("organization", "department", "person", "phones", "emails")
                }
                for contact in extract(name, content).contacts
            ]
            row = {
                "path": name.removesuffix(".html") + ".txt" if name.endswith(".html") else name,
                "contacts": contacts,
            }
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    limits = [part for name, floor in floors.items() for part in ("--floor", f"{name}={floor}")]
    scorer = [
        sys.executable,
        str(shared / "score/contacts.py"),
        str(shared / gold),
        str(predicted),
        "--errors",
        "5",
        *limits,
    ]
    done = subprocess.run(scorer, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize(("gold", "key", "suffix", "floors"), SETS)
def test_press_texts_and_tables_keep_their_floors(
    shared: Path, tmp_path: Path, gold: str, key: str, suffix: str, floors: dict[str, float]
) -> None:
    found = {f"{row['news_id']}{suffix}": row[key].encode() for row in rows(shared / gold)}
    assert score(shared, gold, found, floors, tmp_path) == ""


def test_posts_keep_their_floors(shared: Path, tmp_path: Path) -> None:
    gold = "corpus/dev.jsonl"
    wanted = {row["file"] for row in rows(shared / gold)}
    found: dict[str, bytes] = {}
    with tarfile.open(shared / "corpus/posts.tar.xz") as posts:
        for member in posts:
            name = member.name.rsplit("/", 1)[-1]
            content = posts.extractfile(member) if name in wanted else None
            if content:
                found[name] = content.read()
    floors = {"contact": 0.995, "phone": 0.995, "silence": 0.99}
    assert score(shared, gold, found, floors, tmp_path) == ""
