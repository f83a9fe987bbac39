"""The versions of one article, each with the fields that changed, before and after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3


EDITS = """
SELECT article_id, kind, title, coalesce(organization, ''), field, before, after
FROM edits ORDER BY seen_at, article_id, number, field DESC
"""


@dataclass(frozen=True, slots=True)
class Edit:
    """One field before and after; values of attachments are lines of file names."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article.

    Attributes:
        kind: new, edit, gone, restored or superseded.
        seen_at: when the archive saw it, ISO 8601 with offset.
        edits: the fields that changed; none for the first version.
    """

    number: int
    kind: str
    seen_at: str
    capture_id: int | None
    edits: tuple[Edit, ...]


def history(conn: sqlite3.Connection, article_id: int) -> tuple[Version, ...]:
    """Read every version of an article, the oldest first."""
    edits: dict[int, list[Edit]] = {}
    for row in conn.execute(
        "SELECT number, field, before, after FROM edits WHERE article_id = ? AND field IS NOT NULL",
        (article_id,),
    ):
        edit = Edit(row["field"], _text(row["field"], row["before"]), _text(row["field"], row["after"]))
        edits.setdefault(row["number"], []).append(edit)
    rows = conn.execute(
        "SELECT number, kind, seen_at, capture_id FROM versions WHERE article_id = ? ORDER BY number",
        (article_id,),
    )
    return tuple(
        Version(
            row["number"], row["kind"], row["seen_at"], row["capture_id"], tuple(edits.get(row["number"], ()))
        )
        for row in rows
    )


def all_edits(conn: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """List every change after publication, in the order seen.

    Returns:
        Article's number, kind, headline, organization, field, and the values before and after.
    """
    return [tuple(row) for row in conn.execute(EDITS)]


def _text(field: str, value: str | None) -> str:
    if field != "attachments" or value is None:
        return value or ""
    return "\n".join(
        f"{file['name']} ({(file['sha256'] or 'not fetched')[:12]})" for file in json.loads(value)
    )
