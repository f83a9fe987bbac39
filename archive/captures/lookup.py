"""Which captures belong to a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def pages_of_run(conn: sqlite3.Connection, run_id: int | None) -> list[tuple[int, str]]:
    """List number and URL of a run's captures with status 200, robots.txt left out."""
    rows = conn.execute(
        "SELECT id, url FROM captures WHERE run_id = ? AND status = 200 AND url NOT LIKE '%/robots.txt'",
        (run_id,),
    )
    return [(row[0], row[1]) for row in rows]
