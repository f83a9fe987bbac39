"""Run a crawl: one process, one archive, both sites side by side."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archive import runs
from archive.articles.relations import unrelated
from archive.changes.settlement import settle, vouch
from archive.database import Archive
from archive.errors import Unreachable
from archive.integrity.interrupted import INTERRUPTED, interruption_noted
from archive.integrity.wrong_clock import remove_future_times
from archive.records import KOREA, NEWSDAO
from archive.store import Store
from crawler.extraction.from_captures import Reextractor
from crawler.http.mirror import check_mirror
from crawler.run.clock import Clock
from crawler.run.interruption import interruptible
from crawler.run.resources import check_resources
from crawler.run.scope import Job
from crawler.settings import settings_for
from crawler.spiders.korea_kr import KoreaSpider
from crawler.spiders.newsdao import NewsdaoSpider
from crawler.spiders.open_api import OpenApiSpider, service_key
from pipelines import bounded, organizations
from pipelines.attachments.worker import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from crawler.run.scope import CrawlScope
    from crawler.spiders.base import ArticleSpider

SPIDERS: dict[str, type[ArticleSpider]] = {KOREA: KoreaSpider, NEWSDAO: NewsdaoSpider}
DRIFTED = 3  # generic pages that, being as many as known ones, mean that a site has changed


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a crawl ended.

    Attributes:
        exit_code: 0 all accounted for, 1 some failed and are recorded, 2 structure not recognised or changes
            held back, 3 blocked or out of service, 65 the archive cannot be written, 130 interrupted.
        outcome: finished, partial, unrecognised, implausible, blocked, out of service, unreachable,
            interrupted or failed.
        detail: why, in one line; None when all is well.
        tally: counts.
        requests: HTTP requests made.
    """

    exit_code: int
    outcome: str
    detail: str | None
    tally: Mapping[str, int]
    requests: int


def crawl(
    db: Path,
    wanted: CrawlScope,
    *,
    mirror: str | None = None,
    delay: float = 1.0,
    today: datetime | None = None,
    keep_files: bool = True,
    undo_wrong_clock: bool = False,
    arguments: Mapping[str, Any] | None = None,
    watch: Callable[[Job], None] | None = None,
) -> Outcome:
    """Bring an archive up to date.

    Args:
        db: the archive; made when missing.
        wanted: sections, days and limits.
        mirror: server that receives the requests to every host.
        delay: seconds between two requests to a host.
        today: the time to take for now.
        keep_files: whether the bytes of attachments are kept.
        undo_wrong_clock: whether to undo first what a run with a clock that ran ahead wrote.
        arguments: of the command, to be kept with the run.
        watch: called with the job before it starts, for a display of progress.

    Raises:
        UsageError: a day requested has not happened yet.
        Unreachable: the mirror does not answer; an archive that is there holds the run, none is made.
        ArchiveError: another run holds the archive, or it is damaged.
        MachineError: the archive cannot be written; or the machine gives too few open files or too little
            memory, and the archive is not touched.
    """
    check_resources()
    wanted.refuse_days_to_come(Clock(today).moment().date())
    if mirror:
        _check(mirror, db, Clock(today), arguments)
    with ExitStack() as stack:
        archive = stack.enter_context(Archive.create_or_open(db))
        stack.enter_context(archive.hold())
        if undo_wrong_clock:
            with archive.transaction():
                remove_future_times(archive.conn, Clock(today).now())
        clock = Clock(today, runs.latest_time(archive.conn))
        reader = stack.enter_context(Reader())
        stack.callback(bounded.close)
        store = Store(archive, now=clock.now, keep_files=keep_files, holds=True)
        store.seed_organizations(organizations.load())
        store.begin_run("crawl", arguments or {})
        stack.enter_context(interruption_noted(store))
        job = Job(wanted, store, reader, clock, Reextractor(archive, reader.read))
        if watch:
            watch(job)
        requests = _run_spiders(job, settings_for(mirror=mirror, delay=delay))
        store.close_listings()
        _settle(job)
        if not job.interrupted:
            _relate(store)
        job.tally["gone"] = runs.articles_gone(archive.conn, store.run_id)
        result = _outcome(job, requests)
        store.end_run(result.outcome, result.exit_code, requests)
        return result


