"""SQLite's own limits for readers' queries: the size of values and of programs.

They reject absurd queries at once. The cost of others is bounded by their process
(:mod:`archive.browse.foreign_sql`): SQLite has no sufficient limit of memory or of the time of one step.
"""

from __future__ import annotations

import sqlite3

MEBI = 1 << 20

LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 16 * MEBI,  # bytes of one value or row, bodies in all their forms included
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,  # articles, our widest table, has fewer than 40
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 100_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 2000,  # Datasette queries the labels of a page with one each
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
"""SQLite's run-time limits (https://www.sqlite.org/limits.html) for foreign queries."""


def limit(conn: sqlite3.Connection) -> None:
    """Set the limits of queries and values on a connection."""
    for category, most in LIMITS.items():
        conn.setlimit(category, most)
