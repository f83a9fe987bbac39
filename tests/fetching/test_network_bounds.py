"""What a site sends never decides how long a crawl works or how much it keeps."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

import pytest

from briefing.demo.server import answer
from tests.command import briefing
from tests.crawl.test_crawl import rows
from tests.unruly import DRIP, Asked, Reply, Unruly, crawl, is_detail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HTML = (("Content-Type", "text/html;charset=UTF-8"),)
HURRIED = "import crawler.http.throttle as p; p.SHORTEST_WAIT = 0.01"
EXIT_CODES = {1, 2, 3}


def open_failures(db: Path) -> list[tuple[object, ...]]:
    """List the kinds of open failures, and what each says."""
    return rows(db, "SELECT DISTINCT kind, detail FROM failures WHERE resolved_at IS NULL")


def is_sound(db: Path) -> bool:
    """Ask ``briefing verify``."""
    return briefing("verify", "--db", db).returncode == 0


# robots.txt

# Print the pace that is set, and then forget it, so that the test need not wait.
SEEN = """
import crawler.http.throttle as p
apply = p.Politeness.robots_parsed
def seen(self, robotparser, request):
    apply(self, robotparser, request)
    downloader = self.crawler.engine.downloader
    print("delays", [settings["delay"] for settings in downloader.per_slot_settings.values()])
    downloader.per_slot_settings.clear()
    for slot in downloader.slots.values():
        slot.delay = 0
