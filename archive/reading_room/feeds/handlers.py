"""Feeds over HTTP: of searches, edits and deletions, and under the names of the portal's own feeds.

The portal served its feeds until 2026-06-30 as ``/rss/pressrelease.xml``, ``/rss/dept_A00002.xml`` and so on:
RSS 2.0 with 50 items, answering conditional requests.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archive.reading_room.feeds import documents
from archive.reading_room.pages import changes
from archive.reading_room.search.filters import SECTIONS, Filters
from archive.reading_room.search.find import results

if TYPE_CHECKING:
    import sqlite3

    from datasette.utils.asgi import Response

    from archive.reading_room.request import PageRequest

ENTRIES = 50
"""Entries of a feed, as many as the portal's feeds had."""

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


async def search_feed(request: PageRequest) -> Response:
    """Answer with a feed of the newest articles that a search finds."""
    query = request.args.filters.query()
    filters = replace(request.args.filters, sort="new")
    found = await request.read(results, filters, size=ENTRIES)
    if filters.ministry and not found.ministry:
        return request.missing()
    parts = [filters.q, found.ministry, request.translate(SECTIONS.get(filters.section, ""))]
    title = " · ".join([*filter(None, parts), request.translate(NAME)])
    return _atom(request, title, "/search", query, documents.entries_of_articles(request.root, found.hits))


async def edits_feed(request: PageRequest) -> Response:
    """Answer with a feed of edits and deletions."""
    kind = request.args.choice("kind", changes.LATER)
    kinds = (kind,) if kind else changes.LATER
    found = await request.read(changes.latest, kinds, limit=ENTRIES)
    names = request.names_of_changes()
    subject = names[kind] if kind else request.translate("고쳐지고 지워진 보도자료")
    title = f"{subject} · {request.translate(NAME)}"
    entries = documents.entries_of_changes(request.root, found, names)
    return _atom(request, title, "/edits", f"kind={kind}" if kind else "", entries)


async def former_rss(request: PageRequest) -> Response:
    """Answer with an RSS feed under a name of the portal's own feeds."""
    name = request.parts["name"]
    if name in FORMER:
        sections = FORMER[name]
        filters = [Filters(section=section, sort="new") for section in sections]
        title = name
    else:
        ministry = await request.read(_ministry_of_code, name.removeprefix("dept_"))
        if not name.startswith("dept_") or ministry is None:
            return request.missing()
        filters = [Filters(section="press", ministry=ministry, sort="new")]
        title = ministry
    hits = [hit for one in filters for hit in (await request.read(results, one, size=ENTRIES)).hits]
    page = f"{request.root}/search" + (f"?{filters[0].query()}" if filters else "")
    body = documents.rss(
        f"{NAME}: {title}",
        page,
        f"{request.root}/rss/{name}.xml",
        documents.entries_of_articles(request.root, hits),
    )
    return request.data(body, "application/rss+xml; charset=utf-8")


def _ministry_of_code(conn: sqlite3.Connection, code: str) -> str | None:
    """Return the name of the ministry that has a code of the portal now, or had it last."""
    row = conn.execute(
        "SELECT name FROM organizations WHERE code = ? ORDER BY valid_to IS NOT NULL, valid_to DESC LIMIT 1",
        (code,),
    ).fetchone()
    return str(row[0]) if row else None


def _atom(
    request: PageRequest, title: str, path: str, query: str, entries: list[documents.Entry]
) -> Response:
    root = request.root + ("/en" if request.language == "en" else "")
    after = f"?{query}" if query else ""
    body = documents.atom(
        title, f"{root}{path}.atom{after}", f"{root}{path}{after}", request.language, entries
    )
    return request.data(body, "application/atom+xml; charset=utf-8")
