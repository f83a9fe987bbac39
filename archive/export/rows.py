"""What an export holds: the articles requested, each whole, in the order of their publication."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.integrity.parallel import batches
from archive.text.masking import masked, masker

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from archive.database import Archive
    from archive.integrity.parallel import Moment

Row = dict[str, Any]
ARTICLES = 200  # of a task


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles are exported; empty means all.

    Attributes:
        since, until: days of publication, YYYY-MM-DD, inclusive.
        organizations: row numbers of ministries and agencies, from ``organizations_named``.
        with_contacts: whether names and numbers of officials go out, beyond what the texts say.
        mask_contacts: whether they are masked in the texts too.
    """

    since: str | None = None
    until: str | None = None
    sites: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    organizations: tuple[int, ...] = ()
    with_contacts: bool = False
    mask_contacts: bool = False

    def where(self) -> tuple[str, list[str | int]]:
        """Write the condition on ``articles a`` and its parameters."""
        conditions: list[str] = ["1"]
        values: list[str | int] = []
        if self.since:
            conditions.append("a.published_at >= ?")
            values.append(self.since)
        if self.until:
            conditions.append("substr(a.published_at, 1, 10) <= ?")
            values.append(self.until)
        wanted: tuple[str, ...] | tuple[int, ...]
        for column, wanted in (
            ("site", self.sites),
            ("section", self.sections),
            ("organization_id", self.organizations),
        ):
            if wanted:
                conditions.append(f"a.{column} IN ({', '.join('?' * len(wanted))})")
                values += wanted
        return " AND ".join(conditions), values


# Times of checking are left out: they change with every crawl, and an export of the same articles should not.
ARTICLE_COLUMNS = (
    "id",
    "site",
    "section",
    "native_id",
    "url",
    "title",
    "subtitle",
    "published_at",
    "published_precision",
    "published_raw",
    "organization",
    "organization_key",
    "organization_name",
    "writer",
    "presenter",
    "body_source",
    "kogl_type",
    "kogl_text",
    "modified_at",
    "embargo_at",
    "revision",
    "state",
    "superseded_by_id",
    "version",
    "fingerprint",
    "first_seen_at",
    "changed_at",
    "layout",
    "parser",
    "capture_url",
    "captured_at",
    "capture_sha256",
    "body_text",
    "body_markdown",
    "body_html",
    "post",
)
"""Columns of the flat forms, and the keys of an article in JSON before its parts."""

_ARTICLE = """SELECT a.*, o.key AS organization_key, o.name AS organization_name,
    c.url AS capture_url, c.fetched_at AS captured_at, c.body_sha256 AS capture_sha256,
    coalesce(t.body_text, '') AS body_text, coalesce(t.body_markdown, '') AS body_markdown,
    coalesce(t.body_html, '') AS body_html, t.post
FROM articles a LEFT JOIN article_texts t ON t.article_id = a.id
LEFT JOIN organizations o ON o.id = a.organization_id LEFT JOIN captures c ON c.id = a.capture_id
WHERE a.id = ?"""

PARTS: dict[str, tuple[tuple[str, ...], str]] = {
    "attachments": (
        (
            "position",
            "file_id",
            "name",
            "url",
            "format",
            "state",
            "detail",
            "size",
            "sha256",
            "removed_at",
            "text",
        ),
        """FROM (
            SELECT id, article_id, position, file_id, name, url, format, state, detail, size, sha256,
            removed_at, (SELECT t.text FROM attachment_texts t WHERE t.attachment_id = attachments.id) AS text
            FROM attachments
        ) WHERE article_id = ? ORDER BY position, id""",
    ),
    "versions": (
        ("number", "kind", "seen_at", "changed", "earlier", "fingerprint"),
        "FROM versions WHERE article_id = ? ORDER BY number",
    ),
    "sources": (("relation", "name", "url", "title"), "FROM sources WHERE article_id = ? ORDER BY id"),
    "relations": (
        ("kind", "related_id", "score", "reason"),
        "FROM relations WHERE article_id = ? ORDER BY kind, related_id",
    ),
    "images": (("position", "url", "alt", "caption"), "FROM images WHERE article_id = ? ORDER BY position"),
    "links": (("position", "url", "text"), "FROM links WHERE article_id = ? ORDER BY position"),
}
"""The parts of an article: their columns, and where they are read."""

CONTACTS = (
    (
        "organization",
        "department",
        "role",
        "person",
        "rank",
        "phones",
        "faxes",
        "emails",
        "attachment",
        "evidence",
        "owner_by",
        "owner_score",
    ),
    "FROM article_contacts WHERE article_id = ? ORDER BY contact_id",
)


def parts_of(selection: Selection) -> dict[str, tuple[tuple[str, ...], str]]:
    """Return the parts that a selection exports: contacts only when requested."""
    return {**PARTS, "contacts": CONTACTS} if selection.with_contacts else PARTS


def article_ids(conn: sqlite3.Connection, selection: Selection) -> Iterator[int]:
    """Return the ids of the articles in order of publication, then site, section and the site's own id."""
    condition, values = selection.where()
    query = (
        f"SELECT a.id FROM articles a WHERE {condition}"  # noqa: S608  # conditions of ours
        " ORDER BY coalesce(a.published_at, ''), a.site, a.section, a.native_id"
    )
    return (row[0] for row in conn.execute(query, values))


def articles(now: Moment, selection: Selection) -> Iterator[Row]:
    """Read the articles one by one, each with its parts; memory does not grow with their number."""
    ids = article_ids(now.archive.conn, selection)
    for read in now.each(_read, ((batch, selection) for batch in batches(ids, ARTICLES))):
        yield from read


def _read(archive: Archive, task: tuple[list[int], Selection]) -> list[Row]:
    """Read some articles."""
    ids, selection = task
    return list(_articles(archive.conn, ids, selection))


def _articles(conn: sqlite3.Connection, ids: list[int], selection: Selection) -> Iterator[Row]:
    parts = parts_of(selection)
    for article_id in ids:
        row = conn.execute(_ARTICLE, (article_id,)).fetchone()
        article: Row = {column: row[column] for column in ARTICLE_COLUMNS}
        for name, (columns, source) in parts.items():
            query = f"SELECT {', '.join(columns)} {source}"
            rows = conn.execute(query, (article_id,))
            article[name] = [dict(zip(columns, values, strict=True)) for values in rows]
        for version in article["versions"]:
            version["changed"] = json.loads(version["changed"])
            version["earlier"] = json.loads(version["earlier"])
        yield masked(article, masker(_persons(conn, article_id))) if selection.mask_contacts else article


def _persons(conn: sqlite3.Connection, article_id: int) -> list[str]:
    """Name the persons whom an article, or one that it retells or that retells it, gives for enquiries."""
    rows = conn.execute(
        "SELECT DISTINCT person FROM contacts WHERE person IS NOT NULL AND article_id IN (SELECT ?1"
        " UNION SELECT related_id FROM relations WHERE article_id = ?1"
        " UNION SELECT article_id FROM relations WHERE related_id = ?1)",
        (article_id,),
    )
    return [row[0] for row in rows]
