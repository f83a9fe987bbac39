"""One article as a person reads it: its facts, its text, whom to ask, its files, how it changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import nh3
from markupsafe import Markup

from archive.text.pictures import linked_pictures

if TYPE_CHECKING:
    import sqlite3

_ARTICLE = """SELECT a.*, t.body_html, o.name AS official_name, s.title AS superseded_by_title,
    c.url AS capture_url, c.status AS capture_status, c.fetched_at AS captured_at, c.body_sha256
FROM articles a LEFT JOIN article_texts t ON t.article_id = a.id
LEFT JOIN organizations o ON o.id = a.organization_id
LEFT JOIN articles s ON s.id = a.superseded_by_id
LEFT JOIN captures c ON c.id = a.capture_id WHERE a.id = ?"""

_PARTS = {
    "contacts": "SELECT organization, department, role, person, rank, phones, faxes, emails, attachment,"
    " evidence, owner_by, owner_score FROM article_contacts WHERE article_id = ? ORDER BY contact_id",
    "attachments": "SELECT id, name, url, format, size, state, detail FROM attachments"
    " WHERE article_id = ? AND removed_at IS NULL ORDER BY position",
    "versions": "SELECT number, kind, seen_at, changed FROM versions WHERE article_id = ? ORDER BY number",
    "sources": "SELECT relation, name, url, title FROM sources WHERE article_id = ? ORDER BY id",
    "retells": "SELECT original_id AS id, original_title AS title, original_published_at AS published_at,"
    " organization, score, reason FROM retellings WHERE article_id = ? ORDER BY score DESC",
    "retold": "SELECT article_id AS id, title, published_at, site AS organization, score, reason"
    " FROM retellings WHERE original_id = ? ORDER BY score DESC",
}


def reading_view(conn: sqlite3.Connection, article_id: str) -> dict[str, Any] | None:
    """Read all that the page of an article shows, as of one moment; None when there is no such article."""
    conn.execute("BEGIN")  # so that a crawl's commit between two queries cannot mix two versions
    try:
        found = _rows(conn, _ARTICLE, article_id)
        if not found:
            return None
        parts = {name: _rows(conn, query, article_id) for name, query in _PARTS.items()}
    finally:
        conn.rollback()
    for version in parts["versions"]:
        version["changed"] = ", ".join(json.loads(version["changed"]))
    article = found[0]
    article["body"] = Markup(_shown(article.pop("body_html") or ""))  # noqa: S704
    return {**article, **parts}


def _shown(html: str) -> str:
    """Give HTML that runs and loads nothing: an archive may come from elsewhere."""
    return nh3.clean(linked_pictures(nh3.clean(html)), tags=nh3.ALLOWED_TAGS - {"img"})


def _rows(conn: sqlite3.Connection, query: str, article_id: str) -> list[dict[str, Any]]:
    cursor = conn.execute(query, (article_id,))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
