"""``briefing browse``: Datasette on the archive, with our search, descriptions and reading pages."""

from __future__ import annotations

import signal
import socket
import threading
import webbrowser
from contextlib import suppress
from shlex import quote
from typing import TYPE_CHECKING

import click

from archive.database import Archive
from archive.errors import UsageError
from archive.search import is_current
from briefing.opening import PORT
from briefing.options import db_option

if TYPE_CHECKING:
    from pathlib import Path

    from archive.browse.site import Site

CONNECTIONS = (
    512  # at a time, idle ones too: half of the usual limit of open files; see also refusals.limited
)

ANSWERING = 1  # seconds that responses under way get when it is ended


@click.command("browse")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    metavar="PORT",
    help="Port to serve on; 0 for any that is free.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option("--open/--no-open", "open_browser", default=False, show_default=True, help="Open a browser.")
@click.option(
    "--public",
    is_flag=True,
    help="Anybody may read: contacts masked, no SQL, no captured bytes, no Datasette.",
)
@click.option(
    "--base-url",
    metavar="URL",
    help="Where readers reach it, e.g. https://archive.example.kr/ or, behind a proxy, with a path.",
)
@click.option("--immutable", is_flag=True, help="Nothing writes to the file (a snapshot): faster counts.")
@db_option
def command(
    port: int,
    host: str,
    open_browser: bool,
    public: bool,
    base_url: str | None,
    immutable: bool,
    db: Path,
) -> None:
    """Serve the archive to a web browser, read-only.

    The reading room is the archive's own site, Korean first: search, articles with their history and the
    pages as captured, ministries, contacts, edits, coverage, feeds. Beneath it Datasette gives every table,
    SQL and ready queries under "데이터". A crawl may go on meanwhile.

    With --public it can be put on the web, behind a proxy that speaks TLS: names and numbers of contacts are
    masked in every text, and instead of captured pages and files their masked texts are shown.

    \b
    Example:
      briefing browse --db archive.db --open
      briefing browse --db archive.db --public --base-url https://archive.example.kr/
    """
    from archive.browse.site import Site

    site = Site.at(base_url, public=public)
    serve(db, host=host, port=port, site=site, immutable=immutable, page="" if open_browser else None)


def serve(
    db: Path,
    *,
    port: int,
    host: str = "127.0.0.1",
    site: Site | None = None,
    immutable: bool = False,
    page: str | None = None,
) -> None:
    """Serve an archive until Ctrl+C.

    Args:
        db: the archive.
        port: to serve on; 0 for any that is free.
        host: the address to serve on.
        site: where readers reach it and what they may see; by default the operator's own.
        immutable: nothing writes to the file.
        page: path of the page that a browser opens; None for no browser.

    Raises:
        ArchiveError: the archive cannot be read.
        UsageError: the port is taken.
    """
    # Datasette takes a second to import; other verbs need not wait for it.
    import uvicorn

    from archive.browse import foreign_sql
    from archive.browse.server import datasette_for
    from archive.browse.site import Site

    site = site or Site.at(None, public=False)
    with Archive.open(db) as archive:  # says in one line what is wrong with the file
        if not is_current(archive.conn):
            click.echo(
                "The search index was made by another version of this program and finds too little;"
                f" `briefing verify --rebuild-index --db {quote(str(db))}` rebuilds it.",
                err=True,
            )
    datasette = datasette_for(db, immutable=immutable, site=site)
    listening = _listen(host, port)
    url = f"http://{host}:{listening.getsockname()[1]}{site.path}"
    click.echo(f"Browse the archive at {url}  (Ctrl+C ends)")
    if page is not None:
        # Beside the server: a browser in this terminal returns only when it is closed.
        opened = url.rstrip("/") + "/" + page.lstrip("/")
        threading.Thread(target=webbrowser.open, args=(opened,), daemon=True).start()
    server = uvicorn.Server(
        uvicorn.Config(
            datasette.app(),
            log_level="warning",
            lifespan="on",
            limit_concurrency=CONNECTIONS,
            server_header=False,
            timeout_graceful_shutdown=ANSWERING,
        )
    )
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # uvicorn knows the two other signals only
        signal.signal(signal.SIGHUP, server.handle_exit)
    with listening, suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    foreign_sql.close()


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is said of it; raises UsageError when it is not free."""
    try:
        return socket.create_server((host, port), family=socket.getaddrinfo(host, port)[0][0])
    except OSError as error:
        raise UsageError(f"cannot serve on {host}:{port}: {error.strerror}") from error
