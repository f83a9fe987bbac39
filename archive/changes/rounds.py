"""Rounds: the visits that are judged together, all those of one crawl and usually of one import.

An import replays visits of many days. There a round ends where an article shows a second state, so that each
state is judged together with what the site showed of other articles at that time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

Key: TypeAlias = "tuple[str, str, str]"


@dataclass(slots=True)
class Round:
    """The visits of one round.

    Attributes:
        visited: row numbers of the articles that were known before, and visited.
        states: fingerprint of the state of an article, by site, section and native id.
        listed: how lists read in this round show an article, by field; for files without those lists.
        after: captures up to this row number belong to rounds that are judged.
    """

    visited: set[int] = field(default_factory=set)
    states: dict[Key, str] = field(default_factory=dict)
    listed: dict[Key, Mapping[str, str]] = field(default_factory=dict)
    after: int = 0

    def shows_another(self, key: Key, state: str) -> bool:
        """Record the state of an article; return whether it differs from an earlier one of this round."""
        return self.states.setdefault(key, state) != state

    def begin(self, conn: sqlite3.Connection) -> None:
        """Begin the next round; list items are kept."""
        self.visited.clear()
        self.states.clear()
        (self.after,) = conn.execute("SELECT coalesce(max(id), 0) FROM captures").fetchone()


def came_with(conn: sqlite3.Connection, key: Key, run_id: int | None) -> bool:
    """Return whether an article was first stored by a run."""
    row = conn.execute(
        "SELECT 1 FROM articles a JOIN versions v ON v.article_id = a.id AND v.number = 1"
        " JOIN captures c ON c.id = v.capture_id"
        " WHERE a.site = ? AND a.section = ? AND a.native_id = ? AND c.run_id = ?",
        (*key, run_id),
    ).fetchone()
    return row is not None
