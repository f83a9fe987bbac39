"""The views that researchers read, each with its description."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """One view: what a row is, its columns, and its query."""

    name: str
    title: str
    description: str
    columns: dict[str, str]
    query: str

    def statement(self) -> str:
        """Write the CREATE statement."""
        return f"CREATE VIEW {self.name} ({', '.join(self.columns)}) AS\n{self.query}"


VIEWS: tuple[View, ...] = ()
