"""The end of a run: pending changes become versions, or are held back for another visit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.changes import pending
from archive.changes.first_looks import (
    are_lacking,
    bare_shares,
    doubtful_looks,
    looks_of,
    usual_texts,
    withhold,
    without_text,
)
from archive.changes.plausibility import PAGE_TEXT, doubtful
from archive.completeness.listings import count_listings, silent_lists
from archive.records import Failure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.articles.reextraction import Baseline
    from archive.store import Store

IMPLAUSIBLE = "implausible"
"""Kind of the one failure of a site whose changes are held back."""
NO_TEXT = "no_text"
"""Kind of the failure of an article whose page showed neither text, document, picture nor file."""
UNREAD = "its page shows no text; what its list shows stands in its place"
SILENT = "silent_list"
"""Kind of the one failure of a site with empty lists that nothing vouches for."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome of the pending changes of a site.

    Attributes:
        outcomes: how many articles were edited, upgraded or restored; of new ones, less those withheld.
        held: number of changes and new articles held back as implausible.
        detail: the reason in one line; None if none is held back.
        unread: number of articles stored as on their lists, because their pages showed no text.
    """

    outcomes: Counter[str]
    held: int = 0
    detail: str | None = None
    unread: int = 0


def settle(
    store: Store, site: str, now: str, *, finished: bool = True, baseline: Baseline | None = None
) -> Settled:
    """Judge the pending changes of the store's round at one site.

    Each change is settled in its own transaction: after a kill the rest is visited again.

    Args:
        store: open for writing, within the run.
        site: the site.
        now: the end of the round.
        finished: whether the crawl of the site was completed; otherwise nothing can be judged.
        baseline: re-extracts a stored article, as for :meth:`archive.store.Store.record_article`.
    """
    conn, outcomes = store.archive.conn, Counter[str]()
    rows = pending.rows_of(conn, store.run_id, site)
    changes = [pending.change_of(row, store.round) for row in rows]
    if not finished:
        doubts = {row["article_id"]: pending.CUT_SHORT for row in rows}
    else:
        doubts = doubtful(changes, pending.seen(conn, site, store.round))
    with store.archive.transaction():
        for article_id, reason in doubts.items():
            pending.hold(conn, article_id, reason)
    for row in rows:
        if row["article_id"] not in doubts:
            outcomes[store.release(row, baseline=baseline).outcome] += 1
    if not finished:
        return Settled(outcomes)
    held_texts = [change.after.get(PAGE_TEXT, "") for change in changes if change.article_id in doubts]
    withheld = _withhold_doubtful(store, site, held_texts)
    outcomes["new"] -= len(withheld)
    unread = _note_without_text(store, site, now)
    reasons = Counter([*doubts.values(), *withheld.values()]).most_common()
    if not reasons:
        _resolve(store, site)
        return Settled(outcomes, unread=unread)
    held = len(doubts) + len(withheld)
    detail = f"{held} articles are held back: " + "; ".join(reason for reason, _ in reasons[:3])
    store.record_failure(Failure(site, f"https://{site}/", IMPLAUSIBLE, detail, now))
    return Settled(outcomes, held, f"{site}: {detail}", unread)


def _withhold_doubtful(store: Store, site: str, held_texts: Sequence[str]) -> dict[int, str]:
    """Delete the implausible new articles of a site; return the reasons by row number.

    Args:
        store: open for writing, within the run.
        site: the site.
        held_texts: hashes of the texts of pages of known articles whose change is held back.
    """
    conn = store.archive.conn
    looks = looks_of(conn, store.run_id, site, store.round)
    usual = usual_texts(conn, store.run_id, looks)
    doubts = doubtful_looks(looks, usual, held_texts, bare_shares(conn, site, looks))
    with store.archive.transaction():
        for article_id in doubts:
            withhold(conn, article_id)
        if doubts:
            count_listings(conn)
    return doubts


def _note_without_text(store: Store, site: str, now: str) -> int:
    """Record a failure for each article whose page showed no text, to request it again; return the count."""
    found = without_text(store.archive.conn, store.run_id, site, store.round)
    for section, native_id, url in found:
        store.record_failure(Failure(site, url, NO_TEXT, UNREAD, now, section, native_id))
    return len(found)


def _resolve(store: Store, site: str) -> None:
    """Resolve the failure that changes of a site are held back."""
    left = store.archive.conn.execute(
        "SELECT 1 FROM pending_visits JOIN articles a ON a.id = article_id WHERE a.site = ?", (site,)
    ).fetchone()
    if left is None and not are_lacking(store.archive.conn, site):
        store.resolve_failure(f"https://{site}/", kind=IMPLAUSIBLE)


def vouch(store: Store, site: str, now: str) -> str | None:
    """Record one failure if empty lists of a site are not vouched for, and return it; else None."""
    detail = silent_lists(store.archive.conn, site, now)
    url = f"https://{site}/"
    if detail is None:
        store.resolve_failure(url, kind=SILENT)
        return None
    store.record_failure(Failure(site, url, SILENT, detail, now))
    return detail
