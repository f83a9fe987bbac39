"""What a later good run mends is resolved, and what fails is asked for ever more seldom."""

from __future__ import annotations

import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from archive.records import Failure
from briefing.demo.server import DAYS
from tests.archives import open_desk, press_release
from tests.crawl.test_crawl import rows
from tests.unruly import Asked, Reply, Unruly, crawl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HTML = (("Content-Type", "text/html;charset=UTF-8"),)
XML = (("Content-Type", "application/xml"),)
OPEN = "SELECT kind, url FROM failures WHERE resolved_at IS NULL"
INDEX = b"<sitemapindex><sitemap><loc>https://newsdao.kr/old.xml</loc></sitemap></sitemapindex>"


def once_wrong_sitemap(asked: Asked) -> Reply | None:
    """Name a sitemap that is not there, which no later run asks for."""
    if asked.path == "/sitemap.xml":
        return Reply(200, INDEX, XML)
    return Reply(200, b"<html>oops</html>", HTML) if asked.path == "/old.xml" else None


def broken_lists(asked: Asked) -> Reply | None:
    return Reply(500, b"oops", HTML) if asked.path == "/" and asked.host == "newsdao.kr" else None


def broken_day(asked: Asked) -> Reply | None:
    return (
        Reply(500, b"oops", HTML)
        if "List.do" in asked.path and asked.fields.get("pageIndex") == "2"
        else None
    )


def broken_files(asked: Asked) -> Reply | None:
    return Reply(200, b"<html>oops</html>", HTML) if asked.path == "/common/download.do" else None


def broken_viewer(asked: Asked) -> Reply | None:
    return Reply(500, b"oops", HTML) if asked.path.endswith(".files/1.html") else None


def broken_pages(asked: Asked) -> Reply | None:
    return (
        Reply(200, b"<html><body>?</body></html>", HTML)
        if asked.fields.get("newsId", "").endswith("1")
        else None
    )


@pytest.mark.parametrize(
    ("trouble", "section"),
    [
        (once_wrong_sitemap, "article"),
        (broken_lists, "article"),
        (broken_day, "press"),
        (broken_files, "press"),
        (broken_viewer, "press"),
        (broken_pages, "press,policy"),
    ],
)
def test_a_failure_that_a_good_run_mends_is_resolved(
    site: Unruly, db: Path, trouble: Callable[[Asked], Reply | None], section: str
) -> None:
    site.trouble = trouble
    assert crawl(site, db, "--section", section).returncode in (1, 2)
    assert rows(db, OPEN) != []
    site.trouble = lambda _: None
    assert crawl(site, db, "--section", section).returncode == 0
    assert rows(db, OPEN) == []


def test_an_article_that_was_never_had_and_is_listed_no_more_is_no_failure(site: Unruly, db: Path) -> None:
    site.trouble = lambda asked: Reply(404) if asked.fields.get("newsId") == "156990109" else None
    assert crawl(site, db, "--section", "press").returncode == 1
    assert rows(db, OPEN) != []
    site.day, site.trouble = DAYS[1], lambda _: None
    assert crawl(site, db, "--section", "press").returncode == 0
    assert rows(db, OPEN) == []


@pytest.mark.parametrize("state", ["too_big", "corrupt", "missing"])
def test_a_file_that_gave_nothing_is_asked_for_again_after_1_3_7_30_and_90_days(
    site: Unruly, db: Path, state: str
) -> None:
    answers = {
        "too_big": Reply(200, b"", (("Content-Length", str(1 << 40)),)),
        "corrupt": Reply(200, b"PK\x03\x04 broken", (("Content-Type", "application/x-download"),)),
        "missing": Reply(404),
    }
    site.trouble = lambda asked: answers[state] if asked.path == "/common/download.do" else None
    asked_on = []
    patch = "import crawler.settings as s; s.FILE_BYTES = 10" if state == "too_big" else ""
    site.trouble = site.trouble if state != "too_big" else lambda _: None
    for day in ("14", "14", "14", "14", "15", "15", "16", "17", "18", "21", "22"):
        site.log = []
        crawl(site, db, "--section=press", f"--today=2026-07-{day}T21:00", patch=patch)
        asked_on.append(any(asked.path == "/common/download.do" for asked in site.log))
    prompt = state == "too_big"  # a failure, which is asked for at once a few times
    assert asked_on == [True, prompt, prompt, False, True, False, False, True, False, True, False]
    site.trouble = lambda _: None
    assert crawl(site, db, "--section=press", "--today=2026-08-13T21:00").returncode == 0
    assert rows(db, "SELECT DISTINCT state FROM attachments") == [("text",)]
    assert rows(db, "SELECT count(*) FROM versions WHERE number > 1") == [(0,)]
    assert rows(db, OPEN) == []


def test_relations_lost_by_a_kill_are_found_by_the_next_run_though_it_brings_nothing(
    site: Unruly, db: Path
) -> None:
    patch = "import os, crawler.run.crawl as run; run._relate = lambda store: os.kill(os.getpid(), 9)"
    assert crawl(site, db, patch=patch).returncode == -signal.SIGKILL
    assert rows(db, "SELECT count(*) FROM relations") == [(0,)]
    assert crawl(site, db).returncode == 0
    assert rows(db, "SELECT count(*) > 0 FROM relations WHERE kind = 'retells'") == [(1,)]
    assert rows(db, "SELECT outcome FROM runs ORDER BY id") == [("killed",), ("finished",)]


def test_a_change_that_a_killed_run_left_waiting_is_seen_by_the_next(site: Unruly, db: Path) -> None:
    assert crawl(site, db).returncode == 0
    site.day = DAYS[1]
    patch = "import os, crawler.run.crawl as run; run._settle = lambda job: os.kill(os.getpid(), 9)"
    assert crawl(site, db, patch=patch).returncode == -signal.SIGKILL
    assert rows(db, "SELECT count(*) FROM pending_visits") == [(1,)]
    assert rows(db, "SELECT count(*) FROM versions WHERE kind = 'edit'") == [(0,)]
    assert crawl(site, db).returncode == 0
    assert rows(db, "SELECT count(*) FROM versions WHERE kind = 'edit'") == [(1,)]
    assert rows(db, "SELECT count(*) FROM pending_visits") == [(0,)]


def test_lists_that_a_killed_run_left_are_judged_by_the_next(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.store.begin_run("crawl", {})
        desk.list_day(press_release(1))
        desk.visit(press_release(1))
        with desk.archive.hold():
            assert desk.rows("SELECT complete FROM listings") == [(1,)]
        failure = Failure("korea.kr", "https://www.korea.kr/", "timeout", "늦음", desk.clock())
        desk.store.record_failure(failure)


@pytest.mark.parametrize("size", ["600k", "900k", "1200k", "1500k"])
def test_a_full_file_system_is_one_line(site: Unruly, tmp_path: Path, size: str) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = shutil.which("mount")
    command = [mount or "", "-t", "tmpfs", "-o", f"size={size}", "none", str(small)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        done = crawl(site, small / "a.db")
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert done.returncode in (65, 66), done.stdout
    assert "cannot be written" in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert len(site.log) < 100
