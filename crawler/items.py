"""The items of a crawl: a day's list, an article to fetch, a visit, and the article built of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.errors import WrongPage
from crawler.sites.sections import FORM_FIELDS
from crawler.sites.urls import Identity

if TYPE_CHECKING:
    from archive.articles.held import HeldArticle
    from archive.records import Article, Capture, ListItem, ListPage
    from crawler.revisit_policy import Reason
    from crawler.sites.sections import Section
    from pipelines.observation import Observation


@dataclass(slots=True)
class DayList:
    """One section and day whose list is being read, page after page, and whose articles are then fetched.

    Attributes:
        day: YYYY-MM-DD.
        by_post: whether its pages are requested by POST, as the site's own script does.
        items: what was listed so far, by id.
        captures: the capture that shows each item.
        total: the site's own count.
        beginnings: how often its list was read from the start again, because it changed meanwhile.
        pending: articles of the day still under way; the listing is written when none is.
        detail: why the list could not be read whole.
        withdrawn: whether the list itself is gone (404, 410).
    """

    section: Section
    day: str
    by_post: bool = False
    items: dict[str, ListItem] = field(default_factory=dict)
    captures: dict[str, int] = field(default_factory=dict)
    total: int | None = None
    beginnings: int = 0
    pending: int = 0
    detail: str | None = None
    withdrawn: bool = False

    def form(self, page: int) -> dict[str, str]:
        """Return the full parameter set for one page of this day."""
        values = dict.fromkeys((*FORM_FIELDS, *self.section.extra_fields), "")
        return values | {
            "pageIndex": str(page),
            "startDate": self.day,
            "endDate": self.day,
            "period": "direct",
        }

    def check(self, shown: ListPage, page: int) -> None:
        """Check a list page against the request; raises WrongPage for another page or window."""
        if shown.page != page:
            raise WrongPage(f"asked for page {page} of {self.day}, got page {shown.page}")
        if shown.start and shown.end and (shown.start, shown.end) != (self.day, self.day):
            raise WrongPage(f"asked for {self.day}, got {shown.start} to {shown.end}")
        days = {(item.published or self.day)[:10].replace(".", "-") for item in shown.items}
        if days and self.day not in days:  # one that is dated otherwise is listed here all the same
            raise WrongPage(f"asked for {self.day}, got articles of {', '.join(sorted(days))}")
        known = self.items.keys() & {item.native_id for item in shown.items}
        if shown.items and len(known) == len(shown.items):
            raise WrongPage(f"page {page} of {self.day} repeats the pages before it")

    def add(self, shown: ListPage, capture_id: int) -> str | None:
        """Add one page; return what does not fit together, if anything.

        An article added or removed while a list is read moves others from one page to another:
        the count changes, or at the end differs from what was found.
        """
        changed = self.total not in (None, shown.total)
        self.total = shown.total
        for item in shown.items:
            self.items.setdefault(item.native_id, item)
            self.captures.setdefault(item.native_id, capture_id)
        if changed:
            return "the list changed while it was read"
        if shown.page >= shown.last_page and self.total not in (None, len(self.items)):
            return f"the site counts {self.total} articles and lists {len(self.items)}"
        return None

    def begin_again(self) -> None:
        """Forget what was read, to read the list again."""
        self.items, self.captures, self.total = {}, {}, None
        self.beginnings += 1


@dataclass(slots=True)
class Task:
    """One article to fetch.

    Attributes:
        url: its canonical URL.
        reason: why it is fetched.
        item: how the list shows it; None where no list does.
        held: what the archive holds of it.
        day: the day's list that it belongs to.
    """

    section: Section
    native_id: str
    url: str
    reason: Reason
    item: ListItem | None = None
    held: HeldArticle | None = None
    day: DayList | None = None

    @property
    def identity(self) -> Identity:
        """Which article of which site it is."""
        return Identity(self.section.site, self.section.name, self.native_id)


@dataclass(slots=True)
class Visit:
    """One article fetched with all that belongs to it: the item of the pipelines.

    Attributes:
        observation: what was seen of the article.
        capture: the page itself.
        captures: everything else that was fetched, each with its role.
        urls: the URLs under which the article was met.
    """

    task: Task
    observation: Observation
    capture: Capture
    captures: list[tuple[str, Capture]] = field(default_factory=list)
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """A visit, and the article that was built of it."""

    visit: Visit
    article: Article
