"""Answers of a server in trouble are no evidence: they make no version, no gone article, no complete day."""

from __future__ import annotations

import gzip
import os
from email.utils import formatdate
from time import time
from typing import TYPE_CHECKING

import pytest

from archive.errors import UnknownLayout
from archive.records import Attachment
from briefing.demo.server import DAYS, Answer, answer
from crawler.extraction.observing import mistaken_file
from crawler.sites.sitemaps import read_sitemap
from pipelines.attachments import Document
from tests.crawl.test_crawl import rows
from tests.unruly import Asked, Reply, Unruly, crawl, is_detail

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ONE = "156990101"  # a press release of the first day
GONE = "156990109"  # one that is deleted on the second
HTML = (("Content-Type", "text/html;charset=UTF-8"),)
BINARY = (("Content-Type", "application/octet-stream"),)


def page(site: Unruly, asked: Asked) -> Answer:
    """Return what the replica answers in health."""
    return answer(asked.host, asked.path, asked.fields, site.day)


def failures(db: Path) -> set[tuple[object, ...]]:
    """List the kinds of open failures, with the article that each concerns."""
    return set(rows(db, "SELECT kind, native_id FROM failures WHERE resolved_at IS NULL"))


def versions(db: Path) -> list[tuple[object, ...]]:
    """List what happened to articles after they were first seen."""
    return rows(db, "SELECT kind, changed FROM versions WHERE number > 1")


def cut_in_packing(body: bytes) -> Reply:
    """Answer with a gzip stream that stops in the middle."""
    packed = gzip.compress(body)
    return Reply(200, packed[: len(packed) // 2], (*HTML, ("Content-Encoding", "gzip")))


def cut_in_text(body: bytes) -> Reply:
    """Answer with a page whose template stopped after the first paragraph."""
    return Reply(200, body[: body.index(b"</p>", body.index(b"view_cont")) + 4], HTML)


@pytest.mark.parametrize("cut", [cut_in_packing, cut_in_text])
def test_a_page_that_came_cut_is_not_taken_for_the_page(
    site: Unruly, db: Path, cut: Callable[[bytes], Reply]
) -> None:
    def trouble(asked: Asked) -> Reply | None:
        return cut(page(site, asked).body) if is_detail(asked) else None

    site.trouble = trouble
    assert crawl(site, db, "--section", "policy").returncode == 1
    assert rows(db, "SELECT count(*) FROM articles") == [(0,)]
    assert {kind for kind, _ in failures(db)} == {"truncated"}
    site.trouble = lambda _: None
    assert crawl(site, db, "--section", "policy").returncode == 0
    assert failures(db) == set()


def test_a_page_that_is_no_text_keeps_no_day_from_being_closed(site: Unruly, db: Path) -> None:
    site.trouble = lambda asked: (
        Reply(200, b"\0\xff\xfe" + os.urandom(5000), BINARY) if asked.fields.get("newsId") == ONE else None
    )
    assert crawl(site, db, "--section", "press").returncode == 2
    assert failures(db) == {("layout", ONE)}
    assert rows(db, "SELECT count(*), sum(failed) FROM listings") == [(2, 1)]


def test_an_error_of_our_own_keeps_no_day_from_being_closed(site: Unruly, db: Path) -> None:
    patch = "import crawler.pages.korea.articles as module; module.attachments_of = lambda places: 1 / 0"
    assert crawl(site, db, "--section", "press", patch=patch).returncode == 1
    assert {kind for kind, _ in failures(db)} == {"error"}
    assert rows(db, "SELECT count(*), min(failed = found) FROM listings") == [(2, 1)]


def test_an_error_of_our_own_at_the_start_is_recorded(site: Unruly, db: Path) -> None:
    patch = "import crawler.spiders.newsdao as module; module.NewsdaoSpider.window = lambda spider: 1 / 0"
    assert crawl(site, db, "--section", "article", patch=patch).returncode == 1
    assert rows(db, "SELECT kind, url FROM failures") == [("error", "https://newsdao.kr/")]


def test_a_full_disk_ends_the_crawl_in_one_line_and_the_next_run_goes_on(site: Unruly, db: Path) -> None:
    patch = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))"
    )
    done = crawl(site, db, "--section", "press,policy,actually", patch=patch)
    assert done.returncode == 66
    assert "cannot be written" in done.stderr
    assert done.stderr.count("\n") == 1
    assert len(site.log) < 35
    assert crawl(site, db, "--section", "press,policy,actually").returncode == 0
    assert rows(db, "SELECT min(complete) FROM listings") == [(1,)]


def test_a_list_that_leads_elsewhere_is_not_recognised(site: Unruly, db: Path) -> None:
    def trouble(asked: Asked) -> Reply | None:
        if asked.path == "/main.do":
            return Reply(200, b"<html><body>main page</body></html>", HTML)
        return Reply(302, b"", (("Location", "/main.do"),)) if "List" in asked.path else None

    site.trouble = trouble
    assert crawl(site, db, "--section", "press").returncode == 2
    assert failures(db) == {("layout", None)}


