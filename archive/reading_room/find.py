"""The search page: hits, how many there are, and what they can be narrowed to, at bounded cost."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from archive.search import RANKED, file_texts, highlighter, matching, parse, search, snippet

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from archive.reading_room.filters import Filters
    from archive.search import Query

PAGE = 20
CAP = 10_000
"""How many matching articles are counted and can be paged through; of more, about the newest are taken."""

MARKS = ("\ue000", "\ue001")
"""Stand for ``<mark>`` and ``</mark>`` until the page is drawn; no text holds them."""

_FACETS = ("section", "ministry", "state", "kogl")
VALUES = 12  # of one facet that are shown


@dataclass(frozen=True, slots=True)
class Found:
    """One article in a list of results.

    Attributes:
        version: above 1 when the archive saw it change.
        in_file: whether an attachment, not the text, has the words.
    """

    id: int
    site: str
    section: str
    native_id: str
    title: str
    published_at: str | None
    organization: str | None
    state: str
    version: int
    snippet: str = ""
    in_file: bool = False

    @property
    def path(self) -> str:
        """Its permanent path in the reading room."""
        return f"/a/{self.site}/{self.section}/{self.native_id}"


@dataclass(frozen=True, slots=True)
class Facet:
    """One value that results can be narrowed to, with its number of articles."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results.

    Attributes:
        total: matching articles; no more than CAP are counted.
        capped: whether there are more than were counted.
        pages: how many pages can be turned to in this order.
        ministry: name of the ministry that the search is narrowed to.
    """

    filters: Filters
    page: int
    total: int
    capped: bool
    pages: int
    hits: tuple[Found, ...]
    facets: dict[str, tuple[Facet, ...]] = field(default_factory=dict)
    ministry: str | None = None


def results(conn: sqlite3.Connection, filters: Filters, page: int = 1) -> Results:
    """Answer a search, page after page without loss or repetition.

    Raises:
        ArchiveError: the index was made by another version of the tokenizer.
    """
    query = parse(filters.q) if filters.q else None
    ids, capped = _matching(conn, filters, query)
    by_date = filters.sort == "new" or query is None
    pages = -(-(len(ids) if by_date else min(len(ids), RANKED)) // PAGE)
    page = min(max(page, 1), max(pages, 1))
    first = (page - 1) * PAGE
    if by_date:
        hits = _with_snippets(conn, _load(conn, ids[first : first + PAGE]), query)
    else:
        hits = _ranked(conn, filters.q, ids, first)
    return Results(
        filters, page, len(ids), capped, pages, tuple(hits), _facets(conn, ids), _ministry(conn, filters)
    )


def _matching(conn: sqlite3.Connection, filters: Filters, query: Query | None) -> tuple[list[int], bool]:
    """List the ids that match words and filters, newest first, and whether there are more."""
    where, values = filters.conditions()
    order = "ORDER BY a.published_at DESC, a.id DESC"
    if query is None:
        rows = conn.execute(
            f"SELECT a.id FROM articles a WHERE {where} {order} LIMIT {CAP + 1}",  # noqa: S608  # ours
            values,
        )
        ids = [row[0] for row in rows]
        return ids[:CAP], len(ids) > CAP
    if not query.groups:
        return [], False
    found = matching(conn, query, CAP + 1)
    rows = conn.execute(
        f"SELECT a.id FROM articles a WHERE a.id IN (SELECT value FROM json_each(?)) AND {where} {order}",  # noqa: S608
        [json.dumps(found), *values],
    )
    return [row[0] for row in rows], len(found) > CAP


def _load(conn: sqlite3.Connection, ids: Sequence[int]) -> list[Found]:
    rows = conn.execute(
        "SELECT id, site, section, native_id, title, published_at, organization, state, version FROM articles"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    known = {row[0]: Found(*row) for row in rows}
    return [known[one] for one in ids]


def _ranked(conn: sqlite3.Connection, q: str, ids: Sequence[int], first: int) -> list[Found]:
    hits = search(conn, q, limit=PAGE, offset=first, among=ids, marks=MARKS)
    texts = {hit.id: hit.snippet for hit in hits}
    return [_told(conn, one, texts[one.id]) for one in _load(conn, [hit.id for hit in hits])]


def _told(conn: sqlite3.Connection, one: Found, text: str) -> Found:
    """Note where the excerpt of a hit comes from."""
    folded = " ".join(_body(conn, one.id).split())
    plain = text.replace(MARKS[0], "").replace(MARKS[1], "").strip("… ")
    return replace(one, snippet=text, in_file=" ".join(plain.split()) not in folded and plain != one.title)


def _with_snippets(conn: sqlite3.Connection, hits: list[Found], query: Query | None) -> list[Found]:
    pattern = highlighter(query) if query else None
    shown = []
    for one in hits:
        text = body = _body(conn, one.id)
        if pattern and not pattern.search(text):
            text = next(filter(pattern.search, file_texts(conn, one.id)), text)
            shown.append(replace(one, snippet=snippet(text, pattern, marks=MARKS), in_file=text != body))
        else:
            start = snippet(text, pattern, marks=MARKS) if pattern else " ".join(text[:400].split())[:160]
            shown.append(replace(one, snippet=start))
    return shown


def _body(conn: sqlite3.Connection, article_id: int) -> str:
    row = conn.execute("SELECT body_text FROM article_texts WHERE article_id = ?", (article_id,)).fetchone()
    return row[0] if row else ""


def _facets(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[str, tuple[Facet, ...]]:
    """Count the matching articles by section, ministry, state and licence."""
    rows = conn.execute(
        "SELECT section, organization_id, state, kogl_type, count(*) FROM articles"
        " WHERE id IN (SELECT value FROM json_each(?)) GROUP BY 1, 2, 3, 4",
        (json.dumps(list(ids)),),
    ).fetchall()
    ministries = {
        number: (key, name) for number, key, name in conn.execute("SELECT id, key, name FROM organizations")
    }
    found: dict[str, tuple[Facet, ...]] = {}
    for column, facet in enumerate(_FACETS):
        counts: Counter[Any] = Counter()
        for row in rows:
            if row[column] is not None:
                counts[row[column]] += row[4]
        facets = [
            Facet(*ministries[value], count) if facet == "ministry" else Facet(str(value), str(value), count)
            for value, count in counts.items()
        ]
        found[facet] = tuple(sorted(facets, key=lambda one: (-one.count, one.value))[:VALUES])
    return found


def _ministry(conn: sqlite3.Connection, filters: Filters) -> str | None:
    row = conn.execute("SELECT name FROM organizations WHERE key = ?", (filters.ministry,)).fetchone()
    return row[0] if row else None
