"""URLs of the reading room, each with the function that answers it.

Korean pages are at the root, English ones under ``/en``. Every handler reads through one read-only
connection of Datasette's, off the event loop, and within its time limit for SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from archive.browse.site import site_of
from archive.reading_room.downloads.lists import LISTS, download
from archive.reading_room.downloads.tables import MOST
from archive.reading_room.feeds.handlers import edits_feed, former_rss, search_feed
from archive.reading_room.pages import changes, completeness
from archive.reading_room.pages.article import citation, file_text, is_redacted, reading
from archive.reading_room.pages.attention import PERIODS, TOPICS, attention, statement
from archive.reading_room.pages.crawlers import robots, sitemap
from archive.reading_room.pages.directory import NEWEST, SCANNED, directory
from archive.reading_room.pages.front import front
from archive.reading_room.pages.ministries import OUTPUT, ministries, ministry_page
from archive.reading_room.pages.originals import captured_page, stored_file
from archive.reading_room.pages.questions import question, questions
from archive.reading_room.parameters import TOO_MANY
from archive.reading_room.rendering import render
from archive.reading_room.request import HEADERS, PageRequest
from archive.reading_room.search.find import results
from archive.reading_room.search.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

EDITS = 20  # on one page
NAMED = "사람의 이름이나 전화번호로는 이 공개 사이트에서 찾을 수 없습니다."


async def front_page(request: PageRequest) -> Response:
    """Show the front page."""
    return request.html("front.html", front=await request.read(front))


async def search_page(request: PageRequest) -> Response:
    """Show the results of a search; if there are none, suggest the nearest spelling."""
    filters = request.args.filters
    found = await request.read(results, filters, request.args.page)
    request.args.limit_page(found.pages)
    near = None
    if filters.q and not found.total:
        near = await request.read(nearest, filters.q, request.may_show)
    status = 404 if filters.ministry and not found.ministry else 200
    return request.html("search.html", status, found=found, filters=filters, near=near, most=MOST)


async def article_page(request: PageRequest) -> Response:
    """Show an article, its history, the text of a file, or how to cite it."""
    key = (request.parts["site"], request.parts["section"], request.parts["id"])
    shown = await request.read(reading, *key)
    if shown is None:
        gone = await request.read(is_redacted, *key)
        return request.html("redacted.html", status=410) if gone else request.missing()
    url = f"{request.root}{shown.path}"
    return request.html(
        "article.html",
        shown=shown,
        article=shown.article,
        url=url,
        cite=citation(shown, url, "text", request.language),
    )


async def history_page(request: PageRequest) -> Response:
    """Show every version of an article with its changes, or a single version."""
    shown = await request.read(reading, request.parts["site"], request.parts["section"], request.parts["id"])
    number = request.parts.get("number")
    versions = [one for one in shown.versions if number in (None, str(one.version.number))] if shown else []
    if not versions:
        return request.missing()
    return request.html("history.html", shown=shown, article=shown.article, versions=versions, number=number)


async def cite(request: PageRequest) -> Response:
    """Answer with the citation of an article, for reference managers."""
    shown = await request.read(reading, request.parts["site"], request.parts["section"], request.parts["id"])
    if shown is None:
        return request.missing()
    kind = "bibtex" if request.parts["form"] == "bib" else "csl"
    types = {"bibtex": "application/x-bibtex", "csl": "application/vnd.citationstyles.csl+json"}
    body = citation(shown, f"{request.root}{shown.path}", kind)
    return Response(body, headers=HEADERS, content_type=f"{types[kind]}; charset=utf-8")


async def file_page(request: PageRequest) -> Response:
    """Show the text of an attachment."""
    shown = await request.read(reading, request.parts["site"], request.parts["section"], request.parts["id"])
    file = await request.read(file_text, shown.article["id"], request.parts["file"]) if shown else None
    return (
        request.html("file.html", shown=shown, article=shown.article, file=file)
        if file
        else request.missing()
    )


async def ministry(request: PageRequest) -> Response:
    """Show one ministry, or the list of all."""
    if "key" not in request.parts:
        return request.html("ministries.html", ministries=await request.read(ministries))
    shown = await request.read(ministry_page, request.parts["key"])
    return request.html("ministry.html", shown=shown, output=OUTPUT) if shown else request.missing()


async def directory_page(request: PageRequest) -> Response:
    """Show the units, persons and numbers that match a query."""
    found = await request.read(directory, request.args.get("q", ""), request.args.page)
    request.args.limit_page(found.pages)
    return request.html("directory.html", found=found, newest=NEWEST, scanned=SCANNED)


async def attention_page(request: PageRequest) -> Response:
    """Compare topics over time."""
    topics = request.http.args.getlist("q")
    for topic in topics[TOPICS:]:
        request.args.ignore("q", TOO_MANY, value=topic)
    form = {"by": request.args.choice("by", PERIODS)}
    form |= {name: request.args.day(name) for name in ("since", "until")}
    shown = await request.read(attention, topics, form)
    return request.html(
        "attention.html",
        shown=shown,
        args=form,
        sql=statement(shown) if shown.periods else "",
    )


async def edits_page(request: PageRequest) -> Response:
    """Show the latest edits and deletions."""
    kind = request.args.choice("kind", changes.LATER)
    kinds = (kind,) if kind else changes.LATER
    total = await request.read(changes.count, kinds)
    pages = -(-total // EDITS)
    page = request.args.limit_page(pages)
    found = await request.read(changes.latest, kinds, limit=EDITS, offset=(page - 1) * EDITS)
    return request.html("edits.html", found=found, kind=kind, total=total, page=page, pages=pages, most=MOST)


async def coverage_page(request: PageRequest) -> Response:
    """Show how complete the archive is."""
    return request.html(
        "coverage.html", days=completeness.DAYS, shown=await request.read(completeness.completeness)
    )


async def stylesheet(request: PageRequest) -> Response:
    """Serve the style sheet under a name made from its content's hash."""
    if request.http.path.removeprefix(request.base) != render.stylesheet_path():
        return request.missing()
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(render.stylesheet().decode(), headers=headers, content_type="text/css; charset=utf-8")


