"""One article of another archive: copied, or merged with the one that is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archive.articles.compare import is_degraded_layout
from archive.articles.lifecycle import find, is_redacted
from archive.articles.load import load_article
from archive.join.history import events_of, told
from archive.search import index_article, unindex_article

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from archive.database import Archive
    from archive.join.captures import JoinedCaptures
    from archive.join.history import Told
    from archive.join.rows import Rows
    from archive.store import Store

KEY = ("site", "section", "native_id")
PARTS = ("article_texts", "sources", "images", "links")
OWN = ("id", *KEY, "first_seen_at", "checks", "version", "changed_at", "fingerprint", "state")


def join_article(store: Store, shard: Archive, rows: Rows, captures: JoinedCaptures, article_id: int) -> str:
    """Copy or merge one article; return new, merged, unchanged or frozen (it is redacted here)."""
    row = shard.conn.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    if load_article(shard.conn, article_id) is None:
        raise ValueError("it cannot be read")
    conn = store.archive.conn
    key = (row["site"], row["section"], row["native_id"])
    held = find(conn, *key)
    if held is not None:
        rows.note("articles", article_id, held["id"])
    if is_redacted(conn, *key) or row["state"] == "redacted":
        return "frozen"
    if is_redacted(shard.conn, *key) and held is not None:
        return "frozen"  # masked there, whole here: it is for the keeper of this archive to redact it
    if held is None:
        _insert(rows, captures, row)
        return "new"
    return _merge(shard, rows, captures, row, held)


def _insert(rows: Rows, captures: JoinedCaptures, row: sqlite3.Row) -> None:
    article_id = int(row["id"])
    number = rows.copy(
        "articles",
        row,
        capture_id=captures.number(row["capture_id"]),
        superseded_by_id=None,  # related once all articles are in
        missing_run_id=rows.number("runs", row["missing_run_id"]),
    )
    _copy_parts(rows, article_id)
    _copy_links(rows, captures, article_id, number)
    for version in rows.of_article("versions", article_id):
        rows.copy("versions", version, capture_id=captures.number(version["capture_id"]))
    for hashed in rows.of_article("text_hashes", article_id):
        rows.copy("text_hashes", hashed)
    index_article(rows.here, number)


def _merge(shard: Archive, rows: Rows, captures: JoinedCaptures, row: sqlite3.Row, held: sqlite3.Row) -> str:
    """Merge two states of one article: the later one wins, and the versions of both become one history."""
    conn, number = rows.here, int(held["id"])
    before = conn.total_changes
    ours = events_of(conn, number, lambda capture_id: capture_id)
    theirs = events_of(shard.conn, row["id"], captures.number)
    history = told([*ours, *theirs])
    if _is_better(row, held):
        _replace(rows, captures, row, held)
    else:
        _copy_links(rows, captures, row["id"], number, roles_held=True)
        _add_hashes(rows, row["id"], number)
    _write_history(conn, number, history)
    conn.execute(
        "UPDATE articles SET first_seen_at = min(first_seen_at, :first), checks = max(checks, :checks)"
        " WHERE id = :id AND (first_seen_at > :first OR checks < :checks)",
        {"id": number, "first": row["first_seen_at"], "checks": row["checks"]},
    )
    return "merged" if conn.total_changes > before else "unchanged"


def _is_better(row: sqlite3.Row, held: sqlite3.Row) -> bool:
    """Return whether the other archive's state is the later one; a guess never replaces a recognised page."""
    guessed, known = is_degraded_layout(row["layout"]), not is_degraded_layout(held["layout"])
    if guessed == known:
        return not guessed
    return bool(row["checked_at"] > held["checked_at"])


def _replace(rows: Rows, captures: JoinedCaptures, row: sqlite3.Row, held: sqlite3.Row) -> None:
    """Replace fields, texts, files and contacts by the other archive's."""
    conn, number, article_id = rows.here, int(held["id"]), int(row["id"])
    unindex_article(conn, number)
    values = {name: value for name, value in rows.values("articles", row).items() if name not in OWN}
    values |= {
        "capture_id": captures.number(row["capture_id"]),
        "superseded_by_id": None,
        "checked_at": max(row["checked_at"], held["checked_at"]),
    }
    changes = ", ".join(f"{name} = ?" for name in values)
    conn.execute(f"UPDATE articles SET {changes} WHERE id = ?", [*values.values(), number])  # noqa: S608
    removed = _files_removed(conn, number, rows, article_id, row["changed_at"])
    for table in ("contacts", "attachments", *PARTS):
        conn.execute(f"DELETE FROM {table} WHERE article_id = ?", (number,))  # noqa: S608  # names of ours
    _copy_parts(rows, article_id)
    for values in removed:
        marks = ", ".join("?" * len(values))
        conn.execute(
            f"INSERT INTO attachments ({', '.join(values)}) VALUES ({marks})",  # noqa: S608
            [*values.values()],
        )
    conn.execute("DELETE FROM article_captures WHERE article_id = ?", (number,))
    _copy_links(rows, captures, article_id, number)
    for hashed in rows.of_article("text_hashes", article_id):
        conn.execute(
            "INSERT INTO text_hashes (article_id, source, sha256) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET sha256 = excluded.sha256",
            (number, hashed["source"], hashed["sha256"]),
        )
    index_article(conn, number)


