"""A consistent, compact copy of an archive, made while a crawl runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from archive.captures.files import copy_file, file_path, load_file
from archive.database import Archive, heed_signals
from archive.errors import ArchiveError, Unreadable, UsageError, machine_error
from archive.integrity.interrupted import is_interruption
from archive.integrity.scratch import move_all, scratch_folder

if TYPE_CHECKING:
    from pathlib import Path


def snapshot(source: Path, target: Path, *, files: bool = False) -> int:
    """Copy the current state of an archive, and return the size of the copy in bytes.

    The copy appears under its name only when it is complete. Readers and the writer are not blocked.
    Leftovers of a killed snapshot into the same folder are deleted. A snapshot does not lock the archive:
    several may be made at the same time.

    Args:
        source: the archive.
        target: the copy; must not exist.
        files: also copy the files that the copy refers to, by hard link where the file system allows.

    Raises:
        UsageError: the target or its folder of files exists.
        Unreadable: the parent folder of the target does not exist.
        MachineError: the copy cannot be written, most likely for lack of disk space.
        ArchiveError: the archive cannot be read, or one of its files is missing or damaged.
    """
    if target.exists():
        raise UsageError(f"{target} exists; a snapshot never overwrites")
    if not target.parent.is_dir():
        raise Unreadable(f"the folder {target.parent} does not exist")
    files_of_target = target.with_suffix(".files")
    with scratch_folder(target) as scratch:  # which undoes the moves of a killed snapshot
        if files and files_of_target.exists():
            raise UsageError(f"{files_of_target} exists; a snapshot never overwrites")
        copy = scratch / target.name
        with Archive.open(source) as archive:
            folder = archive.files
        # Not the reader's own connection: SQLite 3.40 cannot copy generated columns through one opened
        # read-only ("table vacuum_db.articles has 31 columns but 33 values were supplied").
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as conn:
            heed_signals(conn)
            _copy(conn, copy)
        moves = [(copy, target)]
        if files:
            _copy_files(copy, folder, scratch / "files")
            moves.insert(0, (scratch / "files", files_of_target))
        move_all(scratch, *moves)
    return target.stat().st_size


def _copy(conn: sqlite3.Connection, copy: Path) -> None:
    try:
        conn.execute("VACUUM INTO ?", (str(copy),))
    except sqlite3.DatabaseError as error:
        if is_interruption(error):
            raise
        what = f"no copy could be written at {copy.parent.parent}"
        raise machine_error(error, what) or ArchiveError(f"{what}: {error}") from error


def _copy_files(copy: Path, folder: Path, target: Path) -> None:
    with Archive.open(copy) as archive:
        kept = archive.conn.execute("SELECT sha256 FROM bodies WHERE codec = 'file'").fetchall()
        more = archive.conn.execute("SELECT sha256 FROM attachments WHERE sha256 IS NOT NULL").fetchall()
        if not folder.is_dir() and (kept or more):
            raise ArchiveError(f"the folder of files {folder} is not there; without --files none is needed")
        target.mkdir()
        there = {row["sha256"] for row in more if file_path(folder, row["sha256"]).exists()}
        for sha256 in sorted({row["sha256"] for row in kept} | there):
            load_file(folder, sha256)  # raises if the file is damaged
            copy_file(file_path(folder, sha256), file_path(target, sha256))
