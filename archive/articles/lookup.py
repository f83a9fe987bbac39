"""Which articles are stored, where one was read from, and what is known of it beside its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archive.errors import UsageError

if TYPE_CHECKING:
    import sqlite3


def find_article(conn: sqlite3.Connection, reference: str, key: tuple[str, str, str] | None = None) -> int:
    """Return the number of the article that a reference means.

    Args:
        conn: the archive.
        reference: the article's number, a URL under which it was fetched, or ``site/section/id``.
        key: site, section and id that the reference means, where the caller can read them from it.

    Raises:
        UsageError: the archive holds no such article.
    """
    found = _first(conn, "SELECT article_id FROM article_urls WHERE url = ?", (reference,))
    if found is None and reference.isascii() and reference.isdecimal():
        found = _first(conn, "SELECT id FROM articles WHERE id = CAST(? AS INTEGER)", (reference,))
    elif found is None and (key or reference.count("/") == 2):
        found = _first(
            conn,
            "SELECT id FROM articles WHERE (site, section, native_id) = (?, ?, ?)",
            key or tuple(reference.split("/")),
        )
    if found is None:
        raise UsageError(f"no article {reference} in the archive; give its number, URL or site/section/id")
    return found


def _first(conn: sqlite3.Connection, query: str, values: tuple[str, ...]) -> int | None:
    row = conn.execute(query, values).fetchone()
    return int(row[0]) if row else None


def count_articles(conn: sqlite3.Connection) -> int:
    """Count all articles, whatever their state."""
    (total,) = conn.execute("SELECT count(*) FROM articles").fetchone()
    return int(total)


def ids_after(conn: sqlite3.Connection, article_id: int) -> list[int]:
    """List the numbers of all articles after one, in ascending order."""
    rows = conn.execute("SELECT id FROM articles WHERE id > ? ORDER BY id", (article_id,))
    return [row[0] for row in rows]


_READ_FROM = """
SELECT a.id, a.parser, a.capture_id, c.url FROM captures c JOIN articles a ON a.capture_id = c.id
WHERE c.body_sha256 = :sha256 AND c.url = coalesce(:url, a.url) AND a.state = 'live'
  AND NOT EXISTS (SELECT 1 FROM pending_visits p WHERE p.article_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM redactions r WHERE r.site = a.site AND r.section = a.section
    AND r.native_id = a.native_id)
  AND NOT EXISTS (SELECT 1 FROM failures f WHERE f.site = a.site AND f.section = a.section
    AND f.native_id = a.native_id AND f.resolved_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM failures f WHERE f.resolved_at IS NULL AND f.url IN (
    SELECT a.url UNION ALL SELECT t.url FROM attachments t WHERE t.article_id = a.id))
"""


def read_from(conn: sqlite3.Connection, sha256: str, url: str | None) -> sqlite3.Row | None:
    """Find the live article whose fields were read from these bytes; none with an open failure or change.

    Args:
        conn: the archive.
        sha256: of the bytes.
        url: URL of their capture; None for the article's own.

    Returns:
        Id, parser, capture_id and url of the capture, by column.
    """
    row: sqlite3.Row | None = conn.execute(_READ_FROM, {"sha256": sha256, "url": url}).fetchone()
    return row


def page_capture(conn: sqlite3.Connection, article_id: int) -> int | None:
    """Return the number of the capture that an article was last read from; None when it has none."""
    row = conn.execute("SELECT capture_id FROM articles WHERE id = ?", (article_id,)).fetchone()
    return row["capture_id"] if row else None


def source_of(conn: sqlite3.Connection, article_id: int) -> sqlite3.Row | None:
    """Return the row that names an article, its URL and its capture; None when unknown or never captured."""
    row: sqlite3.Row | None = conn.execute(
        "SELECT id, site, section, native_id, url, capture_id FROM articles"
        " WHERE id = ? AND capture_id IS NOT NULL",
        (article_id,),
    ).fetchone()
    return row


def state_of_file(conn: sqlite3.Connection, article_id: int, file_id: str) -> dict[str, Any] | None:
    """Return state, detail, size and sha256 of an attachment, by column; None when there is no such."""
    row = conn.execute(
        "SELECT state, detail, size, sha256 FROM attachments WHERE article_id = ? AND file_id = ?",
        (article_id, file_id),
    ).fetchone()
    return dict(row) if row else None


def page_path(conn: sqlite3.Connection, article_id: int) -> str:
    """Return the path of an article's page in the reading room."""
    row = conn.execute("SELECT site, section, native_id FROM articles WHERE id = ?", (article_id,)).fetchone()
    return f"/a/{row[0]}/{row[1]}/{row[2]}"


def standing(conn: sqlite3.Connection, article_id: int) -> dict[str, Any]:
    """Return an article's state, version, times and the capture that it was read from, by column."""
    row = conn.execute(
        "SELECT id, state, version, first_seen_at, changed_at, checked_at, capture_id, superseded_by_id"
        " FROM articles WHERE id = ?",
        (article_id,),
    ).fetchone()
    return dict(row)


def inline_text(conn: sqlite3.Connection, article_id: int) -> tuple[int, str] | None:
    """Return the capture and the stored text of an article whose text stands in its page.

    None when it was taken from elsewhere, has no capture, or is redacted in part or whole.
    """
    row = conn.execute(
        "SELECT a.capture_id, t.body_text FROM articles a JOIN article_texts t ON t.article_id = a.id"
        " WHERE a.id = ? AND a.body_source = 'inline' AND NOT EXISTS (SELECT 1 FROM redactions r"
        " WHERE r.site = a.site AND r.section = a.section AND r.native_id = a.native_id)",
        (article_id,),
    ).fetchone()
    return None if row is None or row["capture_id"] is None else (row["capture_id"], row["body_text"])


def live_between(conn: sqlite3.Connection, site: str, first: str, before: str) -> list[str]:
    """List the ids of a site's live articles published from one day until before another (YYYY-MM-DD)."""
    rows = conn.execute(
        "SELECT native_id FROM articles WHERE site = ? AND state = 'live'"
        " AND published_at >= ? AND published_at < ?",
        (site, first, before),
    )
    return [row[0] for row in rows]


def titles_and_days(conn: sqlite3.Connection, site: str) -> dict[str, tuple[str, str]]:
    """Return headline and day of publication (YYYY-MM-DD) of a site's dated articles, by id."""
    rows = conn.execute(
        "SELECT native_id, title, published_at FROM articles WHERE site = ? AND published_at IS NOT NULL",
        (site,),
    )
    return {row[0]: (row[1], str(row[2])[:10]) for row in rows}


def lately_seen(conn: sqlite3.Connection, site: str, limit: int) -> list[tuple[str, str, str]]:
    """List section, id and URL of a site's live articles that were not missed.

    Those checked last come first, one of each section before the second of any.
    """
    rows = conn.execute(
        "SELECT section, native_id, url FROM articles WHERE site = ? AND state = 'live'"
        " AND missing_count = 0"
        " ORDER BY row_number() OVER (PARTITION BY section ORDER BY checked_at DESC), checked_at DESC"
        " LIMIT ?",
        (site, limit),
    )
    return [(row[0], row[1], row[2]) for row in rows]
