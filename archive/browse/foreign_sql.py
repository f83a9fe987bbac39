"""SQL of readers, run in processes that can be killed, to bound time and memory.

SQLite can be interrupted between two rows only, and LIKE with a long pattern on a text of 15 MB takes 16
seconds within one row (SQLite 3.40, 2026-11). So a query that exceeds its limit is ended by killing its
process, and the next query gets a new one.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from datasette.database import Database, QueryInterrupted, Results
from datasette.utils.asgi import Base400

from archive.browse.answering import interrupted_after, values_of
from archive.browse.metadata import SETTINGS
from archive.browse.site import site_of
from archive.errors import Exceeded
from archive.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

AT_A_TIME: Final = 4
"""Queries that run at once, each in a process of about 40 MB; the others wait."""

PATIENCE: Final = 10.0
"""Seconds that a query waits for its turn; then the answer is 503."""

LONGEST: Final = SETTINGS["sql_time_limit_ms"] / 1000
"""Seconds after which a query is interrupted."""

OVERTIME: Final = 0.5
"""Seconds after that at which one that SQLite cannot interrupt is killed."""

OWN_LIMIT: Final = 10.0
"""Seconds that queries of our own take at most, which run in the server: pages of articles, and search."""

_MODULE: Final = "archive.browse.answering"


class Busy(Base400):  # type: ignore[misc]  # Datasette ships no types
    """The maximum number of queries is running."""

    status = 503

    def __init__(self) -> None:
        super().__init__("too many queries are running; come again in a minute")


class BoundedDatabase(Database):  # type: ignore[misc]  # Datasette ships no types
    """A Datasette database whose SQL runs in other processes."""

    async def execute(
        self,
        sql: str,
        params: Mapping[str, Any] | Sequence[Any] | None = None,
        truncate: bool = False,
        custom_time_limit: float | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,  # noqa: ARG002  # of Datasette; here the reader gets the error and no log does
    ) -> Any:
        """Run a query, as Datasette does, and return its rows.

        Raises:
            QueryInterrupted: it exceeded its time limit.
            Exceeded: it exceeded its memory limit, or its result is too large.
            Busy: too many others are running.
            sqlite3.Error: any other error of SQLite.
        """
        limit = min((custom_time_limit or self.ds.sql_time_limit_ms) / 1000, LONGEST)
        # A page of the maximum size needs one more row, by which Datasette knows that another page follows.
        most = self.ds.max_returned_rows + ((page_size or self.ds.page_size) == self.ds.max_returned_rows)
        given = list(params) if isinstance(params, list | tuple) else dict(params or {})
        wanted = most + 1 if truncate else None
        public = site_of(self.ds).public
        try:
            answer = await _PROCESSES.call(f"{_MODULE}:answer", self._uri, sql, given, limit, wanted, public)
        except Exceeded as error:
            if error.state == "timeout":
                raise QueryInterrupted(error, sql, params) from error
            raise
        if "error" in answer:
            failed = getattr(sqlite3, answer["error"])(answer["detail"])
            raise QueryInterrupted(failed, sql, params) if answer["detail"] == "interrupted" else failed
        rows = _rows(answer["columns"], values_of(answer["rows"]))
        cut = truncate and len(rows) > most
        return Results(rows[:most] if cut else rows, cut, [(name, *[None] * 6) for name in answer["columns"]])

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        """Run a function on a connection; raises QueryInterrupted if it takes too long."""

        def within_limit(conn: sqlite3.Connection) -> Any:
            with interrupted_after(OWN_LIMIT, conn):
                return fn(conn)

        try:
            return await super().execute_fn(within_limit)
        except sqlite3.OperationalError as error:
            if error.args == ("interrupted",):
                raise QueryInterrupted(error, "", None) from error
            raise

    @property
    def _uri(self) -> str:
        return f"{Path(self.path).absolute().as_uri()}?{'mode=ro' if self.is_mutable else 'immutable=1'}"


def _rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[sqlite3.Row]:
    """Return ``sqlite3.Row`` objects, as Datasette expects; SQLite makes them of a cursor only."""
    if not columns:
        return []
    named = ", ".join('NULL AS "{}"'.format(name.replace('"', '""')) for name in columns)
    with contextlib.closing(sqlite3.connect(":memory:")) as conn:
        cursor = conn.execute(f"SELECT {named}")  # names are quoted
        return [sqlite3.Row(cursor, tuple(values)) for values in rows]


class _Processes:
    """The processes that run queries, started on demand, each used by one thread at a time."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="query")
        self._lock = threading.Lock()
        self._idle: list[Sandbox] = []
        self._running: set[Sandbox] = set()

    async def call(self, *call: Any) -> dict[str, Any]:
        """Call a function in one of them; raises as :meth:`Sandbox.call` does, and Busy."""
        asked_at = time.monotonic()

        def called() -> dict[str, Any]:
            if time.monotonic() - asked_at > PATIENCE:
                raise Busy
            with self._one() as process:
                answer: dict[str, Any] = process.call(*call)
                return answer

        return await asyncio.get_running_loop().run_in_executor(self._threads, called)

    @contextlib.contextmanager
    def _one(self) -> Iterator[Sandbox]:
        with self._lock:
            process = self._idle.pop() if self._idle else Sandbox(_MODULE, deadline=LONGEST + OVERTIME)
            self._running.add(process)
        try:
            yield process
        finally:
            with self._lock:
                if process in self._running:  # else all were closed meanwhile
                    self._running.remove(process)
                    self._idle.append(process)

    def close(self) -> None:
        """Kill all processes, running queries included; the next query starts a new one."""
        with self._lock:
            ended = [*self._idle, *self._running]
            self._idle.clear()
            self._running.clear()
        for process in ended:
            process.close()


_PROCESSES = _Processes()
close = _PROCESSES.close
atexit.register(close)
