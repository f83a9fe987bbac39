"""Datasette's pages of tables, views and queries, with exact paging and visible errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from datasette.utils import CustomRow, tilde_decode, tilde_encode
from datasette.utils.asgi import BadRequest, Response
from datasette.views.base import DatasetteError
from datasette.views.database import DatabaseView
from datasette.views.table import TableView

from archive.browse import is_archive
from archive.browse.sql_functions import MARKS

if TYPE_CHECKING:
    from collections.abc import Collection

    from datasette.app import Datasette
    from datasette.database import Database
    from datasette.utils.asgi import Request

ROUTE = r"/(?!-/)(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)(\.(?P<format>\w+))?$"
"""Datasette's own of tables, views and canned queries."""

QUERY_ROUTE = r"/(?P<database>[^\/\.]+)\.(?P<format>csv|json)$"
"""Datasette's own of the CSV or JSON that a query gives."""

STREAMED = 200
"""Rows that a CSV stream reads at a time; the texts of Datasette's thousand may exceed one answer."""

_MARKS = re.compile(f"[{''.join(MARKS)}]")
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_FIRST_KEY = {"INTEGER": str(-(2**63)), "TEXT": ""}
_AFTER_ALL = "\U0010ffff"  # SQLite orders any number before any text, and texts by their code points


class TablePage(TableView):  # type: ignore[misc]  # Datasette ships no types
    """A page of a table or view of an archive.

    Datasette breaks ties by the primary key on every page but the first, so that rows which share the last
    value of the first page come twice or never where an index gives them in another order. So the first page
    too is requested as one that follows a row: one before all others.
    """

    async def data(
        self, request: Request, default_labels: bool = False, _next: str | None = None, _size: Any = None
    ) -> Any:
        """Read one page, as Datasette does.

        Raises:
            BadRequest: the page token is invalid for this table, or it has no such column.
            DatasetteError: the query of a CSV failed.
        """
        database = _database(self.ds, request)
        if database is None or not is_archive(database):
            return await super().data(request, default_labels, _next, _size)
        asked = _next or request.args.get("_next")
        start = await self._checked_start(request, database, asked)
        size = STREAMED if _size == "max" else _size
        return _whole(request, await super().data(request, default_labels, asked or start, size))

    async def post(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:  # noqa: ARG002  # Datasette's
        """Refuse: no canned query writes."""
        return Response.text("Method not allowed", status=405)

    async def _checked_start(self, request: Request, database: Database, asked: str | None) -> str | None:
        """Return the token of a row before all others in the requested order; None if none is needed."""
        name = tilde_decode(request.url_vars["table"])
        types = {column.name: column.type for column in await database.table_column_details(name)}
        if not types:
            return None  # a canned query, or nothing
        _check_columns(request, types)
        if not await database.table_exists(name):
            _check_token(asked, 1, ["INTEGER"])
            return None
        shown = self.ds.table_metadata(database.name, name)
        sort, descending = request.args.get("_sort"), request.args.get("_sort_desc")
        if not sort and not descending:
            sort, descending = shown.get("sort"), shown.get("sort_desc")
        keys = [types[key] for key in await database.primary_keys(name)] or ["INTEGER"]
        _check_token(asked, len(keys) + bool(sort or descending), keys)
        if not sort and not descending:
            return None
        value = tilde_encode(_AFTER_ALL) if descending else "$null"
        return ",".join([value, *(tilde_encode(_FIRST_KEY.get(key, "")) for key in keys)])


class QueryData(DatabaseView):  # type: ignore[misc]  # Datasette ships no types
    """The CSV or JSON of a query; Datasette itself answers a failed query with empty CSV and status 200."""

    async def data(self, request: Request, default_labels: bool = False, _size: Any = None) -> Any:
        """Run the query, as Datasette does; raises DatasetteError if it fails."""
        return _whole(request, await super().data(request, default_labels, _size))


def _whole(request: Request, answer: Any) -> Any:
    """Raise the error of a failed query, which CSV would lose; remove highlighting marks from the rows."""
    if isinstance(answer, tuple) and request.url_vars.get("format") in ("csv", "json"):
        rows = answer[0].get("rows")
        if rows:
            answer[0]["rows"] = [_unmarked(row) for row in rows]
    failed = isinstance(answer, tuple) and len(answer) == 4 and answer[3] >= 400
    if failed and request.url_vars["format"] == "csv":
        raise DatasetteError(answer[0]["error"], title="Invalid SQL", status=answer[3])
    return answer


def _unmarked(row: Any) -> Any:
    """Return a row without the private-use characters that mark highlighting."""
    values = [_MARKS.sub("", value) if isinstance(value, str) else value for value in row]
    if isinstance(row, dict) or values == list(row):
        return row
    return CustomRow(row.keys(), list(zip(row.keys(), values, strict=True)))


def _check_columns(request: Request, columns: Collection[str]) -> None:
    """Refuse a filter on an unknown column, whose quoted name SQLite would treat as a string."""
    for argument in request.args:
        name = argument.partition("__")[0]
        if not argument.startswith("_") and name not in columns and argument not in (*columns, "rowid"):
            raise BadRequest(f"{argument}: no such column; there are {', '.join(columns)}")


def _check_token(token: str | None, parts: int, keys: list[str]) -> None:
    """Refuse a page token that does not fit the keys of the table."""
    if token is None:
        return
    given = token.split(",")
    numbers = (
        tilde_decode(part) for part, kind in zip(given[-len(keys) :], keys, strict=False) if kind == "INTEGER"
    )
    if len(given) != parts or not all(_NUMBER.fullmatch(number) for number in numbers):
        raise BadRequest(f"_next={token} is no page of this table")


def _database(datasette: Datasette, request: Request) -> Database | None:
    try:
        return datasette.get_database(route=tilde_decode(request.url_vars["database"]))
    except KeyError:
        return None


async def table_page(request: Request, datasette: Datasette) -> Response:
    """Answer a request for a table, a view or a canned query."""
    return await TablePage(datasette).dispatch_request(request)


async def query_data(request: Request, datasette: Datasette) -> Response:
    """Answer a request for the CSV or JSON of a query."""
    return await QueryData(datasette).dispatch_request(request)
