"""A crawl obeys what a server asks for, leaves alone what refuses, and takes no answer that is not one."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.demo.samples import standing_on
from briefing.demo.server import DAYS, answer
from tests.crawl.test_crawl import rows
from tests.unruly import DRIP, ONE_AT_A_TIME, RESET, Asked, Reply, Unruly, crawl, is_detail

ONE = "156990101"  # a press release of the first day
IMPATIENT = "import crawler.http.throttle as p; p.SHORTEST_WAIT = 0.01"
HTML = (("Content-Type", "text/html;charset=UTF-8"),)


def is_article(asked: Asked, native_id: str = ONE) -> bool:
    """Return whether a request is for one article's page."""
    return asked.fields.get("newsId") == native_id


def failures(db: Path) -> set[tuple[object, ...]]:
    """List the kinds of open failures, with the article that each concerns."""
    return set(rows(db, "SELECT kind, native_id FROM failures WHERE resolved_at IS NULL"))


def test_a_retry_after_is_waited_for(site: Unruly, db: Path) -> None:
    def once_too_fast(asked: Asked) -> Reply | None:
        first = sum(is_article(other) for other in site.log) == 1
        return Reply(429, b"", (("Retry-After", "2"),)) if is_article(asked) and first else None

    site.trouble = once_too_fast
    done = crawl(site, db, "--section", "press", patch=ONE_AT_A_TIME)
    assert done.returncode == 0, done.stderr
    first, again = (number for number, asked in enumerate(site.log) if is_article(asked))
    # The whole site is left alone, but for what was sent before the answer was read.
    assert site.log[first + 2].at - site.log[first].at >= 2
    assert first + 2 <= again < len(site.log) - 1


def test_a_crawl_delay_is_kept_unless_the_throttle_is_off_on_loopback(site: Unruly, db: Path) -> None:
    delay = 0.4
    rules = f"User-agent: *\nCrawl-delay: {delay}\n".encode()
    site.trouble = lambda asked: Reply(200, rules) if asked.path == "/robots.txt" else None
    crawl(site, db, "--section", "article", "--delay", "0.05", patch=ONE_AT_A_TIME)

    times = [asked.at for asked in site.log if asked.host == "newsdao.kr"]
    assert len(times) > 5
    # A busy machine notes a request late, never early. One is sent when the one before it is answered, so
    # that what comes two later is sent a delay or more after it was noted.
    assert min(later - at for at, later in zip(times, times[2:], strict=False)) > delay - 0.01


def test_what_robots_forbid_is_not_asked_for(site: Unruly, db: Path) -> None:
    rules = b"User-agent: *\nDisallow: /9\n"
    site.trouble = lambda asked: Reply(200, rules) if asked.path == "/robots.txt" else None
    done = crawl(site, db, "--section", "article")
    assert done.returncode == 1
    assert [asked for asked in site.log if is_detail(asked)] == []
    assert {kind for kind, _ in failures(db)} == {"robots"}


@pytest.mark.parametrize("status", [RESET, 500])
def test_a_site_whose_rules_cannot_be_read_is_left_alone(site: Unruly, db: Path, status: int) -> None:
    site.trouble = lambda asked: Reply(status) if asked.path == "/robots.txt" else None
    done = crawl(site, db, "--section", "press", patch=IMPATIENT)
    assert done.returncode == 3
    assert "robots.txt could not be read" in done.stderr
    assert {asked.path for asked in site.log} == {"/robots.txt"}


def test_a_site_that_resets_connections_is_left_alone(site: Unruly, db: Path) -> None:
    site.trouble = lambda asked: None if asked.path == "/robots.txt" else Reply(RESET)
    done = crawl(site, db, "--section", "press", patch=IMPATIENT)
    assert done.returncode == 3
    assert "reset 5 times in a row" in done.stderr
    assert len(site.log) <= 8
    assert rows(db, "SELECT count(*) FROM articles") == [(0,)]
    assert rows(db, "SELECT outcome, exit_code FROM runs") == [("blocked", 3)]


def test_a_blocked_site_does_not_keep_the_other_from_being_read(site: Unruly, db: Path) -> None:
    site.trouble = lambda asked: Reply(RESET) if asked.host == "www.korea.kr" else None
    assert crawl(site, db, patch=IMPATIENT).returncode == 3
    assert rows(db, "SELECT DISTINCT site FROM articles") == [("newsdao.kr",)]
    site.trouble = lambda _: None
    assert crawl(site, db).returncode == 0
    assert failures(db) == set()


