"""Read captures and statements out of the checked records of a WARC file, our own export or anybody's."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from archive.export.sidecar import Rows
from archive.export.warc import ABOUT, HEADERS, KIND, LAYOUT, ROWS, STATE
from archive.export.warc_records import Damaged, Record, records
from archive.korean_time import KST
from archive.records import Capture

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = frozenset({"list", "detail", "attachment", "viewer", "sitemap", "api", "import", "held"})
STATES = frozenset({"gone", "superseded"})


@dataclass(frozen=True, slots=True)
class State:
    """What became of an article, where no captured page shows it.

    Attributes:
        url: its canonical address.
        kind: gone or superseded.
        seen_at: when the archive saw it, ISO 8601 with offset.
        superseded_by: address of the article under whose id it was re-issued.
        capture_url, captured_at: address and time of the capture that shows it; None where none does.
    """

    url: str
    kind: str
    seen_at: str
    superseded_by: str | None = None
    capture_url: str | None = None
    captured_at: str | None = None


def read(stream: IO[bytes]) -> Iterator[tuple[int, Capture | State | Rows | Damaged]]:
    """Read the captures of a WARC file, and what it says beyond them; damaged records are named, not read.

    Returns:
        Each with the offset of its record in the file, in bytes.

    Raises:
        InputError: the bytes are no WARC file.
    """
    response: tuple[int, Capture] | None = None
    for record in records(stream, decoded_by=HEADERS):
        if isinstance(record, Record) and record.kind == "request" and response and record.http:
            yield response[0], _with_request(response[1], record)
            response = None
            continue
        found = record if isinstance(record, Damaged) else _read(record)
        if response and found is not None:
            yield response
            response = None
        if isinstance(found, Capture) and record_is_response(record):
            response = record.offset, found
        elif found is not None:
            yield record.offset, found
    if response:
        yield response


def record_is_response(record: Record | Damaged) -> bool:
    """Return whether a record may be followed by the request that it answers."""
    return isinstance(record, Record) and record.kind == "response"


def _read(record: Record) -> Capture | State | Rows | Damaged | None:
    """Read what a record says to us; None where it says nothing."""
    try:
        if record.kind == "response" and record.http:
            return _capture(record)
        if record.kind == "resource" and record.field(KIND):
            return _capture(record)
        if record.kind == "metadata":
            return _said(record)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        detail = f"says what cannot be read: {type(error).__name__}: {' '.join(str(error).split())}"
        return Damaged(record.offset, detail[:200], record.field("WARC-Target-URI"))
    return None


def _said(record: Record) -> State | Rows | None:
    """Read a metadata record of ours; others have nothing to say here."""
    content_type = record.field("Content-Type")
    if content_type not in (STATE, ROWS):
        return None
    said = json.loads(record.content)
    if content_type == ROWS:
        rows = said["rows"]
        if not isinstance(said["table"], str) or not all(isinstance(row, dict) for row in rows):
            raise ValueError("no rows of a table")
        return Rows(said["table"], tuple(rows))
    state = State(record.field("WARC-Target-URI") or "", **said)
    given = (state.superseded_by, state.capture_url, state.captured_at)
    if state.kind not in STATES or not all(value is None or isinstance(value, str) for value in given):
        raise ValueError("no state of an article")
    return replace(state, seen_at=_moment(state.seen_at))


def _capture(record: Record) -> Capture:
    url = (record.field("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")
    if not url:
        raise ValueError("names no URL")
    kind, original, http = record.field(KIND) or "import", record.field(HEADERS), record.http
    headers = json.loads(original) if original else (http.headers if http else ())
    status = int(http.get_statuscode()) if http else 200
    if not 100 <= status <= 999:
        raise ValueError(f"{status} is no status of HTTP")
    return Capture(
        url=url,
        fetched_at=_moment((record.field("WARC-Date") or "").replace("Z", "+00:00")),
        status=status,
        headers=tuple((str(name), str(value)) for name, value in headers),
        content=record.content,
        kind=kind if kind in KINDS else "import",
        layout=record.field(LAYOUT),
        about=record.field(ABOUT),
    )


def _moment(written: str) -> str:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError(f"{written} names no time zone")
    return moment.astimezone(KST).isoformat(timespec="seconds")


def _with_request(response: Capture, record: Record) -> Capture:
    """Add what was asked; a request that is not the response's own is left aside."""
    http: Any = record.http
    if (record.field("WARC-Target-URI") or "").strip("<>") != response.url:
        return response
    return replace(response, method=http.protocol, form=record.content.decode("utf-8", "replace") or None)
