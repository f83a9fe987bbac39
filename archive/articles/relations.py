"""Relations between articles: what linking compares, what it found, and up to which version it was done.

How far linking has come is stored in the archive, not counted by a run: a run may be killed after its last
article and before linking, and the next run then continues where it stopped.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from archive.records import Relation

    Sketched = tuple[int, str, bytes, bytes, int]
    """One row of ``sketches``: article, headline, bands, terms, lead."""

MARK = "related_version"
"""Setting: the last version whose article was related."""

_FACTS = (
    "SELECT a.id, a.site, a.section, a.native_id, a.title, a.organization, a.published_at,"
    " s.title AS original_title, a.state IN ('gone', 'superseded') AS gone,"
    " k.headline, k.bands, k.terms, k.lead"
    " FROM articles a LEFT JOIN sketches k ON k.article_id = a.id"
    " LEFT JOIN sources s ON s.article_id = a.id AND s.relation = 'original'"
    " WHERE a.state != 'redacted' AND a.site = ?"
)
_NO_ORIGINAL = " AND NOT EXISTS (SELECT 1 FROM relations r WHERE r.article_id = a.id AND r.kind = 'retells')"
_TITLES = 400  # headlines looked up at once
_SKETCHES = "sketch_version"
_READ = 500  # texts read at once


def write_relations(conn: sqlite3.Connection, relations: Iterable[Relation]) -> None:
    """Store relations; two articles have one of each kind, in whichever direction it was stored before."""
    for one in relations:
        conn.execute(
            "DELETE FROM relations WHERE kind = ? AND article_id = ? AND related_id = ?",
            (one.kind, one.related_id, one.article_id),
        )
        conn.execute(
            "INSERT INTO relations (kind, article_id, related_id, score, reason) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, article_id, related_id) DO UPDATE SET score = excluded.score,"
            " reason = excluded.reason WHERE (score, reason) IS NOT (excluded.score, excluded.reason)",
            (one.kind, one.article_id, one.related_id, one.score, one.reason),
        )


def related_up_to(conn: sqlite3.Connection) -> int:
    """Return the last version whose article was related; 0 before the first."""
    row = conn.execute("SELECT value FROM settings WHERE key = ?", (MARK,)).fetchone()
    return int(row[0]) if row else 0


def last_version(conn: sqlite3.Connection) -> int:
    """Return the newest version; 0 where there is none."""
    (last,) = conn.execute("SELECT coalesce(max(id), 0) FROM versions").fetchone()
    return int(last)


def unrelated(conn: sqlite3.Connection) -> bool:
    """Return whether versions came since articles were last related."""
    return last_version(conn) != related_up_to(conn)


def mark_related(conn: sqlite3.Connection, version: int) -> None:
    """Note up to which version articles are related."""
    conn.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (MARK, str(version)))


def changed_since_version(conn: sqlite3.Connection, version: int) -> list[tuple[int, str, str, str]]:
    """List id, site, section and day of publication of the articles with a version after the given one."""
    rows = conn.execute(
        "SELECT DISTINCT a.id, a.site, a.section, substr(a.published_at, 1, 10) AS day"
        " FROM versions v JOIN articles a ON a.id = v.article_id"
        " WHERE v.id > ? AND v.kind IN ('new', 'edit', 'restored') AND date(day) = day",  # a day there is
        (version,),
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def published_between(
    conn: sqlite3.Connection,
    site: str,
    sections: Iterable[str],
    first: str,
    before: str,
    *,
    without_original: bool = False,
) -> list[sqlite3.Row]:
    """Read what linking compares of articles of some sections from one day until before another (YYYY-MM-DD).

    With ``without_original`` only articles that are not yet known to retell another.
    """
    condition = _NO_ORIGINAL if without_original else ""
    query = (
        f"{_FACTS} AND a.section IN (SELECT value FROM json_each(?)) AND a.published_at >= ?"  # noqa: S608
        f" AND a.published_at < ?{condition} ORDER BY a.id"
    )
    return conn.execute(query, (site, json.dumps([*sections]), first, before)).fetchall()


def titled(conn: sqlite3.Connection, site: str, titles: Sequence[str]) -> Iterator[sqlite3.Row]:
    """Read what linking compares of a site's articles, of any day, with one of these headlines."""
    for start in range(0, len(titles), _TITLES):
        chunk = titles[start : start + _TITLES]
        query = f"{_FACTS} AND a.title IN ({', '.join('?' * len(chunk))}) ORDER BY a.id"
        yield from conn.execute(query, (site, *chunk))


def text_of(conn: sqlite3.Connection, article_id: int) -> str:
    """Read the text of an article."""
    row = conn.execute("SELECT body_text FROM article_texts WHERE article_id = ?", (article_id,)).fetchone()
    return str(row[0]) if row else ""


def use_version(conn: sqlite3.Connection, version: str) -> None:
    """Drop all sketches unless they are made by this version of the linker."""
    row = conn.execute("SELECT value FROM settings WHERE key = ?", (_SKETCHES,)).fetchone()
    if row is None or row[0] != version:
        conn.execute("DELETE FROM sketches")
        conn.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (_SKETCHES, version))


def read_texts(conn: sqlite3.Connection, article_ids: Sequence[int]) -> Iterator[sqlite3.Row]:
    """Read key, title and text of articles, to make their sketches."""
    for start in range(0, len(article_ids), _READ):
        chunk = article_ids[start : start + _READ]
        yield from conn.execute(
            "SELECT a.id, a.site, a.section, a.native_id, a.title, coalesce(t.body_text, '') AS body_text"  # noqa: S608
            " FROM articles a LEFT JOIN article_texts t ON t.article_id = a.id"
            f" WHERE a.id IN ({', '.join('?' * len(chunk))})",
            chunk,
        ).fetchall()


def write_sketches(conn: sqlite3.Connection, rows: Iterable[Sketched]) -> None:
    """Store sketches of articles that have none."""
    conn.executemany("INSERT INTO sketches VALUES (?, ?, ?, ?, ?)", rows)
