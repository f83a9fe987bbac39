"""What a run that was killed left undone is put in order by the next one that writes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from archive.captures.files import unneeded_files
from archive.errors import ArchiveError
from archive.integrity.interrupted import close_killed
from archive.integrity.redact import finish_redaction, needed_files

if TYPE_CHECKING:
    from archive.database import Archive

logger = logging.getLogger(__name__)


def recover(archive: Archive) -> None:
    """Finish a redaction, close killed runs, and delete files that they left without a row.

    Costs one look-up where the last run ended in order. A redaction that a reader keeps from being finished
    is reported as a warning and stays marked, so that a crawl need not wait for it.

    Args:
        archive: opened for writing, and held: whatever has no end now has nobody working at it.
    """
    conn = archive.conn
    try:
        finish_redaction(archive)
    except ArchiveError as error:
        logger.warning("an earlier redaction is still not finished: %s", error)
    if conn.execute("SELECT 1 FROM runs WHERE outcome IS NULL").fetchone() is None:
        return
    for path in unneeded_files(archive.files, needed_files(conn)):
        path.unlink(missing_ok=True)
    with archive.transaction():
        close_killed(conn)
