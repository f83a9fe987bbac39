"""What a table is made of: columns with their descriptions, constraints, indexes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its SQL declaration and what it means."""

    name: str
    declaration: str
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, its columns, constraints, indexes and triggers."""

    name: str
    description: str
    columns: tuple[Column, ...]
    constraints: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    title: str = ""

    def statements(self) -> tuple[str, ...]:
        """Write the CREATE statements of the table, its indexes and triggers."""
        lines = [f"{column.name} {column.declaration}" for column in self.columns] + list(self.constraints)
        return (f"CREATE TABLE {self.name} (\n  " + ",\n  ".join(lines) + "\n) STRICT", *self.indexes)


C = Column
ID = C("id", "INTEGER PRIMARY KEY", "Row number, assigned by the archive; it never changes.")
ARTICLE = "INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE"
"""Declares the column that says which article a row is of."""
