"""Lists, failures, relations and redactions of another archive."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from archive.articles.lifecycle import find, is_redacted
from archive.completeness.listings import count_listings
from archive.integrity.redact import bury

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from archive.join.rows import Rows

LISTED = """
INSERT INTO listed_items (site, section, native_id, day, title, organization, lead_sha256, first_listed_at,
  last_listed_at)
VALUES (:site, :section, :native_id, :day, :title, :organization, :lead_sha256, :first_listed_at,
  :last_listed_at)
ON CONFLICT DO UPDATE SET
  day = iif(excluded.last_listed_at > last_listed_at, excluded.day, day),
  title = iif(excluded.last_listed_at > last_listed_at, excluded.title, title),
  organization = iif(excluded.last_listed_at > last_listed_at, excluded.organization, organization),
  lead_sha256 = iif(excluded.last_listed_at > last_listed_at,
    coalesce(excluded.lead_sha256, lead_sha256), coalesce(lead_sha256, excluded.lead_sha256)),
  first_listed_at = min(first_listed_at, excluded.first_listed_at),
  last_listed_at = max(last_listed_at, excluded.last_listed_at)
"""
BURIED = """
SELECT r.*, a.url, a.published_at, a.first_seen_at, a.layout, a.parser FROM redactions r
JOIN articles a USING (site, section, native_id) ORDER BY r.id
"""


def join_redactions(here: sqlite3.Connection, there: sqlite3.Connection) -> Iterator[str]:
    """Take over tombstones; name the articles that are redacted there and held whole here."""
    for row in there.execute(BURIED).fetchall():
        key = (row["site"], row["section"], row["native_id"])
        held = find(here, *key)
        if held is not None and not is_redacted(here, *key):
            yield (
                f"article {'/'.join(key)} is redacted ({row['scope']}) in the other archive, and whole here;"
                f" to redact it here too: briefing redact {row['url']} --scope {row['scope']}"
                f" --reason {quote(row['reason'])}"
            )
        elif row["scope"] == "article" and held is None:
            bury(here, dict(row))
        elif held is None:
            here.execute(
                "INSERT INTO redactions (site, section, native_id, scope, reason, redacted_at)"
                " SELECT :site, :section, :native_id, :scope, :reason, :redacted_at WHERE NOT EXISTS"
                " (SELECT 1 FROM redactions WHERE site = :site AND section = :section"
                " AND native_id = :native_id AND scope = :scope)",
                dict(row),
            )


def join_relations(here: sqlite3.Connection, there: sqlite3.Connection, rows: Rows) -> None:
    """Take over how articles stand to each other, re-issues included."""
    for row in there.execute("SELECT * FROM relations ORDER BY id").fetchall():
        article, related = (rows.number("articles", row[name]) for name in ("article_id", "related_id"))
        if article is not None and related is not None:
            here.execute(
                "INSERT OR IGNORE INTO relations (kind, article_id, related_id, score, reason)"
                " SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM relations"
                " WHERE kind = ?1 AND article_id = ?3 AND related_id = ?2)",
                (row["kind"], article, related, row["score"], row["reason"]),
            )
    for row in there.execute(
        "SELECT id, superseded_by_id FROM articles WHERE superseded_by_id IS NOT NULL"
    ).fetchall():
        here.execute(
            "UPDATE articles SET superseded_by_id = ? WHERE id = ? AND state = 'superseded'"
            " AND superseded_by_id IS NULL",
            (rows.number("articles", row["superseded_by_id"]), rows.number("articles", row["id"])),
        )


def join_accounts(here: sqlite3.Connection, there: sqlite3.Connection, rows: Rows) -> None:
    """Take over lists and failures, the later one of each, and count again what is archived."""
    for row in there.execute("SELECT * FROM listings").fetchall():
        key = (row["site"], row["section"], row["day"])
        held = here.execute(
            "SELECT checked_at FROM listings WHERE site = ? AND section = ? AND day = ?", key
        ).fetchone()
        if held is None or held["checked_at"] < row["checked_at"]:
            here.execute("DELETE FROM listings WHERE site = ? AND section = ? AND day = ?", key)
            rows.copy("listings", row)
    here.executemany(LISTED, map(dict, there.execute("SELECT * FROM listed_items").fetchall()))
    for row in there.execute("SELECT * FROM failures ORDER BY id").fetchall():
        _join_failure(here, rows, row)
    count_listings(here)


def _join_failure(here: sqlite3.Connection, rows: Rows, row: sqlite3.Row) -> None:
    """Take over one failure, unless it is held, or was resolved here since."""
    same = here.execute(
        "SELECT 1 FROM failures WHERE url = :url AND kind = :kind AND"
        " (first_seen_at = :first_seen_at OR resolved_at >= :last_seen_at)",
        dict(row),
    ).fetchone()
    if row["resolved_at"] is not None:
        here.execute(
            "UPDATE failures SET resolved_at = :resolved_at WHERE url = :url AND resolved_at IS NULL"
            " AND last_seen_at <= :resolved_at",
            dict(row),
        )
    if same is not None:
        return
    standing = here.execute(
        "SELECT 1 FROM failures WHERE url = :url AND kind = :kind AND resolved_at IS NULL", dict(row)
    ).fetchone()
    if row["resolved_at"] is None and standing is not None:
        return
    rows.copy("failures", row)
