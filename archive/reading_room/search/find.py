"""The search page: hits, their number, and facets, at bounded cost."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError
from archive.organizations import names_found_by, near_names, organizations_named
from archive.search import RANKED, highlighter, matching, parse, search, snippet, text_with_words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from archive.reading_room.search.filters import Filters
    from archive.search import Query

    _Match = tuple[int, str, int | None, str, int | None]  # of _COLUMNS

PAGE = 20
CAP = 10_000
"""How many matching articles are counted and can be paged through; beyond that, roughly the newest."""

MARKS = ("\ue000", "\ue001")
"""Stand for ``<mark>`` and ``</mark>`` until the page is drawn; no text holds them."""

_COLUMNS = "a.id, a.section, a.organization_id, a.state, a.kogl_type"
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
    rows, capped = _matching(conn, filters, query)
    ids = [row[0] for row in rows]
    by_date = filters.sort == "new" or query is None
    pages = -(-(len(ids) if by_date else min(len(ids), RANKED)) // size)
    page = min(max(page, 1), max(pages, 1))
    first = (page - 1) * size
    if by_date:
        hits = _with_snippets(conn, _load(conn, ids[first : first + size]), query)
    else:
        hits = _ranked(conn, filters.q, ids, first)
    name, near = _ministry(conn, filters.ministry)
    return Results(filters, page, len(ids), capped, pages, tuple(hits), _facets(conn, rows), name, near)


def matching_rows(
    conn: sqlite3.Connection, filters: Filters, most: int
) -> tuple[list[dict[str, Any]], int, bool]:
    """Read the articles that a search finds, the newest first.

    Returns:
        at most ``most`` rows; how many articles match, up to CAP; and whether there are more.

    Raises:
        ArchiveError: the index was made by another version of the tokenizer.
    """
    matches, capped = _matching(conn, filters, _parsed(conn, filters))
    ids = [row[0] for row in matches]
    rows = conn.execute(
        "SELECT id, title, organization, section, published_at, state, version, url, site, native_id"
        " FROM articles WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids[:most]),),
    ).fetchall()
    known = {row["id"]: dict(row) for row in rows}
    return [known[one] for one in ids[:most]], len(ids), capped


def is_known_ministry(conn: sqlite3.Connection, name_or_key: str) -> bool:
    """Return whether a filter by ministry is empty, or names one that the archive knows."""
    return not name_or_key or bool(_organizations(conn, name_or_key))


def _parsed(conn: sqlite3.Connection, filters: Filters) -> Query | None:
    return parse(filters.q, partial(names_found_by, conn)) if filters.q else None


def _matching(conn: sqlite3.Connection, filters: Filters, query: Query | None) -> tuple[list[_Match], bool]:
    """List the articles that match words and filters, newest first, and whether there are more."""
    where, values = filters.conditions(_organizations(conn, filters.ministry))
    order = "ORDER BY a.published_at DESC, a.id DESC"
    if query is None:
        rows = conn.execute(
            f"SELECT {_COLUMNS} FROM articles a WHERE {where} {order} LIMIT {CAP + 1}",  # noqa: S608  # ours
            values,
        ).fetchall()
        return rows[:CAP], len(rows) > CAP
    if not query.groups:
        return [], False
    found = matching(conn, query, CAP + 1)
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM articles a"  # noqa: S608  # ours
        f" WHERE a.id IN (SELECT value FROM json_each(?)) AND {where} {order}",
        [json.dumps(found), *values],
    )
    return rows.fetchall(), len(found) > CAP


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
    by_id = {hit.id: hit for hit in hits}
    return [
        replace(one, snippet=by_id[one.id].snippet, in_file=by_id[one.id].in_file)
        for one in _load(conn, list(by_id))
    ]


def _with_snippets(conn: sqlite3.Connection, hits: list[Found], query: Query | None) -> list[Found]:
    if query is None:
        starts = _load_starts(conn, [one.id for one in hits])
        return [replace(one, snippet=starts.get(one.id, "")) for one in hits]
    pattern = highlighter(query)
    shown = []
    for one in hits:
        text, in_file = text_with_words(conn, one.id, pattern)
        shown.append(replace(one, snippet=snippet(text, pattern, marks=MARKS), in_file=in_file))
    return shown


def _load_starts(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[int, str]:
    """Read the beginnings of bodies, on one line each."""
    rows = conn.execute(
        "SELECT article_id, substr(body_text, 1, 400) FROM article_texts"
        " WHERE article_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {row[0]: " ".join((row[1] or "").split())[:160] for row in rows}


def _facets(conn: sqlite3.Connection, rows: Sequence[_Match]) -> dict[str, tuple[Facet, ...]]:
    """Count the matching articles by section, ministry, state and licence."""
    ministries = {
        number: (key, name) for number, key, name in conn.execute("SELECT id, key, name FROM organizations")
    }
    found: dict[str, tuple[Facet, ...]] = {}
    for column, facet in enumerate(_FACETS):
        counts = Counter(map(itemgetter(column + 1), rows))
        counts.pop(None, None)
        facets = [
            Facet(*ministries[value], count) if facet == "ministry" else Facet(str(value), str(value), count)
            for value, count in counts.items()
        ]
        found[facet] = tuple(sorted(facets, key=lambda one: (-one.count, one.value))[:VALUES])
    return found


def _organizations(conn: sqlite3.Connection, name_or_key: str) -> tuple[int, ...]:
    """Return the ministry with a key, or those with a name, former and short names included."""
    row = conn.execute("SELECT id FROM organizations WHERE key = ?", (name_or_key,)).fetchone()
    if row:
        return (row[0],)
    try:
        return organizations_named(conn, name_or_key) if name_or_key else ()
    except UsageError:
        return ()


def _ministry(conn: sqlite3.Connection, name_or_key: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the name of the ministry, or known names similar to an unknown one."""
    row = conn.execute("SELECT name FROM organizations WHERE key = ?", (name_or_key,)).fetchone()
    if row or not name_or_key:
        return (row[0] if row else None), ()
    if _organizations(conn, name_or_key):
        return name_or_key, ()
    return None, near_names(conn, name_or_key)
