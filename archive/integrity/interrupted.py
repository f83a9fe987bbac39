"""What a killed run left undone is done by the next: its lists are judged and counted as at its own end.

Other steps hang on marks of their own: relations on the last version related, changes on the visits that
wait, articles that were missed on their count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.completeness.listings import close_listings, count_listings

if TYPE_CHECKING:
    import sqlite3

KILLED = "killed"
"""Outcome of a run that never ended."""


def close_killed(conn: sqlite3.Connection) -> None:
    """Close runs that never ended, each once; only for the process that holds the archive."""
    runs = conn.execute("SELECT id, command FROM runs WHERE ended_at IS NULL AND outcome IS NULL").fetchall()
    for run in runs:
        close_listings(conn, run["id"])
    if any(run["command"] != "crawl" for run in runs):
        count_listings(conn)
    conn.executemany("UPDATE runs SET outcome = ? WHERE id = ?", [(KILLED, run["id"]) for run in runs])
