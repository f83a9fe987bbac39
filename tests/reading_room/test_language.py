"""Korean pages are Korean and English pages English: no word of one language stands in the other's frame."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from archive.browse.queries import QUERIES
from archive.completeness.coverage import coverage
from archive.database import Archive
from archive.reading_room.pages.questions import KOREAN
from archive.reading_room.rendering import reasons, render
from archive.records import Attachment, Failure, Listing, ListItem
from tests.archives import open_desk, press_release
from tests.newsroom import build
from tests.served import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = [
    "/",
    "/search",
    "/search?q=zzzz",
    "/search?ministry=nobody",
    "/search?section=press&since=2026-07-01&until=2026-07-31&contact=1&kogl=1&state=live",
    "/a/korea.kr/press/156700001",
    "/a/korea.kr/press/156700001/history",
    "/a/korea.kr/press/156700001/file/1567000011",
    "/a/korea.kr/press/156700002",
    "/a/korea.kr/press/156700007",
    "/a/korea.kr/press/156700700",
    "/ministry",
    "/ministry/sea",
    "/directory",
    "/edits",
    "/coverage",
    "/queries",
    "/queries/gaps",
    "/queries/voices",
    "/nowhere",
    "/archive?sql=nonsense",
    "/archive/nowhere",
    "/en/archive/nowhere",
]
# Names of formats, standards and sites, which have no other form in either language.
NEUTRAL = re.compile(
    r"(?<![A-Za-z])(?:SHA-256|HTTP|SQL|CSV|Excel|JSON|Atom|BibTeX|CSL|PDF|HWPX?|KB|MB|B|id|OR|English|www"
    r"|korea\.kr|newsdao\.kr|briefing crawl|robots\.txt|zzzz|nobody)(?![A-Za-z])"
    r"|한국어|\(at\)"
)
DATA = frozenset(("code", "pre", "del", "ins", "mark", "blockquote", "time", "style", "svg"))


class Frame(HTMLParser):
    """The words of a page that are the site's own: text and labels outside of data."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("meta", "link", "input", "br", "img", "rect", "hr", "wbr"):
            said = dict(attrs)
            self.words += (
                [said["placeholder"] or ""] if "placeholder" in said and said.get("name") == "q" else []
            )
            return
        self.inside.append(tag)
        self.words += [value for name, value in attrs if name == "aria-label" and value]

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not DATA & set(self.inside):
            self.words.append(data)


def build_everything(path: Path) -> None:
    """Fill an archive so that every state and reason occurs, each from its own cause."""
    build(path).archive.close()
    desk = open_desk(path)
    states = (
        "stored",
        "encrypted",
        "corrupt",
        "unsupported",
        "too_big",
        "timeout",
        "missing",
        "failed",
        "listed",
    )
    files = tuple(
        Attachment(
            f"s{n}",
            f"붙임{n}.hwp",
            f"https://www.korea.kr/f?fileId=s{n}",
            "hwp",
            state,
            detail="an English reason",
        )
        for n, state in enumerate(states)
    )
    with desk.archive:
        desk.store.begin_run("crawl", {})
        desk.visit(press_release(700, attachments=files, kogl_text=None, contacts=()))
        details = (
            None,
            "the list has more than 200 pages",
            "the answer was 503",
            "something nobody foresaw",
            "no whole answer before the deadline",
        )
        for number, detail in enumerate(details):
            item = ListItem("999", "목록에만 있는 글", "press")
            desk.store.record_listing(
                Listing(
                    "korea.kr",
                    "press",
                    f"2026-07-{number + 1:02}",
                    3,
                    (item,),
                    desk.clock(),
                    read_whole=detail is None,
                    detail=detail,
                )
            )
        for kind in (*reasons.FAILURES, "http_503", "unforeseen"):
            desk.store.record_failure(
                Failure(
                    "korea.kr",
                    f"https://www.korea.kr/{kind}",
                    kind,
                    "an English sentence",
                    desk.clock(),
                    "press",
                )
            )
        desk.store.end_run("partial", 1, 3)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("language") / "a.db"
    build_everything(path)
    return path


