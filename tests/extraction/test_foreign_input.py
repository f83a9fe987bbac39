"""What somebody else wrote is read or refused: no parser fails otherwise, and none works without bound."""

from __future__ import annotations

import json
import re
import tempfile
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector
from scrapy import Request
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser
from web_poet import HttpResponse

from archive.errors import BriefingError, InputError
from archive.export.warc_reading import read as read_warc
from archive.search import highlighter, parse, search_ko, snippet
from archive.search.tokenizer import index_tokens
from archive.text.front_matter import dump, load
from archive.text.masking import masker
from crawler.extraction.from_file import extract
from crawler.extraction.kinds import kind_of
from crawler.http.cookies import BoundedCookies
from crawler.http.throttle import _retry_after
from crawler.pages import list_page_of, page_of
from crawler.pages.decoding import decoded
from crawler.pages.generic import GenericPage
from crawler.pages.jekyll import JekyllPage, front_matter, rendered
from crawler.pages.korea.articles import absence, viewer_pages
from crawler.pages.korea.open_api import read_answer
from crawler.pages.korea.viewer import read_viewer_page
from crawler.pages.structured import name_of, news_article
from crawler.sites.sections import SECTIONS
from crawler.sites.sitemaps import read_sitemap
from crawler.sites.urls import canonical, identify, is_open_api, joined, parameter, section_of_list
from pipelines.attachments import read_document
from pipelines.attachments.viewer import blocks_of_viewer_page
from pipelines.build import build_article
from pipelines.clean import clean_html
from pipelines.dates import read_date
from pipelines.observation import Observation
from pipelines.phones import e164, find_numbers
from tests.attachment_files import hwp, hwpx, line, p, paragraph, pdf, section, styles, tbl, tc
from tests.command import briefing
from tests.thorough import one_in, thorough

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.records import RawArticle

PAGES = Path(__file__).parents[1] / "pages"
DETAILS = [
    (path.read_bytes(), json.loads((path.parent / "expected.json").read_text("utf-8"))["url"])
    for path in sorted(PAGES.glob("*/page.html"))
    if (path.parent / "expected.json").exists()
]
POSTS = [path.read_bytes() for path in sorted((PAGES / "jekyll").glob("*.md"))]
LISTS = [f"https://www.korea.kr{section.list_path}" for section in SECTIONS if section.list_path]
SITEMAP = b"<urlset><url><loc>https://newsdao.kr/1</loc><lastmod>2026-07-14</lastmod></url><url><loc>x</loc></url></urlset>"
ANSWER = (
    b"<response><header><resultCode>0</resultCode></header><body><NewsItem><NewsItemId>1</NewsItemId>"
    b"<GroupingCode>policy</GroupingCode><Title>a</Title><ModifyId>3</ModifyId><FileName>b</FileName>"
    b"<FileUrl>https://www.korea.kr/common/download.do?fileId=1</FileUrl></NewsItem>"
    b"<totalCount>1</totalCount></body></response>"
)
JSON_LD = b'{"@type": "NewsArticle", "headline": "a", "author": {"name": "b"}, "datePublished": "2026"}'

# What breaks readers: nests and numbers without end, URLs that are none, wrong types, wrong encodings.
NASTY = [
    b'<a href="http://[::1">x</a><link rel="canonical" href="http://[::1">',
    b'<iframe src="http://[::1/docViewer/skin/doc.html?fn=[">',
    b'<a href="/common/download.do?fileId=%zz&tblKey=[">x.hwp</a><a href="//[/download.do?fileId=1">y</a>',
    b'<script type="application/ld+json">' + b'{"@graph":[' * 5000 + b"</script>",
    b'<script type="application/ld+json">{"@type": [{}], "@graph": 7, "author": [[]]}</script>',
    b'<script type="application/ld+json">{"@type": "NewsArticle", "author": 3, "headline": []}</script>',
    b"<loc>https://newsdao.kr/" + b"9" * 5000 + b"</loc>",
    b"newsId=" + b"1" * 5000,
    "검색결과 총 <strong>".encode() + b"9" * 5000 + "</strong>건".encode(),
    b"pageLink(" + b"7" * 5000 + b")",
    b"<totalCount>" + b"8" * 5000 + b"</totalCount><ModifyId>" + b"8" * 5000 + b"</ModifyId>",
    b"<ModifyDate>99/99/9999 99:99:99</ModifyDate>",
    b"<div>" * 3000,
    b"<table><tr><td>" * 600,
    b"\xff\xfe\x00\xd8",
    b"\x00\x01\x02\x03",
    b"---\ndate: 2024-02-31\ntitle: [a, {b: c}]\ncategories: 7\nbriefing: 3\n---\n",
    b"---\nbriefing: {site: korea.kr, section: [], native_id: {}, source: 3, attachments: [3, {}]}\n---\n",
    b"---\nbriefing: {site: korea.kr, section: press, native_id: 1, source: 3, attachments: {}}\n---\n",
    b"---\ntitle: " + b"[" * 5000 + b"\n---\n",
    b"---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n",
    b"---\ntitle: !!python/object/apply:os.system [x]\ndate: !!binary x\n? [a]\n: b\n---\n",
    b"---\ntitle: " + b"9" * 5000 + b"\n---\n",
    "출처: 2024-02-31T25:61:61+99:99".encode(),
]


