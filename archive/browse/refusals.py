"""Error responses of the server: one sentence with the right status; and the number of requests at a time."""

from __future__ import annotations

import errno
import logging
import sqlite3
import traceback
from typing import TYPE_CHECKING, Any

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Request
from datasette.views.base import DatasetteError

from archive.browse.foreign_sql import LONGEST, Busy
from archive.errors import Exceeded
from archive.reading_room.routes import BUSY, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette

    from archive.browse.headers import App

TOO_LONG = f"the query took too long: it may take {LONGEST:g} seconds, a facet less"
RETRY = 30  # seconds after which a query that timed out may be retried
REQUESTS = 64
"""Requests at a time: each may keep one response in memory until a slow reader has received it."""

log = logging.getLogger(__name__)

# Exceptions that Datasette leaves uncaught for invalid parameters.
_FROM_PARAMETERS = (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, LookupError, RecursionError)


@hookimpl  # type: ignore[untyped-decorator]  # Datasette ships no types
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Callable[[], Awaitable[Response]]:
    """Replace Datasette's own handler, which prints a traceback for every page not found."""

    async def answer() -> Response:
        _close_unawaited(exception)
        status, message, title = _refusal(exception)
        sentence = BUSY if isinstance(exception, Busy) else ""
        if status >= 500 and status != 503:
            log.error("%s failed", request.path, exc_info=exception)
        response = _written(datasette, request, status, message, title, sentence)
        if status == 503:
            response.headers["Retry-After"] = str(RETRY)
        return response

    return answer


def limited(app: App, datasette: Datasette) -> App:
    """Wrap an application to answer ``REQUESTS`` at a time; others get a page that asks them to retry."""
    under_way = 0

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        nonlocal under_way
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if under_way >= REQUESTS:
            await _busy(datasette, Request(scope, receive)).asgi_send(send)
            return
        under_way += 1
        try:
            await app(scope, receive, send)
        finally:
            under_way -= 1

    return answer


def _busy(datasette: Datasette, request: Request) -> Response:
    response = _written(datasette, request, 503, "too many requests at a time", None, BUSY)
    response.headers["Retry-After"] = str(RETRY)
    return response


@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]  # before Datasette's own page
def forbidden(datasette: Datasette, request: Request, message: str) -> Response:
    """Answer 403 with a page of the site."""
    return refusal(datasette, request, 403, message)


def _close_unawaited(exception: BaseException | None) -> None:
    """Close the coroutines that Datasette made and did not come to, for one before them raised an exception.

    Its ``gather`` awaits its arguments one after another (0.65). Python warns of those left, and from 3.12 on
    does so with a traceback where the collector finds them within a function that has no builtins.
    """
    while exception is not None:
        for frame, _ in traceback.walk_tb(exception.__traceback__):
            if frame.f_code.co_name == "gather":
                for coroutine in frame.f_locals.get("args", ()):
                    coroutine.close()
        exception = exception.__cause__ or exception.__context__


def _written(
    datasette: Datasette, request: Request, status: int, message: str, title: str | None, sentence: str
) -> Response:
    """Return an error in the format requested from Datasette, else as a page of the reading room.

    The page shows ``sentence``, in Korean; empty for that of the status.
    """
    path = request.path.partition("?")[0]
    first = path.removeprefix(datasette.setting("base_url")).lstrip("/").partition("/")[0].partition(".")[0]
    ours = first not in (*datasette.databases, "-")
    if path.endswith((".json", ".jsono")) and not ours:
        return Response.json({"ok": False, "error": message, "status": status, "title": title}, status=status)
    if path.endswith((".csv", ".blob")) and not ours:
        return Response.text(f"{message}\n", status=status)
    return refusal(datasette, request, status, message, sentence)


def _refusal(exception: Exception) -> tuple[int, str, str | None]:
    """Return the status, a sentence and a title for an exception."""
    if isinstance(exception, Base400):
        return exception.status, str(exception.args[0]), None
    if isinstance(exception, QueryInterrupted):
        return 503, TOO_LONG, "SQL Interrupted"
    if isinstance(exception, DatasetteError):
        message = TOO_LONG if exception.message_is_html else exception.message
        # Datasette answers 500 for an unknown sort column, which is the reader's error.
        return (400 if exception.status == 500 else exception.status), message, exception.title
    if isinstance(exception, Exceeded):
        return 400, f"the query needs more than a query is given: {exception.detail}", "SQL Interrupted"
    if isinstance(exception, OSError) and exception.errno == errno.ENAMETOOLONG:
        return 404, "no file has so long a name", None
    if isinstance(exception, _FROM_PARAMETERS):
        return 400, f"{type(exception).__name__}: {exception}", None
    return 500, "internal error", None
