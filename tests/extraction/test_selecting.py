"""Elements are selected by an index of classes exactly as parsel selects them."""

from __future__ import annotations

import pytest
from parsel import Selector

from crawler.pages.selecting import Selection

PAGE = Selector(
    "<div class='a x'><p class='b'>1<i>2</i></p><p class='c'>3</p></div><div class='a'><p>4</p></div>"
    "<p class='d'>5</p><p>6</p><p class='e'>7</p>",
    type="html",
)


@pytest.mark.parametrize(
    "query",
    [
        ".b",
        ".a",
        ".x p",
        ".x > p",
        ".a p",
        ".d + p",
        ".d ~ p",
        ".b, .c",
        ".c, p",
        ".b.b",
        "p.b",
        ".none",
        ".x .b::text",
    ],
)
def test_a_selector_finds_what_parsel_finds(query: str) -> None:
    assert Selection(PAGE).css(query).getall() == PAGE.css(query).getall()
