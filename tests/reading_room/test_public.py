"""``briefing browse --public``: no page, feed, file or API tells a contact's name, number or mail address."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from archive.browse.queries import QUERIES
from archive.database import Archive
from archive.records import Contact
from archive.schema import TABLES
from archive.views import VIEWS
from tests.archives import open_desk, press_release, with_body
from tests.command import briefing
from tests.persons import ROOT, Links, build, local, told
from tests.served import Served, serve
from tests.thorough import one_in, thorough

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("public") / "a.db"
    build(path)
    return path


@pytest.fixture(scope="module")
def served(path: Path) -> Iterator[Served]:
    """The archive, served to anybody."""
    with serve(path, "--public", "--base-url", ROOT + "/") as served:
        yield served


def crawl(served: Served, starts: list[str], most: int) -> dict[str, int]:
    """Follow every link of the site, scan every byte, and give the status of each URL."""
    seen: dict[str, int] = {}
    waiting = deque(starts)
    while waiting and len(seen) < most:
        link = waiting.popleft()
        if link in seen:
            continue
        status, headers, body = served.fetch(link)
        seen[link] = status
        assert told(body) == [], (link, told(body))
        assert told("\n".join(headers.values()).encode()) == [], link
        kind = headers["content-type"]
        links = []
        if kind.startswith("text/html"):
            links = Links(body.decode()).found
        elif "xml" in kind and "sheet" not in kind:
            links = re.findall(r'(?:href="|<loc>|<link>|<guid[^>]*>)([^"<]+)', body.decode())
            links = [html.unescape(link) for link in links]
        waiting += [one for one in map(local, links) if one and one not in seen]
    return seen


@pytest.mark.parametrize("most", one_in(2, [220, 1500]))
def test_no_page_that_is_linked_names_a_contact(served: Served, most: int) -> None:
    seen = crawl(
        served,
        [
            "/",
            "/en",
            "/robots.txt",
            "/sitemap.xml",
            "/rss/pressrelease.xml",
            "/search?q=%EC%97%AC%EA%B0%9D%EC%84%A0",
        ],
        most,
    )
    assert len(seen) > 200
    assert {link: status for link, status in seen.items() if status not in (200, 403)} == {}
    assert any("/history" in link for link in seen)
    assert any(".xlsx" in link for link in seen)
    assert any("/file/" in link for link in seen)


def test_the_operators_own_pages_show_what_the_public_ones_hide(path: Path) -> None:
    with serve(path) as own:
        page = own.fetch("/a/korea.kr/press/156700001")[2]
        assert {"한바다", "독고탁수", "442000001", "bada@"} <= set(told(page))
        assert "최옛날" in told(own.fetch("/a/korea.kr/press/156700004/history")[2])
        assert "한바다" in told(own.fetch("/search.xlsx?q=" + quote("등대"))[2])
        assert "Disallow: /\n" in own.get("/robots.txt")[2]


@thorough
def test_the_demo_archive_served_to_anybody_names_none_of_its_contacts(tmp_path: Path) -> None:
    done = briefing("demo", "--db", tmp_path / "demo.db")
    assert done.returncode == 0, done.stderr
    with Archive.open(tmp_path / "demo.db") as archive:
        names = tuple(
            row[0] for row in archive.conn.execute("SELECT DISTINCT person FROM contacts WHERE person > ''")
        )
        digits = tuple(
            row[0].replace("-", "")
            for row in archive.conn.execute(
                "SELECT DISTINCT printed FROM contact_points WHERE kind <> 'email' AND printed LIKE '0%'"
            )
        )
    assert len(names) > 20
    with serve(tmp_path / "demo.db", "--public", "--base-url", ROOT) as served:
        links = {"/", "/en", "/sitemap.xml"}
        seen: set[str] = set()
        while links - seen:
            link = min(links - seen)
            seen.add(link)
            _status, headers, body = served.fetch(link)
            assert told(body, names, digits) == [], link
            if headers["content-type"].startswith(("text/html", "application/xml")):
                found = [*Links(body.decode()).found, *re.findall(r"<loc>([^<]+)", body.decode())]
                links |= {one for one in map(local, found) if one and not re.search(r"\?.*&", one)}
        assert len(seen) > 150


UNLINKED = [
    "/data.json",
    "/archive",
    "/archive.json",
    "/archive.json?sql=select+*+from+contacts",
    "/archive?sql=select+person+from+contacts",
    "/archive.csv?sql=select+*+from+main.contacts",
    "/archive/search?query=%EC%97%AC%EA%B0%9D%EC%84%A0",
    "/archive/whom_to_ask.json?query=%EC%97%AC%EA%B0%9D%EC%84%A0",
    "/archive/contacts.csv?_stream=on&_size=max",
    "/archive/captures/1",
    "/archive/bodies.json?_size=max",
    "/archive/bodies/1.blob?_blob_column=content",
    "/_internal.json",
    "/_memory.json?sql=select+1",
    "/archive.db",
    "/-/databases.json",
    "/-/metadata.json",
    "/-/settings.json",
    "/-/plugins.json?all=1",
    "/-/versions.json",
    "/-/threads.json",
    "/-/actor.json",
    "/-/permissions",
    "/-/allow-debug",
    "/-/patterns",
    "/-/static/app.css",
    "/-/static/../../archive.db",
    "/a/korea.kr/press/156700001/captured/1",
    "/a/korea.kr/press/156700001/captured/2",
    "/a/korea.kr/press/156700003/captured/3",
    "/a/korea.kr/press/156700001/capture",
    "/a/korea.kr/press/156700001.json",
    "/queries/whom_to_ask?query=%EC%97%AC%EA%B0%9D%EC%84%A0",
    "/queries/whose_number.json?number=129",
    "/queries/moved_numbers.csv",
    "/search?q=%ED%95%9C%EB%B0%94",
    "/search?q=%ED%95%9C%EB%B0%94%EB%8D%94",
    "/search?q=0001",
    "/search.json?q=%EC%97%AC%EA%B0%9D%EC%84%A0&sql=select+1",
    "/directory?q=0001",
    "/directory.json?q=%EC%97%AC%EA%B0%9D",
    "/%2e%2e/etc/passwd",
    "//archive",
    "/en/archive.json",
    "/a/%ED%95%9C%EB%B0%94%EB%8B%A4/press/1",
    *(f"/archive/{one.name}{form}" for one in (*TABLES, *VIEWS) for form in ("", ".json", ".csv?_stream=on")),
    *(f"/archive/{one.name}.json" for one in QUERIES),
]


@pytest.mark.parametrize("language", one_in(2, ["", "/en"]))
def test_no_url_that_is_not_linked_names_a_contact(served: Served, path: Path, language: str) -> None:
    with Archive.open(path) as archive:
        hashes = [
            row[0]
            for row in archive.conn.execute("SELECT DISTINCT sha256 FROM attachments WHERE sha256 > ''")
        ]
        hashes += [row[0] for row in archive.conn.execute("SELECT sha256 FROM bodies")]
    for url in [*UNLINKED, *(f"/files/{one}/x.pdf" for one in hashes)]:
        status, headers, body = served.fetch(language + url)
        assert told(body) == [], url
        assert status in (200, 400, 403, 404), url
        assert status != 200 or re.match(r"/(search|directory)\b", url), url
        assert headers["content-security-policy"].startswith("default-src 'none'"), url
        assert "script-src" not in headers["content-security-policy"], url


@pytest.mark.parametrize(
    "q",
    [
        "한바다",
        "한바다 여객선",
        "제목:한바다",
        "044-200-0001",
        "0442000001",
        "200-0001",
        "bada@example.go.kr",
        "독고 탁수",
    ],
)
@pytest.mark.parametrize(
    "page",
    [
        "/search?q=",
        "/search.atom?q=",
        "/search.xlsx?q=",
        "/directory?q=",
        "/search?nothing=",
        "/queries/voices?query=",
    ],
)
def test_asking_for_a_contact_is_refused_and_not_repeated(served: Served, page: str, q: str) -> None:
    status, _headers, body = served.fetch(page + quote(q))
    assert status == 400
    assert told(body) == []
    assert "찾을 수 없습니다" in body.decode()


def test_a_masked_text_is_still_read_and_searched(served: Served) -> None:
    page = served.get("/a/korea.kr/press/156700001")[2]
    assert "[이름]" in page
    assert "[전화번호]" in page
    assert "연안여객과" in page
    assert "이 공개 사이트는 담당자의 이름과 전화번호" in page
    assert "/captured/" not in page
    assert "/a/korea.kr/press/156700001" in served.get("/search?q=" + quote("여객선 점검"))[2]
    assert "[이름]" in served.get("/search?q=" + quote("등대"))[2]


@pytest.mark.parametrize(
    "query",
    [
        "q=2025-2026 예산",
        "q=여객선&since=2026-07-01&until=2026-07-31",
        "q=1,000명 2000억",
        "q=2026년 7월 14일",
        "q=-점검 여객선",
    ],
)
def test_what_names_nobody_is_searched(served: Served, query: str) -> None:
    assert served.get("/search?" + quote(query, safe="=&"))[0] == 200


def test_what_changes_in_a_number_alone_is_shown_masked(served: Served) -> None:
    history = served.get("/a/korea.kr/press/156700001/history")[2]
    assert "<ins>" in history
    assert "서기관" in history


def test_originals_are_refused_with_the_reason(served: Served) -> None:
    status, _headers, text = served.get("/a/korea.kr/press/156700001/captured/1")
    assert status == 403
    assert "담당자의 이름과 번호가 들어 있어" in text


def test_robots_are_told_what_to_read_and_every_article_is_in_the_sitemap(served: Served) -> None:
    robots = served.get("/robots.txt")[2]
    assert f"Sitemap: {ROOT}/sitemap.xml" in robots
    assert "Disallow: /search" in robots
    assert "Crawl-delay: 2" in robots
    files = re.findall(r"<loc>([^<]+)</loc>", served.get("/sitemap.xml")[2])
    assert files == [f"{ROOT}/sitemap-0.xml", f"{ROOT}/sitemap-1.xml"]
    articles = re.findall(r"<loc>([^<]+)</loc>", served.get("/sitemap-1.xml")[2])
    assert len(articles) == len(set(articles)) == 34
    assert served.get(articles[0].removeprefix(ROOT))[0] == 200
    assert served.get("/sitemap-2.xml")[0] == 404


def test_headers_advise_on_rates_and_ask_for_tls(served: Served) -> None:
    headers = served.get("/")[1]
    assert headers["ratelimit-policy"]
    assert headers["strict-transport-security"].startswith("max-age=")
    assert headers["permissions-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers
    assert served.fetch("/", method="POST")[0] == 405


def test_urls_are_those_under_which_readers_reach_the_site(path: Path) -> None:
    with serve(path, "--public", "--base-url", "https://example.kr/briefings/") as served:
        base = served.base
        for page in ("/briefings/", "/briefings/search", "/briefings/en/coverage"):
            status, _headers, text = served.get(page)
            assert status == 200
            links = [one for one in Links(text).found if one.startswith("/")]
            assert links
            assert all(one.startswith("/briefings/") for one in links)
        assert "https://example.kr/briefings/a/korea.kr/" in served.get("/briefings/search.atom")[2]
        headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        assert b"evil" not in served.fetch("/briefings/search.atom", headers)[2]
        assert base


@pytest.mark.parametrize("url", ["archive.example.kr", "ftp://x/", "https://", "https://x/?a=1"])
def test_a_base_url_that_is_none_is_one_line(path: Path, url: str) -> None:
    done = briefing("browse", "--public", "--base-url", url, "--db", path)
    assert done.returncode == 64
    assert done.stderr.startswith("Error: --base-url")


def test_a_name_that_is_a_word_besides_is_masked_where_it_is_a_name(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    named = (Contact("해양안전부", "요금과", "담당자", "이상", "사무관", evidence="이상"),)
    with desk.archive:
        desk.visit(replace(with_body(press_release(1), "문의: 이상 사무관. 30명"), contacts=named))
        for number in range(2, 40):
            text = f"{number}명 이상 참여한다. 문의: 이상 과장(044-200-0001)"
            desk.visit(replace(with_body(press_release(number), text), contacts=()))
    with serve(tmp_path / "a.db", "--public") as served:
        assert "문의: [이름] 사무관" in served.get("/a/korea.kr/press/156700001")[2]
        other = served.get("/a/korea.kr/press/156700002")[2]
        assert "2명 이상 참여한다" in other
        assert "문의: [이름] 과장([전화번호])" in other


def test_a_contact_that_a_crawl_adds_is_masked_at_once(tmp_path: Path) -> None:
    with closing(open_desk(tmp_path / "a.db").archive):
        pass
    with serve(tmp_path / "a.db", "--public") as served:
        assert served.get("/")[0] == 200
        desk = open_desk(tmp_path / "a.db")
        with desk.archive:
            desk.visit(replace(press_release(1), title="한바다 사무관(044-200-0001)"))
        for page in ("/", "/search", "/a/korea.kr/press/156700001", "/search.json"):
            body = served.fetch(page)[2]
            assert told(body) == [], page
        assert json.loads(served.get("/search.json")[2])["rows"][0]["title"] == "[이름] 사무관([전화번호])"


def test_the_directory_asks_only_for_what_it_answers(served: Served) -> None:
    assert ">부서</label>" in served.fetch("/directory")[2].decode()
    assert ">Unit</label>" in served.fetch("/en/directory")[2].decode()
