"""A page that a person names is fetched as by a crawl: the same rules, limits and refusals."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.certificates import self_signed
from tests.command import briefing
from tests.unruly import Asked, Reply, Unruly, serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.command import Done

HURRIED = (
    "import crawler.http.fetching as f; f.PAUSE = 0;"
    " import crawler.http.throttle as p; p.SHORTEST_WAIT = 0.01"
)
PAGE = "<body><article><p>여객선의 안전을 점검한다고 밝혔다.</p></article></body>".encode()
HTML = (("Content-Type", "text/html;charset=UTF-8"),)


def inspected(*places: str | Path, patch: str = "") -> Done:
    """Run ``briefing inspect`` without its pauses."""
    return briefing("inspect", *places, patch=f"{HURRIED}; {patch}")


def pages(rules: bytes = b"", **named: Reply | bytes) -> Callable[[Asked], Reply]:
    """Answer robots.txt with rules, and named paths with what is given; all else is not there."""

    def trouble(asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return Reply(200, rules)
        found = named.get(asked.path.strip("/").replace("/", "_"), Reply(404))
        return found if isinstance(found, Reply) else Reply(200, found, HTML)

    return trouble


def test_pages_are_read_where_robots_allow_and_the_rest_is_named(site: Unruly) -> None:
    site.trouble = pages(b"User-agent: *\nDisallow: /closed\n", open=PAGE)
    done = inspected(f"{site.url}/open", f"{site.url}/closed", f"{site.url}/none", "http://[::1")
    (said,) = map(json.loads, done.stdout.splitlines())
    assert said["body_text"] == "여객선의 안전을 점검한다고 밝혔다."
    assert "/closed: robots.txt of 127.0.0.1 asks not to fetch it" in done.stderr
    assert "/none: HTTP 404" in done.stderr
    assert "http://[::1: no URL" in done.stderr
    assert done.returncode == 65
    assert [asked.path for asked in site.log] == ["/robots.txt", "/open", "/none"]


@pytest.mark.parametrize(
    ("rules", "path", "is_open"),
    [
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /a", "a", False),  # begins with a byte order mark
        (b"User-agent: *\nDisallow: /*.do$", "a.do", False),
        (b"User-agent: *\nDisallow: /*.do$", "a.do.html", True),
        (b"User-agent: *\nDisallow: /*/b", "a/b", False),
        (b"User-agent: *\nDisallow: /\nAllow: /a/b", "a/b", True),
        (b"User-agent: briefing-archive\nDisallow: /\n\nUser-agent: *\nAllow: /", "a", False),
        (b"User-agent: *\r\nDisallow: /a\r\n", "a", False),
    ],
)
def test_rules_are_read_by_the_crawls_own_parser(
    site: Unruly, rules: bytes, path: str, is_open: bool
) -> None:
    site.trouble = pages(rules, **{path.replace("/", "_"): PAGE})
    done = inspected(f"{site.url}/{path}")
    assert (done.returncode == 0) is is_open
    assert (f"/{path}" in site.paths()) is is_open


def test_the_case_of_a_byte_order_mark_is_refused(site: Unruly, shared: Path) -> None:
    site.trouble = pages((shared / "cases" / "h10_robots_with_bom.txt").read_bytes(), secret_a=PAGE)
    assert inspected(f"{site.url}/secret/a").returncode == 65
    assert site.paths() == ["/robots.txt"]


@pytest.mark.parametrize("status", [500, 503])
def test_a_site_whose_rules_cannot_be_had_is_not_asked(site: Unruly, status: int) -> None:
    site.trouble = lambda asked: Reply(status) if asked.path == "/robots.txt" else Reply(200, PAGE, HTML)
    done = inspected(f"{site.url}/open")
    assert done.returncode == 65
    assert f"robots.txt could not be read (robots.txt of {site.netloc} answered {status})" in done.stderr
    assert set(site.paths()) == {"/robots.txt"}


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/landing",
        "http://localhost:{port}/open",
        "http://127.0.0.1:22/",
        "http://127.0.0.2:{port}/open",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::1",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "data:text/html,<p>x</p>",
        "//evil.example/",
    ],
)
def test_a_redirect_off_the_site_is_refused(site: Unruly, target: str) -> None:
    location = target.format(port=site.url.rpartition(":")[2])
    site.trouble = pages(open=PAGE, away=Reply(302, b"", (("Location", location),)))
    done = inspected(f"{site.url}/away")
    assert (done.returncode, done.stdout) == (65, "")
    assert "offsite redirect to" in done.stderr
    assert site.paths() == ["/robots.txt", "/away"]


def test_a_redirect_on_the_site_is_followed_a_few_times(site: Unruly) -> None:
    here, again = Reply(301, b"", (("Location", "/open"),)), Reply(302, b"", (("Location", "/again"),))
    site.trouble = pages(open=PAGE, moved=here, again=again)
    done = inspected(f"{site.url}/moved", f"{site.url}/again")
    assert done.stdout.count("\n") == 1
    assert "/again: max redirections reached" in done.stderr
    assert len(site.log) < 12


def test_a_redirect_back_to_http_is_followed_by_https_alone(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path, "127.0.0.1")
    with serve(certificate) as secured:
        plain = secured.url.replace("https:", "http:")
        back = Reply(302, b"", (("Location", f"{plain}/open"),))
        secured.trouble = pages(open=PAGE, back=back)
        trust = f"import os; os.environ['SSL_CERT_FILE'] = {str(certificate)!r}"
        done = inspected(f"{secured.url}/back", patch=trust)
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["url"] == f"{secured.url}/open"


# Names that lead to this machine or its network

RESOLVES = (
    "from twisted.internet.base import ThreadedResolver; from twisted.internet.defer import succeed;"
    "ThreadedResolver.getHostByName = lambda self, name, timeout=(): succeed({!r})"
)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.5", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.1.2.3"]
)
def test_a_public_name_that_leads_to_a_private_address_is_not_asked(site: Unruly, address: str) -> None:
    url = site.url.replace("127.0.0.1", "rebinding.example")
    site.trouble = pages(open=PAGE)
    done = inspected(f"{url}/open", patch=RESOLVES.format(address))
    assert done.returncode == 65
    assert f"rebinding.example is {address}, not on the public network" in done.stderr
    assert site.log == []


def test_a_crawl_asks_no_site_whose_name_leads_to_a_private_address(site: Unruly, tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    options = ["--db", db, "--since=2026-07-13", "--until=2026-07-13", "--today=2026-07-14"]
    done = briefing("crawl", "korea.kr", *options, patch=f"{HURRIED}; {RESOLVES.format('127.0.0.1')}")
    assert done.returncode == 3
    assert "not on the public network" in done.stderr


# Bounds


def test_an_answer_too_large_is_refused_packed_or_not(site: Unruly) -> None:
    packed = Reply(200, gzip.compress(b"A" * (20 << 20)), (*HTML, ("Content-Encoding", "gzip")))
    site.trouble = pages(large=b"A" * (11 << 20), packed=packed)
    done = inspected(f"{site.url}/large", f"{site.url}/packed")
    assert done.returncode == 65
    assert (
        len(re.findall(r"/(?:large|packed): the answer is larger than allowed|DOWNLOAD_MAXSIZE", done.stderr))
        == 2
    )
    assert done.stderr.count("\n") == 2
