"""Export captures as WARC 1.1, and read them back.

Every capture is a response and a request record. What WARC has no field for stands in fields of ours:
``Briefing-Kind``, ``Briefing-Layout``, and ``Briefing-Headers`` where the headers as received cannot stand in
the record: bodies are stored decoded, so those that speak of the transfer would mislead a player. States that
no page shows (gone, superseded) travel as metadata records of the article's address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.captures import NOT_KEPT, Captures
from archive.errors import InputError
from archive.records import Capture

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from archive.database import Archive
    from archive.export.rows import Selection

NAME = "captures-{:05}.warc.gz"
PART = 1 << 30  # bytes after which the next file begins
KST = timezone(timedelta(hours=9))
TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length"})
KIND, LAYOUT, HEADERS = "Briefing-Kind", "Briefing-Layout", "Briefing-Headers"
STATE = "application/vnd.briefing-archive.state+json"
ASCII_OF_PATHS = "%/?:@!$&'()*+,;=-._~[]|"  # what a request line shows as it is
REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 404: "Not Found", 410: "Gone"}
INFORMATION = (
    b"software: briefing-archive\r\nformat: WARC File Format 1.1\r\n"
    b"conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
)


CAPTURES = """
SELECT c.id, c.fetched_at FROM captures c JOIN bodies b ON b.sha256 = c.body_sha256
WHERE b.codec NOT IN ({kept}) AND ({which}) ORDER BY c.id
"""
SELECTED = """
c.id IN (SELECT capture_id FROM article_captures WHERE article_id IN ({articles})
  UNION SELECT capture_id FROM versions WHERE article_id IN ({articles}))
OR c.body_sha256 IN (SELECT sha256 FROM attachments WHERE article_id IN ({articles}))
"""
STATES = """
SELECT a.url, v.kind, v.seen_at, s.url AS superseded_by FROM articles a
JOIN versions v ON v.article_id = a.id AND v.number = a.version
LEFT JOIN articles s ON s.id = a.superseded_by_id
WHERE a.state IN ('gone', 'superseded') AND a.id IN ({articles}) ORDER BY a.id
"""


def write(archive: Archive, folder: Path, selection: Selection) -> int:
    """Write ``captures-00000.warc.gz`` and so on into a folder, and give the number of articles.

    A whole archive goes out with everything captured; a part with what its articles were read from.
    """
    conn, captures = archive.conn, Captures(archive.conn, archive.files)
    where, values = selection.where()
    articles = f"SELECT id FROM articles a WHERE {where}"  # noqa: S608  # a condition with parameters
    which, repeated = ("1", []) if where == "1" else (SELECTED.format(articles=articles), values * 3)
    kept = ", ".join(f"'{codec}'" for codec in sorted(NOT_KEPT))
    rows = iter(conn.execute(CAPTURES.format(kept=kept, which=which), repeated))
    number, row = 0, next(rows, None)
    while row is not None:
        with (folder / NAME.format(number)).open("wb") as stream:
            writer = _begin(stream, number, row["fetched_at"])
            while row is not None and stream.tell() < PART:
                _write_capture(writer, captures.read(row["id"]), row["id"])
                row = next(rows, None)
            if row is None:
                for state in conn.execute(STATES.format(articles=articles), values):
                    _write_state(writer, state)
        number += 1
    (count,) = conn.execute(f"SELECT count(*) FROM ({articles})", values).fetchone()  # noqa: S608  # as above
    return int(count)


def read(stream: IO[bytes]) -> Iterator[Capture | State]:
    """Read the captures of a WARC file, and the states that it says; anybody's WARC will do.

    Raises:
        InputError: the bytes are no WARC file.
    """
    response: Capture | None = None
    try:
        for record in ArchiveIterator(stream):
            fields = record.rec_headers
            if record.format != "warc":  # warcio takes anything of five words for a record of the older ARC
                raise InputError("not a WARC file")
            if record.rec_type == "response" and record.http_headers:
                if response:
                    yield response
                response = _capture(record)
            elif record.rec_type == "request" and response and record.http_headers:
                yield _with_request(response, record)
                response = None
            elif record.rec_type == "metadata" and fields.get_header("Content-Type") == STATE:
                said = json.loads(record.content_stream().read())
                yield State(fields.get_header("WARC-Target-URI"), **said)
    except (ArchiveLoadFailed, ValueError) as error:
        raise InputError(f"not a WARC file: {error}") from error
    if response:
        yield response


@dataclass(frozen=True, slots=True)
class State:
    """What became of an article, where no captured page shows it.

    Attributes:
        url: its canonical address.
        kind: gone or superseded.
        seen_at: when the archive saw it, ISO 8601 with offset.
        superseded_by: address of the article under whose id it was re-issued.
    """

    url: str
    kind: str
    seen_at: str
    superseded_by: str | None = None


def _begin(stream: IO[bytes], number: int, fetched_at: str) -> WARCWriter:
    writer = WARCWriter(stream, gzip=True, warc_version="1.1")
    fields = {"WARC-Date": _utc(fetched_at), "WARC-Record-ID": _record_id("warcinfo", number)}
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


def _write_capture(writer: WARCWriter, capture: Capture, row_id: int) -> None:
    shown = [(name, value) for name, value in capture.headers if name.lower() not in TRANSFER]
    fields = {
        "WARC-Date": _utc(capture.fetched_at),
        "WARC-Record-ID": _record_id("response", row_id),
        KIND: capture.kind,
        HEADERS: json.dumps(capture.headers),
    }
    if capture.layout:
        fields[LAYOUT] = capture.layout
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
        "WARC-Record-ID": _record_id("request", row_id),
        "WARC-Concurrent-To": _record_id("response", row_id),
    }
    _write(writer, capture.url, "request", form, asked, fields)


def _write(
    writer: WARCWriter,
    url: str,
    kind: str,
    content: bytes,
    headers: StatusAndHeaders,
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
    said = {"kind": row["kind"], "seen_at": row["seen_at"], "superseded_by": row["superseded_by"]}
    content = json.dumps(said).encode()
    record = writer.create_warc_record(
        row["url"],
        "metadata",
        payload=BytesIO(content),
        length=len(content),
        warc_content_type=STATE,
        warc_headers_dict={
            "WARC-Date": _utc(row["seen_at"]),
            "WARC-Record-ID": _record_id("state", row["url"]),
        },
    )
    writer.write_record(record)


def _capture(record: Any) -> Capture:
    fields, http = record.rec_headers, record.http_headers
    original = fields.get_header(HEADERS)
    headers = json.loads(original) if original else http.headers
    content = record.raw_stream.read() if original else record.content_stream().read()
    moment = datetime.fromisoformat(fields.get_header("WARC-Date").replace("Z", "+00:00")).astimezone(KST)
    return Capture(
        url=fields.get_header("WARC-Target-URI"),
        fetched_at=moment.isoformat(timespec="seconds"),
        status=int(http.get_statuscode()),
        headers=tuple((name, value) for name, value in headers),
        content=content,
        kind=fields.get_header(KIND) or "import",
        layout=fields.get_header(LAYOUT),
    )


def _with_request(response: Capture, record: Any) -> Capture:
    """Add what was asked; a request that is not the response's own is left aside."""
    if record.rec_headers.get_header("WARC-Target-URI") != response.url:
        return response
    form = record.content_stream().read().decode("utf-8", "replace")
    return replace(response, method=record.http_headers.protocol, form=form or None)


def _utc(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _record_id(kind: str, subject: object) -> str:
    """Name a record; the same capture of the same archive has the same name in every export."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'briefing-archive:{kind}:{subject}')}>"
