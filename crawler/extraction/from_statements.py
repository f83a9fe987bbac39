"""Import what a WARC export states beyond its pages: which articles were deleted or re-issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.articles.lifecycle import add_version, find, supersede
from archive.captures.lookup import find_fetched
from crawler.sites.urls import identify

if TYPE_CHECKING:
    import sqlite3

    from archive.database import Archive
    from archive.export.warc_reading import State


def apply(archive: Archive, state: State) -> bool:
    """Mark an article as gone or superseded; False if the archive has another or a newer state."""
    conn = archive.conn
    row, new = _row(conn, state.url), _row(conn, state.superseded_by)
    if row is None or row["state"] != "live" or row["changed_at"] > state.seen_at:
        return False
    shown_by = find_fetched(conn, state.capture_url, state.captured_at)
    with archive.transaction():
        if state.kind == "superseded" and new is not None:
            reason = "so recorded by the archive that it came from"
            supersede(conn, row["id"], new["id"], 1.0, reason, state.seen_at, shown_by)
        else:
            add_version(conn, row["id"], state.kind, state.seen_at, shown_by)
    return True


def _row(conn: sqlite3.Connection, url: str | None) -> sqlite3.Row | None:
    identity = identify(url) if url else None
    return find(conn, *identity) if identity else None
