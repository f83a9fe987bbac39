"""The Datasette plugin for archives, with its templates and style sheet.

Datasette finds it by its entry point (``datasette``). It affects only our own archives, which it recognises
by their application id: Korean search behind the search box, descriptions and
facets from the schema, research questions as canned queries, a page for reading an article.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape
from pluggy import HookimplMarker

from archive.articles.diff import differences
from archive.browse.headers import LANGUAGE, guarded
from archive.browse.limits import limit
from archive.browse.metadata import database_metadata
from archive.browse.public import hide_contacts, names_of
from archive.browse.queries import QUERIES
from archive.browse.site import site_of
from archive.browse.sql_functions import MARKS, register_functions
from archive.reading_room.pages.article import reading_of_row
from archive.schema import APPLICATION_ID
from archive.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette
    from datasette.database import Database
    from datasette.utils.asgi import Request

    from archive.browse.headers import App

hookimpl = HookimplMarker("datasette")

ARTICLE_IDS = frozenset({"article_id", "original_id"})
"""Columns of queries and views that name an article."""

KEPT = 80
"""Characters shown on each side of a change in the view of edits."""

_VIEWS = frozenset(view.name for view in VIEWS)


@hookimpl(trylast=True)  # after Datasette's own escape_fts, which is replaced
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Datasette) -> None:
    """Limit the cost of queries on our archives, and register the SQL functions of search.

    On a public server no connection shows contact data.
    """
    if conn.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
        if site_of(datasette).public:
            hide_contacts(conn, names_of(Path(str(datasette.get_database(database).path))))
        limit(conn)
        register_functions(conn)


def is_archive(database: Database) -> bool:
    """Return whether a database is one of our archives."""
    if not database.path:
        return False
    return _has_our_mark(database.path, "ro" if database.is_mutable else "ro&immutable=1")


@cache
def _has_our_mark(path: str, mode: str) -> bool:
    # By SQLite, not from the file's header: a new archive's header may still be in the write-ahead log.
    with closing(sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode={mode}", uri=True)) as conn:
        return bool(conn.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)


@hookimpl
def get_metadata(datasette: Datasette) -> dict[str, Any]:
    """Describe every archive that is open."""
    ours = [name for name, database in datasette.databases.items() if is_archive(database)]
    return {"databases": {name: database_metadata(datasette.urls.database(name)) for name in ours}}


@hookimpl
def canned_queries(datasette: Datasette, database: str) -> dict[str, dict[str, str]]:
    """Return the research questions as canned queries."""
    if not is_archive(datasette.get_database(database)):
        return {}
    return {
        query.name: {
            "title": query.title,
            "description": query.description.replace("`", ""),
            "sql": query.sql,
        }
        for query in QUERIES
    }


@hookimpl
def extra_template_vars(
    datasette: Datasette, database: str | None, table: str | None, view_name: str, request: Request | None
) -> Callable[[], Awaitable[dict[str, Any]]] | None:
    """Return the variables of an article's page."""
    if view_name != "row" or table != "articles" or not database or request is None:
        return None
    source = datasette.get_database(database)
    if not is_archive(source):
        return None

    async def variables() -> dict[str, Any]:
        shown = await source.execute_fn(lambda conn: reading_of_row(conn, request.url_vars["pks"]))
        return {"shown": shown, "article": shown.article} if shown else {}

    return variables


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """Return the style sheet, which sets Korean fonts and line breaking."""
    return [datasette.urls.path(f"/-/static-plugins/{_plugin_name()}/korean.css")]


@cache
def _plugin_name() -> str:
    """Return Datasette's name of this plugin: the distribution, or the package if it is not installed."""
    # Not above: importing datasette.plugins loads this plugin, which would then be half made.
    from datasette.plugins import get_plugins

    here = str(Path(__file__).parent / "static")
    return next(str(plugin["name"]) for plugin in get_plugins() if plugin["static_path"] == here)


@hookimpl
def extra_body_script() -> str:
    """Set the language of the page, by which browsers choose fonts and screen readers a voice."""
    return LANGUAGE


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Return the routes of the reading room, and of table pages that show every row exactly once."""
    # Not above: importing Datasette loads this plugin, which would then be half made.
    from archive.browse.pages import QUERY_ROUTE, ROUTE, query_data, table_page
    from archive.reading_room.routes import mounted

    names = [name for name, database in datasette.databases.items() if is_archive(database)]
    room = mounted(datasette, names[0]) if len(names) == 1 else []
    return [*room, (ROUTE, table_page), (QUERY_ROUTE, query_data)]


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    """Add security headers and the limit of requests if only archives are served; others are left alone."""
    # Not above: importing Datasette loads this plugin, which would then be half made.
    from archive.browse.refusals import limited

    ours = all(is_archive(database) for name, database in datasette.databases.items() if name[0] != "_")
    return (lambda app: guarded(limited(app, datasette), site_of(datasette))) if ours else lambda app: app


@hookimpl
def render_cell(
    row: sqlite3.Row, value: object, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | None:
    """Render highlighting in snippets and edits, and link articles from queries and views."""
    if table == "edits" and column in ("before", "after") and is_archive(datasette.get_database(database)):
        return _compared(row["before"] or "", row["after"] or "", column)
    if isinstance(value, str) and MARKS[0] in value:
        start, end = MARKS
        return Markup(str(escape(value)).replace(start, "<mark>").replace(end, "</mark>"))  # noqa: S704
    derived = table is None or table in _VIEWS  # tables have foreign keys, which Datasette links itself
    if derived and column in ARTICLE_IDS and is_archive(datasette.get_database(database)):
        return Markup('<a href="{}">{}</a>').format(datasette.urls.row(database, "articles", value), value)
    return None


def _compared(before: str, after: str, column: str) -> Markup:
    """Render one side of an edit: the words that occur only there, with a little context."""
    side, tag = ("removed", "del") if column == "before" else ("added", "ins")
    drawn = Markup("")
    for change in differences(before, after):
        if change.kind == "kept":
            drawn += _shortened(change.text)
        elif change.kind == side:
            drawn += Markup("<{0}>{1}</{0}>").format(Markup(tag), change.text)  # noqa: S704
    return drawn


def _shortened(text: str) -> str:
    return text if len(text) <= 2 * KEPT else f"{text[:KEPT]} … {text[-KEPT:]}"
