"""Connections of a public server: no contact data and no other private data.

Every table is shadowed by a temporary view of the same name, which SQLite resolves first: texts are masked
before any page, feed or query reads them, so none can split a number or forget a field. Views for researchers
are recreated on top. Columns that are not masked are listed here; new columns are masked by default.
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
from contextlib import closing
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from archive.schema import TABLES
from archive.text.masking import Names, masked, masker
from archive.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from functools import _lru_cache_wrapper
    from pathlib import Path

    from archive.schema import Table

_CLOSED = frozenset({"contact_points", "dictionaries", "pending_visits", "redactions", "sketches"})
"""Tables of which no row is shown."""

_EMPTIED = {
    "runs": {"arguments": "'{}'"},  # may name files of the operator's machine
    "bodies": {"content": "NULL"},
    "captures": {"headers": "'[]'", "form": "NULL"},
    "contacts": {"person": "NULL", "rank": "NULL", "evidence": "''", "evidence_start": "0"},
    "article_texts": {"post": "NULL"},
    "failures": {"detail": "''"},  # may name files of the operator's machine
    "attachments": {"detail": "NULL"},
}
_URLS = frozenset({"url"})
_IDS = frozenset({"file_id"})  # assigned by the site, or derived from a file's name
_JSON = frozenset({("versions", "earlier")})
_PLAIN = frozenset(
    {
        *("id", "site", "section", "native_id", "key", "code", "state", "kind", "format", "codec"),
        *("command", "outcome", "version", "method", "layout", "parser", "body_source", "fingerprint"),
        *("sha256", "body_sha256", "lead_sha256", "text_in", "role", "relation", "changed", "mark"),
        *("organization_by", "owner_by", "published_precision", "published_at", "modified_at", "embargo_at"),
        *("first_seen_at", "last_seen_at", "changed_at", "checked_at", "missing_since", "seen_at"),
        *("resolved_at", "fetched_at", "removed_at", "tried_at", "started_at", "ended_at", "day", "month"),
        *("first_listed_at", "last_listed_at", "valid_from", "valid_to", "successors", "source", "value"),
    }
)
"""Columns that are the archive's or the site's own, in which a number is no telephone number."""
_PUBLIC_TABLES = frozenset({"organizations", "organization_names", "settings", "article_captures"})

_ONCE = (  # one row for several persons of one unit
    " WHERE NOT EXISTS (SELECT 1 FROM main.contacts d WHERE d.article_id = t.article_id"
    " AND d.organization IS t.organization AND d.department IS t.department AND d.position < t.position)"
)
_WORD, _FEW = 5, 20  # a pair of syllables in so many times more articles, and so many besides, is a word
_FRESH = 1.0  # seconds for which the names are cached
_LONGEST_CACHED = 10_000  # characters: the cache takes less than 100 MB, of usual texts a tenth of that
_ANY_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d\D(?:19|20)\d\d)\d{3,4}[-–. ]\d{4}(?!\d)")
"""A number without its area code, but for two years (2025-2026)."""


class KnownNames:
    """The current names of all persons among an archive's contacts."""

    def __init__(self, path: Path) -> None:
        self._uri = f"{path.absolute().as_uri()}?mode=ro"
        self._lock = threading.Lock()
        self._read_at, self._last = -_FRESH, None
        self._names = Names(())

    def now(self) -> Names:
        """Return the names, reloaded if contacts were added since."""
        with self._lock:
            if time.monotonic() - self._read_at >= _FRESH:
                with closing(sqlite3.connect(self._uri, uri=True)) as conn:
                    last = conn.execute("SELECT max(id), count(*) FROM contacts").fetchone()
                    if last != self._last:
                        self._names, self._last = Names(_names(conn)), last
                self._read_at = time.monotonic()
            return self._names


def _names(conn: sqlite3.Connection) -> Iterator[str]:
    """Yield the names of persons, except those of two syllables that are also words (이상, 유지).

    Such a name is masked in the articles that name the person, and beside a rank and a number.
    """
    rows = conn.execute(
        "SELECT person, count(DISTINCT article_id) FROM contacts WHERE person IS NOT NULL GROUP BY person"
    ).fetchall()
    for person, articles in rows:
        name = "".join(person.split())
        if len(name) != 2 or not _occurs_more(conn, name, _WORD * articles + _FEW):
            yield name


def _occurs_more(conn: sqlite3.Connection, pair: str, articles: int) -> bool:
    """Return whether a pair of syllables occurs in more articles than a number."""
    query = "SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?)"
    try:
        found = conn.execute(query, (json.dumps(pair, ensure_ascii=False), articles + 1)).fetchone()[0]
    except sqlite3.OperationalError:  # an index of another version
        return False
    return bool(found > articles)


