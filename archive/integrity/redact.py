"""Redact an article, or the people that it names: rows, index, captured bytes, files.

A tombstone remains: the URL of the article and the reason for its redaction. From then on the article is
frozen, so that no later visit restores what was removed.

A redaction starts by storing a mark and ends by deleting it, so that the next process that opens the archive
for writing finishes one that was killed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal

from archive.articles.lifecycle import find
from archive.articles.load import load_contacts
from archive.captures.files import sync_folder, unneeded_files
from archive.captures.store import LISTS, Captures, shows
from archive.completeness.listings import REMOVED
from archive.errors import ArchiveError, MachineError
from archive.search import index_article, optimize, unindex_article

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping

    from archive.database import Archive
    from archive.records import Contact

Scope = Literal["article", "contacts"]

UNFINISHED = "unfinished_redaction"  # key of the mark in ``settings``
MASK = "○"
PARTS = ("contacts", "images", "links", "pending_visits", "sources", "text_hashes")
MASKED = {
    "articles": ("title", "subtitle", "writer", "presenter", "kogl_text"),
    "article_texts": ("body_html", "body_markdown", "body_text", "post"),
    "attachments": ("name", "text", "detail"),
    "versions": ("earlier",),
    "sources": ("name", "url", "title"),
    "images": ("url", "alt", "caption"),
    "links": ("url", "text"),
}
"""Where an article's rows may print what a contact says."""


def redact(
    archive: Archive,
    article_id: int,
    scope: Scope,
    reason: str,
    now: str,
    *,
    contacts_in: Callable[[str], Iterable[Contact]] = lambda _text: (),
) -> None:
    """Redact a whole article, or its contacts wherever its text and files print them.

    The database file is rewritten, since its free pages contain deleted data. That needs as much free disk
    space as the archive is large.

    Args:
        archive: opened for writing.
        article_id: the article.
        scope: article, or contacts.
        reason: the reason in one line, without the redacted data.
        now: the time, ISO 8601 with offset.
        contacts_in: finds the contacts in a text; of earlier versions only the text is stored.

    Raises:
        ArchiveError: there is no such article; or all is redacted, but the file still has the old bytes.
    """
    conn = archive.conn
    if conn.execute("SELECT 1 FROM articles WHERE id = ?", (article_id,)).fetchone() is None:
        raise ArchiveError(f"article {article_id} is not in the archive")
    finish_redaction(archive)
    with archive.transaction():
        printed = sorted(_printed(conn, article_id, contacts_in)) if scope == "contacts" else []
        _mark(conn, {"article": article_id, "scope": scope, "reason": reason, "now": now, "printed": printed})
    finish_redaction(archive)


def unfinished_redaction(conn: sqlite3.Connection) -> int | None:
    """Return the article whose redaction was started but not finished, if any."""
    mark = _read_mark(conn)
    return None if mark is None else int(mark["article"])


def finish_redaction(archive: Archive) -> None:
    """Finish an unfinished redaction, if there is one; every step may be repeated.

    Args:
        archive: opened for writing and locked.

    Raises:
        ArchiveError: all rows are redacted, but the file still has the old bytes, as a reader keeps them.
        MachineError: the same for lack of disk space.
    """
    conn, mark = archive.conn, _read_mark(archive.conn)
    if mark is None:
        return
    if not mark.get("erased"):
        with archive.transaction():
            _erase(archive, mark)
            _mark(conn, {"article": mark["article"], "erased": True})
    for path in unneeded_files(archive.files, needed_files(conn)):
        path.unlink(missing_ok=True)
        sync_folder(path.parent)  # after a power failure the mark would be gone, and the file there again
    try:
        archive.rewrite()
    except (ArchiveError, MachineError) as error:
        raise type(error)(
            f"the rows are redacted, but the file still holds their bytes: {error}; then"
            " run: briefing redact --resume"
        ) from error
    with archive.transaction():
        conn.execute("DELETE FROM settings WHERE key = ?", (UNFINISHED,))


def needed_files(conn: sqlite3.Connection) -> set[str]:
    """Return the names of stored files that a capture or an unredacted article refers to."""
    rows = conn.execute(
        "SELECT sha256 FROM bodies WHERE codec = 'file'"
        " UNION SELECT f.sha256 FROM attachments f JOIN articles a ON a.id = f.article_id"
        " WHERE f.sha256 IS NOT NULL AND (a.site, a.section, a.native_id) NOT IN"
        " (SELECT site, section, native_id FROM redactions)"
        " UNION SELECT json_extract(f.value, '$.sha256') FROM versions v,"
        " json_each(v.earlier, '$.attachments') f JOIN articles a ON a.id = v.article_id"
        " WHERE json_valid(v.earlier) AND json_extract(f.value, '$.sha256') IS NOT NULL"
        " AND (a.site, a.section, a.native_id) NOT IN (SELECT site, section, native_id FROM redactions)"
    )
    return {sha256 for (sha256,) in rows}


def _mark(conn: sqlite3.Connection, mark: Mapping[str, Any]) -> None:
    """Store the mark of the redaction; it contains the printed values until the rows are redacted."""
    conn.execute(
        "INSERT INTO settings (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (UNFINISHED, json.dumps(mark, ensure_ascii=False)),
    )


