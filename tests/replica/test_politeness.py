"""The judge of politeness finds every kind of offence in an access log, and none in a polite one."""

from __future__ import annotations

import pytest

from tests.replica.politeness import Hit, impolite

HOST, AGENT = "www.korea.kr", "briefing-archive/1.0 (+https://example.org/contact)"
ROBOTS = {HOST: "User-agent: *\nDisallow: /private\nCrawl-delay: 2\n"}


def hit(at: float, url: str, status: int = 200, kind: str = "detail:press", agent: str = AGENT) -> Hit:
    return Hit(at, 0.1, HOST, url, "GET", "", status, agent, kind)


FIRST = [hit(0, "/robots.txt", kind="robots"), hit(2, "/a"), hit(4, "/b", 500), hit(6, "/b")]


def judged(*more: Hit) -> list[str]:
    return impolite([*FIRST, *more], ROBOTS, throttled=True, retry_after=10)


def test_a_polite_crawl_has_no_offence() -> None:
    assert judged(hit(8, "/c", 429), hit(18, "/c")) == []


@pytest.mark.parametrize(
    ("offence", "said"),
    [
        ([hit(-2, "/early")], "before robots.txt was read"),
        ([hit(8, "/private/1")], "robots.txt forbids /private/1"),
        ([hit(6.5, "/c")], "1 gaps shorter than a Crawl-delay of 2 s, the least 0.50 s"),
        ([hit(8, "/c", 429), hit(15, "/c")], "/c was requested while a Retry-After ran"),
        ([hit(8, "/a"), hit(10, "/a")], "GET /a came whole 3 times"),
        ([hit(8 + 2 * n, "/f", 200, "download") for n in range(2)], "GET /f came whole 2 times"),
        ([hit(8 + 2 * n, "/c", 500) for n in range(5)], "GET /c failed 5 times in one crawl"),
        ([hit(8 + 2 * n, "/f", 0, "download") for n in range(4)], "GET /f failed 4 times in one crawl"),
        ([hit(8, "/c", agent="Mozilla/5.0")], "no name and contact in 'Mozilla/5.0'"),
    ],
)
def test_each_offence_is_named(offence: list[Hit], said: str) -> None:
    (found,) = judged(*offence)
    assert said in found
