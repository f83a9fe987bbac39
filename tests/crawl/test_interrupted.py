"""Ctrl-C and SIGTERM end a command at once: one honest line, a run that says so, and nothing half."""

from __future__ import annotations

import asyncio
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from crawler.run.interruption import let_end
from pipelines.attachments.worker import Reader
from tests.command import running
from tests.crawl.test_crawl import rows
from tests.thorough import one_in
from tests.unruly import ONE_AT_A_TIME, Asked, Reply, crawl, crawl_command, is_detail, serve

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unruly import Unruly

LATEST = 600.0  # seconds after which a process hangs, on a busy machine too


@pytest.mark.parametrize("number", one_in(3, [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]))
def test_a_crawl_of_a_slow_site_ends_at_once(number: signal.Signals, tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    told, over = threading.Event(), threading.Event()
    with serve() as site:

        def slow(_: Asked) -> Reply | None:
            if sum(map(is_detail, site.log)) > 6:
                told.set()
                over.wait(LATEST)
            return None

        site.trouble = slow
        with running(*crawl_command(site, db, "--section=press"), patch=ONE_AT_A_TIME) as process:
            assert told.wait(LATEST)
            asked = len(site.log)
            process.send_signal(number)
            # Nothing is answered before it has ended, and a page that it gave up would be a failure.
            done = process.done()
        over.set()
        assert (done.returncode, done.stderr) == (130, "")
        assert done.stdout.startswith("interrupted: ")
        assert done.stdout.count("\n") == 1
        assert len(site.log) == asked
        assert rows(db, "SELECT count(*) <= 6 FROM captures WHERE kind = 'detail'") == [(1,)]
        assert rows(db, "SELECT outcome, exit_code, ended_at IS NULL FROM runs") == [("interrupted", 130, 0)]
        assert rows(db, "SELECT count(*) FROM failures") == [(0,)]
        goes_on(site, db)


def goes_on(site: Unruly, db: Path) -> None:
    site.trouble = lambda _: None
    done = crawl(site, db)
    assert done.returncode == 0, done.stderr
    assert rows(db, "SELECT min(complete) FROM listings") == [(1,)]
    assert rows(db, "SELECT count(*) FROM versions WHERE number > 1") == [(0,)]


def test_a_reader_that_is_just_being_started_ends_with_its_call() -> None:
    reader = Reader()
    read: list[str] = []
    thread = threading.Thread(target=lambda: read.append(reader.read(b"%PDF-", "a.pdf").state))
    thread.start()
    reader.close()
    thread.join(LATEST)
    assert read[0] in ("failed", "corrupt")


def test_tasks_that_stop_the_loop_as_they_end_are_still_waited_for() -> None:
    """The last spider to end stops the reactor, and with it the loop in which the others still end."""
    ended_whole: list[int] = []

    async def letting_go(number: int) -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            asyncio.get_running_loop().stop()
            await asyncio.sleep(0)
            ended_whole.append(number)

    loop = asyncio.new_event_loop()
    try:
        tasks: set[asyncio.Task[object]] = {loop.create_task(letting_go(number)) for number in range(3)}
        loop.run_until_complete(asyncio.sleep(0))
        for task in tasks:
            task.cancel()
        let_end(loop, tasks)
        assert sorted(ended_whole) == [0, 1, 2]
        assert all(task.done() for task in tasks)
    finally:
        loop.close()
