"""``--open``: the reading room in a browser, by the server that runs already or by one of our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.decorators import FC

PORT = 8001
"""Where ``briefing browse`` serves unless told otherwise, and where a running server is looked for."""

_WAIT = 2  # seconds for a server on this machine to answer


def open_option(command: FC) -> FC:
    """Add ``--open``: show the answer in the reading room."""
    return click.option(
        "--open", "open_browser", is_flag=True, help="Open it in the reading room, in a browser."
    )(command)


def open_page(db: Path, path: str) -> None:
    """Open a page of the reading room in a browser, served until Ctrl+C where no server of the archive runs.

    Args:
        db: the archive.
        path: of the page, with its query, from the first slash.

    Raises:
        ArchiveError: the archive cannot be read.
    """
    import webbrowser  # here and below: half of a search's start, which needs neither

    if served_at(PORT) == db.resolve():
        url = f"http://127.0.0.1:{PORT}{path}"
        click.echo(f"Opening {url}")
        webbrowser.open(url)
        return
    from briefing.commands.read.browse import serve  # imports the server, which other verbs need not wait for

    serve(db, port=PORT if _is_free(PORT) else 0, page=path)


def _is_free(port: int) -> bool:
    import socket

    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def served_at(port: int) -> Path | None:
    """Return the archive that a server on this machine serves; None when nothing of ours answers there."""
    from urllib.error import URLError
    from urllib.request import ProxyHandler, build_opener

    opener = build_opener(ProxyHandler({}))  # a proxy has no part in what is on this machine
    try:
        with opener.open(f"http://127.0.0.1:{port}/-/databases.json", timeout=_WAIT) as answer:
            databases = json.loads(answer.read(100_000))
        return Path(next(one["path"] for one in databases if one["name"] == "archive")).resolve()
    except (URLError, OSError, ValueError, LookupError, TypeError, StopIteration):
        return None
