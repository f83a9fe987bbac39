"""What the detail pages of korea.kr say, one class a section on the layout of 2026.

About 97 % of press releases are viewer shells: the body is a converted document in an iframe, and the
page's own container holds only that and a remark (1,672 of 1,727 pages, 2026-07). The same markup is
served by m. and admin2. with another header (2026-10), which the same selectors read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

from web_poet import field

from archive.errors import InputError, UnknownLayout
from archive.records import KOREA, Attachment
from archive.text.normalize import one_line
from crawler.pages.base import outer_html, shows
from crawler.pages.canonical import CanonicalPage
from crawler.pages.decoding import decoded
from crawler.pages.parts import parts, without
from crawler.pages.structured import meta
from crawler.sites.urls import KOREA_ROOT, joined, parameter, split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsel import Selector, SelectorList

# Seen 2026-10-06: www has .view_title h1, admin2 and m. have .article_head > h1.
TITLE = ".view_title h1, .article_head > h1"
SUBTITLE = ".article_head > h2"
INFO = ".article_head .info > span"
MINISTRY = ".article_head .info a.gotosite, .article_head a.gotosite"
BODY = ".article_body .view_cont"
VIEWER = "iframe#content_press"
# .filedown since 2023, .file_down before and on some later pages (2026-04-30).
FILES = ".filedown p, .file_down p"
# 공공누리 mark: .kogl on www (2026-10), .law_copy_wrap on m. (2026-08).
LICENCE = ".kogl .type, .law_copy_wrap .type"
# Not the article's words: remark of reprinting, the portal's licence sentence, gallery buttons (2026-10).
FOREIGN = parts(tags=("iframe",), classes=("remark", "kogl_txt", "swiper-button-prev", "swiper-button-next"))
_KOGL_TYPE = re.compile(r"(\d)\s*유형")
_DATE = re.compile(r"\d{4}[.-]\d{1,2}[.-]\d{1,2}")
REP_CODE = re.compile(r"repCode=([A-Z]\d+)")
_LETTER = re.compile(r"[^\W_]")


class KoreaPage(CanonicalPage):
    """A detail page of korea.kr in the layout of 2026."""

    layout_name: ClassVar[str] = "korea_kr/detail-2026"
    # Nine tenths of a page (2026-10): menus, sidebars that rotate, links to all ministries.
    around: ClassVar[Mapping[str, tuple[str, str]]] = {
        "header": ("id", "header"),
        "aside": ("class", "as_side"),
        "footer": ("id", "footer"),
    }

    @property
    def recognised(self) -> bool:
        """Whether headline and body container are where this layout has them."""
        return bool(self.text_of(TITLE)) and bool(self.css(BODY))

    @field
    def title(self) -> str:
        """Return the headline as printed."""
        title = self.text_of(TITLE)
        if not title:
            raise UnknownLayout(f"no headline ({TITLE}) on {self.url}")
        return title

    @field
    def subtitle(self) -> str | None:
        """Return the line under the headline; its line breaks are layout."""
        return self.text_of(SUBTITLE) or None

    @field
    def published(self) -> tuple[str, ...]:
        """Return the times of structured data, then the day printed."""
        printed = (one_line(span.root.text_content()) for span in self.css(INFO))
        given = (
            self.data.get("datePublished"),
            meta(self.selector, "article:published_time"),
            *filter(_DATE.match, printed),
        )
        return tuple(dict.fromkeys(date for date in given if isinstance(date, str) and date))

    @field
    def organization(self) -> str | None:
        """Return the ministry of the link to its news, or the speaker; never the footer's .ministry."""
        for link in self.css(MINISTRY):
            return ministry_of(link)
        for span in self.css(INFO):
            text = one_line(span.root.text_content())
            if text and not _DATE.match(text) and "hit" not in span.attrib.get("class", ""):
                return text
        return None

    @field
    def organization_code(self) -> str | None:
        """Return the repCode of the ministry's link."""
        return self.css(MINISTRY).re_first(REP_CODE)

    @field
    def body_html(self) -> str:
        """Return the article's own container without what the portal adds; empty for a viewer shell."""
        for container in self.css(BODY):
            body = without(container.root, FOREIGN)
            has_words = _LETTER.search(body.text_content()) or body.find(".//img") is not None
            return outer_html(body) if has_words else ""
        return ""

    @field
    def viewer_url(self) -> str | None:
        """Return the URL of the document viewer."""
        source = self.css(f"{VIEWER}::attr(src)").get()
        return joined(self.url, source) or None if source else None

    @field
    def attachments(self) -> tuple[Attachment, ...]:
        """List the files, each once: the site links every one three times (2026-10)."""
        return attachments_of(self.css(FILES))

    @field
    def kogl_type(self) -> int | None:
        """Return the number of the 공공누리 mark."""
        mark = self.css(LICENCE).css("img::attr(alt)").re_first(_KOGL_TYPE)
        return int(mark) if mark else None

    @field
    def kogl_text(self) -> str | None:
        """Return the sentence beside the mark."""
        for mark in self.css(LICENCE):
            parts = mark.css("span, :scope > strong")
            return one_line(" ".join(part.root.text_content() for part in parts)) or None
        return None