OFF_SITE = (
    "https://evil.example/landing",
    "http://127.0.0.1:22/",
    "http://169.254.169.254/latest/meta-data/",
    "file:///etc/passwd",
    "//evil.example/",
)


def test_pages_that_lead_astray_are_refused_and_recorded_and_the_rest_is_kept(site: Unruly, db: Path) -> None:
    bomb = gzip.compress(b"<p>" + b"A" * (20 << 20))
    listed = [str(sample.id) for sample in standing_on(site.day) if sample.section == "press"]
    astray = dict(zip(listed, OFF_SITE, strict=False))
    circle, packed = listed[len(OFF_SITE) : len(OFF_SITE) + 2]

    def trouble(asked: Asked) -> Reply | None:
        native_id = asked.fields.get("newsId", "")
        if native_id in astray:
            return Reply(302, b"", (("Location", astray[native_id]),))
        if native_id == circle:
            again = f"{asked.path}?newsId={circle}&n={int(asked.fields.get('n', 0)) + 1}"
            return Reply(302, b"", (("Location", f"https://www.korea.kr{again}"),))
        if native_id == packed:
            return Reply(200, bomb, (*HTML, ("Content-Encoding", "gzip")))
        return None

    site.trouble = trouble
    done = crawl(site, db, "--section", "press")
    assert done.returncode == 1
    wrong = {("off_site", native_id) for native_id in astray}
    assert failures(db) == wrong | {("redirects", circle), ("too_big", packed)}
    assert {asked.host for asked in site.log} == {"www.korea.kr"}
    assert rows(db, "SELECT count(*) FROM articles") == [(len(listed) - 7,)]
    assert rows(db, "SELECT min(archived + failed = found) FROM listings") == [(1,)]
    assert rows(db, "SELECT count(*) FROM listings WHERE complete AND archived = 0 AND found > 0") == [(0,)]


def test_a_file_that_drips_is_given_up_and_its_article_kept(site: Unruly, db: Path) -> None:
    site.trouble = lambda asked: Reply(DRIP) if asked.path == "/common/download.do" else None
    patch = "import crawler.settings as s; s.FILE_SECONDS = 0.7; s.FILE_RETRIES = 0"
    done = crawl(site, db, "--section", "press", patch=patch)
    assert done.returncode == 1
    assert rows(db, "SELECT DISTINCT state FROM attachments") == [("timeout",)]
    assert rows(db, "SELECT min(complete) FROM listings") == [(1,)]
    site.trouble = lambda _: None
    assert crawl(site, db, "--section", "press").returncode == 0
    assert rows(db, "SELECT DISTINCT state FROM attachments") == [("text",)]
    assert rows(db, "SELECT count(*) FROM versions WHERE number > 1") == [(0,)]
    assert failures(db) == set()


def test_a_session_given_is_sent_back_with_downloads(site: Unruly, db: Path) -> None:
    def gives_session(asked: Asked) -> Reply | None:
        if asked.host != "www.korea.kr" or asked.path == "/common/download.do":
            return None
        page = answer(asked.host, asked.path, asked.fields, site.day)
        cookie = ("Set-Cookie", "JSESSIONID=ABC123.node1; Path=/; HttpOnly")
        return Reply(page.status, page.body, (("Content-Type", page.content_type), cookie))

    site.trouble = gives_session
    assert crawl(site, db, "--section", "press").returncode == 0
    downloads = [asked for asked in site.log if asked.path == "/common/download.do"]
    assert downloads
    assert {asked.headers.get("Cookie") for asked in downloads} == {"JSESSIONID=ABC123.node1"}


def test_cookies_are_kept_by_public_suffix_without_asking_the_network(
    site: Unruly, db: Path, tmp_path: Path
) -> None:
    def gives_cookies(asked: Asked) -> Reply | None:
        page = answer(asked.host, asked.path, asked.fields, site.day)
        cookies = (("Set-Cookie", "own=1; Path=/; Domain=korea.kr"), ("Set-Cookie", "all=1; Domain=kr"))
        return Reply(page.status, page.body, (("Content-Type", page.content_type), *cookies))

    site.trouble = gives_cookies
    looked_up = tmp_path / "looked_up.txt"
    patch = (
        "import socket; real = socket.getaddrinfo;"
        f" note = lambda host: open({str(looked_up)!r}, 'a').write(f'{{host}} ');"
        " socket.getaddrinfo = lambda host, *rest, **named: note(host) and real(host, *rest, **named)"
    )
    assert crawl(site, db, "--section", "press", patch=patch).returncode == 0
    names = looked_up.read_text().split() if looked_up.exists() else []
    assert {name for name in names if "suffix" in name or "github" in name} == set()
    assert {asked.headers.get("Cookie") for asked in site.log[5:]} == {"own=1"}


