"""Feeds over HTTP: of searches, edits and deletions, and under the names of the portal's own feeds.

The names are those that stood until 2026-06-30: ``/rss/pressrelease.xml``, ``/rss/dept_A00002.xml`` and so
on, RSS 2.0 with 50 items, answering conditional requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.reading_room.feeds import documents
from archive.reading_room.pages import changes
from archive.reading_room.search.filters import SECTIONS, Filters
from archive.reading_room.search.find import results

if TYPE_CHECKING:
    import sqlite3

    from datasette.utils.asgi import Response

    from archive.reading_room.request import Asked

ENTRIES = 50
"""Entries of a feed, as many as the portal's had."""

NAME = "정부 브리핑 아카이브"
FORMER = {
    "pressrelease": ("press",),
    "policy": ("policy",),
    "fact": ("actually",),
    "ebriefing": ("briefing",),
    "speech": ("speech",),
    "president": ("speech",),
    "cabinet": ("statecouncil",),
    "reporter": ("reporter",),
    "media": ("visual",),
    "photo": ("visual",),
    "column": (),
    "insight": (),
    "expdoc": (),
    "popularNews": ("policy",),
    "dept_all": ("press",),
}
"""Names of the portal's feeds → sections with what they carried, if the archive has any."""


async def search_feed(asked: Asked) -> Response:
    """Write the newest articles that a search finds as a feed."""
    filters = Filters.of({**asked.args, "sort": "new"})
    found = await asked.read(results, filters, size=ENTRIES)
    query = Filters.of(asked.args).query()
    parts = [filters.q, found.ministry, asked.say(SECTIONS.get(filters.section, ""))]
    title = " · ".join([*filter(None, parts), asked.say(NAME)])
    return _atom(asked, title, "/search", query, documents.entries_of_articles(asked.root, found.hits))


async def edits_feed(asked: Asked) -> Response:
    """Write what was edited or deleted as a feed."""
    kind = asked.args.get("kind", "")
    one = kind in changes.KINDS and kind != "new"
    kinds = (kind,) if one else ("edit", "gone", "restored", "superseded")
    found = await asked.read(changes.latest, kinds, limit=ENTRIES)
    names = asked.names_of_changes()
    title = f"{names[kind] if one else asked.say('고쳐지고 지워진 보도자료')} · {asked.say(NAME)}"
    entries = documents.entries_of_changes(asked.root, found, names)
    return _atom(asked, title, "/edits", f"kind={kind}" if one else "", entries)


async def former_rss(asked: Asked) -> Response:
    """Serve a feed under the name that the portal's had."""
    name = asked.parts["name"]
    if name in FORMER:
        sections = FORMER[name]
        filters = [Filters(section=section, sort="new") for section in sections]
        title = name
    else:
        ministry = await asked.read(_ministry_of_code, name.removeprefix("dept_"))
        if not name.startswith("dept_") or ministry is None:
            return asked.missing()
        filters = [Filters(section="press", ministry=ministry, sort="new")]
        title = ministry
    hits = [hit for one in filters for hit in (await asked.read(results, one, size=ENTRIES)).hits]
    page = f"{asked.root}/search" + (f"?{filters[0].query()}" if filters else "")
    body = documents.rss(
        f"{NAME}: {title}",
        page,
        f"{asked.root}/rss/{name}.xml",
        documents.entries_of_articles(asked.root, hits),
    )
    return asked.data(body, "application/rss+xml; charset=utf-8")


def _ministry_of_code(conn: sqlite3.Connection, code: str) -> str | None:
    """Name the ministry that bears a code of the portal now, or bore it last."""
    row = conn.execute(
        "SELECT name FROM organizations WHERE code = ? ORDER BY valid_to IS NOT NULL, valid_to DESC LIMIT 1",
        (code,),
    ).fetchone()
    return str(row[0]) if row else None


def _atom(asked: Asked, title: str, path: str, query: str, entries: list[documents.Entry]) -> Response:
    root = asked.root + ("/en" if asked.language == "en" else "")
    after = f"?{query}" if query else ""
    body = documents.atom(title, f"{root}{path}.atom{after}", f"{root}{path}{after}", asked.language, entries)
    return asked.data(body, "application/atom+xml; charset=utf-8")
