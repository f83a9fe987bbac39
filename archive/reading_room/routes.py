"""URLs of the reading room: what is asked, in which language, and the headers of every answer.

Korean pages stand at the root, English ones under ``/en``. Every handler reads through one read-only
connection of Datasette's, off the event loop, and within its time limit for SQL.
"""

from __future__ import annotations

import mimetypes
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from datasette.utils.asgi import Response

from archive.captures.files import load_file
from archive.captures.store import Captures
from archive.errors import ArchiveError, Damaged
from archive.reading_room import changes, completeness, feeds, render
from archive.reading_room.article import citation, file_text, is_redacted, reading
from archive.reading_room.directory import directory
from archive.reading_room.filters import Filters
from archive.reading_room.find import results
from archive.reading_room.front import front
from archive.reading_room.ministries import ministries, ministry_page

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
INLINE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/gif"})
EDITS = 20  # on one page


class Asked:
    """One request: the archive, the language, and the parameters of its URL."""

    def __init__(self, datasette: Datasette, request: Request, database: str) -> None:
        self.datasette, self.request = datasette, request
        self.database = datasette.get_database(database)
        self.language = "en" if request.path.removeprefix(self.base).startswith("/en") else "ko"
        given = request.scope.get("url_route", {}).get("kwargs", {})
        self.parts: dict[str, str] = {name: part for name, part in given.items() if part is not None}
        self.args: dict[str, str] = {name: request.args.get(name) or "" for name in request.args}

    @property
    def base(self) -> str:
        """The path under which the server stands, without a last slash."""
        return str(self.datasette.setting("base_url")).rstrip("/")

    @property
    def root(self) -> str:
        """The URL of the reading room, without a last slash."""
        return str(self.datasette.absolute_url(self.request, self.base or "/")).rstrip("/")

    @property
    def page(self) -> int:
        """The page of a long list."""
        text = self.args.get("page", "1")
        return int(text) if re.fullmatch(r"\d{1,4}", text, re.A) and int(text) else 1

    async def read(self, function: Callable[..., Any], *values: Any, **named: Any) -> Any:
        """Read from the archive."""
        return await self.database.execute_fn(lambda conn: function(conn, *values, **named))

    def html(self, template: str, status: int = 200, **values: Any) -> Response:
        """Answer with a page."""
        path = self.request.path.removeprefix(self.base)
        korean = path.removeprefix("/en") or "/"
        query = f"?{self.request.query_string}" if self.request.query_string else ""
        body = render.rendered(
            template,
            self.language,
            base=self.base + ("/en" if self.language == "en" else ""),
            static=self.base,
            data=self.datasette.urls.database(self.database.name),
            here=korean,
            korean=f"{self.base}{korean}{query}",
            english=f"{self.base}/en{'' if korean == '/' else korean}{query}",
            root=self.root,
            **values,
        )
        return Response.html(body, status=status, headers=HEADERS)

    def missing(self) -> Response:
        """Answer that there is no such page."""
        return self.html("missing.html", status=404)

    def said(self) -> dict[str, str]:
        """Give kinds of changes and names of fields in the reader's language."""
        known = render.catalogue(self.language)
        return {
            name: known.get(text, text) for name, text in (*changes.KINDS.items(), *changes.FIELDS.items())
        }


async def front_page(asked: Asked) -> Response:
    """Show the front page."""
    return asked.html("front.html", front=await asked.read(front))


async def search_page(asked: Asked) -> Response:
    """Show results, or write them as a feed."""
    filters = Filters.of(asked.args)
    feed = asked.request.path.endswith(".atom")
    found = await asked.read(
        results, Filters.of(asked.args | {"sort": "new"}) if feed else filters, asked.page
    )
    if feed:
        entries = feeds.entries_of_articles(asked.root, found.hits)
        query = filters.query()
        self_url, page_url = f"{asked.root}/search.atom?{query}", f"{asked.root}/search?{query}"
        return _xml(feeds.atom(filters.q or "정부 브리핑 아카이브", self_url, page_url, entries))
    return asked.html("search.html", found=found, filters=filters)