def _read_mark(conn: sqlite3.Connection) -> dict[str, Any] | None:
    row = conn.execute("SELECT value FROM settings WHERE key = ?", (UNFINISHED,)).fetchone()
    if row is None:
        return None
    mark: dict[str, Any] = json.loads(row["value"])
    return mark


def _erase(archive: Archive, mark: Mapping[str, Any]) -> None:
    """Redact the rows, the index and the stored bytes of one article, and write its tombstone."""
    conn, article_id = archive.conn, mark["article"]
    article = conn.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    _drop_bytes(archive, article)
    unindex_article(conn, article_id)
    if mark["scope"] == "article":
        _blank(conn, article)
    else:
        _mask(conn, article, mark["printed"])
    index_article(conn, article_id)
    optimize(conn)
    conn.execute(
        "INSERT INTO redactions (site, section, native_id, scope, reason, redacted_at)"
        " SELECT :site, :section, :native_id, :scope, :reason, :now"
        " WHERE NOT EXISTS (SELECT 1 FROM redactions"
        " WHERE site = :site AND section = :section AND native_id = :native_id AND scope = :scope)",
        {**{name: article[name] for name in ("site", "section", "native_id")}, **mark},
    )


def others_alike(conn: sqlite3.Connection, article_id: int) -> dict[int, str]:
    """Return the articles that may print the same, with the reason; call before redacting."""
    rows = conn.execute(
        "SELECT related_id, kind FROM relations WHERE article_id = :article"
        " UNION SELECT article_id, kind FROM relations WHERE related_id = :article"
        " UNION SELECT f.article_id, 'file' FROM attachments f JOIN attachments mine USING (sha256)"
        " WHERE mine.article_id = :article AND f.article_id <> :article ORDER BY 1, 2",
        {"article": article_id},
    )
    reasons: dict[int, str] = {}
    for other_id, reason in rows:
        reasons[other_id] = f"{reasons[other_id]}, {reason}" if other_id in reasons else reason
    return reasons


def bury(conn: sqlite3.Connection, row: Mapping[str, Any]) -> None:
    """Write the tombstone of an article that another archive redacted.

    An article that this archive has is left alone: redacting it is up to its operator.

    Args:
        conn: in a transaction.
        row: site, section, native_id, url, published_at, first_seen_at, layout and parser of the article;
            scope, reason and redacted_at of its redaction.
    """
    held = find(conn, row["site"], row["section"], row["native_id"])
    if held is not None and held["state"] != "redacted":
        return
    if held is None:
        cursor = conn.execute(
            "INSERT INTO articles (site, section, native_id, url, title, published_at, state, fingerprint,"
            " first_seen_at, changed_at, checked_at, layout, parser) VALUES (:site, :section, :native_id,"
            " :url, :removed, :published_at, 'redacted', '', :first_seen_at, :redacted_at, :redacted_at,"
            " :layout, :parser)",
            {**row, "removed": REMOVED},
        )
        article_id = int(cursor.lastrowid or 0)
        conn.execute("INSERT INTO article_texts (article_id) VALUES (?)", (article_id,))
        conn.execute(
            "INSERT INTO versions (article_id, number, kind, seen_at, fingerprint)"
            " VALUES (?, 1, 'new', ?, '')",
            (article_id, row["first_seen_at"]),
        )
        index_article(conn, article_id)
    conn.execute(
        "INSERT INTO redactions (site, section, native_id, scope, reason, redacted_at)"
        " SELECT :site, :section, :native_id, :scope, :reason, :redacted_at WHERE NOT EXISTS (SELECT 1 FROM"
        " redactions WHERE site = :site AND section = :section AND native_id = :native_id"
        " AND scope = :scope AND redacted_at = :redacted_at)",
        row,
    )


def _drop_bytes(archive: Archive, article: sqlite3.Row) -> None:
    """Remove bytes and headers of every capture that shows the article; its files are deleted later.

    Lists are redacted for contacts too: the lead on a list may be the whole text.
    """
    conn, captures = archive.conn, Captures(archive.conn, archive.files)
    taken = _captures_of(conn, article["id"])
    conn.executemany("UPDATE captures SET headers = '[]' WHERE id = ?", [(row_id,) for row_id in taken])
    bodies = {*taken.values(), *_files_of(conn, article["id"]), *_lists_showing(conn, captures, article)}
    bodies -= _shared(conn, article["id"], bodies)
    captures.replace_dictionaries(bodies)
    conn.executemany(
        "UPDATE bodies SET codec = 'redacted', content = NULL, dictionary_id = NULL WHERE sha256 = ?",
        [(sha256,) for sha256 in sorted(bodies)],
    )


