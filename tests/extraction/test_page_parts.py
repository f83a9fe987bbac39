"""A page read without its menus is the page read whole: emptying a part before parsing changes no tree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from parsel import Selector

from crawler.pages.korea.articles import KoreaPage
from crawler.pages.korea.viewer import mistaken_viewer_page
from crawler.pages.parts import emptied

PAGES = sorted((Path(__file__).parents[1] / "pages").glob("korea_kr_*/page.html"))
ARTICLES = [page for page in PAGES if "_list_" not in page.parent.name]
HEADER = """<header id="header"><div class="gnb"><h2>메뉴</h2><ul><li><a href="/news/list.do">뉴스<i></i></a>
<div><strong>뉴스</strong><ul><li><a href='/b.do' title="새 창"><span>브리핑</span></a></ul></div></ul>
<!-- <p>메뉴 끝</p> --><script>var a = 1; document.write('<b>ok</b>');</script></div></header>"""
ASIDE = """<aside class="as_side"><table><tr><td>인기</td><td>뉴스</td></tr></table><p>많이 본<br></aside>"""
FOOTER = """<footer id="footer" class="f"><form action="/"><input name="q"></form><p>세종시</p></footer>"""
# What menus go wrong in: ends without starts, starts without ends, comments, scripts, table parts.
SPLINTERS = (
    "</div>",
    "<div>",
    "<div></div>",
    "</li>",
    "<li>",
    "<p>",
    "</p>",
    "<b>",
    "<table><tr><td>",
    "</table>",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "</main>",
    "</section>",
    "</body>",
    '<header id="header">',
    "</header>",
    '<aside class="as_side">',
    "</aside>",
    "</FOOTER>",
    "<a href='x",
    "<title>",
)


def surrounded(path: Path) -> str:
    """Put the menus of the site around a saved page."""
    page = path.read_text("utf-8")
    head, body, rest = page.partition("<body>")
    rest = re.sub("</?(?:header|aside|footer)[^>]*>", "", rest)
    return head + body + HEADER + rest.replace("</main>", f"{ASIDE}</main>{FOOTER}")


def without_surroundings(page: str) -> str:
    """Parse a page, drop what surrounds the article, and write the rest."""
    tree = Selector(page).root
    for part in list(tree.iter(*KoreaPage.around)):
        name, value = KoreaPage.around[part.tag]
        if part.get(name) == value:
            part.drop_tree()
    return etree.tostring(tree, encoding="unicode")


def without_menus(page: str) -> str:
    """Empty the parts that surround the article, as page objects do before they parse."""
    return emptied(page, KoreaPage.around)


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.parent.name)
def test_a_page_without_its_menus_has_the_same_tree(path: Path) -> None:
    page = surrounded(path)
    assert not any(word in without_menus(page) for word in ("메뉴", "많이 본", "세종시"))
    assert without_surroundings(without_menus(page)) == without_surroundings(page)


@given(
    st.sampled_from(ARTICLES),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(SPLINTERS)), min_size=1, max_size=4),
)
def test_so_has_a_page_whose_markup_is_broken(path: Path, splinters: list[tuple[float, str]]) -> None:
    page = surrounded(path)
    for where, splinter in splinters:
        cut = page.find(">", int(where * len(page))) + 1
        page = page[:cut] + splinter + page[cut:]
    assert without_surroundings(without_menus(page)) == without_surroundings(page)


@pytest.mark.parametrize(
    "page",
    [
        '<body><header id="header">a</header><header id="header">b</header><p>c</body>',
        '<body><header id="header">a<p>c</body>',
        '<body><!-- <header id="header"> -->a</header><p>c</body>',
        '<body><header id="header"><!-- </header> -->a<p>c</body>',
        '<body><header id="header"><div></header>a</div></body>',
        '<body><header id="header"><Div></header>a</div></body>',
        '<body><p><header id="header"></p>a</header>b</body>',
        '<head><title><header id="header">a</header></title></head>',
    ],
)
def test_a_part_that_reaches_beyond_itself_stays(page: str) -> None:
    assert emptied(page, KoreaPage.around) == page


@pytest.mark.parametrize(
    ("page", "before", "is_mistaken"),
    [
        ("<p>이 쪽은 비워 둔다</p>", "<p>이 쪽은 비워 둔다</p>", False),
        (f"<p>{'가나다라마바사아자차 ' * 9}</p>", f"<p>{'가나다라마바사아자차 ' * 9}</p>", True),
        ("<p>본문이 이어진다.</p>", "<p>본문</p>", False),
        ("<p>서비스가 일시 중단되었습니다. 이용에 불편을 드려 죄송합니다.</p>", None, True),
        ("", None, True),
    ],
)
def test_a_page_of_the_viewer_that_shows_something_else_is_known(
    page: str, before: str | None, is_mistaken: bool
) -> None:
    said = mistaken_viewer_page(page.encode(), before and before.encode(), "가나부, 다라 대책 발표")
    assert (said is not None) is is_mistaken
