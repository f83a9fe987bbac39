"""Linking: after a run, relate its articles to those of the archive.

An article of newsdao.kr gets the article of korea.kr that it retells, joint releases and re-posts get each
other. Articles are read in spans of a month, so that memory stays bounded.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from archive.articles.relations import (
    days_since_version,
    last_version,
    mark_related,
    published_between,
    related_up_to,
    titled,
)
from archive.errors import InputError, reading
from archive.records import KOREA, NEWSDAO, Failure, Relation
from crawler.sites.urls import canonical_url
from pipelines.retellings import Candidate, Linker, headlines, joint_and_reposts
from pipelines.retellings.headlines import DAYS_AFTER, DAYS_BEFORE
from pipelines.retellings.releases import JOINT_DAYS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from archive.store import Store

RETOLD = ("policy", "actually", "press")
"""Sections of korea.kr whose articles newsdao.kr retells."""

_STRETCH = 31  # days read at once

Fresh = dict[tuple[str, str], set[str]]
Sparing: TypeAlias = "Callable[[Candidate], AbstractContextManager[None]]"


def relate(store: Store) -> int:
    """Link the articles with versions since the last time; return the number of relations found.

    A retelling that found no original is tried again whenever articles of its days arrive. Re-issues under a
    new id are not looked for here: the store proves them from the responses of the site. What a killed run
    left is done by the next.
    """
    conn = store.archive.conn
    done, last = related_up_to(conn), last_version(conn)
    if last == done:
        return 0
    fresh = _fresh(conn, done)
    found = 0
    sparing = partial(_sparing, store)
    for relations in (*_retellings(conn, fresh, sparing), *_releases(conn, fresh, sparing)):
        store.relate(relations)
        found += len(relations)
    with store.archive.transaction():
        mark_related(conn, last)
    return found


@contextmanager
def _sparing(store: Store, article: Candidate) -> Iterator[None]:
    """Record a failure of an article whose text trips the linker, and go on."""
    try:
        with reading("its text"):
            yield
    except InputError as error:
        url = canonical_url(article.site, article.section, article.native_id)
        key = (article.section, article.native_id)
        store.record_failure(Failure(article.site, url, "error", f"not related: {error}", store.now(), *key))


def _fresh(conn: sqlite3.Connection, done: int) -> Fresh:
    """Return, by site and section, the days of the articles whose versions came after one."""
    fresh: Fresh = {}
    for site, section, day in days_since_version(conn, done):
        fresh.setdefault((site, section), set()).add(day)
    return fresh


def _retellings(conn: sqlite3.Connection, fresh: Fresh, sparing: Sparing) -> Iterator[list[Relation]]:
    told = {day for (site, _), days in fresh.items() if site == NEWSDAO for day in days}
    arrived = {
        day for (site, name), days in fresh.items() if site == KOREA and name in RETOLD for day in days
    }
    for first, last in _stretches([*told, *_spread(arrived, DAYS_AFTER, DAYS_BEFORE)]):
        retellings = list(_candidates(conn, NEWSDAO, first, last, without_original=True))
        if not retellings:
            continue
        linker = Linker()
        for original in _candidates(conn, KOREA, *_wider(first, last, DAYS_BEFORE, DAYS_AFTER)):
            if original.section in RETOLD:
                with sparing(original):
                    linker.add(original)
        for original in _titled(conn, retellings):
            with sparing(original):
                linker.add(original)
        found = []
        for retelling in retellings:
            with sparing(retelling):
                if match := linker.link(retelling):
                    found.append(Relation("retells", retelling.id, match.id, match.score, match.reason))
        yield found


def _releases(conn: sqlite3.Connection, fresh: Fresh, sparing: Sparing) -> Iterator[list[Relation]]:
    for (site, section), days in fresh.items():
        for first, last in _stretches(days) if site == KOREA else ():
            articles = _candidates(conn, site, *_wider(first, last, JOINT_DAYS, JOINT_DAYS))
            found = joint_and_reposts(
                (article for article in articles if article.section == section), sparing
            )
            yield [relation for relation in found if relation.kind != "supersedes"]


def _candidates(
    conn: sqlite3.Connection, site: str, first: str, last: str, *, without_original: bool = False
) -> Iterator[Candidate]:
    """Read the articles of a site from one day to another."""
    rows = published_between(conn, site, first, _moved(last, 1), without_original=without_original)
    return map(_candidate, rows)


def _titled(conn: sqlite3.Connection, retellings: Sequence[Candidate]) -> Iterator[Candidate]:
    """Read the articles of any day with one of these headlines; a post may have the day of its upload."""
    titles = [title for retelling in retellings for title in headlines(retelling)]
    found = map(_candidate, titled(conn, KOREA, titles))
    return (original for original in found if original.section in RETOLD)


def _candidate(row: sqlite3.Row) -> Candidate:
    return Candidate(
        row["id"],
        row["site"],
        row["section"],
        row["title"],
        row["organization"],
        row["published_at"],
        row["body_text"],
        row["original_title"],
        bool(row["gone"]),
        row["native_id"],
    )


def _stretches(days: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Cover the days by spans of at most a month, none of which begins or ends on another day."""
    first = last = ""
    for day in sorted(set(days)):
        if first and day > _moved(first, _STRETCH - 1):
            yield first, last
            first = ""
        first, last = first or day, day
    if first:
        yield first, last


def _spread(days: Iterable[str], before: int, after: int) -> set[str]:
    return {_moved(day, by) for day in days for by in range(-before, after + 1)}


def _wider(first: str, last: str, before: int, after: int) -> tuple[str, str]:
    return _moved(first, -before), _moved(last, after)


def _moved(day: str, by: int) -> str:
    return (date.fromisoformat(day) + timedelta(by)).isoformat()
