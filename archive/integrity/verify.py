"""Verify an archive: bytes against their hashes, rows against each other, the index against the text.

Everything is read as of one moment, so a running crawl does not interfere; of bodies, files and articles some
are read at a time, in as many processes as the archive is worth.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.articles.compare import text_hash
from archive.articles.lookup import ids_after
from archive.articles.reextraction import identity, plan
from archive.captures.files import file_hash, file_path, stored_files
from archive.captures.store import Captures
from archive.completeness.listings import IS_COMPLETE
from archive.errors import ArchiveError
from archive.integrity.parallel import batches, moment
from archive.integrity.redact import unfinished_redaction
from archive.schema import SCHEMA_VERSION, TABLES, Table
from archive.search import Tokens, count_tokens
from archive.search import check as check_index
from archive.views import VIEWS, View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from archive.articles.reextraction import Baseline
    from archive.database import Archive
    from archive.integrity.parallel import Moment

    Differs = Callable[[int], str | None]

RESTORE = "take the file from your last snapshot, or crawl into a new archive"
REPAIR = (
    "run: briefing verify --repair, with --from and your last snapshot if there is one,"
    " and then crawl or import again"
)
REVISIT = "run: briefing crawl, or import its file again; the next visit stores its page anew"
RESUME = "stop the readers of the archive, then run: briefing redact --resume"
ROWS = "run: briefing verify --repair, with --from and your last snapshot"
REINDEX = "run: briefing verify --rebuild-index"
REPARSE = "to see what would change, run: briefing reparse --dry-run; to store it, run: briefing reparse"


@dataclass(frozen=True, slots=True)
class Finding:
    """One inconsistency.

    Attributes:
        check: database, schema, redaction, keys, rows, bodies, files, index, captures or words.
        problem: the inconsistency, with the row concerned.
        remedy: how to repair it.
    """

    check: str
    problem: str
    remedy: str


BODIES, FILES, ARTICLES = 200, 50, 1000  # of a task
NOT_KEPT = "the page that article {} was read from is not kept"
POSITIONS = "SELECT article_id FROM {} GROUP BY article_id HAVING max(position) <> count(*)"

# Invariants of every archive: a message for each row found, and the query that should find none.
RULES: dict[str, str] = {
    "article {} has no text row": """
        SELECT id FROM articles
        WHERE NOT EXISTS (SELECT 1 FROM article_texts WHERE article_id = articles.id)""",
    "the versions of article {} are not numbered from 1 to its current one": """
        SELECT a.id FROM articles a LEFT JOIN versions v ON v.article_id = a.id GROUP BY a.id
        HAVING count(v.id) <> a.version OR max(v.number) IS NOT a.version""",
    "the fingerprint of article {} is not that of its current version": """
        SELECT a.id FROM articles a JOIN versions v ON v.article_id = a.id AND v.number = a.version
        WHERE v.fingerprint <> a.fingerprint""",
    "article {} lacks some of its contacts": POSITIONS.format("contacts"),
    "article {} lacks some of its images": POSITIONS.format("images"),
    "article {} lacks some of its links": POSITIONS.format("links"),
    "article {} lacks some of its attachments": POSITIONS.format(
        "(SELECT * FROM attachments WHERE removed_at IS NULL)"
    ),
    "article {} was read from a capture, but none is linked to it": """
        SELECT id FROM articles WHERE capture_id IS NOT NULL AND state <> 'redacted' AND NOT EXISTS
        (SELECT 1 FROM article_captures l WHERE l.article_id = articles.id AND l.role = 'detail')""",
    "body {} belongs to no capture": """
        SELECT sha256 FROM bodies WHERE NOT EXISTS (SELECT 1 FROM captures WHERE body_sha256 = sha256)""",
    "the state of article {} is not that of its last version": """
        SELECT a.id FROM articles a JOIN versions v ON v.article_id = a.id AND v.number = a.version
        WHERE a.state NOT IN ('redacted', iif(v.kind IN ('gone', 'superseded'), v.kind, 'live'))""",
    "article {} names a successor, but is not superseded": """
        SELECT id FROM articles
        WHERE superseded_by_id IS NOT NULL AND state NOT IN ('superseded', 'redacted')""",
    "a version of article {} does not tell what changed": """
        SELECT article_id FROM versions WHERE NOT (json_valid(changed) AND json_valid(earlier))""",
    "capture {} does not tell its headers": "SELECT id FROM captures WHERE NOT json_valid(headers)",
    "article {} is redacted, but no redaction says so": """
        SELECT id FROM articles a WHERE state = 'redacted' AND NOT EXISTS (SELECT 1 FROM redactions r
        WHERE r.site = a.site AND r.section = a.section AND r.native_id = a.native_id)""",
    NOT_KEPT: """
        SELECT a.id FROM articles a JOIN captures c ON c.id = a.capture_id
        JOIN bodies b ON b.sha256 = c.body_sha256 WHERE b.codec = 'hash' AND NOT (a.state <> 'live' AND EXISTS
        (SELECT 1 FROM failures f WHERE f.site = a.site AND f.section = a.section
         AND f.native_id = a.native_id AND f.kind = 'damaged' AND f.resolved_at IS NULL))""",
    "the text of article {} is not the one whose hash is kept": """
        SELECT a.id FROM articles a JOIN article_texts t ON t.article_id = a.id
        JOIN text_hashes h ON h.article_id = a.id AND h.source = a.body_source
        WHERE text_hash(t.body_text) <> h.sha256 AND NOT EXISTS (SELECT 1 FROM redactions r
        WHERE r.site = a.site AND r.section = a.section AND r.native_id = a.native_id)""",
    "article {} has its text in some of its forms only": """
        SELECT article_id FROM article_texts
        WHERE (body_text = '') <> (body_html = '') OR (body_text = '') <> (body_markdown = '')""",
    "the listing {} is not as complete as it says": f"""
        SELECT site || ' ' || section || ' ' || day FROM listings WHERE complete <> {IS_COMPLETE}""",  # noqa: S608
    "the listing {} counts more articles than there are": """
        SELECT site || ' ' || section || ' ' || day FROM (SELECT *, archived - (
          SELECT count(*) FROM listed_items i JOIN articles a USING (site, section, native_id)
          WHERE i.site = l.site AND i.section = l.section AND i.day = l.day) AS lacking FROM listings l) l
        WHERE lacking > 0 AND lacking > (SELECT count(*) FROM listed_items i WHERE i.site = l.site
          AND i.section = l.section AND i.day <> l.day AND i.first_listed_at <= l.checked_at
          AND i.last_listed_at > l.checked_at)""",  # the site may have moved an item to another day since
}


def verify(
    archive: Archive,
    *,
    reread: Baseline | None = None,
    differs: Differs | None = None,
    sample: int = 0,
    workers: int = 1,
) -> Iterator[Finding]:
    """Check everything and yield findings as they occur.

    Args:
        archive: opened for reading.
        reread: re-extracts an article from its captures.
        differs: describes how the text of an article differs from its page as read by another parser.
        sample: how many articles, evenly spread, to re-extract and compare.
        workers: processes; see :func:`archive.integrity.parallel.moment`.
    """
    with moment(archive, workers) as now:
        yield from _checks(now, reread, differs, sample)


def _checks(now: Moment, reread: Baseline | None, differs: Differs | None, sample: int) -> Iterator[Finding]:
    conn = now.archive.conn
    try:
        yield from _database(conn)
        lacking = list(_schema(conn))
        yield from lacking
        if lacking:
            return  # without them few other checks are possible
        yield from _redaction(conn)
        yield from _keys(conn)
        yield from _rows(now)
        yield from _bodies(now)
        yield from _files(now)
        yield from _index(now)
        if reread is not None:
            yield from _captures(conn, reread, sample)
        if differs is not None:
            yield from _words(conn, differs, sample)
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)  # no code: text is not UTF-8
        if code & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        yield Finding("database", f"SQLite cannot read the file: {error}", RESTORE)


def _database(conn: sqlite3.Connection) -> Iterator[Finding]:
    for (line,) in conn.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield Finding("database", str(line), RESTORE)


def _schema(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Compare tables, indexes and views with those of a new archive; not for earlier schema versions."""
    if conn.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
        return
    there = {name for (name,) in conn.execute("SELECT name FROM sqlite_master")}
    parts: tuple[Table | View, ...] = (*TABLES, *VIEWS)
    for statement in (statement for part in parts for statement in part.statements()):
        name = re.match(r"CREATE (?:UNIQUE )?\w+ (\w+)", statement)
        if name and name[1] not in there:
            yield Finding("schema", f"{name[1]} is not there", RESTORE)


