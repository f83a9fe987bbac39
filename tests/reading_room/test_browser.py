"""The reading room in a real browser: desk and phone, light and dark, without JavaScript, by keyboard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.archives import press_release, with_body
from tests.browser import DESK, PHONE, browsing
from tests.newsroom import build
from tests.served import serve
from tests.thorough import one_in, thorough

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Request

WIDE = "/a/korea.kr/press/156700050"
EDITED = "/a/korea.kr/press/156700001"
PAGES = [
    "/",
    "/search?q=" + quote("여객선"),
    "/search?q=" + quote("없는낱말임"),
    "/search?ministry=sea&section=press&since=2026-07-01&contact=1",
    WIDE,
    EDITED,
    EDITED + "/history",
    "/a/korea.kr/press/156700007",
    "/a/korea.kr/policy/156700003",
    "/a/korea.kr/policy/156700003/file/156700003b",
    "/ministry",
    "/ministry/sea",
    "/directory",
    "/directory?q=0442000001",
    "/edits",
    "/coverage",
    "/attention",
    "/attention?q=" + quote("여객선") + "&q=" + quote("폭염"),
    "/queries",
    "/queries/voices?query=" + quote("점검"),
    "/nowhere",
]
"""One page of every kind; each is seen in both languages."""

CELL = "<td>여객선안전점검대상선박목록및점검결과</td>"
TABLE = "<p>표는 다음과 같다.</p><table>" + f"<tr>{CELL * 8}</tr>" * 4 + "</table>"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in which everything happened once, and one article is hard to lay out."""
    path = tmp_path_factory.mktemp("browser") / "a.db"
    desk = build(path)
    with desk.archive:
        release = with_body(press_release(50), "여객선 목록 " + "가나다라마바사아자차카타파하" * 12)
        body = replace(release.body, html=f"<p>{release.body.text}</p>{TABLE}")
        title = "「연안여객선안전관리종합대책」세부추진계획및관계기관협의결과(안) " * 2 + "W" * 60
        desk.visit(replace(release, title=title, body=body))
    return path


