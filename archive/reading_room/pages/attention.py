"""Attention: up to four topics compared over time, in counts and as shares of all that was published."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from archive.organizations import names_found_by
from archive.reading_room.rendering.charts import Chart, chart
from archive.reading_room.search.filters import DAY
from archive.search import parse, search_ko

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

TOPICS = 4
PERIODS = ("day", "month", "year")

MOST = 60  # periods in one chart; of more, the newest
LONGEST = 100  # characters of one topic

_PERIODS = """\
with periods (name, first, last) as (
  select value ->> 0, value ->> 1, value ->> 2 from json_each(:periods)
)
select name, (
  select count(*) from articles where published_at >= first and published_at < last || 'T24'{}
) as articles from periods"""

PUBLISHED = _PERIODS.format("")
MENTIONED = _PERIODS.format(
    "\n  and +id in (select rowid from articles_fts where articles_fts match search_ko(:query))"
)
"""The numbers of all articles, and of those of one topic: what the page shows as its SQL.

Each period is one range of an index; to group by a part of the date takes three times as long.
"""

_RARE = """\
select substr(a.published_at, 1, :digits), count(*) from articles_fts f join articles a on a.id = f.rowid
where f.articles_fts match :query and a.published_at >= :since and a.published_at < :until || 'T24'
group by 1"""
"""The same numbers of a topic of few articles: these alone are read."""

FEW = 4  # a topic is rare when at most one article in this many mentions it


@dataclass(frozen=True, slots=True)
class Period:
    """One period: its days, all articles of it, and those of each topic."""

    name: str
    first: str
    last: str
    published: int
    counts: tuple[int, ...]

    def share(self, topic: int) -> float:
        """Return the percentage of its articles that mention a topic, by the topic's index."""
        return round(100 * self.counts[topic] / self.published, 2) if self.published else 0.0


@dataclass(frozen=True, slots=True)
class Attention:
    """One comparison.

    Attributes:
        given: the four fields of the form, empty ones too.
        topics: those compared.
        empty: topics without a word that can be searched for.
        kind: day, month or year.
        cut: whether earlier periods are left out.
        counts, shares: the charts; None where nothing is compared.
    """

    given: tuple[str, ...]
    topics: tuple[str, ...]
    empty: tuple[str, ...]
    kind: str
    since: str
    until: str
    cut: bool
    periods: tuple[Period, ...]
    counts: Chart | None
    shares: Chart | None


def attention(conn: sqlite3.Connection, topics: Sequence[str], form: Mapping[str, str]) -> Attention:
    """Compare topics.

    Args:
        conn: a connection to an archive.
        topics: searches, as typed; the first four distinct ones count.
        form: ``by`` (day, month or year; otherwise chosen by the span); ``since`` and
            ``until``, days.

    Raises:
        ArchiveError: the index was made by another version of the tokenizer.
    """
    typed = list(dict.fromkeys(topic.strip()[:LONGEST] for topic in topics if topic.strip()))[:TOPICS]
    sought = [topic for topic in typed if parse(topic).groups]
    first, last = _span(conn)
    since = max(_day(form.get("since", "")) or first, first)
    until = min(_day(form.get("until", "")) or last, last)
    kind, names = _periods(form.get("by", ""), since, until)
    kept = names[-MOST:] if sought else []
    spans = [(name, max(_first(name), since), min(_last(name), until)) for name in kept]
    published = _counts(conn, PUBLISHED, spans)
    mentioned = [_mentioned(conn, spans, topic, sum(published)) for topic in sought] if spans else []
    periods = [
        Period(*span, published[at], tuple(one[at] for one in mentioned)) for at, span in enumerate(spans)
    ]
    by_count = {topic: [period.counts[at] for period in periods] for at, topic in enumerate(sought)}
    by_share = {topic: [period.share(at) for period in periods] for at, topic in enumerate(sought)}
    return Attention(
        (*typed, *[""] * (TOPICS - len(typed))),
        tuple(sought),
        tuple(topic for topic in typed if topic not in sought),
        kind,
        since,
        until,
        len(names) > len(kept) > 0,
        tuple(periods),
        chart(kept, by_count) if kept else None,
        chart(kept, by_share) if kept else None,
    )


def _counts(
    conn: sqlite3.Connection, sql: str, spans: Sequence[tuple[str, str, str]], query: str = ""
) -> list[int]:
    """Count the articles of each period (name, first day, last day); ``query`` is what search_ko returns."""
    values = {"periods": json.dumps(spans), "query": query}
    return [row[1] for row in conn.execute(sql.replace("search_ko(:query)", ":query"), values)]


def _mentioned(
    conn: sqlite3.Connection, spans: Sequence[tuple[str, str, str]], topic: str, published: int
) -> list[int]:
    """Count the articles of each period that mention a topic, in the way that reads the least."""
    query = search_ko(topic, partial(names_found_by, conn))
    (found,) = conn.execute(
        "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", (query,)
    ).fetchone()
    if found * FEW > published:
        return _counts(conn, MENTIONED, spans, query)
    values = {"digits": len(spans[0][0]), "query": query, "since": spans[0][1], "until": spans[-1][2]}
    counts = {row[0]: row[1] for row in conn.execute(_RARE, values)}
    return [counts.get(name, 0) for name, _first, _last in spans]


def _span(conn: sqlite3.Connection) -> tuple[str, str]:
    """Return the first and last day of publication; two empty strings for an empty archive."""
    (first,) = conn.execute("SELECT min(published_at) FROM articles WHERE published_at > ''").fetchone()
    (last,) = conn.execute("SELECT max(published_at) FROM articles").fetchone()
    return (first or "")[:10], (last or "")[:10]


def _day(text: str) -> str:
    """Return a valid day as it is, anything else as an empty string."""
    if not DAY.fullmatch(text):
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _periods(kind: str, since: str, until: str) -> tuple[str, list[str]]:
    """List the periods; unless named, their kind is chosen by the span."""
    if not since or since > until:
        return kind if kind in PERIODS else "month", []
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if kind not in PERIODS:
        kind = "day" if (last - first).days < MOST else "month" if months <= MOST else "year"
    if kind == "year":
        return kind, [str(year) for year in range(first.year, last.year + 1)]
    if kind == "month":
        start = first.year * 12 + first.month - 1
        return kind, [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(start, start + months)]
    return kind, [(first + timedelta(days=at)).isoformat() for at in range((last - first).days + 1)]


def _first(period: str) -> str:
    """Return the first day of a period."""
    return period + "-01-01"[len(period) - 4 :]


def _last(period: str) -> str:
    """Return the last day of a period; of a short month, one that sorts after its last."""
    return period + "-12-31"[len(period) - 4 :]


def statement(shown: Attention) -> str:
    """Return the SQL of a comparison with its parameters filled in."""
    periods = f"-- :periods = {json.dumps([(one.name, one.first, one.last) for one in shown.periods])}"
    topics = "\n".join(f"-- :query = {topic}" for topic in shown.topics)
    return f"{periods}\n{PUBLISHED};\n\n{topics}\n{MENTIONED};"