def test_a_server_in_lasting_trouble_is_left_alone(site: Unruly, db: Path) -> None:
    site.trouble = lambda asked: None if asked.path == "/robots.txt" else Reply(500, b"oops", HTML)
    done = crawl(site, db, "--section", "press,policy,actually")
    assert done.returncode == 3
    assert "500 15 times in a row" in done.stderr
    assert len(site.log) < 25


def test_a_date_to_wait_for_is_held_against_the_servers_clock(site: Unruly, db: Path) -> None:
    late = 3600  # seconds by which the server's clock is behind

    def trouble(asked: Asked) -> Reply | None:
        if sum(map(is_detail, site.log)) != 1 or not is_detail(asked):
            return None
        now = time() - late
        headers = (("Date", formatdate(now, usegmt=True)), ("Retry-After", formatdate(now + 3, usegmt=True)))
        return Reply(429, b"", headers)

    site.trouble = trouble
    assert crawl(site, db, "--section", "press").returncode == 0
    first = next(asked.at for asked in site.log if is_detail(asked))
    again = [asked.at for asked in site.log if asked.at > first + 0.5]
    assert min(again) - first >= 2


# Lists that change under the reading


def test_a_list_that_changes_while_it_is_read_is_read_anew(site: Unruly, db: Path) -> None:
    """Take one article away between the first page and the second: the one at the border slips."""
    taken: list[str] = []

    def trouble(asked: Asked) -> Reply | None:
        if not asked.path.endswith("pressReleaseList.do") or asked.fields["startDate"] != "2026-07-13":
            return None
        number = asked.fields["pageIndex"]
        if number == "2" and not taken:
            taken.append(number)
            shown = page(site, asked)
            first = shown.body.index(b"<li>", shown.body.index(b"list_type"))
            body = shown.body[:first] + shown.body[shown.body.index(b"</li>", first) + 5 :]
            return Reply(200, body.replace(b"<strong>4</strong>", b"<strong>3</strong>"), HTML)
        return None

    site.trouble = trouble
    assert crawl(site, db, "--section", "press").returncode == 0
    assert taken
    pages = [a.fields["pageIndex"] for a in site.log if a.fields.get("startDate") == "2026-07-13"]
    assert pages == ["1", "2", "1", "2"]
    assert rows(db, "SELECT min(complete), min(found = total), sum(archived) FROM listings") == [(1, 1, 9)]


def test_a_count_that_the_list_never_reaches_is_a_failure(site: Unruly, db: Path) -> None:
    def trouble(asked: Asked) -> Reply | None:
        if not asked.path.endswith("pressReleaseList.do"):
            return None
        return Reply(200, page(site, asked).body.replace(b"<strong>4</strong>", b"<strong>5</strong>"), HTML)

    site.trouble = trouble
    assert crawl(site, db, "--section", "press").returncode == 1
    assert failures(db) == {("wrong_page", None)}
    (reason,) = rows(db, "SELECT detail FROM listings WHERE NOT complete")
    assert reason == ("the site counts 5 articles and lists 4",)
    assert rows(db, "SELECT count(*) FROM articles") == [(9,)]


def test_an_article_dated_otherwise_spoils_no_day(site: Unruly, db: Path) -> None:
    def trouble(asked: Asked) -> Reply | None:
        if not asked.path.endswith("pressReleaseList.do"):
            return None
        return Reply(200, page(site, asked).body.replace(b"2026.07.14", b"2026.07.15", 1), HTML)

    site.trouble = trouble
    assert crawl(site, db, "--section", "press").returncode == 0
    assert rows(db, "SELECT min(complete), sum(found) FROM listings") == [(1, 9)]


# Files


BOARD = "<html><body>일시적인 오류입니다</body></html>".encode()


def test_what_comes_in_the_place_of_a_file_is_no_edit_of_it(site: Unruly, db: Path) -> None:
    def edited(asked: Asked) -> Reply | None:
        """Change the headline of one release, whose file is read with its page."""
        if asked.path == "/common/download.do":
            return Reply(200, BOARD, HTML)
        if ONE not in (found := page(site, asked)).body.decode("utf-8", "replace"):
            return None
        listed = found.body.replace(
            b'</strong>\n<span class="lead">', ' (수정)</strong>\n<span class="lead">'.encode()
        )
        return Reply(200, listed.replace(b"</h1>", " (수정)</h1>".encode()), HTML)

    assert crawl(site, db, "--section", "press").returncode == 0
    before = rows(db, "SELECT file_id, sha256, state FROM attachments ORDER BY 1")
    site.trouble = edited
    assert crawl(site, db, "--section", "press").returncode == 1
    assert {kind for kind, _ in failures(db)} == {"wrong_page"}
    assert {changed for _, changed in versions(db)} == {'["title"]'}
    assert rows(db, "SELECT file_id, sha256, state FROM attachments ORDER BY 1") == before


