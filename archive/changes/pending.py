"""Visits whose change is pending until the end of their run, when it is known whether many are alike.

A run stores article by article and may be killed at any time; so a change is first stored beside the current
article. At the end of the run plausible changes become versions, and the rest stays pending. Visits of a
killed run are not judged: the next run visits these articles again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.articles.compare import fingerprint, text_hash, text_hashes
from archive.changes.plausibility import PAGE_TEXT, Change
from archive.plain import plain, record_of
from archive.records import Article  # noqa: TC001  # cattrs reads the annotations of Visit
from archive.text.normalize import visible_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from archive.articles.compare import Comparison, Known
    from archive.changes.rounds import Round

CUT_SHORT = "the run that saw it ended early"
EVIDENCE = "held"  # kind of the capture of an implausible page
# Of the known articles that a round visited: which fields they have.
SEEN = """
SELECT section, count(*) AS title, count(subtitle) AS subtitle, count(organization) AS organization,
  count(published_at) AS published_at,
  count(*) FILTER (WHERE EXISTS (SELECT 1 FROM article_texts t WHERE t.article_id = a.id AND body_text <> ''))
    AS body,
  count(*) FILTER (WHERE EXISTS (SELECT 1 FROM attachments f
    WHERE f.article_id = a.id AND f.removed_at IS NULL)) AS attachments
FROM articles a WHERE a.site = ? AND a.state = 'live' AND a.id IN (SELECT value FROM json_each(?))
GROUP BY section
"""
CHANGES = """
SELECT p.*, a.site, a.section, a.native_id, i.title AS listed_title, i.organization AS listed_organization,
  i.day AS listed_day
FROM pending_visits p JOIN articles a ON a.id = p.article_id JOIN runs r ON r.id = p.run_id
LEFT JOIN listed_items i ON i.site = a.site AND i.section = a.section AND i.native_id = a.native_id
  AND i.last_listed_at >= r.started_at
WHERE p.run_id = ? AND a.site = ? AND p.reason IS NULL
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """The result of one visit of a known article.

    Attributes:
        captures: the other captures that the fields were read from: role and row number.
        hinted: whether the list itself showed that the article had changed.
        before, after: the values that differ, to be judged.
    """

    article: Article
    captures: tuple[tuple[str, int], ...]
    hinted: bool
    before: dict[str, str]
    after: dict[str, str]


def replaces(known: Known, result: Comparison, seen: Article) -> bool:
    """Return whether a visit would change an article or replace its own text, or saw no text."""
    old, new = known.article.body.text, result.article.body.text
    other = bool(visible_text(old)) and text_hash(old) != text_hash(new)
    return bool(result.changed) or other or _lost_its_text(known, seen)


def _lost_its_text(known: Known, seen: Article) -> bool:
    """Return whether a page had a text of its own, and now has nothing instead."""
    return "inline" in known.hashes and seen.body_source in ("lead", "none")


def put(
    conn: sqlite3.Connection,
    article_id: int,
    run_id: int | None,
    now: str,
    capture_id: int,
    visit: Visit,
    changed: Sequence[str],
) -> None:
    """Store a pending visit, replacing an earlier one; the same state again keeps its first time."""
    mark = fingerprint(visit.article, text_hashes(visit.article))
    conn.execute(
        "INSERT INTO pending_visits VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " run_id = excluded.run_id, seen_at = excluded.seen_at, reason = NULL, changed = excluded.changed,"
        " seen_since = iif(fingerprint = excluded.fingerprint AND seen_since <= excluded.seen_at, seen_since,"
        " excluded.seen_since), fingerprint = excluded.fingerprint,"
        " capture_id = excluded.capture_id, visit = excluded.visit",
        (
            article_id,
            run_id,
            now,
            now,
            json.dumps(changed),
            mark,
            capture_id,
            json.dumps(plain(visit), ensure_ascii=False),
        ),
    )
    conn.execute("UPDATE captures SET kind = ? WHERE id = ?", (EVIDENCE, capture_id))


def drop(conn: sqlite3.Connection, article_id: int) -> None:
    """Delete a visit that is settled."""
    conn.execute("DELETE FROM pending_visits WHERE article_id = ?", (article_id,))


def believe(conn: sqlite3.Connection, article_id: int, capture_id: int) -> None:
    """Accept a visit: its page becomes a page of the article."""
    conn.execute("UPDATE captures SET kind = 'detail' WHERE id = ?", (capture_id,))
    drop(conn, article_id)


def rows_of(conn: sqlite3.Connection, run_id: int | None, site: str) -> list[sqlite3.Row]:
    """Return the unjudged visits of one run and site, each with how its lists show the article."""
    return conn.execute(CHANGES, (run_id, site)).fetchall()


def visit_of(row: sqlite3.Row) -> Visit:
    """Load a visit."""
    return record_of(Visit, json.loads(row["visit"]))


def change_of(row: sqlite3.Row, together: Round) -> Change:
    """Return the change that a pending visit would make."""
    visit = visit_of(row)
    shown = {name: row[f"listed_{name}"] for name in ("title", "organization", "day")}
    shown |= together.listed.get((row["site"], row["section"], row["native_id"]), {})
    listed = {"title": shown["title"], "organization": shown["organization"]}
    for when in (visit.before.get("published_at"), visit.after.get("published_at")):
        if when and when[:10] == shown["day"]:
            listed.setdefault("published_at", when)
    return Change(
        row["article_id"],
        row["section"],
        visit.before,
        visit.after,
        {name: value for name, value in listed.items() if value},
        json.loads(row["changed"]),
        visit.hinted,
        row["seen_since"],
        row["seen_at"],
    )


def seen(conn: sqlite3.Connection, site: str, together: Round) -> dict[tuple[str, str], int]:
    """Count the known articles visited in a round that have a field, by section and field."""
    found: dict[tuple[str, str], int] = {}
    for row in conn.execute(SEEN, (site, json.dumps(sorted(together.visited)))):
        found |= {(row["section"], name): row[name] for name in row.keys() if name != "section"}  # noqa: SIM118
    return found


def hold(conn: sqlite3.Connection, article_id: int, reason: str) -> None:
    """Keep a visit pending, with the reason."""
    conn.execute("UPDATE pending_visits SET reason = ? WHERE article_id = ?", (reason, article_id))


def differing(known: Known, result: Comparison, seen: Article) -> tuple[dict[str, str], dict[str, str]]:
    """Return the values that a visit would change, before and after; the page's own text as a hash."""
    old, new = known.article, result.article
    names = dict.fromkeys((*result.changed, *(("body",) if old.body.text != new.body.text else ())))
    before = {name: value_of(old, name) for name in names}
    after = {name: value_of(new, name) for name in names}
    inline = "" if _lost_its_text(known, seen) else text_hashes(seen).get("inline")
    if inline is not None and inline != known.hashes.get("inline"):
        before[PAGE_TEXT], after[PAGE_TEXT] = known.hashes.get("inline") or text_hash(old.body.text), inline
    return before, after


def value_of(article: Article, field: str) -> str:
    """Return the value of a field as one text; of files their ids and hashes."""
    if field == "body":
        return article.body.text
    if field == "attachments":
        return " ".join(f"{file.file_id}={file.sha256 or ''}" for file in article.attachments)
    return str(getattr(article, field) or "")
