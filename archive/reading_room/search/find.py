"""The search page: hits, their number, and facets, at bounded cost."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError
from archive.organizations import names_found_by, near_names, organizations_named
from archive.search import RANKED, file_texts, highlighter, matching, parse, search, snippet

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from archive.reading_room.search.filters import Filters
    from archive.search import Query

PAGE = 20
CAP = 10_000
"""How many matching articles are counted and can be paged through; beyond that, roughly the newest."""

MARKS = ("\ue000", "\ue001")
"""Stand for ``<mark>`` and ``</mark>`` until the page is drawn; no text holds them."""

_FACETS = ("section", "ministry", "state", "kogl")
VALUES = 12  # of one facet that are shown


@dataclass(frozen=True, slots=True)
class Found:
    """One article in a list of results.

    Attributes:
        version: above 1 when the article was edited.
        in_file: whether the words occur in an attachment, not in the text.
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
    """One value to filter by, with its number of articles."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results.

    Attributes:
        total: matching articles; no more than CAP are counted.
        capped: whether there are more than were counted.
        pages: how many pages can be reached in this order.
        ministry: name of the ministry that the search is filtered by.
        near_ministries: known names similar to an unknown one.
    """

    filters: Filters
    page: int
    total: int
    capped: bool
    pages: int
    hits: tuple[Found, ...]
    facets: dict[str, tuple[Facet, ...]] = field(default_factory=dict)
    ministry: str | None = None
    near_ministries: tuple[str, ...] = ()


def results(conn: sqlite3.Connection, filters: Filters, page: int = 1, *, size: int = PAGE) -> Results:
    """Return one page of results; paging neither skips nor repeats an article.

    Args:
        conn: a connection to an archive.
        filters: the search.
        page: from 1; beyond the last, the last.
        size: articles of a page.

    Raises:
        ArchiveError: the index was made by another version of the tokenizer.
    """
    query = _parsed(conn, filters)
    ids, capped = _matching(conn, filters, query)
    by_date = filters.sort == "new" or query is None
    pages = -(-(len(ids) if by_date else min(len(ids), RANKED)) // size)
    page = min(max(page, 1), max(pages, 1))
    first = (page - 1) * size
    if by_date:
        hits = _with_snippets(conn, _load(conn, ids[first : first + size]), query)
    else:
        hits = _ranked(conn, filters.q, ids, first)
    name, near = _ministry(conn, filters.ministry)
    return Results(filters, page, len(ids), capped, pages, tuple(hits), _facets(conn, ids), name, near)


def matching_rows(conn: sqlite3.Connection, filters: Filters, most: int) -> tuple[list[dict[str, Any]], int]:
    """Read the articles that a search finds, the newest first, and how many there are (up to CAP).

    Raises:
        ArchiveError: the index was made by another version of the tokenizer.
    """
    ids, _capped = _matching(conn, filters, _parsed(conn, filters))
    rows = conn.execute(
        "SELECT id, title, organization, section, published_at, state, version, url, site, native_id"
        " FROM articles WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids[:most]),),
    ).fetchall()
    known = {row["id"]: dict(row) for row in rows}
    return [known[one] for one in ids[:most]], len(ids)


def _parsed(conn: sqlite3.Connection, filters: Filters) -> Query | None:
    return parse(filters.q, partial(names_found_by, conn)) if filters.q else None


def _matching(conn: sqlite3.Connection, filters: Filters, query: Query | None) -> tuple[list[int], bool]:
    """List the ids that match words and filters, newest first, and whether there are more."""
    where, values = filters.conditions(_organizations(conn, filters.ministry))
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
    """Mark whether the excerpt of a hit comes from a file."""
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


def _organizations(conn: sqlite3.Connection, said: str) -> tuple[int, ...]:
    """Return the ministry with a key, or those with a name, former and short names included."""
    row = conn.execute("SELECT id FROM organizations WHERE key = ?", (said,)).fetchone()
    if row:
        return (row[0],)
    try:
        return organizations_named(conn, said) if said else ()
    except UsageError:
        return ()


def _ministry(conn: sqlite3.Connection, said: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the name of the ministry, or known names similar to an unknown one."""
    row = conn.execute("SELECT name FROM organizations WHERE key = ?", (said,)).fetchone()
    if row or not said:
        return (row[0] if row else None), ()
    if _organizations(conn, said):
        return said, ()
    return None, near_names(conn, said)
