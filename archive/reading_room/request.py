"""One HTTP request to the reading room: its parameters, its language, and the ways to answer it."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from datasette.database import QueryInterrupted
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Response

from archive.browse.public import names_contact, names_of
from archive.browse.site import site_of
from archive.reading_room.pages import changes
from archive.reading_room.parameters import Parameters
from archive.reading_room.rendering import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NOT_WRITTEN = "알아듣지 못한 값이 있어 파일을 만들지 않았습니다."


class PageRequest:
    """One request: the archive, the language, and the parameters of its URL."""

    def __init__(self, datasette: Datasette, http: Request, database: str) -> None:
        self.datasette, self.http = datasette, http
        self.database = datasette.get_database(database)
        self.site = site_of(datasette)
        self.path = http.path.removeprefix(self.base) or "/"
        self.language = "en" if re.match(r"/en(?:/|$)", self.path) else "ko"
        given = http.scope.get("url_route", {}).get("kwargs", {})
        self.parts: dict[str, str] = {name: unquote(part) for name, part in given.items() if part is not None}
        self.args = Parameters((name, http.args.get(name) or "") for name in http.args)

    @property
    def base(self) -> str:
        """The path that the server is mounted at, without a trailing slash."""
        return str(self.datasette.setting("base_url")).rstrip("/")

    @property
    def root(self) -> str:
        """The URL of the reading room, without a trailing slash."""
        return self.site.base_url or str(self.datasette.absolute_url(self.http, self.base or "/")).rstrip("/")

    @property
    def folder(self) -> Path:
        """The folder of files beside the archive."""
        return Path(str(self.database.path)).with_suffix(".files")

    @property
    def korean_path(self) -> str:
        """The path of this page in Korean."""
        return self.path.removeprefix("/en") or "/" if self.language == "en" else self.path

    def may_show(self, text: str) -> bool:
        """Return whether a text names no person or number that this server hides."""
        return not (self.site.public and names_contact(text, names_of(Path(str(self.database.path)))))

    def names_a_contact(self) -> bool:
        """Return whether the URL names a person or a number that this server hides."""
        given = [
            *self.args,
            *self.args.values(),
            self.parts.get("name", ""),
            unquote(self.http.query_string),
        ]
        return not all(self.may_show(one) for one in given if one)

    async def read(self, function: Callable[..., Any], *values: Any, **named: Any) -> Any:
        """Read from the archive within the time limit of a query.

        Raises:
            QueryInterrupted: the limit was exceeded.
        """

        def timed(conn: sqlite3.Connection) -> Any:
            try:
                with sqlite_timelimit(conn, self.datasette.sql_time_limit_ms):
                    return function(conn, *values, **named)
            except sqlite3.OperationalError as error:
                if error.args != ("interrupted",):
                    raise
                raise QueryInterrupted(error, function.__name__, values) from error

        return await self.database.execute_fn(timed)

    def translate(self, text: str, **values: object) -> str:
        """Return a sentence in the reader's language."""
        return render.translate(self.language, text, **values)

    def html(self, template: str, status: int = 200, **values: Any) -> Response:
        """Answer with a page; with status 400 if it leaves out a parameter, which it names."""
        # An error page does not repeat the failed request: its language link leads to the front page.
        query = f"?{self.http.query_string}" if self.http.query_string and status < 400 else ""
        korean = self.korean_path if status < 400 else "/"
        if status == 200 and self.args.ignored:
            status = 400
        body = render.rendered(
            template,
            self.language,
            base=self.base + ("/en" if self.language == "en" else ""),
            static=self.base,
            public=self.site.public,
            data=self.datasette.urls.database(self.database.name),
            here=korean,
            korean=f"{self.base}{korean}{query}",
            english=f"{self.base}/en{'' if korean == '/' else korean}{query}",
            root=self.root,
            ignored=self.args.ignored,
            **values,
        )
        return Response.html(body, status=status, headers=dict(HEADERS))

    def missing(self) -> Response:
        """Answer 404: there is no such page."""
        return self.html("missing.html", status=404)

    def refused(self, status: int, text: str) -> Response:
        """Answer with an error page; ``text`` is the reason, in Korean."""
        return self.html("error.html", status=status, message=self.translate(text), detail="")

    def data(self, body: bytes, content_type: str, **headers: str) -> Response:
        """Answer with a file for programs, or 304 if the client's copy is current.

        A program would not notice that a parameter is left out, so the answer is then an error.
        """
        if self.args.ignored:
            return self.refused(400, NOT_WRITTEN)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        sent = {**HEADERS, "ETag": tag, "Cache-Control": "public, max-age=300", **headers}
        known = self.http.headers.get("if-none-match", "")
        if tag in (one.strip().removeprefix("W/") for one in known.split(",")) or known.strip() == "*":
            return Response(b"", status=304, headers=sent)
        return Response(body, headers=sent, content_type=content_type)

    def names_of_changes(self) -> dict[str, str]:
        """Return kinds of changes and names of fields in the reader's language."""
        korean = changes.KINDS | changes.FIELDS
        return {name: self.translate(text) for name, text in korean.items()}
