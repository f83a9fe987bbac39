"""The replica's server: both sites on one loopback port by Host header, on a day that can be moved."""

from __future__ import annotations

import hashlib
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

from archive.records import KOREA
from briefing.demo import korea, newsdao
from briefing.demo.hwpx import hwpx_of
from briefing.demo.samples import Sample, standing_on
from crawler.sites.sections import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIRST_DAY = date(2026, 7, 13)
DAYS = (date(2026, 7, 14), date(2026, 7, 15))


class Answer(NamedTuple):
    """A response of the replica: body, status, type and further headers."""

    body: bytes
    status: int = 200
    content_type: str = "text/html;charset=UTF-8"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Replica:
    """A running replica.

    Attributes:
        url: where it listens, for ``--mirror``.
        day: the present day of both sites; assign to move on.
        requests: how many requests it has answered.
    """

    url: str
    day: date = DAYS[0]
    requests: int = 0


@contextmanager
def serve(port: int = 0) -> Iterator[Replica]:
    """Serve both sites on loopback until the block ends; port 0 takes a free one."""
    server = _Server(("127.0.0.1", port), _Handler)
    server.replica = Replica(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.replica
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(host: str, path: str, asked: dict[str, str], day: date) -> Answer:
    """Answer one request as the named site would on a day."""
    samples = standing_on(day)
    if host.removeprefix("www.") == "newsdao.kr":
        return _newsdao(path, asked, samples)
    if host.removeprefix("www.").removeprefix("m.") == KOREA:
        return _korea(path, asked, samples, day)
    return Answer(b"", HTTPStatus.MISDIRECTED_REQUEST)


def _korea(path: str, asked: dict[str, str], samples: tuple[Sample, ...], day: date) -> Answer:
    samples = tuple(sample for sample in samples if sample.section != "article")
    texts: dict[str, Callable[[], Answer]] = {
        "/robots.txt": lambda: _text(korea.ROBOTS),
        "/sitemapindex.xml": lambda: _text(korea.sitemap_index(), "application/xml"),
        "/sitemap_policy.xml": lambda: _text(korea.sitemap(samples), "application/xml"),
        "/common/download.do": lambda: _download(asked.get("fileId", ""), samples),
    }
    if path in texts:
        return texts[path]()
    if path.startswith("/docViewer/"):
        name = asked.get("fn") or path.rsplit("/", 1)[-1].split(".")[0]
        if name == "1":  # a page within the folder of a file
            name = path.rsplit("/", 2)[-2].split(".")[0]
        return _page(korea.viewer_page(path, name, samples))
    for section in SECTIONS:
        if section.site == KOREA and path == section.list_path:
            return _page(korea.list_page(section.name, samples, asked, day))
        if section.site == KOREA and path in (section.view_path, *section.aliases):
            found = [s for s in samples if (s.section, str(s.id)) == (section.name, asked.get("newsId"))]
            return _page(korea.article_page(found[0], samples, day) if found else korea.GONE)
    return _page(None)


def _newsdao(path: str, asked: dict[str, str], samples: tuple[Sample, ...]) -> Answer:
    articles = tuple(sample for sample in samples if sample.section == "article")
    if path == "/robots.txt":
        return _text(newsdao.ROBOTS)
    if path == "/sitemap.xml":
        return _tagged(_text(newsdao.sitemap(articles), "application/xml"))
    if path == "/":
        return _page(newsdao.list_page(articles, int(asked.get("page", 1))), newsdao.not_found())
    for article in articles:
        if path.strip("/") == str(article.id):
            retold = next((sample for sample in samples if sample.id == article.retells), None)
            return _tagged(_page(newsdao.article_page(article, retold)))
    return _page(None, newsdao.not_found())


def _download(file_id: str, samples: tuple[Sample, ...]) -> Answer:
    """Send an attachment as the site does: always as x-download, its name percent-encoded."""
    for sample in samples:
        number, name = korea.file_of(sample)
        if sample.contacts and str(number) == file_id:
            disposition = ("Content-Disposition", f'attachment; filename="{quote(name)}"')
            return Answer(hwpx_of(sample), content_type="application/x-download", headers=(disposition,))
    return _page(None)


def _text(text: str, content_type: str = "text/plain; charset=UTF-8") -> Answer:
    return Answer(text.encode(), content_type=content_type)


def _page(text: str | None, missing: str = "<html><body>404</body></html>") -> Answer:
    return Answer((text or missing).encode(), HTTPStatus.NOT_FOUND if text is None else HTTPStatus.OK)


def _tagged(page: Answer) -> Answer:
    """Add a validator, which newsdao.kr may give and korea.kr does not."""
    return page._replace(headers=(("ETag", f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'),))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    replica: Replica


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """Answer a GET; a validator that still holds is answered with 304."""
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        """Answer a POST of a list's form."""
        form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._answer(f"{urlsplit(self.path).query}&{form}")

    def _answer(self, query: str) -> None:
        replica = self.server.replica
        replica.requests += 1
        host = self.headers.get("Host", "").partition(":")[0]
        found = answer(host, urlsplit(self.path).path, dict(parse_qsl(query)), replica.day)
        tag = dict(found.headers).get("ETag")
        if tag and tag == self.headers.get("If-None-Match"):
            found = found._replace(body=b"", status=HTTPStatus.NOT_MODIFIED)
        self.send_response(found.status)
        for name, value in (("Content-Type", found.content_type), *found.headers):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(found.body)))
        self.end_headers()
        self.wfile.write(found.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the base class's)
        """Print nothing: the crawl reports what it does."""