@shows(KOREA, "press")
class PressReleasePage(KoreaPage):
    """보도자료: usually a viewer shell with its document attached."""


@shows(KOREA, "policy")
class PolicyNewsPage(KoreaPage):
    """정책뉴스: body inline, with a subtitle and figures."""


@shows(KOREA, "actually")
class ActuallyPage(KoreaPage):
    """사실은 이렇습니다: a clarification, usually a viewer shell."""


@shows(KOREA, "briefing")
class BriefingPage(KoreaPage):
    """부처 브리핑: the stenographic transcript inline; downloads without tblKey."""


@shows(KOREA, "statecouncil")
class StateCouncilPage(KoreaPage):
    """국무회의: agenda lines inline, no ministry."""


@shows(KOREA, "speech")
class SpeechPage(KoreaPage):
    """연설문: text inline; the speaker stands where others have the ministry."""


@shows(KOREA, "visual")
class VisualNewsPage(KoreaPage):
    """카드뉴스: pictures; same template family, not seen whole."""


@shows(KOREA, "reporter")
class ReporterPage(KoreaPage):
    """국민이 말하는 정책: same template family, not seen whole."""


_SHOWN = ".//text()[not(parent::*[contains(concat(' ', normalize-space(@class), ' '), ' tooltip ')])]"
LONGEST_ID = 100  # characters of a file's id; nine digits so far


def ministry_of(link: Selector) -> str:
    """Read the name of a ministry from the link to its news, without the tooltip inside."""
    return one_line("".join(link.xpath(_SHOWN).getall()))


def attachments_of(containers: SelectorList[Selector]) -> tuple[Attachment, ...]:
    """List the files that parts of a page link, each once, in order; links without a name repeat others."""
    found: dict[str, Attachment] = {}
    for link in containers.css('a[href*="download.do"]:not(.down)'):
        file = _attachment(link)
        if file and file.name:
            found.setdefault(file.file_id, file)
    return tuple(found.values())


def _attachment(link: Selector) -> Attachment | None:
    """Read one download link; the name is its text, for Content-Disposition is often broken."""
    file_id = parameter(link.attrib["href"], "fileId")
    if not file_id or len(file_id) > LONGEST_ID:
        return None
    table = parameter(link.attrib["href"], "tblKey")
    name = one_line(link.root.text_content())
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    url = f"{KOREA_ROOT}/common/download.do?fileId={quote(file_id)}"
    url += f"&tblKey={quote(table)}" if table else ""
    return Attachment(file_id, name, url, format=suffix if suffix.isalnum() and len(suffix) <= 5 else None)


ALERT_PAGE_LENGTH = 8000  # bytes; a page that only alerts is a few lines
_ALERT = re.compile(r"""alert\(\s*["']([^"']*(?:삭제|존재하지 않|없는|없습니다)[^"']*)["']""")
_EMPTY_TITLE = re.compile(rb'class="view_title">\s*<h1>\s*</h1>')
_EMPTY_BODY = re.compile(rb'class="view_cont">\s*</div>')


def viewer_pages(viewer_url: str) -> str | None:
    """Return the folder of the pages behind a viewer URL: ``{rs}/{fn}.files`` (verified 2026-08-26)."""
    name, folder = parameter(viewer_url, "fn") or "", parameter(viewer_url, "rs") or ""
    return f"{KOREA_ROOT}{folder}/{name}.files" if name and folder.startswith("/docViewer/") else None


def absence(status: int, url: str, body: bytes) -> str | None:
    """Return how a response says that the article is not there, in one line; None when it does not.

    Known forms: 404 and 410; a redirect to the main page; a page that only alerts; the empty shell of a
    detail page. Anything else, an outage board above all, is no evidence.
    """
    if status in (404, 410):
        return f"http_{status}"
    if split(url).path in ("/", "/main.do"):
        return "redirected to the main page"
    if status != 200:
        return None
    if len(body) < ALERT_PAGE_LENGTH and (alert := _ALERT.search(_text(body))):
        return f"alert: {one_line(alert[1])}"
    if _EMPTY_TITLE.search(body) and _EMPTY_BODY.search(body):
        return "empty detail page"
    return None


def _text(body: bytes) -> str:
    try:
        return decoded(body)
    except InputError:
        return ""
