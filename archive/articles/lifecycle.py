"""What is noted of an article beside its fields: its state, its versions, checks, captures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from archive.records import RawArticle


# Since when an article lacks something, when that was last requested, and the runs that failed at it: an open
# failure, or a file that could not be fetched or read. One that was merely listed was never requested.
LACKING = """
SELECT min(since) || ' ' || max(tried) || ' ' || min(attempts) FROM (
  SELECT first_seen_at AS since, last_seen_at AS tried, attempts FROM failures e
  WHERE e.site = a.site AND e.section = a.section AND e.native_id = a.native_id AND e.resolved_at IS NULL
  UNION ALL
  SELECT coalesce(f.fetched_at, a.first_seen_at), coalesce(f.tried_at, f.fetched_at, a.first_seen_at),
    iif(f.state = 'listed', 0, 99)
  FROM attachments f WHERE f.article_id = a.id AND f.removed_at IS NULL
    AND (f.sha256 IS NULL AND f.state IN ('listed', 'failed', 'timeout')
      OR f.state IN ('too_big', 'corrupt', 'missing') OR f.detail LIKE 'damaged:%'))
"""
CHUNK = 500  # keys a query
NOTE_EDIT = """
UPDATE articles SET modified_at = coalesce(:modified_at, modified_at),
  embargo_at = coalesce(:embargo_at, embargo_at), revision = coalesce(:revision, revision)
WHERE site = :site AND section = :section AND native_id = :native_id AND state <> 'redacted'
  AND coalesce(:revision, revision, 0) >= coalesce(revision, 0)
  AND coalesce(:modified_at, modified_at, '') >= coalesce(modified_at, '')
  AND (modified_at, embargo_at, revision) IS NOT (:modified_at, :embargo_at, :revision)
"""


def find(conn: sqlite3.Connection, site: str, section: str, native_id: str) -> sqlite3.Row | None:
    """Find the row of an article in ``articles`` by the site's own id."""
    row: sqlite3.Row | None = conn.execute(
        "SELECT * FROM articles WHERE site = ? AND section = ? AND native_id = ?", (site, section, native_id)
    ).fetchone()
    return row


def row_of(conn: sqlite3.Connection, article_id: int) -> sqlite3.Row:
    """Return the row of an article that exists."""
    row: sqlite3.Row = conn.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    return row


def is_redacted(conn: sqlite3.Connection, site: str, section: str, native_id: str) -> bool:
    """Return whether an article, or its contacts, were redacted; such an article no longer changes."""
    query = "SELECT 1 FROM redactions WHERE site = ? AND section = ? AND native_id = ?"
    return conn.execute(query, (site, section, native_id)).fetchone() is not None


def held_rows(
    conn: sqlite3.Connection, site: str, section: str, native_ids: Sequence[str]
) -> Iterable[sqlite3.Row]:
    """Read what the revisit policy must know of some articles of one section."""
    for start in range(0, len(native_ids), CHUNK):
        chunk = native_ids[start : start + CHUNK]
        yield from conn.execute(
            "SELECT a.id AS article_id, a.native_id, a.title, a.version, a.checked_at, a.checks,"  # noqa: S608
            " iif(EXISTS (SELECT 1 FROM redactions r WHERE r.site = a.site AND r.section = a.section"
            " AND r.native_id = a.native_id), 'redacted', a.state) AS state,"
            " a.first_seen_at, a.body_source, a.missing_count, c.headers, h.sha256 AS lead_sha256,"
            " EXISTS (SELECT 1 FROM pending_visits p WHERE p.article_id = a.id) AS pending,"
            f" ({LACKING}) AS lacking"
            " FROM articles a LEFT JOIN captures c ON c.id = coalesce((SELECT max(l.capture_id)"
            " FROM article_captures l WHERE l.article_id = a.id AND l.role = 'checked'), a.capture_id)"
            " LEFT JOIN text_hashes h ON h.article_id = a.id AND h.source = 'lead'"
            f" WHERE a.site = ? AND a.section = ? AND a.native_id IN ({', '.join('?' * len(chunk))})",
            (site, section, *chunk),
        )


def note_edit(conn: sqlite3.Connection, article: RawArticle) -> None:
    """Store edit date, embargo and revision from the Open API; an older response changes nothing."""
    names = ("site", "section", "native_id", "modified_at", "embargo_at", "revision")
    conn.execute(NOTE_EDIT, {name: getattr(article, name) for name in names})


def mark_checked(conn: sqlite3.Connection, article_id: int, now: str) -> None:
    """Record a check: the site still has the article."""
    conn.execute(
        "UPDATE articles SET checked_at = ?, checks = checks + 1, missing_count = 0, missing_since = NULL,"
        " missing_run_id = NULL WHERE id = ?",
        (now, article_id),
    )


