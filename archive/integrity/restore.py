"""Restore what is lost or damaged from a snapshot of the archive, row by row; what is sound stays as it is.

A snapshot has the row numbers of its archive. What the archive holds and the snapshot does not is never
touched, so an old snapshot loses nothing that came after it.
"""

from __future__ import annotations

from contextlib import closing, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

from archive.articles.compare import text_hash
from archive.articles.relations import mark_related
from archive.captures.store import Captures
from archive.database import Archive
from archive.errors import ArchiveError, Unreadable, UsageError
from archive.integrity.repair import damaged, drop_damaged_files, repair
from archive.integrity.verify import RULES
from archive.schema import SCHEMA_VERSION
from archive.search import check, rebuild

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archive.store import Store

ADDED = ("versions", "article_urls", "attachments")
"""Tables in which rows of an article are added, and not replaced."""

CURRENT = ("article_texts", "text_hashes", "contacts", "images", "links", "sources")
"""Tables that hold the current version of an article as its parser extracted it."""

OF_ARTICLE = "article_id = ?"
OF_CONTACT = """contact_id IN (
  SELECT id FROM main.contacts JOIN snapshot.contacts USING (id, article_id) WHERE article_id = ?)"""
OF_VISIT = """article_id = ? AND role <> 'checked' AND capture_id IN (
  SELECT id FROM main.captures JOIN snapshot.captures USING (id, url, body_sha256))"""
SAME_ARTICLE = """
SELECT (a.version, a.fingerprint, a.parser, a.capture_id)
  IS (s.version, s.fingerprint, s.parser, s.capture_id) AS is_same_version
FROM main.articles a JOIN snapshot.articles s USING (id, site, section, native_id)
WHERE id = ? AND NOT EXISTS (SELECT 1 FROM main.redactions r
  WHERE (r.site, r.section, r.native_id) = (a.site, a.section, a.native_id))
"""
LOST = """
SELECT sha256 FROM main.bodies b JOIN snapshot.bodies s USING (sha256)
WHERE b.codec = 'hash' AND s.codec IN ('zstd', 'file')
"""


class _OnlyShown(Exception):
    """Ends the transaction of a dry run."""


def restore(
    store: Store,
    now: Callable[[], str],
    snapshot: Path | None,
    relate: Callable[[Store], int],
    *,
    dry_run: bool = False,
) -> list[str]:
    """Restore rows and bytes from a snapshot, give up damaged bytes that it lacks, and rebuild what follows.

    Args:
        store: writes the archive, which is locked.
        now: returns the time, ISO 8601 with offset.
        snapshot: an earlier copy of the archive; None where there is none.
        relate: finds the relations that are not stored.
        dry_run: change nothing.

    Returns:
        A line for each thing restored or given up.

    Raises:
        UsageError: the snapshot is of another schema version, or of another archive.
        ArchiveError: the snapshot cannot be read; nothing was changed.
        MachineError: this machine refuses to read or write; nothing was changed.
    """
    archive = store.archive
    lines: list[str] = []
    there = _attached(archive, snapshot) if snapshot else nullcontext()
    with there, suppress(_OnlyShown), archive.transaction():
        bodies: dict[str, str] = {}
        if snapshot:
            lines += _rows(archive.conn)
            bodies = _bodies(store, snapshot, dry_run=dry_run)
        lines += [*bodies.values(), *repair(store, now, spared=bodies)]
        lines += _index(archive.conn)
        lines += _relations(store, relate)
        if dry_run:
            raise _OnlyShown
    if not dry_run:
        drop_damaged_files(archive.files)
    return lines


@contextmanager
def _attached(archive: Archive, snapshot: Path) -> Iterator[None]:
    """Attach a snapshot for reading, under the name ``snapshot``.

    Raises:
        UsageError: it is of another schema version, or of another archive.
        ArchiveError: it cannot be read.
    """
    with Archive.open(snapshot) as source:
        version = source.schema_version
        if version != SCHEMA_VERSION:
            raise UsageError(
                f"{snapshot} has schema {version}, not {SCHEMA_VERSION}: import a copy of it instead"
            )
        begun = "SELECT id, command, started_at FROM runs ORDER BY id LIMIT 1"
        if list(map(tuple, source.conn.execute(begun))) != list(map(tuple, archive.conn.execute(begun))):
            raise UsageError(f"{snapshot} is no snapshot of {archive.path}: their first runs differ")
    archive.conn.execute("ATTACH ? AS snapshot", (f"{snapshot.absolute().as_uri()}?mode=ro",))
    try:
        yield
    finally:
        archive.conn.execute("DETACH snapshot")


