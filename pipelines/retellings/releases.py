"""Releases that are the same: issued by several ministries, posted twice, or re-issued under a new id."""

from __future__ import annotations

from collections import defaultdict
from contextlib import nullcontext
from itertools import combinations
from typing import TYPE_CHECKING

from archive.records import Relation
from pipelines.retellings.headlines import agree, days_between
from pipelines.retellings.same_text import share
from pipelines.retellings.sketches import bands_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from contextlib import AbstractContextManager

    from pipelines.retellings.headlines import Candidate

JOINT_DAYS = 3
_REPOST_DAYS = 14
_SAME_TEXT = 0.8  # of runs of words shared
_SAME_STORY = 0.2
_SHORTEST = 5  # letters of a headline worth comparing
_TELLING = 12  # letters of a headline that only one release bears: 인사발령 is shorter
_UNKNOWN = 0.5


def joint_and_reposts(
    candidates: Iterable[Candidate],
    sparing: Callable[[Candidate], AbstractContextManager[None]] = lambda _: nullcontext(),
    *,
    fresh: Container[int] | None = None,
    text_of: Callable[[Candidate], str] = lambda candidate: candidate.text,
) -> list[Relation]:
    """Relate the articles of one section that are one release; nothing is merged.

    ``joint``: different ministries, one headline or text, at most three days apart (1,508 pairs, 2020 to
    2026). ``repost``: one ministry under two ids, one headline on one day or one text within two weeks.
    ``supersedes``: a repost whose earlier article the site no longer has, as after the restore of 2025-10.

    Args:
        candidates: articles of some days, with those of three days around each that is new among them.
        sparing: a context manager around each candidate, which may keep an error from the others.
        fresh: the articles that are new or changed; two others are not compared again. None: all are.
        text_of: reads the text of a candidate that has the headline or a band of another.

    Returns:
        Relations from the article published later to the earlier one, in whatever order they were archived.
    """
    known = {candidate.id: candidate for candidate in candidates}
    found = []
    for pair in sorted({*_same_headline(known.values()), *_same_text(known.values())}):
        if fresh is not None and not any(id_ in fresh for id_ in pair):
            continue
        earlier, later = sorted((known[id_] for id_ in pair), key=_published)
        with sparing(later):
            if relation := _relation(later, earlier, text_of):
                found.append(relation)
    return found


def _published(one: Candidate) -> tuple[str, int, str, int]:
    """Order releases as they were published; ids of the site are given in that order."""
    return one.published_at or "", len(one.native_id), one.native_id, one.id


def _same_headline(releases: Iterable[Candidate]) -> Iterator[tuple[int, int]]:
    """Pair equal headlines of neighbouring days, at low cost for headlines that recur daily."""
    groups: defaultdict[str, list[Candidate]] = defaultdict(list)
    for release in releases:
        if len(release.sketch.headline) >= _SHORTEST and release.day:
            groups[release.sketch.headline].append(release)
    for group in groups.values():
        group.sort(key=lambda candidate: candidate.day)
        for place, one in enumerate(group):
            for other in group[place + 1 :]:
                if (days_between(one.day, other.day) or 0) > JOINT_DAYS:
                    break
                yield min(one.id, other.id), max(one.id, other.id)


def _same_text(releases: Iterable[Candidate]) -> Iterator[tuple[int, int]]:
    """Pair texts that have a band in common; their words decide whether they are the same."""
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for release in releases:
        for band in bands_of(release.sketch.bands):
            groups[band].append(release.id)
    for group in groups.values():
        yield from combinations(sorted(group), 2)


def _relation(one: Candidate, other: Candidate, text_of: Callable[[Candidate], str]) -> Relation | None:
    days = days_between(other.day, one.day)
    if (one.site, one.section) != (other.site, other.section) or days is None:
        return None
    if abs(days) > max(_REPOST_DAYS, JOINT_DAYS):
        return None
    title = one.sketch.headline
    titled = title == other.sketch.headline
    text = share(text_of(one), text_of(other))
    worded = text is not None and text >= _SAME_TEXT
    named = titled and (len(title) >= _TELLING or (text or 0.0) >= _SAME_STORY)
    ours = one.organization == other.organization or bool(
        agree(one.organization, one.day, other.organization, other.day)
    )
    if ours and ((named and days == 0) or (worded and abs(days) <= _REPOST_DAYS)):
        kind = "supersedes" if other.gone else "repost"
    elif not ours and (named or worded) and abs(days) <= JOINT_DAYS:
        kind = "joint"
    else:
        return None
    said = (
        "same headline" if titled else "another headline",
        "same ministry" if ours else "another ministry",
        f"{abs(days)} days apart" if days else "same day",
        "no text to compare" if text is None else f"text {text:.0%} the same",
    )
    known = _UNKNOWN if text is None else text
    score = (1 + known) / 2 if titled else known
    return Relation(kind, one.id, other.id, round(score, 3), ", ".join(said))
