"""Feed documents: Atom for searches, ministries, edits and deletions, and RSS as the portal's feeds were.

The portal shut down its RSS in July 2026 (notice newsId=132038885); a consumer of ``/rss/pressrelease.xml``
or ``/rss/dept_A00002.xml`` only changes the host.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.reading_room.pages.changes import Changed
    from archive.reading_room.search.find import Found

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"


class Entry(NamedTuple):
    """One entry of a feed.

    Attributes:
        id: permanent identifier of one event.
        updated: ISO 8601 with offset.
    """

    id: str
    title: str
    url: str
    updated: str
    author: str
    summary: str


def entries_of_articles(root: str, found: Iterable[Found]) -> list[Entry]:
    """Return an entry for each article found; ``root`` is the reading room's URL without a trailing slash."""
    return [
        Entry(
            f"{root}{one.path}",
            one.title,
            f"{root}{one.path}",
            _moment(one.published_at),
            one.organization or one.site,
            one.snippet.replace("\ue000", "").replace("\ue001", ""),
        )
        for one in found
    ]


def entries_of_changes(root: str, changes: Iterable[Changed], labels: dict[str, str]) -> list[Entry]:
    """Return an entry for each edit or deletion, with the words that changed.

    Args:
        root: the URL of the reading room without a trailing slash.
        changes: the latest first.
        labels: kinds and fields in the reader's language.
    """
    return [
        Entry(
            f"{root}{one.path}#v{one.number}",
            f"[{labels[one.kind]}] {one.title}",
            f"{root}{one.path}/history#v{one.number}",
            _moment(one.seen_at),
            one.organization or one.site,
            "\n".join(f"{labels[field.field]}: {_words(field.words)}" for field in one.fields),
        )
        for one in changes
    ]


def _words(words: Iterable[object]) -> str:
    marks = {"kept": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(marks[one.kind].format(one.text) for one in words)  # type: ignore[attr-defined]


def _moment(text: str | None) -> str:
    """Return a time with offset; a bare day becomes its start in Korean time."""
    if not text:
        return "1970-01-01T00:00:00+00:00"
    return text if len(text) > len("YYYY-MM-DD") else f"{text}T00:00:00+09:00"


def atom(title: str, self_url: str, page_url: str, language: str, entries: list[Entry]) -> bytes:
    """Return an Atom feed; ``language`` is that of its titles."""
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": language})
    SubElement(feed, "id").text = self_url
    SubElement(feed, "title").text = _xml(title)
    SubElement(feed, "updated").text = max((one.updated for one in entries), default=_moment(None))
    SubElement(feed, "link", rel="self", type="application/atom+xml", href=self_url)
    SubElement(feed, "link", rel="alternate", type="text/html", href=page_url)
    for one in entries:
        entry = SubElement(feed, "entry")
        SubElement(entry, "id").text = one.id
        SubElement(entry, "title").text = _xml(one.title)
        SubElement(entry, "updated").text = one.updated
        SubElement(entry, "link", rel="alternate", type="text/html", href=one.url)
        SubElement(SubElement(entry, "author"), "name").text = _xml(one.author)
        SubElement(entry, "summary").text = _xml(one.summary)
    return bytes(tostring(feed, "utf-8", xml_declaration=True))


def rss(title: str, page_url: str, self_url: str, entries: list[Entry]) -> bytes:
    """Return an RSS 2.0 feed with the fields of the portal's feeds, ``dc`` included."""
    root = Element("rss", {"version": "2.0", "xmlns:dc": DC, "xmlns:atom": ATOM})
    channel = SubElement(root, "channel")
    SubElement(channel, "title").text = _xml(title)
    SubElement(channel, "link").text = page_url
    SubElement(channel, "description").text = _xml(title)
    SubElement(channel, "language").text = "ko"
    SubElement(channel, "atom:link", rel="self", type="application/rss+xml", href=self_url)
    for one in entries:
        item = SubElement(channel, "item")
        SubElement(item, "title").text = _xml(f"[{one.author}] {one.title}")
        SubElement(item, "link").text = one.url
        SubElement(item, "description").text = _xml(one.summary)
        SubElement(item, "dc:creator").text = _xml(one.author)
        SubElement(item, "pubDate").text = format_datetime(datetime.fromisoformat(one.updated))
        SubElement(item, "guid", isPermaLink="true").text = one.url
    return bytes(tostring(root, "utf-8", xml_declaration=True))


def _xml(text: str) -> str:
    """Remove the control characters that XML does not allow."""
    return _UNWRITABLE.sub("", text)
