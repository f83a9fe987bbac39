"""Linking: after a run, relate its articles to those of the archive.

An article of newsdao.kr gets the article of korea.kr that it retells, joint releases and re-posts get each
other. Articles are read in spans of a month, so that memory stays bounded, by their sketches.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import astuple
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from archive.articles.relations import (
    changed_since_version,
    last_version,
    mark_related,
    published_between,
    read_texts,
    related_up_to,
    text_of,
    titled,
    use_version,
    write_sketches,
)
from archive.errors import InputError, reading
from archive.records import KOREA, NEWSDAO, Failure, Relation
from crawler.sites.urls import canonical_url
from pipelines.retellings import (
    SKETCH_VERSION,
    Candidate,
    Linker,
    Sketch,
    headlines,
    joint_and_reposts,
    sketch,
)
from pipelines.retellings.headlines import DAYS_AFTER, DAYS_BEFORE
from pipelines.retellings.releases import JOINT_DAYS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from archive.store import Store

RETOLD = ("policy", "actually", "press")
"""Sections of korea.kr whose articles newsdao.kr retells."""

RETELLING = ("article",)
"""Sections of newsdao.kr."""

_STRETCH = 31  # days read at once

Fresh = dict[tuple[str, str], dict[int, str]]


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
    with store.archive.transaction():
        use_version(conn, SKETCH_VERSION)
    fresh: Fresh = {}
    for id_, site, section, day in changed_since_version(conn, done):
        fresh.setdefault((site, section), {})[id_] = day
    found = 0
    for relations in (*_retellings(store, fresh), *_releases(store, fresh)):
        store.relate(relations)
        found += len(relations)
    with store.archive.transaction():
        mark_related(conn, last)
    return found


@contextmanager
def _isolated(store: Store, site: str, section: str, native_id: str) -> Iterator[None]:
    """Record a failure of an article whose text the linker fails on, and go on."""
    try:
        with reading("its text"):
            yield
    except InputError as error:
        url = canonical_url(site, section, native_id)
        key = (section, native_id)
        store.record_failure(Failure(site, url, "error", f"not related: {error}", store.now(), *key))


def _sparing(store: Store, article: Candidate) -> AbstractContextManager[None]:
    return _isolated(store, article.site, article.section, article.native_id)


def _retellings(store: Store, fresh: Fresh) -> Iterator[list[Relation]]:
    told = {day for (site, _), days in fresh.items() if site == NEWSDAO for day in days.values()}
    arrived = {
        day
        for (site, name), days in fresh.items()
        if site == KOREA and name in RETOLD
        for day in days.values()
    }
    for first, last in _spans([*told, *_spread(arrived, DAYS_AFTER, DAYS_BEFORE)]):
        retellings = _published(store, NEWSDAO, RETELLING, first, last, without_original=True)
        if not retellings:
            continue
        linker = Linker()
        originals = _published(store, KOREA, RETOLD, *_wider(first, last, DAYS_BEFORE, DAYS_AFTER))
        for original in (*originals, *_titled(store, retellings)):
            with _sparing(store, original):
                linker.add(original)
        linker.prepare(retellings)
        found = []
        for retelling in retellings:
            with _sparing(store, retelling):
                if match := linker.link(retelling):
                    found.append(Relation("retells", retelling.id, match.id, match.score, match.reason))
        yield found


def _releases(store: Store, fresh: Fresh) -> Iterator[list[Relation]]:
    conn = store.archive.conn
    for (site, section), days in fresh.items():
        for first, last in _spans(days.values()) if site == KOREA else ():
            articles = _published(store, site, (section,), *_wider(first, last, JOINT_DAYS, JOINT_DAYS))
            found = joint_and_reposts(
                articles,
                partial(_sparing, store),
                fresh=days,
                text_of=lambda article: text_of(conn, article.id),
            )
            yield [relation for relation in found if relation.kind != "supersedes"]


def _published(
    store: Store,
    site: str,
    sections: Sequence[str],
    first: str,
    last: str,
    *,
    without_original: bool = False,
) -> list[Candidate]:
    """Read the articles of some sections from one day to another."""
    conn, before = store.archive.conn, _moved(last, 1)
    rows = published_between(conn, site, sections, first, before, without_original=without_original)
    return _candidates(store, rows)


def _titled(store: Store, retellings: Sequence[Candidate]) -> list[Candidate]:
    """Read the articles of any day with one of these headlines; a post may have the day of its upload."""
    titles = [title for retelling in retellings for title in headlines(retelling)]
    found = titled(store.archive.conn, KOREA, titles)
    return _candidates(store, [row for row in found if row["section"] in RETOLD])


def _candidates(store: Store, rows: Iterable[sqlite3.Row]) -> list[Candidate]:
    """Make candidates of rows; an article without a sketch gets one, unless that fails on its text."""
    rows = list(rows)
    made = _sketched(store, [row["id"] for row in rows if row["headline"] is None])
    return [
        Candidate(
            row["id"],
            row["site"],
            row["section"],
            row["title"],
            row["organization"],
            row["published_at"],
            made.get(row["id"]) or Sketch(row["headline"], row["bands"], row["terms"], row["lead"]),
            original_title=row["original_title"],
            gone=bool(row["gone"]),
            native_id=row["native_id"],
        )
        for row in rows
        if row["headline"] is not None or row["id"] in made
    ]


def _sketched(store: Store, article_ids: Sequence[int]) -> dict[int, Sketch]:
    """Sketch articles and keep the sketches."""
    made: dict[int, Sketch] = {}
    if not article_ids:
        return made
    with store.archive.transaction():
        for row in read_texts(store.archive.conn, article_ids):
            with _isolated(store, row["site"], row["section"], row["native_id"]):
                made[row["id"]] = sketch(row["title"], row["body_text"])
        write_sketches(store.archive.conn, ((id_, *astuple(one)) for id_, one in made.items()))
    return made


def _spans(days: Iterable[str]) -> Iterator[tuple[str, str]]:
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
