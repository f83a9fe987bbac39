"""The real command in a process of its own, forked from one that has loaded everything already.

Loading Scrapy and all else takes longer than what most tests run; a fork saves it and changes nothing else.
"""

from __future__ import annotations

import multiprocessing
import os
import select
import sqlite3
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from briefing.main import VERBS

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterator
    from multiprocessing.context import ForkServerProcess

SECONDS = 600  # after which a command hangs, on a busy machine too
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "pytest",  # which multiprocessing loads as the main module
        *(f"briefing.commands.{module}" for module, _does in VERBS.values()),
        "archive.browse.server",
        "archive.migrations",
        "archive.integrity.recovery",
        "crawler.run.crawl",
        "crawler.linking",
        "crawler.item_pipelines",
        "crawler.extraction.importing",
        "crawler.pages.korea.articles_redesigned",
        "crawler.pages.newsdao",
        "scrapy.extensions.remote_control",  # which no crawl of ours uses, but every one loads, and aiohttp
        "phonenumbers.data.region_KR",
        "phonenumbers.shortdata.region_KR",
        "cattrs",
        "sqlite_utils",
        "uvicorn.lifespan.on",
        "uvicorn.loops.auto",
        "uvicorn.protocols.http.auto",
    ]
)


class Done(NamedTuple):
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def briefing(*arguments: str | Path, patch: str = "") -> Done:
    """Run ``briefing`` with arguments; ``patch`` is run before it."""
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder, name) for name in ("stdout", "stderr")]
        process = FORKS.Process(target=_run, args=([*map(str, arguments)], patch, dict(os.environ), said))
        process.start()
        process.join(SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
        return Done(process.exitcode or 0, *(path.read_text("utf-8") for path in said))


@dataclass
class Running:
    """A command under way, whose end is waited for."""

    process: ForkServerProcess
    stdout: int
    said: Path
    read: bytes = b""

    @property
    def pid(self) -> int:
        """Its process."""
        assert self.process.pid is not None
        return self.process.pid

    def line(self) -> str:
        """Wait for the next line that it prints; empty if it ends first."""
        while b"\n" not in self.read:
            ready, _, _ = select.select([self.stdout, self.process.sentinel], [], [], SECONDS)
            if self.stdout not in ready:
                return ""
            self.read += os.read(self.stdout, 65536)
        line, _, self.read = self.read.partition(b"\n")
        return line.decode() + "\n"

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, seconds: float = SECONDS) -> int:
        """Wait for its end; return its exit code, or the negative number of the signal that killed it."""
        self.process.join(seconds)
        assert self.process.exitcode is not None, f"{self.process.name} hangs"
        return self.process.exitcode

    def done(self) -> Done:
        """Wait for its end; return what it printed that no line() took."""
        code = self.wait()
        lines = "".join(iter(self.line, ""))
        return Done(code, lines + self.read.decode(), self.said.read_text("utf-8"))


@contextmanager
def running(*arguments: str | Path, patch: str = "") -> Iterator[Running]:
    """Run ``briefing`` beside the block, ``patch`` before it; kill it if it still runs at the end."""
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder, name) for name in ("stdout", "stderr")]
        os.mkfifo(said[0])
        process = FORKS.Process(target=_run, args=([*map(str, arguments)], patch, dict(os.environ), said))
        # Open for writing too: reading does not end, and opening does not wait, for the command to open it.
        stdout = os.open(said[0], os.O_RDWR)
        try:
            process.start()
            yield Running(process, stdout, said[1])
        finally:
            process.kill()
            process.join()
            os.close(stdout)


def _run(arguments: list[str], patch: str, environment: dict[str, str], said: list[Path]) -> None:
    for stream, path in enumerate(said, start=1):
        with path.open("wb") as file:
            os.dup2(file.fileno(), stream)
    os.environ.clear()
    os.environ.update(environment)
    sqlite3.enable_callback_tracebacks(False)  # on since Datasette was loaded, which few commands do
    exec(patch, {})  # noqa: S102  # of a test
    sys.argv = ["briefing", *arguments]

    from briefing.main import main

    main()
