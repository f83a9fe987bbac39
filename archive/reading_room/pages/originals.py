"""The original bytes: captured pages in a sandbox, and attachments by their hash.

Both print names and numbers of contacts, so a public server serves neither, only the masked text.
"""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING
from urllib.parse import quote

from datasette.utils.asgi import Response

from archive.captures.files import load_file
from archive.captures.store import Captures
from archive.errors import ArchiveError, Damaged
from archive.reading_room.pages.article import reading
from archive.reading_room.request import HEADERS

if TYPE_CHECKING:
    import sqlite3

    from archive.reading_room.request import PageRequest

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
INLINE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/gif"})
NOT_PUBLIC = (
    "담당자의 이름과 번호가 들어 있어, 받은 그대로의 페이지와 파일은 이 공개 사이트에서 내보내지 않습니다."
    " 이름과 번호를 가린 글은 기사 페이지에서 읽을 수 있고, 원래 주소도 거기에 있습니다."
)


async def captured_page(request: PageRequest) -> Response:
    """Serve the bytes of a captured page, in a sandbox where nothing runs and nothing loads."""
    if request.site.public:
        return request.refused(403, NOT_PUBLIC)
    shown = await request.read(reading, request.parts["site"], request.parts["section"], request.parts["id"])
    if shown is None or request.parts["capture"] not in {str(one["id"]) for one in shown.captures}:
        return request.missing()
    try:
        capture = await request.read(
            lambda conn: Captures(conn, request.folder).read(int(request.parts["capture"]))
        )
    except ArchiveError:
        return request.missing()
    kind = dict(capture.headers).get("Content-Type", "text/html; charset=utf-8")
    return Response(
        capture.content,
        headers={**HEADERS, "Content-Security-Policy": SANDBOX},
        content_type=kind if kind.startswith("text/html") else "text/plain; charset=utf-8",
    )


async def stored_file(request: PageRequest) -> Response:
    """Serve an attachment by its hash, which is verified while reading."""
    if request.site.public:
        return request.refused(403, NOT_PUBLIC)
    sha256, name = request.parts["sha256"], request.parts["name"]
    if not await request.read(_is_served, sha256):
        return request.missing()
    try:
        content = load_file(request.folder, sha256)
    except Damaged:
        return request.html("damaged.html", status=500)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    way = "inline" if kind in INLINE else "attachment"
    headers = {
        **HEADERS,
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(name, safe='')}",
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
