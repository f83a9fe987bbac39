"""Copy rows from one archive to another: rows get new numbers, and references follow them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archive.schema import TABLES

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

COLUMNS = {
    table.name: tuple(c.name for c in table.columns if "GENERATED" not in c.declaration) for table in TABLES
}
REFERENCES = {
    table.name: {
        column.name: found[1]
        for column in table.columns
        if (found := re.search(r"REFERENCES (\w+)\(id\)", column.declaration))
    }
    for table in TABLES
}


class Rows:
    """Copies rows and remembers which number each got here.

    Args:
        here: the archive written to, in a transaction.
        there: the archive read.
    """

    def __init__(self, here: sqlite3.Connection, there: sqlite3.Connection) -> None:
        self.here = here
        self.there = there
        self._numbers: dict[str, dict[int, int]] = {table: {} for table in COLUMNS}

    def number(self, table: str, there: int | None) -> int | None:
        """Return the number here of a row there; None where it was not taken over."""
        return None if there is None else self._numbers[table].get(there)

    def note(self, table: str, there: int, here: int) -> None:
        """Remember that a row there is a row here."""
        self._numbers[table][there] = here

    def forget(self, table: str, there: int) -> None:
        """Forget a row whose copying was rolled back."""
        self._numbers[table].pop(there, None)

    def copy(self, table: str, row: sqlite3.Row, **changes: Any) -> int:
        """Insert a copy of one row with its references renumbered; return its number here."""
        values = self.values(table, row) | changes
        marks = ", ".join("?" * len(values))
        cursor = self.here.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})",  # noqa: S608  # names of ours
            [*values.values()],
        )
        number = int(cursor.lastrowid or 0)
        if "id" in COLUMNS[table]:
            self.note(table, row["id"], number)
        return number

    def values(self, table: str, row: sqlite3.Row) -> dict[str, Any]:
        """Return the columns of a row without its own number, references renumbered."""
        references = REFERENCES[table]
        return {
            name: self.number(references[name], row[name]) if name in references else row[name]
            for name in COLUMNS[table]
            if name != "id"
        }

    def of_article(self, table: str, article_id: int) -> list[sqlite3.Row]:
        """Read the rows of a table there that belong to one article."""
        query = f"SELECT * FROM {table} WHERE article_id = ? ORDER BY rowid"  # noqa: S608  # names of ours
        return self.there.execute(query, (article_id,)).fetchall()

    def match(self, table: str, key: Sequence[str]) -> None:
        """Find each row there among the rows here by its key; insert those that are not there."""
        query = f"SELECT id FROM {table} WHERE {' AND '.join(f'{name} IS ?' for name in key)}"  # noqa: S608
        rows: Iterable[sqlite3.Row] = self.there.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()  # noqa: S608
        for row in rows:
            held = self.here.execute(query, [row[name] for name in key]).fetchone()
            if held is not None:
                self.note(table, row["id"], held["id"])
            else:
                self.copy(table, row)
