"""Real commands that are killed, or sent a signal from outside, at a counted step of their work.

Steps are counted in the process of the command, by hooks that only tests set: each call of SQLite, every few
thousand instructions of its machine within a long statement, and each change of a name in the folder
watched (a file opened for writing, renamed, linked or deleted, a folder made or deleted).
"""

from __future__ import annotations

import os
import resource
import select
import signal
import sqlite3
import struct
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from tests import command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

INSTRUCTIONS = 20_000  # of SQLite's machine: a step within a statement
NAMES_CHANGED = frozenset({"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link"})
MARK = "BRIEFING_TEST_PROCESS"  # in the environment of a command, and of all that it starts
SECONDS = 120.0  # after which a command, or a child of it, hangs
COUNT = struct.Struct("=Q")


class Ended(NamedTuple):
    """How a command ended, what it printed, the steps that it made, and the children that it left."""

    returncode: int
    stdout: str
    stderr: str
    steps: int
    left: list[str]


def run(
    folder: Path,
    *arguments: str | Path,
    kill_at: int = 0,
    signals: Iterable[tuple[int, signal.Signals]] = (),
    patch: str = "",
    fault: str = "kill",
) -> Ended:
    """Run ``briefing``; kill it at a step, or send it signals at some, or neither.

    Args:
        folder: in which steps are counted.
        arguments: of the command.
        kill_at: the step at which it kills itself with SIGKILL, or has another fault.
        signals: steps, and what this process sends at each while the command waits; what stands first is
            also sent whenever ``patch`` calls ``killing.reached()``.
        patch: run in the command's process first.
        fault: one of ``FAULTS``.
    """
    with tempfile.TemporaryDirectory() as place:
        count, reached, release = (Path(place, name) for name in ("count", "reached", "release"))
        count.write_bytes(COUNT.pack(0))
        for fifo in (reached, release):
            os.mkfifo(fifo)
        said = [Path(place, name) for name in ("stdout", "stderr")]
        mark = uuid4().hex
        steps = dict(signals)
        hooks = (
            f"from tests import killing; killing.count({place!r}, {str(folder)!r}, {kill_at}, {set(steps)!r},"
            f" {fault!r})"
        )
        process = command.FORKS.Process(
            target=command._run,
            args=([*map(str, arguments)], f"{hooks}\n{patch}", {**os.environ, MARK: mark}, said),
        )
        told, answer = (os.open(fifo, os.O_RDWR) for fifo in (reached, release))
        try:
            process.start()
            assert process.pid is not None
            ended = [process.sentinel, told]
            while process.sentinel not in (ready := select.select(ended, [], [], SECONDS)[0]):
                assert ready, f"{arguments} hangs"
                (step,) = COUNT.unpack(os.read(told, COUNT.size))
                os.kill(process.pid, steps.get(step, next(iter(steps.values()))))
                os.write(answer, COUNT.pack(step))
            process.join()
        finally:
            process.kill()
            os.close(told)
            os.close(answer)
        assert process.exitcode is not None
        (made,) = COUNT.unpack(count.read_bytes())
        out, err = (path.read_text("utf-8") for path in said)
        return Ended(process.exitcode, out, err, made, _left(mark))


def spread(steps: int, kills: int) -> list[int]:
    """Return the steps at which to kill a command, evenly spread, or all if there are fewer."""
    turns = min(kills, steps)
    return [1 + (2 * turn + 1) * steps // (2 * turns) for turn in range(turns)]


def _left(mark: str) -> list[str]:
    """Return the processes of a command that did not end by themselves, after killing them."""
    alive = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes():
                handle = os.pidfd_open(int(folder.name))
                if not select.select([handle], [], [], 10.0)[0]:
                    alive.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
                    os.kill(int(folder.name), signal.SIGKILL)
                os.close(handle)
    return alive


# In the process of the command

place = ""  # folder of the pipes, set by count()


def reached(step: int = 0) -> None:
    """Notify the test that a step is reached, and wait for its signal."""
    with Path(place, "reached").open("r+b", 0) as told, Path(place, "release").open("r+b", 0) as release:
        told.write(COUNT.pack(step))
        while release.read(COUNT.size) != COUNT.pack(step):
            pass  # the answer to an earlier step, whose signal came before it


def wait_for_test(there: str) -> None:
    """Replace the reading of a document in the sandbox by one that takes as long as the test needs."""
    global place
    place = there
    reached()


def read_for_ever(there: str) -> None:
    """Replace a document by one whose reading ends only with its process."""
    wait_for_test(there)
    signal.pause()


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _fill_disk() -> None:
    """Bound the size of files to what a line of error takes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


def _use_up_files() -> None:
    """Bound the number of open files to those that are open."""
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))


FAULTS = {"kill": _kill, "disk": _fill_disk, "files": _use_up_files}


def count(there: str, watched: str, kill_at: int, steps: set[int], fault: str) -> None:
    """Count the steps of this process from here on; at some, have a fault or wait for a signal."""
    global place
    place = there
    written = os.open(f"{place}/count", os.O_WRONLY)
    made = 0

    def step() -> None:
        nonlocal made
        made += 1
        os.pwrite(written, COUNT.pack(made), 0)
        if made == kill_at:
            FAULTS[fault]()
        if made in steps:
            reached(made)

    _count_statements(step)
    _count_names(step, watched)


def _count_statements(step: Callable[[], None]) -> None:
    class Counted(sqlite3.Connection):
        """Makes a step of every call, and of every stretch of a long one."""

        def set_progress_handler(self, handler: Any, n: int) -> None:
            def run() -> Any:
                step()
                return handler()

            super().set_progress_handler(run, min(n, INSTRUCTIONS))

        def execute(self, *values: Any) -> sqlite3.Cursor:
            step()
            return super().execute(*values)

        def executemany(self, *values: Any) -> sqlite3.Cursor:
            step()
            return super().executemany(*values)

        def commit(self) -> None:
            step()
            super().commit()

        def close(self) -> None:
            step()
            super().close()

    connect = sqlite3.connect
    sqlite3.connect = lambda *values, **named: connect(*values, **{"factory": Counted, **named})


def _count_names(step: Callable[[], None], watched: str) -> None:
    def hook(event: str, values: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = values
            changes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if changes and str(path).startswith(watched):
                step()
        elif event in NAMES_CHANGED and (str(values[0]).startswith(watched) or values[-1] not in (-1, None)):
            step()

    sys.addaudithook(hook)
