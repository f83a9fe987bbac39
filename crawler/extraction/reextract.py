"""Re-extract a whole archive in parallel: workers extract and compare, one writer writes what differs.

Memory is bounded by the chunks under way; a killed run goes on after the last chunk that it committed.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import local
from typing import TYPE_CHECKING

from archive.articles.lookup import ids_after
from archive.articles.reextraction import Rewrite, plan
from archive.database import Archive
from archive.errors import Unreachable, UsageError
from archive.integrity.parallel import batches, in_order, pool
from crawler.extraction.from_captures import Reextractor
from crawler.pages import versions
from pipelines.attachments.worker import Reader
from pipelines.build import PIPELINES_VERSION

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from concurrent.futures import Executor
    from pathlib import Path

    from archive.store import Store

CHUNK = 32  # articles a task
SHARE = 300  # articles that are worth the start of a process: about two seconds on each side


def workers_for(articles: int) -> int:
    """Return how many processes the re-extraction of so many articles is worth: at most one a core."""
    return max(1, min(os.cpu_count() or 1, articles // SHARE))


@dataclass(slots=True)
class Chunk:
    """What one worker found in a range of articles.

    Attributes:
        last: row number of its last article.
        articles: how many were read.
        unreadable: row numbers of those whose page is not held or not recognised.
        rewrites: what would change.
    """

    last: int
    articles: int = 0
    unreadable: list[int] = field(default_factory=list)
    rewrites: list[Rewrite] = field(default_factory=list)


def reextract(path: Path, workers: int, *, scheduler: str | None = None, after: int = 0) -> Generator[Chunk]:
    """Re-extract the articles of an archive in the order of their row numbers; writes nothing.

    Args:
        path: the archive; a cluster's workers must find it under the same path.
        workers: processes; with one, all is done in this process.
        scheduler: address of a Dask scheduler, whose workers are used instead of processes here.
        after: row number after which to begin.

    Raises:
        UsageError: the library for clusters is not installed.
        Unreachable: the scheduler does not answer.
        BriefingError: a worker died, most likely for lack of memory.
    """
    with Archive.open(path) as archive:
        ids = ids_after(archive.conn, after)
    tasks = ((path.absolute(), chunk) for chunk in batches(ids, CHUNK))
    with _workers(workers, scheduler) as executor:
        yield from in_order(executor, _read_chunk, tasks, workers)


@contextmanager
def _workers(workers: int, scheduler: str | None) -> Iterator[Executor]:
    if scheduler is None and workers == 1:
        with ThreadPoolExecutor(1) as here:
            try:
                yield here
            finally:
                here.submit(_close).result()
        return
    if scheduler is None:
        with pool(workers) as processes:
            yield processes
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("--scheduler needs: pip install 'briefing-archive[cluster]'") from error
    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        raise Unreachable(f"no scheduler answers at {scheduler}: {error}") from error
    with client, client.get_executor(pure=False) as cluster:
        yield cluster


def write(store: Store, path: Path, workers: int, *, scheduler: str | None = None) -> Iterator[Chunk]:
    """Re-extract an archive and store what differs, one transaction a chunk.

    A run is recorded when there is something to write. Run it to its end, or go on later from where it was.
    """
    progress = _Progress(path)
    with closing(reextract(path, workers, scheduler=scheduler, after=progress.last())) as chunks:
        for chunk in chunks:
            if chunk.rewrites:
                with store.archive.transaction():
                    if store.run_id is None:
                        store.begin_run("reparse", {"workers": workers})
                    for rewrite in chunk.rewrites:
                        store.apply(rewrite)
            progress.note(chunk.last)
            yield chunk
    progress.clear()
    if store.run_id is not None:
        store.end_run("finished", 0)


class _Progress:
    """The last article that was read again; with other page objects or pipelines the next run begins again.

    It is in a file beside the archive, which is not written to where nothing differs.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_suffix(".reparse")
        self._parsers = [*sorted(versions()), str(PIPELINES_VERSION)]

    def last(self) -> int:
        """Return its row number; 0 where there is nothing to continue."""
        try:
            parsers, last = json.loads(self._path.read_text())
            return int(last) if parsers == self._parsers else 0
        except (OSError, ValueError, TypeError):
            return 0

    def note(self, last: int) -> None:
        """Store it."""
        self._path.write_text(json.dumps([self._parsers, last]))

    def clear(self) -> None:
        """Delete it: all is read."""
        self._path.unlink(missing_ok=True)


class _Worker(local):
    """What one thread of a worker process keeps open: a connection belongs to the thread that opened it."""

    path: Path | None = None

    def read_chunk(self, path: Path, ids: list[int]) -> Chunk:
        if path != self.path:
            self.close()
            self.path, self.archive, self.reader = path, Archive.open(path), Reader()
            self.read = Reextractor(self.archive, self.reader.read)
        chunk = Chunk(ids[-1], len(ids))
        for article_id in ids:
            fresh = self.read(article_id)
            if fresh is None:
                chunk.unreadable.append(article_id)
            elif rewrite := plan(self.archive.conn, article_id, fresh):
                chunk.rewrites.append(rewrite)
        return chunk

    def close(self) -> None:
        if self.path:
            self.reader.close()
            self.archive.close()
            self.path = None


_worker = _Worker()


def _read_chunk(task: tuple[Path, list[int]]) -> Chunk:
    return _worker.read_chunk(*task)


def _close() -> None:
    _worker.close()
