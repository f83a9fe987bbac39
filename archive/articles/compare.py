"""Change detection: what of a visit is a real change of the article, and what is not.

Compares one visit's :class:`~archive.records.Article` with what the archive holds (``Known``). The result is
the fields that changed (a new version) and the merged article to store. Texts are compared only with texts
from the same source, and a visit that saw less overwrites nothing better.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from archive.records import Article
from archive.text.normalize import visible_text, without_spaces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archive.records import Attachment

SECOND_HAND = ("generic", "jekyll")  # layouts of guesses and of republished copies: never evidence
RANK = {
    "inline": 5,
    "api": 4,
    "attachment": 3,
    "viewer": 2,
    "lead": 1,
    "none": 0,
}  # of body sources, best first
NOT_FETCHED = frozenset({"listed", "failed", "missing", "timeout", "too_big"})  # states of files
CORRUPT = "corrupt"  # state of one that came, and not whole as it seems: its bytes prove no change
SALVAGED = "damaged:"  # how the detail of a file begins that was read in spite of damage: it may be cut
NOT_STORED = frozenset({"body_texts", "organization_code"})  # fields of the record without a column


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive holds of one article: the record, and the hash of each text by its source."""

    article: Article
    hashes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one visit means for a known article.

    Attributes:
        changed: fields that really changed, in the order of the record; empty when no version is due.
        earlier: their values before.
        article: the article to store: the visit's, with everything better that was known.
        hashes: hash of each text by source, to store.
        body_is_new: whether the visit's text (and what was read from it) replaces the known one.
        lost_files: whether a file read before could not be fetched this time.
        sees_less: whether that left the visit with a poorer text, so that its texts are no evidence.
    """

    changed: tuple[str, ...]
    earlier: dict[str, Any]
    article: Article
    hashes: dict[str, str]
    body_is_new: bool
    lost_files: bool
    sees_less: bool


def text_hash(text: str) -> str:
    """Hash a text so that only a change of its visible characters changes the hash (white space left out)."""
    return hashlib.sha256(without_spaces(visible_text(text)).encode()).hexdigest()


def text_hashes(article: Article) -> dict[str, str]:
    """Hash every text that the visit read, by source."""
    texts = dict(article.body_texts)
    if article.body_source != "none":
        texts.setdefault(article.body_source, article.body.text)
    return {source: text_hash(text) for source, text in texts.items() if text.strip()}


def fingerprint(article: Article, hashes: Mapping[str, str]) -> str:
    """Hash the fields whose changes make a version; markup is not among them."""
    parts = [
        visible_text(article.title),
        visible_text(article.subtitle),
        article.published_at,
        visible_text(article.organization),
        sorted((file.file_id, file.sha256) for file in article.attachments),
        sorted(hashes.items()),
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def is_degraded(article: Article) -> bool:
    """Return whether a visit saw too little to prove a change: layout not recognised."""
    return is_degraded_layout(article.layout)


def is_degraded_layout(layout: str) -> bool:
    """Return whether a layout is the generic extractor's, or that of a copy on another site."""
    return layout.startswith(SECOND_HAND)


def compare(known: Known, seen: Article) -> Comparison:
    """Compare a visit, whose layout was recognised, with what is known of the article."""
    old = known.article
    new_hashes = text_hashes(seen)
    lost_files = _lost_files(old, seen)
    sees_less = lost_files and RANK[seen.body_source] < RANK[old.body_source]
    common = set() if sees_less else known.hashes.keys() & new_hashes.keys()
    if _mended_files(old, seen):
        common.discard("attachment")
    body_changed = any(known.hashes[source] != new_hashes[source] for source in common)
    if is_degraded(old):  # the first look was a guess: what a recognised layout says replaces it
        body_changed = False
    better = RANK[seen.body_source] >= RANK[old.body_source] or old.body_source in new_hashes
    body_is_new = not sees_less and (body_changed or better)
    article = _merged(old, seen, body_is_new=body_is_new, lost_files=lost_files)
    earlier: dict[str, Any] = {}
    if not is_degraded(old):
        if visible_text(old.title) != visible_text(article.title):
            earlier["title"] = old.title
        if visible_text(old.subtitle) != visible_text(article.subtitle):
            earlier["subtitle"] = old.subtitle
        if old.published_at and not _same_time(old, article):
            earlier["published_at"] = old.published_at
        if old.organization and visible_text(old.organization) != visible_text(article.organization):
            earlier["organization"] = old.organization
        if body_changed:
            earlier["body"] = old.body.text
        if _files_changed(old.attachments, article.attachments):
            earlier["attachments"] = [
                {"file_id": file.file_id, "name": file.name, "sha256": file.sha256}
                for file in old.attachments
            ]
    hashes = dict(known.hashes) if sees_less else {**known.hashes, **new_hashes}
    return Comparison(tuple(earlier), earlier, article, hashes, body_is_new, lost_files, sees_less)


