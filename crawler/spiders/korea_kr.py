"""korea.kr (정책브리핑): one-day windows of each section's list, then every article that is due."""

from __future__ import annotations

from collections.abc import AsyncIterator  # noqa: TC003  # scrapy-poet reads the annotations of callbacks
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from scrapy import FormRequest, Request
from scrapy.http import Response  # noqa: TC002  # as above

from archive.completeness.listed import days_read, listed_titles, vanished
from archive.errors import InputError, PageError, UnknownLayout
from archive.records import KOREA, Failure, Listing
from crawler.http.failures import FetchError, failure_of
from crawler.http.responses import capture_of, refusal_of
from crawler.items import DayList, Task
from crawler.pages.korea.articles import absence, viewer_pages
from crawler.pages.korea.lists_redesigned import LinksListPage
from crawler.pages.korea.viewer import mistaken_viewer_page, read_viewer_page
from crawler.providers import ListAnswer  # noqa: TC001  # as above
from crawler.revisit_policy import (
    days_due,
    failed_elsewhere,
    reason_to_fetch,
)
from crawler.sites.urls import KOREA_ROOT, canonical_url
from crawler.spiders.base import LIST_PRIORITY, ArticleSpider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twisted.python.failure import Failure as TwistedFailure

    from archive.records import Capture, ListPage
    from crawler.items import Visit
    from crawler.revisit_policy import Reason
    from crawler.sites.sections import Section
    from pipelines.blocks import Block

MOST_VIEWER_PAGES = 200
MOST_LIST_PAGES = 200  # of one section and day: 4,000 articles, where the fullest real day has some 200
MOST_BEGINNINGS = 2  # times that a list which changes under the reading is read again


