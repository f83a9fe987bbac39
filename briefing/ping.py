"""``--ping URL``: tells a monitor of scheduled jobs when a command starts and how it ends.

The protocol is that of healthchecks.io, which Uptime Kuma, Cronitor and others accept: ``URL/start`` at the
start, ``URL/CODE`` with the exit code at the end (its documentation, seen 2026-11).
"""

from __future__ import annotations

from http.client import HTTPException
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import click

from archive.errors import UsageError

PATIENCE = 10.0
"""Seconds that a ping may take; a monitor that does not answer never holds up a command."""


class Pings:
    """Reports one command to a monitor; a ping that fails is one line and nothing else.

    Args:
        url: of the check; it is a secret, so no line names more of it than its host.

    Raises:
        UsageError: the URL is none of http or https.
    """

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError("--ping: not a URL of http or https")
        self._url, self._host = url.rstrip("/"), parts.hostname

    def send(self, event: str) -> None:
        """Report ``start`` or an exit code."""
        request = Request(f"{self._url}/{event}", data=b"", method="POST")  # noqa: S310  # checked above
        try:
            with urlopen(request, timeout=PATIENCE):  # noqa: S310
                pass
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "code", None) or type(error).__name__
            click.echo(f"Warning: the ping to {self._host} failed: {reason}", err=True)