def differing_fields(old: Article, new: Article) -> tuple[str, ...]:
    """Name the stored fields of two records of one article that are not exactly equal."""
    names = (entry.name for entry in fields(Article) if entry.name not in NOT_STORED)
    return tuple(name for name in names if getattr(old, name) != getattr(new, name))


def _lost_files(old: Article, seen: Article) -> bool:
    """Return whether a file that was read before could not be fetched this time."""
    read = {file.file_id for file in old.attachments if file.state not in (*NOT_FETCHED, CORRUPT)}
    return any(file.file_id in read and file.state in (*NOT_FETCHED, CORRUPT) for file in seen.attachments)


def _mended_files(old: Article, seen: Article) -> bool:
    """Return whether a file that came damaged is whole now, so that its earlier text proves nothing."""
    damaged = {file.file_id for file in old.attachments if _is_salvaged(file)}
    return any(file.file_id in damaged and not _is_salvaged(file) for file in seen.attachments)


def _is_salvaged(file: Attachment) -> bool:
    return (file.detail or "").startswith(SALVAGED)


def _merged(old: Article, seen: Article, *, body_is_new: bool, lost_files: bool) -> Article:
    better_time = _same_day(old, seen) and old.published_precision == "minute" != seen.published_precision
    keep_time = better_time or seen.published_at is None
    merged = replace(
        seen,
        published_at=old.published_at if keep_time else seen.published_at,
        published_precision=old.published_precision if keep_time else seen.published_precision,
        published_raw=old.published_raw if keep_time else seen.published_raw,
        organization=seen.organization or old.organization,
        organization_key=seen.organization_key if seen.organization else old.organization_key,
        writer=seen.writer or old.writer,
        presenter=seen.presenter or old.presenter,
        kogl_type=old.kogl_type if seen.kogl_type is None else seen.kogl_type,
        kogl_text=seen.kogl_text or old.kogl_text,
        modified_at=seen.modified_at or old.modified_at,
        embargo_at=seen.embargo_at or old.embargo_at,
        revision=old.revision if seen.revision is None else seen.revision,
        post=seen.post or old.post,
        attachments=_merged_files(old.attachments, seen.attachments),
    )
    if not body_is_new:
        merged = replace(
            merged,
            body=old.body,
            body_source=old.body_source,
            source=old.source,
            images=old.images,
            links=old.links,
        )
    if not body_is_new or lost_files:
        merged = replace(merged, contacts=old.contacts)
    return merged


def _merged_files(old: tuple[Attachment, ...], seen: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    known = {file.file_id: file for file in old}
    return tuple(_merged_file(known.get(file.file_id), file) for file in seen)


def _merged_file(old: Attachment | None, seen: Attachment) -> Attachment:
    if old is None or old.state in NOT_FETCHED:
        return seen
    if seen.state in NOT_FETCHED or (seen.state == CORRUPT != old.state):
        return replace(old, name=seen.name, url=seen.url)
    return replace(seen, sha256=seen.sha256 or old.sha256, size=seen.size or old.size)


def _files_changed(old: tuple[Attachment, ...], new: tuple[Attachment, ...]) -> bool:
    before, after = ({file.file_id: file for file in files} for files in (old, new))
    if before.keys() != after.keys():
        return True
    return any(_differs(before[key], after[key]) for key in before)


def _differs(old: Attachment, new: Attachment) -> bool:
    """Return whether two downloads of a file prove that it changed: both complete, and not the same bytes."""
    had = old.sha256 and new.sha256 and CORRUPT not in (old.state, new.state)
    salvaged = _is_salvaged(old) or _is_salvaged(new)
    return bool(had) and not salvaged and old.sha256 != new.sha256


def _same_day(old: Article, new: Article) -> bool:
    return (old.published_at or "")[:10] == (new.published_at or "")[:10]


def _same_time(old: Article, new: Article) -> bool:
    """Compare times to the minute where both have it, else to the day."""
    if old.published_precision == new.published_precision == "minute":
        return old.published_at == new.published_at
    return _same_day(old, new)
