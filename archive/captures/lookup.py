"""Which captures belong to a run or an article, and which capture is held already."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from archive.records import Capture


def captures_of_article(conn: sqlite3.Connection, article_id: int, role: str) -> list[int]:
    """List the captures that an article was read from in one role: detail, list, viewer or attachment."""
    rows = conn.execute(
        "SELECT capture_id FROM article_captures WHERE article_id = ? AND role = ? ORDER BY capture_id",
        (article_id, role),
    )
    return [row[0] for row in rows]


def find_same(conn: sqlite3.Connection, capture: Capture) -> int | None:
    """Find the held capture of the same response: same URL, form, time and bytes.

    A response about many articles is held once for each article that was read from it.
    """
    row = conn.execute(
        "SELECT c.id FROM captures c WHERE url = ? AND form IS ? AND fetched_at = ? AND body_sha256 = ?"
        " AND (? IS NULL OR EXISTS (SELECT 1 FROM versions v JOIN articles a ON a.id = v.article_id"
        " WHERE v.capture_id = c.id AND a.url = ?))",
        (
            capture.url,
            capture.form,
            capture.fetched_at,
            hashlib.sha256(capture.content).hexdigest(),
            capture.about,
            capture.about,
        ),
    ).fetchone()
    return int(row["id"]) if row else None


def find_fetched(conn: sqlite3.Connection, url: str | None, fetched_at: str | None) -> int | None:
    """Find the capture of a URL that was fetched at one moment (ISO 8601 with offset)."""
    row = conn.execute(
        "SELECT id FROM captures WHERE url = ? AND fetched_at = ?", (url, fetched_at)
    ).fetchone()
    return int(row["id"]) if row else None
