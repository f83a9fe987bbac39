"""What Datasette answers when a request makes no sense: one sentence with the right status."""

from __future__ import annotations

import errno
import logging
import sqlite3
from typing import TYPE_CHECKING

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

from archive.reading_room.routes import refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

RETRY = 30  # seconds after which what took too long may be asked again
log = logging.getLogger(__name__)

# What escapes Datasette when a parameter makes no sense.
_FROM_PARAMETERS = (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, LookupError, RecursionError)


@hookimpl  # type: ignore[untyped-decorator]  # Datasette ships no types
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Callable[[], Awaitable[Response]]:
    """Answer instead of Datasette's own handler, which prints every page not found as a traceback."""

    async def answer() -> Response:
        status, said, title = _refusal(exception)
        if status >= 500 and status != 503:
            log.error("%s failed", request.path, exc_info=exception)
        response = _written(datasette, request, status, said, title)
        if status == 503:
            response.headers["Retry-After"] = str(RETRY)
        return response

    return answer


@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]  # before Datasette's own page
def forbidden(datasette: Datasette, request: Request, message: str) -> Response:
    """Answer what may not be seen in the site's own form."""
    return refusal(datasette, request, 403, message)


def _written(datasette: Datasette, request: Request, status: int, said: str, title: str | None) -> Response:
    """Write a refusal in the form that was asked of Datasette, else as a page of ours."""
    path = request.path.partition("?")[0]
    first = path.removeprefix(datasette.setting("base_url")).lstrip("/").partition("/")[0].partition(".")[0]
    ours = first not in (*datasette.databases, "-")
    if path.endswith((".json", ".jsono")) and not ours:
        return Response.json({"ok": False, "error": said, "status": status, "title": title}, status=status)
    if path.endswith((".csv", ".blob")) and not ours:
        return Response.text(f"{said}\n", status=status)
    return refusal(datasette, request, status, said)


def _refusal(exception: Exception) -> tuple[int, str, str | None]:
    """Give the status, a sentence and a title for what went wrong."""
    if isinstance(exception, Base400):
        return exception.status, str(exception.args[0]), None
    if isinstance(exception, QueryInterrupted):
        return 503, "SQL query took too long", "SQL Interrupted"
    if isinstance(exception, DatasetteError):
        said = "SQL query took too long" if exception.message_is_html else exception.message
        # Datasette says 500 of sorts that there are not, which are the reader's.
        return (400 if exception.status == 500 else exception.status), said, exception.title
    if isinstance(exception, OSError) and exception.errno == errno.ENAMETOOLONG:
        return 404, "no file has so long a name", None
    if isinstance(exception, MemoryError):
        return 400, "the query needs more memory than a query is given", "SQL Interrupted"
    if isinstance(exception, _FROM_PARAMETERS):
        return 400, f"{type(exception).__name__}: {exception}", None
    return 500, "internal error", None
