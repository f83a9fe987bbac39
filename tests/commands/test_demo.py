"""The bundled replica behaves as the two sites do, and the demo shows what it promises."""

from __future__ import annotations

import shlex
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from briefing.demo.hwpx import hwpx_of
from briefing.demo.samples import standing_on
from briefing.demo.server import DAYS, FIRST_DAY, answer, serve
from crawler.sites.sections import SECTIONS
from tests.command import briefing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

KOREA_HOST = "www.korea.kr"


def get(path: str, host: str = KOREA_HOST, day: date = DAYS[0], **asked: str) -> str:
    """Ask the replica for a page, without a server in between."""
    return answer(host, path, asked, day).body.decode()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Run the demo once: what it printed, and its archive."""
    archive = tmp_path_factory.mktemp("demo") / "여름 100%'s.db"
    done = briefing("demo", "--db", archive)
    assert done.returncode == 0, done.stderr
    return done.stdout, archive


def test_about_forty_pages_cover_every_section() -> None:
    shown = {sample.section for sample in standing_on(DAYS[-1])}
    assert shown == {section.name for section in SECTIONS}
    assert len(standing_on(DAYS[0])) + len(standing_on(DAYS[-1])) > 40


def test_the_next_day_one_article_reads_otherwise_and_one_is_gone() -> None:
    first, second = ({sample.id: sample for sample in standing_on(day)} for day in DAYS)
    assert len(first.keys() - second.keys()) == 1
    assert sum(first[key] != second[key] for key in first.keys() & second.keys()) == 1


def test_a_list_counts_its_window_of_days_and_turns_pages() -> None:
    window = {"startDate": "2026-07-14", "endDate": "2026-07-14"}
    first = get("/briefing/pressReleaseList.do", pageIndex="1", **window)
    second = get("/briefing/pressReleaseList.do", pageIndex="2", **window)
    assert "총 <strong>5</strong>건" in first
    assert (first.count('class="lead"'), second.count('class="lead"')) == (3, 2)


def test_an_empty_day_says_so() -> None:
    page = get("/briefing/pressReleaseList.do", startDate="2026-07-12", endDate="2026-07-12")
    assert "총 <strong>0</strong>건" in page
    assert "등록된 정보가 없습니다." in page


def test_a_deleted_article_is_answered_with_an_alert() -> None:
    path = "/briefing/pressReleaseView.do"
    assert "폭염 취약 사업장" in get(path, newsId="156990109")
    assert "alert(" in get(path, newsId="156990109", day=DAYS[1])


def test_a_viewer_shell_leads_to_its_text() -> None:
    sample = next(sample for sample in standing_on(DAYS[0]) if sample.id == 156990108)
    shell = get("/briefing/pressReleaseView.do", newsId=str(sample.id))
    source = shell.partition('id="content_press" src="')[2].partition('"')[0].replace("&amp;", "&")
    path, _, query = source.partition("?")
    names = dict(part.split("=") for part in query.split("&"))
    skin = get(path, **names)
    assert "localSynap" in skin
    assert sample.paragraphs[0][:7] in get(f"{names['rs']}/{names['fn']}.files/1.html")


def test_an_attachment_is_the_same_file_every_time() -> None:
    sample = next(sample for sample in standing_on(DAYS[0]) if sample.contacts)
    assert hwpx_of(sample) == hwpx_of(sample)
    assert hwpx_of(sample).startswith(b"PK")


def fetched(url: str, path: str, host: str) -> bytes:
    """Fetch over HTTP what a host answers, from the replica at an address."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=300)
    connection.request("GET", path, headers={"Host": host})
    body = connection.getresponse().read()
    connection.close()
    return body


def test_a_day_moved_on_changes_what_is_served() -> None:
    with serve() as replica:
        before = fetched(replica.url, "/sitemap.xml", "newsdao.kr")
        replica.day = DAYS[1]
        assert fetched(replica.url, "/sitemap.xml", "newsdao.kr") != before
        assert replica.requests == 2


def test_a_host_that_is_neither_site_is_refused() -> None:
    assert answer("example.com", "/", {}, FIRST_DAY).status == 421


def test_the_demo_archives_every_article_of_both_days(demo: tuple[str, Path]) -> None:
    printed, archive = demo
    assert archive.exists()
    assert "complete" in printed


def test_the_demo_shows_the_edit_and_the_deletion(demo: tuple[str, Path]) -> None:
    printed, _ = demo
    assert "소상공인 전기요금 지원, 35만 명이 받는다" in printed
    assert "폭염 취약 사업장 자율 점검 결과 (잠정)" in printed


def test_the_demo_says_how_to_browse(demo: tuple[str, Path]) -> None:
    printed, archive = demo
    assert f"briefing browse --db {shlex.quote(str(archive))}\n" in printed


def test_the_lines_that_the_demo_prints_can_be_pasted_into_a_shell(demo: tuple[str, Path]) -> None:
    printed, archive = demo
    lines = [line for line in printed.splitlines() if "briefing crawl" in line or "briefing browse" in line]
    assert len(lines) == 3
    assert all(shlex.split(line)[-1].removeprefix("--db=") == str(archive) for line in lines)
