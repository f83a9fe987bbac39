"""Read attachments in a process of its own that can be killed: no file hangs, crashes or bloats the caller.

Parent and child speak in frames over the child's standard input and output. A request is two big-endian
32-bit lengths, the name in UTF-8, the content; an answer is one length and the document as JSON, never a
pickle: the child has touched untrusted bytes.
"""

from __future__ import annotations

import contextlib
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from typing import IO, TYPE_CHECKING, cast

from pipelines.attachments.document import Document, dump, load
from pipelines.attachments.limits import MAX_CONTENT
from pipelines.attachments.magic import detect_format
from pipelines.attachments.reading import read_document

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from pipelines.attachments.document import State

REQUEST = struct.Struct(">II")
ANSWER = struct.Struct(">I")
DEADLINE = 20.0  # seconds
MEMORY = 512 << 20  # bytes of address space
MAX_ANSWER = 32 << 20  # bytes; the text of a thousand pages takes 3 MB


class Reader:
    """Reads documents in one child interpreter, which is started when needed and again after a death.

    One document is read at a time; threads wait for one another. Use as a context manager.

    Args:
        deadline: seconds of the wall clock that one document may take.
        memory: bytes of address space that the child may have.
    """

    def __init__(self, deadline: float = DEADLINE, memory: int = MEMORY) -> None:
        self._deadline = deadline
        self._memory = memory
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, in the middle of a document too; what it was reading comes back as ``timeout``."""
        self._closed = True
        child = self._child
        if child is not None:
            child.process.kill()
        with self._lock:
            self._discard()

    def read(self, content: bytes, name: str) -> Document:
        """Read one attachment; whatever happens to the child, give a document that says so."""
        if len(content) > MAX_CONTENT:
            return Document(detect_format(content, name), "too_big", f"{len(content)} bytes")
        with self._lock:
            if self._closed:
                return Document(detect_format(content, name), "timeout", "the reader was closed")
            if self._child is not None and self._child.process.poll() is not None:
                self._discard()  # it died of its own between two files
            if self._child is None:
                self._child = _Child(self._memory, self._deadline)
            expired = threading.Event()
            timer = threading.Timer(self._deadline, self._expire, (self._child, expired))
            timer.start()
            try:
                return self._child.read(content, name)
            except (OSError, EOFError, ValueError, LookupError, TypeError):
                state, detail = self._reason(expired.is_set())
                return Document(detect_format(content, name), state, detail)
            finally:
                timer.cancel()
                if expired.is_set():
                    self._discard()

    @staticmethod
    def _expire(child: _Child, expired: threading.Event) -> None:
        expired.set()
        child.process.kill()

    def _reason(self, expired: bool) -> tuple[State, str]:
        """Say why there was no answer, and drop the child."""
        code, complaint = self._discard()
        if expired:
            return "timeout", f"not read in {self._deadline:g} seconds"
        if self._closed:
            return "timeout", "the reader was closed"
        if code == -signal.SIGKILL:
            return "too_big", "killed by the system, most likely for its memory"
        if code < 0:
            return "corrupt", f"the reader died of {signal.Signals(-code).name}"
        return "corrupt", f"the reader failed: {complaint}"

    def _discard(self) -> tuple[int, str]:
        child, self._child = self._child, None
        return (0, "") if child is None else child.end()


class _Child:
    """One child interpreter and its pipes."""

    def __init__(self, memory: int, deadline: float) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in end()
        # A session of its own: the terminal's Ctrl-C is for the parent, who ends the child in order.
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "pipelines.attachments.worker", str(memory), str(deadline)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )
        self._requests = cast("IO[bytes]", self.process.stdin)
        self._answers = cast("IO[bytes]", self.process.stdout)

    def read(self, content: bytes, name: str) -> Document:
        """Have one document read.

        Raises:
            OSError, EOFError: the child died.
            ValueError, LookupError, TypeError: its answer makes no sense.
        """
        label = name.encode("utf-8", "replace")
        self._requests.write(REQUEST.pack(len(label), len(content)) + label)
        self._requests.write(content)
        self._requests.flush()
        (length,) = ANSWER.unpack(_exactly(self._answers, ANSWER.size))
        if length > MAX_ANSWER:
            raise ValueError(f"an answer of {length} bytes")
        return load(_exactly(self._answers, length))

    def end(self) -> tuple[int, str]:
        """End the process; give its exit code (negative: a signal) and the last line that it complained."""
        with contextlib.suppress(OSError):
            self._requests.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        self.process.kill()
        code = self.process.wait()
        self._answers.close()
        with self._errors as errors:
            errors.seek(0)
            lines = errors.read().decode("utf-8", "replace").strip().splitlines()
        return code, lines[-1][:200] if lines else "no answer"


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def main() -> None:
    """Answer requests until standard input ends."""
    memory, deadline = int(sys.argv[1]), float(sys.argv[2])
    _limit(memory)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while header := requests.read(REQUEST.size):
        label, size = REQUEST.unpack(header)
        _alarm(deadline + 5)
        name = _exactly(requests, label).decode("utf-8")
        answer = _answer(_exactly(requests, size), name)
        answers.write(ANSWER.pack(len(answer)) + answer)
        answers.flush()
        _alarm(0)


def _answer(content: bytes, name: str) -> bytes:
    try:
        answer = dump(read_document(content, name))
    except MemoryError:
        return dump(Document(detect_format(content, name), "too_big", "out of memory"))
    if len(answer) > MAX_ANSWER:
        return dump(
            Document(detect_format(content, name), "too_big", f"more than {MAX_ANSWER >> 20} MB of text")
        )
    return answer


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; there the deadline alone holds.
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _alarm(seconds: float) -> None:
    """Have the system end this process even if the parent is no more."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