def _redaction(conn: sqlite3.Connection) -> Iterator[Finding]:
    article_id = unfinished_redaction(conn)
    if article_id is not None:
        problem = f"the redaction of article {article_id} was interrupted: the file may still hold its text"
        yield Finding("redaction", problem, RESUME)


def _keys(conn: sqlite3.Connection) -> Iterator[Finding]:
    for table, row, parent, _ in conn.execute("PRAGMA foreign_key_check"):
        yield Finding("keys", f"row {row} of {table} refers to a row of {parent} that is not there", ROWS)


def _rows(now: Moment) -> Iterator[Finding]:
    return (finding for found in now.each(_broken, RULES) for finding in found)


def _broken(archive: Archive, line: str) -> list[Finding]:
    """Find what breaks one rule."""
    archive.conn.create_function("text_hash", 1, text_hash, deterministic=True)
    remedy = REVISIT if line == NOT_KEPT else ROWS
    return [Finding("rows", line.format(subject), remedy) for (subject,) in archive.conn.execute(RULES[line])]


def _bodies(now: Moment) -> Iterator[Finding]:
    rows = now.archive.conn.execute("SELECT sha256 FROM bodies WHERE codec = 'zstd'")
    for problems in now.each(_damaged_bodies, batches((row[0] for row in rows), BODIES)):
        yield from (Finding("bodies", problem, REPAIR) for problem in problems)


