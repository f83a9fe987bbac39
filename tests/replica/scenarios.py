"""Crawl the large replica in each of its scenarios; judge the archive, the exit code and the politeness.

    python -m tests.replica.scenarios ../shared [SCENARIO …]

Each scenario is a row of crawls of a few days. What is archived must be right after every crawl, and whole
after each that is not a bad day. Ends with 1 if a scenario fails.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.command import briefing
from tests.replica.politeness import impolite
from tests.replica.running import Replica, running

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, START = date(2026, 7, 14), date(2026, 7, 15)  # the first day of the window; the replica's own today
HOSTS = ("www.korea.kr", "m.korea.kr", "newsdao.kr", "www.newsdao.kr")
INCOMPLETE = {  # what an archive may lack after a bad day; anything else is wrong
    "attachment_missing",
    "body_outdated",
    "gone_not_marked",
    "missing",
    "recall",
    "title_outdated",
    "versions_missing",
}


class Visit(NamedTuple):
    """One crawl of a scenario.

    Attributes:
        events: what happens before it: queries of the control port, or operations.
        days: how many days pass before it.
        codes: exit codes of the crawl, one of which it must give.
        whole: whether the archive must be whole afterwards.
        quiet: whether no article and no file may be requested, for nothing has changed.
    """

    events: tuple[str | dict[str, Any], ...] = ()
    days: int = 0
    codes: tuple[int, ...] = (0,)
    whole: bool = True
    quiet: bool = False


def later(*events: str | dict[str, Any], codes: tuple[int, ...] = (0,)) -> Visit:
    """A good day after events."""
    return Visit(events, 1, codes)


def bad(*events: str | dict[str, Any], days: int = 1, codes: tuple[int, ...] = (1,)) -> Visit:
    """A bad day, after which the archive may lack things."""
    return Visit(events, days, codes, whole=False)


def recent(op: str, count: int, **more: Any) -> dict[str, Any]:
    """An operation on articles within the window."""
    return {"op": op, "k": count, "days": 2, **more}


EDITS = recent("edit", 16, kinds=["title", "body", "both", "attachment"]), recent("noise", 16)
UNTIMED = {"outage": "baseline"}  # the scenario's own board goes up after 20 s, whatever is under way
CALM = "set=faults={}&set=throttle=null"
FEW = {"op": "only", "since": "2026-07-15T14:00"}  # of the first day of a scenario that takes its time

SCENARIOS: dict[str, tuple[Visit, ...]] = {
    "small": (
        Visit(),
        later("signal=edits", "signal=delete"),
        later("signal=renumber"),
    ),
    "baseline": (Visit(), Visit(quiet=True)),
    "baseline-B": (Visit(), later(*EDITS)),
    "paging-post-only": (Visit(),),
    "paging-get-ok": (Visit(),),
    "edits": (Visit(), later(*EDITS), later("signal=noise", recent("edit", 8))),
    "deletions": (
        Visit(),
        later(recent("delete", 12)),
        later("signal=section410", codes=(1,)),  # its lists answer 410 too
        later("signal=restore"),
    ),
    "renumber": (
        Visit(),
        bad("signal=outage-on", codes=(3,)),
        later("signal=outage-off", recent("renumber", 40)),
    ),
    "late": (Visit((recent("withhold", 20, min_age=0),)), later("signal=late"), later("signal=late")),
    "flaky": (bad(days=0, codes=(0, 1)), later(CALM)),
    "flaky-hard": (bad(days=0, codes=(0, 1, 3)), later(CALM)),
    "throttle": (
        Visit((FEW,), codes=(0, 1)),
    ),  # lists of the day before are empty, and nothing vouches for them
    "outage": (Visit(), bad("set=outage=true", codes=(3,)), later("set=outage=false")),
    "outage-total": (bad(days=0, codes=(3,)), later("signal=off")),
    "blocked": (
        bad(days=0, codes=(3,)),
        Visit(("signal=off",)),
        bad("signal=on", codes=(3,)),
        later("signal=off"),
    ),
    "blocked-korea": (bad(days=0, codes=(3,)), later("signal=off")),
    "template-drift": (
        Visit(("signal=off",)),
        bad("signal=drift1", codes=(0, 1, 2)),
        bad("signal=drift2", codes=(0, 1, 2)),
        bad("signal=drift3", codes=(0, 1, 2)),
        bad("signal=newsdaoB", codes=(0, 1, 2)),
        later("signal=off"),
    ),
    "hostile": (Visit(codes=(1,)), Visit(codes=(1,))),
    "picky": (Visit(),),
    "scale": (Visit(),),
    "mixed": (
        bad(FEW, days=0, codes=(0, 1)),
        bad(*EDITS, "signal=late", recent("delete", 6), codes=(0, 1)),
        later(CALM),
    ),
}


def run(replica: Replica, name: str, work: Path) -> Iterator[str]:
    """Run one scenario; yield what went wrong, one line each."""
    replica.happen("scenario=baseline")
    robots = {host: replica.robots(host) for host in HOSTS}
    replica.happen(f"scenario={UNTIMED.get(name, name)}")
    db, today = work / f"{name}.db", START
    for number, visit in enumerate(SCENARIOS[name], start=1):
        if visit.days:
            replica.happen(f"advance={visit.days}d")
            today += timedelta(visit.days)
        for event in visit.events:
            replica.happen(event)
        retry_after = (replica.ask("/__control")["params"].get("throttle") or {}).get("retry_after", 0)
        replica.hits()
        started = time.monotonic()
        for line in _crawl(replica, db, str(today), visit):
            yield f"{name}, crawl {number}: {line}"
        print(f"    crawl {number} as on {today}: {time.monotonic() - started:.0f} s", flush=True)
        hits = replica.hits()
        for line in impolite(hits, robots, retry_after=retry_after):
            yield f"{name}, crawl {number}: {line}"
        if visit.quiet and (
            asked := [hit.url for hit in hits if hit.kind.startswith(("detail", "download"))]
        ):
            yield f"{name}, crawl {number}: {len(asked)} requests for what is known, such as {asked[0]}"


def _crawl(replica: Replica, db: Path, today: str, visit: Visit) -> Iterator[str]:
    options = ["--delay", "0", "--today", f"{today}T18:00", "--since", str(FIRST), "--until", today]
    done = briefing("crawl", "--mirror", replica.site, "--db", db, *options)
    if done.returncode not in visit.codes:
        yield f"exit code {done.returncode}, not {visit.codes}: {done.stderr[-600:]}{_failures(db)}"
    report = db.with_suffix(".json")
    judged = replica.judge(db, str(FIRST), today, report)
    failed = set(json.loads(report.read_text("utf-8"))["failed"]) if report.exists() else {"not judged"}
    if failed - (set() if visit.whole else INCOMPLETE):
        yield f"{', '.join(sorted(failed))}\n{judged.stdout}{judged.stderr}\n{done.stdout}{done.stderr}"


def _failures(db: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(db)) as conn:
        return conn.execute(
            "SELECT kind, url, detail FROM failures WHERE resolved_at IS NULL ORDER BY id DESC LIMIT 5"
        ).fetchall()


def main() -> None:
    """Run the scenarios that are named, or all."""
    shared, *names = sys.argv[1:]
    if not Path(shared, "replica").exists():
        print(f"No large replica in {shared}: left out.")
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(shared, "replica").resolve(), Path(folder)) as replica,
    ):
        wrong = []
        for name in names or SCENARIOS:
            print(f"=== {name}", flush=True)
            began = time.monotonic()
            found = list(run(replica, name, Path(folder)))
            outcome = "FAIL" if found else "PASS"
            print(*found, f"    {outcome} {time.monotonic() - began:.0f} s", sep="\n", flush=True)
            wrong += found
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
