"""Losses that a page soon undid: a lapse of the page, not an edit of the article.

A loss that became a version and was then undone exactly would read as two edits. Its version is deleted; its
page is kept as evidence, a capture of kind ``held``.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from archive.changes.pending import EVIDENCE, value_of

if TYPE_CHECKING:
    import sqlite3

    from archive.records import Article

SOON = timedelta(days=7)  # a longer loss is part of the article's history

LAST_TWO = """
SELECT last.id, last.changed, last.earlier, last.seen_at, last.capture_id, before.fingerprint,
  before.seen_at AS since
FROM versions last JOIN articles a ON a.id = last.article_id AND a.version = last.number
JOIN versions before ON before.article_id = a.id AND before.number = last.number - 1
WHERE a.id = ? AND last.kind = 'edit'
"""


def ends_lapse(conn: sqlite3.Connection, article: Article, article_id: int, mark: str, now: str) -> bool:
    """Return whether a visit undoes a loss; if so, delete the version with the loss.

    Args:
        conn: the archive, in a transaction.
        article: the article as the version with the loss has it.
        article_id: its row number.
        mark: fingerprint of the visit.
        now: the time of the visit.
    """
    row = conn.execute(LAST_TWO, (article_id,)).fetchone()
    if row is None or row["fingerprint"] != mark:
        return False
    apart = datetime.fromisoformat(now) - datetime.fromisoformat(row["seen_at"])
    earlier = json.loads(row["earlier"])
    lost = all(_is_lost(field, earlier.get(field), article) for field in json.loads(row["changed"]))
    if not lost or apart > SOON:
        return False
    conn.execute("DELETE FROM versions WHERE id = ?", (row["id"],))
    conn.execute("UPDATE captures SET kind = ? WHERE id = ?", (EVIDENCE, row["capture_id"]))
    conn.execute(
        "UPDATE articles SET version = version - 1, fingerprint = ?, changed_at = ? WHERE id = ?",
        (mark, row["since"], article_id),
    )
    return True


def _is_lost(field: str, before: Any, article: Article) -> bool:
    """Return whether a field is empty, files are fewer, or the page's text is gone or less than half."""
    after = value_of(article, field)
    if field == "attachments":
        kept = {file.file_id for file in article.attachments}
        return kept < {file["file_id"] for file in before or ()}
    if field == "body":
        return article.body_source in ("lead", "none") or len(after) * 2 < len(before or "")
    return bool(before) and not after
