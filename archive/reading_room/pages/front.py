"""The front page: new articles, recent edits and deletions, size and completeness of the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.reading_room.pages.changes import latest
from archive.reading_room.pages.completeness import calendar
from archive.reading_room.search.find import Found

if TYPE_CHECKING:
    import sqlite3

    from archive.reading_room.pages.changes import Changed
    from archive.reading_room.pages.completeness import Week

EACH = 4  # articles shown of one ministry
MINISTRIES = 8
LATELY = 5


@dataclass(frozen=True, slots=True)
class Ministry:
    """What one ministry published on the newest day."""

    name: str
    key: str | None
    count: int
    articles: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """What the front page shows.

    Attributes:
        day: the newest day of publication, YYYY-MM-DD; None in an empty archive.
        total: number of articles.
        first_day: the oldest day of publication.
        run: the last crawl with its outcome; None before the first.
    """

    day: str | None
    first_day: str | None
    total: int
    ministries: tuple[Ministry, ...]
    others: int
    edited: tuple[Changed, ...]
    gone: tuple[Changed, ...]
    weeks: tuple[Week, ...]
    run: dict[str, Any] | None


def front(conn: sqlite3.Connection) -> Front:
    """Read what the front page shows."""
    (first,) = conn.execute("SELECT min(published_at) FROM articles WHERE published_at > ''").fetchone()
    (newest,) = conn.execute("SELECT max(published_at) FROM articles").fetchone()
    day = newest[:10] if newest else None
    (total,) = conn.execute("SELECT count(*) FROM articles").fetchone()
    ministries = _ministries(conn, day) if day else []
    run = conn.execute(
        "SELECT started_at, ended_at, outcome, articles_new, articles_changed, articles_gone, failures"
        " FROM runs WHERE command = 'crawl' ORDER BY id DESC LIMIT 1"
    ).fetchone()
    names = ("started_at", "ended_at", "outcome", "new", "changed", "gone", "failures")
    return Front(
        day,
        first[:10] if first else None,
        total,
        tuple(ministries[:MINISTRIES]),
        sum(one.count for one in ministries[MINISTRIES:]),
        tuple(latest(conn, ("edit",), limit=LATELY)),
        tuple(latest(conn, ("gone",), limit=LATELY)),
        calendar(conn),
        dict(zip(names, run, strict=True)) if run else None,
    )


def _ministries(conn: sqlite3.Connection, day: str) -> list[Ministry]:
    """Group the articles of a day by ministry, those with most articles first.

    The plus keeps SQLite from using the index by site, which matches half of all articles.
    """
    rows = conn.execute(
        "SELECT coalesce(o.name, a.organization, ''), o.key, a.id, a.site, a.section, a.native_id, a.title,"
        " a.published_at, a.organization, a.state, a.version FROM articles a"
        " LEFT JOIN organizations o ON o.id = a.organization_id"
        " WHERE a.published_at >= ? AND a.published_at < ? AND +a.site = 'korea.kr' AND a.state <> 'redacted'"
        " ORDER BY a.published_at DESC, a.id DESC",
        (day, day + "T24"),
    )
    groups: dict[str, list[Found]] = {}
    keys: dict[str, str | None] = {}
    for name, key, *article in rows:
        groups.setdefault(name, []).append(Found(*article))
        keys[name] = keys.get(name) or key
    found = [Ministry(name, keys[name], len(ones), tuple(ones[:EACH])) for name, ones in groups.items()]
    return sorted(found, key=lambda one: (not one.name, -one.count, one.name))
