"""A site out of service, or a mirror that is dead: exit 3, recorded as a run, told from a new layout."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.http.outage import says_out_of_service
from tests.command import briefing
from tests.unruly import ONE_AT_A_TIME, Asked, Reply, crawl, serve

if TYPE_CHECKING:
    from pathlib import Path

HTML = (("Content-Type", "text/html; charset=utf-8"),)
NOTICE = (
    "<html><title>안내</title><body><h1>서비스 일시 중단 안내</h1><p>복구 작업 중입니다.</p></body></html>"
)


def runs(db: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(db)) as conn:
        return conn.execute("SELECT outcome, exit_code FROM runs ORDER BY id").fetchall()


def test_a_notice_in_the_place_of_every_page_is_an_outage(tmp_path: Path) -> None:
    def trouble(asked: Asked) -> Reply | None:
        return None if asked.path == "/robots.txt" else Reply(200, NOTICE.encode(), HTML)

    with serve() as site:
        site.trouble = trouble
        done = crawl(site, tmp_path / "a.db")
    assert done.returncode == 3
    assert "says: 안내 서비스 일시 중단 안내" in done.stderr
    assert runs(tmp_path / "a.db") == [("out of service", 3)]


def test_one_notice_among_good_pages_is_none(tmp_path: Path) -> None:
    def trouble(asked: Asked) -> Reply | None:
        return Reply(200, NOTICE.encode(), HTML) if "policyNewsList" in asked.path else None

    with serve() as site:
        site.trouble = trouble
        assert crawl(site, tmp_path / "a.db", "--section", "press,policy").returncode == 2


def test_a_dead_mirror_is_a_run_of_an_archive_that_is_there(tmp_path: Path) -> None:
    with serve() as site:
        assert crawl(site, tmp_path / "a.db", "--section", "statecouncil").returncode == 0
        dead = site.url
    for db, known in ((tmp_path / "a.db", True), (tmp_path / "new.db", False)):
        done = briefing("crawl", "--mirror", dead, "--db", db)
        assert done.returncode == 3
        assert done.stderr.count("\n") == 1
        assert db.exists() is known
    assert runs(tmp_path / "a.db")[-1] == ("unreachable", 3)
    assert briefing("status", "--db", tmp_path / "a.db").returncode == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("시스템 점검 중입니다", True),
        ("홈페이지 서비스가 일시 중단됩니다", True),
        ("503 Service Unavailable", True),
        ("임시 게시판", False),
        ("안전 점검 결과를 발표했다. " + "해양안전부는 여객선을 살폈다. " * 200, False),
        ("", False),
    ],
)
def test_notices_are_known_by_their_words(text: str, said: bool) -> None:
    assert says_out_of_service(text) is said


def test_an_outage_that_begins_in_the_middle_is_an_outage(tmp_path: Path) -> None:
    def trouble(asked: Asked) -> Reply | None:
        return Reply(200, NOTICE.encode(), HTML) if len(site.log) > 12 else None

    with serve() as site:
        site.trouble = trouble
        done = crawl(site, tmp_path / "a.db", "--section", "press,policy", patch=ONE_AT_A_TIME)
    assert done.returncode == 3
    assert runs(tmp_path / "a.db") == [("out of service", 3)]