def _captures_of(conn: sqlite3.Connection, article_id: int) -> dict[int, str]:
    """Return the captures of the article's page, files and viewer, each with the hash of its body."""
    rows = conn.execute(
        "SELECT c.id, c.body_sha256 FROM captures c WHERE c.kind NOT IN ('list', 'api', 'sitemap') AND ("
        " c.id IN (SELECT capture_id FROM article_captures WHERE article_id = :article)"
        " OR c.id IN (SELECT capture_id FROM versions WHERE article_id = :article)"
        " OR c.url IN (SELECT url FROM article_urls WHERE article_id = :article)"
        " OR c.url IN (SELECT url FROM attachments WHERE article_id = :article))",
        {"article": article_id},
    )
    return {row_id: sha256 for row_id, sha256 in rows}  # noqa: C416  # rows are no pairs to the type checker


def _files_of(conn: sqlite3.Connection, article_id: int) -> set[str]:
    """Return the files that the article links, or linked in an earlier version."""
    rows = conn.execute(
        "SELECT sha256 FROM attachments WHERE article_id = :article AND sha256 IS NOT NULL"
        " UNION SELECT json_extract(f.value, '$.sha256') FROM versions v,"
        " json_each(v.earlier, '$.attachments') f WHERE v.article_id = :article"
        " AND json_extract(f.value, '$.sha256') IS NOT NULL",
        {"article": article_id},
    )
    return {sha256 for (sha256,) in rows}


def _lists_showing(conn: sqlite3.Connection, captures: Captures, article: sqlite3.Row) -> set[str]:
    """Find the list pages that show the article's headline and lead, by its id in their bytes."""
    rows = conn.execute(
        "SELECT DISTINCT c.body_sha256 FROM captures c JOIN bodies b ON b.sha256 = c.body_sha256"
        " WHERE c.kind IN (SELECT value FROM json_each(?)) AND b.codec = 'zstd'",
        (json.dumps(sorted(LISTS)),),
    ).fetchall()
    return {sha256 for (sha256,) in rows if shows(captures.body(sha256), article["native_id"])}


def _shared(conn: sqlite3.Connection, article_id: int, bodies: Iterable[str]) -> set[str]:
    """Return the files that another, unredacted article links as well."""
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
        "UPDATE article_texts SET body_html = '', body_markdown = '', body_text = '', post = NULL"
        " WHERE article_id = ?",
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


def _printed(
    conn: sqlite3.Connection, article_id: int, contacts_in: Callable[[str], Iterable[Contact]]
) -> set[str]:
    """Collect the names, numbers and e-mail addresses that the texts of an article print."""
    contacts = [*load_contacts(conn, article_id)]
    for text in _texts(conn, article_id):
        contacts += contacts_in(text)
    return {
        value
        for contact in contacts
        for value in (contact.person, *contact.phones, *contact.faxes, *contact.emails)
        if value and len(value) > 1
    }


def _mask(conn: sqlite3.Connection, article: sqlite3.Row, printed: Iterable[str]) -> None:
    """Mask the contacts' printed values in all texts of the article, and delete the contacts."""
    conn.execute("DELETE FROM contacts WHERE article_id = ?", (article["id"],))
    conn.execute("DELETE FROM pending_visits WHERE article_id = ?", (article["id"],))
    if not printed:
        return
    pattern = re.compile("|".join(map(_loosely, sorted(printed, key=len, reverse=True))), re.IGNORECASE)

    def masked(text: str | None) -> str | None:
        return None if text is None else pattern.sub(_blackened, text)

    conn.create_function("masked", 1, masked, deterministic=True)
    for table, columns in MASKED.items():
        key = "id" if table == "articles" else "article_id"
        changes = ", ".join(f"{column} = masked({column})" for column in columns)
        conn.execute(f"UPDATE {table} SET {changes} WHERE {key} = ?", (article["id"],))  # noqa: S608  # names of ours
    conn.execute(
        "UPDATE listed_items SET title = masked(title) WHERE site = ? AND section = ? AND native_id = ?",
        (article["site"], article["section"], article["native_id"]),
    )


def _texts(conn: sqlite3.Connection, article_id: int) -> list[str]:
    """Read every text of an article, those of earlier versions and of files no longer linked included."""
    rows = conn.execute(
        "SELECT body_text FROM article_texts WHERE article_id = :article"
        " UNION SELECT text FROM attachments WHERE article_id = :article AND text IS NOT NULL"
        " UNION SELECT json_extract(earlier, '$.body') FROM versions WHERE article_id = :article"
        " AND json_extract(earlier, '$.body') IS NOT NULL",
        {"article": article_id},
    )
    return [text for (text,) in rows]


def _loosely(printed: str) -> str:
    """Return a pattern for a value with any spacing or markup (홍 길 동, 044.200 - 0001, 홍<b>길동</b>)."""
    if printed.isdigit():  # a short number: 129 is not 12.9
        return rf"(?<!\d){printed}(?!\d)"
    between = r"(?:<[^<>]*>|\\[nrt]|[\s).·/*_\\‐-―-])*"
    return between.join(re.escape(sign) for sign in printed if not sign.isspace() and sign != "-")


def _blackened(found: re.Match[str]) -> str:
    """Replace each character by a circle, and keep HTML tags between them."""
    return re.sub(r"(?s)<[^<>]*>|.", lambda sign: sign[0] if len(sign[0]) > 1 else MASK, found[0])
