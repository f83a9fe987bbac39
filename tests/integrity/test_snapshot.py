"""Snapshots: consistent, compact, whole, and made while a crawl writes."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from archive.captures.files import stored_files
from archive.database import Archive
from archive.errors import Unreadable, UsageError
from archive.integrity.snapshot import snapshot
from archive.integrity.verify import verify
from tests.archives import open_desk, press_release

if TYPE_CHECKING:
    from pathlib import Path


def test_a_snapshot_taken_during_a_crawl_is_whole(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.db", tmp_path / "copy.db"
    desk = open_desk(path)
    with desk.archive:
        desk.visit(press_release(0))
        copier = threading.Thread(target=snapshot, args=(path, copy), kwargs={"files": True})
        copier.start()
        for number in range(1, 40):
            desk.visit(press_release(number))
        copier.join()
    with Archive.open(copy) as archive:
        assert list(verify(archive)) == []
        assert archive.conn.execute("SELECT count(*) FROM articles").fetchone()[0] >= 1


def test_a_snapshot_holds_one_moment_though_a_crawl_writes_between_its_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    desk = open_desk(path)
    with desk.archive:
        for number in range(5):
            desk.visit(press_release(number))
        with desk.archive.transaction():
            desk.visit(press_release(5))
            snapshot(path, tmp_path / "copy.db")
            desk.visit(press_release(6))
    with Archive.open(tmp_path / "copy.db") as archive:
        assert archive.conn.execute("SELECT count(*) FROM articles").fetchone()[0] == 5
        assert list(verify(archive)) == []


def test_a_full_disk_is_one_clear_error_and_leaves_nothing(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.visit(press_release())
    code = (
        "import pathlib, resource, sys; from archive.integrity.snapshot import snapshot\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "snapshot(*map(pathlib.Path, sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.db"), str(tmp_path / "b.db")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert "MachineError: no copy could be written" in done.stderr.splitlines()[-1]
    assert [path.name for path in tmp_path.iterdir() if "b.db" in path.name] == []


def test_a_snapshot_goes_on_as_an_archive(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.visit(press_release())
    snapshot(tmp_path / "a.db", tmp_path / "b.db")
    copy = open_desk(tmp_path / "b.db")
    with copy.archive:
        assert copy.visit(press_release()).outcome == "unchanged"
        assert copy.visit(press_release(2)).outcome == "new"


def test_files_come_along_when_asked(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.visit(press_release())
    snapshot(tmp_path / "a.db", tmp_path / "b.db", files=True)
    names = [path.name for path in stored_files(tmp_path / "a.files")]
    assert [path.name for path in stored_files(tmp_path / "b.files")] == names


def test_a_snapshot_never_overwrites_and_leaves_nothing_half(tmp_path: Path) -> None:
    open_desk(tmp_path / "a.db").archive.close()
    (tmp_path / "b.db").write_text("mine")
    with pytest.raises(UsageError, match="never overwrites"):
        snapshot(tmp_path / "a.db", tmp_path / "b.db")
    with pytest.raises(Unreadable, match="does not exist"):
        snapshot(tmp_path / "a.db", tmp_path / "none" / "b.db")
    assert (tmp_path / "b.db").read_text() == "mine"
    assert not list(tmp_path.glob(".*.partial"))
