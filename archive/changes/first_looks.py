"""Plausibility of new articles: whether one run saw their own content, or a fault of their site.

A first look has no earlier state to compare with, so it is compared with its neighbours and the lists. An
implausible article is withheld: it is not stored, its page is kept as evidence, and it is visited again as a
new one. docs/changes.md states the rules for users.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from archive.changes.notices import is_notice
from archive.changes.plausibility import ALIKE
from archive.search import unindex_article
from archive.text.normalize import visible_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from archive.changes.rounds import Round

FEW, MANY = 3, 5  # looks alike that are doubted where they are most of the new ones, and in any case
CONFIRMED = timedelta(hours=12)  # after which, on another day, a page outweighs what the list shows
SETTLED = timedelta(days=7)  # after which several articles may share a text
UNUSUAL = 3  # times the usual share of articles without files, from which it is doubted
KNOWN = 200  # articles of a section that tell what is usual there
_ELSEWHERE = re.compile(r"첨부|붙임|별첨|참고|참조|내려받")  # a text that refers to a file
_POINTER = 300  # characters; a longer text has content of its own
_LETTERS = re.compile(r"\W+")

LOOKS = """
SELECT a.id, a.site, a.section, a.native_id, a.title, coalesce(a.organization, '') AS organization,
  coalesce(substr(a.published_at, 1, 10), '') AS day, t.body_text AS text,
  (SELECT sha256 FROM text_hashes h WHERE h.article_id = a.id AND h.source IN ('inline', 'api')) AS own,
  a.body_source IN ('inline', 'api') AS is_own, a.body_source IN ('lead', 'none') AND NOT (
  EXISTS (SELECT 1 FROM images p WHERE p.article_id = a.id)
    OR EXISTS (SELECT 1 FROM attachments f WHERE f.article_id = a.id)) AS is_empty,
  NOT EXISTS (SELECT 1 FROM attachments f WHERE f.article_id = a.id) AS lacks_files,
  a.layout LIKE 'generic%' AS is_guess,
  i.title AS listed_title, i.organization AS listed_organization, i.day AS listed_day,
  coalesce((SELECT min(h.fetched_at) FROM captures h WHERE h.url = c.url AND h.kind = 'held'), c.fetched_at)
    AS since, c.fetched_at
FROM versions v JOIN captures c ON c.id = v.capture_id JOIN runs r ON r.id = c.run_id
JOIN articles a ON a.id = v.article_id JOIN article_texts t ON t.article_id = a.id
LEFT JOIN listed_items i ON i.site = a.site AND i.section = a.section AND i.native_id = a.native_id
WHERE v.number = 1 AND v.kind = 'new' AND a.version = 1 AND a.state = 'live' AND a.site = :site
  AND a.layout NOT LIKE 'jekyll%' AND c.run_id > :judged AND c.run_id <= :run AND c.id > :after
  AND r.command = (SELECT command FROM runs WHERE id = :run)
"""
JUDGED = """
SELECT coalesce(max(id), 0) FROM runs WHERE id < :run
  AND command = (SELECT command FROM runs WHERE id = :run)
  AND outcome IN ('finished', 'partial', 'unrecognised', 'implausible')
"""
USUAL = """
SELECT DISTINCT h.sha256 FROM text_hashes h JOIN versions v ON v.article_id = h.article_id AND v.number = 1
LEFT JOIN captures c ON c.id = v.capture_id
WHERE h.sha256 IN (SELECT value FROM json_each(:texts)) AND coalesce(c.run_id, 0) <= :judged
"""

# Of the articles of a section stored before: how many there are, and how many came without files.
FILED = """
SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM attachments f WHERE f.article_id = k.id))
FROM (SELECT id FROM articles WHERE site = ? AND section = ? AND layout NOT LIKE 'jekyll%'
  AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?) k