p.Politeness.robots_parsed = seen
"""


@pytest.mark.parametrize(("asked", "kept"), [("0.5", 0.5), ("86400", 30), ("1e300", 30)])
def test_a_crawl_delay_is_kept_up_to_a_bound_and_what_exceeds_it_is_recorded(
    site: Unruly, db: Path, asked: str, kept: float
) -> None:
    rules = f"User-agent: *\nCrawl-delay: {asked}\n".encode()
    site.trouble = lambda request: Reply(200, rules) if request.path == "/robots.txt" else None
    done = crawl(site, db, "--section", "article", "--delay", "0.01", patch=SEEN)
    assert done.returncode == 0, done.stderr
    assert f"delays [{float(kept)}]" in done.stdout
    found = [detail for kind, detail in open_failures(db) if kind == "crawl_delay"]
    assert bool(found) is (kept == 30)
    assert all("30 are kept" in str(detail) for detail in found)
    assert ("30 are kept" in done.stderr) is (kept == 30)
    site.trouble = lambda _: None
    assert crawl(site, db, "--section", "article").returncode == 0
    assert open_failures(db) == []


@pytest.mark.parametrize("nonsense", ["-5", "nan", "inf", "soon", ""])
def test_a_crawl_delay_that_is_none_is_ignored(site: Unruly, db: Path, nonsense: str) -> None:
    rules = f"User-agent: *\nCrawl-delay: {nonsense}\n".encode()
    site.trouble = lambda request: Reply(200, rules) if request.path == "/robots.txt" else None
    assert crawl(site, db, "--section", "article", "--delay", "0.01").returncode == 0
    assert open_failures(db) == []


def test_of_a_long_robots_txt_the_beginning_is_obeyed_and_the_rest_is_recorded(
    site: Unruly, db: Path
) -> None:
    lines = [b"User-agent: *", b"Disallow: /9", *(b"Disallow: /x%d*y$" % number for number in range(200_000))]
    site.trouble = lambda asked: Reply(200, b"\n".join(lines)) if asked.path == "/robots.txt" else None
    done = crawl(site, db, "--section", "article")
    assert done.returncode == 1
    assert not any(is_detail(asked) for asked in site.log)
    assert ("robots", "only the first 512000 bytes are read") in open_failures(db)
    assert is_sound(db)


def test_an_empty_robots_txt_allows_all_and_is_asked_for_once(site: Unruly, db: Path) -> None:
    site.trouble = lambda asked: Reply(200) if asked.path == "/robots.txt" else None
    assert crawl(site, db, "--section", "article").returncode == 0
    assert site.paths().count("/robots.txt") == 1


# Lists and sitemaps without end


LIST = """<html><body><div class="result">총 <strong>999,999</strong>건</div><div class="list_type"><ul><li>
<a href="/briefing/pressReleaseView.do?newsId={id}"><strong>제목</strong><span class="lead">본문</span>
<span class="source"><span>{day}</span></span></a></li></ul></div><div class="paging"><span class="num on">
<a>{page}</a></span><a onclick="pageLink({next})">{next}</a></div></body></html>"""


def test_a_list_that_always_has_one_more_page_is_left_and_recorded(site: Unruly, db: Path) -> None:
    numbers = count(156_000_000)

    def trouble(asked: Asked) -> Reply | None:
        if not asked.path.endswith("pressReleaseList.do"):
            return Reply(404) if is_detail(asked) else None
        page, day = int(asked.fields["pageIndex"]), asked.fields["startDate"].replace("-", ".")
        text = LIST.format(id=next(numbers), day=day, page=page, next=page + 1)
        return Reply(200, text.encode(), HTML)

    site.trouble = trouble
    patch = "import crawler.spiders.korea_kr as module; module.MOST_LIST_PAGES = 7"
    done = crawl(site, db, "--section", "press", patch=patch)
    assert done.returncode == 2
    assert "the list has more than 7 pages" in done.stderr
    assert sum(asked.path.endswith("pressReleaseList.do") for asked in site.log) == 7 * 2
    assert "endless" in {kind for kind, _ in open_failures(db)}
    assert rows(db, "SELECT max(complete) FROM listings") == [(0,)]
    assert is_sound(db)


def test_sitemaps_that_always_name_another_are_left_and_recorded(site: Unruly, db: Path) -> None:
    numbers = count()

    def trouble(asked: Asked) -> Reply | None:
        if "sitemap" not in asked.path:
            return None
        entries = "".join(
            f"<sitemap><loc>https://newsdao.kr/sitemap{next(numbers)}.xml</loc></sitemap>" for _ in range(3)
        )
        return Reply(200, f"<sitemapindex>{entries}</sitemapindex>".encode())

    site.trouble = trouble
    patch = "import crawler.spiders.newsdao as module; module.MOST_SITEMAPS = 9"
    done = crawl(site, db, "--section", "article", patch=patch)
    assert done.returncode == 2
    assert "the sitemaps do not end" in done.stderr
    assert sum("sitemap" in asked.path for asked in site.log) == 9
    assert rows(db, "SELECT max(complete) FROM listings") == [(0,)]


def test_a_newsdao_list_that_always_has_one_more_page_is_left_and_recorded(site: Unruly, db: Path) -> None:
    def trouble(asked: Asked) -> Reply | None:
        if asked.path != "/":
            return Reply(404) if asked.path.strip("/").isdigit() else None
        page = int(asked.fields.get("page", 1))
        categories = "".join(f'<a href="/category/c{page}-{n}">c</a>' for n in range(30))
        links = f'<a href="/{5000 + page}">제목</a><a href="/?page={page + 1}">다음</a>'
        return Reply(200, f"<html><body>{links}{categories}</body></html>".encode(), HTML)

    site.trouble = trouble
    patch = "import crawler.spiders.newsdao as module; module.MOST_PAGES = 6"
    done = crawl(site, db, "--section", "article", patch=patch)
    assert done.returncode == 2
    assert {detail for kind, detail in open_failures(db) if kind == "endless"} == {
        "the list goes on after 6 pages",
        "the site has more than 50 categories",
    }
    assert len({asked.path for asked in site.log if asked.path.startswith("/category/")}) == 50


# Answers without end


@contextmanager
def babbling(head: bytes, more: bytes) -> Iterator[str]:
    """Serve robots.txt that allows all, and for anything else ``head`` and then ``more`` without end."""
    listener = socket.create_server(("127.0.0.1", 0))
    ending = threading.Event()

    def talk(connection: socket.socket) -> None:
        with connection:
            try:
                while asked := connection.recv(65536):
                    if asked.startswith(b"GET /robots.txt"):
                        connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                        continue
                    connection.sendall(head)
                    while not ending.is_set():
                        connection.sendall(more)
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        ending.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


OK = b"HTTP/1.1 200 OK\r\n"
BABBLE = {
    "headers": (OK, b"X-More: and more\r\n" * 50),
    "one header": (OK + b"X-More: ", b"a" * 4096),
    "folded header": (OK + b"X-More: a\r\n", b" and more\r\n" * 50),
    "interim answers": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 50),
    "body": (OK + b"Content-Type: text/html\r\n\r\n", b"<p>more</p>" * 2000),
    "chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"a" * 4096 + b"\r\n"),
    "chunk size": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 4096),
}


@pytest.mark.parametrize("kind", BABBLE)
def test_an_answer_without_end_is_cut_off_and_recorded(db: Path, kind: str) -> None:
    options = ["--delay=0", "--today=2026-07-14T21:00", "--since=2026-07-14", "--until=2026-07-14"]
    with babbling(*BABBLE[kind]) as mirror:
        options += ["--section=press", f"--mirror={mirror}", f"--db={db}"]
        memory = "import resource; resource.setrlimit(resource.RLIMIT_DATA, (600 << 20, 600 << 20))"
        done = briefing("crawl", *options, patch=f"{HURRIED}; {memory}")
    assert done.returncode in EXIT_CODES
    assert "Traceback" not in done.stderr
    assert {kind for kind, _ in open_failures(db)} <= {"headers", "too_big", "blocked", "reset", "truncated"}
    assert open_failures(db)
    assert is_sound(db)


def test_a_site_whose_every_page_drips_is_left_alone(site: Unruly, db: Path) -> None:
    site.trouble = lambda asked: Reply(DRIP) if is_detail(asked) else None
    patch = f"{HURRIED}; p.ERRORS = 4; import crawler.settings as s; s.PAGE_SECONDS = 3"
    done = crawl(site, db, "--section", "press,policy", patch=patch)
    assert done.returncode == 3
    assert "timeout 4 times in a row" in done.stderr
    assert is_sound(db)


def test_cookies_that_grow_and_grow_are_forgotten(site: Unruly, db: Path) -> None:
    def trouble(asked: Asked) -> Reply | None:
        page = answer(asked.host, asked.path, asked.fields, site.day)
        cookies = tuple(("Set-Cookie", f"c{len(site.log)}-{n}={'x' * 100}; Path=/") for n in range(20))
        return Reply(page.status, page.body, (("Content-Type", page.content_type), *cookies))

    site.trouble = trouble
    assert crawl(site, db, "--section", "press").returncode == 0
    assert max(asked.headers.get("Cookie", "").count("=") for asked in site.log) <= 50


# A machine that gives too little


@pytest.mark.parametrize(
    ("limit", "value", "says"),
    [("NOFILE", 40, "open files are allowed"), ("AS", 300 << 20, "MB of address space are allowed")],
)
def test_a_machine_that_gives_too_little_is_told_before_anything_is_done(
    site: Unruly, db: Path, limit: str, value: int, says: str
) -> None:
    patch = f"import resource; resource.setrlimit(resource.RLIMIT_{limit}, ({value}, {value}))"
    done = crawl(site, db, patch=patch)
    assert done.returncode == 66
    assert (done.stderr.count("\n"), says in done.stderr) == (1, True)
    assert site.log == []
    assert not db.exists()


def test_a_low_limit_of_open_files_is_raised_where_that_is_allowed(site: Unruly, db: Path) -> None:
    patch = "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (40, r.getrlimit(r.RLIMIT_NOFILE)[1]))"
    done = crawl(site, db, patch=patch)
    assert (done.returncode, done.stderr) == (0, "")


def test_files_that_run_out_on_the_way_end_the_crawl_and_the_next_goes_on(site: Unruly, db: Path) -> None:
    patch = (
        "import archive.store as s, errno\n"
        "def starved(self, *arguments, **named):\n"
        "    raise OSError(errno.EMFILE, 'Too many open files')\n"
        "s.Store.record_article = starved"
    )
    done = crawl(site, db, "--section", "press", patch=patch)
    assert done.returncode == 66
    assert "Too many open files" in done.stderr
    assert is_sound(db)
    assert crawl(site, db, "--section", "press").returncode == 0
