"""The base of all page objects: one class per page layout, one field per fact.

A page object says what a page *says*, as printed; what it means is for the pipelines. Subclasses
give ``layout``, ``version`` and a property a field::

    @shows(KOREA, "press")
    class PressReleasePage(ArticlePage):
        layout_name = "korea_kr/detail-2026"

        @field
        def title(self) -> str:
            return self.text_of(".view_title h1")

Pages are registered by site and section, which :func:`crawler.sites.urls.identify` reads from any alias of an
URL. (web-poet's own ``handle_urls`` maps one URL pattern to one class; a section has several layouts.)

Everything is synchronous and works on bytes alone, so that crawling, re-extraction and inspection
read a page in the same way. (A field must not be named ``url``: selecting needs the page's own.)
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from lxml import etree
from parsel import Selector
from web_poet import WebPage, field
from web_poet.fields import item_from_fields_sync

from archive.errors import UnknownLayout, reading
from archive.records import Attachment, RawArticle
from archive.text.normalize import one_line
from crawler.pages.decoding import decoded, refuse_damaged
from crawler.pages.parts import emptied
from crawler.pages.selecting import Selection
from pipelines.clean import shallow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

    from parsel import SelectorList

Page = TypeVar("Page", bound="ArticlePage")

PAGES: dict[tuple[str, str], list[type[ArticlePage]]] = {}
"""Page objects by site and section, those of newer layouts first."""

_PARSED = ("html", "selector", "_selection", "data")  # properties that are the same in every layout


class ArticlePage(WebPage[RawArticle]):
    """One page that shows one article.

    Attributes:
        version: raised by one with every change of what the class extracts.
        layout_name: site and layout, e.g. ``korea_kr/detail-2026``.
        around: what surrounds the article (menus, sidebars): for each tag an attribute and its value. It
            is removed before anything is read: nine tenths of a page, which the parser and every selector
            would go through.
    """

    version: ClassVar[int] = 1
    layout_name: ClassVar[str] = "generic"
    around: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def sharing(self, other: ArticlePage | None) -> Self:
        """Take over what a page object of another layout has parsed of the same response."""
        if other is not None:
            shared = _PARSED if other.around == self.around else ("html",)
            vars(self).update((name, value) for name, value in vars(other).items() if name in shared)
        return self

    @cached_property
    def html(self) -> str:
        """The page as text; raises InputError where it is none."""
        return decoded(self.response.body, self.response.headers.get("Content-Type"))

    @cached_property
    def selector(self) -> Selector:
        """The page as a tree, parsed once."""
        html = shallow(emptied(self.html, self.around))
        selector = Selector(html, type="html", base_url=self.url)  # by itself it may guess JSON
        for part in list(selector.root.iter(*self.around)) if self.around else ():
            name, value = self.around[part.tag]
            if part.get(name) == value:
                part.drop_tree()
        return selector

    @cached_property
    def _selection(self) -> Selection:
        return Selection(self.selector)

    def css(self, query: str) -> SelectorList[Selector]:
        """Select elements of the page."""
        return self._selection.css(query)

    @reading("the page", UnknownLayout)
    def raw(self) -> RawArticle:
        """Read all fields; raises UnknownLayout or WrongPage where it is damaged or not of this layout."""
        return refuse_damaged(item_from_fields_sync(self, RawArticle))

    def release(self) -> None:
        """Drop what was parsed: its fields are read, and a tree takes ten times its page's memory."""
        for name in _PARSED:
            vars(self).pop(name, None)

    @property
    def recognised(self) -> bool:
        """Whether the page is of this layout; where it is not, the generic page object reads it."""
        return True

    @field
    def site(self) -> str:
        """Name the site."""
        raise NotImplementedError

    @field
    def section(self) -> str:
        """Name the section of the site."""
        raise NotImplementedError

    @field
    def native_id(self) -> str:
        """Return the site's id of the article."""
        raise NotImplementedError

    @field
    def canonical_url(self) -> str:
        """Return the one URL of the article."""
        raise NotImplementedError

    @field
    def title(self) -> str:
        """Return the headline as printed."""
        raise NotImplementedError

    @field
    def parser(self) -> str:
        """Name the class and its version."""
        return f"{type(self).__name__}/{self.version}"

    @field
    def layout(self) -> str:
        """Name the layout recognised."""
        return self.layout_name

    @field
    def subtitle(self) -> str | None:
        """Return the line under the headline."""
        return None

    @field
    def published(self) -> tuple[str, ...]:
        """Return every date printed, the most precise first."""
        return ()

    @field
    def organization(self) -> str | None:
        """Return the ministry, agency or speaker as printed."""
        return None

    @field
    def organization_code(self) -> str | None:
        """Return the site's code of the ministry."""
        return None

    @field
    def writer(self) -> str | None:
        """Return the writer as printed."""
        return None

    @field
    def presenter(self) -> str | None:
        """Return the person who gave the briefing."""
        return None

    @field
    def body_html(self) -> str:
        """Return the article's own container as served; empty for a viewer shell."""
        return ""

    @field
    def viewer_url(self) -> str | None:
        """Return the URL of the document viewer that shows the body."""
        return None

    @field
    def attachments(self) -> tuple[Attachment, ...]:
        """List the files linked, each once."""
        return ()

    @field
    def kogl_type(self) -> int | None:
        """Return the number of the 공공누리 licence mark."""
        return None

    @field
    def kogl_text(self) -> str | None:
        """Return the sentence of the licence mark."""
        return None

    @field
    def source_title(self) -> str | None:
        """Return the text of a 출처 link outside the body."""
        return None

    @field
    def source_url(self) -> str | None:
        """Return the URL of a 출처 link outside the body."""
        return None

    @field
    def modified_at(self) -> str | None:
        """Return the time of the last edit, which pages do not print."""
        return None

    @field
    def embargo_at(self) -> str | None:
        """Return the embargo, which pages do not print."""
        return None

    @field
    def revision(self) -> int | None:
        """Return the site's number of the revision, which pages do not print."""
        return None

    @field
    def post(self) -> str | None:
        """Return what a post says beside its text, as JSON; None for a page."""
        return None

    def text_of(self, css: str) -> str | None:
        """Return the text of the first element that a selector finds, white space folded; None where none."""
        for found in self.css(css):
            return one_line(found.root.text_content())
        return None


def shows(site: str, section: str) -> Callable[[type[Page]], type[Page]]:
    """Register a page object for the articles of one section; the newest layout is to be declared first."""

    def register(page: type[Page]) -> type[Page]:
        PAGES.setdefault((site, section), []).append(page)
        return page

    return register


def outer_html(element: Any) -> str:
    """Write an lxml element, without the text after it."""
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))
