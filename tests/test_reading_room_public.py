"""``briefing browse --public``: no page, feed, file or API tells a contact's name, number or mail address."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections import deque
from contextlib import closing
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest

from archive.browse.queries import QUERIES
from archive.database import Archive
from archive.records import Attachment, Contact, Relation
from archive.schema import TABLES
from archive.views import VIEWS
from tests.archives import open_desk, press_release, with_body
from tests.command import briefing
from tests.newsroom import MINISTRIES
from tests.served import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOT = "https://archive.example.kr"
NAMES = ("한바다", "이여름", "독고탁수", "김현")
FORMS = {
    "body": "문의: 연안여객과 한바다 사무관(044-200-0001), 한 바 다(☎ 044 200 0001), bada@example.go.kr",
    "table": "<table><tr><td>책임자</td><td>과장</td><td>이 여 름</td><td>(044)200-0002</td></tr></table>",
    "glued": "담당자한바다(0442000001) 주무관김현 팩스 ０４４－２００－０００３",
    "file": "붙임 담당 독고탁수 사무관 +82-44-200-0004 내선 305 dokgo(at)example.go.kr",
    "mobile": "한바다에게 010.1234.5678로 묻는다",
}
DIGITS = ("442000001", "442000002", "442000003", "442000004", "1012345678")
MAILS = ("bada@", "dokgo(at)", "dokgo@", "yeoreum@")
CONTACTS = (
    Contact("해양안전부", "연안여객과", "담당자", "한바다", "사무관", ("044-200-0001",), evidence="한바다 사무관(044-200-0001)"),
    Contact("해양안전부", "연안여객과", "책임자", "이여름", "과장", ("044-200-0002",), evidence="이여름", emails=("yeoreum@example.go.kr",)),
    Contact("해양안전부", "독고탁수과", "담당자", "독고탁수", None, ("044-200-0004",), evidence="독고탁수"),
    Contact("해양안전부", "요금과", "담당자", "김현", "주무관", ("044-200-0003",), evidence="김현"),
)  # fmt: skip


def build(path: Path) -> None:
    """Fill an archive with persons in every kind of place: text, table, file, version, deletion, retelling."""
    desk = open_desk(path)
    desk.store.seed_organizations(MINISTRIES)
    desk.store.begin_run("import", {"path": "/home/operator/secret/posts"})
    text = "\n".join(FORMS.values())
    article = with_body(press_release(1), text)
    body = replace(article.body, html=f"<p>{FORMS['body']}</p>{FORMS['table']}<p>{FORMS['glued']}</p>")
    file = Attachment(
        "f1",
        "한바다 명함 044-200-0001.pdf",
        "https://www.korea.kr/f?fileId=1&name=" + quote("한바다"),
        "pdf",
        "text",
        detail="cannot read /home/operator/secret/x.pdf",
        text=FORMS["file"],
        content=FORMS["file"].encode(),
    )
    with desk.archive:
        whole = replace(
            article,
            title="한바다 사무관이 전하는 여객선 점검(044-200-0001)",
            subtitle="이여름 과장 044-200-0002",
            writer="독고탁수 사무관",
            presenter="김현 주무관",
            organization_key="sea",
            body=body,
            contacts=CONTACTS,
            attachments=(file,),
        )
        desk.visit(whole)
        desk.list_day(whole, total=3)
        other = replace(with_body(press_release(2), f"여객선 글을 옮긴다. {text}"), contacts=(), attachments=())
        desk.visit(replace(other, title="이여름 과장, 여객선을 말하다", section="policy"))
        gone = replace(with_body(press_release(3), text), title="지울 글: 김현", contacts=CONTACTS[3:])
        desk.visit(gone)
        desk.store.close_listings()
        desk.clock.time = "2026-07-16T09:00:00+09:00"
        moved = text.replace("200-0001", "200-0002").replace("사무관", "서기관")
        desk.visit(replace(whole, title="여객선 점검(정정)", body=replace(with_body(article, moved).body, html=f"<p>{moved}</p>")))
        capture = desk.capture("삭제된 게시물입니다.", gone.canonical_url, status=410)
        desk.store.record_missing("korea.kr", "press", gone.native_id, capture, "410")
        desk.store.relate([Relation("retells", 2, 1, 0.9, "한바다 044-200-0001")])
        for number in range(10, 40):
            desk.visit(replace(press_release(number), title=f"등대 {number}: 한바다", contacts=CONTACTS[:1]))
        desk.store.end_run("finished", 0, 3)


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


class Links(HTMLParser):
    """Every URL that a page names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src", "action") and value]


