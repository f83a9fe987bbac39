"""Search with a ranking of bounded cost: the best of some hundred candidates, however many articles match.

A common word (경제) is in a third of all articles; to rank them all by FTS5's bm25 takes seconds at a million
articles. So candidates are read from the index newest first and no further than needed: those with the
words in the title, then any. Article ids are in order of insertion, not of publication (a backfill goes
backwards), so the ids are cut into blocks, one article of each block tells its date, and the blocks are read
in order of date. Of the candidates, the most promising by title and date are scored by their texts.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from math import prod
from typing import TYPE_CHECKING

from archive.organizations import names_found_by
from archive.search.boundaries import EVIDENCE, BoundaryMatches
from archive.search.index import require_current
from archive.search.query import parse
from archive.search.snippets import MARKS, highlighter, snippet

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from archive.search.query import Query

CANDIDATES = 500
"""How many matching articles are weighed, of each kind (title, anywhere), unless more are wanted."""

SCORED = 100
"""How many of them are scored by their texts beyond those that are wanted."""

RANKED = 200
"""How many of the best can be paged through in one order."""

_BLOCKS = 128
_CHUNK = 500
_HALF_LIFE = 730.0  # days in which the weight of recency falls by half
_TITLE, _BODY, _RECENT, _TOGETHER = 1.0, 1.0, 0.6, 0.3
_TRACE = 0.01  # density of a word that stands in the title or an attachment alone


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found.

    Attributes:
        id: row number of the article.
        snippet: one line of its text with the words sought between ``<mark>`` and ``</mark>``.
        in_file: whether that line is from an attachment.
    """

    id: int
    title: str
    published_at: str | None
    organization: str | None
    url: str
    snippet: str
    in_file: bool


@dataclass(slots=True)
class _Candidate:
    id: int
    title: str
    published_at: str
    organization: str | None
    url: str
    score: float = 0.0
    text: str = ""


def search(
    conn: sqlite3.Connection,
    query: str,
    *,
    limit: int = 20,
    offset: int = 0,
    newest_first: bool = False,
    among: Sequence[int] | None = None,
    marks: tuple[str, str] = MARKS,
) -> list[Hit]:
    """Find articles; see ``docs/search.md`` for what a query may say.

    Args:
        conn: a connection to an archive, read-only will do.
        query: as typed.
        limit: how many at most.
        offset: how many of the first to pass over; up to ``RANKED`` in all have a stable order.
        newest_first: in order of publication instead of relevance.
        among: ids of the matching articles to choose from, the newest first; None for all.
        marks: written around the words sought in the snippet.

    Raises:
        ArchiveError: the index was made by another version of the tokenizer.
    """
    require_current(conn)
    parsed = parse(query, partial(names_found_by, conn))
    if not parsed.groups or limit < 1:
        return []
    pattern = highlighter(parsed)
    depth = SCORED + max(RANKED if offset or among is not None else 0, offset + limit)
    candidates = list(_load(conn, _candidates(conn, parsed, max(CANDIDATES, depth - SCORED), among)))
    if newest_first:
        candidates.sort(key=lambda one: (one.published_at, one.id), reverse=True)
        best = candidates[:depth]
        _read_texts(conn, best)
    else:
        best = _ranked(conn, candidates, parsed, depth)
    best = list(islice(_without_boundary_matches(conn, best, parsed), offset, offset + limit))
    hits = []
    for one in best:
        shown = _shown(conn, one)
        text, in_file = text_with_words(conn, one.id, pattern)
        hits.append(Hit(*shown, snippet(text or shown[1], pattern, marks=marks), in_file))
    return hits


def _shown(conn: sqlite3.Connection, one: _Candidate) -> tuple[int, str, str | None, str | None, str]:
    """Read what a reader is shown of a candidate: a public server puts masked views before the tables.

    Candidates are weighed by the tables themselves (``main.``), of which hundreds are read.
    """
    query = "SELECT id, title, published_at, organization, url FROM articles WHERE id = ?"
    return tuple(conn.execute(query, (one.id,)).fetchone())