def _check(mirror: str, db: Path, clock: Clock, arguments: Mapping[str, Any] | None) -> None:
    """Raise Unreachable when a mirror is dead, and keep that as a run for those who watch the archive."""
    try:
        check_mirror(mirror)
    except Unreachable:
        if db.exists():
            with Archive.create_or_open(db) as archive, archive.hold():
                store = Store(archive, now=clock.now)
                store.begin_run("crawl", arguments or {})
                store.end_run("unreachable", Unreachable.exit_code)
        raise


def _run_spiders(job: Job, settings: Mapping[str, Any]) -> int:
    """Run the spiders of the sites wanted until all have ended; return the number of requests."""
    process = AsyncCrawlerProcess(Settings(dict(settings)))
    crawlers = [process.create_crawler(spider) for spider in _spiders(job.wanted)]
    running = [process.crawl(crawler, job=job) for crawler in crawlers]
    with interruptible(job):
        process.start(install_signal_handlers=False)
    stats = [crawler.stats for crawler in crawlers if crawler.stats]
    if job.interrupted:
        job.unfinished |= {section.site for section in job.wanted.sections}
    else:
        for task in running:
            task.result()
    job.ended |= {str(values.get_value("finish_reason")) for values in stats}
    return sum(int(values.get_value("downloader/request_count", 0)) for values in stats)


def _spiders(wanted: CrawlScope) -> list[type[ArticleSpider]]:
    sites = dict.fromkeys(section.site for section in wanted.sections)
    spiders: list[type[ArticleSpider]] = [SPIDERS[site] for site in sites]
    return [*spiders, OpenApiSpider] if KOREA in sites and service_key() else spiders


def _outcome(job: Job, requests: int) -> Outcome:
    tally = job.tally
    if job.interrupted:
        return Outcome(INTERRUPTED, "interrupted", None, tally, requests)
    if job.broken:
        return Outcome(job.broken.exit_code, "failed", str(job.broken), tally, requests)
    if job.blocked:
        return Outcome(3, "blocked", "; ".join(job.blocked.values()), tally, requests)
    if tally["generic"] >= max(DRIFTED, tally["recognised"]):
        detail = f"{tally['generic']} articles were read generically: a site has changed its pages"
        return Outcome(2, "unrecognised", detail, tally, requests)
    if job.implausible:
        return Outcome(2, "implausible", "; ".join(job.implausible.values()), tally, requests)
    if job.unrecognised:
        if all(any(site in line for site in job.notices) for line in job.unrecognised):
            notices = (f"{site} says: {notice[:80]}" for site, notice in job.notices.items())
            return Outcome(3, "out of service", "; ".join(notices), tally, requests)
        return Outcome(2, "unrecognised", job.unrecognised[0], tally, requests)
    if not job.ended <= {"finished"}:
        return Outcome(1, "interrupted", f"ended early: {', '.join(sorted(job.ended))}", tally, requests)
    if tally["failures"] or tally["failed"]:
        return Outcome(1, "partial", f"{tally['failures']} failures are recorded", tally, requests)
    return Outcome(0, "finished", None, tally, requests)


def _settle(job: Job) -> None:
    """Judge what changed: edits become versions, one trouble of a site does not."""
    for site in dict.fromkeys(section.site for section in job.wanted.sections):
        settled = settle(
            job.store, site, job.now(), finished=site not in job.unfinished, baseline=job.baseline
        )
        job.tally.update(settled.outcomes)
        job.tally["held"] += settled.held
        job.tally["failures"] += settled.unread
        if settled.detail:
            job.implausible[site] = settled.detail
        if not job.interrupted and vouch(job.store, site, job.now()):
            job.tally["failures"] += 1


def _relate(store: Store) -> None:
    """Relate what came since that was last done; a run that finds nothing is spared the loading."""
    if unrelated(store.archive.conn):
        from crawler.linking import relate

        relate(store)
