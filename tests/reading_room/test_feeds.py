"""Feeds of the reading room: valid, found from their pages, bounded, and under the portal's former names."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

import pytest
from lxml import etree

from archive.reading_room.feeds.handlers import ENTRIES, FORMER
from archive.records import Organization
from tests.archives import open_desk, press_release
from tests.newsroom import build
from tests.served import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
FEEDS = [
    "/search.atom",
    "/search.atom?q=" + quote('여객선 "점검" -없는말'),
    "/search.atom?q=" + quote("없는낱말임"),
    "/search.atom?ministry=sea",
    "/search.atom?ministry=" + quote("해수안전처"),
    "/search.atom?section=policy",
    "/en/search.atom?section=press&state=gone",
    "/edits.atom",
    "/edits.atom?kind=gone",
    "/en/edits.atom?kind=edit",
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path = tmp_path_factory.mktemp("feeds") / "a.db"
    build(path).archive.close()
    desk = open_desk(path)
    desk.store.seed_organizations(
        [
            Organization("old", "해수안전처", code="A00001", valid_to="2025-12-31", successors=("sea",)),
            Organization("sea", "해양안전부", "Ministry of Maritime Safety", code="A00002"),
            Organization("sky", "기상재난청", "Weather Hazard Agency", code="B00001", parent="sea"),
        ]
    )
    with desk.archive:
        for number in range(100, 100 + ENTRIES + 5):
            desk.visit(replace(press_release(number), organization_key="sea"))
        desk.visit(
            replace(press_release(200), title="]]> <b>&amp; \x0b제어 문자</b>", organization_key="sky")
        )
    with serve(path) as served:
        yield served


def check_atom(body: bytes, url: str) -> list[etree._Element]:
    """Check a feed against RFC 4287: the required elements once each, with the right kind of value."""
    feed = etree.fromstring(body)
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        (one,) = feed.findall(f"{ATOM}{name}")
        assert one.text
    assert {one.get("rel") for one in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) <= ENTRIES
    ids = [one.findtext(f"{ATOM}id") for one in entries]
    assert len(ids) == len(set(ids)), url
    for one in entries:
        assert re.match(r"https?://", one.findtext(f"{ATOM}id") or "")
        assert (one.findtext(f"{ATOM}title") or "").strip()
        assert one.findtext(f"{ATOM}author/{ATOM}name")
        assert datetime.fromisoformat(one.findtext(f"{ATOM}updated") or "").tzinfo is not None
    return entries


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_holds_to_the_standard(served: Served, feed: str) -> None:
    status, headers, body = served.fetch(feed)
    assert status == 200
    assert headers["content-type"] == "application/atom+xml; charset=utf-8"
    entries = check_atom(body, feed)
    assert bool(entries) == (quote("없는낱말임") not in feed)
    (link,) = [one for one in etree.fromstring(body).findall(f"{ATOM}link") if one.get("rel") == "self"]
    assert link.get("href") == served.base + feed.replace("%20", "+").replace("%22", "%22")


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/search?q=" + quote("여객선"),
        "/ministry/sea",
        "/search?section=policy",
        "/edits",
        "/edits?kind=gone",
        "/en/ministry/sea",
    ],
)
def test_a_page_names_its_feed(served: Served, page: str) -> None:
    text = served.get(page)[2]
    links = re.findall(
        r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="([^"]+)"', text
    )
    assert links
    for link in links:
        status, _headers, body = served.fetch(urljoin(page, link.replace("&amp;", "&")))
        assert status == 200
        check_atom(body, link)


def test_a_feed_of_a_ministry_has_its_articles_alone(served: Served) -> None:
    sea = check_atom(served.fetch("/search.atom?ministry=sea")[2], "sea")
    assert len(sea) == ENTRIES
    assert {one.findtext(f"{ATOM}author/{ATOM}name") for one in sea} == {"해양안전부"}


@pytest.mark.parametrize("name", [*FORMER, "dept_A00001", "dept_A00002", "dept_B00001"])
def test_the_portals_former_feeds_answer_under_their_names(served: Served, name: str) -> None:
    status, headers, body = served.fetch(f"/rss/{name}.xml")
    assert status == 200
    assert headers["content-type"] == "application/rss+xml; charset=utf-8"
    channel = etree.fromstring(body).find("channel")
    assert channel is not None
    assert all(channel.findtext(one) for one in ("title", "link", "description"))
    items = channel.findall("item")
    assert len(items) <= ENTRIES
    for item in items:
        assert re.match(r"\[.+\] .", item.findtext("title") or "")
        assert parsedate_to_datetime(item.findtext("pubDate") or "").tzinfo is not None
        assert item.findtext(f"{DC}creator")
        link = (item.findtext("link") or "").removeprefix(served.base)
        assert item.findtext("guid") == served.base + link
    guids = [item.findtext("guid") for item in items]
    assert len(guids) == len(set(guids))


@pytest.mark.parametrize(
    ("name", "author", "count"),
    [
        ("dept_A00002", "해양안전부", ENTRIES),
        ("dept_A00001", "해양안전부", ENTRIES),
        ("pressrelease", None, ENTRIES),
        ("policy", "기상재난청", 2),
        ("fact", "해양안전부", 1),
        ("cabinet", None, 0),
    ],
)
def test_a_former_feed_has_what_its_name_says(
    served: Served, name: str, author: str | None, count: int
) -> None:
    items = etree.fromstring(served.fetch(f"/rss/{name}.xml")[2]).findall("channel/item")
    assert len(items) == count
    assert author is None or author in {item.findtext(f"{DC}creator") for item in items}


@pytest.mark.parametrize("name", ["nothing", "dept_", "dept_Z99999", "pressrelease2"])
def test_a_feed_that_the_portal_never_had_is_not_there(served: Served, name: str) -> None:
    assert served.get(f"/rss/{name}.xml")[0] == 404


@pytest.mark.parametrize(
    "feed", ["/search.atom?q=" + quote("여객선"), "/rss/pressrelease.xml", "/edits.atom"]
)
def test_a_feed_that_is_unchanged_is_not_sent_again(served: Served, feed: str) -> None:
    tag = served.fetch(feed)[1]["etag"]
    status, headers, body = served.fetch(feed, {"If-None-Match": f"W/{tag}"})
    assert (status, body, headers["etag"]) == (304, b"", tag)
    assert served.fetch(feed, method="HEAD")[0] == 200


def test_a_feed_of_an_archive_with_nothing_is_whole(served: Served) -> None:
    feed = etree.fromstring(served.fetch("/edits.atom?kind=restored")[2])
    assert feed.findall(f"{ATOM}entry") == []
    assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated") or "")
