"""Hidden scratch folders, in which files are written before they are moved to their path beside it.

A lock file beside such a folder is locked while its owner lives. The leftovers of a killed owner are undone
and deleted by the next process that makes a scratch folder or writes to an archive in the same folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from archive.captures.files import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

MOVES = "moves.json"  # in a folder whose contents are complete: what is moved where
_NAME = re.compile(r"\..+\.unfinished-[0-9a-f]{32}")


@contextmanager
def scratch_folder(target: Path) -> Iterator[Path]:
    """Create a folder beside a path, in which to write what is moved there; it is deleted at the end.

    Raises:
        OSError: it cannot be created.
    """
    from filelock import FileLock  # slow to import; readers need none

    clear_leftovers(target.absolute().parent)
    folder = target.absolute().with_name(f".{target.name}.unfinished-{uuid4().hex}")
    _lock_of(folder).touch()  # raises where no file can be made; FileLock would wait for ever
    lock = FileLock(_lock_of(folder))
    lock.acquire()
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        _clear(folder)
        lock.release()
        _lock_of(folder).unlink(missing_ok=True)


def move_all(folder: Path, *moves: tuple[Path, Path]) -> None:
    """Rename paths in a scratch folder, or beside it, all or none, even if the process is killed.

    The last move commits: if the process is killed before it, the earlier ones are undone. Contents are
    synced to disk before.

    Args:
        folder: the scratch folder.
        moves: old and new path of each, in it or beside it.
    """
    for path in sorted(folder.rglob("*")):
        _sync(path)
    relative = [[str(path.absolute().relative_to(folder.parent)) for path in move] for move in moves]
    (folder / MOVES).write_text(json.dumps(relative), encoding="utf-8")
    _sync(folder / MOVES)
    sync_folder(folder)
    for old, new in moves:
        old.rename(new)
    sync_folder(folder.parent)


def clear_leftovers(parent: Path) -> None:
    """Delete the scratch folders in a folder whose owners were killed, after undoing their moves."""
    locks = [path for path in parent.glob(".*.unfinished-*.lock") if _NAME.fullmatch(path.stem)]
    if not locks:
        return
    from filelock import FileLock, Timeout

    for path in locks:
        lock = FileLock(path, timeout=0)
        try:
            lock.acquire()
        except (Timeout, OSError):
            continue  # its owner is alive, or another user
        try:
            _clear(path.with_suffix(""))
        except (ValueError, TypeError):
            continue  # made by another program, in our form
        finally:
            lock.release()
        path.unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _clear(folder: Path) -> None:
    if folder.is_dir():
        _undo(folder)
        shutil.rmtree(folder)


def _undo(folder: Path) -> None:
    """Undo the moves, unless the last one was made."""
    try:
        written = json.loads((folder / MOVES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return  # nothing is moved before the file is complete
    moves = [(_within(folder, old), _within(folder, new)) for old, new in written]
    if not moves[-1][0].exists():
        return
    for old, new in reversed(moves[:-1]):
        if new.exists() and not old.exists():
            new.rename(old)


def _within(folder: Path, relative: str) -> Path:
    """Return a path in a scratch folder or beside it; raises ValueError for any other."""
    first, *more = Path(relative).parts
    if Path(relative).is_absolute() or ".." in (first, *more) or (more and first != folder.name):
        raise ValueError(f"{relative} is not of {folder}")
    return folder.parent / relative


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
