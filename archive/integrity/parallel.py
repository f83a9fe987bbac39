"""Work on an archive in several processes: results in order, and one moment of the archive for all of them.

SQLite hands no snapshot to another process. So all begin to read between two looks at ``PRAGMA
data_version``, which changes when anybody commits: where it did not, all read the same.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from threading import BrokenBarrierError, Thread
from typing import TYPE_CHECKING, Any, TypeVar

from archive.database import Archive
from archive.errors import BriefingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future
    from multiprocessing.synchronize import Barrier
    from pathlib import Path

Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD = 3  # tasks under way for each worker
SHARE = 64_000_000  # bytes of the archive that are worth the start of a process
ROUNDS = 50  # tries to begin while nobody commits: one takes a few milliseconds
PATIENCE = 60.0  # seconds for a process to start

_CONTEXT = get_context("forkserver")
_opened: list[tuple[Archive, Barrier]] = []  # in a worker process: what it reads, and where all meet


class Moment:
    """An archive as of one moment, read by this process and by those of a pool, if any.

    Attributes:
        archive: in a transaction.
    """

    def __init__(self, archive: Archive, pool: Executor | None, workers: int) -> None:
        self.archive = archive
        self._pool = pool
        self._workers = workers

    def each(self, work: Callable[[Archive, Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Do every task, and yield the results in the order of the tasks.

        Args:
            work: a function of a module, as other processes must find it.
            tasks: read as they are needed; they and the results must be such as can be pickled.

        Raises:
            BriefingError: a process died, most likely for lack of memory.
        """
        if self._pool is None:
            return (work(self.archive, task) for task in tasks)
        return in_order(self._pool, _work, ((work, task) for task in tasks), self._workers)


def workers_for(archive: Archive) -> int:
    """Return how many processes the reading of a whole archive is worth: at most one a core."""
    return max(1, min(os.cpu_count() or 1, archive.path.stat().st_size // SHARE))


@contextmanager
def moment(archive: Archive, workers: int = 1) -> Iterator[Moment]:
    """Read an archive as of one moment, in this process or several.

    Several import the main module of the program anew, so a script that asks for them starts its work below
    ``if __name__ == "__main__"``.

    Args:
        archive: open for reading, in no transaction.
        workers: processes. With one, or while another program commits without a pause, all is read in this
            process.
    """
    try:
        if workers > 1:
            barrier = _CONTEXT.Barrier(workers + 1)
            with pool(workers, _open, (archive.path.absolute(), barrier)) as processes:
                together = _begin_together(archive, processes, barrier)
                yield Moment(archive, processes if together else None, workers)
        else:
            _begin(archive)
            yield Moment(archive, None, 1)
    finally:
        archive.conn.rollback()


def _begin_together(archive: Archive, processes: Executor, barrier: Barrier) -> bool:
    """Begin to read here and in all processes; False where another commits all the time."""
    with Archive.open(archive.path) as watched:
        for _ in range(ROUNDS):
            begun = [processes.submit(_join) for _ in range(barrier.parties - 1)]
            try:
                barrier.wait(PATIENCE)
                before = _data_version(watched)
                barrier.wait(PATIENCE)
                _begin(archive)
                barrier.wait(PATIENCE)
            except BrokenBarrierError:
                _begin(archive)
                return False
            for one in begun:
                one.result()
            if _data_version(watched) == before:
                return True
    return False


def _join() -> None:
    """Begin with the others; each process takes one of these, as none returns before all have begun."""
    archive, barrier = _opened[0]
    barrier.wait(PATIENCE)
    barrier.wait(PATIENCE)
    _begin(archive)
    barrier.wait(PATIENCE)


def _begin(archive: Archive) -> None:
    archive.conn.rollback()
    archive.conn.execute("BEGIN")
    archive.conn.execute("PRAGMA user_version").fetchone()  # from here on all is of this moment


def _data_version(archive: Archive) -> int:
    return int(archive.conn.execute("PRAGMA data_version").fetchone()[0])


def _open(path: Path, barrier: Barrier) -> None:
    _opened.append((Archive.open(path), barrier))


def _work(task: tuple[Callable[[Archive, Any], Result], Any]) -> Result:
    work, given = task
    return work(_opened[0][0], given)


@contextmanager
def pool(
    workers: int, begin: Callable[..., None] | None = None, given: tuple[Any, ...] = ()
) -> Iterator[ProcessPoolExecutor]:
    """Start processes that end with this one, however it ends; an error here ends what they do.

    Args:
        workers: how many.
        begin: called first in each.
        given: its arguments.
    """
    others = set(active_children())
    with ProcessPoolExecutor(workers, _CONTEXT, initializer=_start, initargs=(begin, given)) as processes:
        try:
            yield processes
        except BaseException:
            for process in set(active_children()) - others:
                process.kill()
            raise


def in_order(
    processes: Executor, work: Callable[[Task], Result], tasks: Iterable[Task], workers: int
) -> Iterator[Result]:
    """Do tasks in a pool, a few ahead, and yield the results in the order of the tasks.

    Raises:
        BriefingError: a process died, most likely for lack of memory.
    """
    waiting = iter(tasks)
    under_way: deque[Future[Result]] = deque()
    try:
        while True:
            for task in islice(waiting, workers * AHEAD - len(under_way)):
                under_way.append(processes.submit(work, task))
            if not under_way:
                return
            yield under_way.popleft().result()
    except BrokenProcessPool as error:
        raise BriefingError("a worker process died, most likely for lack of memory: run it again") from error
    finally:
        for future in under_way:
            future.cancel()


def batches(values: Iterable[Task], size: int) -> Iterator[list[Task]]:
    """Cut values into lists of one size, the last one shorter."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch


def _start(begin: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    """End a worker when its parent ends, in whatever way; Ctrl-C is for the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        Thread(target=_leave_after, args=(parent.sentinel,), daemon=True).start()
    if begin is not None:
        begin(*given)


def _leave_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
