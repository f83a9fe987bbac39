"""The versions of one article in two archives, merged into one history."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.articles.compare import text_hash
from archive.articles.load import load_known
from archive.text.normalize import visible_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

KEPT = ("published_at", "organization")  # fields that a page without them does not take away
ENDS = ("gone", "superseded")  # kinds of versions that change the state and nothing else


@dataclass(frozen=True, slots=True)
class Event:
    """The state of an article that one archive saw at one time.

    Attributes:
        kind: of the version; ``seen`` for the latest check, which found what the last version says.
        content: the fields that a version is about, as they stood from then on.
        capture_id: number, in the archive written to, of the capture that shows it.
    """

    seen_at: str
    kind: str
    fingerprint: str
    content: dict[str, Any]
    capture_id: int | None
    body_source: str


@dataclass(frozen=True, slots=True)
class Told:
    """One version of the joint history."""

    kind: str
    seen_at: str
    changed: tuple[str, ...]
    earlier: dict[str, Any]
    fingerprint: str
    capture_id: int | None

    def row(self) -> tuple[Any, ...]:
        """Return the columns of its row: kind, seen_at, changed, earlier, fingerprint, capture_id."""
        changed = json.dumps(self.changed, ensure_ascii=False)
        earlier = json.dumps(self.earlier, ensure_ascii=False)
        return self.kind, self.seen_at, changed, earlier, self.fingerprint, self.capture_id


def events_of(
    conn: sqlite3.Connection, article_id: int, number: Callable[[int | None], int | None]
) -> list[Event]:
    """Read what an archive saw of an article, the earliest first.

    Args:
        conn: the archive.
        article_id: the article's number in it.
        number: gives the number, in the archive written to, of a capture.
    """
    article = load_known(conn, article_id).article
    row = conn.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    content: dict[str, Any] = {
        "title": article.title,
        "subtitle": article.subtitle,
        "published_at": article.published_at,
        "organization": article.organization,
        "body": article.body.text,
        "attachments": [
            {"file_id": file.file_id, "name": file.name, "sha256": file.sha256}
            for file in article.attachments
        ],
    }
    source = article.body_source
    events: list[Event] = []
    if row["state"] == "live":
        capture_id = number(row["capture_id"])
        events.append(Event(row["checked_at"], "seen", row["fingerprint"], content, capture_id, source))
    versions = conn.execute(
        "SELECT * FROM versions WHERE article_id = ? ORDER BY number DESC", (article_id,)
    ).fetchall()
    for version in versions:
        capture_id = number(version["capture_id"])
        events.append(
            Event(version["seen_at"], version["kind"], version["fingerprint"], content, capture_id, source)
        )
        content = content | json.loads(version["earlier"])
    return events[::-1]


def told(events: Iterable[Event]) -> list[Told]:
    """Merge events in the order of time; one that repeats the one before is left out."""
    history: list[Told] = []
    content: dict[str, Any] = {}
    source = ""
    state = ""
    for event in sorted(events, key=lambda event: event.seen_at):
        if event.kind in ENDS:
            if state not in ("", event.kind):
                mark = history[-1].fingerprint
                history.append(Told(event.kind, event.seen_at, (), {}, mark, event.capture_id))
                state = event.kind
            continue
        earlier = _changes(content, event.content, same_source=source == event.body_source) if state else {}
        kind = "new" if not state else "edit" if state == "live" else "restored"
        if earlier or kind != "edit":
            changed = tuple(earlier)
            history.append(Told(kind, event.seen_at, changed, earlier, event.fingerprint, event.capture_id))
        if not state or earlier:
            source = event.body_source
        state = "live"
        lost = {name: content.get(name) for name in KEPT if not event.content[name]}
        content = event.content | lost
    return history


def _changes(old: dict[str, Any], new: dict[str, Any], *, same_source: bool) -> dict[str, Any]:
    """Return the earlier values of what really changed; texts from different sources are not compared."""
    differ = {
        "title": visible_text(old["title"]) != visible_text(new["title"]),
        "subtitle": visible_text(old["subtitle"]) != visible_text(new["subtitle"]),
        "published_at": _other_time(old["published_at"], new["published_at"]),
        "organization": bool(old["organization"] and new["organization"])
        and visible_text(old["organization"]) != visible_text(new["organization"]),
        "body": same_source and text_hash(old["body"]) != text_hash(new["body"]),
        "attachments": _other_files(old["attachments"], new["attachments"]),
    }
    return {name: old[name] for name, differs in differ.items() if differs}


def _other_time(old: str | None, new: str | None) -> bool:
    if not old or not new:
        return False
    length = min(len(old), len(new))  # a bare date says nothing of the hour
    return old[:length] != new[:length]


def _other_files(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> bool:
    before, after = ({file["file_id"]: file["sha256"] for file in files} for files in (old, new))
    if before.keys() != after.keys():
        return True
    return any(before[key] and after[key] and before[key] != after[key] for key in before)
