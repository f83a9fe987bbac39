"""URLs of the reading room: what is asked, in which language, and the headers of every answer.

Korean pages stand at the root, English ones under ``/en``. Every handler reads through one read-only
connection of Datasette's, off the event loop, and within its time limit for SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from archive.browse.site import site_of
from archive.reading_room.downloads.lists import LISTS, download
from archive.reading_room.feeds.handlers import edits_feed, former_rss, search_feed
from archive.reading_room.pages import changes, completeness
from archive.reading_room.pages.article import citation, file_text, is_redacted, reading
from archive.reading_room.pages.attention import attention, statement
from archive.reading_room.pages.crawlers import robots, sitemap
from archive.reading_room.pages.directory import directory
from archive.reading_room.pages.front import front
from archive.reading_room.pages.ministries import OUTPUT, ministries, ministry_page
from archive.reading_room.pages.originals import captured_page, stored_file
from archive.reading_room.pages.questions import question, questions
from archive.reading_room.rendering import render
from archive.reading_room.request import HEADERS, Asked
from archive.reading_room.search.filters import Filters
from archive.reading_room.search.find import results
from archive.reading_room.search.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

EDITS = 20  # on one page
NAMED = "사람의 이름이나 전화번호로는 이 공개 사이트에서 찾을 수 없습니다."


async def front_page(asked: Asked) -> Response:
    """Show the front page."""
    return asked.html("front.html", front=await asked.read(front))


async def search_page(asked: Asked) -> Response:
    """Show results; where there are none, the nearest spelling."""
    filters = Filters.of(asked.args)
    found = await asked.read(results, filters, asked.page)
    near = None
    if filters.q and not found.total:
        near = await asked.read(nearest, filters.q, asked.may_be_said)
    return asked.html("search.html", found=found, filters=filters, near=near)


async def article_page(asked: Asked) -> Response:
    """Show an article, its history, the text of a file, or how to cite it."""
    key = (asked.parts["site"], asked.parts["section"], asked.parts["id"])
    shown = await asked.read(reading, *key)
    if shown is None:
        gone = await asked.read(is_redacted, *key)
        return asked.html("redacted.html", status=410) if gone else asked.missing()
    url = f"{asked.root}{shown.path}"
    return asked.html(
        "article.html",
        shown=shown,
        article=shown.article,
        url=url,
        cite=citation(shown, url, "text", asked.language),
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


async def ministry(asked: Asked) -> Response:
    """Show one ministry, or the list of all."""
    if "key" not in asked.parts:
        return asked.html("ministries.html", ministries=await asked.read(ministries))
    shown = await asked.read(ministry_page, asked.parts["key"])
    return asked.html("ministry.html", shown=shown, output=OUTPUT) if shown else asked.missing()


async def directory_page(asked: Asked) -> Response:
    """Look units and numbers up."""
    return asked.html(
        "directory.html", found=await asked.read(directory, asked.args.get("q", ""), asked.page)
    )


async def attention_page(asked: Asked) -> Response:
    """Compare topics over time."""
    topics = asked.request.args.getlist("q")
    shown = await asked.read(attention, topics, asked.args)
    return asked.html(
        "attention.html",
        shown=shown,
        args={name: asked.args.get(name, "") for name in ("since", "until", "by")},
        sql=statement(shown) if shown.periods else "",
    )


async def edits_page(asked: Asked) -> Response:
    """Show what was edited or deleted."""
    kind = asked.args.get("kind", "")
    kinds = (kind,) if kind in changes.KINDS and kind != "new" else ("edit", "gone", "restored", "superseded")
    found = await asked.read(changes.latest, kinds, limit=EDITS, offset=(asked.page - 1) * EDITS)
    total = await asked.read(changes.count, kinds)
    return asked.html(
        "edits.html", found=found, kind=kind, total=total, page=asked.page, pages=-(-total // EDITS)
    )


async def coverage_page(asked: Asked) -> Response:
    """Show how complete the archive is."""
    return asked.html(
        "coverage.html", days=completeness.DAYS, shown=await asked.read(completeness.completeness)
    )


async def stylesheet(asked: Asked) -> Response:
    """Serve the style sheet under the name of its content."""
    if asked.request.path.removeprefix(asked.base) != render.stylesheet_path():
        return asked.missing()
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(render.stylesheet().decode(), headers=headers, content_type="text/css; charset=utf-8")


async def nothing(asked: Asked) -> Response:
    """Answer that there is no such page; on a public server, of every page that is not ours."""
    return asked.missing()


_ARTICLE = r"/a/(?P<site>[\w.-]+)/(?P<section>\w+)/(?P<id>[\w.-]+)"

ROUTES: tuple[tuple[str, Callable[[Asked], Awaitable[Response]]], ...] = (
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
"""Paths, each a regular expression, with what answers them."""


def mounted(
    datasette: Datasette, database: str
) -> list[tuple[str, Callable[[Datasette, Request], Awaitable[Response]]]]:
    """Give the routes of the reading room of one database, Korean and English.

    Where anybody may read they are all that there is: Datasette's own pages are not reached.
    """

    def answering(answer: Callable[[Asked], Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
        async def view(datasette: Datasette, request: Request) -> Response:
            asked = Asked(datasette, request, database)
            return asked.refused(400, NAMED) if asked.names_somebody() else await answer(asked)

        return view

    routes = [(f"(?:/en)?{path}$", answering(answer)) for path, answer in ROUTES]
    rest = [(r"(?s:.*)$", answering(nothing))] if site_of(datasette).public else []
    return [*routes, ("/en$", answering(front_page)), *rest]


def refusal(datasette: Datasette, request: Request, status: int, said: str) -> Response:
    """Answer a request that makes no sense, or failed, in the form of the reading room."""
    database = next(name for name in datasette.databases if not name.startswith("_"))
    asked = Asked(datasette, request, database)
    if status == 404:
        return asked.missing()
    # What Datasette says of a query is for those who write SQL.
    detail = "" if asked.site.public or status >= 500 else said
    sentence = asked.say(REFUSALS.get(status, REFUSALS[500]))
    return asked.html("error.html", status, said=sentence, detail=detail)


REFUSALS = {
    400: "요청을 이해하지 못했습니다. 주소나 조건을 다시 보세요.",
    403: "이 페이지는 보일 수 없습니다.",
    405: "이 사이트는 읽기만 할 수 있습니다.",
    500: "이 페이지를 만들다 오류가 났습니다. 운영자의 기록에 남았습니다.",
    503: "이 질문은 정한 시간 안에 답하지 못했습니다. 조건을 좁혀 다시 해 보세요.",
}
"""What an error page says, by status."""