def _candidates(conn: sqlite3.Connection, query: Query, most: int, among: Sequence[int] | None) -> list[int]:
    """Read the ids to be weighed: the newest that match, and the newest with the words in the title."""
    ranges = list(_newest_first(conn))
    newest = list(among[:most]) if among is not None else _newest(conn, query.match(), ranges, most)
    if len(newest) < most:
        return newest
    titled = _newest(conn, query.match(titles=True), ranges, most)
    allowed = titled if among is None else _kept(titled, among)
    return list(dict.fromkeys(newest + allowed))


def _kept(ids: list[int], among: Sequence[int]) -> list[int]:
    allowed = set(among)
    return [one for one in ids if one in allowed]


def matching(conn: sqlite3.Connection, query: Query, most: int) -> list[int]:
    """Read the ids of matching articles, ``most`` at most: of more, about the newest."""
    return _newest(conn, query.match(), _newest_first(conn), most)


def _newest(conn: sqlite3.Connection, match: str, ranges: Iterable[range], most: int) -> list[int]:
    """Read the ids that match, range after range, until there are enough."""
    found: list[int] = []
    for ids in ranges:
        order = "DESC" if ids.step < 0 else "ASC"
        rows = conn.execute(
            "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?"  # noqa: S608
            f" ORDER BY rowid {order} LIMIT ?",
            (match, min(ids[0], ids[-1]), max(ids[0], ids[-1]), most - len(found)),
        )
        found.extend(row[0] for row in rows)
        if len(found) >= most:
            break
    return found