def page(content: bytes, url: str) -> HttpResponse:
    return HttpResponse(url=url, body=content)


def structured(content: bytes) -> None:
    selector = Selector(content.decode("utf-8", "replace") or " ")
    found = news_article(selector)
    name_of(found.get("author"))


def read_file(content: bytes, name: str) -> None:
    kind_of(content, name)
    extract(name, content)


def warc(content: bytes) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        list(read_warc(file))


def as_text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def read_post(content: bytes) -> RawArticle:
    return JekyllPage(response=HttpResponse(url="file:///2024-07-21-1.md", body=content)).raw()


def read_attachment(content: bytes, name: str) -> None:
    """Read a document in this process; whatever is wrong with it is a state, and none a bug of ours."""
    assert read_document(content, name).state != "failed"


def answer_with(name: str, content: bytes) -> Response:
    return Response(
        "https://a.kr/b", 503, headers={"Retry-After": "Tue, 14 Jul 2026 10:00:00 GMT", name: content}
    )


def keep_cookies(content: bytes) -> None:
    session, asked = BoundedCookies(), Request("https://a.kr/b")
    session.process_response(asked, Response(asked.url, headers={"Set-Cookie": [content, b"b=2"]}))
    session.process_request(asked)


DATES = (
    "2026년 7월 14일(화) 10:30".encode(),
    b"2026-07-14T10:00:00+09:00\nTue, 14 Jul 2026 10:00:00 GMT",
    b"20260714",
)
PHONES = ("문의: 항만정책과 홍길동(044-200-5710~5, 내선 305), 82-2-1234-5678, 1588-1234".encode(),)
QUERIES = ('제목:"폭염 대책" OR 기관:고용부 -간호사 100만 명 의대증원을'.encode(),)
RETRY = (b"120", b"Tue, 14 Jul 2026 10:00:00 GMT")
IN_OTHERS = tuple(
    "<p>정부는 폭염 대책을 내놓았다.</p>".encode(name) for name in ("cp949", "utf-16", "utf-8-sig")
)
DOCUMENTS = {
    "a.hwpx": hwpx(section(line("본문"), p(tbl([tc(0, 0, line("담당")), tc(0, 1, line("과"))])))),
    "a.hwp": hwp(paragraph("본문"), styles=styles((1, 0, 1))),
    "b.hwp": hwp(paragraph("배포용"), properties=5),
    "a.pdf": pdf(([(60, 700, "본문")], [(60, 600, 500, 600), (60, 650, 500, 650)])),
    "a.hml": b'<?xml version="1.0"?><HWPML><BODY><SECTION><P><CHAR>a</CHAR></P></SECTION></BODY></HWPML>',
    "a.txt": "담당 044-200-1234".encode("cp949"),
}