class KoreaSpider(ArticleSpider):
    """Read lists day by day and fetch what is due.

    Domain: korea.kr. Lists are requested by GET with every field of the site's own form, one day at a
    time; where the response is not the page that was requested, by POST of the form, as the site's script
    does (both seen 2026-07 to 2026-10).
    """

    name = "korea_kr"
    site = KOREA
    allowed_domains: ClassVar[list[str]] = ["korea.kr"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post_only = False

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the first list page of every day that is due, then for what failed on other days."""
        days = list(self.days())
        for number, day in enumerate(days):
            yield self.list_request(day, 1, priority=LIST_PRIORITY - number)
        if self.job.wanted.since or self.job.wanted.until:
            return
        for section in self.sections():
            read = [day.day for day in days if day.section is section]
            for native_id in failed_elsewhere(
                self.store.archive.conn, KOREA, section.name, read, self.job.today
            ):
                if self.job.take():
                    yield self.request_for(self.task(section, native_id, "incomplete"))

    def sections(self) -> list[Section]:
        """Return the sections of this site that are wanted."""
        return [section for section in self.job.wanted.sections if section.site == KOREA]

    def days(self) -> Iterator[DayList]:
        """Yield the days due, all sections of a day together."""
        wanted = self.job.wanted
        due: dict[str, list[DayList]] = {}
        for section in self.sections():
            known = days_read(self.store.archive.conn, KOREA, section.name)
            for day in days_due(self.job.today, known, since=wanted.since, until=wanted.until):
                due.setdefault(day.isoformat(), []).append(DayList(section, day.isoformat()))
        for day_name in sorted(due, reverse=not wanted.oldest_first):
            self.job.tally["days_due"] += len(due[day_name])
            yield from due[day_name]

    # Lists

    def list_request(self, day: DayList, page: int, *, priority: int) -> Request:
        """Make the request for one page of a day's list."""
        url = KOREA_ROOT + day.section.list_path
        kwargs: dict[str, Any] = {
            "callback": self.parse_list,
            "errback": self.on_failed_list,
            "cb_kwargs": {"day": day, "number": page},
            "priority": priority,
            "dont_filter": True,  # as for articles
        }
        if day.by_post or (page > 1 and self.post_only):
            day.by_post = True
            return FormRequest(url, formdata=day.form(page), **kwargs)
        return Request(f"{url}?{urlencode(day.form(page))}", **kwargs)

    async def parse_list(
        self, response: Response, answer: ListAnswer, day: DayList, number: int
    ) -> AsyncIterator[Request]:
        """Read one list page, check it against the request, go on to the next page or the articles."""
        page, priority = answer.page, response.request.priority if response.request else LIST_PRIORITY
        capture = capture_of(response, "list", self.job.now(), page.layout_name)
        capture_id = self.store.record_capture(capture)
        if refusal := refusal_of(response):
            day.withdrawn = response.status in (404, 410)
            self.fail_list(day, response.url, refusal.kind, refusal.detail)
        else:
            try:
                shown = page.listing()
                day.check(shown, number)
            except UnknownLayout as error:
                self.fail_list(day, response.url, "layout", str(error))
                self.unrecognised(str(error), response.body)
            except PageError as error:
                if not day.by_post:
                    day.by_post = self.post_only = True
                    yield self.list_request(day, number, priority=priority)
                    return
                self.fail_list(day, response.url, "wrong_page", str(error))
                self.unrecognised(str(error), response.body)
            else:
                if isinstance(page, LinksListPage):
                    self.job.unrecognised.append(
                        f"{response.url}: the list has a new layout; its links were read"
                    )
                following = self.on_list(day, shown, capture_id, response.url)
                if following is not None:
                    yield self.list_request(day, following, priority=priority)
                    return
        for request in self.articles(day):
            yield request

    def on_list(self, day: DayList, shown: ListPage, capture_id: int, url: str) -> int | None:
        """Add the list page that was requested; return the number of the page to read next."""
        self.health.saw_known()
        if shown.items:
            self.store.alive.add((KOREA, day.section.name))
        misfit = day.add(shown, capture_id)
        if misfit and day.beginnings < MOST_BEGINNINGS:
            day.begin_again()
            return 1
        if misfit:
            self.fail_list(day, url, "wrong_page", misfit)
        elif day.detail is None:
            self.store.resolve_failure(url)
            self.store.resolve_failure(_failing_url(day))
        if shown.page >= shown.last_page:
            return None
        if shown.page >= MOST_LIST_PAGES:
            detail = f"the list has more than {MOST_LIST_PAGES} pages"
            self.fail_list(day, url, "endless", detail)
            self.job.unrecognised.append(f"{url}: {detail}")
            return None
        return shown.page + 1

    def fail_list(self, day: DayList, url: str, kind: str, detail: str) -> None:
        """Record a day's list that could not be read whole."""
        day.detail = detail
        self.job.record_failure(
            Failure(KOREA, _failing_url(day), kind, f"{detail} ({url})", self.job.now(), day.section.name)
        )

    async def on_failed_list(self, failure: TwistedFailure) -> AsyncIterator[Request]:
        """Record a list page that could not be fetched; what was listed before it is fetched all the same."""
        request = failure.request  # type: ignore[attr-defined]
        day: DayList = request.cb_kwargs["day"]
        error = failure_of(failure.value)
        if error.kind == "blocked":
            return
        self.fail_list(day, request.url, error.kind, error.detail)
        if error.kind == "layout":  # it led elsewhere
            self.unrecognised(error.detail)
        for follow in self.articles(day):
            yield follow

    # Articles of a day

    def articles(self, day: DayList) -> list[Request]:
        """Make the requests for a day's articles that are due; close the day when none is."""
        tasks = [task for task in self.tasks(day) if self.job.take()]
        day.pending = len(tasks)
        if not tasks:
            self.close_day(day)
        return [
            self.request_for(task, headers={"Referer": KOREA_ROOT + day.section.list_path}) for task in tasks
        ]

    def tasks(self, day: DayList) -> Iterator[Task]:
        """Yield the articles that are due: listed ones, and those that vanished from the list."""
        section = day.section
        conn, today = self.store.archive.conn, self.job.today
        held = self.store.held_many(KOREA, section.name, list(day.items))
        titles = listed_titles(conn, KOREA, section.name, day.day)
        for native_id, item in day.items.items():
            reason = reason_to_fetch(held.get(native_id), item, today, titles.get(native_id))
            if reason is not None and self.job.wanted.issued_by(item.organization):
                yield self.task(section, native_id, reason, day)
        if day.detail is None or day.withdrawn:
            for native_id in vanished(conn, KOREA, section.name, day.day, day.items):
                yield self.task(section, native_id, "vanished", day)

    def task(self, section: Section, native_id: str, reason: Reason, day: DayList | None = None) -> Task:
        """Make the task of one article."""
        return Task(
            section,
            native_id,
            canonical_url(KOREA, section.name, native_id),
            reason,
            item=day.items.get(native_id) if day else None,
            held=self.store.held(KOREA, section.name, native_id),
            day=day,
        )

    def done(self, task: Task) -> None:
        """Close the day with its last article."""
        if task.day is not None:
            task.day.pending -= 1
            if task.day.pending == 0:
                self.close_day(task.day)

    def close_day(self, day: DayList) -> None:
        """Write the listing, now that its articles are in or have a recorded failure."""
        self.store.record_listing(
            Listing(
                KOREA,
                day.section.name,
                day.day,
                day.total,
                tuple(day.items.values()),
                self.job.now(),
                read_whole=day.detail is None,
                detail=day.detail,
            )
        )
        self.job.tally["days"] += 1

    # Pages

    def absence(self, response: Response) -> str | None:
        """Recognise the forms in which korea.kr says that something is not there."""
        return absence(response.status, response.url, response.body)

    def is_listed(self, task: Task) -> bool:
        """Return whether the list of its day, read in this run, shows an article."""
        return task.item is not None

    def absent_from_list(self, task: Task) -> bool:  # noqa: ARG002  # the archive keeps these lists itself
        """Return False: the archive keeps every day's list and decides this itself."""
        return False

    async def fetch_viewer(self, url: str, visit: Visit) -> tuple[Block, ...]:
        """Fetch the pages behind the document viewer; what cannot be fetched is recorded, the rest kept.

        Where the site shows something of its own instead of pages, nothing is kept.
        """
        blocks: list[Block] = []
        captures: list[Capture] = []
        base = viewer_pages(url)
        if base is None:
            return ()
        for number in count(1):
            try:
                response = await self.fetch(f"{base}/{number}.html", referer=url)
            except FetchError as error:
                self.record_failure(visit.task, error, f"{base}/{number}.html")
                break
            if response.status != 200 or self.absence(response):
                break
            if number > MOST_VIEWER_PAGES:
                endless = FetchError("endless", f"the document has more than {MOST_VIEWER_PAGES} pages")
                self.record_failure(visit.task, endless, url)
                break
            before = captures[-1].content if captures else None
            if mistaken := mistaken_viewer_page(response.body, before, visit.observation.raw.title):
                self.record_failure(visit.task, FetchError("wrong_page", mistaken), response.url)
                return ()
            try:
                blocks.extend(read_viewer_page(response.body))
            except (InputError, PageError) as error:
                self.record_failure(visit.task, FetchError("encoding", str(error)), response.url)
                break
            captures.append(capture_of(response, "viewer", self.job.now(), "korea_kr/viewer-2026"))
        visit.captures += [("viewer", capture) for capture in captures]
        return tuple(blocks)


def _failing_url(day: DayList) -> str:
    """Return the URL under which failures of a day's list are recorded."""
    return f"{KOREA_ROOT}{day.section.list_path}?startDate={day.day}&endDate={day.day}"