def _rows(conn: sqlite3.Connection) -> Iterator[str]:
    """Restore rows that others refer to, and those of articles that break a rule of ``verify``."""
    yield from _rows_referred_to(conn)
    conn.create_function("text_hash", 1, text_hash, deterministic=True)
    queries = [query for line, query in RULES.items() if "article {}" in line]
    for article_id in sorted({row[0] for query in queries for row in conn.execute(query)}):
        if _restore_article(conn, article_id):
            yield f"article {article_id}: rows restored from the snapshot"


def _bodies(store: Store, snapshot: Path, *, dry_run: bool) -> dict[str, str]:
    """Restore the bytes that the snapshot holds; return a line for each by its hash."""
    lost = {sha256 for sha256, _problem in damaged(store)}
    lost.update(sha256 for (sha256,) in store.archive.conn.execute(LOST))
    lines = {}
    with Archive.open(snapshot) as source:
        held = Captures(source.conn, source.files)
        for sha256 in sorted(lost):
            try:
                content = held.body(sha256)
            except Unreadable:
                raise
            except ArchiveError:
                continue  # the snapshot lacks it too
            if store.captures.restore(content, dry_run=dry_run):
                lines[sha256] = f"bytes {sha256}: restored from the snapshot"
    return lines


def _index(conn: sqlite3.Connection) -> Iterator[str]:
    if check(conn):
        rebuild(conn)
        yield "the search index: built anew from the texts"


def _relations(store: Store, relate: Callable[[Store], int]) -> Iterator[str]:
    """Find relations as if no article had been related yet; those stored stay."""
    conn, count = store.archive.conn, "SELECT count(*) FROM relations"
    (before,) = conn.execute(count).fetchone()
    mark_related(conn, 0)
    relate(store)
    (after,) = conn.execute(count).fetchone()
    if after > before:
        yield f"{after - before} relations: found again in the texts"


def _rows_referred_to(conn: sqlite3.Connection) -> Iterator[str]:
    """Restore rows that others refer to and that are not there, and what these refer to in turn."""
    conn.execute("PRAGMA defer_foreign_keys = ON")
    restored = True
    while restored:
        restored = False
        for table, row, parent, key in conn.execute("PRAGMA main.foreign_key_check").fetchall():
            keys = conn.execute(f"PRAGMA main.foreign_key_list({table})").fetchall()
            _, _, _, column, referred, *_ = next(found for found in keys if found[0] == key)
            (value,) = conn.execute(f"SELECT {column} FROM main.{table} WHERE rowid = ?", (row,)).fetchone()  # noqa: S608
            if _insert(conn, parent, f"{referred or 'id'} = ?", value):
                restored = True
                yield f"row {value} of {parent}: restored from the snapshot"


def _restore_article(conn: sqlite3.Connection, article_id: int) -> int:
    """Restore the rows of an article, unless it is redacted; return how many.

    A row number may have been given to another article since, so it must be the same in both. What belongs to
    its current version is restored only where both hold the same one, from the same page, and replaced only
    by at least as many rows.
    """
    article = conn.execute(SAME_ARTICLE, (article_id,)).fetchone()
    if article is None:
        return 0
    added = sum(_insert(conn, table, OF_ARTICLE, article_id) for table in ADDED)
    if not article["is_same_version"]:
        return added
    added += _insert(conn, "article_captures", OF_VISIT, article_id)
    conn.execute("SAVEPOINT current")
    dropped = [_delete(conn, table, article_id) for table in CURRENT]
    restored = [_insert(conn, table, OF_ARTICLE, article_id) for table in CURRENT]
    points = _insert(conn, "contact_points", OF_CONTACT, article_id)
    if any(new < old for new, old in zip(restored, dropped, strict=True)):
        conn.execute("ROLLBACK TO current")
        restored, points = [], 0
    conn.execute("RELEASE current")
    return added + sum(restored) + points


def _delete(conn: sqlite3.Connection, table: str, article_id: int) -> int:
    return conn.execute(f"DELETE FROM main.{table} WHERE {OF_ARTICLE}", (article_id,)).rowcount  # noqa: S608


def _insert(conn: sqlite3.Connection, table: str, condition: str, value: object) -> int:
    """Copy rows that are not there, and return how many; names of tables and columns are the schema's."""
    with closing(conn.execute(f"PRAGMA main.table_info({table})")) as described:
        columns = ", ".join(row["name"] for row in described)
    into = f"INSERT OR IGNORE INTO main.{table} ({columns})"
    rows = f" SELECT {columns} FROM snapshot.{table} WHERE {condition}"  # noqa: S608
    return conn.execute(into + rows, (value,)).rowcount
