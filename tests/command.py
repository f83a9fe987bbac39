"""The real command in a process of its own, forked from one that has loaded everything already.

Loading Scrapy and all else takes longer than what most tests run; a fork saves it and changes nothing else.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from briefing.main import VERBS

SECONDS = 600  # after which a command hangs, on a busy machine too
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "pytest",  # which multiprocessing loads as the main module
        "crawler.run.crawl",
        "crawler.linking",
        "sqlite_utils",
        *(
            f"briefing.commands.{VERBS[verb]}"
            for verb in ("crawl", "demo", "inspect", "reparse", "status", "verify")
        ),
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


def _run(arguments: list[str], patch: str, environment: dict[str, str], said: list[Path]) -> None:
    for stream, path in enumerate(said, start=1):
        with path.open("wb") as file:
            os.dup2(file.fileno(), stream)
    os.environ.clear()
    os.environ.update(environment)
    exec(patch, {})  # noqa: S102  # of a test
    sys.argv = ["briefing", *arguments]

    from briefing.main import main

    main()