async def nothing(request: PageRequest) -> Response:
    """Answer 404; on a public server also for Datasette's own pages."""
    return request.missing()


_ARTICLE = r"/a/(?P<site>[\w.-]+)/(?P<section>\w+)/(?P<id>[\w.-]+)"

ROUTES: tuple[tuple[str, Callable[[PageRequest], Awaitable[Response]]], ...] = (
    (r"/", front_page),
    (r"/search", search_page),
    (r"/search\.atom", search_feed),
    (rf"/(?P<list>{'|'.join(LISTS)})\.(?P<form>csv|xlsx|json)", download),
    (_ARTICLE, article_page),
    (_ARTICLE + r"/history(?:/(?P<number>\d+))?", history_page),
    (_ARTICLE + r"/cite\.(?P<form>bib|json)", cite),
    (_ARTICLE + r"/file/(?P<file>[\w.-]+)", file_page),
    (_ARTICLE + r"/captured/(?P<capture>\d+)", captured_page),
    (r"/files/(?P<sha256>[0-9a-f]{64})/(?P<name>[^/]+)", stored_file),
    (r"/ministry(?:/(?P<key>[\w-]+))?", ministry),
    (r"/directory", directory_page),
    (r"/attention", attention_page),
    (r"/edits", edits_page),
    (r"/edits\.atom", edits_feed),
    (r"/queries", questions),
    (r"/queries/(?P<question>\w+)(?:\.(?P<form>csv|xlsx|json))?", question),
    (r"/coverage", coverage_page),
    (r"/rss/(?P<name>\w+)\.xml", former_rss),
    (r"/robots\.txt", robots),
    (r"/sitemap(?:-(?P<number>\d{1,6}))?\.xml", sitemap),
    (r"/-/room-\w+\.css", stylesheet),
)
"""Paths, as regular expressions, with their handlers."""


def mounted(
    datasette: Datasette, database: str
) -> list[tuple[str, Callable[[Datasette, Request], Awaitable[Response]]]]:
    """Return the routes of the reading room of one database, Korean and English.

    On a public server they shadow Datasette's own pages, which cannot be reached.
    """

    def answering(answer: Callable[[PageRequest], Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
        async def view(datasette: Datasette, request: Request) -> Response:  # arguments by Datasette's names
            page = PageRequest(datasette, request, database)
            return page.refused(400, NAMED) if page.names_a_contact() else await answer(page)

        return view

    routes = [(f"(?:/en)?{path}$", answering(answer)) for path, answer in ROUTES]
    rest = [(r"(?s:.*)$", answering(nothing))] if site_of(datasette).public else []
    return [*routes, ("/en$", answering(front_page)), *rest]


def refusal(datasette: Datasette, http: Request, status: int, message: str, sentence: str = "") -> Response:
    """Answer a request that is invalid or failed with an error page of the reading room.

    It shows ``sentence``, in Korean, or that of the status.
    """
    database = next(name for name in datasette.databases if not name.startswith("_"))
    request = PageRequest(datasette, http, database)
    if status == 404:
        return request.missing()
    # Datasette's messages about queries are for those who write SQL.
    detail = "" if request.site.public or status >= 500 else message
    shown = request.translate(sentence or REFUSALS.get(status, REFUSALS[500]))
    return request.html("error.html", status, message=shown, detail=detail)


REFUSALS = {
    400: "요청을 이해하지 못했습니다. 주소나 조건을 다시 보세요.",
    403: "이 페이지는 보일 수 없습니다.",
    405: "이 사이트는 읽기만 할 수 있습니다.",
    500: "이 페이지를 만들다 오류가 났습니다. 운영자의 기록에 남았습니다.",
    503: "이 질문은 정한 시간 안에 답하지 못했습니다. 조건을 좁혀 다시 해 보세요.",
}
"""What an error page says, by status."""

BUSY = "지금 읽는 사람이 많습니다. 잠시 뒤에 다시 와 주세요."
