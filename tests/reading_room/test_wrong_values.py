"""A value in a URL that is not understood is named on the page, whose status says that it was wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.newsroom import build
from tests.served import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

IGNORED = {
    "/search?since=abc": ["abc"],
    "/search?since=2026-13-01&until=abc&state=x&kogl=9&sort=old": ["2026-13-01", "abc", "x", "9", "old"],
    "/search?section=none": ["none"],
    "/search?contact=2": ["2"],
    "/search?q=" + quote("여객선") + "&page=-1": ["-1"],
    "/search?page=0": ["0"],
    "/search?page=999999999999": ["999999999999"],
    "/search?page=9999": ["9999"],
    "/directory?page=x": ["x"],
    "/directory?page=99": ["99"],
    "/edits?page=9999&kind=none": ["9999", "none"],
    "/edits?kind=new": ["new"],
    "/attention?q=a&q=b&q=c&q=d&q=" + quote("다섯째"): ["다섯째"],
    "/attention?by=week&since=yesterday": ["week", "yesterday"],
}
UNDERSTOOD = [
    "/search?since=&state=&page=",
    "/search?since=2026-02-31",
    "/directory?q=%25",
    "/edits?page=1",
    "/?utm=x",
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path = tmp_path_factory.mktemp("wrong") / "a.db"
    build(path).archive.close()
    with serve(path) as served:
        yield served


def named(text: str) -> list[str]:
    """Return the values that a page says it did not understand."""
    notice = re.search(r'role="alert">(.*?)</div>', text, re.S)
    return re.findall(r"<li>[^<]+<code>([^<]*)</code>", notice[1]) if notice else []


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("url", IGNORED)
def test_a_page_names_every_value_that_it_leaves_out(served: Served, url: str, language: str) -> None:
    status, _headers, text = served.get(language + url)
    assert status == 400
    assert sorted(named(text)) == sorted(IGNORED[url])
    assert f'<html lang="{language[1:] or "ko"}">' in text
    assert "<h1" in text


@pytest.mark.parametrize("url", UNDERSTOOD)
def test_values_that_are_empty_or_understood_are_not_named(served: Served, url: str) -> None:
    status, _headers, text = served.get(url)
    assert (status, named(text)) == (200, [])


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "atom"])
def test_no_file_is_made_of_a_search_that_is_not_understood(served: Served, form: str) -> None:
    status, headers, text = served.get(f"/search.{form}", since="abc")
    assert (status, headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert named(text) == ["abc"]
    assert served.get(f"/edits.{form}", kind="none")[0] == 400


@pytest.mark.parametrize("form", ["", ".csv", ".json", ".atom"])
def test_an_unknown_ministry_is_not_found(served: Served, form: str) -> None:
    assert served.get(f"/search{form}", ministry="없는부")[0] == 404
    assert served.get(f"/search{form}", ministry="sea")[0] == 200


def test_the_page_links_to_itself_in_the_other_language(served: Served) -> None:
    text = served.get("/search", since="abc")[2]
    assert 'hreflang="en" href="/en/search?since=abc"' in text
