"""The archive file: opening it for one writer and many readers, and its transactions."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archive.errors import (
    ArchiveError,
    Held,
    InputError,
    NewerSchema,
    NotAnArchive,
    Unreadable,
    machine_error,
    reading,
)
from archive.integrity.interrupted import is_interruption
from archive.schema import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

BUSY_SECONDS = 60.0  # how long a writer waits for another's commit
PAUSE = 0.02  # seconds between two tries for a lock that SQLite does not wait for
STATEMENTS = 512  # kept compiled by a connection; storing an article takes some 40, a crawl about 200
STEPS = 1_000_000  # of SQLite's machine, between two looks for a signal: some 20 ms
PAGE_SIZE = 8192  # bytes; captured pages of 2 to 5 KB waste less of it than of 4,096


class Archive:
    """One open archive: the connection, the path, and the folder of files beside it.

    Make one with :meth:`create_or_open` (writers) or :meth:`open` (readers); both are context managers.

    Attributes:
        path: the SQLite file.
        conn: its connection, in autocommit mode; write inside :meth:`transaction`.
    """

    def __init__(self, path: Path, conn: sqlite3.Connection) -> None:
        self.path = path
        self.conn = conn
        self._writes = False

    @classmethod
    def create_or_open(cls, path: Path) -> Archive:
        """Open for writing; a missing or empty file becomes an archive, an older one is migrated.

        Raises:
            NotAnArchive: the file is no SQLite database, or not one of ours.
            NewerSchema: a newer version of this program wrote it.
            Unreadable: the file or its folder may not be written.
        """
        conn = _connect(path, f"{path.absolute().as_uri()}?mode=rwc")
        try:
            _check(conn, path, may_be_empty=True)
            conn.execute(f"PRAGMA page_size = {PAGE_SIZE}")
            _use_log(conn)
            conn.execute("PRAGMA synchronous = FULL")  # a commit is on the disk, whatever happens next
            conn.execute("PRAGMA foreign_keys = ON")
            _migrate(conn)
            _index(conn)
        except sqlite3.OperationalError as error:
            conn.close()
            if is_interruption(error):
                raise
            raise Unreadable(f"{path} cannot be written: {error}") from error
        except BaseException:
            conn.close()
            raise
        return cls(path, conn)

    @classmethod
    def open(cls, path: Path) -> Archive:
        """Open for reading only; a crawl may write at the same time.

        Raises:
            Unreadable: the file is missing or may not be read.
            NotAnArchive: the file is no SQLite database, or not one of ours.
            NewerSchema: a newer version of this program wrote it.
        """
        if not path.is_file():
            raise Unreadable(f"{path} does not exist")
        conn = _connect(path, f"{path.absolute().as_uri()}?mode=ro")
        try:
            _check(conn, path, may_be_empty=False)
        except BaseException:
            conn.close()
            raise
        return cls(path, conn)

    @property
    def files(self) -> Path:
        """The folder beside the archive where files lie by their sha256."""
        return self.path.with_suffix(".files")

    @property
    def schema_version(self) -> int:
        """The version of its tables, which is lower in an archive that was written by an earlier program."""
        return int(self.conn.execute("PRAGMA user_version").fetchone()[0])

    def close(self) -> None:
        """Close the connection."""
        self.conn.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep every other writing run out until the block ends, or this process does.

        What an earlier run was killed in is put in order first (:mod:`archive.integrity.recovery`).

        Raises:
            Held: another run holds the archive.
        """
        from filelock import FileLock, Timeout  # takes its time to load; readers need none

        from archive.integrity.recovery import recover  # it works on archives itself

        lock = FileLock(self.path.with_suffix(".lock"), timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise Held(f"{self.path} is held by another run; wait for it to end") from error
        try:
            recover(self)
            yield
        finally:
            lock.release()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all that the block writes, or nothing of it; a nested one joins the outer.

        Raises:
            MachineError: the disk is full, or does not take what is written; what was committed stays.
            Held: another program writes, and does not end.
            ArchiveError: SQLite rolled back what the block wrote, and the block went on.
        """
        if self.conn.in_transaction:
            yield
            return
        # Some errors (a full disk, an interrupt) end a transaction by themselves. What is written after one
        # would be committed alone.
        self._refuse_half(ended=self._writes)
        self._writes = True
        try:
            self.conn.execute("BEGIN IMMEDIATE")
            yield
            self._refuse_half(ended=not self.conn.in_transaction)
            self.conn.commit()
        except BaseException as error:
            self.conn.rollback()
            what = f"{self.path} cannot be written" if isinstance(error, sqlite3.Error) else ""
            if machine := machine_error(error, what):
                raise machine from error
            if isinstance(error, sqlite3.OperationalError) and _is_busy(error):
                raise Held(f"{self.path} is locked by another program") from error
            raise
        finally:
            self._writes = False

    def _refuse_half(self, *, ended: bool) -> None:
        if ended:
            raise ArchiveError(f"{self.path} was not written: SQLite rolled the transaction back")

    @contextmanager
    def savepoint(self, what: str) -> Iterator[None]:
        """Write all that a block writes or nothing of it, within the transaction that is open.

        Args:
            what: names in errors what is read meanwhile, e.g. "the record".

        Raises:
            InputError: what is to be stored breaks a constraint of the tables.
        """
        self.conn.execute("SAVEPOINT one")
        try:
            with reading(what):
                yield
        except BaseException as error:
            if self.conn.in_transaction:  # a full disk has ended it already
                self.conn.execute("ROLLBACK TO one")
                self.conn.execute("RELEASE one")
            if isinstance(error, (sqlite3.IntegrityError, sqlite3.DataError)):
                raise InputError(f"{what} cannot be stored: {error}") from error
            raise
        self.conn.execute("RELEASE one")

    def rewrite(self) -> None:
        """Write the file again from what it holds, so that nothing deleted stays in it or in its log.

        Raises:
            MachineError: the disk is full; what was committed stays.
            ArchiveError: a reader keeps the old log.
        """
        try:
            self.conn.execute("VACUUM")
            (kept, *_) = self.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            if is_interruption(error):
                raise
            what = f"{self.path} cannot be written anew"
            raise machine_error(error, what) or ArchiveError(f"{what}: {error}") from error
        if kept:
            raise ArchiveError(f"{self.path} cannot be written anew while it is read; stop its readers")


def _connect(path: Path, uri: str) -> sqlite3.Connection:
    if not path.parent.is_dir():
        raise Unreadable(f"the folder {path.parent} does not exist")
    try:
        conn = sqlite3.connect(
            uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS, cached_statements=STATEMENTS
        )
    except sqlite3.OperationalError as error:
        raise Unreadable(f"{path} cannot be opened: {error}") from error
    conn.row_factory = sqlite3.Row
    heed_signals(conn)
    return conn


def heed_signals(conn: sqlite3.Connection) -> None:
    """Interrupt a long statement on Ctrl-C: it raises OperationalError (SQLITE_INTERRUPT).

    Python looks for signals only when it runs, and while SQLite works it does not.
    """
    conn.set_progress_handler(lambda: 0, STEPS)


def _use_log(conn: sqlite3.Connection) -> None:
    """Turn the write-ahead log on, waiting for another process that is at it.

    SQLite asks for the exclusive lock this takes without its busy handler: two programs that create one
    archive at the same moment would fail each other.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            conn.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(PAUSE)
        else:
            return


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _migrate(conn: sqlite3.Connection) -> None:
    """Bring a file of an earlier schema, or an empty one, to the current one."""
    if conn.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
        # sqlite-utils is slow to load, and most files are current.
        from archive.migrations import migrate

        migrate(conn)


def _index(conn: sqlite3.Connection) -> None:
    """Make the search index where it is missing or of an earlier tokenizer."""
    from archive.search import create_index, is_current  # a third of a second that readers need not wait

    if not is_current(conn):
        conn.execute("BEGIN IMMEDIATE")
        create_index(conn)
        conn.commit()


def _check(conn: sqlite3.Connection, path: Path, *, may_be_empty: bool) -> None:
    """Refuse what is not ours before anything is written."""
    try:
        conn.execute("BEGIN")  # one moment: another program may be making the archive right now
        application = conn.execute("PRAGMA application_id").fetchone()[0]
        version = conn.execute("PRAGMA user_version").fetchone()[0]
        empty = conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        conn.commit()
    except sqlite3.OperationalError as error:
        raise Unreadable(f"{path} cannot be read: {error}") from error
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
            raise  # it is one, and damaged
        raise NotAnArchive(f"{path} is not a SQLite database") from error
    if empty and may_be_empty:
        return
    if application != APPLICATION_ID:
        raise NotAnArchive(f"{path} is a SQLite database, but not an archive of this program")
    if version > SCHEMA_VERSION:
        raise NewerSchema(
            f"{path} has schema {version}; this program knows {SCHEMA_VERSION}: install its newer version"
        )
