"""What goes wrong is a page of the site, in the language asked, with the search box: never a bare 500."""

from __future__ import annotations

import asyncio
import http.client
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import httpx
import pytest

from archive.browse import refusals
from archive.browse.server import datasette_for
from tests.newsroom import build
from tests.served import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRONG = {
    "/nowhere": 404,
    "/a/korea.kr/press/0": 404,
    "/a/korea.kr/press/156700001/history/99": 404,
    "/a/korea.kr/press/156700001/file/none": 404,
    "/ministry/none": 404,
    "/queries/none": 404,
    "/search.pdf": 404,
    "/sitemap-99.xml": 404,
    "/rss/none.xml": 404,
    "/files/" + "0" * 64 + "/x.pdf": 404,
    "/archive/nowhere": 404,
    "/archive/articles/999999": 404,
    "/-/nowhere": 404,
    "/-/static/" + "a" * 5000: 404,
    "/%ED%A0%80%00%ff": 404,
    "/archive/articles?nosuch=1": 400,
    "/archive/articles_fts_data": 403,
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("errors") / "a.db"
    build(path).archive.close()
    return path


@pytest.fixture(scope="module")
def served(path: Path) -> Iterator[Served]:
    with serve(path) as served:
        yield served


@pytest.mark.parametrize("wrong", WRONG)
def test_an_error_is_a_page_of_the_site_with_the_search_box(served: Served, wrong: str) -> None:
    status, headers, text = served.get(wrong)
    assert status == WRONG[wrong]
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert 'role="search"' in text
    assert '<html lang="ko">' in text
    assert text.count("<h1") == 1
    assert "Datasette" not in text
    assert "Traceback" not in text


@pytest.mark.parametrize("wrong", [one for one in WRONG if not one.startswith(("/archive", "/-/", "/%"))])
def test_an_error_is_told_in_the_language_asked(served: Served, wrong: str) -> None:
    status, _headers, text = served.get("/en" + wrong)
    assert status == WRONG[wrong]
    assert '<html lang="en">' in text
    assert re.search(r"<h1>[A-Z]", text)
    assert 'action="/en/search"' in text


@pytest.mark.parametrize("page", ["/", "/search?q=x", "/coverage", "/queries/output", "/search.csv"])
def test_what_takes_too_long_says_so_and_when_to_come_again(path: Path, page: str) -> None:
    datasette = datasette_for(path)
    datasette.sql_time_limit_ms = 0
    answer = asyncio.run(datasette.client.get(page))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "정한 시간 안에" in answer.text
    assert 'role="search"' in answer.text


@pytest.mark.parametrize(("page", "sentence"), [("/", "읽는 사람이 많습니다"), ("/en/search", "come again")])
def test_one_request_too_many_gets_a_page_that_asks_to_come_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, page: str, sentence: str
) -> None:
    monkeypatch.setattr(refusals, "REQUESTS", 1)
    app = datasette_for(path).app()

    async def visit() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            begun, received = asyncio.Event(), asyncio.Event()

            async def slowly(message: dict[str, object]) -> None:
                begun.set()
                await received.wait()

            scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b""}
            slow = asyncio.create_task(app({**scope, "headers": []}, None, slowly))
            await begun.wait()
            answers = [await client.get(page), await client.get("/archive/articles.json")]
            received.set()
            await slow
            return [*answers, await client.get(page)]

    busy, data, later = asyncio.run(visit())
    assert (busy.status_code, data.status_code, later.status_code) == (503, 503, 200)
    assert int(busy.headers["retry-after"]) > 0
    assert sentence in busy.text
    assert 'role="search"' in busy.text
    assert busy.headers["content-security-policy"].startswith("default-src 'none'")
    assert data.json()["ok"] is False


MALFORMED = [
    "/search?q=%",
    "/search?q=%zz&page=1&page=2",
    "/search?&&==",
    "/en/search?q=" + "%EA%B0%80" * 700,
    "/search?q=%00%ff%ED%A0%80",
    "/search?q=" + quote('제목:"" OR -- ((*'),
    "/edits?page=0&kind=%00",
    "/queries/provenance?article=abc",
    "/queries/silent_changes?words=%25",
    "/directory?q=" + "%25_" * 60,
    "/search.xlsx?since=9999-99-99",
    "//search",
    "/%2e%2e/%2e%2e/etc",
    "/?" + "a=1&" * 2000,
]


@pytest.mark.parametrize("target", MALFORMED)
def test_a_malformed_url_is_answered(served: Served, target: str) -> None:
    where = urlsplit(served.base)
    with closing(http.client.HTTPConnection(str(where.hostname), where.port, timeout=60)) as connection:
        connection.putrequest("GET", target, skip_host=True)
        connection.putheader("Host", "a:b:c")
        connection.putheader("If-None-Match", "\xe9")
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
    assert answer.status in (200, 302, 400, 404), target
    assert b"Traceback" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize("page", ["/", "/search", "/archive/articles", "/-/permissions"])
def test_nothing_can_be_written(served: Served, method: str, page: str) -> None:
    status, headers, _body = served.fetch(page, method=method)
    assert status == 405
    assert headers["allow"] == "GET, HEAD"


def test_an_answer_to_head_has_the_same_headers_and_no_body(served: Served) -> None:
    for page in ("/", "/search.csv", "/nowhere"):
        status, headers, body = served.fetch(page, method="HEAD")
        assert (status, headers["content-type"]) == (lambda a: (a[0], a[1]["content-type"]))(
            served.fetch(page)
        )
        assert body == b""


def test_an_archive_that_is_damaged_while_it_is_served_is_a_page_too(tmp_path: Path) -> None:
    build(tmp_path / "d.db").archive.close()
    with closing(sqlite3.connect(tmp_path / "d.db")) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with serve(tmp_path / "d.db") as served:
        assert served.get("/")[0] == 200
        with (tmp_path / "d.db").open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * 400_000)
        seen = {served.get(page)[0] for page in ("/", "/search", "/a/korea.kr/press/156700001", "/coverage")}
        assert seen <= {200, 400, 404, 500}
        status, _headers, text = served.get("/a/korea.kr/press/156700001/history")
        assert status >= 400
        assert 'role="search"' in text
        assert str(tmp_path) not in text
