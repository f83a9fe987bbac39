"""The store: all writes to the archive, of runs, captures, articles, listings and failures.

Every method that writes is one transaction, or joins the caller's; a process killed at any instant leaves
what was committed and nothing half.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from archive import runs
from archive.articles import gone
from archive.articles import lifecycle as state
from archive.articles import write as store_article
from archive.articles.compare import (
    compare,
    fingerprint,
    is_degraded,
    is_degraded_layout,
    text_hashes,
)
from archive.articles.held import HeldArticle, held_article
from archive.articles.load import load_known
from archive.articles.reextraction import plan, write
from archive.articles.relations import write_relations
from archive.captures.store import Captures
from archive.changes import pending
from archive.changes.lapses import ends_lapse
from archive.changes.rounds import Round
from archive.completeness import failures
from archive.completeness.listings import close_listings, write_listing
from archive.organizations import write_organizations
from archive.records import Failure

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from archive.articles.compare import Comparison, Known
    from archive.articles.reextraction import Baseline, Rewrite
    from archive.database import Archive
    from archive.records import Article, Capture, Listing, Organization, Relation

Links: TypeAlias = "Sequence[tuple[str, int]]"
Outcome = Literal["new", "unchanged", "edited", "upgraded", "restored", "pending"]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one visit."""

    article_id: int
    outcome: Outcome
    changed: tuple[str, ...] = ()


