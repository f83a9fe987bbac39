"""Write one article's rows, only where they differ."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archive.articles.columns import KEY, NARROW
from archive.articles.compare import NOT_FETCHED
from archive.captures.files import store_file
from archive.text.phones import e164

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from archive.records import Article, Attachment, Contact, Source

_FIELDS = ("url", "organization_id", *NARROW)
_INSERTED = (*KEY, *_FIELDS, "fingerprint", "first_seen_at", "changed_at", "checked_at", "capture_id")
INSERT = (
    f"INSERT INTO articles ({', '.join(_INSERTED)}) VALUES ({', '.join(f':{name}' for name in _INSERTED)})"  # noqa: S608
)
UPDATE = f"UPDATE articles SET {', '.join(f'{name} = :{name}' for name in _FIELDS)} WHERE id = :id"  # noqa: S608

WRITE_ATTACHMENT = """
INSERT INTO attachments (article_id, position, file_id, name, url, format, state, detail, size, sha256, text,
  text_in, twin_of_id, fetched_at)
VALUES (:article, :position, :file, :name, :url, :format, :state, :detail, :size, :sha256, :text, :text_in,
  (SELECT id FROM attachments WHERE article_id = :article AND file_id = :twin), :fetched_at)
ON CONFLICT (article_id, file_id) DO UPDATE SET position = excluded.position, name = excluded.name,
  url = excluded.url, format = excluded.format, state = excluded.state, detail = excluded.detail,
  size = excluded.size, sha256 = excluded.sha256, text = excluded.text, text_in = excluded.text_in,
  twin_of_id = excluded.twin_of_id, removed_at = NULL,
  fetched_at = CASE WHEN sha256 IS excluded.sha256 THEN fetched_at ELSE excluded.fetched_at END
