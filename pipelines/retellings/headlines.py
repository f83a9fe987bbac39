"""What linking needs of an article, and when two headlines, ministries and days agree."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from archive.text.normalize import letters_only
from pipelines.organizations import resolve

if TYPE_CHECKING:
    from pipelines.retellings.sketches import Sketch

# Retellings appear hours after the original; two weeks allow for late ones, a day for dates without an hour.
DAYS_BEFORE = 14
DAYS_AFTER = 1

_SUFFIX = re.compile(r"\s+-\s+(\S+)\s*$")
_SITE_NAME = re.compile(r"\s*[|｜]\s*뉴스\s?다오\s*$")
# [보도자료], (참고) and the like, which ministries put before a shared headline.
_TAG = re.compile(r"^\s*(?:\[[^\]]*\]|\([^)]*\))\s*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What linking needs of one article.

    Attributes:
        id: row of the archive.
        organization: as printed.
        published_at: ISO 8601 in KST, or its day; None when unknown.
        sketch: of its headline and text.
        text: its text, unless that is read only where it is needed.
        original_title: the headline of the original, if printed.
        gone: whether the site no longer has it.
        native_id: the site's own id, which orders two articles of the same time.
    """

    id: int
    site: str
    section: str
    title: str
    organization: str | None
    published_at: str | None
    sketch: Sketch
    text: str = ""
    original_title: str | None = None
    gone: bool = False
    native_id: str = ""

    @property
    def day(self) -> str:
        """YYYY-MM-DD in KST, or nothing."""
        return (self.published_at or "")[:10]


def headlines(candidate: Candidate) -> tuple[str, ...]:
    """Return the titles that the original may have: as printed, and without the ministry after it."""
    told = (candidate.original_title, candidate.title)
    bare = [_SITE_NAME.sub("", title).strip() for title in told if title]
    return tuple(dict.fromkeys(title for form in bare for title in (split_ministry(form)[0], form)))


def window(candidate: Candidate) -> tuple[str, str] | None:
    """Return the first and last day on which the original may have been published; None without a date."""
    if not candidate.day:
        return None
    day = date.fromisoformat(candidate.day)
    return (day - timedelta(DAYS_BEFORE)).isoformat(), (day + timedelta(DAYS_AFTER)).isoformat()


def printed_ministry(candidate: Candidate) -> str | None:
    """Return the ministry printed after a headline, else the one printed with the article."""
    told = (candidate.original_title, candidate.title)
    named = (split_ministry(_SITE_NAME.sub("", title))[1] for title in told if title)
    return next((name for name in named if name), candidate.organization)


def split_ministry(title: str) -> tuple[str, str | None]:
    """Remove `` - 보건복지부``, also where the site cut it (`` - 보건…``) and it names nothing."""
    suffix = _SUFFIX.search(title)
    if suffix and suffix[1].endswith("…"):
        return title[: suffix.start()], None
    if suffix and resolve(suffix[1], None, None):
        return title[: suffix.start()], suffix[1]
    return title, None


@lru_cache(maxsize=4096)
def headline_key(title: str) -> str:
    """Return what two writings of one headline share: its letters and digits, without the tag before it."""
    return letters_only(_TAG.sub("", unicodedata.normalize("NFKC", title)))


def agree(name: str | None, day: str, other: str | None, other_day: str) -> bool | None:
    """Return whether two printed ministries are one; None when one of them is not known."""
    mine = resolve(name, None, day or other_day or None)
    its = resolve(other, None, other_day or day or None)
    return mine.key == its.key if mine and its else None


def days_between(earlier: str, later: str) -> int | None:
    """Count the days from one to the other; None where one is not known."""
    if not (earlier and later):
        return None
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days