"""

Doubts: TypeAlias = "dict[int, str]"


@dataclass(frozen=True, slots=True)
class Look:
    """The content of the first visit of an article.

    Attributes:
        text: the body; ``own`` is the hash of the page's own text, ``is_own`` whether that is the body.
        is_empty: whether the page has no text of its own, nor a document, a picture or a file.
        lacks_files: whether the page has no file.
        is_guess: whether the layout is unknown, so that the headline may be wrong.
        listed: values on the list, by field, where shown. ``changed`` is the day of the last change by a
            sitemap.
        since: when the page was first fetched and withheld, or else ``fetched_at``.
        fetched_at: when this page was fetched.
    """

    id: int
    section: str
    title: str
    organization: str
    day: str
    text: str
    own: str | None
    is_own: bool
    is_empty: bool
    lacks_files: bool
    is_guess: bool
    listed: Mapping[str, str]
    since: str
    fetched_at: str

    def contradicted(self) -> Iterator[str]:
        """Yield the fields that differ from the list; a shortened headline does not."""
        if "changed" in self.listed and self.day > self.listed["changed"]:
            yield "day"  # nothing is published after its last change
        shown_fields = [(name, shown) for name, shown in self.listed.items() if name != "changed"]
        for field, shown in shown_fields if not self.is_guess else ():
            ours, theirs = (_LETTERS.sub("", visible_text(text)) for text in (getattr(self, field), shown))
            if ours and theirs and ours not in theirs and theirs not in ours:
                yield field

    def lasted(self, least: timedelta) -> bool:
        """Return whether the same page was withheld on an earlier day, long enough before."""
        return _lie_apart(self.since, self.fetched_at, least)

    def is_confirmed(self, field: str) -> bool:
        """Return whether another day confirms a field against the list, but no date that is always today."""
        moves = field == "day" and self.day == self.fetched_at[: len(self.day)]
        return self.lasted(CONFIRMED) and not moves


def looks_of(conn: sqlite3.Connection, run_id: int | None, site: str, together: Round) -> list[Look]:
    """Return the first looks of a round at one site, and those of earlier runs that were not judged."""
    values = {"site": site, "run": run_id, "judged": _judged(conn, run_id), "after": together.after}
    looks = []
    for row in conn.execute(LOOKS, values).fetchall():
        known = dict(row)
        key = (known.pop("site"), known["section"], known.pop("native_id"))
        listed = {field: known.pop(f"listed_{field}") for field in ("title", "organization", "day")}
        listed |= together.listed.get(key, {})
        looks.append(Look(**known, listed={field: value for field, value in listed.items() if value}))
    return looks


def usual_texts(conn: sqlite3.Connection, run_id: int | None, looks: Sequence[Look]) -> set[str]:
    """Return the texts of pages that articles of earlier runs have too: a caption, a standard remark."""
    texts = json.dumps(sorted({look.own for look in looks if look.own}))
    rows = conn.execute(USUAL, {"texts": texts, "judged": _judged(conn, run_id)})
    return {sha256 for (sha256,) in rows}


def bare_shares(conn: sqlite3.Connection, site: str, looks: Sequence[Look]) -> dict[str, float]:
    """Return the usual share of articles without files, by section, from those stored before the looks.

    One more without is assumed, so that few articles prove no rule: of none the share is 1.
    """
    new = json.dumps([look.id for look in looks])
    found = {}
    for section in {look.section for look in looks}:
        known, bare = conn.execute(FILED, (site, section, new, KNOWN)).fetchone()
        found[section] = (bare + 1) / (known + 1)
    return found


def doubtful_looks(
    looks: Sequence[Look], usual: set[str], doubted: Sequence[str], shares: Mapping[str, float]
) -> Doubts:
    """Return the first looks of one site to withhold, each with the reason.

    Args:
        looks: all first looks of the round.
        usual: texts that articles of earlier runs have too.
        doubted: the texts of pages, one each, of known articles whose change is held back.
        shares: the usual share of articles without files, by section.
    """
    found: Doubts = {}
    for look in looks:
        if look.is_own and is_notice(look.text, look.title):
            found[look.id] = "a notice stands in the place of the text"
    notices = {look.own for look in looks if look.id in found}
    found |= {look.id: "its page shows the notice" for look in looks if look.own and look.own in notices}
    empty = [look for look in looks if look.is_empty]
    if len(empty) >= ALIKE:
        found |= dict.fromkeys((look.id for look in empty), f"{len(empty)} new articles have no text")
    bare = [look for look in empty if not look.text.strip() and not look.lasted(CONFIRMED)]
    found |= {look.id: "its page has nothing to read" for look in bare if look.id not in found}
    for look, alike in _same_texts(looks, usual):
        known = sum(text == look.own for text in doubted)
        if (_are_many(look, alike, looks) or known) and not look.lasted(SETTLED):
            found.setdefault(look.id, f"{len(alike) + known} articles show the same text")
    for doubts in (_contradicted(looks), _lacking_files(looks, shares)):
        found = doubts | found
    return found


def withhold(conn: sqlite3.Connection, article_id: int) -> None:
    """Delete a withheld article; its page is kept as evidence, an article that it replaced is restored."""
    for (old_id,) in conn.execute("SELECT id FROM articles WHERE superseded_by_id = ?", (article_id,)):
        conn.execute(
            "DELETE FROM versions WHERE article_id = ? AND kind = 'superseded'"
            " AND number = (SELECT version FROM articles WHERE id = article_id)",
            (old_id,),
        )
        conn.execute(
            "UPDATE articles SET superseded_by_id = NULL, state = 'gone', version = version - 1 WHERE id = ?",
            (old_id,),
        )
    conn.execute(
        "UPDATE captures SET kind = 'held' WHERE kind = 'detail'"
        " AND id = (SELECT capture_id FROM articles WHERE id = ?)",
        (article_id,),
    )
    conn.execute(
        "UPDATE runs SET articles_new = articles_new - 1 WHERE id = (SELECT c.run_id FROM captures c"
        " JOIN articles a ON a.capture_id = c.id WHERE a.id = ?)",
        (article_id,),
    )
    unindex_article(conn, article_id)
    conn.execute("DELETE FROM articles WHERE id = ?", (article_id,))


WITHOUT_TEXT = """
SELECT a.site, a.section, a.native_id, a.url, a.first_seen_at, a.checked_at FROM articles a
WHERE a.site = :site AND a.state = 'live' AND a.body_source IN ('lead', 'none') AND a.version = 1
  AND (a.id IN (SELECT value FROM json_each(:visited)) OR EXISTS (SELECT 1 FROM versions v
    JOIN captures c ON c.id = v.capture_id WHERE v.article_id = a.id AND c.run_id = :run AND c.id > :after))
  AND a.layout NOT LIKE 'jekyll/%'
  AND NOT EXISTS (SELECT 1 FROM images p WHERE p.article_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM attachments f WHERE f.article_id = a.id)
