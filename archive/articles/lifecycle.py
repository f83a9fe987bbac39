"""Where an article stands: held, checked, missing, gone, restored, re-issued."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archive.articles.compare import proves_gone
from archive.text.normalize import visible_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from archive.records import RawArticle


# Since when an article lacks something, when that was last asked for, and the runs that failed at it: an open
# failure, or a file that could not be had or read. One that was merely listed was never asked for.
LACKING = """
SELECT min(since) || ' ' || max(tried) || ' ' || min(attempts) FROM (
  SELECT first_seen_at AS since, last_seen_at AS tried, attempts FROM failures e
  WHERE e.site = a.site AND e.section = a.section AND e.native_id = a.native_id AND e.resolved_at IS NULL
  UNION ALL
  SELECT coalesce(f.fetched_at, a.first_seen_at), coalesce(f.tried_at, f.fetched_at, a.first_seen_at),
    iif(f.state = 'listed', 0, 99)
  FROM attachments f WHERE f.article_id = a.id AND f.removed_at IS NULL
    AND (f.sha256 IS NULL AND f.state IN ('listed', 'failed', 'timeout')
      OR f.state IN ('too_big', 'corrupt', 'missing')))
"""
REISSUED = (1.0, "same title, ministry and date under a new id, the old id gone")
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
    """Find the narrow row of an article by the site's own id."""
    row: sqlite3.Row | None = conn.execute(
        "SELECT * FROM articles WHERE site = ? AND section = ? AND native_id = ?", (site, section, native_id)
    ).fetchone()
    return row


def row_of(conn: sqlite3.Connection, article_id: int) -> sqlite3.Row:
    """Return the row of an article that exists."""
    row: sqlite3.Row = conn.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    return row


def is_redacted(conn: sqlite3.Connection, site: str, section: str, native_id: str) -> bool:
    """Say whether an article, or its contacts, were taken out: it is frozen then."""
    query = "SELECT 1 FROM redactions WHERE site = ? AND section = ? AND native_id = ?"
    return conn.execute(query, (site, section, native_id)).fetchone() is not None


def held_rows(
    conn: sqlite3.Connection, site: str, section: str, native_ids: Sequence[str]
) -> Iterable[sqlite3.Row]:
    """Read what a fetch policy must know of some articles of one section."""
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
    """Note what the Open API says of an article's edits beside its text; an older answer changes nothing."""
    names = ("site", "section", "native_id", "modified_at", "embargo_at", "revision")
    conn.execute(NOTE_EDIT, {name: getattr(article, name) for name in names})


def mark_checked(conn: sqlite3.Connection, article_id: int, now: str) -> None:
    """Note that the site was asked for an article and has it."""
    conn.execute(
        "UPDATE articles SET checked_at = ?, checks = checks + 1, missing_count = 0, missing_since = NULL,"
        " missing_run_id = NULL WHERE id = ?",
        (now, article_id),
    )


def link_captures(
    conn: sqlite3.Connection, article_id: int, capture_id: int | None, others: Iterable[tuple[str, int]]
) -> None:
    """Say from which captures an article's fields were read; captures of a role replace those it had."""
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


def link_check(conn: sqlite3.Connection, article_id: int, capture_id: int | None) -> None:
    """Keep when and how a check found nothing new, in the place of the check before."""
    before = conn.execute(
        "SELECT capture_id FROM article_captures WHERE article_id = ? AND role = 'checked'", (article_id,)
    ).fetchall()
    conn.execute("DELETE FROM article_captures WHERE article_id = ? AND role = 'checked'", (article_id,))
    for (old_id,) in before:
        drop_capture(conn, old_id)
    if capture_id is not None:
        conn.execute("INSERT INTO article_captures VALUES (?, 'checked', ?)", (article_id, capture_id))


def drop_capture(conn: sqlite3.Connection, capture_id: int) -> None:
    """Take out a capture that nothing refers to, and its body when no other capture has it."""
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


