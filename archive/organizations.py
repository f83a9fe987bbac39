"""The table of ministries and agencies, brought to the state that the project's data gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

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


def write_organizations(conn: sqlite3.Connection, organizations: Sequence[Organization]) -> None:
    """Write ministries and agencies where they differ; row numbers stay, none is deleted."""
    conn.executemany(
        UPSERT,
        [
            (o.key, o.name, o.name_en, o.code, o.valid_from, o.valid_to, json.dumps(o.successors))
            for o in organizations
        ],
    )
    conn.executemany(PARENT, [{"parent": o.parent, "key": o.key} for o in organizations])