def test_the_list_of_public_suffixes_is_neither_fetched_nor_kept_at_home(tmp_path: Path) -> None:
    code = (
        "import crawler; import scrapy.downloadermiddlewares.cookies as cookies;"
        " assert cookies._is_public_domain('go.kr') and not cookies._is_public_domain('korea.kr');"
        " import tldextract; print(tldextract.TLDExtract().suffix_list_urls)"
    )
    home = {"HOME": str(tmp_path), "PATH": "", "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", code], env=home, capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("()", "")
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_comes_empty_is_asked_for_again(site: Unruly, db: Path) -> None:
    def once_empty(asked: Asked) -> Reply | None:
        first = sum(is_article(other) for other in site.log) == 1
        return Reply(200, b"", HTML) if is_article(asked) and first else None

    site.trouble = once_empty
    assert crawl(site, db, "--section", "press").returncode == 0


def test_a_list_that_pages_only_by_post_is_paged_by_post(site: Unruly, db: Path) -> None:
    def first_page_only(asked: Asked) -> Reply | None:
        if asked.method == "GET":
            asked.fields["pageIndex"] = "1"
        return None

    site.trouble = first_page_only
    done = crawl(site, db, "--section", "press")
    assert done.returncode == 0, done.stderr
    assert any(asked.method == "POST" for asked in site.log)
    assert rows(db, "SELECT min(complete), min(total = found) FROM listings") == [(1, 1)]


def test_a_list_of_other_days_is_not_taken_for_the_one_asked_for(site: Unruly, db: Path) -> None:
    def ignores_days(asked: Asked) -> Reply | None:
        asked.fields.update(startDate="2026-07-13", endDate="2026-07-13")
        return None

    site.trouble = ignores_days
    done = crawl(site, db, "--section", "press")
    assert done.returncode == 2
    found = dict(rows(db, "SELECT day, complete FROM listings"))
    assert found == {"2026-07-13": 1, "2026-07-14": 0}


def test_a_page_without_a_list_is_no_empty_day(site: Unruly, db: Path) -> None:
    board = "<html><body><div class='temp_board'><h1>임시 게시판</h1></div></body></html>".encode()
    assert crawl(site, db, "--section", "press").returncode == 0
    site.trouble = lambda asked: Reply(200, board, HTML) if asked.path != "/robots.txt" else None
    site.day = DAYS[1]
    assert crawl(site, db, "--section", "press").returncode == 2
    assert rows(db, "SELECT DISTINCT state FROM articles") == [("live",)]
    assert ("layout", None) in failures(db)


def test_an_article_is_not_gone_while_the_site_shows_nothing_it_is_known_to_have(
    site: Unruly, db: Path
) -> None:
    assert crawl(site, db, "--section", "press").returncode == 0
    gone = '<html><script>alert("삭제되었거나 존재하지 않는 게시물입니다.");</script></html>'.encode()
    site.trouble = lambda asked: Reply(200, gone, HTML) if is_detail(asked) else None
    site.day = DAYS[1]
    crawl(site, db, "--section", "press")
    assert rows(db, "SELECT DISTINCT state FROM articles") == [("live",)]
    assert "gone_unproven" in {kind for kind, _ in failures(db)}


def test_a_redesigned_page_is_read_by_its_structured_data_and_reported(site: Unruly, db: Path) -> None:
    def redesigned(asked: Asked) -> Reply | None:
        if not is_detail(asked):
            return None
        page = answer(asked.host, asked.path, asked.fields, site.day)
        body = page.body.replace(b"view_title", b"vw-subject").replace(b"article_head", b"at-head")
        return Reply(page.status, body.replace(b"view_cont", b"doc-cont"), HTML)

    site.trouble = redesigned
    done = crawl(site, db, "--section", "press,policy")
    assert done.returncode == 2
    assert "changed its pages" in done.stderr
    titles = rows(db, "SELECT count(*), min(title <> ''), min(layout LIKE 'generic%') FROM articles")
    assert titles[0][1:] == (1, 1)
