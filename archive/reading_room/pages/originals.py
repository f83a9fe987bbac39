"""What was fetched, byte for byte: captured pages in a sandbox, and attachments by their hash.

Both print names and numbers of contacts, so where anybody may read neither is served: the masked text is.
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

    from archive.reading_room.request import Asked

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
INLINE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/gif"})
NOT_PUBLIC = (
    "담당자의 이름과 번호가 들어 있어, 받은 그대로의 페이지와 파일은 이 공개 사이트에서 내보내지 않습니다."
    " 이름과 번호를 가린 글은 기사 페이지에서 읽을 수 있고, 원래 주소도 거기에 있습니다."
)


async def captured_page(asked: Asked) -> Response:
    """Serve a page as it was captured: its very bytes, in a sandbox where nothing runs and nothing loads."""
    if asked.site.public:
        return asked.refused(403, NOT_PUBLIC)
    shown = await asked.read(reading, asked.parts["site"], asked.parts["section"], asked.parts["id"])
    if shown is None or asked.parts["capture"] not in {str(one["id"]) for one in shown.captures}:
        return asked.missing()
    try:
        capture = await asked.read(
            lambda conn: Captures(conn, asked.folder).read(int(asked.parts["capture"]))
        )
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
    if asked.site.public:
        return asked.refused(403, NOT_PUBLIC)
    sha256, name = asked.parts["sha256"], asked.parts["name"]
    if not await asked.read(_is_served, sha256):
        return asked.missing()
    try:
        content = load_file(asked.folder, sha256)
    except Damaged:
        return asked.html("damaged.html", status=500)
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
