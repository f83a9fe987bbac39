"""Findings of a first contact: which page object reads what from a response, and from where.

Pure: bytes in, a finding out. The origin of a field is found by trial: the page is read once more without its
structured data, and what is then missing came from there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from lxml import etree, html
from web_poet import HttpResponse

from archive.errors import InputError, PageError
from archive.records import RawArticle
from archive.text.normalize import one_line
from crawler.http.responses import page_text
from crawler.pages import list_page_of, page_of
from crawler.pages.base import PAGES
from crawler.pages.korea.articles import BODY, INFO, TITLE, KoreaPage
from crawler.pages.korea.lists import LIST_PAGES
from crawler.pages.newsdao import NewsdaoPage
from crawler.sites.urls import identify

if TYPE_CHECKING:
    from archive.records import ListPage
    from crawler.pages import ArticlePage

# What of RawArticle is read from the page; the rest names the page or the program.
FIELDS = tuple(
    each.name
    for each in fields(RawArticle)
    if each.name not in ("site", "section", "native_id", "canonical_url", "parser", "layout")
)
# Sections whose articles name a ministry or speaker (seen 2026-07 to 2026-10).
WITH_ORGANIZATION = frozenset({"press", "policy", "actually", "briefing", "speech"})
LONGEST_GATE = 2000  # characters; a page that says more may hold a form among other things
LOGIN = "//input[translate(@type, 'PASWORD', 'pasword') = 'password']"
CAPTCHA = re.compile(
    rb"captcha|cf-challenge|turnstile|" + "자동\\s?(?:접속|입력|등록)\\s?방지|보안\\s?문자".encode(), re.I
)
STRUCTURED = (
    "//script[@type='application/ld+json']"
    " | //meta[starts-with(@property, 'og:') or starts-with(@property, 'article:')] | //meta[@name='author']"
)


@dataclass(slots=True)
class Finding:
    """What one response shows.

    Attributes:
        what: which answer it is, e.g. ``list of press``.
        url: where it came from.
        recognised: whether a known layout reads it; None where that is no question.
        page_object: the class that reads it, with its version.
        layout: the layout, e.g. ``korea_kr/detail-2026``.
        fields: for each field that was read, where from: structured data, layout, generic.
        says: a few values, for a person to compare with the page.
        differs: what is not as in the layouts known, a sentence each.
        trouble: why there is no response; None where there is one.
        saved: the file that the response was kept in.
        by_default: whether a crawl requests such pages by default; others do not change the exit code.
    """

    what: str
    url: str
    recognised: bool | None = None
    page_object: str | None = None
    layout: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    says: dict[str, Any] = field(default_factory=dict)
    differs: list[str] = field(default_factory=list)
    trouble: str | None = None
    saved: str | None = None
    by_default: bool = True


def gate_of(content: bytes) -> str | None:
    """Return what a page asks for instead of showing an article: a captcha or a login; else None."""
    try:
        page = html.fromstring(content)
        if len(one_line("".join(map(str, page.itertext())))) > LONGEST_GATE:
            return None
        return "a captcha" if CAPTCHA.search(content) else "a login page" if page.xpath(LOGIN) else None
    except (etree.LxmlError, ValueError):
        return None


def article_finding(what: str, response: HttpResponse) -> tuple[Finding, RawArticle | None]:
    """Report what an article's page shows; return the finding and what was read."""
    page, url = page_of(response), str(response.url)
    found = Finding(what, url, not page.layout_name.startswith("generic"), layout=page.layout_name)
    found.page_object = f"{type(page).__name__}/{page.version}"
    try:
        raw = page.raw()
        found.differs += _missing_landmarks(page)
        found.fields = origins(page, raw)
    except (PageError, InputError) as error:
        found.recognised = False
        found.differs.append(str(error))
        return found, None
    found.says = {
        "title": raw.title,
        "published": list(raw.published),
        "organization": raw.organization,
        "characters": len(one_line(page_text(raw.body_html))),
        "attachments": [attachment.name for attachment in raw.attachments],
    }
    found.differs += _missing_fields(raw)
    return found, raw


def origins(page: ArticlePage, raw: RawArticle) -> dict[str, str]:
    """Return for each field that was read where it came from."""
    own = "generic" if page.layout_name.startswith("generic") else "layout"
    bare = _read_without_structured_data(page)
    found = {}
    for name in FIELDS:
        value = getattr(raw, name)
        if value in (None, "", ()):
            continue
        other = getattr(bare, name) if bare else None
        if _same(name, value, other):
            found[name] = own
        else:
            found[name] = f"structured data, {own}" if other else "structured data"
    return found


