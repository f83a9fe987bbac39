"""A consistent, compact copy of an archive, made while a crawl runs."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from archive.database import Archive
from archive.errors import ArchiveError, UsageError
from archive.files import file_path

if TYPE_CHECKING:
    from pathlib import Path


def snapshot(source: Path, target: Path, *, files: bool = False) -> int:
    """Copy an archive as it stands at this moment, and give the copy's length in bytes.

    The copy appears under its name only when it is whole. Readers and the writer go on meanwhile.

    Args:
        source: the archive.
        target: the copy; must not exist.
        files: also the files that the copy names, by hard link where the file system allows.

    Raises:
        UsageError: the target exists, or its folder does not.
        ArchiveError: the copy cannot be written, most likely for want of disk, or the archive not be read.
    """
    if target.exists():
        raise UsageError(f"{target} exists; a snapshot never overwrites")
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent} is no folder")
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with Archive.open(source) as archive:
            folder = archive.files
        # Not the reader's own connection: SQLite 3.40 cannot copy generated columns through one opened
        # read-only ("table vacuum_db.articles has 31 columns but 33 values were supplied").
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as conn:
            _copy(conn, partial)
        with partial.open("rb") as stream:
            os.fsync(stream.fileno())
        if files:
            _copy_files(partial, folder, target.with_suffix(".files"))
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def _copy(conn: sqlite3.Connection, partial: Path) -> None:
    try:
        conn.execute("VACUUM INTO ?", (str(partial),))
    except sqlite3.DatabaseError as error:
        raise ArchiveError(f"no copy could be written at {partial.parent}: {error}") from error


def _copy_files(copy: Path, folder: Path, target: Path) -> None:
    with Archive.open(copy) as archive:
        for (sha256,) in archive.conn.execute(
            "SELECT sha256 FROM bodies WHERE codec = 'file'"
            " UNION SELECT sha256 FROM attachments WHERE sha256 IS NOT NULL"
        ):
            old, new = file_path(folder, sha256), file_path(target, sha256)
            if not old.exists() or new.exists():
                continue
            new.parent.mkdir(parents=True, exist_ok=True)
            try:
                new.hardlink_to(old)
            except OSError:
                shutil.copyfile(old, new)
