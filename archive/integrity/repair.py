"""Drop damaged stored bytes, so that the next visit stores them again.

Of bytes that do not match their hash only the hash is kept; no row of an article changes. Each article
concerned gets an open failure, which makes the next crawl request its page and files again, without
validators, and which is resolved by the visit that stores them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.articles.lifecycle import is_redacted
from archive.captures.files import file_hash, file_path, stored_files
from archive.errors import ArchiveError, Damaged
from archive.records import Failure

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Container, Iterator
    from pathlib import Path

    from archive.captures.store import Captures
    from archive.store import Store

CONCERNED = """
SELECT DISTINCT a.site, a.section, a.native_id, a.url FROM articles a
WHERE a.id IN (SELECT l.article_id FROM article_captures l JOIN captures c ON c.id = l.capture_id
               WHERE c.body_sha256 = :sha256)
  OR a.capture_id IN (SELECT id FROM captures WHERE body_sha256 = :sha256)
  OR a.id IN (SELECT article_id FROM attachments WHERE sha256 = :sha256 AND removed_at IS NULL)
"""


def repair(store: Store, now: Callable[[], str], *, spared: Container[str] = ()) -> list[str]:
    """Drop the rows of what is damaged and return a line for each; dictionaries are first restored.

    The damaged files themselves go with :func:`drop_damaged_files`, once this is committed.

    Args:
        store: writes the archive, which is locked.
        now: returns the time, ISO 8601 with offset.
        spared: hashes of bytes that are to be restored otherwise.
    """
    conn = store.archive.conn
    lines: list[str] = []
    with store.archive.transaction():
        lines += _restore_dictionaries(store.captures, conn)
        for sha256, problem in list(damaged(store)):
            if sha256 in spared:
                continue
            conn.execute(
                "UPDATE bodies SET codec = 'hash', content = NULL, dictionary_id = NULL WHERE sha256 = ?",
                (sha256,),
            )
            concerned = conn.execute(CONCERNED, {"sha256": sha256}).fetchall()
            for site, section, native_id, url in concerned:
                if not is_redacted(conn, site, section, native_id):
                    store.record_failure(Failure(site, url, "damaged", problem, now(), section, native_id))
            lines.append(f"{problem}: given up, {len(concerned)} articles are to be visited again")
        conn.execute(
            "DELETE FROM dictionaries WHERE NOT EXISTS"
            " (SELECT 1 FROM bodies WHERE dictionary_id = dictionaries.id)"
        )
    return lines


def drop_damaged_files(folder: Path) -> None:
    """Delete the stored files that do not have the hash that names them."""
    for path in stored_files(folder):
        if file_hash(path) != path.name:
            path.unlink()


def damaged(store: Store) -> Iterator[tuple[str, str]]:
    """Yield the bodies and files that are missing or do not match their hash."""
    conn, folder = store.archive.conn, store.archive.files
    rows = conn.execute("SELECT sha256 FROM bodies WHERE codec IN ('zstd', 'file') ORDER BY sha256")
    for (sha256,) in rows.fetchall():
        try:
            store.captures.body(sha256)
        except Damaged as error:
            yield sha256, str(error)
    captured = {sha256 for (sha256,) in conn.execute("SELECT sha256 FROM bodies")}
    for path in stored_files(folder):
        if path.name not in captured and file_hash(path) != path.name:
            yield path.name, f"file {file_path(folder, path.name)} does not have the hash that names it"


def _restore_dictionaries(captures: Captures, conn: sqlite3.Connection) -> Iterator[str]:
    """Rebuild a damaged dictionary from its source page, if that is compressed without it."""
    rows = conn.execute("SELECT id, layout, trained_at, sha256 FROM dictionaries").fetchall()
    for row in rows:
        if captures.is_sound(row["id"]):
            continue
        try:
            page = captures.body(row["sha256"])
        except ArchiveError:
            continue  # bodies compressed with it are dropped
        captures.make_dictionary(row["layout"], page, row["sha256"], row["trained_at"])
        yield f"dictionary {row['id']} was damaged: made anew from its page"
