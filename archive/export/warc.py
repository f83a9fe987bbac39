"""Export captures as WARC 1.1; :mod:`archive.export.warc_reading` reads them back.

Every capture is a response and a request record; an imported post is a resource. What WARC has no field for
is written in fields of our own: ``Briefing-Kind``, ``Briefing-Layout``, ``Briefing-Article`` where a response
about many articles was read for one, and ``Briefing-Headers`` where the headers as received cannot be in the
record: bodies are stored decoded, so headers about the transfer would mislead a player. What no page shows is
written as metadata records: that an article was found gone or superseded, among the captures where that
happened; and at the end of a whole archive the rows of :mod:`archive.export.sidecar`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from heapq import merge
from io import BytesIO
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.captures.store import NOT_KEPT, Captures
from archive.export.sidecar import read_rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from archive.export.rows import Selection
    from archive.integrity.parallel import Moment
    from archive.records import Capture

NAME = "captures-{:05}.warc.gz"
PART = 1 << 30  # bytes after which the next file begins
TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length"})
KIND, LAYOUT, HEADERS, ABOUT = "Briefing-Kind", "Briefing-Layout", "Briefing-Headers", "Briefing-Article"
STATE = "application/vnd.briefing-archive.state+json"
ROWS = "application/vnd.briefing-archive.rows+json"
BESIDE = frozenset({"attachment", "viewer"})  # kinds of captures that belong to the page before them
ASCII_OF_PATHS = "%/?:@!$&'()*+,;=-._~[]|"  # what a request line shows as it is
REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 404: "Not Found", 410: "Gone"}
INFORMATION = (
    b"software: briefing-archive\r\nformat: WARC File Format 1.1\r\n"
    b"conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
)


CAPTURES = """
SELECT c.id, c.fetched_at, c.kind FROM captures c JOIN bodies b ON b.sha256 = c.body_sha256
WHERE b.codec NOT IN ({kept}) AND ({which}) ORDER BY c.id
"""
SELECTED = """
c.id IN (SELECT capture_id FROM article_captures WHERE article_id IN ({articles})
  UNION SELECT capture_id FROM versions WHERE article_id IN ({articles}))
OR c.body_sha256 IN (SELECT sha256 FROM attachments WHERE article_id IN ({articles}))
"""
# An edited article keeps the list of its latest visit alone; earlier ones are among those of the same run.
LISTS = """
SELECT c.id FROM captures c JOIN bodies b ON b.sha256 = c.body_sha256
WHERE b.codec = 'zstd' AND c.id < ? AND (c.id IN (
    SELECT l.capture_id FROM article_captures l JOIN articles a ON a.id = l.article_id
    WHERE l.role = 'list' AND a.capture_id >= ? AND a.id IN ({articles}))
  OR (? AND c.kind = 'list' AND c.run_id = (SELECT run_id FROM captures WHERE id = ?)))
ORDER BY c.id
"""
STATES = """
SELECT a.url, v.kind, v.seen_at, s.url AS superseded_by, c.url AS capture_url,
  c.fetched_at AS captured_at
FROM versions v JOIN articles a ON a.id = v.article_id LEFT JOIN captures c ON c.id = v.capture_id
LEFT JOIN articles s ON s.id = a.superseded_by_id AND v.number = a.version
WHERE v.kind IN ('gone', 'superseded') AND a.state <> 'redacted' AND a.id IN ({articles})
ORDER BY v.seen_at, v.id
"""


def write(now: Moment, folder: Path, selection: Selection) -> int:
    """Write ``captures-00000.warc.gz`` and so on into a folder, and return the number of articles.

    A whole archive is exported with everything captured and stated, a part with what its articles were read
    from. Each file can be read without the others: a page and what was fetched with it stay together, and
    lists that articles of a later file were read from are repeated there.
    """
    archive = now.archive
    conn, captures = archive.conn, Captures(archive.conn, archive.files)
    where, values = selection.where()
    articles = f"SELECT id FROM articles a WHERE {where}"  # noqa: S608  # a condition with parameters
    which, repeated = ("1", []) if where == "1" else (SELECTED.format(articles=articles), values * 3)
    kept = ", ".join(f"'{codec}'" for codec in sorted(NOT_KEPT))
    shown = _in_visits(conn.execute(CAPTURES.format(kept=kept, which=which), repeated))
    states = conn.execute(STATES.format(articles=articles), values)
    happened = ((_utc(row["seen_at"]), row, None) for row in states)
    with _Parts(folder) as parts:
        for moment, row, capture_id in merge(shown, happened, key=itemgetter(0)):
            if capture_id is None:
                _write_state(parts.writer(moment), row)
                continue
            if row["kind"] not in BESIDE and parts.ends():
                asked = (capture_id, capture_id, *values, where == "1", capture_id)
                for (list_id,) in conn.execute(LISTS.format(articles=articles), asked):
                    again = f"{list_id} again before {capture_id}"
                    _write_capture(parts.writer(moment), captures.read(list_id), again)
            capture = captures.read(capture_id)
            if row["kind"] == "api":
                capture = replace(capture, about=_read_for(conn, capture_id))
            _write_capture(parts.writer(moment), capture, capture_id)
        moment = _asked_last(conn)
        for stated in read_rows(conn) if where == "1" else ():
            _write_metadata(parts.writer(moment), "", ROWS, asdict(stated), moment)
    (count,) = conn.execute(f"SELECT count(*) FROM ({articles})", values).fetchone()  # noqa: S608  # as above
    return int(count)


class _Parts:
    """The files of one export, each begun when the one before it is full; use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._stream: IO[bytes] | None = None
        self._writer: WARCWriter

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()

    def ends(self) -> bool:
        """Close the current file when it is full; return whether it was."""
        if self._stream is None or self._stream.tell() < PART:
            return False
        self._stream.close()
        self._stream = None
        return True

    def writer(self, moment: str) -> WARCWriter:
        """Return the writer of the current file, or of the next."""
        if self._stream is None:
            self._stream = (self._folder / NAME.format(self._number)).open("wb")
            self._writer = _begin(self._stream, self._number, moment)
            self._number += 1
        return self._writer