def _newest_first(conn: sqlite3.Connection) -> Iterator[range]:
    """Cut all ids into ranges, those with the newest articles first, each in its order of publication.

    A daily crawl counts up with the dates and a backfill down, so this gives a handful of long ranges.
    """
    (last,) = conn.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()
    step = last // _BLOCKS + 1
    dated = []
    for block in range(last // step + 1):
        row = conn.execute(
            "SELECT published_at FROM articles WHERE id >= ? AND id < ? ORDER BY id LIMIT 1",
            (block * step, (block + 1) * step),
        ).fetchone()
        if row:
            dated.append((row[0] or "", block))
    blocks = [block for _published, block in sorted(dated, reverse=True)]
    at = 0
    while at < len(blocks):
        end = at + 1
        direction = blocks[end] - blocks[at] if end < len(blocks) else -1
        while abs(direction) == 1 and end < len(blocks) and blocks[end] - blocks[end - 1] == direction:
            end += 1
        first, final = blocks[at], blocks[end - 1]
        if first > final or end == at + 1:
            yield range((first + 1) * step - 1, final * step - 1, -1)
        else:
            yield range(first * step, (final + 1) * step)
        at = end


def _load(conn: sqlite3.Connection, ids: list[int]) -> Iterator[_Candidate]:
    for at in range(0, len(ids), _CHUNK):
        chunk = ids[at : at + _CHUNK]
        rows = conn.execute(
            "SELECT id, title, coalesce(published_at, ''), organization, url FROM main.articles"  # noqa: S608
            f" WHERE id IN ({', '.join('?' * len(chunk))})",
            chunk,
        )
        yield from (_Candidate(*row) for row in rows)


def _read_texts(conn: sqlite3.Connection, candidates: list[_Candidate]) -> None:
    """Read the body of each candidate."""
    rows = conn.execute(
        "SELECT article_id, body_text FROM main.article_texts"
        " WHERE article_id IN (SELECT value FROM json_each(?))",
        (json.dumps([one.id for one in candidates]),),
    )
    texts = {row[0]: row[1] or "" for row in rows}
    for one in candidates:
        one.text = texts.get(one.id, "")


def _body(conn: sqlite3.Connection, article_id: int) -> str:
    row = conn.execute("SELECT body_text FROM article_texts WHERE article_id = ?", (article_id,)).fetchone()
    return row[0] if row and row[0] else ""


def file_texts(conn: sqlite3.Connection, article_id: int, table: str = "attachments") -> Iterator[str]:
    """Read what the attachments of an article say beyond its body, one after another."""
    rows = conn.execute(
        f"SELECT text FROM {table} WHERE article_id = ? AND text IS NOT NULL AND removed_at IS NULL"  # noqa: S608  # ours
        " ORDER BY position",
        (article_id,),
    )
    return (row[0] for row in rows)


def text_with_words(conn: sqlite3.Connection, article_id: int, pattern: re.Pattern[str]) -> tuple[str, bool]:
    """Return the text to show an excerpt of, and whether it is an attachment's.

    It is the body if it has the words, else an attachment that has, else the body all the same.
    """
    body = _body(conn, article_id)
    if pattern.search(body):
        return body, False
    text = next(filter(pattern.search, file_texts(conn, article_id)), None)
    return (body, False) if text is None else (text, True)


def _ranked(
    conn: sqlite3.Connection,
    candidates: list[_Candidate],
    query: Query,
    limit: int,
) -> list[_Candidate]:
    """Order by title and recency, then the most promising by their texts too."""
    (newest,) = conn.execute("SELECT coalesce(max(published_at), '') FROM articles").fetchone()
    patterns = [
        re.compile("|".join(term.pattern() for term in group), re.IGNORECASE) for group in query.groups
    ]
    for one in candidates:
        titled = sum(1 for pattern in patterns if pattern.search(one.title))
        one.score = _TITLE * titled / len(patterns) + _RECENT * _recency(one.published_at, newest)
    candidates.sort(key=lambda one: (-one.score, -one.id))
    best = candidates[:limit]
    _read_texts(conn, best)
    together = _side_by_side(patterns)
    for one in best:
        one.score += _BODY * _geometric_mean([_density(pattern, one.text) + _TRACE for pattern in patterns])
        if together and (together.search(one.title) or together.search(one.text)):
            one.score += _TOGETHER
    best.sort(key=lambda one: (-one.score, -one.id))
    return best


def _geometric_mean(values: list[float]) -> float:
    """Return the mean of positive values; ``statistics`` takes a tenth of a search's start to import."""
    return prod(values) ** (1 / len(values))


def _without_boundary_matches(
    conn: sqlite3.Connection, candidates: list[_Candidate], query: Query
) -> Iterator[_Candidate]:
    """Leave out articles that have a word only across the boundary of two others."""
    across = BoundaryMatches(query, [one.text for one in candidates], lambda: _newest_texts(conn))
    for one in candidates:

        def texts(one: _Candidate = one) -> Iterator[str]:
            yield from (one.title, one.organization or "", one.text)
            yield from file_texts(conn, one.id, "main.attachments")

        if not across.only_across(texts):
            yield one


def _side_by_side(patterns: list[re.Pattern[str]]) -> re.Pattern[str] | None:
    """Find words of a query one beside the next, as in a compound; None for a query of one word."""
    if len(patterns) < 2:
        return None
    return re.compile(r"[\W_]*".join(f"(?:{one.pattern})" for one in patterns), re.IGNORECASE)


def _newest_texts(conn: sqlite3.Connection) -> Iterator[str]:
    """Read the newest bodies of the archive."""
    rows = conn.execute(
        "SELECT body_text FROM main.articles JOIN main.article_texts ON article_id = id"
        " ORDER BY published_at DESC LIMIT ?",
        (EVIDENCE,),
    )
    return (row[0] or "" for row in rows)


def _density(pattern: re.Pattern[str], text: str) -> float:
    """Score how often a pattern occurs in a text, from 0 towards 1, relative to its length."""
    count = sum(1 for _ in pattern.finditer(text))
    return count / (count + 1 + len(text) / 1500)


def _recency(published_at: str, newest: str) -> float:
    try:
        days = (date.fromisoformat(newest[:10]) - date.fromisoformat(published_at[:10])).days
    except ValueError:  # no date is known
        return 0.0
    return float(0.5 ** (max(days, 0) / _HALF_LIFE))
