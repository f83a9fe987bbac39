"""Load one article from its rows into records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.articles.columns import KEY, NARROW
from archive.articles.compare import Known
from archive.errors import ArchiveError
from archive.records import Article, Attachment, Body, Contact, Image, Link, Source

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


def load_article(conn: sqlite3.Connection, article_id: int) -> Article | None:
    """Read one article with its text, files, contacts, sources, pictures and links; None when unknown."""
    row = conn.execute(
        "SELECT a.*, o.key AS organization_key, t.body_html, t.body_markdown, t.body_text, t.post"
        " FROM articles a"
        " LEFT JOIN organizations o ON o.id = a.organization_id"
        " LEFT JOIN article_texts t ON t.article_id = a.id WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    if row is None:
        return None
    return Article(
        **{name: row[name] for name in (*KEY, *NARROW)},
        canonical_url=row["url"],
        organization_key=row["organization_key"],
        body=Body(row["body_html"] or "", row["body_markdown"] or "", row["body_text"] or ""),
        contacts=load_contacts(conn, article_id),
        source=load_source(conn, article_id),
        attachments=load_attachments(conn, article_id),
        images=tuple(Image(*values) for values in _children(conn, "images", "url, alt, caption", article_id)),
        links=tuple(Link(*values) for values in _children(conn, "links", "url, text", article_id)),
        post=row["post"],
    )


def load_known(conn: sqlite3.Connection, article_id: int) -> Known:
    """Load what a visit is compared with; raises ArchiveError when the archive has no such article."""
    article = load_article(conn, article_id)
    if article is None:
        raise ArchiveError(f"article {article_id} is not in the archive")
    hashes = conn.execute("SELECT source, sha256 FROM text_hashes WHERE article_id = ?", (article_id,))
    return Known(article, {row["source"]: row["sha256"] for row in hashes})


def load_attachments(conn: sqlite3.Connection, article_id: int) -> tuple[Attachment, ...]:
    """Read the files that an article links now, in the order of its page."""
    rows = conn.execute(
        "SELECT f.file_id, f.name, f.url, f.format, f.state, f.detail, f.size, f.sha256, a.text, t.file_id"
        " FROM attachments f JOIN attachment_texts a ON a.attachment_id = f.id"
        " LEFT JOIN attachments t ON t.id = f.twin_of_id"
        " WHERE f.article_id = ? AND f.removed_at IS NULL ORDER BY f.position",
        (article_id,),
    )
    return tuple(Attachment(*row) for row in rows)


def load_contacts(conn: sqlite3.Connection, article_id: int) -> tuple[Contact, ...]:
    """Load the contacts of an article in their order of appearance, with numbers and e-mail addresses."""
    points: dict[tuple[int, str], list[str]] = {}
    extensions: dict[int, list[tuple[str, str]]] = {}
    for contact_id, kind, printed, extension in conn.execute(
        "SELECT p.contact_id, p.kind, p.printed, p.extension FROM contact_points p"
        " JOIN contacts c ON c.id = p.contact_id"
        " WHERE c.article_id = ? ORDER BY p.id",
        (article_id,),
    ):
        points.setdefault((contact_id, kind), []).append(printed)
        if extension:
            extensions.setdefault(contact_id, []).append((printed, extension))
    rows = conn.execute(
        "SELECT c.*, f.file_id, o.key AS organization_key FROM contacts c"
        " LEFT JOIN attachments f ON f.id = c.attachment_id"
        " LEFT JOIN organizations o ON o.id = c.organization_id"
        " WHERE c.article_id = ? ORDER BY c.position",
        (article_id,),
    )
    return tuple(
        Contact(
            organization=row["organization"],
            department=row["department"],
            role=row["role"],
            person=row["person"],
            rank=row["rank"],
            phones=tuple(points.get((row["id"], "phone"), ())),
            faxes=tuple(points.get((row["id"], "fax"), ())),
            emails=tuple(points.get((row["id"], "email"), ())),
            extensions=tuple(extensions.get(row["id"], ())),
            mark=row["mark"],
            evidence=row["evidence"],
            position=row["evidence_start"],
            attachment=row["file_id"],
            owner_by=row["owner_by"],
            score=row["owner_score"],
            organization_key=row["organization_key"],
            organization_by=row["organization_by"],
        )
        for row in rows
    )


def load_source(conn: sqlite3.Connection, article_id: int) -> Source:
    """Load what an article names as its source."""
    rows = conn.execute("SELECT relation, name, url, title FROM sources WHERE article_id = ?", (article_id,))
    said = {row["relation"]: row for row in rows}

    def value(relation: str, column: str) -> str | None:
        return said[relation][column] if relation in said else None

    return Source(
        source_title=value("source", "title"),
        source_url=value("source", "url"),
        original_title=value("original", "title"),
        origin_name=value("origin", "name"),
        origin_url=value("origin", "url"),
        writer=value("writer", "name"),
        licence=value("licence", "title"),
    )


def _children(
    conn: sqlite3.Connection, table: str, columns: str, article_id: int
) -> Iterable[tuple[str, ...]]:
    query = f"SELECT {columns} FROM {table} WHERE article_id = ? ORDER BY position"  # noqa: S608  # names of ours
    return conn.execute(query, (article_id,))