def _damaged_bodies(archive: Archive, hashes: list[str]) -> list[str]:
    captures, problems = Captures(archive.conn, archive.files), []
    for sha256 in hashes:
        try:
            captures.body(sha256)
        except ArchiveError as error:
            problems.append(str(error))
    return problems


def _files(now: Moment) -> Iterator[Finding]:
    archive = now.archive
    for damaged in now.each(_damaged_files, batches(stored_files(archive.files), FILES)):
        for path in damaged:
            yield Finding("files", f"file {path} does not have the hash that names it", REPAIR)
    for (sha256,) in archive.conn.execute("SELECT sha256 FROM bodies WHERE codec = 'file'"):
        if not file_path(archive.files, sha256).is_file():
            yield Finding("files", f"file {sha256} is not in {archive.files}", REPAIR)


def _damaged_files(_archive: Archive, paths: list[Path]) -> list[Path]:
    return [path for path in paths if file_hash(path) != path.name]


def _index(now: Moment) -> Iterable[Finding]:
    conn = now.archive.conn
    ranges = ((ids[0], ids[-1]) for ids in batches(ids_after(conn, 0), ARTICLES))
    problems = check_index(conn, now.each(_tokens, ranges))
    return (Finding("index", problem, REINDEX) for problem in problems)


def _tokens(archive: Archive, between: tuple[int, int]) -> Tokens:
    return count_tokens(archive.conn, *between)


def _captures(conn: sqlite3.Connection, reread: Baseline, sample: int) -> Iterator[Finding]:
    for row in _spread(conn, sample):
        article_id, fresh = row["id"], reread(row["id"])
        if fresh is not None and identity(fresh) != (row["site"], row["section"], row["native_id"]):
            yield Finding("captures", f"article {article_id} has the page of another article", ROWS)
            continue
        if fresh is None or fresh.parser != row["parser"]:
            continue  # no captures, or extracted by an earlier parser: nothing to compare
        rewrite = plan(conn, article_id, fresh)
        if rewrite is not None:
            fields = ", ".join(rewrite.fields)
            yield Finding("captures", f"article {article_id} is not what its captures say: {fields}", REPARSE)


def _words(conn: sqlite3.Connection, differs: Differs, sample: int) -> Iterator[Finding]:
    for row in _spread(conn, sample):
        if difference := differs(row["id"]):
            yield Finding("words", f"the text of article {row['id']} {difference}", REPARSE)


def _spread(conn: sqlite3.Connection, sample: int) -> list[sqlite3.Row]:
    ids = conn.execute(
        "SELECT id FROM articles WHERE capture_id IS NOT NULL AND state <> 'redacted' ORDER BY id"
    ).fetchall()
    step = max(1, len(ids) // max(1, sample))
    query = "SELECT id, site, section, native_id, parser FROM articles WHERE id = ?"
    return [conn.execute(query, tuple(row)).fetchone() for row in ids[::step][:sample]]
