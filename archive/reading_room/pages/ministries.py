"""Ministries: each with its names over time, its output, its edits, and its contact units."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.reading_room.pages.changes import latest
from archive.reading_room.rendering.charts import Chart, chart
from archive.reading_room.search.find import Found

if TYPE_CHECKING:
    import sqlite3

    from archive.reading_room.pages.changes import Changed

MONTHS = 36
UNITS = 40
NEWEST = 500  # articles of a ministry from which its units are read
COUNTED = 5_000  # articles of a ministry whose checks, edits and deletions are counted
LATEST = 10  # articles listed

OUTPUT = """\
select month, count(*) as articles from articles
where organization_id = (select id from organizations where key = :ministry) and published_at >= :since
group by month order by month"""
"""Articles of a ministry by month: what its page shows as its SQL."""

_RECENT = (
    "(SELECT id, checks, version FROM articles WHERE organization_id = ? ORDER BY published_at DESC LIMIT ?)"
)

_NEWEST = """SELECT c.department, newest.id, substr(newest.published_at, 1, 10),
  (SELECT p.printed FROM contact_points p WHERE c.person IS NULL AND p.contact_id = c.id AND p.kind = 'phone'
   LIMIT 1)
FROM (SELECT id, organization_id, published_at FROM articles WHERE organization_id = ?
  ORDER BY published_at DESC LIMIT ?) newest
CROSS JOIN contacts c ON c.article_id = newest.id  -- in this order, not from all contacts of the ministry
WHERE +c.organization_id = newest.organization_id AND c.department IS NOT NULL"""


@dataclass(frozen=True, slots=True)
class MinistryPage:
    """One ministry or agency.

    Attributes:
        names: its earlier and later names, rows of ``organizations`` in chronological order.
        months: (YYYY-MM, articles) of its last months, those without articles included.
        since: the first month of which the articles are counted; "" when it has none with a date.
        chart: the same, drawn; None when it has no article with a date.
        counted: its newest articles, COUNTED at most, of which the next three are the numbers.
        edited, gone: how many of them were edited, deleted.
        checks: how often they were checked, the base for the number of edits.
        units: (department, numbers, articles, last day) of the units named most often in its newest articles.
    """

    ministry: dict[str, Any]
    names: tuple[dict[str, Any], ...]
    total: int
    since: str
    months: tuple[tuple[str, int], ...]
    chart: Chart | None
    counted: int
    edited: int
    gone: int
    checks: int
    changed: tuple[Changed, ...]
    units: tuple[dict[str, Any], ...]
    articles: tuple[Found, ...]


def ministries(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """List the ministries that have articles, those with most first."""
    rows = conn.execute(
        "SELECT o.key, o.name, o.name_en, n.articles FROM organizations o JOIN"
        " (SELECT organization_id, count(*) AS articles FROM articles GROUP BY organization_id) n"
        " ON n.organization_id = o.id ORDER BY n.articles DESC, o.name"
    )
    return [dict(zip(("key", "name", "name_en", "articles"), row, strict=True)) for row in rows]


def ministry_page(conn: sqlite3.Connection, key: str) -> MinistryPage | None:
    """Read one ministry; None for an unknown key."""
    cursor = conn.execute("SELECT * FROM organizations WHERE key = ?", (key,))
    row = cursor.fetchone()
    if row is None:
        return None
    ministry = dict(zip([column[0] for column in cursor.description], row, strict=True))
    total, newest = conn.execute(
        "SELECT count(*), max(published_at) FROM articles WHERE organization_id = ?", (ministry["id"],)
    ).fetchone()
    recent = (ministry["id"], COUNTED)
    counted, checks = conn.execute(
        f"SELECT count(*), coalesce(sum(checks), 0) FROM {_RECENT}",  # noqa: S608  # ours
        recent,
    ).fetchone()
    kinds = dict(
        conn.execute(
            f"SELECT v.kind, count(DISTINCT v.article_id) FROM {_RECENT} recent"  # noqa: S608  # ours
            " CROSS JOIN versions v ON v.article_id = recent.id"
            " WHERE recent.version > 1 AND v.kind IN ('edit', 'gone') GROUP BY v.kind",
            recent,
        ).fetchall()
    )
    since = _months_before(newest, MONTHS - 1) if newest else ""
    months = _months(conn.execute(OUTPUT, {"ministry": key, "since": since}).fetchall()) if newest else ()
    return MinistryPage(
        ministry,
        _names(conn, ministry),
        total,
        since,
        months,
        chart([month for month, _ in months], {"": [count for _, count in months]}) if months else None,
        counted,
        kinds.get("edit", 0),
        kinds.get("gone", 0),
        checks,
        tuple(latest(conn, ("edit", "gone"), limit=5, ministry=key)),
        _units(conn, ministry["id"]),
        _latest(conn, ministry["id"]),
    )


def _months_before(day: str, months: int) -> str:
    """Return the month that is so many before that of a day."""
    at = int(day[:4]) * 12 + int(day[5:7]) - 1 - months
    return f"{at // 12:04}-{at % 12 + 1:02}"


def _months(rows: list[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Return the months from the first to the last, with zero for those without articles."""
    counts = {row[0]: row[1] for row in rows}
    names = [max(counts)]
    while names[0] > min(counts):
        names.insert(0, _months_before(names[0], 1))
    return tuple((name, counts.get(name, 0)) for name in names)


def _latest(conn: sqlite3.Connection, organization_id: int) -> tuple[Found, ...]:
    rows = conn.execute(
        "SELECT id, site, section, native_id, title, published_at, organization, state, version FROM articles"
        " WHERE organization_id = ? AND state <> 'redacted' ORDER BY published_at DESC, id DESC LIMIT ?",
        (organization_id, LATEST),
    )
    return tuple(Found(*row) for row in rows)


def _names(conn: sqlite3.Connection, ministry: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return predecessors and successors, within a few steps."""
    rows = conn.execute("SELECT key, name, valid_from, valid_to, successors FROM organizations").fetchall()
    known = {row[0]: row for row in rows}
    chain = {ministry["key"]}
    for _ in range(6):
        before = {row[0] for row in rows if chain & set(json.loads(row[4]))}
        after = {key for one in chain if one in known for key in json.loads(known[one][4])}
        if chain >= before | after:
            break
        chain |= before | after
    found = [
        dict(zip(("key", "name", "valid_from", "valid_to"), known[key][:4], strict=True))
        for key in chain
        if key in known
    ]
    return tuple(sorted(found, key=lambda one: (one["valid_from"] or "", one["name"])))


def _units(conn: sqlite3.Connection, organization_id: int) -> tuple[dict[str, Any], ...]:
    """List the contact units of the ministry's newest articles, those named most often first."""
    found: dict[str, dict[str, Any]] = {}
    for department, article_id, day, number in conn.execute(_NEWEST, (organization_id, NEWEST)):
        unit = found.setdefault(
            department, {"department": department, "articles": set(), "numbers": Counter()}
        )
        unit["articles"].add(article_id)
        unit["last"] = max(unit.get("last") or "", day or "")
        if number:
            unit["numbers"][number] += 1
    ordered = sorted(found.values(), key=lambda one: (-len(one["articles"]), one["department"]))
    return tuple(
        one
        | {
            "articles": len(one["articles"]),
            "phones": ", ".join(number for number, _ in one["numbers"].most_common(3)),
        }
        for one in ordered[:UNITS]
    )
