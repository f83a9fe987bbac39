"""Lists of the reading room as downloads, with column headings in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from archive.reading_room.downloads.tables import CUT, FIRST, MOST, TYPES, Table, written
from archive.reading_room.pages.changes import LATER, count, latest
from archive.reading_room.pages.completeness import gaps
from archive.reading_room.pages.directory import SCANNED, directory
from archive.reading_room.pages.ministries import ministries
from archive.reading_room.rendering.reasons import OTHER, reason
from archive.reading_room.search.filters import SECTIONS, STATES
from archive.reading_room.search.find import is_known_ministry, matching_rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from datasette.utils.asgi import Response

    from archive.reading_room.request import PageRequest

    # Rows of a list, at most :data:`MOST`, and their total number; None when unknown.
    Rows = tuple[list[Sequence[Any]], int | None]

_SEARCH = {
    "title": "제목",
    "organization": "기관",
    "section": "갈래",
    "published_at": "발표",
    "state": "상태",
    "version": "판",
    "url": "원래 주소",
    "archived_at": "보관본 주소",
}
_EDITS = {
    "title": "제목",
    "organization": "기관",
    "published_at": "발표",
    "kind": "바뀐 것",
    "seen_at": "확인한 때",
    "fields": "바뀐 항목",
    "archived_at": "보관본 주소",
}
_MINISTRIES = {"key": "열쇠", "name": "이름", "name_en": "영문 이름", "articles": "기사"}
_UNITS = {
    "organization": "기관",
    "department": "부서",
    "people": "이름",
    "points": "번호와 주소",
    "first_seen": "처음",
    "last_seen": "마지막",
    "articles": "기사",
}
_GAPS = {
    "site": "사이트",
    "section": "갈래",
    "day": "날짜",
    "listed": "목록",
    "archived": "보관",
    "reason": "까닭",
}


async def search_list(request: PageRequest) -> Response:
    """Answer with the articles that a search finds, newest first."""
    filters = request.args.filters
    if not await request.read(is_known_ministry, filters.ministry):
        return request.missing()

    def rows(conn: sqlite3.Connection) -> Rows:
        found, total, capped = matching_rows(conn, filters, MOST)
        return [
            (
                one["title"],
                one["organization"],
                request.translate(SECTIONS.get(one["section"], one["section"])),
                one["published_at"],
                request.translate(STATES.get(one["state"], one["state"])),
                one["version"],
                one["url"],
                f"{request.root}/a/{one['site']}/{one['section']}/{one['native_id']}",
            )
            for one in found
        ], None if capped else total

    return await list_response(request, "search", _SEARCH, rows, filters.query())


async def edits_list(request: PageRequest) -> Response:
    """Answer with the edits and deletions, latest first."""
    kind = request.args.choice("kind", LATER)
    kinds = (kind,) if kind else LATER
    names = request.names_of_changes()

    def rows(conn: sqlite3.Connection) -> Rows:
        return [
            (
                one.title,
                one.organization,
                one.published_at,
                names[one.kind],
                one.seen_at,
                ", ".join(names[field] for field in one.changed),
                f"{request.root}{one.path}/history/{one.number}",
            )
            for one in latest(conn, kinds, limit=MOST, compared=False)
        ], count(conn, kinds)

    return await list_response(request, "edits", _EDITS, rows, f"kind={kind}" if kind else "")


async def ministries_list(request: PageRequest) -> Response:
    """Answer with the ministries and their numbers of articles."""

    def rows(conn: sqlite3.Connection) -> Rows:
        found = ministries(conn)
        return [tuple(one[name] for name in _MINISTRIES) for one in found[:MOST]], len(found)

    return await list_response(request, "ministry", _MINISTRIES, rows)


async def directory_list(request: PageRequest) -> Response:
    """Answer with the units that match, with their people and numbers."""
    q = request.args.get("q", "")

    def rows(conn: sqlite3.Connection) -> Rows:
        found = directory(conn, q, size=SCANNED)
        return [
            (
                one["organization"],
                one["department"],
                ", ".join(one["people"]),
                ", ".join(printed for _kind, printed in one["points"]),
                one["first"],
                one["last"],
                one["articles"],
            )
            for units in found.ministries.values()
            for one in units
        ], None if found.capped else found.count

    return await list_response(request, "directory", _UNITS, rows, urlencode({"q": q}) if q else "")


async def coverage_list(request: PageRequest) -> Response:
    """Answer with the days that are not complete, each with its reason."""

    def why(text: str | None) -> str:
        sentence, values = reason(text) or (OTHER, {}) if text else ("", {})
        return request.translate(sentence, **values)

    def rows(conn: sqlite3.Connection) -> Rows:
        found = gaps(conn)
        return [
            (
                day.site,
                request.translate(SECTIONS.get(day.section, day.section)),
                day.day,
                day.found,
                day.archived,
                why(day.reason),
            )
            for day in found[:MOST]
        ], len(found)

    return await list_response(request, "coverage", _GAPS, rows)


async def list_response(
    request: PageRequest,
    name: str,
    columns: Mapping[str, str],
    rows: Callable[[sqlite3.Connection], Rows],
    query: str = "",
    path: str | None = None,
) -> Response:
    """Answer with a list in the format that the URL names.

    Args:
        request: the request.
        name: of the file.
        columns: name in JSON → Korean heading.
        rows: reads the rows and counts them all.
        query: canonical query string of the page that shows the list.
        path: path of that page; the name by default.
    """
    form = request.parts["form"]
    url = f"{request.root}{path or '/' + name}{'?' + query if query else ''}"

    def written_there(conn: sqlite3.Connection) -> bytes:
        found, total = rows(conn)
        note = ""
        if total is None:
            note = request.translate(FIRST, n=f"{len(found):,}")
        elif total > len(found):
            note = request.translate(CUT, n=f"{len(found):,}", total=f"{total:,}")
        headings = {column: request.translate(korean) for column, korean in columns.items()}
        return written(Table(name, headings, found, total, url, note), form)

    body = await request.read(written_there)
    return request.data(body, TYPES[form], **{"Content-Disposition": f'attachment; filename="{name}.{form}"'})


LISTS: dict[str, Callable[[PageRequest], Awaitable[Response]]] = {
    "search": search_list,
    "edits": edits_list,
    "ministry": ministries_list,
    "directory": directory_list,
    "coverage": coverage_list,
}


async def download(request: PageRequest) -> Response:
    """Answer with the list of a page as a file."""
    return await LISTS[request.parts["list"]](request)
