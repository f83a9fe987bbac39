"""Recovery after a run that was killed or interrupted, by the next command that writes.

Its redaction is finished, its lists are judged and counted as at its own end, its unfinished files are
deleted. Other steps have marks of their own: relations the last version related, changes the pending visits,
missing articles their count.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from archive.captures.files import unneeded_files
from archive.completeness.listings import close_listings, count_listings
from archive.errors import ArchiveError, MachineError
from archive.integrity.redact import finish_redaction, needed_files
from archive.integrity.scratch import clear_leftovers

if TYPE_CHECKING:
    import sqlite3

    from archive.database import Archive

logger = logging.getLogger(__name__)

KILLED = "killed"
"""Outcome of a run that never ended."""

LEFT_FILES = """
SELECT 1 FROM runs WHERE outcome IS NULL
  OR id = (SELECT max(id) FROM runs) AND outcome IN ('interrupted', 'failed')
"""
"""Finds a run that may have stored files without their rows."""


def recover(archive: Archive) -> None:
    """Finish a redaction, close killed runs, and delete files that they left without a row.

    If the last run ended normally, this costs one query and one listing of the archive's folder. A redaction
    that cannot be finished because of a reader or for lack of disk space is logged as a warning and stays
    marked, so that a crawl need not wait for it.

    Args:
        archive: opened for writing and locked, so that no open run is still active.
    """
    conn = archive.conn
    clear_leftovers(archive.path.absolute().parent)
    try:
        finish_redaction(archive)
    except (ArchiveError, MachineError) as error:
        logger.warning("an earlier redaction is still not finished: %s", error)
    if conn.execute(LEFT_FILES).fetchone() is None:
        return
    for path in unneeded_files(archive.files, needed_files(conn)):
        path.unlink(missing_ok=True)
    with archive.transaction():
        close_killed(conn)


def close_killed(conn: sqlite3.Connection) -> None:
    """Close runs that never ended; only for the process that has locked the archive."""
    runs = conn.execute("SELECT id, command FROM runs WHERE ended_at IS NULL AND outcome IS NULL").fetchall()
    for run in runs:
        close_listings(conn, run["id"])
    if any(run["command"] != "crawl" for run in runs):
        count_listings(conn)
    conn.executemany("UPDATE runs SET outcome = ? WHERE id = ?", [(KILLED, run["id"]) for run in runs])
