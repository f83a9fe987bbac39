"""What a killed run left undone is done by the next: its lists are judged and counted as at its own end.

Other steps hang on marks of their own: relations on the last version related, changes on the visits that
wait, articles that were missed on their count.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archive.completeness.listings import close_listings, count_listings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.store import Store

KILLED = "killed"
"""Outcome of a run that never ended."""

INTERRUPTED = 130
"""Exit code of a command that a signal ended, as shells have it for Ctrl-C."""


@contextmanager
def interruption_noted(store: Store) -> Iterator[None]:
    """Close the run of a store as interrupted when a signal ends the block; what was committed stays."""
    try:
        yield
    except BaseException as error:
        if is_interruption(error) and store.run_id is not None:
            store.end_run("interrupted", INTERRUPTED)
        raise


def is_interruption(error: BaseException) -> bool:
    """Tell whether an error comes of a signal: Python's own, or that of a statement cut short by it."""
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT
    return isinstance(error, KeyboardInterrupt)


def close_killed(conn: sqlite3.Connection) -> None:
    """Close runs that never ended, each once; only for the process that holds the archive."""
    runs = conn.execute("SELECT id, command FROM runs WHERE ended_at IS NULL AND outcome IS NULL").fetchall()
    for run in runs:
        close_listings(conn, run["id"])
    if any(run["command"] != "crawl" for run in runs):
        count_listings(conn)
    conn.executemany("UPDATE runs SET outcome = ? WHERE id = ?", [(KILLED, run["id"]) for run in runs])
