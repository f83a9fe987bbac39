"""The directory: which unit answered for what, under which number, from when to when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

PAGE = 50
SCANNED = 5_000  # contacts looked at for one answer; the newest, so that a common word costs no more

_PHONE = re.compile(r"[\d\s()+-]{3,}")


@dataclass(frozen=True, slots=True)
class Directory:
    """Units that match, grouped by ministry.

    Attributes:
        ministries: name → units, each with department, people, points, first, last, articles.
        capped: whether more contacts match than were looked at.
    """

    q: str
    ministries: dict[str, list[dict[str, Any]]]
    count: int
    capped: bool


def directory(conn: sqlite3.Connection, q: str, *, persons: bool = True) -> Directory:
    """Look units up by name, person or number in any form.

    Args:
        conn: a connection to an archive.
        q: part of a unit's or ministry's name, a person's whole name, or digits of a number; "" for the
            newest.
        persons: whether names of people may be searched and shown.
    """
    ids = _matching(conn, q.strip()[:100], persons=persons)
    units: dict[tuple[str, str], dict[str, Any]] = {}
    for chunk in range(0, min(len(ids), SCANNED), 500):
        _collect(conn, ids[chunk : chunk + 500], units, persons=persons)
    ordered = sorted(units.values(), key=lambda one: (-one["articles"], one["department"]))[: PAGE * 4]
    ministries: dict[str, list[dict[str, Any]]] = {}
    for one in ordered:
        ministries.setdefault(one["organization"], []).append(one)
    return Directory(q, ministries, len(units), len(ids) > SCANNED)


def _matching(conn: sqlite3.Connection, q: str, *, persons: bool) -> list[int]:
    limit = SCANNED + 1
    if not q:
        rows = conn.execute("SELECT id FROM contacts ORDER BY id DESC LIMIT 500")
    elif _PHONE.fullmatch(q):
        digits = re.sub(r"\D", "", q).removeprefix("82").lstrip("0")
        rows = conn.execute(
            "SELECT DISTINCT contact_id FROM contact_points WHERE kind <> 'email'"
            " AND replace(printed, '-', '') LIKE ? ORDER BY contact_id DESC LIMIT ?",
            (f"%{digits}%", limit),
        )
    elif "@" in q:
        rows = conn.execute(
            "SELECT DISTINCT contact_id FROM contact_points WHERE kind = 'email' AND instr(printed, ?)"
            " ORDER BY contact_id DESC LIMIT ?",
            (q.lower(), limit),
        )
    else:
        rows = conn.execute(
            "SELECT id FROM contacts c WHERE instr(department, :q) OR instr(organization, :q)"
            " OR organization_id IN (SELECT id FROM organizations WHERE instr(name, :q))"
            " OR (:persons AND person = :q) ORDER BY id DESC LIMIT :most",
            {"q": q, "persons": persons, "most": limit},
        )
    return [row[0] for row in rows]


def _collect(
    conn: sqlite3.Connection, ids: list[int], units: dict[tuple[str, str], dict[str, Any]], *, persons: bool
) -> None:
    marks = ", ".join("?" * len(ids))
    rows = conn.execute(
        "SELECT coalesce(o.name, c.organization, ''), coalesce(c.department, ''), c.person, c.rank,"  # noqa: S608
        " substr(a.published_at, 1, 10), c.article_id,"
        " (SELECT group_concat(kind || ':' || printed, char(31)) FROM contact_points WHERE contact_id = c.id)"
        " FROM contacts c JOIN articles a ON a.id = c.article_id"
        f" LEFT JOIN organizations o ON o.id = c.organization_id WHERE c.id IN ({marks})"
        " AND a.state <> 'redacted'",
        ids,
    )
    for organization, department, person, rank, day, article_id, points in rows:
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
