"""The page of an article for programs: what search engines, messengers and reference managers read of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tests.archives import open_desk, press_release
from tests.newsroom import build
from tests.served import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

EDITED = "/a/korea.kr/press/156700001"
HEAT = "/a/korea.kr/policy/156700003"
ODD = "/a/korea.kr/press/156700400"
TITLE = '100% {안전} & "밑줄_1" #2 \\ ~ $^'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path = tmp_path_factory.mktemp("article") / "a.db"
    build(path).archive.close()
    desk = open_desk(path)
    with desk.archive:
        desk.visit(
            replace(press_release(400), title=TITLE, organization=None, published_at=None, kogl_type=None)
        )
    with serve(path) as served:
        yield served


class Said(HTMLParser):
    """Microdata of schema.org and the properties of OpenGraph that a page gives."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.items: dict[str, list[str]] = {}
        self.properties: dict[str, str] = {}
        self.types: list[str] = []
        self.links: dict[str, str] = {}
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.open = []
        if "itemtype" in said:
            self.types.append(said["itemtype"])
        for name in said.get("itemprop", "").split():
            value = said.get("content") or said.get("datetime") or said.get("href")
            self.items.setdefault(name, []).append(value or "")
            self.open.append(name)
        if "property" in said:
            self.properties[said["property"]] = said["content"]
        if tag == "link":
            self.links[said.get("type", said.get("rel", ""))] = said["href"]

    def handle_data(self, data: str) -> None:
        for name in self.open:
            if not self.items[name][-1]:
                self.items[name][-1] = data


def test_an_article_is_a_news_article_of_schema_org(served: Served) -> None:
    said = Said(served.get(EDITED)[2])
    assert said.types == ["https://schema.org/NewsArticle", "https://schema.org/GovernmentOrganization"]
    items = said.items
    assert items["headline"] == ["연안 여객선 안전 점검 시작(정정)"]
    assert items["name"] == ["해양안전부"]
    assert {"author", "publisher", "articleBody", "alternativeHeadline", "articleSection"} <= items.keys()
    assert items["datePublished"] == ["2026-07-14"]
    assert items["dateModified"][0] > items["datePublished"][0]
    assert items["mainEntityOfPage"] == items["archivedAt"] == [served.base + EDITED]
    assert items["url"][0].startswith("https://www.korea.kr/")
    assert items["license"] == ["https://www.kogl.or.kr/info/licenseType1.do"]
    assert items["inLanguage"] == ["ko"]
    assert items["version"] == ["2"]


def test_an_article_is_shown_well_where_it_is_shared(served: Served) -> None:
    said = Said(served.get(EDITED)[2])
    properties = said.properties
    assert properties["og:type"] == "article"
    assert properties["og:url"] == served.base + EDITED
    assert properties["og:title"] == "연안 여객선 안전 점검 시작(정정)"
    assert 20 < len(properties["og:description"]) <= 200
    assert "\n" not in properties["og:description"]
    assert properties["og:locale"] == "ko_KR"
    assert properties["article:published_time"] == "2026-07-14"
    assert properties["article:modified_time"].startswith("2026-07-16T09:00")
    assert "article:modified_time" not in Said(served.get(HEAT)[2]).properties


def test_an_article_of_which_little_is_known_gives_no_empty_fields(served: Served) -> None:
    said = Said(served.get(ODD)[2])
    assert "datePublished" not in said.items
    assert "license" not in said.items
    assert "article:published_time" not in said.properties
    assert said.items["headline"] == [TITLE]
    (record,) = json.loads(served.get(ODD + "/cite.json")[2])
    assert "issued" not in record
    assert "date = {}" not in served.get(ODD + "/cite.bib")[2]


def test_a_reference_manager_finds_the_citation_by_the_page(served: Served) -> None:
    links = Said(served.get(EDITED)[2]).links
    status, headers, text = served.get(links["application/vnd.citationstyles.csl+json"])
    (record,) = json.loads(text)
    assert (status, headers["content-type"]) == (
        200,
        "application/vnd.citationstyles.csl+json; charset=utf-8",
    )
    assert record["type"] == "webpage"
    assert record["author"] == [{"literal": "해양안전부"}]
    assert record["version"] == "2"
    assert record["accessed"] == {"date-parts": [[2026, 7, 16]]}
    assert record["archive_location"] == served.base + EDITED


def test_a_citation_in_bibtex_prints_the_title_as_it_is(served: Served) -> None:
    text = served.get(ODD + "/cite.bib")[2]
    (title,) = re.findall(r"^  title = \{(.*)\},$", text, re.M)
    written = {"\\textbackslash{}": "\x00", "\\textasciitilde{}": "~", "\\textasciicircum{}": "^"}
    for command, sign in written.items():
        title = title.replace(command, sign)
    assert re.sub(r"\\([&%$#_{}])", r"\1", title).replace("\x00", "\\") == TITLE
    assert text.count("{") == text.count("}")
    assert re.match(r"@misc\{[a-z0-9]+,\n", text)


def test_the_text_of_a_citation_is_in_the_readers_language(served: Served) -> None:
    assert "보관본 2판: " in served.get(EDITED)[2]
    assert "Archived version 2: " in served.get("/en" + EDITED)[2]


def test_joint_releases_retellings_and_re_issues_lead_to_each_other(served: Served) -> None:
    text = served.get(HEAT)[2]
    assert "함께 낸 보도자료" in text
    assert "이 기사를 옮긴 글" in text
    assert 'href="/a/korea.kr/policy/156700006"' in text
    assert 'href="/a/newsdao.kr/article/4001"' in text
    assert 'href="/a/korea.kr/press/156700005"' in served.get("/a/korea.kr/press/156700002")[2]


def test_each_version_has_a_permalink_with_both_sides(served: Served) -> None:
    text = served.get(EDITED + "/history/2")[2]
    assert '<div class="sides">' in text
    assert 'class="diff inline"' in text
    assert "<del>" in text
    assert "<ins>" in text
    assert served.get(EDITED + "/history/1")[0] == 200
