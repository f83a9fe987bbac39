"""The reader's child process: killed at its deadline, bounded in memory, started again after a death."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import termios
import threading
from array import array
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from archive.sandbox import Sandbox
from pipelines.attachments import read_document
from pipelines.attachments.limits import MAX_CONTENT
from pipelines.attachments.worker import Reader
from tests.attachment_files import hwp, hwpx, line, p, paragraph, pdf, section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SMALL = hwpx(section(line("본문")))


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


def pid(reader: Reader) -> int:
    assert reader._sandbox._child is not None
    return reader._sandbox._child.process.pid


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SMALL, "보도자료.hwpx"),
        (hwp(paragraph("본문")), "보도자료.hwp"),
        (pdf(([(60, 700, "본문")], ())), "보도자료.pdf"),
        (b"<html></html>", "보도자료.hwpx"),
        (b"", ""),
    ],
)
def test_a_worker_reads_what_the_process_itself_would(reader: Reader, content: bytes, name: str) -> None:
    assert reader.read(content, name) == read_document(content, name)


def test_one_child_reads_many_files(reader: Reader) -> None:
    reader.read(SMALL, "a.hwpx")
    first = pid(reader)
    reader.read(SMALL, "b.hwpx")
    assert pid(reader) == first


def test_a_child_that_died_between_two_files_is_replaced(reader: Reader) -> None:
    reader.read(SMALL, "a.hwpx")
    assert reader._sandbox._child is not None
    os.kill(pid(reader), signal.SIGSEGV)
    reader._sandbox._child.process.wait()
    assert reader.read(SMALL, "a.hwpx").state == "text"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into the pipe to the child")
@pytest.mark.parametrize(
    ("ending", "state", "detail"),
    [
        (signal.SIGSEGV, "failed", "the reader died of SIGSEGV"),
        (signal.SIGKILL, "failed", "the reader was killed, most likely for want of memory"),
        (None, "failed", "the reader was closed"),
    ],
)
def test_a_death_in_the_middle_of_a_file_is_told(
    ending: signal.Signals | None, state: str, detail: str
) -> None:
    with Reader() as reader, ThreadPoolExecutor(1) as threads:
        reader.read(SMALL, "a.hwpx")
        os.kill(pid(reader), signal.SIGSTOP)
        reading = threads.submit(reader.read, SMALL, "a.hwpx")
        wait_for_request(reader)
        if ending is None:
            reader.close()
        else:
            os.kill(pid(reader), ending)
            os.kill(pid(reader), signal.SIGCONT)
        document = reading.result()
        assert (document.format, document.state, document.detail) == ("hwpx", state, detail)
        if ending is not None:
            assert reader.read(SMALL, "a.hwpx").state == "text"


def wait_for_request(reader: Reader) -> None:
    """Wait until a request lies in the pipe to a stopped child."""
    assert reader._sandbox._child is not None
    waiting = array("i", [0])
    while not waiting[0]:
        fcntl.ioctl(reader._sandbox._child._requests.fileno(), termios.FIONREAD, waiting)


def test_threads_wait_for_one_another(reader: Reader) -> None:
    with ThreadPoolExecutor(4) as threads:
        documents = list(threads.map(lambda name: reader.read(SMALL, name), ["a", "b", "c", "d"]))
    assert [document.state for document in documents] == ["text"] * 4


def test_a_file_that_takes_too_long_is_a_timeout() -> None:
    heavy = hwpx(section(*[line(f"문단 {number}") for number in range(150_000)]))
    with Reader(deadline=0.5) as reader:
        document = reader.read(heavy, "보도자료.hwpx")
        assert reader.read(b"plain", "a.txt").state == "text"
    assert (document.format, document.state, document.detail) == (
        "hwpx",
        "timeout",
        "not read in 0.5 seconds",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="address space is bounded on Linux only")
def test_a_file_that_needs_too_much_memory_harms_nobody() -> None:
    heavy = hwpx(section(*[p(f"<hp:t>{'가나다라마바사' * 2000}</hp:t>") for _ in range(800)]))
    with Reader(memory=80 << 20) as reader:
        assert reader.read(heavy, "a.hwpx").state == "too_big"
        assert reader.read(SMALL, "a.hwpx").state == "text"


def test_a_text_beyond_all_measure_is_not_taken_into_the_caller(reader: Reader) -> None:
    endless = hwpx(section(*[line("가나다라마바사" * 2000) for _ in range(850)]))
    document = reader.read(endless, "a.hwpx")
    assert (document.state, document.detail) == ("too_big", "more than 32 MB of text")


def test_a_closed_reader_reads_no_more() -> None:
    reader = Reader()
    reader.close()
    document = reader.read(SMALL, "a.hwpx")
    assert (document.state, document.detail) == ("failed", "the reader was closed")


def test_a_file_over_the_limit_is_not_even_sent() -> None:
    with Reader() as reader:
        assert reader.read(bytes(MAX_CONTENT + 1), "a.hwpx").state == "too_big"
        assert reader._sandbox._child is None


def test_an_answer_that_a_signal_cut_off_is_not_taken_for_the_next(tmp_path: Path) -> None:
    for name in ("reached", "release"):
        os.mkfifo(tmp_path / name)
    main = threading.get_ident()

    def interrupt() -> None:
        with (tmp_path / "reached").open("rb", 0) as told:
            told.read(1)
        signal.pthread_kill(main, signal.SIGINT)

    with Sandbox("tests.killing") as sandbox:
        thread = threading.Thread(target=interrupt)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            sandbox.call("tests.killing:wait_for_test", str(tmp_path))
        thread.join()
        assert sandbox.call("builtins:len", [1, 2]) == 2
