"""Ministries and agencies: the table of them, and which ones a name finds.

A reader who looks for a ministry means the office, not its name of this year. A name finds the organizations
that have or had it, their predecessors, and, where none of them exists any more, their successors:
기획재정부 finds 재정경제부 and 기획예산처 of 2026 too, but 재정경제부 does not find 기획예산처, its sister.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archive.errors import UsageError
from archive.text.normalize import name_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from archive.records import Organization

UPSERT = """
INSERT INTO organizations (key, name, name_en, code, valid_from, valid_to, successors)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, code = excluded.code,
  valid_from = excluded.valid_from, valid_to = excluded.valid_to, successors = excluded.successors
WHERE (name, name_en, code, valid_from, valid_to, successors) IS NOT
  (excluded.name, excluded.name_en, excluded.code, excluded.valid_from, excluded.valid_to,
  excluded.successors)
"""
PARENT = """
UPDATE organizations SET parent_id = (SELECT id FROM organizations WHERE key = :parent)
WHERE key = :key AND parent_id IS NOT (SELECT id FROM organizations WHERE key = :parent)
"""
_NAMES = (
    "SELECT n.name, o.key, n.own FROM organization_names n JOIN organizations o ON o.id = n.organization_id"
)


def write_organizations(conn: sqlite3.Connection, organizations: Sequence[Organization]) -> None:
    """Write ministries and agencies with their names where they differ; row numbers stay, none is deleted."""
    conn.executemany(
        UPSERT,
        [
            (o.key, o.name, o.name_en, o.code, o.valid_from, o.valid_to, json.dumps(o.successors))
            for o in organizations
        ],
    )
    conn.executemany(PARENT, [{"parent": o.parent, "key": o.key} for o in organizations])
    names = set(found_by_name(organizations))
    if names != {tuple(row) for row in conn.execute(_NAMES)}:
        conn.execute("DELETE FROM organization_names")
        conn.executemany(
            "INSERT INTO organization_names (name, organization_id, own)"
            " SELECT ?, id, ? FROM organizations WHERE key = ?",
            [(name, own, key) for name, key, own in sorted(names)],
        )


def found_by_name(organizations: Iterable[Organization]) -> Iterator[tuple[str, str, bool]]:
    """Yield every name with the key of each organization that it finds, and whether that one bore it."""
    by_key = {organization.key: organization for organization in organizations}
    after = {key: one.successors for key, one in by_key.items()}
    before: dict[str, list[str]] = {key: [] for key in by_key}
    for key, successors in after.items():
        for successor in successors:
            before.setdefault(successor, []).append(key)
    bearers: dict[str, list[str]] = {}
    for key, one in by_key.items():
        for name in {one.name, *one.abbreviations}:
            bearers.setdefault(name, []).append(key)
    for name, keys in bearers.items():
        standing = [key for key in keys if by_key[key].valid_to is None]
        last = max(by_key[key].valid_to or "" for key in keys)
        latest = standing or [key for key in keys if by_key[key].valid_to == last]
        found = {*keys, *_reached(latest, before), *(() if standing else _reached(latest, after))}
        yield from ((name, key, key in keys) for key in found if key in by_key)


def _reached(keys: Iterable[str], steps: Mapping[str, Sequence[str]]) -> set[str]:
    """Follow steps from organizations to all that can be reached."""
    reached: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting += steps.get(key, ())
    return reached


def names_found_by(conn: sqlite3.Connection, name: str) -> tuple[str, ...]:
    """Return every name of the organizations that a name finds, the official ones of today first.

    Empty where no organization has the name, or the archive was written before names were kept.
    """
    alike = _known_names(conn).get(name_key(name))
    if not alike:
        return ()
    rows = conn.execute(
        "SELECT n.name FROM organization_names n JOIN organizations o ON o.id = n.organization_id WHERE n.own"
        " AND n.organization_id IN (SELECT organization_id FROM organization_names WHERE name IN"
        " (SELECT value FROM json_each(?))) ORDER BY o.valid_to IS NOT NULL, n.name <> o.name, 1",
        (json.dumps(alike),),
    )
    return tuple(dict.fromkeys(row[0] for row in rows))


def organizations_named(conn: sqlite3.Connection, name: str) -> tuple[int, ...]:
    """Return the row numbers of the organizations that a name finds.

    Raises:
        UsageError: no organization is called so; the nearest names are given.
    """
    known = _known_names(conn)
    if name_key(name) not in known:
        raise nobody_called(name, known)
    rows = conn.execute(
        "SELECT DISTINCT organization_id FROM organization_names"
        " WHERE name IN (SELECT value FROM json_each(?)) ORDER BY 1",
        (json.dumps(known[name_key(name)]),),
    )
    return tuple(row[0] for row in rows)


def near_names(conn: sqlite3.Connection, name: str) -> tuple[str, ...]:
    """Return the known names nearest to one that finds nobody."""
    known = _known_names(conn)
    return tuple(known[one][0] for one in _nearest(name, known))


def nobody_called(name: str, known: Iterable[str]) -> UsageError:
    """Make the error for an unknown name, with the known names nearest to it."""
    near = _nearest(name, known)
    meant = f"; did you mean {', '.join(near)}?" if near else ""
    return UsageError(f"no ministry or agency is called {name}{meant}")


def _nearest(name: str, known: Iterable[str]) -> list[str]:
    from difflib import get_close_matches  # only a wrong name needs it

    return get_close_matches(name_key(name), sorted(known), n=3, cutoff=0.5)


def _known_names(conn: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the names that find something, by how they read without spaces and dots."""
    known: dict[str, list[str]] = {}
    # An archive of an earlier version, open for reading, has no such table yet.
    if conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'organization_names'").fetchone():
        for (name,) in conn.execute("SELECT DISTINCT name FROM organization_names"):
            known.setdefault(name_key(name), []).append(name)
    return known