class Store:
    """Write one archive.

    Args:
        archive: opened with :meth:`Archive.create_or_open`.
        now: gives the time, ISO 8601 with offset.
        run_id: the run that everything written belongs to.
        keep_files: whether bytes of attachments go to the folder of files, or only their hash is kept.
        holds: whether changes of known articles wait for the end of the run, when
            :func:`archive.changes.settlement.settle` judges them, instead of becoming versions at once.
        together: the round that its visits belong to; a new one where none is given.

    Attributes:
        round: the visits that are judged together.
        holds: as given.
        alive: sections whose lists showed articles in this run, of whatever day, by site and name.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        now: Callable[[], str],
        run_id: int | None = None,
        keep_files: bool = True,
        holds: bool = False,
        together: Round | None = None,
    ) -> None:
        self.archive = archive
        self.run_id = run_id
        self.round = together or Round()
        self.captures = Captures(archive.conn, archive.files, keep_files=keep_files)
        self._conn = archive.conn
        self.now = now
        self._folder = archive.files if keep_files else None
        self.holds = holds
        self.alive: set[tuple[str, str]] = set()

    def begin_run(self, command: str, arguments: Mapping[str, Any]) -> int:
        """Open a run; what is written from here on belongs to it."""
        with self.archive.transaction():
            self.run_id = runs.begin(self._conn, command, arguments, self.now())
        return self.run_id

    def end_run(self, outcome: str, exit_code: int, requests: int = 0) -> None:
        """Close the run with its outcome; the counts of articles are taken from what it wrote."""
        with self.archive.transaction():
            runs.end(self._conn, self.run_id, outcome, exit_code, requests, self.now())

    def seed_organizations(self, organizations: Iterable[Organization]) -> None:
        """Bring the table of ministries and agencies to the given state; row numbers stay."""
        with self.archive.transaction():
            write_organizations(self._conn, tuple(organizations))

    def held(self, site: str, section: str, native_id: str) -> HeldArticle | None:
        """Return what is held of one article; None when nothing is."""
        return self.held_many(site, section, [native_id]).get(native_id)

    def held_many(self, site: str, section: str, native_ids: Iterable[str]) -> dict[str, HeldArticle]:
        """Return what is held of many articles of one section, by native id."""
        rows = state.held_rows(self._conn, site, section, list(native_ids))
        return {row["native_id"]: held_article(row) for row in rows}

    def is_redacted(self, site: str, section: str, native_id: str) -> bool:
        """Return whether an article, or its contacts, were redacted."""
        return state.is_redacted(self._conn, site, section, native_id)

    def record_capture(self, capture: Capture) -> int:
        """Store one capture; equal bytes are stored once, those of attachments in the folder of files."""
        with self.archive.transaction():
            return self.captures.write(capture, self.run_id)

    def record_article(
        self,
        article: Article,
        capture_id: int | None,
        *,
        urls: Sequence[str] = (),
        captures: Links = (),
        baseline: Baseline | None = None,
        hinted: bool = False,
        is_judged: bool = False,
    ) -> Saved:
        """Store one visit whole, in one transaction.

        Args:
            article: what the visit read; attachments may carry their bytes.
            capture_id: capture of the detail page.
            urls: other URLs under which it was met.
            captures: what else the fields were read from: ("list", id) for the lead, ("viewer", id).
            baseline: re-extracts the article from the captures and files held; called only when something
                changed. An edit is believed only if today's parser sees it between the old bytes and the
                new, so that a better parser is never taken for one. Also used when a file held could not be
                fetched this time.
            hinted: whether the list itself showed that the article had changed.
            is_judged: whether the archive that the visit comes from judged it already.

        Returns:
            new, restored (it was gone), edited (a new version), upgraded (better text or files, no version),
            pending (a change that waits for the end of the run) or unchanged. A redacted article stays
            redacted: unchanged.
        """
        key = (article.site, article.section, article.native_id)
        row = state.find(self._conn, *key)
        if row is not None and self.is_redacted(*key):
            return Saved(row["id"], "unchanged")
        article = replace(article, attachments=store_article.keep_contents(article, self._folder))
        with self.archive.transaction():
            if row is None:
                saved = self._insert(article, capture_id, captures)
            else:
                is_copy = row["layout"].startswith("jekyll")  # what the site itself shows replaces it
                holds = self.holds and not is_judged and not is_copy
                saved = self._update(row, article, capture_id, captures, baseline, hinted, holds)
            store_article.mark_tried(self._conn, saved.article_id, self.now())
            store_article.write_urls(self._conn, saved.article_id, (article.canonical_url, *urls), self.now())
            failures.resolve_article(self._conn, article, urls, self.run_id, self.now())
        return saved

    def rewrite(self, article_id: int, article: Article) -> tuple[str, ...]:
        """Store a re-extracted article, never as a version; return the fields that changed."""
        rewrite = plan(self._conn, article_id, article)
        if rewrite is None:
            return ()
        self.apply(rewrite)
        return rewrite.fields

    def apply(self, rewrite: Rewrite) -> None:
        """Store a re-extraction that was planned on the present rows."""
        with self.archive.transaction():
            write(self._conn, rewrite.article_id, rewrite.old, rewrite.new, self.now())
            store_article.write_hashes(self._conn, rewrite.article_id, rewrite.hashes)

    def record_unchanged(self, article_id: int, capture: Capture | None = None) -> None:
        """Record a check that found nothing new: a 304, or a page that says what it said before.

        Of the latest such check the headers (the validators) and the hash are kept.
        """
        with self.archive.transaction():
            self._mark_checked(article_id)
            pending.drop(self._conn, article_id)
            if capture is not None:
                capture_id = self.captures.write(capture, self.run_id, hash_only=True)
                state.link_check(self._conn, article_id, capture_id)

    def record_missing(
        self,
        site: str,
        section: str,
        native_id: str,
        capture_id: int | None,
        detail: str,
        *,
        absent_from_list: bool = False,
        listed: bool = False,
    ) -> bool:
        """Record a response of a healthy site that says an article is not there; True when it is proved gone.

        Proof (``archive.articles.gone``): the list of its day, read whole in this run, lacks it as well (the
        archive looks that up; ``absent_from_list`` says so of lists that it does not keep, such as a whole
        sitemap); or the status is 410; or several runs got such responses. An article whose proof is
        short of the list alone is looked at again by :meth:`close_listings`. One that this run's lists show
        (``listed``) is not gone, whatever its page answers: one witness does not outweigh another.
        """
        with self.archive.transaction():
            row = state.find(self._conn, site, section, native_id)
            if row is None or row["state"] != "live":
                return False
            gone.count_missing(self._conn, row, self.run_id, self.now())
            self.round.visited.add(row["id"])
            if not listed and self._settle(row["id"], capture_id, absent_from_list=absent_from_list):
                return True
            url, seen_at = row["url"], self.now()
            self.record_failure(Failure(site, url, "gone_unproven", detail, seen_at, section, native_id))
            return False

    def record_listing(self, listing: Listing) -> None:
        """Store one section and day as its list showed it; counts are taken from the archive itself."""
        with self.archive.transaction():
            write_listing(self._conn, listing, self.run_id, self.alive)
            if listing.read_whole:
                failures.resolve_day(self._conn, listing.site, listing.section, listing.day, self.now())

    def close_listings(self) -> None:
        """Recount every listing of this run and decide which missing articles are gone."""
        with self.archive.transaction():
            for article_id in gone.pending_missing(self._conn, self.run_id):
                self._settle(article_id, None)
            close_listings(self._conn, self.run_id, self.alive)

    def record_failure(self, failure: Failure) -> None:
        """Store a failure; the same one again counts one more attempt a run."""
        with self.archive.transaction():
            failures.record(self._conn, failure, self.run_id)

    def resolve_failure(self, url: str, *, kind: str | None = None) -> None:
        """Resolve the failures of a URL, of one kind or all: it now answers as it should."""
        with self.archive.transaction():
            failures.resolve_url(self._conn, url, self.now(), kind=kind)

    def resolve_lists(self, host: str) -> None:
        """Resolve the failures of a host's lists and sitemaps: this run read all that it was to read."""
        with self.archive.transaction():
            failures.resolve_lists(self._conn, host, self.run_id, self.now())

    def supersede(self, old_article_id: int, new_article_id: int, score: float, reason: str) -> None:
        """Link an article to the one under whose id the site re-issued it."""
        with self.archive.transaction():
            state.supersede(self._conn, old_article_id, new_article_id, score, reason, self.now())

    def relate(self, relations: Iterable[Relation]) -> None:
        """Store relations between articles; a known pair gets the new score and reason."""
        with self.archive.transaction():
            write_relations(self._conn, relations)

    def _insert(self, article: Article, capture_id: int | None, captures: Links) -> Saved:
        now, hashes = self.now(), text_hashes(article)
        mark = fingerprint(article, hashes)
        article_id = store_article.insert_article(self._conn, article, mark, now, capture_id)
        write(self._conn, article_id, None, article, now)
        store_article.write_hashes(self._conn, article_id, hashes)
        state.begin_history(self._conn, article_id, now, capture_id, captures, mark)
        old_id = gone.find_reissue(self._conn, article_id)
        if old_id is not None:
            state.supersede(self._conn, old_id, article_id, *gone.REISSUED, now)
        runs.count(self._conn, self.run_id, "articles_new")
        return Saved(article_id, "new")

    def _update(
        self,
        row: sqlite3.Row,
        article: Article,
        capture_id: int | None,
        captures: Links,
        baseline: Baseline | None,
        hinted: bool,
        holds: bool,
    ) -> Saved:
        now, article_id = self.now(), int(row["id"])
        self._mark_checked(article_id)
        if is_degraded(article) and not is_degraded_layout(row["layout"]):
            return Saved(article_id, "unchanged")
        known = load_known(self._conn, article_id)
        result = compare(known, article)
        if result.changed and self._rebase(article_id, baseline):
            known = load_known(self._conn, article_id)
            result = compare(known, article)
        if holds and capture_id is not None and pending.replaces(known, result, article):
            before, after = pending.differing(known, result, article)
            visit = pending.Visit(article, tuple(captures), hinted, before, after)
            pending.put(self._conn, article_id, self.run_id, now, capture_id, visit, result.changed)
            return Saved(article_id, "pending", result.changed)
        pending.drop(self._conn, article_id)
        return self._change(row, known, result, capture_id, captures, baseline, now)

    def release(self, waiting: sqlite3.Row, *, baseline: Baseline | None = None) -> Saved:
        """Accept a pending visit, a row of ``pending_visits``: its changes become a version.

        ``baseline`` as for :meth:`record_article`.
        """
        visit, article_id = pending.visit_of(waiting), int(waiting["article_id"])
        with self.archive.transaction():
            row = state.row_of(self._conn, article_id)
            pending.believe(self._conn, article_id, waiting["capture_id"])
            known = load_known(self._conn, article_id)
            result = compare(known, visit.article)
            links = (waiting["capture_id"], visit.captures)
            return self._change(row, known, result, *links, baseline, waiting["seen_at"])

    def _change(
        self,
        row: sqlite3.Row,
        known: Known,
        result: Comparison,
        capture_id: int | None,
        captures: Links,
        baseline: Baseline | None,
        now: str,
    ) -> Saved:
        """Write what a visit means for a known article."""
        article_id = int(row["id"])
        write(self._conn, article_id, known.article, result.article, now)
        store_article.write_hashes(self._conn, article_id, result.hashes)
        state.link_captures(self._conn, article_id, capture_id, () if result.sees_less else captures)
        if result.lost_files:
            self._rebase(article_id, baseline)
        restored = row["state"] in ("gone", "superseded")
        mark = fingerprint(result.article, result.hashes)
        if result.changed and not restored and ends_lapse(self._conn, known.article, article_id, mark, now):
            return Saved(article_id, "upgraded", result.changed)
        if restored or result.changed:
            state.add_version(
                self._conn,
                article_id,
                "restored" if restored else "edit",
                now,
                capture_id,
                fingerprint=mark,
                changed=result.changed,
                earlier=result.earlier,
            )
            runs.count(self._conn, self.run_id, "articles_changed")
            return Saved(article_id, "restored" if restored else "edited", result.changed)
        before, after = known.article, result.article
        better = before.body_source != after.body_source or before.attachments != after.attachments
        return Saved(article_id, "upgraded" if better else "unchanged")

    def _mark_checked(self, article_id: int) -> None:
        state.mark_checked(self._conn, article_id, self.now())
        self.round.visited.add(article_id)

    def _rebase(self, article_id: int, baseline: Baseline | None) -> bool:
        """Re-extract the row from the captures and files held; True if it changed."""
        fresh = baseline(article_id) if baseline else None
        return fresh is not None and bool(self.rewrite(article_id, fresh))

    def _settle(self, article_id: int, capture_id: int | None, *, absent_from_list: bool = False) -> bool:
        url = gone.settle_missing(
            self._conn, article_id, capture_id, self.now(), absent_from_list=absent_from_list
        )
        if url is None:
            return False
        runs.count(self._conn, self.run_id, "articles_gone")
        pending.drop(self._conn, article_id)
        failures.resolve_gone(self._conn, article_id, self.now())
        return True
