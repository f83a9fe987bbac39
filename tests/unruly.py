"""The bundled replica with troubles put in its way, for tests of the crawl: real HTTP on loopback."""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from briefing.demo.server import DAYS, answer
from tests.certificates import put_behind
from tests.command import briefing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from tests.command import Done

RESET = -1
DRIP = -2
CUT = -3
ONE_AT_A_TIME = """
import crawler.run.crawl as module
real = module.settings_for
module.settings_for = lambda **named: real(**named) | {
    "CONCURRENT_REQUESTS": 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 1
}
"""
"""A patch of a crawl: the next request is sent when the one before it is answered."""


class Asked(NamedTuple):
    """One request as it arrived."""

    at: float
    method: str
    host: str
    path: str
    fields: dict[str, str]
    headers: dict[str, str]


class Reply(NamedTuple):
    """What to answer instead of the replica: ``status`` may be RESET, CUT (half of it) or DRIP (for ever)."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


Trouble = "Callable[[Asked], Reply | None]"


@dataclass
class Unruly:
    """A running replica with troubles.

    Attributes:
        trouble: called first for each request; None means no trouble.
        log: every request, in order of arrival.
    """

    url: str = ""
    day: date = DAYS[0]
    trouble: Callable[[Asked], Reply | None] = lambda _: None
    log: list[Asked] = field(default_factory=list)

    @property
    def netloc(self) -> str:
        """Host and port."""
        return urlsplit(self.url).netloc

    def paths(self, *, details: bool = False) -> list[str]:
        """List the requested paths; with ``details``, only those of articles."""
        return [asked.path for asked in self.log if not details or is_detail(asked)]


def is_detail(asked: Asked) -> bool:
    """Return whether a request is for an article's page."""
    return "newsId" in asked.fields or asked.path.strip("/").isdigit()


@contextmanager
def serve(certificate: Path | None = None) -> Iterator[Unruly]:
    """Serve the replica on a free port until the block ends; over TLS where a certificate is given."""
    server = _Server(("127.0.0.1", 0), _Handler)
    scheme = "https" if certificate else "http"
    server.unruly = Unruly(f"{scheme}://127.0.0.1:{server.server_port}")
    if certificate:
        put_behind(server, certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.unruly
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def crawl_command(site: Unruly, db: Path, *more: str) -> list[str]:
    """Write the arguments of ``briefing`` that crawl the replica's day."""
    options = ["--delay=0", f"--today={site.day}T21:00", "--since=2026-07-13", f"--until={site.day}"]
    return ["crawl", f"--mirror={site.url}", f"--db={db}", *options, *more]


def crawl(site: Unruly, db: Path, *more: str, patch: str = "") -> Done:
    """Crawl the replica's day; ``patch`` is run before it."""
    return briefing(*crawl_command(site, db, *more), patch=patch)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Print no traceback for clients that hang up, as one does that does not trust the certificate."""

    unruly: Unruly


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def _answer(self, form: str) -> None:
        unruly = self.server.unruly
        parts = urlsplit(self.path)
        host = self.headers.get("Host", "").partition(":")[0]
        fields = dict(parse_qsl(form) + parse_qsl(parts.query))
        asked = Asked(time.monotonic(), self.command, host, parts.path, fields, dict(self.headers.items()))
        unruly.log.append(asked)
        reply = unruly.trouble(asked)
        if reply is None:
            found = answer(host, parts.path, fields, unruly.day)
            headers = (("Content-Type", found.content_type), *found.headers)
            reply = Reply(found.status, found.body, headers)
            tag = dict(found.headers).get("ETag")
            if tag and tag == self.headers.get("If-None-Match"):
                reply = Reply(304, b"", headers)
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        if reply.status == RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        self.send_response(200 if reply.status in (DRIP, CUT) else reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(1 << 20 if reply.status == DRIP else len(reply.body)))
        self.end_headers()
        if reply.status == DRIP:
            self._drip()
        elif reply.status == CUT:
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.close_connection = True
        else:
            self.wfile.write(reply.body)

    def _drip(self) -> None:
        try:
            for _ in range(60):
                self.wfile.write(b".")
                self.wfile.flush()
                time.sleep(0.2)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass
