"""How articles stand to each other, and up to which version that was looked for.

The mark is one in the archive, not the tally of a run: a run may be killed between its last article and the
relating; the mark stays where it was, and the next run, whatever it brings, takes up what was left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from archive.records import Relation

MARK = "related_version"
"""Setting: the last version whose article was related."""


def write_relations(conn: sqlite3.Connection, relations: Iterable[Relation]) -> None:
    """Keep relations: two articles have one of a kind, whichever of them it was told of before."""
    for one in relations:
        conn.execute(
            "DELETE FROM relations WHERE kind = ? AND article_id = ? AND related_id = ?",
            (one.kind, one.related_id, one.article_id),
        )
        conn.execute(
            "INSERT INTO relations (kind, article_id, related_id, score, reason) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, article_id, related_id) DO UPDATE SET score = excluded.score,"
            " reason = excluded.reason WHERE (score, reason) IS NOT (excluded.score, excluded.reason)",
            (one.kind, one.article_id, one.related_id, one.score, one.reason),
        )


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
