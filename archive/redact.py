"""Take an article, or the people that it names, out of the archive: rows, index, captured bytes, files.

What stays is a tombstone: that there was an article of this address, and why it was taken out. From then on
the article is frozen, so that no later visit brings back what was removed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal

from archive.captures import Captures
from archive.errors import ArchiveError
from archive.files import file_path
from archive.reading import load_contacts
from archive.search import index_article, optimize, unindex_article

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from archive.database import Archive

Scope = Literal["article", "contacts"]

REMOVED = "[redacted]"
MASK = "○"
PARTS = ("contacts", "images", "links", "sources", "text_hashes")
LISTS = ("list", "api")  # kinds of captures that show many articles


def redact(archive: Archive, article_id: int, scope: Scope, reason: str, now: str) -> None:
    """Take out a whole article, or its contacts wherever its text and files print them.

    Args:
        archive: opened for writing.
        article_id: the article.
        scope: article, or contacts.
        reason: why, in one line, without what was removed.
        now: the time, ISO 8601 with offset.

    Raises:
        ArchiveError: there is no such article.
    """
    conn = archive.conn
    article = conn.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    if article is None:
        raise ArchiveError(f"article {article_id} is not in the archive")
    conn.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only unlinked
    with archive.transaction():
        files = _drop_bytes(archive, article, scope)
        unindex_article(conn, article_id)
        if scope == "article":
            _blank(conn, article)
        else:
            _mask(conn, article_id)
        index_article(conn, article_id)
        optimize(conn)
        conn.execute(
            "INSERT INTO redactions (site, section, native_id, scope, reason, redacted_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (article["site"], article["section"], article["native_id"], scope, reason, now),
        )
    for sha256 in files:
        file_path(archive.files, sha256).unlink(missing_ok=True)
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _drop_bytes(archive: Archive, article: sqlite3.Row, scope: Scope) -> list[str]:
    """Take out the bytes of every capture that shows the article; give the files to delete."""
    conn, captures = archive.conn, Captures(archive.conn, archive.files)
    bodies = _bodies_of(conn, article["id"])
    if scope == "article":
        bodies |= _lists_showing(conn, captures, article)
    bodies -= _shared(conn, article["id"], bodies)
    captures.replace_dictionaries(bodies)
    conn.executemany(
        "UPDATE bodies SET codec = 'redacted', content = NULL, dictionary_id = NULL WHERE sha256 = ?",
        [(sha256,) for sha256 in sorted(bodies)],
    )
    return sorted(sha256 for sha256 in bodies if file_path(archive.files, sha256).exists())


def _bodies_of(conn: sqlite3.Connection, article_id: int) -> set[str]:
    rows = conn.execute(
        "SELECT c.body_sha256 FROM captures c WHERE c.kind NOT IN ('list', 'api', 'sitemap') AND ("
        " c.id IN (SELECT capture_id FROM article_captures WHERE article_id = ?1)"
        " OR c.id IN (SELECT capture_id FROM versions WHERE article_id = ?1)"
        " OR c.url IN (SELECT url FROM article_urls WHERE article_id = ?1)"
        " OR c.url IN (SELECT url FROM attachments WHERE article_id = ?1))"
        " UNION SELECT sha256 FROM attachments WHERE article_id = ?1 AND sha256 IS NOT NULL",
        (article_id,),
    )
    return {sha256 for (sha256,) in rows}


def _lists_showing(conn: sqlite3.Connection, captures: Captures, article: sqlite3.Row) -> set[str]:
    """Find the list pages that show the article's headline and lead, by its id in their bytes."""
    rows = conn.execute(
        "SELECT DISTINCT c.body_sha256 FROM captures c JOIN bodies b ON b.sha256 = c.body_sha256"
        " WHERE c.kind IN (?, ?) AND b.codec = 'zstd'",
        LISTS,
    ).fetchall()
    number = re.compile(rb"(?<!\d)" + re.escape(article["native_id"].encode()) + rb"(?!\d)")
    return {sha256 for (sha256,) in rows if number.search(captures.body(sha256))}


def _shared(conn: sqlite3.Connection, article_id: int, bodies: Iterable[str]) -> set[str]:
    """Name the files that another article, which stays, links as well."""
    rows = conn.execute(
        "SELECT sha256 FROM attachments f JOIN articles a ON a.id = f.article_id"
        " WHERE a.id <> ? AND a.state <> 'redacted' AND sha256 IN (SELECT value FROM json_each(?))",
        (article_id, json.dumps(sorted(bodies))),
    )
    return {sha256 for (sha256,) in rows}


def _blank(conn: sqlite3.Connection, article: sqlite3.Row) -> None:
    article_id = article["id"]
    for table in PARTS:
        conn.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))  # noqa: S608  # names of ours
    conn.execute("DELETE FROM attachments WHERE article_id = ?", (article_id,))
    conn.execute("DELETE FROM relations WHERE ? IN (article_id, related_id)", (article_id,))
    conn.execute(
        "UPDATE article_texts SET body_html = '', body_markdown = '', body_text = '' WHERE article_id = ?",
        (article_id,),
    )
    conn.execute("UPDATE versions SET earlier = '{}' WHERE article_id = ?", (article_id,))
    conn.execute(
        "UPDATE articles SET title = ?, subtitle = NULL, writer = NULL, presenter = NULL, kogl_text = NULL,"
        " body_source = 'none', state = 'redacted' WHERE id = ?",
        (REMOVED, article_id),
    )
    conn.execute(
        "UPDATE listed_items SET title = ?, lead_sha256 = NULL"
        " WHERE site = ? AND section = ? AND native_id = ?",
        (REMOVED, article["site"], article["section"], article["native_id"]),
    )


def _mask(conn: sqlite3.Connection, article_id: int) -> None:
    """Black out what contacts print, wherever the texts of the article print it, and delete the contacts."""
    printed = {
        value
        for contact in load_contacts(conn, article_id)
        for value in (contact.person, *contact.phones, *contact.faxes, *contact.emails)
        if value and len(value) > 1
    }
    conn.execute("DELETE FROM contacts WHERE article_id = ?", (article_id,))
    if not printed:
        return
    pattern = re.compile("|".join(map(_loosely, sorted(printed, key=len, reverse=True))), re.IGNORECASE)

    def masked(text: Any) -> Any:
        return pattern.sub(lambda found: MASK * len(found[0]), text) if isinstance(text, str) else text

    conn.create_function("masked", 1, masked, deterministic=True)
    conn.execute(
        "UPDATE article_texts SET body_html = masked(body_html), body_markdown = masked(body_markdown),"
        " body_text = masked(body_text) WHERE article_id = ?",
        (article_id,),
    )
    conn.execute(
        "UPDATE attachments SET text = masked(text), name = masked(name) WHERE article_id = ?", (article_id,)
    )
    conn.execute("UPDATE versions SET earlier = masked(earlier) WHERE article_id = ?", (article_id,))
    conn.execute(
        "UPDATE links SET url = masked(url), text = masked(text) WHERE article_id = ?", (article_id,)
    )


def _loosely(printed: str) -> str:
    """Match a printed value however its signs are spaced (홍 길 동, 044 - 200 - 0001)."""
    return r"[\s\-)]*".join(re.escape(sign) for sign in printed if not sign.isspace() and sign != "-")
