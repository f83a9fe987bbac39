"""Run one query of a reader in a separate process, and return its rows as JSON data."""

from __future__ import annotations

import base64
import contextlib
import os
import sqlite3
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from archive.browse.limits import limit
from archive.browse.public import hide_contacts, names_of
from archive.browse.sql_functions import message_of, register_functions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ANSWER: Final = 24 << 20
"""Bytes of all values of one answer, texts as UTF-8."""

NICENESS: Final = 5
"""How far queries of readers stand behind the pages that the server itself makes."""


def answer(
    uri: str,
    sql: str,
    params: Mapping[str, Any] | Sequence[Any],
    seconds: float,
    most: int | None,
    public: bool,  # calls from another process have no keyword arguments
) -> dict[str, Any]:
    """Run a query on an archive.

    Args:
        uri: SQLite's URI of the archive.
        sql: the query.
        params: the values of its parameters.
        seconds: time limit, checked at each row.
        most: maximum number of rows; None for all.
        public: whether contact data is hidden.

    Returns:
        ``columns`` (names) and ``rows`` (lists of values, blobs as ``{"base64": …}``); or ``error`` (the name
        of an exception of sqlite3) and ``detail``.
    """
    conn = _connected(uri, public=public)
    try:
        with interrupted_after(seconds, conn), contextlib.closing(conn.cursor()) as cursor:
            cursor.execute(sql, params)
            return {
                "columns": [column[0] for column in cursor.description or ()],
                "rows": list(_within_bounds(cursor, most)),
            }
    except (sqlite3.Error, sqlite3.Warning) as error:
        return {"error": type(error).__name__, "detail": message_of(error)}


def values_of(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Return the values of rows as SQLite returned them."""
    return [
        [base64.b64decode(value["base64"]) if isinstance(value, dict) else value for value in row]
        for row in rows
    ]


@contextlib.contextmanager
def interrupted_after(seconds: float, conn: sqlite3.Connection) -> Iterator[None]:
    """Interrupt a connection after a time; its query raises OperationalError at the next row."""
    timer = threading.Timer(seconds, conn.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()  # so that it cannot interrupt a later query


@cache
def _connected(uri: str, *, public: bool) -> sqlite3.Connection:
    """Open an archive, once; its temporary storage is in memory, which is bounded."""
    with contextlib.suppress(AttributeError, OSError):  # not on Windows
        os.nice(NICENESS)
    conn = sqlite3.connect(uri, uri=True, check_same_thread=False)
    conn.execute("PRAGMA temp_store = MEMORY")
    if public:
        hide_contacts(conn, names_of(Path(unquote(urlsplit(uri).path))))
    limit(conn)
    register_functions(conn)
    return conn


def _within_bounds(cursor: sqlite3.Cursor, most: int | None) -> Iterator[list[Any]]:
    """Fetch rows; raises OperationalError if they exceed :data:`ANSWER`."""
    size = 0
    for number, values in enumerate(cursor):
        if number == most:
            return
        size += sum(map(_size, values))
        if size > ANSWER:
            raise sqlite3.OperationalError(
                f"the answer is larger than {ANSWER >> 20} MB: ask for fewer rows (_size) or columns (_col)"
            )
        yield [
            {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
            for value in values
        ]


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode())
    return len(value) if isinstance(value, bytes) else 8
