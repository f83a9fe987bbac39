"""The SQL functions of search."""

from __future__ import annotations

import json
import threading
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from archive.organizations import names_found_by
from archive.search import highlighter, parse, search, search_ko, snippet

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

MARKS = ("\ue000", "\ue001")
"""Stand for ``<mark>`` and ``</mark>`` in SQL results until the cell is drawn; no text holds them."""

MOST_RANKED = 1000
"""Articles that ``rank_ko`` gives at most, as many as Datasette shows."""

MOST_READ = 1 << 20
"""Characters of a text in which ``snippet_ko`` looks: it runs within one step, which no interrupt ends."""

_RAISED = "user-defined function raised exception"
_refusals = threading.local()


def register_functions(conn: sqlite3.Connection) -> None:
    """Register ``search_ko(query)``, ``snippet_ko(text, query)`` and ``rank_ko(query, limit)``.

    ``rank_ko`` returns the ids of the best articles as a JSON array, for ``json_each``. ``escape_fts``, which
    Datasette applies to the text of its search box, is an alias of ``search_ko``.
    """

    def matching(query: Any) -> str:
        return search_ko(_text(query), partial(names_found_by, conn))  # knows the ministries of this archive

    def excerpt(text: Any, query: Any) -> str:
        return snippet(_text(text)[:MOST_READ], highlighter(parse(_text(query))), marks=MARKS)

    def ranked(query: Any, limit: Any) -> str:
        most = 20 if limit is None else limit
        if not isinstance(most, int) or most < 0:
            raise ValueError("rank_ko(query, limit): the limit is a whole number")
        return json.dumps([hit.id for hit in search(conn, _text(query), limit=min(most, MOST_RANKED))])

    conn.create_function("search_ko", 1, _noted(matching), deterministic=True)
    conn.create_function("escape_fts", 1, _noted(matching), deterministic=True)
    conn.create_function("snippet_ko", 2, _noted(excerpt), deterministic=True)
    conn.create_function("rank_ko", 2, _noted(ranked))


def message_of(error: Exception) -> str:
    """Return the message of an SQLite error; if one of our functions raised it, that function's message."""
    message = str(error)
    return _refusals.message if message == _RAISED and hasattr(_refusals, "message") else message


def _noted(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function to record its exception, which SQLite reports without a message."""

    @wraps(function)
    def call(*values: Any) -> Any:
        try:
            return function(*values)
        except Exception as error:
            _refusals.message = str(error)
            raise

    return call


def _text(value: Any) -> str:
    """Cast as SQLite does: a blob is UTF-8."""
    if value is None:
        return ""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
