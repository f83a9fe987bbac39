"""A consistent, compact copy of an archive, made while a crawl runs."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from archive.captures.files import copy_file, file_path, load_file
from archive.database import Archive, heed_signals
from archive.errors import ArchiveError, UsageError
from archive.integrity.interrupted import is_interruption

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


UNFINISHED = ".unfinished-snapshot"  # ends the name of a copy until it is whole


def snapshot(source: Path, target: Path, *, files: bool = False) -> int:
    """Copy an archive as it stands at this moment, and give the copy's length in bytes.

    The copy appears under its name only when it is whole. Readers and the writer go on meanwhile. What an
    earlier snapshot into the same folder left unfinished, because it was killed, is deleted.

    Args:
        source: the archive.
        target: the copy; must not exist.
        files: also the files that the copy names, by hard link where the file system allows.

    Raises:
        UsageError: the target exists, or its folder does not.
        ArchiveError: the copy cannot be written, most likely for want of disk, or the archive not be read;
            or a file that it should hold is missing or damaged.
    """
    if target.exists():
        raise UsageError(f"{target} exists; a snapshot never overwrites")
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent} is no folder")
    with _unfinished(target) as partial:
        with Archive.open(source) as archive:
            folder = archive.files
        # Not the reader's own connection: SQLite 3.40 cannot copy generated columns through one opened
        # read-only ("table vacuum_db.articles has 31 columns but 33 values were supplied").
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as conn:
            heed_signals(conn)
            _copy(conn, partial)
        with partial.open("rb") as stream:
            os.fsync(stream.fileno())
        if files:
            _copy_files(partial, folder, _files_of(partial))
            _move(_files_of(partial), target.with_suffix(".files"))
        partial.replace(target)
    return target.stat().st_size


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Give a name for the copy until it is whole; its lock tells other snapshots that it is in use."""
    for leftover in target.parent.glob(f".*{UNFINISHED}"):
        with leftover.open("rb") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # of a snapshot under way
            shutil.rmtree(_files_of(leftover), ignore_errors=True)
            leftover.unlink(missing_ok=True)
    partial = target.with_name(f".{target.name}{UNFINISHED}")
    with partial.open("xb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            yield partial
        finally:
            shutil.rmtree(_files_of(partial), ignore_errors=True)
            partial.unlink(missing_ok=True)


def _files_of(partial: Path) -> Path:
    """Name the folder in which the files of a copy lie until it is whole."""
    return partial.with_name(f"{partial.name}.files")


def _move(folder: Path, target: Path) -> None:
    """Give a folder its name; files that are there already, of an earlier try, are replaced."""
    for path in sorted(folder.glob("??/*")):
        new = target / path.relative_to(folder)
        new.parent.mkdir(parents=True, exist_ok=True)
        path.replace(new)


def _copy(conn: sqlite3.Connection, partial: Path) -> None:
    try:
        conn.execute("VACUUM INTO ?", (str(partial),))
    except sqlite3.DatabaseError as error:
        if is_interruption(error):
            raise
        raise ArchiveError(f"no copy could be written at {partial.parent}: {error}") from error


def _copy_files(copy: Path, folder: Path, target: Path) -> None:
    with Archive.open(copy) as archive:
        kept = archive.conn.execute("SELECT sha256 FROM bodies WHERE codec = 'file'").fetchall()
        more = archive.conn.execute("SELECT sha256 FROM attachments WHERE sha256 IS NOT NULL").fetchall()
        there = {row["sha256"] for row in more if file_path(folder, row["sha256"]).exists()}
        for sha256 in sorted({row["sha256"] for row in kept} | there):
            load_file(folder, sha256)  # a damaged file makes no good copy
            copy_file(file_path(folder, sha256), file_path(target, sha256))
