"""What one question to an archive may cost: SQLite's own limits, and how large an answer may grow.

Datasette bounds the time of a query and the number of its rows, but neither how long one step of SQLite takes
nor how large one value is: ``select zeroblob(900000000)`` is a single row of a single step.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

MEBI = 1 << 20
HEAP = 256 * MEBI
"""Bytes that SQLite may hold in this process, over all connections; a query that needs more ends."""

ANSWER = 24 * MEBI
"""Characters or bytes of all values of one answer. JSON may write one control character as six."""

LONGEST = 200
"""Characters that LIKE, instr, replace and trim may seek: their cost is the product of both lengths."""

WIDEST = 1000
"""Width and precision that printf and format may be given: SQLite repeats ``%c`` that often in one step."""

_WIDTHS = re.compile(r"%[-+ 0#!,l]*(\*|[0-9]*)(?:\.(\*|[0-9]*))?")

LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 16 * MEBI,  # bytes of one value or row, bodies in all their forms included
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,  # articles, our widest table, has fewer than 40
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 100_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: LONGEST,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 2000,  # Datasette asks for the labels of a page with one each
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
"""SQLite's run-time limits (https://www.sqlite.org/limits.html) for foreign queries."""


def limit_memory() -> None:
    """Bound what SQLite may allocate in this process; a query over it raises MemoryError."""
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute(f"PRAGMA hard_heap_limit = {HEAP}")


def limit(conn: sqlite3.Connection) -> None:
    """Bound what a query on this connection may cost, and how much it may answer."""
    for category, most in LIMITS.items():
        conn.setlimit(category, most)
    conn.row_factory = _counted()
    for name, counts, function in _FUNCTIONS:
        for count in counts:
            conn.create_function(name, count, function, deterministic=True)


def _counted() -> Callable[[sqlite3.Cursor, tuple[Any, ...]], sqlite3.Row]:
    """Make rows as Datasette does, and end an answer that grows beyond :data:`ANSWER`."""
    given: WeakKeyDictionary[sqlite3.Cursor, int] = WeakKeyDictionary()

    def row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        size = given.get(cursor, 0) + sum(len(value) for value in values if isinstance(value, str | bytes))
        if size > ANSWER:
            raise sqlite3.OperationalError(
                f"the answer is larger than {ANSWER // MEBI} MB: ask for fewer rows (_size) or columns (_col)"
            )
        given[cursor] = size
        return sqlite3.Row(cursor, values)

    return row


def _instr(text: Any, sought: Any) -> int | None:
    if text is None or sought is None:
        return None
    if isinstance(text, bytes) and isinstance(sought, bytes):
        return text.find(_short(sought)) + 1
    return _text(text).find(_short(_text(sought))) + 1


def _replace(text: Any, sought: Any, other: Any) -> str | None:
    if text is None or sought is None or other is None:
        return None
    whole, old, new = _text(text), _short(_text(sought)), _text(other)
    if not old:
        return whole
    if len(whole) + whole.count(old) * (len(new) - len(old)) > LIMITS[sqlite3.SQLITE_LIMIT_LENGTH]:
        raise sqlite3.DataError("string or blob too big")
    return whole.replace(old, new)


def _trimming(method: Callable[[str, str], str]) -> Callable[..., str | None]:
    def trim(text: Any, signs: Any = " ") -> str | None:
        return None if text is None or signs is None else method(_text(text), _short(_text(signs)))

    return trim


def _printf(form: Any = None, *values: Any) -> str | None:
    """Format as SQLite does, on a connection where its own function still stands."""
    if form is None:
        return None
    widths = [width for pair in _WIDTHS.findall(_text(form)) for width in pair if width]
    if any(width == "*" or len(width) > len(str(WIDEST)) or int(width) > WIDEST for width in widths):
        raise sqlite3.OperationalError(f"a width or precision in printf is a number up to {WIDEST}")
    marks = ", ".join("?" * (1 + len(values)))
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LIMITS[sqlite3.SQLITE_LIMIT_LENGTH])
        found: str | None = conn.execute(f"SELECT printf({marks})", (form, *values)).fetchone()[0]
        return found


def _refused(*_values: Any) -> None:
    raise sqlite3.OperationalError("this function is not offered: its cost has no bound")


def _text(value: Any) -> str:
    """Cast as SQLite does: a blob is UTF-8."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _short(sought: Any) -> Any:
    if len(sought) > LONGEST:
        raise sqlite3.OperationalError(f"what is sought is longer than {LONGEST} characters")
    return sought


# SQLite's own run within one step, which no time limit interrupts, for as long as both texts multiplied.
_FUNCTIONS: tuple[tuple[str, tuple[int, ...], Callable[..., Any]], ...] = (
    ("instr", (2,), _instr),
    ("replace", (3,), _replace),
    ("trim", (1, 2), _trimming(str.strip)),
    ("ltrim", (1, 2), _trimming(str.lstrip)),
    ("rtrim", (1, 2), _trimming(str.rstrip)),
    ("printf", (-1,), _printf),
    ("format", (-1,), _printf),
    ("json_patch", (2,), _refused),
)