def test_an_empty_file_is_not_the_file() -> None:
    file = Attachment("1", "자료.hwpx", "https://www.korea.kr/common/download.do?fileId=1", format="hwpx")
    found = mistaken_file(file, b"", Document("unknown", "corrupt", "empty file"))
    assert found is not None
    assert (found.state, found.detail) == ("failed", "the file came empty")


def test_a_file_that_came_as_a_web_page_is_asked_for_again(site: Unruly, db: Path) -> None:
    site.trouble = lambda asked: Reply(200, BOARD, HTML) if asked.path == "/common/download.do" else None
    assert crawl(site, db, "--section", "press").returncode == 1
    assert rows(db, "SELECT DISTINCT state FROM attachments") == [("failed",)]
    site.trouble = lambda _: None
    assert crawl(site, db, "--section", "press").returncode == 0
    assert rows(db, "SELECT DISTINCT state FROM attachments") == [("text",)]
    assert versions(db) == []


# Answers that nobody has seen yet

NOTICE = (
    "<html><head><title>안내 | 대한민국 정책브리핑</title></head><body><div id='header'>메뉴</div>"
    "<main><p>요청하신 페이지를 표시할 수 없어요. 주소를 확인하세요. {}</p></main></body></html>"
)


def notice_for_what_is_not_there(site: Unruly) -> Callable[[Asked], Reply | None]:
    """Answer with a page of a form that the crawler does not know, for every id that is not there."""

    def trouble(asked: Asked) -> Reply | None:
        if not is_detail(asked) or b"view_title" in page(site, asked).body:
            return None
        return Reply(200, NOTICE.format(len(site.log)).encode(), HTML)

    return trouble


def test_an_unknown_answer_is_believed_if_an_id_never_given_gets_the_same(site: Unruly, db: Path) -> None:
    assert crawl(site, db, "--section", "press").returncode == 0
    site.day, site.trouble = DAYS[1], notice_for_what_is_not_there(site)
    assert crawl(site, db, "--section", "press").returncode == 0
    assert rows(db, "SELECT native_id FROM articles WHERE state = 'gone'") == [(GONE,)]


def test_a_board_in_the_place_of_every_article_says_nothing_of_any(site: Unruly, db: Path) -> None:
    assert crawl(site, db, "--section", "press").returncode == 0
    site.day = DAYS[1]
    site.trouble = lambda asked: Reply(200, NOTICE.encode(), HTML) if is_detail(asked) else None
    assert crawl(site, db, "--section", "press").returncode == 2
    assert rows(db, "SELECT DISTINCT state FROM articles") == [("live",)]


# Sitemaps

SITEMAP = (
    b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><!-- of today -->'
    b"<url><loc> https://newsdao.kr/1 </loc><lastmod>2026-07-14</lastmod></url><url></url></urlset>"
)


@pytest.mark.parametrize("content", [SITEMAP, gzip.compress(SITEMAP)])
def test_a_sitemap_is_read_packed_or_not(content: bytes) -> None:
    found = read_sitemap(content)
    assert (found.is_index, found.is_whole) == (False, True)
    assert found.entries == (("https://newsdao.kr/1", "2026-07-14"),)


@pytest.mark.parametrize("cut", [SITEMAP[:-3], SITEMAP[:-30], gzip.compress(SITEMAP)[:-40]])
def test_of_a_sitemap_cut_short_it_is_said_so(cut: bytes) -> None:
    found = read_sitemap(cut)
    assert not found.is_whole


@pytest.mark.parametrize("content", [b"", b"\x80\x81", b"<html><body>error</body></html>", b"\x1f\x8b\x08"])
def test_what_is_no_sitemap_is_not_read_as_one(content: bytes) -> None:
    with pytest.raises(UnknownLayout, match="no sitemap"):
        read_sitemap(content)


def test_without_a_whole_sitemap_no_day_of_newsdao_is_complete(site: Unruly, db: Path) -> None:
    site.trouble = lambda asked: Reply(200, BOARD, HTML) if "sitemap" in asked.path else None
    assert crawl(site, db, "--section", "article").returncode == 1
    assert rows(db, "SELECT max(complete) FROM listings") == [(0,)]
    assert rows(db, "SELECT count(*) > 0 FROM articles") == [(1,)]


def test_a_sitemap_that_names_itself_is_read_once(site: Unruly, db: Path) -> None:
    index = b"<sitemapindex><sitemap><loc>https://newsdao.kr/sitemap.xml</loc></sitemap></sitemapindex>"
    site.trouble = lambda asked: Reply(200, index) if "sitemap" in asked.path else None
    crawl(site, db, "--section", "article")
    assert sum("sitemap" in asked.path for asked in site.log) == 1
