"""Measure the reading room: processor time and size of every kind of page, on a large archive.

Builds an archive of made-up articles by 50 ministries over 2,000 days (texts and index as search.py makes
them; contacts, files, captures, edits, deletions and lists beside them) and requests pages from the
server inside this process, so that the time of the processor is that of the server.

    python benchmarks/rooms.py 100000
    python benchmarks/rooms.py 100000 --keep /var/tmp   # builds the archive once, then only times it
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx
from search import NOUNS, build, made_up, write_in_bulk

from archive.browse.server import datasette_for
from archive.browse.site import Site
from archive.database import Archive
from archive.organizations import write_organizations
from pipelines import organizations

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

MINISTRIES = 50
UNITS = 40  # of one ministry
SECTIONS = ("press",) * 14 + ("policy",) * 3 + ("actually", "briefing", "speech")
SEEN = "2026-01-02T09:00:00+09:00"
FAMILY, GIVEN = "김이박최정강조윤장임한오서신권황안송류홍", "민서지현우수영진호준성은하재동경미혜정원"
EDITED, GONE = 50, 400  # one article in so many was edited, deleted

BOUNDS = {
    "front": ("/", 100),
    "search": ("/search?q=" + quote("폭염 대책"), 80),
    "search, one common word": ("/search?q=" + quote("경제"), 80),
    "search, narrowed": ("/search?q=" + quote("수출") + "&ministry={ministry}&since=2025-01-01", 80),
    "search, newest": ("/search?sort=new", 80),
    "article": ("/a/korea.kr/{section}/{native_id}", 30),
    "history": ("/a/korea.kr/{section}/{native_id}/history", 30),
    "ministry": ("/ministry/{ministry}", 100),
    "directory": ("/directory", 100),
    "directory, a unit": ("/directory?q=" + quote("정책3과"), 100),
    "directory, a number": ("/directory?q={number}", 100),
    "directory, a person": ("/directory?q={person}", 100),
    "coverage": ("/coverage", 100),
    "edits": ("/edits", 100),
    "attention": ("/attention?q=" + quote("폭염") + "&q=" + quote("한파"), 100),
}
"""Kind of page, its URL and the milliseconds of processor time that it may take at 100,000 articles."""

OPERATORS = frozenset({"directory, a number", "directory, a person"})
"""Kinds of pages that a public server refuses."""


def furnish(path: Path) -> None:
    """Add to the articles what those of real archives have: ministries, contacts, files, versions."""
    with Archive.create_or_open(path) as archive:
        write_in_bulk(archive.conn)
        with archive.transaction():
            _furnish(archive.conn)


def _furnish(conn: sqlite3.Connection) -> None:
    rng = random.Random(7)  # noqa: S311  # made-up names, not secrets
    write_organizations(conn, organizations.load())
    rows = conn.execute(
        "SELECT id, name FROM organizations WHERE valid_to IS NULL ORDER BY id LIMIT ?", (MINISTRIES,)
    )
    ministries = [tuple(row) for row in rows]
    weights = [1 / (rank + 2) for rank in range(len(ministries))]
    articles = [row[0] for row in conn.execute("SELECT id FROM articles")]
    conn.execute("INSERT INTO runs (id, command, started_at, version) VALUES (1, 'crawl', ?, '')", (SEEN,))
    _describe(conn, [(one, *rng.choices(ministries, weights)[0]) for one in articles], rng)
    _evidence(conn)
    _contacts(conn, rng)
    _changes(conn)
    _lists(conn)
    conn.execute("UPDATE runs SET ended_at = started_at, outcome = 'finished', exit_code = 0")


def _describe(conn: sqlite3.Connection, articles: list[tuple[int, int, str]], rng: random.Random) -> None:
    conn.executemany(
        "UPDATE articles SET section = ?, organization_id = ?, organization = ?, kogl_type = ? WHERE id = ?",
        (
            (rng.choice(SECTIONS), ministry, name, rng.choice((1, 1, 1, 2, 4)), one)
            for one, ministry, name in articles
        ),
    )
    conn.execute(
        "UPDATE articles SET first_seen_at = :at, changed_at = :at, checked_at = :at, checks = 3",
        {"at": SEEN},
    )
    conn.execute(
        "UPDATE article_texts SET body_html = '<p>' || replace(body_text, char(10, 10), '</p><p>') || '</p>'"
    )


def _evidence(conn: sqlite3.Connection) -> None:
    """Insert a capture and a file for every article; the bytes of neither are kept."""
    conn.execute(
        "INSERT INTO bodies (sha256, size, codec) SELECT printf('%064x', id), 150000, 'hash' FROM articles"
    )
    conn.execute(
        "INSERT INTO captures (id, run_id, kind, url, status, headers, fetched_at, body_sha256)"
        " SELECT id, 1, 'detail', url, 200, '[]', ?, printf('%064x', id) FROM articles",
        (SEEN,),
    )
    conn.execute("UPDATE articles SET capture_id = id")
    conn.execute(
        "INSERT INTO article_captures (article_id, role, capture_id) SELECT id, 'detail', id FROM articles"
    )
    conn.execute(
        "INSERT INTO attachments (article_id, position, file_id, name, url, format, state, size, sha256)"
        " SELECT id, 1, 'f' || id, '보도자료.hwpx', 'https://www.korea.kr/f?fileId=' || id, 'hwpx', 'text',"
        " 80000, printf('%064x', id) FROM articles"
    )


def _contacts(conn: sqlite3.Connection, rng: random.Random) -> None:
    """Insert three contacts for every article: a head, an official, and the unit itself."""
    people = ["".join((rng.choice(FAMILY), rng.choice(GIVEN), rng.choice(GIVEN))) for _ in range(8_000)]
    contacts, points = [], []
    for article, ministry, name in conn.execute("SELECT id, organization_id, organization FROM articles"):
        unit = rng.randrange(UNITS)
        department = f"{NOUNS[unit * 3]}정책{unit % 9}과"
        for position, rank in ((1, "과장"), (2, "사무관"), (3, None)):
            number = len(contacts) + 1
            person = (
                people[(ministry * 101 + unit * 7 + position + rng.randrange(3)) % 8_000] if rank else None
            )
            printed = f"044-{200 + ministry % 20}-{1000 + unit * 20 + position}"
            contacts.append(
                (number, article, position, name, ministry, "printed", department, person, rank, printed)
            )
            points.append((number, "phone", printed, "+82" + printed.replace("-", "")[1:]))
            if position == 2:
                points.append((number, "email", f"u{ministry}x{unit}@korea.kr", None))
    conn.executemany(
        "INSERT INTO contacts (id, article_id, position, organization, organization_id, organization_by,"
        " department, person, rank, evidence, evidence_start) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        contacts,
    )
    conn.executemany(
        "INSERT INTO contact_points (contact_id, kind, printed, e164) VALUES (?, ?, ?, ?)", points
    )


def _changes(conn: sqlite3.Connection) -> None:
    """Insert the first version of every article, and the edits and deletions of some."""
    conn.execute(
        "INSERT INTO versions (article_id, number, kind, seen_at, fingerprint, capture_id)"
        " SELECT id, 1, 'new', ?, '', id FROM articles",
        (SEEN,),
    )
    for article, text in conn.execute(
        "SELECT article_id, body_text FROM article_texts WHERE article_id % ? = 0", (EDITED,)
    ).fetchall():
        earlier = json.dumps({"body": text.replace("경제", "금융", 2) + " 끝."}, ensure_ascii=False)
        conn.execute(
            "INSERT INTO versions (article_id, number, kind, seen_at, changed, earlier, fingerprint)"
            " VALUES (?, 2, 'edit', ?, '[\"body\"]', ?, '')",
            (article, SEEN, earlier),
        )
    conn.execute("UPDATE articles SET version = 2 WHERE id % ? = 0", (EDITED,))
    conn.execute(
        "INSERT INTO versions (article_id, number, kind, seen_at, fingerprint)"
        " SELECT id, 3, 'gone', ?, '' FROM articles WHERE id % ? = 0",
        (SEEN, GONE),
    )
    conn.execute("UPDATE articles SET state = 'gone', version = 3 WHERE id % ? = 0", (GONE,))


def _lists(conn: sqlite3.Connection) -> None:
    """Insert a list for every section and day, some of which are not complete."""
    conn.execute(
        "INSERT INTO listings (site, section, day, total, read_whole, found, archived, failed, complete,"
        " detail, checked_at) SELECT site, section, substr(published_at, 1, 10), count(*), 1, count(*),"
        " count(*), 0, 1, NULL, ? FROM articles GROUP BY 1, 2, 3",
        (SEEN,),
    )
    conn.execute(
        "UPDATE listings SET archived = archived - 1, complete = 0 WHERE rowid % 37 = 0 AND archived > 1"
    )


async def times(
    path: Path, rounds: int, *, public: bool
) -> Iterator[tuple[str, str, float, float, int, int]]:
    """Request every kind of page; return kind, URL, median and highest milliseconds, bytes, and the bound."""
    app = datasette_for(path, site=Site(public=public)).app()
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")
    with Archive.open(path) as archive:
        article = archive.conn.execute(
            "SELECT a.section, a.native_id, o.key AS ministry FROM articles a JOIN organizations o"
            " ON o.id = a.organization_id WHERE a.version = 2 LIMIT 1"
        ).fetchone()
        (ministry,) = archive.conn.execute(
            "SELECT key FROM organizations WHERE id = (SELECT organization_id FROM articles"
            " GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)"
        ).fetchone()
        (person, number) = archive.conn.execute(
            "SELECT c.person, p.printed FROM contacts c JOIN contact_points p ON p.contact_id = c.id"
            " WHERE c.person IS NOT NULL LIMIT 1"
        ).fetchone()
    given = {**dict(article), "ministry": ministry, "person": quote(person), "number": number}
    found = []
    for kind, (pattern, bound) in BOUNDS.items():
        if public and kind in OPERATORS:
            continue
        url = pattern.format(**given)
        taken = []
        for _ in range(rounds + 1):
            start = time.process_time()
            answer = await client.get(url)
            taken.append((time.process_time() - start) * 1000)
        size = len(answer.content) if answer.status_code == 200 else -answer.status_code
        found.append((kind, url, statistics.median(taken[1:]), max(taken[1:]), size, bound))
    return iter(found)


def main() -> None:
    """Build, time and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("size", type=int, nargs="?", default=100_000)
    parser.add_argument("--keep", type=Path, help="where the archive is kept and looked for")
    parser.add_argument("--public", action="store_true", help="time the pages of a public server")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        path = (options.keep or Path(scratch)) / f"rooms-{options.size}.db"
        if not path.exists():
            start = time.perf_counter()
            build(path, options.size, made_up)
            furnish(path)
            print(f"{options.size:,} articles in {time.perf_counter() - start:,.0f} s")
        print(f"{'page':26}{'median ms':>10}{'most':>8}{'bound':>7}{'KB':>7}")
        for kind, _url, median, most, size, bound in asyncio.run(
            times(path, options.rounds, public=options.public)
        ):
            print(f"{kind:26}{median:10.1f}{most:8.1f}{bound:7}{size / 1000:7.1f}")


if __name__ == "__main__":
    main()
