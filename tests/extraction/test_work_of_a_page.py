"""What reading one page costs, counted: parses, bytes parsed, selectors that go through the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import parsel.selector
from web_poet import HttpResponse

from crawler.pages import page_of
from crawler.pages.selecting import Selection
from tests.extraction.test_page_parts import ARTICLES, HEADER

if TYPE_CHECKING:
    import pytest
    from lxml import etree

POLICY = next(path for path in ARTICLES if path.parent.name == "korea_kr_policy")
NEWSDAO = POLICY.parents[1] / "newsdao_entry_content" / "page.html"  # its second layout
LINKS = "<li><a href='/a.do'>부처</a></li>" * 1000
MENU = HEADER.replace("</div></header>", f"<ul>{LINKS}</ul></div></header>")


def work(page: str, url: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int, int]:
    """Read all fields of a page; count its parses, the characters parsed, and the XPath expressions."""
    parsed: list[int] = []
    asked: list[str] = []
    parse, xpath = parsel.selector.create_root_node, parsel.Selector.xpath

    def counted_parse(text: str, *rest: object, **more: object) -> etree._Element:
        parsed.append(len(text))
        return parse(text, *rest, **more)  # type: ignore[arg-type]

    def counted_xpath(self: parsel.Selector, query: str, *rest: object, **more: object) -> object:
        asked.append(query)
        return xpath(self, query, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(parsel.selector, "create_root_node", counted_parse)
    monkeypatch.setattr(parsel.Selector, "xpath", counted_xpath)
    page_of(HttpResponse(url=url, body=page.encode())).raw()
    monkeypatch.undo()
    return len(parsed), sum(parsed), len(asked)


def test_a_page_is_parsed_once_and_without_its_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    page = POLICY.read_text("utf-8")
    with_menu = page.replace("<body>", f"<body>{MENU}")
    parses, characters, selectors = work(
        with_menu, "https://www.korea.kr/news/policyNewsView.do?newsId=1", monkeypatch
    )
    assert parses == 1
    assert characters < len(page) + 100 < len(with_menu)
    assert selectors <= 15


def test_a_page_that_another_layout_was_tried_on_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parses, _, selectors = work(NEWSDAO.read_text("utf-8"), "https://newsdao.kr/1", monkeypatch)
    assert parses == 1
    assert selectors <= 10


def test_each_selector_is_evaluated_once() -> None:
    page = Selection(parsel.Selector(POLICY.read_text("utf-8")))
    assert page.css(".view_cont p") is page.css(".view_cont p")


def test_a_page_that_is_released_holds_no_tree_and_reads_the_same() -> None:
    response = HttpResponse(
        url="https://www.korea.kr/news/policyNewsView.do?newsId=1", body=POLICY.read_bytes()
    )
    page = page_of(response)
    before, kept = page.raw(), {*vars(page)}
    page.release()
    assert {"html", "selector"} <= kept - {*vars(page)}
    assert page.raw() == before