PARSERS: dict[str, tuple[Callable[[bytes], Any], tuple[bytes, ...]]] = {
    **{
        f"page {url}": (lambda content, url=url: page_of(page(content, url)).raw(), (sample,))
        for sample, url in DETAILS
        if section_of_list(url) is None
    },
    **{
        f"list {url}": (
            lambda content, url=url: list_page_of(page(content, url)).listing(),
            tuple(s for s, u in DETAILS if section_of_list(u)),
        )
        for url in LISTS
    },
    "generic": (
        lambda content: GenericPage(response=page(content, "https://a.kr/b")).raw(),
        (DETAILS[0][0],),
    ),
    "post": (lambda content: extract("2024-07-21-1.md", content), tuple(POSTS)),
    "front matter": (lambda content: front_matter(content.decode("utf-8", "replace")), tuple(POSTS)),
    "structured data": (structured, (b'<script type="application/ld+json">' + JSON_LD + b"</script>",)),
    "sitemap": (read_sitemap, (SITEMAP,)),
    "answer": (read_answer, (ANSWER, b'{"header": {}, "body": {"NewsItem": [{"NewsItemId": 1}]}}')),
    "warc": (warc, (b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n",)),
    "viewer": (lambda content: blocks_of_viewer_page(content.decode("utf-8", "replace")), (DETAILS[0][0],)),
    "post, whole chain": (
        lambda content: build_article(Observation(read_post(content))),
        tuple(POSTS),
    ),
    "Markdown": (lambda content: rendered(as_text(content)), tuple(POSTS)),
    "encodings": (lambda content: decoded(content, as_text(content[:80])), (*POSTS[:1], *IN_OTHERS)),
    "clean HTML": (lambda content: clean_html(as_text(content), "https://a.kr/"), (DETAILS[0][0],)),
    "viewer page as served": (read_viewer_page, (DETAILS[0][0],)),
    "dates": (lambda content: read_date(as_text(content).split("\n")), DATES),
    "phones": (
        lambda content: [*map(e164, (n for m in find_numbers(as_text(content)) for n in m.numbers))],
        PHONES,
    ),
    "masking": (lambda content: masker(["홍길동"])(as_text(content)), PHONES),
    "query": (lambda content: snippet(as_text(content), highlighter(parse(as_text(content)))), QUERIES),
    "query for FTS5": (lambda content: search_ko(as_text(content), lambda name: [name]), QUERIES),
    "index": (lambda content: index_tokens(as_text(content)), QUERIES),
    "Retry-After": (lambda content: _retry_after(answer_with("Retry-After", content)), RETRY),
    "Date": (lambda content: _retry_after(answer_with("Date", content)), RETRY),
    "cookies": (keep_cookies, (b"JSESSIONID=1; Path=/; Expires=Tue, 14 Jul 2026 10:00:00 GMT; Max-Age=9",)),
    "robots.txt": (
        lambda content: ProtegoRobotParser(content, None).allowed("https://a.kr/b", "briefing"),
        (b"User-agent: *\nDisallow: /a*$\nCrawl-delay: 3\nSitemap: https://a.kr/s.xml\n",),
    ),
    **{
        f"document {name}": (lambda content, name=name: read_attachment(content, name), (sample,))
        for name, sample in DOCUMENTS.items()
    },
    **{
        f"file {name}": (lambda content, name=name: read_file(content, name), (SITEMAP, ANSWER, *POSTS[:1]))
        for name in ("a.html", "a.md", "a.txt", "a.hwpx", "a.hml", "a.pdf", "a.warc.gz", "a")
    },
}


def assert_read_or_refused(name: str, content: bytes) -> None:
    """Read: an InputError is an answer (of the service: any error that it states), anything else is not."""
    try:
        PARSERS[name][0](content)
    except InputError:
        pass
    except BriefingError:
        assert "answer" in name


FEW = [pytest.param(name, NASTY[number % 12 :: 12], id=name) for number, name in enumerate(PARSERS)]
ALL = [pytest.param(name, NASTY, id=f"{name}: all", marks=thorough) for name in PARSERS]


@pytest.mark.parametrize(("name", "hostile"), FEW + ALL)
def test_hostile_input_is_read_or_refused(name: str, hostile: list[bytes]) -> None:
    for nasty in hostile:
        assert_read_or_refused(name, nasty)
        for sample in PARSERS[name][1]:
            middle = len(sample) // 2
            assert_read_or_refused(name, sample[:middle] + nasty + sample[middle:])
            assert_read_or_refused(
                name, sample.replace(b"</head>", nasty + b"</head>").replace(b"</ul>", nasty + b"</ul>")
            )


@given(
    st.sampled_from(sorted(PARSERS)),
    st.floats(0, 1),
    st.integers(0, 400),
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from(NASTY),
        st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace")),
    ),
    st.data(),
)
def test_damaged_input_is_read_or_refused(
    name: str, where: float, lost: int, put: bytes, data: st.DataObject
) -> None:
    sample = data.draw(st.sampled_from(PARSERS[name][1]))
    place = int(where * len(sample))
    assert_read_or_refused(name, sample[:place] + put + sample[place + lost :])


URLS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "http://[::1",
            "//[",
            "http://a:99999999/",
            "https://www.korea.kr/news/policyNewsView.do?newsId=" + "1" * 5000,
            "https://www.korea.kr/news/policyNewsView.do?newsId=１２３",
            "https://newsdao.kr/" + "9" * 5000,
            "https://newsdao.kr/²",
            "?" + "&a=1" * 5000,
        ]
    ),
)