def _files_removed(
    conn: sqlite3.Connection, number: int, rows: Rows, article_id: int, when: str
) -> list[dict[str, Any]]:
    """Keep the files that only the archive written to knows, as no longer linked."""
    known = {file["file_id"] for file in rows.of_article("attachments", article_id)}
    files = conn.execute(
        "SELECT f.*, t.text AS own_text FROM attachments f"
        " JOIN attachment_texts t ON t.attachment_id = f.id WHERE f.article_id = ?",
        (number,),
    )
    kept = []
    for file in files:
        if file["file_id"] in known:
            continue
        values = dict(file)
        own = values.pop("own_text")
        del values["id"]
        kept.append(
            values
            | {"text": own, "text_in": None, "twin_of_id": None, "removed_at": file["removed_at"] or when}
        )
    return kept


def _copy_parts(rows: Rows, article_id: int) -> None:
    """Copy texts, files, contacts, sources, pictures and links."""
    for table in PARTS:
        for part in rows.of_article(table, article_id):
            rows.copy(table, part)
    files = rows.of_article("attachments", article_id)
    for file in files:
        rows.copy("attachments", file, twin_of_id=None)
    for file in files:
        if file["twin_of_id"] is not None:
            twin = rows.number("attachments", file["twin_of_id"])
            copied = rows.number("attachments", file["id"])
            rows.here.execute("UPDATE attachments SET twin_of_id = ? WHERE id = ?", (twin, copied))
    for contact in rows.of_article("contacts", article_id):
        rows.copy("contacts", contact)
        points = rows.there.execute(
            "SELECT * FROM contact_points WHERE contact_id = ? ORDER BY id", (contact["id"],)
        )
        for point in points.fetchall():
            rows.copy("contact_points", point)


def _copy_links(
    rows: Rows, captures: JoinedCaptures, article_id: int, number: int, *, roles_held: bool = False
) -> None:
    """Copy from which captures the fields were read, and under which URLs the article was seen.

    Where the fields held stay, the captures of theirs do as well: only URLs are added.
    """
    for link in () if roles_held else rows.of_article("article_captures", article_id):
        rows.here.execute(
            "INSERT OR IGNORE INTO article_captures (article_id, role, capture_id) VALUES (?, ?, ?)",
            (number, link["role"], captures.number(link["capture_id"])),
        )
    for seen in rows.of_article("article_urls", article_id):
        rows.here.execute(
            "INSERT INTO article_urls (url, article_id, first_seen_at) VALUES (:url, :article, :first)"
            " ON CONFLICT DO UPDATE SET first_seen_at = excluded.first_seen_at"
            " WHERE first_seen_at > excluded.first_seen_at",
            {"url": seen["url"], "article": number, "first": seen["first_seen_at"]},
        )


def _add_hashes(rows: Rows, article_id: int, number: int) -> None:
    """Add the hashes of texts that were read only by the other archive."""
    for hashed in rows.of_article("text_hashes", article_id):
        rows.here.execute(
            "INSERT OR IGNORE INTO text_hashes (article_id, source, sha256) VALUES (?, ?, ?)",
            (number, hashed["source"], hashed["sha256"]),
        )


def _write_history(conn: sqlite3.Connection, number: int, history: list[Told]) -> None:
    """Write the versions where they differ from those held, and the article's state to match."""
    wanted = [version.row() for version in history]
    held = conn.execute(
        "SELECT kind, seen_at, changed, earlier, fingerprint, capture_id FROM versions"
        " WHERE article_id = ? ORDER BY number",
        (number,),
    )
    if [tuple(row) for row in held] != wanted:
        conn.execute("DELETE FROM versions WHERE article_id = ?", (number,))
        conn.executemany(
            "INSERT INTO versions (article_id, number, kind, seen_at, changed, earlier, fingerprint,"
            " capture_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(number, place, *row) for place, row in enumerate(wanted, 1)],
        )
    last = history[-1]
    state: Mapping[str, str] = {"gone": "gone", "superseded": "superseded"}
    conn.execute(
        "UPDATE articles SET version = :version, changed_at = :changed, state = :state, fingerprint = :mark"
        " WHERE id = :id AND (version, changed_at, state, fingerprint)"
        " IS NOT (:version, :changed, :state, :mark)",
        {
            "id": number,
            "version": len(history),
            "changed": last.seen_at,
            "state": state.get(last.kind, "live"),
            "mark": last.fingerprint,
        },
    )