def list_finding(what: str, response: HttpResponse, start: str, end: str) -> tuple[Finding, ListPage | None]:
    """Report what a list of some days shows; return the finding and the list."""
    url = str(response.url)
    try:
        page = list_page_of(response)
    except PageError as error:  # it led elsewhere
        return Finding(what, url, False, differs=[str(error)]), None
    known = page.recognised and page.layout_name.startswith("korea_kr/")
    found = Finding(what, url, known, type(page).__name__, page.layout_name)
    try:
        shown = page.listing()
    except (PageError, InputError) as error:
        found.recognised = False
        found.differs.append(str(error))
        return found, None
    if not known:
        usual = LIST_PAGES[page.section.form]
        found.differs.append(f"not {usual.layout_name}: it lacks {usual.CONTAINER}; its links were read")
    own = "layout" if known else "generic"
    named = ("native_id", "title", "published", "organization", "lead", "presenter")
    found.fields = {name: own for name in named if any(getattr(item, name) for item in shown.items)}
    found.says = {"total": shown.total, "on this page": len(shown.items), "last page": shown.last_page}
    found.differs += _of_list(shown, start, end)
    return found, shown


def _of_list(shown: ListPage, start: str, end: str) -> list[str]:
    differs = []
    if shown.total is None:
        differs.append("the list gives no total (총 N건)")
    if not shown.items:
        differs.append(f"no article from {start} to {end}" if not shown.total else "no article could be read")
    if (shown.start, shown.end) != (start, end):
        differs.append(f"asked for {start} to {end}, the form says {shown.start} to {shown.end}")
    if shown.page != 1:
        differs.append(f"asked for page 1, got page {shown.page}")
    differs += [f"an item without {name}" for name in ("title", "published") if _lacks(shown, name)]
    return differs


def _lacks(shown: ListPage, name: str) -> bool:
    return not all(getattr(item, name) for item in shown.items)


def _read_without_structured_data(page: ArticlePage) -> RawArticle | None:
    """Read a page again, by the same page object, without JSON-LD, Open Graph and meta tags."""
    tree: Any = html.document_fromstring(page.html.encode(), parser=html.HTMLParser(encoding="utf-8"))
    for part in tree.xpath(STRUCTURED):
        part.drop_tree()
    content = etree.tostring(tree, encoding="utf-8", method="html")
    try:
        return type(page)(response=HttpResponse(url=page.response.url, body=content)).raw()
    except (PageError, InputError):
        return None


def _same(name: str, value: Any, other: Any) -> bool:
    if name == "body_html":
        return other is not None and one_line(page_text(value)) == one_line(page_text(other))
    return bool(value == other)


def _missing_landmarks(page: ArticlePage) -> list[str]:
    """Name what the known layouts of a page's section have and the page lacks, where none of them fits."""
    if isinstance(page, KoreaPage) and not page.layout_name.startswith("generic"):
        return [] if page.css(INFO) else [f"no line of date and ministry ({INFO})"]
    if not page.layout_name.startswith("generic"):
        return []
    differs = []
    for kind in _known_layouts(str(page.response.url)):
        lacking = [css for css in _landmarks(kind) if not page.css(css)]
        differs.append(f"not {kind.layout_name}: it lacks {' and '.join(lacking) or 'a headline'}")
    return differs


def _known_layouts(url: str) -> list[type[ArticlePage]]:
    identity = identify(url)
    known = PAGES.get((identity.site, identity.section), []) if identity else []
    return [kind for kind in known if not kind.layout_name.startswith("generic")]


def _landmarks(kind: type[ArticlePage]) -> tuple[str, ...]:
    if issubclass(kind, NewsdaoPage):
        return (kind.BODY,)
    return (TITLE, BODY) if issubclass(kind, KoreaPage) else ()


def _missing_fields(raw: RawArticle) -> list[str]:
    """Name what every article of a section has and this page did not give."""
    differs = []
    if not raw.title:
        differs.append("no headline was read")
    if not raw.published:
        differs.append("no date was read")
    if raw.section in WITH_ORGANIZATION and not raw.organization:
        differs.append("no ministry was read")
    if not (
        one_line(page_text(raw.body_html)) or "<img" in raw.body_html or raw.viewer_url or raw.attachments
    ):
        differs.append("neither text nor viewer nor file was read")
    return differs
