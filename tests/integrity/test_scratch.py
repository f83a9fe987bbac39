"""Folders in which something is made until it is whole: what a killed owner left goes, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archive.integrity.scratch import MOVES, clear_leftovers, move_all, scratch_folder

if TYPE_CHECKING:
    from pathlib import Path

OURS = ".out.unfinished-" + "0" * 32


def left_by_a_killed_owner(folder: Path) -> Path:
    """Make what is there when the owner of a scratch folder was killed."""
    left = folder / OURS
    left.mkdir()
    (folder / f"{OURS}.lock").touch()
    return left


def test_what_a_killed_owner_left_goes(tmp_path: Path) -> None:
    (left_by_a_killed_owner(tmp_path) / "half").write_text("half")
    clear_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_owner_had_moved_comes_back(tmp_path: Path) -> None:
    left = left_by_a_killed_owner(tmp_path)
    (left / "old").write_text("earlier")
    (left / "new").write_text("later")
    (left / MOVES).write_text(json.dumps([["out", f"{OURS}/old"], [f"{OURS}/new", "out"]]))
    clear_leftovers(tmp_path)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out", "earlier")]


def test_what_was_whole_stays(tmp_path: Path) -> None:
    left = left_by_a_killed_owner(tmp_path)
    (left / "old").write_text("earlier")
    (tmp_path / "out").write_text("later")
    (left / MOVES).write_text(json.dumps([["out", f"{OURS}/old"], [f"{OURS}/new", "out"]]))
    clear_leftovers(tmp_path)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out", "later")]


def test_the_folder_of_a_living_owner_stays(tmp_path: Path) -> None:
    with scratch_folder(tmp_path / "out") as scratch, scratch_folder(tmp_path / "other"):
        clear_leftovers(tmp_path)
        (scratch / "new").write_text("whole")
        move_all(scratch, (scratch / "new", tmp_path / "out"))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_files_of_others_stay(tmp_path: Path) -> None:
    for name in (".notes.unfinished-draft", ".out.unfinished-0", OURS):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine").write_text("mine")
    (tmp_path / ".notes.unfinished-draft.lock").touch()
    before = sorted(tmp_path.rglob("*"))
    clear_leftovers(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


def test_moves_that_lead_elsewhere_are_not_undone(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    (tmp_path / "mine").write_text("mine")
    left = left_by_a_killed_owner(there)
    (left / "new").touch()
    (left / MOVES).write_text(json.dumps([["taken", "../mine"], [f"{OURS}/new", "out"]]))
    clear_leftovers(there)
    assert (tmp_path / "mine").read_text() == "mine"
    assert left.is_dir()
