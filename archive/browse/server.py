"""Datasette configured for one archive, always named ``archive``, so that its URLs can be cited."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from datasette.app import Datasette
from datasette.plugins import pm

import archive.browse
from archive.browse import refusals
from archive.browse.foreign_sql import BoundedDatabase
from archive.browse.metadata import SETTINGS, TITLE
from archive.browse.site import Site
from archive.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "archive"


def datasette_for(path: Path, *, immutable: bool = False, site: Site | None = None) -> Datasette:
    """Open an archive in Datasette, read-only.

    Args:
        path: the archive, checked by the caller.
        immutable: nothing writes to the file: counts are cached and no lock is taken. Never for an archive
            that is being crawled: its newest pages are in the write-ahead log, which is not read.
        site: who may read, and under which URL; private by default.

    Raises:
        UsageError: the file has a write-ahead log, so it is not immutable.
    """
    log = path.with_name(path.name + "-wal")
    if immutable and log.is_file() and log.stat().st_size:
        raise UsageError(f"{path} is being written; browse it without --immutable, or make a snapshot first")
    # Datasette prints a traceback if a function rejects a value; the reader gets a message.
    sqlite3.enable_callback_tracebacks(False)
    _register_plugins()
    site = site or Site()
    datasette = Datasette(
        files=[],
        settings={**SETTINGS, "base_url": site.path, "default_allow_sql": not site.public},
        metadata={"title": TITLE, "plugins": site.settings()},
    )
    datasette.remove_database("_memory")
    datasette.add_database(BoundedDatabase(datasette, path=str(path), is_mutable=not immutable), name=NAME)
    return datasette


def _register_plugins() -> None:
    """Register the plugin, and our error responses in place of Datasette's."""
    if not pm.is_registered(archive.browse):
        pm.register(archive.browse)
    if not pm.is_registered(refusals):
        pm.unregister(name="datasette.handle_exception")
        pm.register(refusals)
