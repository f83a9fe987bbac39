"""What no captured byte says: rows of the archive that a WARC file carries as metadata records.

Lists as they were accounted for, failures that explain a gap, and tombstones: with them an import accounts
for completeness as the archive did that wrote the file, and keeps out what was removed from it. Rows go by
the sites' own keys, never by row numbers, so that they fit any archive.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.articles.lifecycle import NOTE_EDIT
from archive.completeness.listings import SHOWN_TITLE
from archive.errors import InputError
from archive.integrity.redact import bury

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 1000  # rows of a record


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of one table, each a mapping of columns to values."""

    table: str
    rows: tuple[dict[str, Any], ...]


READ = {
    "listings": """
        SELECT site, section, day, total, read_whole, found, detail, checked_at FROM listings
        ORDER BY site, section, day""",
    "listed_items": "SELECT * FROM listed_items ORDER BY site, section, native_id",
    "failures": """
        SELECT site, section, native_id, url, kind, detail, attempts, first_seen_at, last_seen_at, resolved_at
        FROM failures WHERE site <> 'file' ORDER BY url, kind, first_seen_at""",
    "articles": """
        SELECT site, section, native_id, modified_at, embargo_at, revision FROM articles
        WHERE state <> 'redacted' AND coalesce(modified_at, embargo_at, revision) IS NOT NULL
        ORDER BY site, section, native_id""",
    "redactions": """
        SELECT r.site, r.section, r.native_id, r.scope, r.reason, r.redacted_at, a.url, a.published_at,
        a.first_seen_at, a.layout, a.parser
        FROM redactions r JOIN articles a USING (site, section, native_id) ORDER BY r.id""",
}

# What is known already stays where it is the newer; the same rows again change nothing.
WRITE = {
    "listings": """
        INSERT INTO listings (site, section, day, total, read_whole, found, archived, failed, complete,
          detail, checked_at)
        VALUES (:site, :section, :day, :total, :read_whole, :found, 0, 0, 0, :detail, :checked_at)
        ON CONFLICT DO UPDATE SET total = excluded.total, read_whole = excluded.read_whole,
          found = excluded.found, detail = excluded.detail, checked_at = excluded.checked_at, run_id = NULL
        WHERE excluded.checked_at > checked_at""",
    "listed_items": f"""
        INSERT INTO listed_items VALUES (:site, :section, :native_id, :day, {SHOWN_TITLE}, :organization,
          :lead_sha256, :first_listed_at, :last_listed_at)
        ON CONFLICT DO UPDATE SET day = excluded.day, title = excluded.title,
          organization = excluded.organization, lead_sha256 = excluded.lead_sha256,
          first_listed_at = min(first_listed_at, excluded.first_listed_at),
          last_listed_at = excluded.last_listed_at
        WHERE excluded.last_listed_at > last_listed_at""",  # noqa: S608  # an expression of ours
    "articles": NOTE_EDIT,
    "failures": """
        INSERT OR IGNORE INTO failures (site, section, native_id, url, kind, detail, attempts, first_seen_at,
          last_seen_at, resolved_at)
        SELECT :site, :section, :native_id, :url, :kind, :detail, :attempts, :first_seen_at, :last_seen_at,
          :resolved_at
        WHERE NOT EXISTS (
          SELECT 1 FROM failures WHERE url = :url AND kind = :kind AND first_seen_at = :first_seen_at)""",
}


def read_rows(conn: sqlite3.Connection) -> Iterator[Rows]:
    """Read all that an export states, some rows at a time, in an order that never changes."""
    for table, query in READ.items():
        found = conn.execute(query)
        while batch := found.fetchmany(BATCH):
            yield Rows(table, tuple(map(dict, batch)))


def write_rows(conn: sqlite3.Connection, stated: Rows) -> None:
    """Store rows; call in a transaction, after the captures that they refer to.

    Raises:
        InputError: they are not rows that this program wrote.
    """
    try:
        if stated.table == "redactions":
            for row in stated.rows:
                bury(conn, row)
        else:
            conn.executemany(WRITE[stated.table], stated.rows)
    except (KeyError, TypeError, OverflowError, sqlite3.IntegrityError, sqlite3.ProgrammingError) as error:
        raise InputError(f"rows of {stated.table!r} that this program does not know: {error}") from error
