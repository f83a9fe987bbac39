"""The directory of contacts: units with their people and numbers, and when each was printed.

Every query uses indexes, at the same cost in an archive of a million articles: names of units are searched
among the distinct names, numbers by their beginning or their last four digits.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

PAGE = 50  # units on one page
NEWEST = 200  # articles whose units are shown without a query
SCANNED = 1_500
"""How many contacts are looked at for one answer: the newest, so that a common word costs no more."""

_NUMBER = re.compile(r"[\d\s().+-]{3,}")
_ENDING = 4  # trailing digits of a number that are indexed

# The distinct values of a column by steps through its index, of which there are far fewer than rows.
_DISTINCT = """WITH RECURSIVE names(name) AS (
  SELECT min({column}) FROM contacts WHERE {where}
  UNION ALL
  SELECT (SELECT min({column}) FROM contacts WHERE {where} AND {column} > name)
  FROM names WHERE name IS NOT NULL)
SELECT name FROM names WHERE name LIKE ? ESCAPE '\\'"""

_UNITS = """SELECT coalesce(o.name, c.organization, ''), coalesce(c.department, ''), c.person, c.rank,
  substr(a.published_at, 1, 10), c.article_id,
  (SELECT group_concat(kind || ':' || printed, char(31)) FROM contact_points WHERE contact_id = c.id)
