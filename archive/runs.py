"""Runs of the commands that write: begin, count, end, and look-ups of the last ones."""

from __future__ import annotations

import json
from importlib import metadata
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

Counter = Literal["articles_new", "articles_changed", "articles_gone"]


def begin(conn: sqlite3.Connection, command: str, arguments: Mapping[str, Any], now: str) -> int:
    """Open a run of a command and return its number."""
    values = (command, json.dumps(arguments, ensure_ascii=False, sort_keys=True), now)
    cursor = conn.execute(
        "INSERT INTO runs (command, arguments, started_at, version) VALUES (?, ?, ?, ?)",
        (*values, metadata.version("briefing-archive")),
    )
    return int(cursor.lastrowid or 0)


def end(
    conn: sqlite3.Connection, run_id: int | None, outcome: str, exit_code: int, requests: int, now: str
) -> None:
    """Close a run with its outcome and the number of failures that it leaves open."""
    conn.execute(
        "UPDATE runs SET ended_at = ?, outcome = ?, exit_code = ?, requests = ?,"
        " failures = (SELECT count(*) FROM failures f WHERE f.run_id = runs.id"
        " AND f.resolved_at IS NULL) WHERE id = ?",
        (now, outcome, exit_code, requests, run_id),
    )


def count(conn: sqlite3.Connection, run_id: int | None, column: Counter) -> None:
    """Add one article to a run's new, changed or gone ones."""
    conn.execute(f"UPDATE runs SET {column} = {column} + 1 WHERE id = ?", (run_id,))  # noqa: S608  # our own names


def articles_gone(conn: sqlite3.Connection, run_id: int | None) -> int:
    """Return how many articles a run proved gone."""
    (gone,) = conn.execute("SELECT articles_gone FROM runs WHERE id = ?", (run_id,)).fetchone()
    return int(gone)


def latest_time(conn: sqlite3.Connection) -> str | None:
    """Return the latest time at which a run began or ended; None before the first run."""
    (latest,) = conn.execute("SELECT max(coalesce(ended_at, started_at)) FROM runs").fetchone()
    return str(latest) if latest else None
