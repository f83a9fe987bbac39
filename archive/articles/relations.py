"""Up to which version articles have been related: a mark in the archive, not the tally of a run.

A run may be killed between its last article and the relating; the mark stays where it was, and the next run,
whatever it brings, takes up what was left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

MARK = "related_version"
"""Setting: the last version whose article was related."""


def related_up_to(conn: sqlite3.Connection) -> int:
    """Give the last version whose article was related; 0 before the first."""
    row = conn.execute("SELECT value FROM settings WHERE key = ?", (MARK,)).fetchone()
    return int(row[0]) if row else 0


def last_version(conn: sqlite3.Connection) -> int:
    """Give the newest version; 0 where there is none."""
    (last,) = conn.execute("SELECT coalesce(max(id), 0) FROM versions").fetchone()
    return int(last)


def unrelated(conn: sqlite3.Connection) -> bool:
    """Tell whether versions came since articles were last related."""
    return last_version(conn) != related_up_to(conn)


def mark_related(conn: sqlite3.Connection, version: int) -> None:
    """Note up to which version articles are related."""
    conn.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (MARK, str(version)))