FROM contacts c JOIN articles a ON a.id = c.article_id LEFT JOIN organizations o ON o.id = c.organization_id
WHERE c.id IN (SELECT value FROM json_each(?)) AND a.state <> 'redacted'"""


@dataclass(frozen=True, slots=True)
class Directory:
    """One page of the units that match, grouped by ministry.

    Attributes:
        ministries: name → units, each with department, people, points, first, last, articles.
        count: units that match.
        capped: whether there are more contacts than were examined.
    """

    q: str
    page: int
    pages: int
    ministries: dict[str, list[dict[str, Any]]]
    count: int
    capped: bool


def directory(
    conn: sqlite3.Connection, q: str, page: int = 1, *, size: int = PAGE, persons: bool = True
) -> Directory:
    """Look units up by name, person or number in any form.

    Args:
        conn: a connection to an archive.
        q: part of a unit's or ministry's name, a person's whole name, a mail address, or the beginning or end
            of a number; "" for the units of the newest articles.
        page: which page of the units.
        size: units of a page.
        persons: whether names of people may be searched and shown.
    """
    q = q.strip()[:100]
    ids = _matching(conn, q, persons=persons)
    units = _collected(conn, ids[:SCANNED], persons=persons)
    ordered = sorted(
        units.values(), key=lambda one: (-one["articles"], one["organization"], one["department"])
    )
    capped = len(ids) > SCANNED or (not q and _articles(conn, NEWEST + 1) > NEWEST)
    pages = max(-(-len(ordered) // size), 1)
    page = min(page, pages)
    ministries: dict[str, list[dict[str, Any]]] = {}
    for one in ordered[(page - 1) * size : page * size]:
        ministries.setdefault(one["organization"], []).append(one)
    return Directory(q, page, pages, ministries, len(units), capped)


def _matching(conn: sqlite3.Connection, q: str, *, persons: bool) -> list[int]:
    """List the contacts that match, newest first; one more than are examined."""
    if not q:
        sql = (
            "SELECT c.id FROM"
            " (SELECT id, published_at FROM articles ORDER BY published_at DESC LIMIT ?) newest"
            " JOIN contacts c ON c.article_id = newest.id ORDER BY newest.published_at DESC"
        )
        return [row[0] for row in conn.execute(sql, (NEWEST,))]
    if _NUMBER.fullmatch(q):
        return _by_number(conn, q)
    if "@" in q:
        return _ids(conn, "contact_id FROM contact_points WHERE kind = 'email' AND printed = ?", q.lower())
    return _by_name(conn, q, persons=persons)


def _articles(conn: sqlite3.Connection, most: int) -> int:
    """Count the articles, up to a number."""
    (count,) = conn.execute("SELECT count(*) FROM (SELECT 1 FROM articles LIMIT ?)", (most,)).fetchone()
    return int(count)


def _by_number(conn: sqlite3.Connection, q: str) -> list[int]:
    """Find numbers by their beginning or end, with or without hyphens or the country code."""
    digits = re.sub(r"\D", "", q)
    if q.strip().startswith(("+82", "82")):
        digits = "0" + digits.removeprefix("82").removeprefix("0")
    found: list[str] = []
    if len(digits) >= _ENDING:
        rows = conn.execute(
            "SELECT DISTINCT printed FROM contact_points WHERE substr(printed, -4) = ? AND kind <> 'email'",
            (digits[-_ENDING:],),
        )
        found = [row[0] for row in rows if row[0].replace("-", "").endswith(digits)]
    if not found:
        for cut in range(2, len(digits) + 1):  # where the first hyphen may be
            start = f"{digits[:cut]}-{digits[cut:]}".rstrip("-")
            rows = conn.execute(
                "SELECT DISTINCT printed FROM contact_points WHERE printed >= ? AND printed < ?"
                " AND kind <> 'email' LIMIT 1000",
                (start, start + ":"),  # the character after the digits
            )
            found += [row[0] for row in rows]
    return _ids(
        conn,
        "contact_id FROM contact_points WHERE kind <> 'email'"
        " AND printed IN (SELECT value FROM json_each(?))",
        json.dumps(found),
    )


def _by_name(conn: sqlite3.Connection, q: str, *, persons: bool) -> list[int]:
    """Find units and ministries by a part of their name, persons by the whole name."""
    pattern = "%" + re.sub(r"([%_\\])", r"\\\1", q) + "%"
    columns = {"department": "department IS NOT NULL", "organization": "organization_id IS NULL"}
    ids: set[int] = set()
    for column, where in columns.items():
        rows = conn.execute(_DISTINCT.format(column=column, where=where), (pattern,))
        names = json.dumps([row[0] for row in rows])
        sql = f"id FROM contacts WHERE {where} AND {column} IN (SELECT value FROM json_each(?))"  # noqa: S608  # ours
        ids |= set(_ids(conn, sql, names))
    ministries = "SELECT id FROM organizations WHERE name LIKE ? ESCAPE '\\'"
    ids |= set(_ids(conn, f"id FROM contacts WHERE organization_id IN ({ministries})", pattern))
    if persons:
        ids |= set(_ids(conn, "id FROM contacts WHERE person = ?", q))
    return sorted(ids, reverse=True)


def _ids(conn: sqlite3.Connection, sql: str, value: str) -> list[int]:
    rows = conn.execute(f"SELECT DISTINCT {sql} ORDER BY 1 DESC LIMIT {SCANNED + 1}", (value,))
    return [row[0] for row in rows]


def _collected(
    conn: sqlite3.Connection, ids: list[int], *, persons: bool
) -> dict[tuple[str, str], dict[str, Any]]:
    """Group contacts by unit: its people, numbers, number of articles, first and last day."""
    units: dict[tuple[str, str], dict[str, Any]] = {}
    for organization, department, person, rank, day, article_id, points in conn.execute(
        _UNITS, (json.dumps(ids),)
    ):
        unit = units.setdefault(
            (organization, department),
            {
                "organization": organization,
                "department": department,
                "people": {},
                "points": {},
                "first": day,
                "last": day,
                "ids": set(),
                "articles": 0,
            },
        )
        unit["first"] = min(filter(None, (unit["first"], day)), default=None)
        unit["last"] = max(filter(None, (unit["last"], day)), default=None)
        unit["ids"].add(article_id)
        unit["articles"] = len(unit["ids"])
        if person and persons:
            unit["people"].setdefault(f"{person} {rank or ''}".strip(), None)
        for point in (points or "").split("\x1f"):
            kind, _, printed = point.partition(":")
            if printed and (persons or not person):
                unit["points"].setdefault((kind, printed), None)
    return units
