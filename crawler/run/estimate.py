"""How much a crawl would ask for, from what the archive holds and what the sections usually publish."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from archive.completeness.listed import days_read
from archive.records import KOREA
from crawler.revisit_policy import days_due

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from crawler.run.scope import Wanted
    from crawler.sites.sections import Section


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a crawl would take.

    Attributes:
        days: lists to read, one a section and day.
        articles: articles to fetch.
        requests: requests in all.
    """

    days: int
    articles: int
    requests: int


def estimate(conn: sqlite3.Connection | None, wanted: Wanted, today: date) -> Estimate:
    """Estimate a crawl; articles that the archive holds and days it has read are not counted.

    Args:
        conn: the archive; None when there is none yet.
        wanted: what is requested.
        today: the day of the run.
    """
    days = articles = requests = 0
    for section in wanted.sections:
        known = days_read(conn, section.site, section.name) if conn else {}
        due = days_due(today, known, since=wanted.since, until=wanted.until)
        new = sum(section.per_day for day in due if day not in known or not known[day].complete)
        days += len(due)
        articles += round(new)
        requests += round(new * (1 + section.files_each)) + _list_requests(section, len(due))
    if wanted.limit is not None and articles > wanted.limit:
        requests -= round((articles - wanted.limit) * requests / (articles + days))
        articles = wanted.limit
    return Estimate(days, articles, requests)


def _list_requests(section: Section, days: int) -> int:
    if section.site == KOREA:
        return days * max(1, ceil(section.per_day / section.per_page))
    return 12  # sitemaps, home and category lists
