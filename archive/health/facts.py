"""The facts that health is judged by: what each section listed in the last weeks, and what was read of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from datetime import date

WINDOW = timedelta(days=70)
"""How far back history reaches, before the day judged."""

RECENT = timedelta(days=7)
"""The days that are judged, up to the last one."""

MEASURED = 4
"""Of the older articles one in so many has its text measured, since measuring reads it whole."""

SECTIONS = "SELECT DISTINCT site, section FROM listings ORDER BY site, section"
ARTICLES = """
SELECT i.day, a.url, a.layout, a.body_source, a.organization IS NOT NULL, a.published_precision = 'minute',
  a.subtitle IS NOT NULL, a.kogl_type IS NOT NULL,
  coalesce(a.published_at >= i.day AND a.published_at < i.day || 'U', 0),
  (SELECT count(*) FROM contacts c WHERE c.article_id = a.id),
  (SELECT count(*) FROM attachments f WHERE f.article_id = a.id AND f.removed_at IS NULL),
  (SELECT count(*) FROM images g WHERE g.article_id = a.id),
  CASE WHEN i.day > :recent OR a.id % :measured = 0
    THEN (SELECT length(t.body_text) FROM article_texts t WHERE t.article_id = a.id) END
FROM listed_items i JOIN articles a USING (site, section, native_id)
WHERE i.site = :site AND i.section = :section AND i.day BETWEEN :first AND :last
  AND a.state IN ('live', 'gone')
"""
LISTINGS = """
SELECT day, found FROM listings
WHERE site = :site AND section = :section AND day BETWEEN :first AND :last AND read_whole
"""
MINISTRIES = """
SELECT organization, day, count(*) FROM listed_items
WHERE site = :site AND section = :section AND day BETWEEN :first AND :last AND organization IS NOT NULL
GROUP BY organization, day
"""
ENDED = """
SELECT name FROM organizations GROUP BY name HAVING count(valid_to) = count(*) AND max(valid_to) < ?
"""


class Fact(NamedTuple):
    """One article that a list showed, as far as health asks.

    Attributes:
        on_its_day: whether its page says the day under which it is listed.
        length: characters of its text; None where it was not measured.
    """

    day: str
    url: str
    layout: str
    body_source: str
    organization: bool
    time: bool
    subtitle: bool
    licence: bool
    on_its_day: bool
    contacts: int
    files: int
    images: int
    length: int | None


class Section(NamedTuple):
    """What one section showed in the weeks up to a day, that day included.

    Attributes:
        articles: those listed and held.
        listed: items by day, of lists that were read whole.
        ministries: items by ministry, then by day; a ministry that has ended under its name is left out.
    """

    site: str
    name: str
    articles: list[Fact]
    listed: dict[str, int]
    ministries: dict[str, dict[str, int]]


def sections(conn: sqlite3.Connection, last: date) -> Iterator[Section]:
    """Return what each section showed in the weeks up to a day; what is older costs nothing."""
    ended = {name for (name,) in conn.execute(ENDED, (last.isoformat(),))}
    for site, section in conn.execute(SECTIONS).fetchall():
        values = {
            "site": site,
            "section": section,
            "first": (last - WINDOW).isoformat(),
            "last": last.isoformat(),
            "recent": (last - RECENT).isoformat(),
            "measured": MEASURED,
        }
        ministries: dict[str, dict[str, int]] = {}
        for name, day, count in conn.execute(MINISTRIES, values):
            if name not in ended:
                ministries.setdefault(name, {})[day] = count
        articles = [Fact(*row) for row in conn.execute(ARTICLES, values)]
        yield Section(site, section, articles, dict(conn.execute(LISTINGS, values).fetchall()), ministries)
