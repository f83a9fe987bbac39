"""Changes after publication: the words that one edit changed, and lists of edits and deletions."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from archive.articles.diff import differences
from archive.articles.history import history

if TYPE_CHECKING:
    import sqlite3

    from archive.articles.diff import Change
    from archive.articles.history import Version

FIELDS = {
    "title": "제목",
    "subtitle": "부제목",
    "published_at": "발표 시각",
    "organization": "부처",
    "body": "본문",
    "attachments": "첨부파일",
}
KINDS = {
    "new": "처음 수집",
    "edit": "고침",
    "gone": "지워짐",
    "restored": "되살아남",
    "superseded": "다시 올림",
}
LATER = tuple(kind for kind in KINDS if kind != "new")
"""Kinds of changes after an article was first seen."""

CONTEXT = 40  # characters of unchanged text beside a change in a list
MOST = 6  # changed stretches of one field that a list shows


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one edit.

    Attributes:
        words: the comparison, word by word.
        removed, added: how many words occur on one side only.
    """

    field: str
    words: tuple[Change, ...]
    removed: int
    added: int


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One version of an article with its changes."""

    version: Version
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """One article that was edited, deleted, restored or re-issued, in a list.

    Attributes:
        changed: names of the edited fields.
        fields: the changes in them.
    """

    id: int
    site: str
    section: str
    native_id: str
    title: str
    organization: str | None
    published_at: str | None
    state: str
    number: int
    kind: str
    seen_at: str
    changed: tuple[str, ...] = ()
    fields: tuple[FieldChange, ...] = ()

    @property
    def path(self) -> str:
        """Its permanent path in the reading room."""
        return f"/a/{self.site}/{self.section}/{self.native_id}"


def versions_of(conn: sqlite3.Connection, article_id: int) -> tuple[VersionChange, ...]:
    """Compare every version of an article with the previous one, newest first."""
    return tuple(
        VersionChange(
            version, tuple(_compared(edit.field, edit.before, edit.after) for edit in version.edits)
        )
        for version in reversed(history(conn, article_id))
    )


def latest(
    conn: sqlite3.Connection,
    kinds: tuple[str, ...],
    *,
    limit: int,
    offset: int = 0,
    ministry: str | None = None,
    compared: bool = True,
) -> list[Changed]:
    """List the latest changes of the kinds given, each with the words that changed.

    Args:
        conn: a connection to an archive.
        kinds: of edit, gone, restored, superseded.
        limit: how many at most.
        offset: how many to skip.
        ministry: key of the ministry whose articles changed; None for all.
        compared: whether the words that changed are read too.
    """
    only = " AND a.organization_id = (SELECT id FROM organizations WHERE key = ?)" if ministry else ""
    of_kind = (  # of each kind alone, as the index has them in their order
        "SELECT * FROM (SELECT v.id, v.seen_at FROM versions v JOIN articles a ON a.id = v.article_id"  # noqa: S608  # ours
        f" WHERE v.kind = ? AND a.state <> 'redacted'{only} ORDER BY v.seen_at DESC, v.id DESC LIMIT ?)"
    )
    of_kinds = [(kind, *([ministry] if ministry else []), limit + offset) for kind in kinds]
    rows = conn.execute(
        "SELECT a.id, a.site, a.section, a.native_id, a.title, a.organization, a.published_at, a.state,"  # noqa: S608  # ours
        " v.number, v.kind, v.seen_at, v.changed"
        # Chosen before the texts are read, which a public server masks.
        f" FROM (SELECT id FROM ({' UNION ALL '.join([of_kind] * len(kinds))})"
        " ORDER BY seen_at DESC, id DESC LIMIT ? OFFSET ?) chosen"
        " JOIN versions v ON v.id = chosen.id JOIN articles a ON a.id = v.article_id"
        " ORDER BY v.seen_at DESC, v.id DESC",
        (*chain.from_iterable(of_kinds), limit, offset),
    ).fetchall()
    found = [replace(Changed(*row[:-1]), changed=tuple(json.loads(row[-1]))) for row in rows]
    if not compared:
        return found
    return [replace(one, fields=_fields(conn, one.id, one.number)) for one in found]


def count(conn: sqlite3.Connection, kinds: tuple[str, ...]) -> int:
    """Count the changes of the kinds given."""
    marks = ", ".join("?" * len(kinds))
    (every,) = conn.execute(f"SELECT count(*) FROM versions WHERE kind IN ({marks})", kinds).fetchone()  # noqa: S608  # ours
    (redacted,) = conn.execute(  # in this order: there are few redactions
        "SELECT count(DISTINCT v.id) FROM main.redactions r"  # noqa: S608  # ours
        " CROSS JOIN articles a USING (site, section, native_id) CROSS JOIN versions v ON v.article_id = a.id"
        f" WHERE a.state = 'redacted' AND v.kind IN ({marks})",
        kinds,
    ).fetchone()
    return int(every) - int(redacted)


def _fields(conn: sqlite3.Connection, article_id: int, number: int) -> tuple[FieldChange, ...]:
    """Compare the fields of one version; only those that changed."""
    version = next(one for one in history(conn, article_id) if one.number == number)
    if version.kind != "edit":
        return ()
    return tuple(_shortened(_compared(edit.field, edit.before, edit.after)) for edit in version.edits)


def _compared(field: str, before: str, after: str) -> FieldChange:
    words = differences(before, after)
    return FieldChange(
        field,
        words,
        sum(len(one.text.split()) for one in words if one.kind == "removed"),
        sum(len(one.text.split()) for one in words if one.kind == "added"),
    )


def _shortened(change: FieldChange) -> FieldChange:
    """Keep the first changes with a little context."""
    kept: list[Change] = []
    changed = 0
    for one in change.words:
        if one.kind != "kept":
            changed += 1
            kept.append(one if len(one.text) <= 300 else type(one)(one.kind, one.text[:300] + " …"))
            continue
        if changed >= MOST:
            break
        text = one.text if len(one.text) <= 2 * CONTEXT else f"{one.text[:CONTEXT]} … {one.text[-CONTEXT:]}"
        if not kept and len(one.text) > CONTEXT:
            text = f"… {one.text[-CONTEXT:]}"
        kept.append(type(one)(one.kind, text))
    return FieldChange(change.field, tuple(kept), change.removed, change.added)
