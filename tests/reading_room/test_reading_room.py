"""The reading room as a reader meets it: every page, in both languages, over real HTTP."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from lxml import etree

from archive.database import Archive
from archive.integrity.redact import redact
from archive.reading_room.rendering import render
from archive.records import Attachment
from tests.archives import open_desk, press_release, with_body
from tests.newsroom import build
from tests.served import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATES = Path(render.__file__).with_name("templates")
HEAT = "/a/korea.kr/policy/156700003"
EDITED = "/a/korea.kr/press/156700001"
GONE = "/a/korea.kr/press/156700007"
PAGES = [
    "/",
    "/search",
    "/search?q=" + quote("여객선"),
    "/search?q=" + quote("없는낱말임"),
    "/search?ministry=sea&section=press&since=2026-07-01&until=2026-07-31&contact=1",
    HEAT,
    EDITED,
    EDITED + "/history",
    EDITED + "/history/2",
    GONE,
    HEAT + "/file/156700003b",
    "/ministry",
    "/ministry/sea",
    "/directory",
    "/directory?q=" + quote("폭염대응과"),
    "/edits",
    "/edits?kind=gone",
    "/coverage",
    "/nowhere",
]
FILE = b"%PDF-1.4 a file as it was fetched"
MANY = 45


class Seen(HTMLParser):
    """What a browser would do with a page: what it loads, its links, headings and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.lang = ""
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.loads += [str(said[name]) for name in ("src", "srcset", "poster", "data") if name in said]
        if tag == "link" and said.get("rel") == "stylesheet":
            self.loads.append(str(said["href"]))
        if tag == "a":
            self.links.append(str(said.get("href")))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "html":
            self.lang = str(said["lang"])
        if tag == "label" and said.get("for"):
            self.labelled.add(str(said["for"]))
        if tag == "input":
            self.inputs.append(said)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in which everything happened once, with some more articles of few days."""
    path = tmp_path_factory.mktemp("room") / "a.db"
    build(path).archive.close()
    desk = open_desk(path)
    with desk.archive:
        for number in range(100, 100 + MANY):
            release = press_release(number, published_at=f"2026-07-{10 + number % 3}")
            url = f"https://www.korea.kr/f?fileId={number}"
            file = Attachment(f"f{number}", "등대.pdf", url, content=FILE)
            desk.visit(replace(with_body(release, f"등대 {number}"), attachments=(file,)))
        taken = desk.visit(press_release(900))
        redact(desk.archive, taken.article_id, "article", "요청", "2026-07-17T09:00:00+09:00")
    return path


@pytest.fixture(scope="module")
def served(path: Path) -> Iterator[Served]:
    """The archive, served by the command itself."""
    with serve(path) as served:
        yield served


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_page_is_whole_small_and_loads_nothing_from_elsewhere(
    served: Served, page: str, language: str
) -> None:
    prefix = "/en" if language == "en" else ""
    status, headers, text = served.get(prefix + page if page != "/" or not prefix else prefix)
    assert status == (404 if page == "/nowhere" else 200)
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    seen = Seen(text)
    assert [url for url in seen.loads if not url.startswith("/-/room-")] == []
    assert "<script" not in text
    if page != "/nowhere":
        assert seen.lang == language
    assert seen.headings.count(1) == 1
    assert all(later - before <= 1 for before, later in zip(seen.headings, seen.headings[1:], strict=False))
    assert {one["id"] for one in seen.inputs if one.get("id")} <= seen.labelled
    assert len(text.encode()) < 60_000


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_our_own_leads_somewhere(served: Served, page: str) -> None:
    _status, _headers, text = served.get(page)
    broken = [
        link
        for link in sorted(set(Seen(text).links))
        if link.startswith("/") and served.get(link.partition("#")[0])[0] != 200
    ]
    assert [link for link in broken if not link.startswith("/nowhere") and "/nowhere" not in link] == []


def test_every_word_of_the_pages_is_translated() -> None:
    english = render.catalogue("en")
    said = {
        found
        for template in TEMPLATES.glob("*.html")
        for found in re.findall(r'_\("([^"]+)"', template.read_text("utf-8"))
    }
    said |= {
        *render.FIELDS.values(),
        *render.KINDS.values(),
        *render.SECTIONS.values(),
        *render.STATES.values(),
    }
    assert said - english.keys() == set()
    assert [korean for korean, forms in english.items() if set(re.findall(r"{\w+}", korean)) !=
            set(re.findall(r"{\w+}", forms[-1]))] == []  # fmt: skip


@pytest.mark.parametrize("query", ["", "&q=" + quote("등대"), "&section=press"])
def test_turning_every_page_shows_every_article_once(served: Served, path: Path, query: str) -> None:
    found: list[str] = []
    for page in range(1, 10):
        _status, _headers, text = served.get(f"/search?sort=new&page={page}{query}")
        found += re.findall(r'<h2><a href="(/a/[^"]+)"', text)
        if 'rel="next"' not in text:
            break
    with Archive.open(path) as archive:
        where = "section = 'press'" if "section" in query else "1"
        (total,) = archive.conn.execute(
            f"SELECT count(*) FROM articles WHERE state <> 'redacted' AND {where}"
        ).fetchone()
    assert len(found) == len(set(found))
    if "q=" in query:
        assert len(found) >= MANY
    else:
        assert len(found) == total


def test_pages_by_relevance_overlap_nowhere(served: Served) -> None:
    found: list[str] = []
    for page in (1, 2, 3):
        found += re.findall(
            r'<h2><a href="(/a/[^"]+)"', served.get(f"/search?q=%EB%93%B1%EB%8C%80&page={page}")[2]
        )
    assert len(found) == len(set(found)) >= MANY


def test_an_article_says_whom_to_ask_and_what_changed(served: Served) -> None:
    text = served.get(HEAT)[2]
    assert 'href="tel:+82442000002"' in text or 'href="tel:0442000002"' in text
    assert "이여름" in text
    edited = served.get(EDITED)[2]
    assert "무엇이 바뀌었나" in edited
    history = served.get(EDITED + "/history")[2]
    assert "<del>" in history
    assert "<ins>" in history


def test_a_deleted_release_can_still_be_read_and_seen_as_it_was_served(served: Served) -> None:
    text = served.get(GONE)[2]
    assert "사이트에서 지워졌습니다" in text
    (refusal, captured) = [link for link in Seen(text).links if "/captured/" in link]  # the newest first
    assert served.get(refusal)[2] == "삭제된 게시물입니다."
    status, headers, page = served.get(captured)
    assert status == 200
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "<html" in page
    assert served.get(captured.rpartition("/")[0] + "/999999")[0] == 404


def test_a_file_is_served_by_its_hash_and_never_when_damaged(served: Served, path: Path) -> None:
    text = served.get("/a/korea.kr/press/156700100")[2]
    link = next(link for link in Seen(text).links if link.startswith("/files/"))
    status, headers, content = served.get(link)
    assert (status, content.encode()) == (200, FILE)
    assert headers["content-type"] == "application/pdf"
    assert "sandbox" in headers["content-security-policy"]
    assert served.get("/files/" + "0" * 64 + "/x.pdf")[0] == 404
    stored = next(path.with_suffix(".files").rglob(link.split("/")[2]))
    stored.chmod(0o644)
    stored.write_bytes(b"other bytes")
    try:
        assert served.get(link)[0] == 500
    finally:
        stored.write_bytes(FILE)


def test_of_a_redacted_article_only_that_fact_is_told(served: Served) -> None:
    status, _headers, text = served.get("/a/korea.kr/press/156700900")
    assert status == 410
    assert "요청에 따라 지운 기사" in text


@pytest.mark.parametrize(
    "feed", ["/search.atom?q=" + quote("여객선"), "/edits.atom", "/en/edits.atom?kind=gone"]
)
def test_a_feed_is_valid_and_its_entries_lead_to_pages(served: Served, feed: str) -> None:
    status, headers, text = served.get(feed)
    assert status == 200
    assert headers["content-type"].startswith("application/atom+xml")
    entries = etree.fromstring(text.encode()).findall("{http://www.w3.org/2005/Atom}entry")
    assert entries
    for entry in entries:
        link = entry.find("{http://www.w3.org/2005/Atom}link")
        assert link is not None
        assert served.get("/" + link.attrib["href"].split("/", 3)[3].partition("#")[0])[0] == 200


@pytest.mark.parametrize(("name", "status"), [("pressrelease", 200), ("policy", 200), ("dept_nobody", 404)])
def test_the_portals_former_feeds_answer_under_their_names(served: Served, name: str, status: int) -> None:
    answer, _headers, text = served.get(f"/rss/{name}.xml")
    assert answer == status
    if status == 200:
        assert etree.fromstring(text.encode()).findall("channel/item")


def test_an_article_is_cited_for_people_and_for_programs(served: Served) -> None:
    assert "@misc{" in served.get(HEAT + "/cite.bib")[2]
    (record,) = json.loads(served.get(HEAT + "/cite.json")[2])
    assert record["title"] == "폭염 대책 발표"
    assert record["issued"] == {"date-parts": [[2026, 7, 10]]}


@pytest.mark.parametrize("wrong", ["/a/x/y/z", "/a/x/press/1/history/9", "/ministry/none", "/rss/x.xml"])
def test_what_is_not_there_is_a_page_with_the_search_box(served: Served, wrong: str) -> None:
    status, _headers, text = served.get(wrong)
    assert status == 404
    assert 'role="search"' in text


def test_an_archive_that_is_empty_has_a_front_page(tmp_path: Path) -> None:
    with closing(open_desk(tmp_path / "e.db").archive):
        pass
    with serve(tmp_path / "e.db") as served:
        for page in ("/", "/search", "/edits", "/coverage", "/directory", "/ministry"):
            assert served.get(page)[0] == 200
