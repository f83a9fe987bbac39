"""``briefing crawl``: bring the archive up to date."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import click

from archive.database import Archive
from archive.errors import ArchiveError, UsageError, machine_error
from archive.records import KOREA, NEWSDAO
from briefing.options import (
    db_option,
    delay_option,
    given_day,
    given_hours,
    is_within,
    mirror_option,
    names_in,
    refuse_missing,
    today_option,
)
from briefing.progress import SHOWN, Display, duration
from crawler.run.clock import Clock, read_moment
from crawler.run.estimate import estimate
from crawler.run.scope import CrawlScope
from crawler.sites.sections import SECTIONS, chosen_sections
from pipelines.organizations import names_meant

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

OF_SINGLE_REQUESTS = ("scrapy.downloadermiddlewares", "scrapy.core.downloader")


@click.command("crawl")
@click.argument("sites", nargs=-1, metavar="[SITE]...")
@click.option(
    "--since", callback=given_day, metavar="DAY", help="First day, YYYY-MM-DD; without it what is due."
)
@click.option(
    "--until", callback=given_day, metavar="DAY", help="Last day; today when only --since is given."
)
@click.option(
    "--section",
    "sections",
    multiple=True,
    metavar="NAME",
    help=f"Only these sections, repeated or with commas: {', '.join(s.name for s in SECTIONS)}."
    f" Without it all but {' and '.join(s.name for s in SECTIONS if not s.by_default)}.",
)
@click.option(
    "--organization",
    "organizations",
    multiple=True,
    metavar="NAME",
    help="Only articles that korea.kr lists under these ministries, by any name of theirs, e.g. 재경부.",
)
@click.option(
    "--hours",
    callback=given_hours,
    metavar="FIRST-LAST",
    help="Only in these hours of Korean time, e.g. 6-21; at other hours exit at once.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Fetch at most N articles.")
@click.option("--oldest-first", is_flag=True, help="Start with the earliest day instead of the latest.")
@mirror_option
@delay_option
@click.option("--no-files", is_flag=True, help="Keep text and hash of attachments, not their bytes.")
@click.option(
    "--undo-wrong-clock",
    is_flag=True,
    help="First undo what a run with a clock that ran ahead wrote: days and times in the future.",
)
@click.option(
    "--dry-run", is_flag=True, help="Print how many requests and hours it would take; request nothing."
)
@today_option
@db_option
def command(
    sites: tuple[str, ...],
    since: date | None,
    until: date | None,
    sections: tuple[str, ...],
    organizations: tuple[str, ...],
    hours: range | None,
    limit: int | None,
    oldest_first: bool,
    mirror: str | None,
    delay: float,
    no_files: bool,
    undo_wrong_clock: bool,
    dry_run: bool,
    today: str | None,
    db: Path,
) -> int:
    """Bring the archive up to date with korea.kr and newsdao.kr.

    SITE is one of the two; without it both are crawled. Without --since and --until the crawl fetches what is
    due: the lists of the last days and of every day that is not complete, new articles, and known articles
    whose re-check is due. With them it fetches exactly those days; an interrupted backfill continues where it
    stopped.

    Exit codes: 0 all accounted for, 1 some items failed and are recorded for the next run, 2 a site's
    structure is not recognised, 3 blocked or unreachable, 64 usage, 75 another run holds the archive.

    \b
    Example:
      briefing crawl korea.kr --section press,policy --since 2026-07-13 --until 2026-07-15
    """
    from crawler.run.crawl import crawl  # Scrapy takes its time to load, and help is to answer at once

    names, asked = names_in(sections), names_in(organizations)
    if asked and NEWSDAO in sites:
        raise UsageError("--organization: the lists of newsdao.kr name no ministry")
    wanted = CrawlScope(
        chosen_sections((KOREA,) if asked else sites, names),
        since=since,
        until=until,
        limit=limit,
        oldest_first=oldest_first,
        ministries=frozenset().union(*map(names_meant, asked)),
    )
    moment = read_moment(today) if today else None
    if not is_within(hours, Clock(moment).moment().hour):
        click.echo(f"not now: it is {Clock(moment).moment():%H:%M} in Korea")
        return 0
    if dry_run:
        wanted.refuse_days_to_come(Clock(moment).moment().date())
        click.echo(_estimated(wanted, db, Clock(moment).moment().date(), delay))
        return 0
    arguments = {
        "sites": sites,
        "sections": names,
        "organizations": asked,
        "since": since and since.isoformat(),
        "until": until and until.isoformat(),
        "limit": limit,
        "mirror": mirror,
        "delay": delay,
        "today": today,
    }
    _log_to_stderr()
    with Display() as display:
        outcome = crawl(
            db,
            wanted,
            mirror=mirror,
            delay=delay,
            today=moment,
            keep_files=not no_files,
            undo_wrong_clock=undo_wrong_clock,
            arguments=arguments,
            watch=display.watch,
        )
    counts = ", ".join(f"{outcome.tally.get(name, 0):,} {name}" for name in SHOWN)
    click.echo(f"{outcome.outcome}: {counts}; {outcome.requests:,} requests in {duration(display.seconds)}")
    if outcome.detail:
        click.echo(f"Error: {outcome.detail}", err=True)
    return outcome.exit_code


def _estimated(wanted: CrawlScope, db: Path, today: date, delay: float) -> str:
    """Return how many requests and hours a crawl would take."""
    refuse_missing([db.absolute().parent])
    if db.exists():
        with Archive.open(db) as archive:
            found = estimate(archive.conn, wanted, today)
    else:
        found = estimate(None, wanted, today)
    return (
        f"about {found.requests:,} requests for {found.articles:,} articles of {found.days:,} lists: "
        f"{duration(found.requests * delay)} at one request in {delay:g} s"
    )


def _log_to_stderr() -> None:
    """Show warnings, except those about single requests, which are recorded as failures."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    handler.addFilter(lambda record: not record.name.startswith(OF_SINGLE_REQUESTS))
    handler.addFilter(lambda record: not _ends_the_crawl(record))
    logging.getLogger().addHandler(handler)


def _ends_the_crawl(record: logging.LogRecord) -> bool:
    """Return whether a line says that the archive or this machine fails, which is reported once."""
    error = record.exc_info[1] if record.exc_info else None
    return isinstance(error, ArchiveError) or (error is not None and machine_error(error) is not None)