@pytest.fixture(scope="module")
def served(path: Path) -> Iterator[Served]:
    with serve(path) as served:
        yield served


@pytest.fixture(scope="module")
def data(path: Path) -> str:
    """Every text that is the archive's own data, in which any language may stand."""
    with Archive.open(path) as archive:
        columns = {
            "articles": "title, subtitle, organization, kogl_text, parser, native_id",
            "article_texts": "body_text, body_html",
            "attachments": "name, text, file_id",
            "contacts": "organization, department, person, rank, role, evidence",
            "contact_points": "printed",
            "organizations": "key, name, name_en",
            "captures": "url, body_sha256",
            "versions": "earlier",
        }
        rows = [
            str(value)
            for table, names in columns.items()
            for row in archive.conn.execute(f"SELECT {names} FROM {table}")
            for value in row
            if value is not None
        ]
    queries = [text for one in QUERIES for text in (one.name, *(value for _name, value in one.example))]
    return " ".join([*rows, *queries])


def strays(text: str, pattern: str, data: str) -> list[str]:
    found = []
    for words in Frame(text).words:
        own = NEUTRAL.sub(" ", words)
        own = re.sub(r"https?://\S+|\S+@\S+|[0-9a-f]{12,}…?", " ", own)
        found += [one for one in re.findall(pattern, own) if one not in data]
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_korean_page_has_no_english_of_its_own(served: Served, data: str, page: str) -> None:
    if page.startswith("/en"):
        pytest.skip("asked in English")
    text = served.get(page)[2]
    assert '<html lang="ko">' in text
    assert strays(text, r"[A-Za-z]{2,}", data) == []


@pytest.mark.parametrize("page", PAGES)
def test_an_english_page_has_no_korean_of_its_own(served: Served, data: str, page: str) -> None:
    if page.startswith("/archive"):
        pytest.skip("Datasette's own paths have no language")
    path = page if page.startswith("/en") else f"/en{page}".rstrip("/")
    text = served.get(path)[2]
    assert '<html lang="en">' in text
    assert strays(text, r"[가-힣]+", data) == []


def test_every_reason_that_the_archive_gives_is_known(path: Path) -> None:
    with Archive.open(path) as archive:
        given = {day.reason for day in coverage(archive.conn) if day.reason}
    assert len(given) >= 6
    assert {one for one in given if reasons.reason(one) is None} == {"something nobody foresaw"}


def test_every_sentence_of_reasons_is_in_the_catalogue() -> None:
    english = render.catalogue("en")
    assert [one for one in reasons.SENTENCES if one not in english] == []


def test_every_ready_question_has_its_korean() -> None:
    assert {one.name for one in QUERIES} == set(KOREAN)


def test_a_gap_is_explained_in_the_language_that_is_read(served: Served) -> None:
    assert "사이트는 3건이라 하고 목록에는 1건이 있음" in served.get("/coverage")[2]
    assert "the site counts 3, its list shows 1" in served.get("/en/coverage")[2]
    assert "그 밖의 까닭" in served.get("/coverage")[2]
    assert "암호가 걸려 읽지 못함" in served.get("/a/korea.kr/press/156700700")[2]
    assert "서버가 503(으)로 답함" in served.get("/coverage")[2]


@pytest.mark.parametrize(
    ("q", "counted"),
    [("요금", "1 article "), ("여객선", r"[2-9]\d* articles "), ("없는낱말임", "0 articles ")],
)
def test_english_counts_one_article_and_several_articles(served: Served, q: str, counted: str) -> None:
    assert re.search(f'role="status">{counted}', served.get("/en/search", q=q)[2])


def test_weekdays_are_named_in_the_language_that_is_read(served: Served) -> None:
    assert "금요일" in served.get("/queries/publication_hours")[2]
    assert "Friday" in served.get("/en/queries/publication_hours")[2]
