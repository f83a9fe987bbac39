"""What the revisit policy must know of an article that the archive holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class HeldArticle:
    """What the revisit policy must know of an article that the archive holds.

    Attributes:
        lead_sha256: hash of the full list lead at the last whole visit (``versions.text_hash``).
        incomplete: a file of it could not be fetched or read yet, or a failure of it stands open.
        missing_count: responses in a row that said it is not there; above 0 it is requested at every run.
        etag, last_modified: validators of the newest capture.
        pending: a change of it waits for another visit.
        failed_since, tried_at: when what is lacking failed first, and when it was last requested.
        attempts: runs that met the failure.
    """

    article_id: int
    title: str
    state: str
    version: int
    checked_at: str
    checks: int
    first_seen_at: str
    body_source: str
    missing_count: int
    etag: str | None
    last_modified: str | None
    lead_sha256: str | None
    incomplete: bool
    pending: bool = False
    failed_since: str | None = None
    tried_at: str | None = None
    attempts: int = 0


def held_article(row: sqlite3.Row) -> HeldArticle:
    """Make the record of a row of :func:`archive.articles.lifecycle.held_rows`."""
    values = dict(row)
    del values["native_id"]
    headers = {name.lower(): value for name, value in json.loads(values.pop("headers") or "[]")}
    since, tried, attempts = (values.pop("lacking") or "  ").split(" ")
    values |= {"failed_since": since or None, "tried_at": tried or None, "attempts": int(attempts or 0)}
    values["incomplete"] = bool(since)
    values["pending"] = bool(values["pending"])
    return HeldArticle(etag=headers.get("etag"), last_modified=headers.get("last-modified"), **values)
