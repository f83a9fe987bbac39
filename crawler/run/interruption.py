"""Ctrl-C and SIGTERM stop a crawl at once: what is under way is dropped, not stored."""

from __future__ import annotations

import asyncio
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.run.scope import Job

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
UNWINDING = 0.5  # seconds that cancelled downloads and readings get to let go of what they hold


@contextmanager
def interruptible(job: Job) -> Iterator[None]:
    """End the event loop that runs in the block on a signal, and note it in the job.

    Visits are stored whole or not at all, so nothing is waited for: neither a response of the site nor a
    document being read. A second signal changes nothing. Outside the main thread signals are not ours.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # as nohup, or a shell that starts us in the background, wants it
            signal.signal(number, lambda number, _: _interrupt(job, number))
    try:
        yield
        if job.interrupted:
            _unwind(job)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(job: Job, number: int) -> None:
    from twisted.internet import reactor

    if not job.interrupted:
        job.interrupted = signal.Signals(number).name
        # Not stop(): Scrapy answers that by waiting for every download.
        reactor.callFromThread(reactor.crash)  # type: ignore[misc]  # a stub that lacks self


def _unwind(job: Job) -> None:
    """Cancel what is under way, and end the processes that read for it."""
    loop = asyncio.get_event_loop()
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    job.reader.close()
    bounded.close()
    if tasks:
        let_end(loop, tasks)
    _end_threads()


def let_end(loop: asyncio.AbstractEventLoop, tasks: set[asyncio.Task[object]]) -> None:
    """Run the loop until the cancelled tasks have ended, for ``UNWINDING`` seconds at most."""
    waiting = loop.create_task(asyncio.wait(tasks, timeout=UNWINDING))
    waiting.add_done_callback(lambda _: loop.stop())
    while not waiting.done():
        loop.run_forever()  # once more where the reactor, stopped by its last spider's end, stopped it
    for task in tasks:
        if task.done() and not task.cancelled():
            task.exception()  # retrieved, so that it is not reported as forgotten


def _end_threads() -> None:
    """End the threads that look host names up, unless the reactor came to it while tasks were cancelled."""
    from twisted.internet import reactor

    if (pool := reactor.threadpool) is not None:
        pool.stop()
