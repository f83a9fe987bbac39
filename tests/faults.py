"""Calls of the system that fail, or are recorded and replayed, in real commands: see ``faults.c``.

The shim is compiled by the test with the system's compiler and loaded into a server of forks of its own, so
that commands start as fast as in :mod:`tests.command`. It is silent until a command begins.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import struct
import subprocess
from contextlib import contextmanager
from multiprocessing import forkserver
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.command import briefing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.command import Done

SOURCE = Path(__file__).with_name("faults.c")
HEAD = struct.Struct("=iiiiq")
WRITE, SYNC, CREATE, TRUNCATE, RENAME, REMOVE, MKDIR, LINK, MARK, FAILED, OPEN = range(1, 12)
NAMES = dict(
    zip(
        range(1, 12),
        [
            "write",
            "sync",
            "create",
            "truncate",
            "rename",
            "remove",
            "mkdir",
            "link",
            "mark",
            "failed",
            "open",
        ],
        strict=True,
    )
)


class Call(NamedTuple):
    """One call as recorded: ``offset`` of a write, length of a truncation, kind of a call that failed."""

    kind: int
    path: Path
    second: Path
    data: bytes
    offset: int


@contextmanager
def shim(folder: Path) -> Iterator[None]:
    """Compile the shim, and load it into all commands of the block; skip without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler (cc) is installed")
    library = folder / "faults.so"
    built = subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], capture_output=True, check=False
    )
    if built.returncode:
        pytest.skip("the system's compiler does not build a library to preload")
    forkserver._forkserver._stop()
    os.environ["LD_PRELOAD"] = str(library)
    try:
        yield
    finally:
        forkserver._forkserver._stop()
        del os.environ["LD_PRELOAD"]


def begin(folder: str, record: str, at: int, error: int, lasting: bool) -> None:
    """Begin in the process of a command."""
    library = ctypes.CDLL(None)
    library.faults_begin(
        os.fsencode(folder),
        os.fsencode(record),
        ctypes.c_long(at),
        ctypes.c_int(error),
        ctypes.c_int(lasting),
    )


def mark_commits() -> None:
    """Mark each commit that SQLite reports in this process as done."""
    import sqlite3

    mark = ctypes.CDLL(None).faults_mark

    class Marked(sqlite3.Connection):
        def commit(self) -> None:
            super().commit()
            mark()

    connect = sqlite3.connect
    sqlite3.connect = lambda *values, **named: connect(*values, **{"factory": Marked, **named})  # type: ignore[assignment,misc]


def run(
    folder: Path,
    *arguments: str | Path,
    at: int = 0,
    error: int = 0,
    lasting: bool = False,
) -> tuple[Done, list[Call]]:
    """Run ``briefing`` with calls below a folder failing or, with ``at`` 0, recorded.

    Args:
        folder: the only one that is watched.
        arguments: of the command.
        at: the number of the call that fails, from 1.
        error: what it fails with, an ``errno``.
        lasting: whether all later calls fail too, as on a full disk.
    """
    record = folder.with_name(f"{folder.name}.calls")
    record.unlink(missing_ok=True)
    patch = (
        f"from tests import faults; faults.begin({str(folder)!r}, {str(record)!r}, {at}, {error}, {lasting})"
    )
    if not at:
        patch += "; faults.mark_commits()"
    done = briefing(*arguments, patch=patch)
    return done, list(calls(record))


def calls(record: Path) -> Iterator[Call]:
    """Read a record."""
    whole = record.read_bytes()
    at = 0
    while at < len(whole):
        kind, first, second, data, offset = HEAD.unpack_from(whole, at)
        at += HEAD.size
        parts = []
        for size in (first, second, data):
            parts.append(whole[at : at + size])
            at += size
        yield Call(kind, Path(os.fsdecode(parts[0])), Path(os.fsdecode(parts[1])), parts[2], offset)
