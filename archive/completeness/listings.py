"""Section and day as the site listed them, held against what the archive has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.articles.compare import text_hash
from archive.completeness.quiet import Empty, doubt

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

    from archive.records import Listing

REMOVED = "[redacted]"  # stands where the headline of an article stood that was taken out
SHOWN_TITLE = f"""iif(EXISTS (SELECT 1 FROM redactions r WHERE r.site = :site AND r.section = :section
  AND r.native_id = :native_id AND r.scope = 'article'), '{REMOVED}', :title)"""  # noqa: S608  # a constant of ours
ITEM = f"""
INSERT INTO listed_items (site, section, native_id, day, title, organization, lead_sha256, first_listed_at,
  last_listed_at)
VALUES (:site, :section, :native_id, :day, {SHOWN_TITLE}, :organization, :lead_sha256, :now, :now)
ON CONFLICT DO UPDATE SET day = excluded.day, title = excluded.title, organization = excluded.organization,
  last_listed_at = excluded.last_listed_at, lead_sha256 = coalesce(excluded.lead_sha256, lead_sha256)
"""  # noqa: S608  # an expression of ours
COUNT = """
UPDATE listings SET (archived, failed) = (
  SELECT
    count(*) FILTER (WHERE a.id IS NOT NULL),
    count(*) FILTER (WHERE a.id IS NULL AND EXISTS (
      SELECT 1 FROM failures f WHERE f.site = i.site AND f.section = i.section AND f.native_id = i.native_id
      AND f.resolved_at IS NULL))
  FROM listed_items i LEFT JOIN articles a USING (site, section, native_id)
  WHERE i.site = listings.site AND i.section = listings.section AND i.day = listings.day
    AND i.last_listed_at = listings.checked_at)
WHERE {which}
"""
IS_COMPLETE = """(read_whole AND detail IS NULL AND coalesce(total, found) = found
  AND archived + failed >= found AND (found = 0 OR archived > 0))"""
COMPLETE = f"UPDATE listings SET complete = {IS_COMPLETE} WHERE {{which}}"  # noqa: S608  # a constant of ours
EMPTY = (
    "SELECT site, section, day, checked_at, run_id FROM listings WHERE read_whole AND found = 0 AND {which}"
)
DOUBTED = """
SELECT count(*), section || ' ' || max(day) || ': ' || detail FROM listings
WHERE site = :site AND read_whole AND found = 0 AND detail IS NOT NULL
  AND day <= substr(:now, 1, 10) AND checked_at <= :now
"""


def write_listing(
    conn: sqlite3.Connection, listing: Listing, run_id: int | None, alive: Collection[tuple[str, str]] = ()
) -> None:
    """Keep one listing and its items; an item that moved to another day moves here too.

    Args:
        conn: the archive, in a transaction.
        listing: what the list showed.
        run_id: the run that read it.
        alive: sections whose lists are known to show articles of other days, by site and name.
    """
    key = (listing.site, listing.section, listing.day)
    found = {item.native_id: item for item in listing.items}
    conn.execute(
        "INSERT INTO listings (site, section, day, total, read_whole, found, archived, failed, complete,"
        " detail, checked_at, run_id) VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET total = excluded.total, read_whole = excluded.read_whole,"
        " found = excluded.found, detail = excluded.detail, checked_at = excluded.checked_at,"
        " run_id = excluded.run_id",
        (
            *key,
            listing.total,
            listing.read_whole,
            len(found),
            listing.detail,
            listing.checked_at,
            run_id,
        ),
    )
    conn.executemany(
        ITEM,
        [
            {
                "site": listing.site,
                "section": item.section,
                "native_id": item.native_id,
                "day": listing.day,
                "title": item.title,
                "organization": item.organization,
                "lead_sha256": text_hash(item.lead) if item.lead and item.lead_is_full else None,
                "now": listing.checked_at,
            }
            for item in found.values()
        ],
    )
    which = "site = ? AND section = ? AND day = ?"
    _doubt(conn, which, key, alive)
    _count(conn, which, key)


def close_listings(
    conn: sqlite3.Connection, run_id: int | None, alive: Collection[tuple[str, str]] = ()
) -> None:
    """Judge and count the listings of one run anew, now that all its lists, articles and failures are in."""
    _doubt(conn, "run_id = ?", (run_id,), alive)
    _count(conn, "run_id = ?", (run_id,))


def silent_lists(conn: sqlite3.Connection, site: str, now: str) -> str | None:
    """Return in one line which empty lists of a site nothing vouches for; None where there is none."""
    count, example = conn.execute(DOUBTED, {"site": site, "now": now}).fetchone()
    return f"{count} empty lists are not vouched for, e.g. {example}" if count else None


def _doubt(
    conn: sqlite3.Connection,
    which: str,
    values: tuple[str | int | None, ...],
    alive: Collection[tuple[str, str]],
) -> None:
    """Return why empty lists are not vouched for."""
    for row in conn.execute(EMPTY.format(which=which), values).fetchall():
        empty = Empty(*row)
        conn.execute(
            "UPDATE listings SET detail = ? WHERE site = ? AND section = ? AND day = ?",
            (doubt(conn, empty, alive), *empty[:3]),
        )


def count_listings(conn: sqlite3.Connection) -> None:
    """Count every listing anew, after articles and failures came in by another way than a crawl."""
    _count(conn, "1", ())


def _count(conn: sqlite3.Connection, which: str, values: tuple[str | int | None, ...]) -> None:
    conn.execute(COUNT.format(which=which), values)
    conn.execute(COMPLETE.format(which=which), values)