def link_captures(
    conn: sqlite3.Connection, article_id: int, capture_id: int | None, others: Iterable[tuple[str, int]]
) -> None:
    """Record from which captures an article's fields were read; captures of a role replace earlier ones."""
    links = {*others} | ({("detail", capture_id)} if capture_id else set())
    stored = conn.execute("SELECT role, capture_id FROM article_captures WHERE article_id = ?", (article_id,))
    before = {(row["role"], row["capture_id"]) for row in stored}
    roles = {role for role, _ in links}
    conn.executemany(
        "DELETE FROM article_captures WHERE article_id = ? AND role = ? AND capture_id = ?",
        [(article_id, *link) for link in before - links if link[0] in roles],
    )
    conn.executemany(
        "INSERT INTO article_captures (article_id, role, capture_id) VALUES (?, ?, ?)",
        [(article_id, *link) for link in sorted(links - before)],
    )
    if capture_id and ("detail", capture_id) not in before:
        conn.execute("UPDATE articles SET capture_id = ? WHERE id = ?", (capture_id, article_id))
        link_check(conn, article_id, None)


def begin_history(
    conn: sqlite3.Connection,
    article_id: int,
    now: str,
    capture_id: int | None,
    others: Iterable[tuple[str, int]],
    fingerprint: str,
) -> None:
    """Add the first version of a new article, and the captures that its fields were read from."""
    links = {*others} | ({("detail", capture_id)} if capture_id else set())
    conn.executemany(
        "INSERT INTO article_captures (article_id, role, capture_id) VALUES (?, ?, ?)",
        [(article_id, *link) for link in sorted(links)],
    )
    conn.execute(
        "INSERT INTO versions (article_id, number, kind, seen_at, fingerprint, capture_id)"
        " VALUES (?, 1, 'new', ?, ?, ?)",
        (article_id, now, fingerprint, capture_id),
    )


def link_check(conn: sqlite3.Connection, article_id: int, capture_id: int | None) -> None:
    """Keep the latest check that found nothing new, in place of the check before."""
    before = conn.execute(
        "SELECT capture_id FROM article_captures WHERE article_id = ? AND role = 'checked'", (article_id,)
    ).fetchall()
    conn.execute("DELETE FROM article_captures WHERE article_id = ? AND role = 'checked'", (article_id,))
    for (old_id,) in before:
        drop_capture(conn, old_id)
    if capture_id is not None:
        conn.execute("INSERT INTO article_captures VALUES (?, 'checked', ?)", (article_id, capture_id))


def drop_capture(conn: sqlite3.Connection, capture_id: int) -> None:
    """Delete a capture that nothing refers to, and its body when no other capture has it."""
    (body,) = conn.execute("SELECT body_sha256 FROM captures WHERE id = ?", (capture_id,)).fetchone()
    conn.execute(
        "DELETE FROM captures WHERE id = :capture"
        " AND NOT EXISTS (SELECT 1 FROM article_captures WHERE capture_id = :capture)"
        " AND NOT EXISTS (SELECT 1 FROM articles WHERE capture_id = :capture)"
        " AND NOT EXISTS (SELECT 1 FROM versions WHERE capture_id = :capture)",
        {"capture": capture_id},
    )
    conn.execute(
        "DELETE FROM bodies WHERE sha256 = :body AND codec IN ('zstd', 'hash')"
        " AND NOT EXISTS (SELECT 1 FROM captures WHERE body_sha256 = :body)",
        {"body": body},
    )


def add_version(
    conn: sqlite3.Connection,
    article_id: int,
    kind: str,
    now: str,
    capture_id: int | None,
    *,
    fingerprint: str | None = None,
    changed: Sequence[str] = (),
    earlier: Mapping[str, Any] | None = None,
) -> None:
    """Add one version and set the article's state to match; without a fingerprint the content stays."""
    (last,) = conn.execute(
        "SELECT coalesce(max(number), 0) FROM versions WHERE article_id = ?", (article_id,)
    ).fetchone()
    state = {"gone": "gone", "superseded": "superseded"}.get(kind, "live")
    if kind == "restored":
        conn.execute("DELETE FROM relations WHERE kind = 'supersedes' AND related_id = ?", (article_id,))
    conn.execute(
        "UPDATE articles SET version = ?, changed_at = ?, state = ?, fingerprint = coalesce(?, fingerprint),"
        " superseded_by_id = iif(? = 'superseded', superseded_by_id, NULL) WHERE id = ?",
        (last + 1, now, state, fingerprint, state, article_id),
    )
    conn.execute(
        "INSERT INTO versions (article_id, number, kind, seen_at, changed, earlier, fingerprint, capture_id)"
        " SELECT id, ?, ?, ?, ?, ?, fingerprint, ? FROM articles WHERE id = ?",
        (
            last + 1,
            kind,
            now,
            json.dumps(changed, ensure_ascii=False),
            json.dumps(earlier or {}, ensure_ascii=False),
            capture_id,
            article_id,
        ),
    )


def supersede(
    conn: sqlite3.Connection,
    old_id: int,
    new_id: int,
    score: float,
    reason: str,
    now: str,
    capture_id: int | None = None,
) -> None:
    """Mark an article superseded by another and relate the two."""
    add_version(conn, old_id, "superseded", now, capture_id)
    conn.execute("UPDATE articles SET superseded_by_id = ? WHERE id = ?", (new_id, old_id))
    conn.execute(
        "INSERT OR REPLACE INTO relations (kind, article_id, related_id, score, reason)"
        " VALUES ('supersedes', ?, ?, ?, ?)",
        (new_id, old_id, score, reason),
    )
