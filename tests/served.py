"""A running ``briefing browse``, queried over HTTP like a browser, and Datasette without a server."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import httpx

from archive.browse.server import datasette_for
from tests.command import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from datasette.app import Datasette

    from tests.command import Running


@dataclass
class Served:
    """A running ``briefing browse``."""

    base: str
    process: Running

    @property
    def said(self) -> Path:
        """The file of what it complains of."""
        return self.process.said

    def get(self, path: str, **parameters: str) -> tuple[int, dict[str, str], str]:
        """Ask for a page; give status, headers and text, whatever the status."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        status, headers, body = self.fetch(path + query)
        return status, headers, body.decode(errors="replace")

    def fetch(
        self, path: str, headers: dict[str, str] | None = None, method: str = "GET"
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask for a page or file with headers; give status, headers and bytes, whatever the status."""
        request = Request(self.base + path, headers=headers or {}, method=method)  # noqa: S310  # loopback
        try:
            with urlopen(request, timeout=300) as answer:  # noqa: S310
                return answer.status, _lower(answer.headers), answer.read()
        except HTTPError as error:
            with error:
                return error.code, _lower(error.headers), error.read()

    @property
    def spent(self) -> float:
        """The seconds of the processor that the server and its ended children have taken."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    @property
    def peak(self) -> int:
        """The most memory that the server has held, in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@contextmanager
def serve(path: Path, *options: str, patch: str = "") -> Iterator[Served]:
    """Run ``briefing browse`` on an archive, with options, until the block ends, ``patch`` before it."""
    with running("browse", "--db", path, "--port", "0", *options, patch=patch) as process:
        base = re.search(r"http://127\.0\.0\.1:\d+", process.line())
        assert base, process.done()
        try:
            yield Served(base[0], process)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait() == 0


def visit(datasette: Datasette, page: str) -> httpx.Response:
    """Request a page without a server; Datasette's own client knows no route of ours."""

    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(datasette.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(page)

    return asyncio.run(answer())


@contextmanager
def datasette_on(path: Path) -> Iterator[Datasette]:
    """Return Datasette as ``briefing browse`` configures it, without a server; close all it opened."""
    datasette = datasette_for(path)
    try:
        yield datasette
    finally:
        datasette.executor.shutdown()
        for database in datasette.databases.values():
            database.close()
