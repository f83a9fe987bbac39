"""Data on its way out: whole archives or parts, in five forms, each a folder with a manifest."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError
from archive.export.manifest import NAME, write_manifest
from archive.export.rows import Selection
from archive.integrity.parallel import moment
from archive.integrity.scratch import move_all, scratch_folder

if TYPE_CHECKING:
    from pathlib import Path

    from archive.database import Archive

FORMATS = ("jsonl", "csv", "parquet", "jekyll", "warc")
"""Each is a module here with ``write(now, folder, selection) -> int``, the number of articles written."""

__all__ = ["FORMATS", "Selection", "export"]


def export(
    archive: Archive, target: Path, form: str, selection: Selection, workers: int = 1
) -> dict[str, Any]:
    """Write a folder with the articles selected, and return its manifest.

    All is read as of one moment, also while a crawl writes. The folder appears whole or not at all; an
    earlier export at the same place is replaced, and stays until the new one is whole.

    Args:
        archive: open for reading.
        target: the folder to be made.
        form: one of :data:`FORMATS`.
        selection: which articles.
        workers: processes that read; see :func:`archive.integrity.parallel.moment`.

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
    with scratch_folder(target) as scratch:
        fresh = scratch / "new"
        fresh.mkdir()
        with moment(archive, workers) as now:
            count = write(now, fresh, selection)
            manifest = write_manifest(archive.conn, fresh, form, selection, count)
        earlier = [(target, scratch / "old")] if target.exists() else []
        move_all(scratch, *earlier, (fresh, target))
    return manifest


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
