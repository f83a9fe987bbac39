"""Plausibility of changes: whether many changes of one run are edits of articles, or a fault of their site.

An editor changes one article at a time. A template that loses a field, a notice instead of every text, or a
wrong encoding changes many articles alike and edits none. Such changes are held back: the archive keeps the
previous state, and the articles are visited again. docs/changes.md states the rules for users.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from archive.changes.notices import is_notice
from archive.text.normalize import visible_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

ALIKE = 2  # from this number on similar changes are judged together
MANY = 5  # similar losses that are held back for a day even if most articles kept the field
CONFIRMED_APART = timedelta(hours=12)  # between the first and the last look at a change, on another day
SETTLED_APART = timedelta(days=7)  # the same for a few changes without evidence either way
LOST = "\ufffd"
PAGE_TEXT = "text of the page"  # its hash; an article's body may come from elsewhere
ON_LISTS = ("organization", "published_at")  # fields that lists show as pages do
WORDS = ("title", "subtitle", "organization", "body", PAGE_TEXT)  # whose new value alike over articles tells

Seen: TypeAlias = "Mapping[tuple[str, str], int]"


@dataclass(frozen=True, slots=True)
class Change:
    """The change that one visit would make to an article.

    Attributes:
        before, after: values by field, of the fields that differ; files as their ids.
        listed: values on the list of the same run, by field, where shown.
        edited: the edited fields; a text may also be replaced by one from a better source.
        hinted: whether the list itself showed that the article had changed.
        seen_since: when this exact state was first seen.
        seen_at: when it was last seen.
    """

    article_id: int
    section: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    listed: Mapping[str, str]
    edited: Collection[str]
    hinted: bool
    seen_since: str
    seen_at: str

    def lost(self, field: str) -> bool:
        """Return whether a field is empty now, or a text less than half as long as before."""
        before, after = self.before[field], self.after[field]
        return len(after) * 2 < len(before) if field == "body" else bool(before) and not after

    def witnessed(self, field: str) -> bool:
        """Return whether the list of the same run shows the new value too."""
        return field in self.listed and visible_text(self.listed[field]) == visible_text(self.after[field])

    def lasted(self, least: timedelta) -> bool:
        """Return whether the same state was already seen on an earlier day, long enough before."""
        first, last = datetime.fromisoformat(self.seen_since), datetime.fromisoformat(self.seen_at)
        return first.date() < last.date() and last - first >= least

    def expected(self, field: str) -> bool:
        """Return whether a list announced the change: it shows the new value, or that the text changed.

        Lists show ministry and day, so a value that a list contradicts or omits was not announced.
        """
        return self.witnessed(field) or (self.hinted and field not in ON_LISTS)


class Mark(NamedTuple):
    """What changes have in common: a lost field, one new value, or only the same field."""

    kind: str
    field: str
    value: str = ""


def doubtful(changes: Sequence[Change], seen: Seen) -> dict[int, str]:
    """Return the changes of one site to hold back, each with the reason.

    Args:
        changes: all changes of the round.
        seen: number of known articles visited in the round that had a field, by section and field.
    """
    groups: dict[Mark, list[Change]] = {}
    for change in changes:
        for mark in marks(change):
            groups.setdefault(mark, []).append(change)
    found: dict[int, str] = {}
    for change in changes:
        said, title = change.after.get("body", ""), change.listed.get("title", "")
        if is_notice(said, title) and not is_notice(change.before["body"], title):
            found[change.article_id] = "a notice stands in the place of the text"
    for mark, alike in groups.items():
        for change in alike:
            if change.article_id not in found and (reason := _doubt(mark, change, alike, seen)):
                found[change.article_id] = reason
    return found


def marks(change: Change) -> Iterator[Mark]:
    """Yield the marks that a change may share with others."""
    for field in change.after:
        if LOST in change.after[field] and LOST not in change.before[field]:
            yield Mark("damaged", field)
        if change.lost(field):
            yield Mark("lost", field)
        elif field in WORDS:
            yield Mark("same", field, visible_text(change.after[field]))
        if field in ON_LISTS and _contradicted(change, field):
            yield Mark("contradicted", field)
        if field in change.edited:
            yield Mark("changed", field)


def _doubt(mark: Mark, change: Change, alike: Sequence[Change], seen: Seen) -> str | None:
    """Return the reason to hold a change back for one of its marks; None if there is none."""
    count, field = len(alike), mark.field
    if mark.kind == "damaged":
        return f"characters of the {field} are lost"
    if mark.kind == "contradicted":
        return f"the list still shows the {field} as it was"
    if count < ALIKE:
        alone = sum(number for (_, name), number in seen.items() if name == field) <= 1
        if mark.kind == "lost" and (alone or field == PAGE_TEXT) and not change.lasted(CONFIRMED_APART):
            return f"the {field} is lost, and no other article visited shows that pages still have one"
        return None
    if mark.kind == "lost":
        if _most(change, alike, field, seen):
            return f"{count} articles, most of those visited, lost the {field}"
        early = not change.lasted(CONFIRMED_APART)
        least = ALIKE if field in ("attachments", PAGE_TEXT) else MANY
        return f"{count} articles lost the {field}" if count >= least and early else None
    if mark.kind == "same":
        return _doubt_of_same(field, change, alike, seen)
    if change.expected(field):
        return None
    unexpected = [other for other in alike if not other.expected(field)]
    if len(unexpected) < ALIKE or not _most(change, unexpected, field, seen):
        return None
    if len(unexpected) < MANY and not _contradicted(change, field) and change.lasted(SETTLED_APART):
        return None
    return f"the {field} of {len(unexpected)} articles, most of those visited, changed at once"


def _doubt_of_same(field: str, change: Change, alike: Sequence[Change], seen: Seen) -> str | None:
    """Judge articles that show one new value: many that were different, or all renamed."""
    many_before = len({visible_text(other.before[field]) for other in alike}) > 1
    reason = f"{len(alike)} articles show the same new {field}"
    if field in ("body", PAGE_TEXT):
        return reason if many_before else None  # twins may be corrected alike
    confirmed = change.lasted(CONFIRMED_APART)
    if change.witnessed(field):
        return reason if many_before and not confirmed else None
    if _contradicted(change, field) or _most(change, alike, field, seen):
        return reason
    return None if confirmed else reason


def _most(change: Change, alike: Sequence[Change], field: str, seen: Seen) -> bool:
    """Return whether similar changes are more than half of the articles visited in the section or site."""
    had = field if change.before[field] else "title"  # which every article has
    had = "body" if had == PAGE_TEXT else had
    here = sum(other.section == change.section for other in alike)
    whole = sum(count for (_, name), count in seen.items() if name == had)
    return (here >= ALIKE and here * 2 > seen.get((change.section, had), 0)) or len(alike) * 2 > whole


def _contradicted(change: Change, field: str) -> bool:
    """Return whether the list of the same run still shows the old value."""
    return field in change.listed and visible_text(change.listed[field]) == visible_text(change.before[field])