def readings(body: bytes) -> Iterator[str]:
    """Give what an answer may be read as: as sent, unescaped, with tags out, unpacked."""
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            for name in file.namelist():
                yield from readings(file.read(name))
        return
    text = body.decode("utf-8", "replace")
    yield text
    yield unquote(text)
    plain = html.unescape(unquote(text))
    yield plain
    yield re.sub(r"<[^>]*>", "", plain)
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


def told(body: bytes, names: tuple[str, ...] = NAMES, digits: tuple[str, ...] = DIGITS) -> list[str]:
    """List the planted names and numbers that an answer holds, in any form of writing."""
    found = []
    for text in readings(body):
        squeezed = re.sub(r"[\s\u00a0\u3000]", "", text)
        found += [name for name in names if name in squeezed]
        folded = text.translate({0xFF10 + n: str(n) for n in range(10)})
        numbers = re.sub(r"(?<=\d)[-–.)( －~]+(?=\d)", "", folded)
        found += [one for one in digits if one in numbers]
        found += [one for one in MAILS if one in text]
        found += [one for one in ("/home/", "/tmp/", ".files/", "Traceback") if one in text]
    return found


def local(link: str) -> str | None:
    link = link.partition("#")[0]
    if link.startswith(ROOT):
        return link.removeprefix(ROOT) or "/"
    return link if link.startswith("/") and not link.startswith("//") else None


def crawl(served: Served, starts: list[str], most: int = 1500) -> dict[str, int]:
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


def test_no_page_that_is_linked_names_a_contact(served: Served) -> None:
    seen = crawl(served, ["/", "/en", "/robots.txt", "/sitemap.xml", "/rss/pressrelease.xml", "/search?q=%EC%97%AC%EA%B0%9D%EC%84%A0"])
    assert len(seen) > 200
    assert {link: status for link, status in seen.items() if status not in (200, 403)} == {}
    assert any("/history" in link for link in seen)
    assert any(".xlsx" in link for link in seen)
    assert any("/file/" in link for link in seen)


def test_the_demo_archive_served_to_anybody_names_none_of_its_contacts(tmp_path: Path) -> None:
    done = briefing("demo", "--db", tmp_path / "demo.db")
    assert done.returncode == 0, done.stderr
    with Archive.open(tmp_path / "demo.db") as archive:
        names = tuple(row[0] for row in archive.conn.execute("SELECT DISTINCT person FROM contacts WHERE person > ''"))
        digits = tuple(
            row[0].replace("-", "")
            for row in archive.conn.execute("SELECT DISTINCT printed FROM contact_points WHERE kind <> 'email' AND printed LIKE '0%'")
        )
    assert len(names) > 30
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


@pytest.mark.parametrize("language", ["", "/en"])
def test_no_url_that_is_not_linked_names_a_contact(served: Served, path: Path, language: str) -> None:
    with Archive.open(path) as archive:
        hashes = [row[0] for row in archive.conn.execute("SELECT DISTINCT sha256 FROM attachments WHERE sha256 > ''")]
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
    ["한바다", "한바다 여객선", "제목:한바다", "044-200-0001", "0442000001", "200-0001", "bada@example.go.kr", "독고 탁수"],
)
@pytest.mark.parametrize("page", ["/search?q=", "/search.atom?q=", "/search.xlsx?q=", "/directory?q=", "/search?nothing=", "/queries/voices?query="])
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
    assert len(articles) == len(set(articles)) == 33
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
