"""The folder of files beside the archive: attachments by sha256, each written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import Damaged, MachineError, Unreadable, machine_error

if TYPE_CHECKING:
    from collections.abc import Container, Iterator


UNFINISHED = ".writing-"  # begins the name of a file until it is whole


def file_path(folder: Path, sha256: str) -> Path:
    """Return where a file lies: two hexadecimal digits of folder, then the whole hash."""
    return folder / sha256[:2] / sha256


def store_file(folder: Path, content: bytes) -> str:
    """Keep bytes and return their sha256: temporary name, fsync, rename.

    A file that is there is left alone when it has that hash, and replaced when it is damaged.

    Raises:
        MachineError: the disk is full, or does not take the file.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = file_path(folder, sha256)
    if path.exists() and file_hash(path) == sha256:
        return sha256
    try:
        _write_whole(path, content)
    except OSError as error:
        raise MachineError(f"file {path} cannot be written: {error.strerror}") from error
    return sha256


def load_file(folder: Path, sha256: str) -> bytes:
    """Return the bytes of one stored file, checked against the hash that names it.

    Raises:
        Damaged: the file is missing, cannot be read, or has another hash.
        Unreadable: it may not be read.
        MachineError: this machine gives too few open files or too little memory to read it.
    """
    path = file_path(folder, sha256)
    try:
        content = path.read_bytes()
    except PermissionError as error:
        raise Unreadable(f"file {path} may not be read") from error
    except OSError as error:
        raise machine_error(error) or Damaged(f"file {sha256} is not in {folder}") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Damaged(f"file {path} does not have the hash that names it")
    return content


def copy_file(old: Path, new: Path) -> None:
    """Put a stored file into another folder: by hard link where the file system allows, else whole or not."""
    new.parent.mkdir(parents=True, exist_ok=True)
    new.unlink(missing_ok=True)  # what a killed copy left may be half
    try:
        new.hardlink_to(old)
    except OSError:
        _write_whole(new, old.read_bytes())


def _write_whole(path: Path, content: bytes) -> None:
    _make_folder(path.parent)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, their names on the disk too."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Sync the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stored_files(folder: Path) -> Iterator[Path]:
    """List every file of the folder, those that a killed run left half written aside."""
    return (path for path in sorted(folder.glob("??/*")) if not path.name.startswith("."))


def unneeded_files(folder: Path, needed: Container[str]) -> Iterator[Path]:
    """List what killed runs left half written or without a row, and what was redacted.

    Of use to nobody, but only once no run holds the archive: a run stores files before their rows.
    """
    yield from folder.glob(f"??/{UNFINISHED}*")
    yield from (path for path in stored_files(folder) if path.name not in needed)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
