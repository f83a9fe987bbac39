"""What failed: kept until a later visit or list mends it, whatever kind of failure it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archive.articles.compare import NOT_FETCHED

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from archive.records import Article, Failure

RECORD = """
INSERT INTO failures (run_id, site, section, native_id, url, kind, detail, first_seen_at, last_seen_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (url, kind) WHERE resolved_at IS NULL DO UPDATE SET detail = excluded.detail,
  last_seen_at = excluded.last_seen_at, run_id = excluded.run_id,
  attempts = attempts + (run_id IS NOT excluded.run_id)
"""
# Listed once and never had, and no longer on the list of its day, which was read whole since.
MOOT = """
UPDATE failures SET resolved_at = ? WHERE resolved_at IS NULL AND site = ? AND section = ?
  AND native_id IN (SELECT i.native_id FROM listed_items i JOIN listings l USING (site, section, day)
    LEFT JOIN articles a USING (site, section, native_id)
    WHERE i.site = failures.site AND i.section = failures.section AND i.day = ? AND a.id IS NULL
      AND l.read_whole AND coalesce(l.total, l.found) = l.found AND i.last_listed_at <> l.checked_at)
"""
# Articles whose failure or pending change no list of the given days shows.
ELSEWHERE = """
SELECT f.native_id, f.since, f.tried, min(f.attempts) FROM (
  SELECT native_id, first_seen_at AS since, last_seen_at AS tried, attempts FROM failures
  WHERE site = :site AND section = :section AND native_id IS NOT NULL AND resolved_at IS NULL
    AND attempts < :most
  UNION ALL
  SELECT a.native_id, p.seen_since, p.seen_at, 0 FROM pending_visits p JOIN articles a ON a.id = p.article_id
  WHERE a.site = :site AND a.section = :section) f
LEFT JOIN listed_items i ON i.site = :site AND i.section = :section AND i.native_id = f.native_id
WHERE coalesce(i.day, '') NOT IN (SELECT value FROM json_each(:days))
GROUP BY f.native_id
"""


def record(conn: sqlite3.Connection, failure: Failure, run_id: int | None) -> None:
    """Store a failure; the same one again counts one more attempt a run."""
    key = (failure.site, failure.section, failure.native_id)
    conn.execute(
        RECORD,
        (run_id, *key, failure.url, failure.kind, failure.detail, failure.seen_at, failure.seen_at),
    )


def resolve_url(conn: sqlite3.Connection, url: str, now: str, *, kind: str | None = None) -> None:
    """Note that an address that failed, in one way or in any, now answers as it should."""
    conn.execute(
        "UPDATE failures SET resolved_at = ? WHERE resolved_at IS NULL"
        " AND url = ? AND kind = coalesce(?, kind)",
        (now, url, kind),
    )


def resolve_article(
    conn: sqlite3.Connection, article: Article, urls: Sequence[str], run_id: int | None, now: str
) -> None:
    """Resolve what a visit mended: the page's failures, those of files that were had, and of what is gone.

    What this very run met stands, and so do the failures of files that still could not be had.
    """
    lacking = {file.url for file in article.attachments if file.state in NOT_FETCHED}
    had = {file.url for file in article.attachments} - lacking
    conn.execute(
        "UPDATE failures SET resolved_at = ? WHERE resolved_at IS NULL"
        " AND url IN (SELECT value FROM json_each(?))",
        (now, json.dumps(sorted({article.canonical_url, *urls, *had} - lacking))),
    )
    rows = conn.execute(
        "SELECT id, url FROM failures WHERE site = ? AND section = ? AND native_id = ?"
        " AND resolved_at IS NULL AND run_id IS NOT ?",
        (article.site, article.section, article.native_id, run_id),
    ).fetchall()
    mended = [(now, row["id"]) for row in rows if row["url"] not in lacking]
    conn.executemany("UPDATE failures SET resolved_at = ? WHERE id = ?", mended)


def resolve_gone(conn: sqlite3.Connection, article_id: int, now: str) -> None:
    """Resolve every failure of an article that is proved gone: nothing is left to be had."""
    conn.execute(
        "UPDATE failures SET resolved_at = ? WHERE resolved_at IS NULL AND (site, section, native_id) ="
        " (SELECT site, section, native_id FROM articles WHERE id = ?)",
        (now, article_id),
    )


def resolve_day(conn: sqlite3.Connection, site: str, section: str, day: str, now: str) -> None:
    """Resolve what stood in the way of a day's list, read whole now, and of items that it lists no more."""
    conn.execute(
        "UPDATE failures SET resolved_at = ? WHERE resolved_at IS NULL AND site = ? AND section = ?"
        " AND native_id IS NULL AND url LIKE '%startDate=' || ? || '&endDate=' || ? || '%'",
        (now, site, section, day, day),
    )
    conn.execute(MOOT, (now, site, section, day))


def resolve_lists(conn: sqlite3.Connection, host: str, run_id: int | None, now: str) -> None:
    """Resolve what earlier runs met at lists and sitemaps of a host, all of which this run could read."""
    conn.execute(
        "UPDATE failures SET resolved_at = ? WHERE resolved_at IS NULL AND native_id IS NULL"
        " AND kind NOT IN ('implausible', 'silent_list') AND run_id IS NOT ?"
        " AND url LIKE 'https://' || ? || '/%'",
        (now, run_id, host),
    )


def wanting_elsewhere(
    conn: sqlite3.Connection, site: str, section: str, days: Iterable[str], most_attempts: int
) -> list[tuple[str, str, str, int]]:
    """List articles with an open failure or a pending change that no list of the given days shows.

    Returns:
        Id, when the failure was first seen, when last, and the runs that met it (0 for a pending change);
        failures met by ``most_attempts`` runs are left out.
    """
    values = {"site": site, "section": section, "most": most_attempts, "days": json.dumps(list(days))}
    return [(row[0], row[1], row[2], row[3]) for row in conn.execute(ELSEWHERE, values)]