@lru_cache(maxsize=8)
def names_of(path: Path) -> KnownNames:
    """Return the names of one archive, one object for all its connections."""
    return KnownNames(path)


def hide_contacts(conn: sqlite3.Connection, names: KnownNames) -> None:
    """Shadow every table of a connection by a masked view, permanently."""

    def mask(text: str | None, own: str | None) -> str | None:
        return text and _cached(_masked_text, text, own, names.now())

    def mask_id(text: str, own: str | None) -> str | None:
        return text if text.isascii() and text.isalnum() else mask(text, own)

    def mask_json(text: str | None, own: str | None) -> str | None:
        return text and _cached(_masked_json, text, own, names.now())

    conn.create_function("masked", 2, mask, deterministic=True)
    conn.create_function("masked_id", 2, mask_id, deterministic=True)
    conn.create_function("masked_json", 2, mask_json, deterministic=True)
    conn.create_function("masked_url", 2, partial(_masked_url, mask), deterministic=True)
    conn.execute("PRAGMA temp_store = MEMORY")
    for table in TABLES:
        conn.execute(f"CREATE TEMP VIEW {table.name} AS {_shown(table)}")
    for view in VIEWS:
        conn.execute(f"CREATE TEMP VIEW {view.name} ({', '.join(view.columns)}) AS {view.query}")


def names_contact(text: str, names: KnownNames) -> bool:
    """Return whether a reader's query contains the name of a contact or a telephone number."""
    return masker((), names.now())(text) != text or bool(_ANY_NUMBER.search(text))


def _cached(function: _lru_cache_wrapper[str], text: str, own: str | None, known: Names) -> str:
    """Mask a text; one page reads the same names of units, and the same versions, many times."""
    call = function if len(text) <= _LONGEST_CACHED else function.__wrapped__
    return call(text, own, known)


@lru_cache(maxsize=2048)
def _masked_text(text: str, own: str | None, known: Names) -> str:
    return _masker(_occurring(own, text), known)(text)


@lru_cache(maxsize=256)
def _masked_json(text: str, own: str | None, known: Names) -> str:
    value = json.loads(text)
    mask_each = _masker(_occurring(own, json.dumps(value, ensure_ascii=False)), known)
    return json.dumps(masked(value, mask_each), ensure_ascii=False)


def _occurring(own: str | None, text: str) -> tuple[str, ...]:
    """Return the names whose first syllables occur in a text: matching a pattern for each name is slow."""
    names = {name.strip() for name in json.loads(own or "[]")}
    return tuple(sorted(name for name in names if name[:1] in text))


@lru_cache(maxsize=512)
def _masker(own: tuple[str, ...], known: Names) -> Callable[[str], str]:
    return masker(own, known)


def _masked_url(
    mask: Callable[[str | None, str | None], str | None], url: str, own: str | None
) -> str | None:
    """Blank a URL that contains a name or a local file; page numbers are no telephone numbers."""
    if not url or urlsplit(url).scheme not in ("http", "https"):
        return None if url is None else "#"
    text = re.sub(r"[\d.]+", " ", unquote(url))
    return "#" if mask(text, own) != text else url


def _shown(table: Table) -> str:
    """Return the query of a table's masked view."""
    own = {"articles": "t.id"}.get(table.name)
    columns = {column.name: column.declaration for column in table.columns}
    own = own or ("t.article_id" if "article_id" in columns else None)
    persons = (
        "(SELECT json_group_array(p.person) FROM main.contacts p"  # noqa: S608  # a column of ours
        f" WHERE p.article_id = {own} AND p.person IS NOT NULL)"
        if own
        else "NULL"
    )
    emptied = _EMPTIED.get(table.name, {})
    written = []
    for name, declaration in columns.items():
        if name in emptied:
            value = emptied[name]
        elif table.name in _PUBLIC_TABLES or name in _PLAIN or "TEXT" not in declaration:
            value = f"t.{name}"
        elif (table.name, name) in _JSON:
            value = f"masked_json(t.{name}, {persons})"
        elif name in _IDS:
            value = f"masked_id(t.{name}, {persons})"
        elif name in _URLS:
            value = f"masked_url(t.{name}, {persons})"
        else:
            value = f"masked(t.{name}, {persons})"
        written.append(f"{value} AS {name}")
    where = " WHERE 0" if table.name in _CLOSED else _ONCE if table.name == "contacts" else ""
    return f"SELECT {', '.join(written)} FROM main.{table.name} t{where}"  # noqa: S608  # names of our schema