"""


def without_text(
    conn: sqlite3.Connection, run_id: int | None, site: str, together: Round
) -> list[tuple[str, str, str]]:
    """Return the articles of a round whose pages showed no text, unless another day confirmed that.

    Such an article is stored as its list shows it, and requested again; a post has no page. Returns
    section, native id and URL of each.
    """
    values = {"site": site, "run": run_id, "after": together.after}
    values["visited"] = json.dumps(sorted(together.visited))
    return [
        (row["section"], row["native_id"], row["url"])
        for row in conn.execute(WITHOUT_TEXT, values)
        if not _lie_apart(row["first_seen_at"], row["checked_at"], CONFIRMED)
    ]


def are_lacking(conn: sqlite3.Connection, site: str) -> bool:
    """Return whether an article of a site was withheld and has not been stored since."""
    lacking = conn.execute(
        "SELECT 1 FROM captures c WHERE c.kind = 'held' AND c.url LIKE '%' || ? || '/%'"
        " AND NOT EXISTS (SELECT 1 FROM article_urls u WHERE u.url = c.url)",
        (site,),
    )
    return lacking.fetchone() is not None


def _same_texts(looks: Sequence[Look], usual: set[str]) -> Iterator[tuple[Look, list[Look]]]:
    """Yield each look whose page's text occurs under other headlines, with those."""
    groups: dict[str, list[Look]] = {}
    for look in looks:
        points_elsewhere = len(look.text) <= _POINTER and _ELSEWHERE.search(look.text)
        if look.own and look.is_own and look.own not in usual and not points_elsewhere:
            groups.setdefault(look.own, []).append(look)
    for alike in groups.values():
        by_title = {visible_text(look.title): look for look in alike}  # twins are issued by two ministries
        yield from ((look, list(by_title.values())) for look in alike)


def _contradicted(looks: Sequence[Look]) -> Doubts:
    """Return looks that the lists contradict: most articles, one value for several, or two fields of one."""
    found: Doubts = {}
    groups: dict[str, list[Look]] = {}
    for look in looks:
        fields = list(look.contradicted())
        for field in fields:
            groups.setdefault(field, []).append(look)
        if len(fields) > 1 and not all(look.is_confirmed(field) for field in fields):
            found[look.id] = f"the list shows another {' and '.join(fields)}"
    for field, alike in groups.items():
        for look in alike:
            same = [other for other in alike if getattr(other, field) == getattr(look, field)]
            if (_are_many(look, alike, looks) or len(same) > 1) and not look.is_confirmed(field):
                found.setdefault(look.id, f"the lists show another {field} of {len(alike)} new articles")
    return found


def _lacking_files(looks: Sequence[Look], shares: Mapping[str, float]) -> Doubts:
    """Return looks without files, where several of a section lack them and much more often than usual."""
    found: Doubts = {}
    for section, share in shares.items():
        here = [look for look in looks if look.section == section]
        bare = [look for look in here if look.lacks_files]
        if len(bare) >= FEW and len(bare) > UNUSUAL * share * len(here):
            reason = f"{len(bare)} new articles have no files, which those of their section usually have"
            found |= {look.id: reason for look in bare if not look.lasted(CONFIRMED)}
    return found


def _are_many(look: Look, alike: Sequence[Look], looks: Sequence[Look]) -> bool:
    """Return whether similar looks are too many: most new ones of the section or site, or MANY."""
    here = sum(other.section == look.section for other in alike)
    section = sum(other.section == look.section for other in looks)
    most = (here >= FEW and here * 2 > section) or (len(alike) >= FEW and len(alike) * 2 > len(looks))
    guessed = look.is_guess and len(alike) >= ALIKE  # what a layout has in common is no text of an article
    return most or guessed or len(alike) >= MANY


def _lie_apart(first: str, last: str, least: timedelta) -> bool:
    """Return whether two times are on different days, and far enough apart."""
    one, other = datetime.fromisoformat(first), datetime.fromisoformat(last)
    return one.date() < other.date() and other - one >= least


def _judged(conn: sqlite3.Connection, run_id: int | None) -> int:
    """Return the last earlier run of the same command whose first looks were judged."""
    (last,) = conn.execute(JUDGED, {"run": run_id}).fetchone()
    return int(last)
