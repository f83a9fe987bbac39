"""An archive joins another, whole: what two crawls gathered apart becomes one archive.

The other archive is foreign input: it is only read, its bytes are checked against their hashes, and what is
damaged in it costs itself. An article held by both is merged by time: the later state wins, versions follow
one another in the order in which they were seen, and equal ones are told once. Joining again changes nothing.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archive.database import Archive
from archive.errors import ArchiveError, InputError, machine_error
from archive.integrity.interrupted import is_interruption
from archive.integrity.scratch import scratch_folder
from archive.integrity.snapshot import snapshot
from archive.join.accounts import join_accounts, join_redactions, join_relations
from archive.join.articles import join_article
from archive.join.captures import JoinedCaptures
from archive.join.rows import Rows
from archive.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archive.store import Store


def join(store: Store, path: Path, complain: Callable[[str], None] = lambda _line: None) -> Counter[str]:
    """Take another archive into the one of the store; return how many articles were new, merged, unchanged.

    Args:
        store: writes the archive, which is held.
        path: the other archive; its folder of files beside it.
        complain: called with a line for everything that is damaged in it, or was left out.

    Raises:
        InputError: the file is not an archive, is of a newer schema, or is this very archive; or it is so
            damaged that nothing more can be read of it. What was joined by then is whole.
    """
    if path.resolve() == store.archive.path.resolve():
        raise InputError("an archive cannot join itself")
    counts: Counter[str] = Counter()
    try:
        with _readable(path, store.archive.path) as shard:
            _join(store, shard, counts, complain)
    except ArchiveError as error:
        raise InputError(str(error)) from error
    except sqlite3.DatabaseError as error:
        if is_interruption(error):
            raise
        raise machine_error(error) or InputError(f"the archive is damaged: {error}") from error
    return counts


@contextmanager
def _readable(path: Path, beside: Path) -> Iterator[Archive]:
    """Open an archive for reading; one of an earlier schema as a migrated copy beside another path."""
    with Archive.open(path) as shard:
        shard.conn.execute("PRAGMA trusted_schema = OFF")
        if shard.schema_version == SCHEMA_VERSION:
            shard.conn.execute("BEGIN")
            yield shard
            return
    with scratch_folder(beside) as folder:
        copy = folder / path.name
        snapshot(path, copy)
        Archive.create_or_open(copy).close()
        copy.with_suffix(".files").symlink_to(path.with_suffix(".files").absolute())
        with Archive.open(copy) as shard:
            yield shard


def _join(store: Store, shard: Archive, counts: Counter[str], complain: Callable[[str], None]) -> None:
    rows = Rows(store.archive.conn, shard.conn)
    captures = JoinedCaptures(store, shard, rows, complain)
    with store.archive.transaction():
        rows.match("organizations", ("key",))
        rows.match("runs", ("command", "arguments", "started_at", "version"))
        for line in join_redactions(store.archive.conn, shard.conn):
            complain(line)
    for (article_id,) in shard.conn.execute("SELECT id FROM articles ORDER BY id").fetchall():
        try:
            with store.archive.transaction():
                counts[join_article(store, shard, rows, captures, article_id)] += 1
        except (ArchiveError, ValueError, TypeError, KeyError, sqlite3.IntegrityError) as error:
            if is_interruption(error):
                raise
            rows.forget("articles", article_id)
            counts["failed"] += 1
            complain(f"article {article_id} of {shard.path.name} is damaged: {error}")
    with store.archive.transaction():
        captures.join_lists()
        join_relations(store.archive.conn, shard.conn, rows)
        join_accounts(store.archive.conn, shard.conn, rows)
    counts["failed"] += captures.damaged
