"""Data on its way out: whole archives or parts, in five forms, each a folder with a manifest."""

from __future__ import annotations

import fcntl
import glob
import importlib
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError
from archive.export.manifest import NAME, write_manifest
from archive.export.rows import Selection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.database import Archive

FORMATS = ("jsonl", "csv", "parquet", "jekyll", "warc")
"""Each is a module here with ``write(archive, folder, selection) -> int``, the number of articles written."""

UNFINISHED = ".unfinished-export-"  # in the name of a folder until the export is whole

__all__ = ["FORMATS", "Selection", "export"]


def export(archive: Archive, target: Path, form: str, selection: Selection) -> dict[str, Any]:
    """Write a folder with the articles selected, and return its manifest.

    All is read as of one moment, also while a crawl writes. The folder appears whole or not at all; an
    earlier export at the same place is replaced.

    Args:
        archive: open for reading.
        target: the folder to be made.
        form: one of :data:`FORMATS`.
        selection: which articles.

    Raises:
        UsageError: there is something else at that place, the archive has no such site or section, the
            format needs a library that is missing, or contacts cannot be masked as asked.
    """
    _refuse_strangers(target)
    _refuse_unknown(archive, selection)
    if selection.mask_contacts and selection.with_contacts:
        raise UsageError("contacts are either masked (--mask-contacts) or written out (--with-contacts)")
    if selection.mask_contacts and form == "warc":
        raise UsageError("warc holds pages exactly as captured; choose another format to mask contacts")
    write = importlib.import_module(f"archive.export.{form}").write
    target.parent.mkdir(parents=True, exist_ok=True)
    with _scratch(target) as scratch:
        fresh = scratch / "new"
        fresh.mkdir()
        archive.conn.execute("BEGIN")
        try:
            count = write(archive, fresh, selection)
            manifest = write_manifest(archive.conn, fresh, form, selection, count)
        finally:
            archive.conn.rollback()
        if target.exists():
            target.rename(scratch / "old")
        fresh.rename(target)
    return manifest


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """Return a folder beside the target; its lock tells other exports that it is in use.

    What a killed export to the same target left is put in order: an earlier export, moved aside when it was
    killed, comes back, and the rest is deleted.
    """
    prefix = f".{target.name}{UNFINISHED}"
    for leftover in target.parent.glob(f"{glob.escape(prefix)}*"):
        with _locked(leftover) as free:
            if free:
                if (leftover / "old").exists() and not target.exists():
                    (leftover / "old").rename(target)
                shutil.rmtree(leftover)
    scratch = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    with _locked(scratch):
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch)


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Lock a folder until the block ends, or this process does; give whether it was free."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(handle)


def _refuse_unknown(archive: Archive, selection: Selection) -> None:
    """Refuse a name that no article bears, before an empty export is taken for the answer."""
    for column, wanted in (("site", selection.sites), ("section", selection.sections)):
        rows = archive.conn.execute(f"SELECT DISTINCT {column} FROM articles ORDER BY 1")  # noqa: S608
        known = [name for (name,) in rows]
        if unknown := set(wanted) - set(known):
            there = ", ".join(known) or "none"
            raise UsageError(f"the archive has no {column} {', '.join(sorted(unknown))}; it has {there}")


def _refuse_strangers(target: Path) -> None:
    """Overwrite nothing but an export of ours."""
    if not target.exists():
        return
    if not target.is_dir() or (any(target.iterdir()) and not (target / NAME).is_file()):
        raise UsageError(f"{target} exists and is no earlier export; choose another place")
