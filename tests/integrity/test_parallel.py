"""Several processes read one moment of an archive, do tasks in order, and never outlive an error."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from archive.database import Archive
from archive.errors import BriefingError
from archive.integrity.parallel import moment, workers_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with Archive.create_or_open(path):
        return path


@pytest.fixture
def written(path: Path) -> Iterator[Path]:
    """The archive while another program adds one setting after the other."""
    stop = Event()

    def write() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as conn:
            number = 0
            while not stop.wait(0.002):
                number += 1
                conn.execute("INSERT INTO settings (key, value) VALUES (?, '')", (f"test {number}",))

    writer = Thread(target=write)
    writer.start()
    yield path
    stop.set()
    writer.join()


def settings(archive: Archive, task: int) -> tuple[int, int, int]:
    (count,) = archive.conn.execute("SELECT count(*) FROM settings").fetchone()
    return task, count, os.getpid()


def ending(_archive: Archive, _task: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def failing(archive: Archive, _task: int) -> None:
    archive.conn.execute("SELECT * FROM nowhere")


def test_all_processes_read_the_same_moment_while_another_program_writes(written: Path) -> None:
    with Archive.open(written) as archive, moment(archive, 2) as now:
        own = settings(archive, 0)[1]
        results = list(now.each(settings, range(40)))
    assert [task for task, _count, _process in results] == list(range(40))
    assert {count for _task, count, _process in results} == {own}


def test_what_is_committed_later_is_in_the_next_moment(path: Path) -> None:
    with Archive.open(path) as archive:
        with moment(archive, 2) as now:
            with closing(sqlite3.connect(path)) as conn, conn:
                conn.execute("INSERT INTO settings (key, value) VALUES ('test', '')")
            (before,) = {count for _task, count, _process in now.each(settings, range(8))}
        with moment(archive, 2) as now:
            results = list(now.each(settings, range(8)))
    assert {count for _task, count, _process in results} == {before + 1}
    assert os.getpid() not in {process for _task, _count, process in results}


def test_a_small_archive_is_worth_no_process_of_its_own(path: Path) -> None:
    with Archive.open(path) as archive, moment(archive, workers_for(archive)) as now:
        assert {process for _task, _count, process in now.each(settings, range(3))} == {os.getpid()}


def test_a_process_that_dies_is_an_error_and_no_end_of_waiting(path: Path) -> None:
    with (
        Archive.open(path) as archive,
        pytest.raises(BriefingError, match="a worker process died"),
        moment(archive, 2) as now,
    ):
        list(now.each(ending, range(3)))


def test_an_error_of_a_task_arrives_as_it_was_raised(path: Path) -> None:
    with (
        Archive.open(path) as archive,
        pytest.raises(sqlite3.OperationalError, match="no such table: nowhere") as raised,
        moment(archive, 2) as now,
    ):
        list(now.each(failing, range(3)))
    assert raised.value.sqlite_errorcode == sqlite3.SQLITE_ERROR