@given(URLS, URLS)
def test_any_url_is_read(url: str, base: str) -> None:
    identity = identify(url)
    assert identity is None or re.fullmatch("[0-9]{1,18}", identity.native_id)
    canonical(url)
    section_of_list(url)
    is_open_api(url)
    parameter(url, "newsId")
    joined(base, url)
    viewer_pages(url)
    absence(200, url, b"")


@given(
    st.lists(
        st.one_of(
            st.text(max_size=90),
            st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})"),
        ),
        max_size=3,
    )
)
def test_any_date_is_read(candidates: list[str]) -> None:
    when, _, _ = read_date(candidates)
    assert when is None or re.match(r"\d{4}-\d{2}-\d{2}", when)


@pytest.mark.parametrize(
    "raw",
    [
        "2024-02-31",
        "2024-02-31 10:00",
        "2024-13-45",
        "2026-07-14T10:00:00+99:99",
        "2026-07-14T10:00:00-99:99",
        "0001-01-01T00:00:00+09:00",
        "2024년 2월 31일 25시 70분",
        "20240231",
        "2024. 2. 30.",
        "31 February 2024",
    ],
)
def test_a_day_that_no_calendar_has_is_no_date(raw: str) -> None:
    when, _, _ = read_date([raw])
    assert when is None or when.startswith("2026-07-14")


@given(
    st.dictionaries(
        st.text(max_size=10),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.text(max_size=30)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
            ),
            max_leaves=8,
        ),
        max_size=5,
    )
)
def test_front_matter_that_was_written_reads_the_same(values: dict[str, Any]) -> None:
    assert load(dump(values)) == values


def test_references_in_front_matter_take_no_memory(tmp_path: Path) -> None:
    lines = ["a0: &a0 [보도, 자료, 보도, 자료, 보도, 자료, 보도, 자료, 보도]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    post = tmp_path / "2024-07-21-1.md"
    post.write_text("---\n" + "\n".join(lines) + "\ntitle: 보도\n---\n본문이다.\n", "utf-8")
    tracemalloc.start()
    with pytest.raises(InputError, match="uses references"):
        extract(post.name, post.read_bytes())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 << 20


@pytest.mark.parametrize("unit", ["<p>글</p>", "<div>", "<article>", "<a><i>"])
def test_a_page_of_more_elements_than_any_article_is_refused(unit: str) -> None:
    with pytest.raises(InputError, match="tags, more than"):
        extract("a.html", f"<html><body>{unit * 160_000}</body></html>".encode())


@pytest.mark.parametrize("depth", one_in(2, [2_000, 20_000]))
@pytest.mark.parametrize("unit", ["<article>", "<ul><li>글", "<b>", "<table><tr><td>글"])
def test_a_page_nested_without_end_is_read_or_refused(unit: str, depth: int) -> None:
    html = f"<html><body>{unit * depth}{'글' * 100}</body></html>"
    page = GenericPage(response=HttpResponse(url="https://a.kr/b", body=html.encode()))
    assert isinstance(page.raw().body_html, str)


def test_one_bad_post_costs_itself(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    for number, nasty in enumerate(NASTY):
        (folder / f"2024-07-21-{number}.md").write_bytes(nasty)
    (folder / "2024-07-22-1.md").write_bytes(POSTS[0])
    (folder / "2024-02-31-1.md").write_bytes(b"---\ntitle: a\ndate: 2024-02-31\n---\nb\n")
    done = briefing("import", *sorted(folder.iterdir()), "--db", tmp_path / "a.db", "--json")
    assert "Traceback" not in done.stderr
    assert done.returncode == 65
    counts = json.loads(done.stdout)
    assert counts["files"] == len(NASTY) + 2
    assert (
        counts["new"] + counts.get("edited", 0) + counts.get("unchanged", 0) + counts["failed"]
        == counts["files"]
    )
    assert counts["new"] >= 2
