"""Measure the judgement of health: false alarms in a year without fault, and how soon a breakage is found.

The year is made up: sections of the size and rhythm that korea.kr and newsdao.kr had from May to July 2026
(press 95 releases a working day, 6 on Saturdays, 20 on Sundays and holidays), fifty ministries, each with
its own habits.

    python benchmarks/health.py            # a year, every breakage on four days
    python benchmarks/health.py --days 30  # a month
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archive.database import Archive
from archive.health.calendar import DayKind, day_kind
from archive.health.facts import WINDOW
from archive.health.findings import findings

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

FIRST = date(2026, 1, 1)
MINISTRIES = 50
WORKING_DAYS = (5, 11, 18, 21)  # after the first weeks, on which breakages begin


class Shape(NamedTuple):
    """How much a section publishes, on working days, Saturdays and days off, and how its articles look."""

    site: str
    section: str
    volume: tuple[float, float, float]
    spread: float
    contacts: float
    files: float
    images: float
    subtitle: float
    source: str


SHAPES = (
    Shape("korea.kr", "press", (95, 6, 20), 0.2, 0.8, 0.98, 0.1, 0.6, "attachment"),
    Shape("korea.kr", "policy", (13, 3, 2.6), 0.15, 0.8, 0.1, 0.9, 0.7, "inline"),
    Shape("korea.kr", "actually", (2.6, 0.2, 0.2), 0.4, 0.9, 0.6, 0.1, 0.1, "inline"),
    Shape("korea.kr", "briefing", (1.8, 0, 0), 0.3, 0.3, 0.5, 0.3, 0.1, "inline"),
    Shape("korea.kr", "speech", (0.7, 0.3, 0.3), 0.3, 0.05, 0.2, 0.5, 0.2, "inline"),
    Shape("newsdao.kr", "article", (12.3, 12.3, 12), 0.1, 0.7, 0.0, 0.9, 0.0, "inline"),
)
KINDS = list(DayKind)


def build(conn: sqlite3.Connection, days: int, seed: int = 1) -> None:
    """Write so many days of articles, lists, contacts, files and pictures, rows only."""
    rng = random.Random(seed)  # noqa: S311  # a made-up world
    weights = [1 / (rank + 2) for rank in range(MINISTRIES)]
    habits = [min(max(rng.gauss(0, 0.15), -0.2), 0.2) for _ in range(MINISTRIES)]
    number = 0
    for day in (FIRST + timedelta(days=n) for n in range(days)):
        for shape in SHAPES:
            mean = shape.volume[KINDS.index(day_kind(day))]
            count = max(round(rng.gauss(mean, max(shape.spread * mean, mean**0.5))), 0)
            _list(conn, shape, day, count)
            for ministry in rng.choices(range(MINISTRIES), weights, k=count):
                number += 1
                _article(conn, rng, shape, day, number, ministry, habits[ministry])


def _list(conn: sqlite3.Connection, shape: Shape, day: date, count: int) -> None:
    conn.execute(
        "INSERT INTO listings (site, section, day, total, read_whole, found, archived, failed, complete,"
        " checked_at) VALUES (?, ?, ?, ?, 1, ?, ?, 0, 1, ?)",
        (shape.site, shape.section, day.isoformat(), count, count, count, f"{day}T22:00:00+09:00"),
    )


def _article(
    conn: sqlite3.Connection,
    rng: random.Random,
    shape: Shape,
    day: date,
    number: int,
    ministry: int,
    habit: float,
) -> None:
    def has(share: float) -> bool:
        return rng.random() < min(max(share + (habit if 0 < share < 0.97 else 0), 0), 1)

    at, name = f"{day}T10:00:00+09:00", f"가나{ministry:02}부"
    conn.execute(
        "INSERT INTO articles (id, site, section, native_id, url, title, subtitle, published_at,"
        " published_precision, organization, body_source, kogl_type, fingerprint, first_seen_at, changed_at,"
        " checked_at, layout, parser) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, '')",
        (
            number, shape.site, shape.section, str(number), f"https://www.{shape.site}/{shape.section}/{number}",
            f"{name} 소식 {number}", "부제" if has(shape.subtitle) else None, at,
            "minute" if rng.random() < 0.99 else "day", name if rng.random() < 0.995 else None,
            shape.source if rng.random() < 0.97 else "lead", 1 if rng.random() < 0.99 else None, at, at, at,
            f"{shape.section}_page",
        ),
    )  # fmt: skip
    text = "가" * max(int(rng.lognormvariate(7, 0.6)), 80)
    conn.execute("INSERT INTO article_texts (article_id, body_text) VALUES (?, ?)", (number, text))
    conn.execute(
        "INSERT INTO listed_items (site, section, native_id, day, title, organization, first_listed_at,"
        " last_listed_at) VALUES (?, ?, ?, ?, '', ?, ?, ?)",
        (shape.site, shape.section, str(number), day.isoformat(), name, at, at),
    )
    for position in range(1 + int(has(0.7)) if has(shape.contacts) else 0):
        conn.execute(
            "INSERT INTO contacts (article_id, position, department, evidence, evidence_start)"
            " VALUES (?, ?, '과', '', 0)",
            (number, position),
        )
    for position in range(1 + int(has(0.8)) if has(shape.files) else 0):
        conn.execute(
            "INSERT INTO attachments (article_id, position, file_id, name, url, state)"
            " VALUES (?, ?, ?, '', '', 'text')",
            (number, position, f"{number}-{position}"),
        )
    if has(shape.images):
        conn.execute("INSERT INTO images (article_id, position, url) VALUES (?, 1, '')", (number,))


FROM = "SELECT a.id FROM articles a JOIN listed_items i USING (site, section, native_id) WHERE i.day >= :day"
PRESS, POLICY, NEWS = (f"id IN ({FROM} AND section = '{name}')" for name in ("press", "policy", "article"))


def _article_rows(table: str, where: str) -> str:
    return f"DELETE FROM {table} WHERE article_id IN (SELECT id FROM articles WHERE {where})"


def _fewer(section: str, kept: str) -> tuple[str, ...]:
    of = f"section = '{section}' AND day >= :day"
    return (
        f"DELETE FROM listed_items WHERE {of} AND NOT ({kept})",
        (
            "UPDATE listings SET found = (SELECT count(*) FROM listed_items i"
            " WHERE (i.site, i.section, i.day)"
            f" = (listings.site, listings.section, listings.day)) WHERE {of}"
        ),
    )


BREAKAGES: dict[str, tuple[str, ...]] = {
    "press: ministry lost": (f"UPDATE articles SET organization = NULL WHERE {PRESS}",),
    "press: contacts lost": (_article_rows("contacts", PRESS),),
    "press: only the first contact read": (_article_rows("contacts", PRESS) + " AND position > 0",),
    "press: files lost": (_article_rows("attachments", PRESS),),
    "press: only the first file read": (_article_rows("attachments", PRESS) + " AND position > 0",),
    "press: text from the list alone": (f"UPDATE articles SET body_source = 'lead' WHERE {PRESS}",),
    "press: subtitle lost": (f"UPDATE articles SET subtitle = NULL WHERE {PRESS}",),
    "press: time lost": (f"UPDATE articles SET published_precision = 'day' WHERE {PRESS}",),
    "press: date lost": (f"UPDATE articles SET published_at = NULL WHERE {PRESS}",),
    "press: dates a day late": (
        f"UPDATE articles SET published_at = date(published_at, '+1 day') WHERE {PRESS}",
    ),
    "press: licence lost": (f"UPDATE articles SET kogl_type = NULL WHERE {PRESS}",),
    "press: texts cut": (
        "UPDATE article_texts SET body_text = substr(body_text, 1, length(body_text) / 3) WHERE article_"
        + PRESS,
    ),
    "press: sidebar taken for text": (
        "UPDATE article_texts SET body_text = body_text || printf('%.3000c', '나') WHERE article_" + PRESS,
    ),
    "press: silent": _fewer("press", "0"),
    "policy: silent": _fewer("policy", "0"),
    "policy: no text": (f"UPDATE articles SET body_source = 'none' WHERE {POLICY}",),
    "policy: read as a page unknown": (f"UPDATE articles SET layout = 'generic' WHERE {POLICY}",),
    "policy: pictures lost": (_article_rows("images", POLICY),),
    "policy: contacts lost": (_article_rows("contacts", POLICY),),
    "newsdao: silent": _fewer("article", "0"),
    "newsdao: no text": (f"UPDATE articles SET body_source = 'none' WHERE {NEWS}",),
    "press: a large ministry silent": _fewer("press", "coalesce(organization, '') <> '가나00부'"),
    "press: a mid-sized ministry silent": _fewer("press", "coalesce(organization, '') <> '가나05부'"),
}


def alarms(conn: sqlite3.Connection, days: int) -> Iterator[tuple[date, list[str]]]:
    """Judge each day of a year without fault, in the evening, and report the days with findings."""
    for number in range(days):
        day = FIRST + WINDOW + timedelta(days=number)
        found = [finding.text for finding in findings(conn, day)]
        if found:
            yield day, found


def days_until_found(conn: sqlite3.Connection, breakage: str, day: date, most: int = 7) -> int | None:
    """Break something from a day on; return after how many days it is found, 0 for the same evening."""
    for later in range(most):
        evening = day + timedelta(days=later)
        usual = _kinds(conn, evening)
        conn.execute("BEGIN")
        for statement in BREAKAGES[breakage]:
            conn.execute(statement, {"day": day.isoformat()})
        broken = _kinds(conn, evening)
        conn.execute("ROLLBACK")
        if broken - usual:
            return later
    return None


def _kinds(conn: sqlite3.Connection, day: date) -> set[str]:
    """Return what is found on a day, without its figures."""
    texts = (f"{finding.site} {finding.section} {finding.what}" for finding in findings(conn, day))
    return {"".join(character for character in text if not character.isdigit()) for text in texts}


def main() -> None:
    """Print false alarms by quarter, and for each breakage after how many days it is found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=int, default=365, help="days without fault that are judged")
    parser.add_argument("--seed", type=int, default=1, help="of the made-up world")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Archive.create_or_open(Path(folder) / "a.db") as archive:
        conn = archive.conn
        conn.execute("BEGIN")
        build(conn, WINDOW.days + options.days + 30, options.seed)
        conn.execute("COMMIT")
        began = time.process_time()
        false = list(alarms(conn, options.days))
        each = (time.process_time() - began) / options.days * 1000
        print(
            f"{len(false)} days of {options.days} with a false alarm; {each:.0f} ms of processor time a day"
        )
        print(dict(sorted(Counter(f"{day.year} Q{(day.month + 2) // 3}" for day, _ in false).items())))
        for day, texts in false:
            print(f"  {day} {texts[0]}")
        starts = [
            FIRST + WINDOW + timedelta(days=number) for number in (5, 11, 18, 21)
        ]  # Tuesday, Mondays, Thursday
        for breakage in BREAKAGES:
            print(
                f"{breakage:40} found after days: {[days_until_found(conn, breakage, day) for day in starts]}"
            )


if __name__ == "__main__":
    main()