async def article_page(asked: Asked) -> Response:
    """Show an article, its history, the text of a file, or how to cite it."""
    key = (asked.parts["site"], asked.parts["section"], asked.parts["id"])
    shown = await asked.read(reading, *key)
    if shown is None:
        gone = await asked.read(is_redacted, *key)
        return asked.html("redacted.html", status=410) if gone else asked.missing()
    url = f"{asked.root}{shown.path}"
    return asked.html(
        "article.html", shown=shown, article=shown.article, url=url, cite=citation(shown, url, "text")
    )


async def history_page(asked: Asked) -> Response:
    """Show every version of an article with what it changed, or one of them."""
    shown = await asked.read(reading, asked.parts["site"], asked.parts["section"], asked.parts["id"])
    number = asked.parts.get("number")
    versions = [one for one in shown.versions if number in (None, str(one.version.number))] if shown else []
    if not versions:
        return asked.missing()
    return asked.html("history.html", shown=shown, article=shown.article, versions=versions, number=number)


async def cite(asked: Asked) -> Response:
    """Write how to cite an article, for reference managers."""
    shown = await asked.read(reading, asked.parts["site"], asked.parts["section"], asked.parts["id"])
    if shown is None:
        return asked.missing()
    kind = "bibtex" if asked.parts["form"] == "bib" else "csl"
    types = {"bibtex": "application/x-bibtex", "csl": "application/vnd.citationstyles.csl+json"}
    body = citation(shown, f"{asked.root}{shown.path}", kind)
    return Response(body, headers=HEADERS, content_type=f"{types[kind]}; charset=utf-8")


async def file_page(asked: Asked) -> Response:
    """Show the text of an attachment."""
    shown = await asked.read(reading, asked.parts["site"], asked.parts["section"], asked.parts["id"])
    file = await asked.read(file_text, shown.article["id"], asked.parts["file"]) if shown else None
    return asked.html("file.html", shown=shown, article=shown.article, file=file) if file else asked.missing()


async def captured_page(asked: Asked) -> Response:
    """Serve a page as it was captured: its very bytes, in a sandbox where nothing runs and nothing loads."""
    shown = await asked.read(reading, asked.parts["site"], asked.parts["section"], asked.parts["id"])
    if shown is None or asked.parts["capture"] not in {str(one["id"]) for one in shown.captures}:
        return asked.missing()
    folder = _files(asked)
    try:
        capture = await asked.read(lambda conn: Captures(conn, folder).read(int(asked.parts["capture"])))
    except ArchiveError:
        return asked.missing()
    kind = dict(capture.headers).get("Content-Type", "text/html; charset=utf-8")
    return Response(
        capture.content,
        headers={**HEADERS, "Content-Security-Policy": SANDBOX},
        content_type=kind if kind.startswith("text/html") else "text/plain; charset=utf-8",
    )


async def stored_file(asked: Asked) -> Response:
    """Serve an attachment from the archive by its hash, verified while it is read."""
    sha256, name = asked.parts["sha256"], asked.parts["name"]
    held = await asked.read(_is_served, sha256)
    if not held:
        return asked.missing()
    try:
        content = load_file(_files(asked), sha256)
    except Damaged:
        return asked.html("damaged.html", status=500)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    way = "inline" if kind in INLINE else "attachment"
    headers = {
        **HEADERS,
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "public, max-age=31536000, immutable",
    }
    return Response(
        content, headers=headers, content_type=kind if way == "inline" else "application/octet-stream"
    )


def _is_served(conn: sqlite3.Connection, sha256: str) -> bool:
    row = conn.execute(
        "SELECT 1 FROM attachments f JOIN articles a ON a.id = f.article_id"
        " WHERE f.sha256 = ? AND a.state <> 'redacted' LIMIT 1",
        (sha256,),
    ).fetchone()
    return row is not None


def _files(asked: Asked) -> Path:
    from pathlib import Path

    return Path(str(asked.database.path)).with_suffix(".files")


async def ministry(asked: Asked) -> Response:
    """Show one ministry, or the list of all."""
    if "key" not in asked.parts:
        return asked.html("ministries.html", ministries=await asked.read(ministries))
    shown = await asked.read(ministry_page, asked.parts["key"])
    return asked.html("ministry.html", shown=shown) if shown else asked.missing()


async def directory_page(asked: Asked) -> Response:
    """Look units and numbers up."""
    return asked.html(
        "directory.html", found=await asked.read(directory, asked.args.get("q", ""), asked.page)
    )