def count_missing(conn: sqlite3.Connection, row: sqlite3.Row, run_id: int | None, now: str) -> None:
    """Count one more run whose answer said that an article is not there."""
    again = row["missing_count"] > 0 and row["missing_run_id"] == run_id
    conn.execute(
        "UPDATE articles SET checked_at = ?, checks = checks + 1, missing_count = missing_count + ?,"
        " missing_since = min(coalesce(missing_since, ?), ?), missing_run_id = ? WHERE id = ?",
        (now, 0 if again else 1, now, now, run_id, row["id"]),
    )


def pending_missing(conn: sqlite3.Connection, run_id: int | None) -> list[int]:
    """List the live articles that this run missed."""
    rows = conn.execute(
        "SELECT id FROM articles WHERE missing_run_id = ? AND state = 'live' AND missing_count > 0", (run_id,)
    )
    return [row["id"] for row in rows]


def settle_missing(
    conn: sqlite3.Connection,
    article_id: int,
    capture_id: int | None,
    now: str,
    *,
    absent_from_list: bool = False,
) -> str | None:
    """Mark a missing article gone, or superseded by its re-issue, when that is proved; give its address."""
    row = conn.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    if _is_listed(conn, row):
        return None
    status = conn.execute("SELECT status FROM captures WHERE id = ?", (capture_id,)).fetchone()
    proved = proves_gone(
        row["missing_count"],
        row["missing_since"],
        now,
        status=status[0] if status else 0,
        absent_from_list=absent_from_list or _absent_from_list(conn, row),
    )
    if not proved:
        return None
    new_id = _find_same(conn, row, "state = 'live' AND missing_count = 0")
    if new_id is None:
        add_version(conn, article_id, "gone", now, capture_id)
    else:
        supersede(conn, article_id, new_id, *REISSUED, now, capture_id)
    return str(row["url"])


def find_reissue(conn: sqlite3.Connection, article_id: int) -> int | None:
    """Find the gone or missing article of which this one is a re-issue: same title, ministry and day."""
    row = conn.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    return _find_same(conn, row, "state = 'gone'")


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


def _is_listed(conn: sqlite3.Connection, row: sqlite3.Row) -> bool:
    """Say whether a list of the run that misses an article shows it: no witness outweighs another."""
    query = (
        "SELECT 1 FROM listed_items i JOIN listings l USING (site, section, day) WHERE i.site = ?"
        " AND i.section = ? AND i.native_id = ? AND l.run_id IS ? AND i.last_listed_at = l.checked_at"
    )
    key = (row["site"], row["section"], row["native_id"], row["missing_run_id"])
    return conn.execute(query, key).fetchone() is not None


def _absent_from_list(conn: sqlite3.Connection, row: sqlite3.Row) -> bool:
    """Say whether the list of its day was read whole, by the run that misses it, and lacks it."""
    return (
        conn.execute(
            "SELECT 1 FROM listed_items i JOIN listings l USING (site, section, day)"
            " WHERE i.site = ? AND i.section = ? AND i.native_id = ? AND l.run_id IS ? AND l.read_whole"
            " AND (l.total IS NULL OR l.total = l.found) AND i.last_listed_at <> l.checked_at",
            (row["site"], row["section"], row["native_id"], row["missing_run_id"]),
        ).fetchone()
        is not None
    )


def _find_same(conn: sqlite3.Connection, row: sqlite3.Row, condition: str) -> int | None:
    """Find another article of the section with the same title, ministry and day; the latest one seen."""
    day = (row["published_at"] or "")[:10]
    if not day:
        return None
    others = conn.execute(
        "SELECT id, title, organization FROM articles WHERE published_at >= ? AND published_at < ? || '~'"  # noqa: S608
        f" AND site = ? AND section = ? AND id <> ? AND {condition} ORDER BY id DESC",
        (day, day, row["site"], row["section"], row["id"]),
    )
    wanted = visible_text(row["title"]), visible_text(row["organization"])
    return next(
        (o["id"] for o in others if (visible_text(o["title"]), visible_text(o["organization"])) == wanted),
        None,
    )