"""


def insert_article(
    conn: sqlite3.Connection, article: Article, fingerprint: str, now: str, capture_id: int | None
) -> int:
    """Insert the row of a new article in ``articles`` and return its number."""
    row = _fields(conn, article) | {name: getattr(article, name) for name in KEY}
    row |= {"first_seen_at": now, "changed_at": now, "checked_at": now}
    cursor = conn.execute(INSERT, {**row, "fingerprint": fingerprint, "capture_id": capture_id})
    return int(cursor.lastrowid or 0)


def update_article(conn: sqlite3.Connection, article_id: int, old: Article, new: Article) -> None:
    """Update the row in ``articles`` where it differs."""
    before, after = _fields(conn, old), _fields(conn, new)
    if before != after:
        conn.execute(UPDATE, {**after, "id": article_id})


def write_parts(
    conn: sqlite3.Connection, article_id: int, old: Article | None, new: Article, now: str
) -> None:
    """Write text, files, contacts, sources, pictures and links of an article where they differ."""
    if old is not None and old.attachments != new.attachments:
        _remove_attachments(conn, article_id, new.attachments, now)
    if old is None or (old.body, old.post) != (new.body, new.post):
        conn.execute(
            "INSERT INTO article_texts (article_id, body_html, body_markdown, body_text, post)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE SET body_html = excluded.body_html,"
            " body_markdown = excluded.body_markdown, body_text = excluded.body_text, post = excluded.post",
            (article_id, new.body.html, new.body.markdown, new.body.text, new.post),
        )
    if old is None or old.attachments != new.attachments or old.body.text != new.body.text:
        _write_attachments(conn, article_id, new.attachments, new.body.text, now)
    if old is None or old.contacts != new.contacts:
        _write_contacts(conn, article_id, new.contacts, anew=old is None)
    if old is None or old.source != new.source:
        rows = _source_rows(new.source)
        _replace(conn, "sources", "relation, name, url, title", article_id, rows, anew=old is None)
    if old is None or old.images != new.images:
        images = ((n, image.url, image.alt, image.caption) for n, image in enumerate(new.images, 1))
        _replace(conn, "images", "position, url, alt, caption", article_id, images, anew=old is None)
    if old is None or old.links != new.links:
        links = ((n, link.url, link.text) for n, link in enumerate(new.links, 1))
        _replace(conn, "links", "position, url, text", article_id, links, anew=old is None)


def write_hashes(conn: sqlite3.Connection, article_id: int, hashes: Mapping[str, str]) -> None:
    """Keep the hash of each text by where it was read."""
    conn.executemany(
        "INSERT INTO text_hashes (article_id, source, sha256) VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
        " SET sha256 = excluded.sha256 WHERE sha256 <> excluded.sha256",
        [(article_id, source, sha256) for source, sha256 in sorted(hashes.items())],
    )


def mark_tried(conn: sqlite3.Connection, article_id: int, now: str) -> None:
    """Record when files that could not be fetched or read were last requested."""
    conn.execute(
        "UPDATE attachments SET tried_at = ? WHERE article_id = ? AND removed_at IS NULL"
        " AND (sha256 IS NULL OR state = 'corrupt' OR detail LIKE 'damaged:%')",
        (now, article_id),
    )


def write_urls(conn: sqlite3.Connection, article_id: int, urls: Iterable[str], now: str) -> None:
    """Store the URLs under which an article was seen; a URL stays with the article that had it first."""
    conn.executemany(
        "INSERT OR IGNORE INTO article_urls (url, article_id, first_seen_at) VALUES (?, ?, ?)",
        [(url, article_id, now) for url in urls],
    )


def keep_contents(article: Article, folder: Path | None) -> tuple[Attachment, ...]:
    """Store the bytes of attachments in the folder of files; without a folder only their hash is kept."""
    return tuple(_kept(file, folder) for file in article.attachments)


def _kept(file: Attachment, folder: Path | None) -> Attachment:
    if file.content is None:
        return file
    sha256 = store_file(folder, file.content) if folder else hashlib.sha256(file.content).hexdigest()
    return replace(file, sha256=sha256, size=len(file.content), content=None)


def _fields(conn: sqlite3.Connection, article: Article) -> dict[str, Any]:
    own = {name: getattr(article, name) for name in NARROW}
    key = organization_id(conn, article.organization_key)
    return {"url": article.canonical_url, "organization_id": key, **own}


def organization_id(conn: sqlite3.Connection, key: str | None) -> int | None:
    """Find the row of a ministry or agency by its key."""
    row = conn.execute("SELECT id FROM organizations WHERE key = ?", (key,)).fetchone() if key else None
    return int(row[0]) if row else None


def _replace(
    conn: sqlite3.Connection,
    table: str,
    columns: str,
    article_id: int,
    rows: Iterable[tuple[Any, ...]],
    *,
    anew: bool,
) -> None:
    """Write the rows of an article in place of those before; an article that is made ``anew`` has none."""
    if not anew:
        conn.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))  # noqa: S608  # names of ours
    marks = ", ".join("?" * (columns.count(",") + 1))
    insert = f"INSERT INTO {table} (article_id, {columns}) VALUES (?, {marks})"  # noqa: S608  # names of ours
    conn.executemany(insert, [(article_id, *row) for row in rows])


def _source_rows(source: Source) -> Iterable[tuple[str, str | None, str | None, str | None]]:
    if source.source_title or source.source_url:
        yield "source", None, source.source_url, source.source_title
    if source.original_title:
        yield "original", None, None, source.original_title
    if source.origin_name or source.origin_url:
        yield "origin", source.origin_name, source.origin_url, None
    if source.writer:
        yield "writer", source.writer, None, None
    if source.licence:
        yield "licence", None, None, source.licence


def _write_attachments(
    conn: sqlite3.Connection, article_id: int, files: Sequence[Attachment], body_text: str, now: str
) -> None:
    known = {file.file_id: file for file in files}
    # A copy is written after the file that it repeats, which may stand behind it on the page.
    for position, file in sorted(enumerate(files, 1), key=lambda entry: entry[1].twin_of is not None):
        twin = known.get(file.twin_of or "")
        text_in = _text_in(file, twin, body_text)
        conn.execute(
            WRITE_ATTACHMENT,
            {
                "article": article_id,
                "position": position,
                "file": file.file_id,
                "name": file.name,
                "url": file.url,
                "format": file.format,
                "state": file.state,
                "detail": file.detail,
                "size": file.size,
                "sha256": file.sha256,
                "text": None if text_in else file.text,
                "text_in": text_in,
                "twin": twin.file_id if twin else None,
                "fetched_at": None if file.state in NOT_FETCHED else now,
            },
        )


def _remove_attachments(
    conn: sqlite3.Connection, article_id: int, files: Sequence[Attachment], now: str
) -> None:
    """Mark files that are no longer linked; each keeps its text, now its own. Before the body changes."""
    marks = ", ".join("?" * len(files))
    conn.execute(
        "UPDATE attachments SET removed_at = ?, text_in = NULL,"  # noqa: S608  # marks only
        " text = (SELECT t.text FROM attachment_texts t WHERE t.attachment_id = attachments.id)"
        f" WHERE article_id = ? AND removed_at IS NULL AND file_id NOT IN ({marks})",
        (now, article_id, *(file.file_id for file in files)),
    )


def _text_in(file: Attachment, twin: Attachment | None, body_text: str) -> str | None:
    """Return where the same text is stored already, character by character."""
    if not file.text:
        return None
    if file.text == body_text:
        return "body"
    return "twin" if twin and twin.text == file.text else None


def _write_contacts(
    conn: sqlite3.Connection, article_id: int, contacts: Sequence[Contact], *, anew: bool
) -> None:
    if not anew:
        conn.execute("DELETE FROM contacts WHERE article_id = ?", (article_id,))
    for position, contact in enumerate(contacts, 1):
        cursor = conn.execute(
            "INSERT INTO contacts (article_id, position, organization, organization_id, organization_by,"
            " department, role, person, rank, mark, evidence, evidence_start, owner_by, owner_score,"
            " attachment_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
            " (SELECT id FROM attachments WHERE article_id = ? AND file_id = ?))",
            (
                article_id,
                position,
                contact.organization,
                organization_id(conn, contact.organization_key),
                contact.organization_by,
                contact.department,
                contact.role,
                contact.person,
                contact.rank,
                contact.mark,
                contact.evidence,
                contact.position,
                contact.owner_by,
                contact.score,
                article_id,
                contact.attachment,
            ),
        )
        conn.executemany(
            "INSERT OR IGNORE INTO contact_points (contact_id, kind, printed, e164, extension)"
            " VALUES (?, ?, ?, ?, ?)",
            [(cursor.lastrowid, *point) for point in _points(contact)],
        )


def _points(contact: Contact) -> Iterable[tuple[str, str, str | None, str | None]]:
    extensions = dict(contact.extensions)
    yield from (("phone", phone, e164(phone), extensions.get(phone)) for phone in contact.phones)
    yield from (("fax", fax, e164(fax), None) for fax in contact.faxes)
    yield from (("email", email, None, None) for email in contact.emails)
