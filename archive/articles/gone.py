"""Whether an article that its site no longer shows is gone, or was re-issued under another id.

One response "not there" proves nothing: the site may be in trouble. An article is gone when its page is not
there and the list of its day, read whole by the same run, lacks it too; or when the page answers 410; or when
the page was missing in runs that lie hours apart. The spiders believe such a response only of a site that
shows what it is known to have (`crawler/diagnosis/canary.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from archive.articles.lifecycle import add_version, supersede
from archive.text.normalize import visible_text

if TYPE_CHECKING:
    import sqlite3

MISSING_RUNS = 2  # runs whose answer must say "not there" before that alone proves an article gone …
MISSING_APART = timedelta(hours=12)  # … and how far apart the first and the last of them must lie
REISSUED = (1.0, "same title, ministry and date under a new id, the old id gone")


def proves_gone(count: int, since: str, now: str, *, status: int, absent_from_list: bool) -> bool:
    """Return whether responses that an article is not there prove that it is gone, given a healthy site.

    A page that is not there and a completely re-read list that no longer shows it are two witnesses. 410
    means by definition that it was removed. Otherwise it takes such responses in several runs over time.

    Args:
        count: runs in a row whose response said so, this one included.
        since: when the first of them said so.
        now: when this one did.
        status: HTTP status of this response.
        absent_from_list: whether the list of its day, read whole since then, lacks it.
    """
    apart = datetime.fromisoformat(now) - datetime.fromisoformat(since)
    return absent_from_list or status == 410 or (count >= MISSING_RUNS and apart >= MISSING_APART)


def count_missing(conn: sqlite3.Connection, row: sqlite3.Row, run_id: int | None, now: str) -> None:
    """Count one more run whose response said that an article is not there."""
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
    """Mark a missing article gone, or superseded by its re-issue, when that is proved; return its URL."""
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


def _is_listed(conn: sqlite3.Connection, row: sqlite3.Row) -> bool:
    """Return whether a list of the run that misses an article shows it: no witness outweighs another."""
    query = (
        "SELECT 1 FROM listed_items i JOIN listings l USING (site, section, day) WHERE i.site = ?"
        " AND i.section = ? AND i.native_id = ? AND l.run_id IS ? AND i.last_listed_at = l.checked_at"
    )
    key = (row["site"], row["section"], row["native_id"], row["missing_run_id"])
    return conn.execute(query, key).fetchone() is not None


def _absent_from_list(conn: sqlite3.Connection, row: sqlite3.Row) -> bool:
    """Return whether the list of its day was read whole, by the run that misses it, and lacks it."""
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
