"""A crawl brings everything listed into the archive, once, and what changed later as versions."""

from __future__ import annotations

import signal
import sqlite3
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest

from briefing.demo.samples import standing_on
from briefing.demo.server import DAYS
from tests.command import SECONDS, running
from tests.unruly import Asked, Reply, crawl, crawl_command, is_detail, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BY_DEFAULT = ("press", "policy", "actually", "briefing", "statecouncil", "speech", "article")


class Days(NamedTuple):
    """What two days of crawling left: an archive, and the requests of each of its three crawls."""

    db: Path
    first: list[Asked]
    second: list[Asked]
    third: list[Asked]
    said: str


@contextmanager
def opened(db: Path) -> Iterator[sqlite3.Connection]:
    """Open an archive as any program would."""
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as conn:
        yield conn


def rows(db: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    """Ask an archive."""
    with opened(db) as conn:
        return conn.execute(query, values).fetchall()


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Days:
    """Crawl the first day twice, then the second."""
    db = tmp_path_factory.mktemp("crawl") / "archive.db"
    logs = []
    with serve() as site:
        for day in (DAYS[0], DAYS[0], DAYS[1]):
            site.day, site.log = day, []
            done = crawl(site, db)
            assert done.returncode == 0, done.stderr
            logs.append(site.log)
    return Days(db, *logs, done.stdout)


def test_every_article_listed_is_archived_once(days: Days) -> None:
    there = {
        (sample.section, str(sample.id))
        for day in DAYS
        for sample in standing_on(day)
        if sample.section in BY_DEFAULT
    }
    assert set(rows(days.db, "SELECT section, native_id FROM articles")) == there


def test_every_day_listed_is_complete(days: Days) -> None:
    assert rows(days.db, "SELECT min(complete), min(total = found), max(failed) FROM listings") == [(1, 1, 0)]


def test_nothing_is_asked_for_twice(days: Days) -> None:
    urls = [(a.method, a.host, a.path, tuple(sorted(a.fields.items()))) for a in days.first]
    assert len(urls) == len(set(urls))


def test_robots_come_first_and_every_request_says_who_asks(days: Days) -> None:
    for host in ("www.korea.kr", "newsdao.kr"):
        assert next(a.path for a in days.first if a.host == host) == "/robots.txt"
    assert {a.headers["User-Agent"].split(" ")[1][:9] for a in days.first} == {"(+https:/"}


def test_files_are_asked_for_with_the_article_as_referer(days: Days) -> None:
    downloads = [asked for asked in days.first if asked.path == "/common/download.do"]
    assert downloads
    assert all("View.do?newsId=" in asked.headers["Referer"] for asked in downloads)


def test_the_same_crawl_again_fetches_no_article_and_makes_no_version(days: Days) -> None:
    assert [asked.path for asked in days.second if is_detail(asked)] == []
    outcomes = rows(days.db, "SELECT outcome, exit_code, articles_new, articles_changed FROM runs")
    assert outcomes[1] == ("finished", 0, 0, 0)


def test_stored_addresses_are_the_real_ones(days: Days) -> None:
    urls = [row[0] for row in rows(days.db, "SELECT url FROM captures UNION SELECT url FROM articles")]
    assert all(str(url).startswith(("https://www.korea.kr/", "https://newsdao.kr/")) for url in urls)


def test_an_edit_is_one_version_and_a_deletion_is_gone(days: Days) -> None:
    kinds = rows(days.db, "SELECT kind, count(*) FROM versions WHERE number > 1 GROUP BY kind ORDER BY kind")
    assert kinds == [("edit", 1), ("gone", 1)]
    assert "1 edited" in days.said
    assert "1 gone" in days.said


def test_what_is_known_is_asked_for_with_its_validators(days: Days) -> None:
    articles = [asked for asked in days.third if asked.host == "newsdao.kr" and is_detail(asked)]
    known = {
        str(row[0])
        for row in rows(
            days.db, "SELECT native_id FROM articles WHERE first_seen_at < ?", DAYS[1].isoformat()
        )
    }
    assert {a.path.strip("/") in known for a in articles if "If-None-Match" in a.headers} <= {True}


def test_a_viewer_shell_without_files_gets_its_text_from_the_viewer(days: Days) -> None:
    texts = "SELECT body_text FROM article_texts WHERE article_id IN (SELECT id FROM articles WHERE {})"
    ((text,),) = rows(days.db, texts.format("body_source = 'viewer'"))
    assert "상황실은 취수장 11곳의 수질을" in str(text)
    assert rows(days.db, "SELECT count(*) FROM articles WHERE body_source IN ('lead', 'none')") == [(0,)]


def test_every_field_is_traced_to_its_capture(days: Days) -> None:
    query = """SELECT count(*) FROM articles a JOIN captures c ON c.id = a.capture_id
        WHERE c.url <> a.url OR c.status <> 200 OR a.parser NOT LIKE '%Page/%+%'"""
    assert rows(days.db, query) == [(0,)]


def test_card_news_and_reporters_are_crawled_when_named(tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    with serve() as site:
        done = crawl(site, db, "--section", "visual,reporter")
    assert done.returncode == 0, done.stderr
    assert {row[0] for row in rows(db, "SELECT section FROM articles")} == {"visual", "reporter"}


def test_a_limit_leaves_the_day_to_be_completed(tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    with serve() as site:
        assert crawl(site, db, "--section", "press", "--limit", "2").returncode == 0
        assert rows(db, "SELECT count(*) FROM articles") == [(2,)]
        assert rows(db, "SELECT min(complete) FROM listings") == [(0,)]
        assert crawl(site, db, "--section", "press").returncode == 0
    assert rows(db, "SELECT min(complete) FROM listings") == [(1,)]


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGKILL], ids=["interrupted", "killed"])
def test_a_run_cut_short_leaves_what_was_committed(way: signal.Signals, tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    with serve() as site:
        seventh = threading.Event()

        def cut_short(asked: Asked) -> Reply | None:
            if sum(map(is_detail, site.log)) > 6:
                seventh.set()
            return None

        site.trouble = cut_short
        with running(*crawl_command(site, db)) as process:
            assert seventh.wait(SECONDS)
            process.send_signal(way)
            assert process.wait() != 0
        assert rows(db, "PRAGMA integrity_check") == [("ok",)]
        site.trouble = lambda _: None
        done = crawl(site, db)
    assert done.returncode == 0, done.stderr
    assert rows(db, "SELECT min(complete) FROM listings") == [(1,)]
    assert rows(db, "SELECT count(*) FROM versions WHERE number > 1") == [(0,)]


def test_a_dry_run_asks_nothing(tmp_path: Path) -> None:
    with serve() as site:
        done = crawl(site, tmp_path / "archive.db", "--dry-run", "--since", "2020-01-01")
        assert site.log == []
    assert "requests for" in done.stdout
    assert not (tmp_path / "archive.db").exists()


def test_the_clock_of_a_run_stands_in_all_that_it_writes(days: Days) -> None:
    seen = rows(days.db, "SELECT DISTINCT substr(first_seen_at, 1, 10) FROM articles")
    assert {row[0] for row in seen} <= {day.isoformat() for day in DAYS}