def _in_visits(rows: Iterable[sqlite3.Row]) -> Iterator[tuple[str, sqlite3.Row, int]]:
    """Yield every capture and its number with the time of the page that it belongs to."""
    moment = ""
    for row in rows:
        if row["kind"] not in BESIDE or not moment:
            moment = _utc(row["fetched_at"])
        yield moment, row, row["id"]


def _read_for(conn: sqlite3.Connection, capture_id: int) -> str | None:
    """Name the article that a response showing many was read for."""
    row = conn.execute(
        "SELECT a.url FROM versions v JOIN articles a ON a.id = v.article_id WHERE v.capture_id = ?",
        (capture_id,),
    ).fetchone()
    return row["url"] if row else None


def _asked_last(conn: sqlite3.Connection) -> str:
    """Return the time up to which the rows of an archive are valid."""
    (last,) = conn.execute("SELECT max(fetched_at) FROM captures").fetchone()
    return _utc(last or "1970-01-01T00:00:00+00:00")


def _begin(stream: IO[bytes], number: int, moment: str) -> WARCWriter:
    writer = WARCWriter(stream, gzip=True, warc_version="1.1")
    fields = {"WARC-Date": moment, "WARC-Record-ID": _record_id("warcinfo", f"{number} {moment}")}
    information = writer.create_warc_record(
        "",
        "warcinfo",
        payload=BytesIO(INFORMATION),
        length=len(INFORMATION),
        warc_content_type="application/warc-fields",
        warc_headers_dict=fields,
    )
    writer.write_record(information)
    return writer


def _write_capture(writer: WARCWriter, capture: Capture, key: object) -> None:
    name = f"{capture.url} {capture.fetched_at} {key}"
    shown = [(name, value) for name, value in capture.headers if name.lower() not in TRANSFER]
    fields = {
        "WARC-Date": _utc(capture.fetched_at),
        "WARC-Record-ID": _record_id("response", name),
        KIND: capture.kind,
        HEADERS: json.dumps(capture.headers),
    }
    if capture.layout:
        fields[LAYOUT] = capture.layout
    if capture.about:
        fields[ABOUT] = capture.about
    if not capture.url.startswith("http"):
        _write(writer, capture.url, "resource", capture.content, None, fields)
        return
    status = f"{capture.status} {REASONS.get(capture.status, 'Unknown')}"
    answer = StatusAndHeaders(
        status, [*shown, ("Content-Length", str(len(capture.content)))], protocol="HTTP/1.1"
    )
    _write(writer, capture.url, "response", capture.content, answer, fields)
    parts = urlsplit(capture.url)
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=ASCII_OF_PATHS)
    form = (capture.form or "").encode()
    headers = [("Host", parts.netloc)]
    if form:
        headers += [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", str(len(form)))]
    asked = StatusAndHeaders(f"{capture.method} {path} HTTP/1.1", headers, is_http_request=True)
    fields = {
        "WARC-Date": _utc(capture.fetched_at),
        "WARC-Record-ID": _record_id("request", name),
        "WARC-Concurrent-To": _record_id("response", name),
    }
    _write(writer, capture.url, "request", form, asked, fields)


def _write(
    writer: WARCWriter,
    url: str,
    kind: str,
    content: bytes,
    headers: StatusAndHeaders | None,
    fields: dict[str, str],
) -> None:
    record = writer.create_warc_record(
        url,
        kind,
        payload=BytesIO(content),
        length=len(content),
        http_headers=headers,
        warc_headers_dict=fields,
    )
    writer.write_record(record)


def _write_state(writer: WARCWriter, row: sqlite3.Row) -> None:
    said = {name: row[name] for name in ("kind", "seen_at", "superseded_by", "capture_url", "captured_at")}
    _write_metadata(writer, row["url"], STATE, said, _utc(row["seen_at"]))


def _write_metadata(
    writer: WARCWriter, url: str, content_type: str, said: dict[str, Any], moment: str
) -> None:
    content = json.dumps(said, ensure_ascii=False).encode()
    name = _record_id("metadata", f"{url} {hashlib.sha256(content).hexdigest()}")
    record = writer.create_warc_record(
        url,
        "metadata",
        payload=BytesIO(content),
        length=len(content),
        warc_content_type=content_type,
        warc_headers_dict={"WARC-Date": moment, "WARC-Record-ID": name},
    )
    writer.write_record(record)


def _utc(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _record_id(kind: str, subject: object) -> str:
    """Return a unique id for a record, the same in every export of the archive."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'briefing-archive:{kind}:{subject}')}>"