@pytest.fixture(scope="module")
def base(archive: Path) -> Iterator[str]:
    """The URL of the archive."""
    with serve(archive) as served:
        yield served.base


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this file."""
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page without JavaScript, as most strict readers have it."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def in_both_languages(path: str) -> list[str]:
    return [path, "/en" if path == "/" else "/en" + path]


def noting() -> tuple[list[str], Callable[[Request], None]]:
    """Return a list of URLs, and a function that appends the URL of a request to it."""
    urls: list[str] = []

    def note(request: Request) -> None:
        urls.append(request.url)

    return urls, note


@pytest.mark.parametrize("path", one_in(7, PAGES))
def test_no_page_scrolls_sideways_or_asks_another_host(base: str, page: Page, path: str) -> None:
    asked, note = noting()
    page.on("request", note)
    for url in in_both_languages(path):
        page.goto(base + url)
        for size in (PHONE, DESK, {"width": 320, "height": 640}):
            page.set_viewport_size(size)  # type: ignore[arg-type]  # a dict like any other
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"{url} is {width} wide on {size['width']}"
    page.remove_listener("request", note)
    assert {url for url in asked if not url.startswith(base + "/")} == set()


@pytest.fixture(scope="module")
def examined(browser: Browser) -> Iterator[dict[str, Page]]:
    """A light phone and a dark desk on which axe may run beside the policy that runs no script."""
    phone = browser.new_page(viewport=PHONE, color_scheme="light", bypass_csp=True)
    desk = browser.new_page(viewport=DESK, color_scheme="dark", bypass_csp=True)
    yield {"ko": phone, "en": desk}
    phone.close()
    desk.close()


def violations(page: Page, url: str) -> list[tuple[str, str, str]]:
    """Return what axe finds serious or critical on a page: rule, element, and summary."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.goto(url)
    found: list[dict[str, Any]] = axe.run(page).response["violations"]
    return [
        (one["id"], node["html"], node["failureSummary"])
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("path", one_in(7, PAGES))
def test_axe_finds_nothing_serious_on_any_page(base: str, examined: dict[str, Page], path: str) -> None:
    for url, page in zip(in_both_languages(path), examined.values(), strict=True):
        assert violations(page, base + url) == [], url


@thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("options", [(), ("--public",)], ids=["operator", "public"])
def test_axe_finds_nothing_serious_in_any_view(
    archive: Path, browser: Browser, options: tuple[str, ...], size: dict[str, int], scheme: Any
) -> None:
    page = browser.new_page(viewport=size, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    with serve(archive, *options) as served:
        urls = [url for path in PAGES for url in in_both_languages(path)]
        found = {url: violations(page, served.base + url) for url in urls}
    page.close()
    assert {url: grave for url, grave in found.items() if grave} == {}


def test_the_keyboard_reaches_every_link_and_shows_where_it_is(base: str, page: Page) -> None:
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.goto(base + EDITED)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")

    page.goto(base + EDITED)
    reached = set()
    for _ in range(page.evaluate("document.querySelectorAll('a, input, button, summary').length") + 5):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.outerHTML"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none" or page.evaluate("document.activeElement.tagName") == "BODY"
    links = page.evaluate("[...document.querySelectorAll('a, input, button, summary')].map(e => e.outerHTML)")
    assert set(links) - reached == set()


def test_a_wide_table_scrolls_inside_itself_on_a_phone(base: str, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(base + WIDE)
    inside, shown = page.evaluate(
        "(w => [w.scrollWidth, w.clientWidth])(document.querySelector('.body .wide'))"
    )
    assert inside > shown


def test_versions_stand_side_by_side_on_a_desk_and_in_line_on_a_phone(base: str, page: Page) -> None:
    page.goto(base + EDITED + "/history")
    for size, sides in ((DESK, True), (PHONE, False)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.locator(".sides").first.is_visible() is sides
        assert page.locator(".diff.inline").first.is_visible() is not sides
    assert page.locator(".diff.inline ins").first.inner_text()


def test_a_finger_calls_the_unit_and_opens_the_evidence(base: str, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(base + EDITED)
    call = page.locator('.unit a[href^="tel:+82"]').first
    assert call.bounding_box()["height"] >= 24  # type: ignore[index]  # WCAG 2.2, target size
    evidence = page.locator(".unit blockquote").first
    assert not evidence.is_visible()
    page.locator(".unit summary").first.tap()
    assert evidence.is_visible()
    context.close()


@pytest.mark.parametrize("path", [EDITED, EDITED + "/history", "/search?q=" + quote("여객선")])
def test_paper_shows_the_text_and_nothing_to_click_on(base: str, page: Page, path: str) -> None:
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.goto(base + path)
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert not page.locator("header.site").is_visible()
    assert not page.locator("form").first.is_visible()
    page.emulate_media(media="screen")


def test_the_search_box_comes_first_and_answers_without_javascript(base: str, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(base + "/")
    box = page.get_by_role("searchbox").first
    assert box.bounding_box()["y"] < 300  # type: ignore[index]
    box.fill("여객선")
    box.press("Enter")
    assert page.locator("mark").first.inner_text() == "여객선"
    page.get_by_role("link", name="English").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.get_by_role("searchbox").first.input_value() == "여객선"


def test_a_deleted_release_is_seen_as_it_was_served_and_loads_nothing(base: str, page: Page) -> None:
    asked, note = noting()
    page.goto(base + "/a/korea.kr/press/156700007")
    page.on("request", note)
    page.locator('a[href*="/captured/"]').last.click()
    page.wait_for_load_state()
    page.remove_listener("request", note)
    assert asked
    assert [url for url in asked if "/captured/" not in url] == []
    assert page.locator("body").inner_text()