async def edits_page(asked: Asked) -> Response:
    """Show what was edited or deleted, or write it as a feed."""
    kind = asked.args.get("kind", "")
    kinds = (kind,) if kind in changes.KINDS and kind != "new" else ("edit", "gone", "restored", "superseded")
    found = await asked.read(changes.latest, kinds, limit=EDITS, offset=(asked.page - 1) * EDITS)
    if asked.request.path.endswith(".atom"):
        entries = feeds.entries_of_changes(asked.root, found, asked.said())
        return _xml(
            feeds.atom("고쳐지고 지워진 보도자료", f"{asked.root}/edits.atom", f"{asked.root}/edits", entries)
        )
    total = await asked.read(changes.count, kinds)
    return asked.html(
        "edits.html", found=found, kind=kind, total=total, page=asked.page, pages=-(-total // EDITS)
    )


async def coverage_page(asked: Asked) -> Response:
    """Show how complete the archive is."""
    return asked.html("coverage.html", shown=await asked.read(completeness.completeness))


async def former_rss(asked: Asked) -> Response:
    """Serve a feed under the name that the portal's had."""
    name = asked.parts["name"]
    sections = {
        "pressrelease": "press",
        "policy": "policy",
        "fact": "actually",
        "ebriefing": "briefing",
        "speech": "speech",
        "cabinet": "statecouncil",
    }
    if name not in sections:
        return asked.missing()
    found = await asked.read(results, Filters(section=sections[name], sort="new"))
    entries = feeds.entries_of_articles(asked.root, found.hits)
    return _xml(
        feeds.rss(f"정부 브리핑 아카이브: {name}", f"{asked.root}/search", entries), "application/rss+xml"
    )


async def stylesheet(asked: Asked) -> Response:
    """Serve the style sheet under the name of its content."""
    if asked.request.path.removeprefix(asked.base) != render.stylesheet_path():
        return asked.missing()
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(render.stylesheet().decode(), headers=headers, content_type="text/css; charset=utf-8")


def _xml(body: bytes, kind: str = "application/atom+xml") -> Response:
    return Response(body.decode(), headers=HEADERS, content_type=f"{kind}; charset=utf-8")


_ARTICLE = r"/a/(?P<site>[\w.-]+)/(?P<section>\w+)/(?P<id>[\w.-]+)"

ROUTES: tuple[tuple[str, Callable[[Asked], Awaitable[Response]]], ...] = (
    (r"/", front_page),
    (r"/search(?:\.atom)?", search_page),
    (_ARTICLE, article_page),
    (_ARTICLE + r"/history(?:/(?P<number>\d+))?", history_page),
    (_ARTICLE + r"/cite\.(?P<form>bib|json)", cite),
    (_ARTICLE + r"/file/(?P<file>[\w.-]+)", file_page),
    (_ARTICLE + r"/captured/(?P<capture>\d+)", captured_page),
    (r"/files/(?P<sha256>[0-9a-f]{64})/(?P<name>[^/]+)", stored_file),
    (r"/ministry(?:/(?P<key>[\w-]+))?", ministry),
    (r"/directory", directory_page),
    (r"/edits(?:\.atom)?", edits_page),
    (r"/coverage", coverage_page),
    (r"/rss/(?P<name>\w+)\.xml", former_rss),
    (r"/-/room-\w+\.css", stylesheet),
)
"""Paths, each a regular expression, with what answers them."""


def mounted(database: str) -> list[tuple[str, Callable[[Datasette, Request], Awaitable[Response]]]]:
    """Give the routes of the reading room of one database, Korean and English."""

    def answering(answer: Callable[[Asked], Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
        async def view(datasette: Datasette, request: Request) -> Response:
            return await answer(Asked(datasette, request, database))

        return view

    routes = [(f"(?:/en)?{path}$", answering(answer)) for path, answer in ROUTES]
    return [*routes, ("/en$", answering(front_page))]


def refusal(datasette: Datasette, request: Request, status: int, said: str) -> Response:
    """Answer a request that makes no sense, or failed, in the form of the reading room."""
    database = next(name for name in datasette.databases if not name.startswith("_"))
    known = {404: "missing.html"}
    return Asked(datasette, request, database).html(known.get(status, "error.html"), status=status, said=said)
