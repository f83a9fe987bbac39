"""Run functions on foreign input in a process of its own, bounded in time, memory and descriptors.

The process is isolated: neither the folder where the operator stands nor the environment decides which code
it runs. Requests are pickled, for they come from the parent; answers are JSON and never a pickle, for the
process has touched untrusted bytes. Each is a frame: its length in four bytes, big-endian, and its content.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

from archive import errors
from archive.errors import BriefingError, Exceeded, SandboxError, machine_error
from archive.text.normalize import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Self

LENGTH = struct.Struct(">I")
DEADLINE = 20.0  # seconds; the slowest of 1,225 real documents took 3
MEMORY = 512 << 20  # bytes of address space; the largest of them took 200 MB
START = 60.0  # seconds that the process may take to load its libraries, on a busy machine too
DESCRIPTORS = 64  # files that it may have open
COMPLAINTS = 1 << 20  # bytes that it may write to a file: what libraries print
MAX_ANSWER = 32 << 20  # bytes; the text of a thousand pages takes 3 MB
READY = b"ready"
_ALLOCATION: Final = "memory allocation of"  # said by libraries in Rust before they abort the process
_INSIDE = False
# What an interpreter is told that must not look for modules where it stands: the parent's own folders.
BOOT: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from archive.sandbox import main; main()"
)


def is_inside() -> bool:
    """Return whether this process is a sandbox, in which everything runs within bounds already."""
    return _INSIDE


class Sandbox:
    """One process that answers calls, started when needed and again after a death.

    One call is answered at a time; threads wait for one another. Use as a context manager, or close it.

    Args:
        modules: whose functions are called; they are loaded before the first call's time begins.
        deadline: seconds of the wall clock that one call may take.
        memory: bytes of address space that the process may have.
    """

    def __init__(self, *modules: str, deadline: float = DEADLINE, memory: int = MEMORY) -> None:
        self._modules = modules
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
        """End the process, in the middle of a call too, which then raises SandboxError."""
        self._closed = True
        # A call may be just starting the process: it is killed as soon as it is there.
        while not self._lock.acquire(timeout=0.05):
            if (child := self._child) is not None:
                child.process.kill()
        try:
            if self._child is not None:
                self._child.process.kill()
            self._discard()
        finally:
            self._lock.release()

    def call(self, function: str, *arguments: Any, **named: Any) -> Any:
        """Call a function (``module:name``) in the process, and give its answer: what JSON can say.

        Raises:
            Exceeded: it took more time or memory than allowed, or its answer is too long.
            MachineError: this machine gives too few open files or too little memory to start the process.
            SandboxError: the process failed by itself: it cannot be started, died, or the function has a bug.
            BriefingError: whatever else of our own errors the function raised.
        """
        request = _packed(function, arguments, named)
        with self._lock:
            try:
                kind, value = self._request(request)
            except KeyboardInterrupt:  # its answer would be taken for that to the next request
                if self._child is not None:
                    self._child.process.kill()
                self._discard()
                raise
        if kind == "answer":
            return value
        raise _error(kind, value)

    def _request(self, request: Sequence[bytes]) -> tuple[str, Any]:
        """Send a packed call within the deadline; give the kind and value of the answer."""
        child = self._ready()
        expired = threading.Event()
        timer = threading.Timer(self._deadline, self._expire, (child, expired))
        timer.start()
        try:
            answer = json.loads(child.ask(request))
            return answer["kind"], answer["value"]
        except (OSError, EOFError, ValueError, LookupError, TypeError) as error:
            raise self._reason(expired.is_set()) from error
        finally:
            timer.cancel()
            if expired.is_set():
                self._discard()

    def _ready(self) -> _Child:
        """Return a running process, started where there is none."""
        if self._closed:
            raise SandboxError("the reader was closed")
        if self._child is not None and self._child.process.poll() is not None:
            self._discard()  # it died of its own between two calls
        if self._child is None:
            try:
                self._child = _Child([str(self._memory), str(self._deadline), *self._modules])
            except OSError as error:
                what, detail = "the reader cannot be started", error.strerror or str(error)
                raise machine_error(error, what) or SandboxError(f"{what}: {detail}") from error
            if not self._child.is_ready():
                _, complaint = self._discard()
                raise SandboxError(f"the reader cannot be started: {complaint}")
        return self._child

    @staticmethod
    def _expire(child: _Child, expired: threading.Event) -> None:
        expired.set()
        child.process.kill()

    def _reason(self, expired: bool) -> BriefingError:
        """Return why there was no answer, and drop the process."""
        code, complaint = self._discard()
        if expired:
            return Exceeded("timeout", f"not read in {self._deadline:g} seconds")
        if self._closed:
            return SandboxError("the reader was closed")
        if code == -signal.SIGKILL:
            return SandboxError("the reader was killed, most likely for want of memory")
        if _ALLOCATION in complaint:
            return Exceeded("too_big", _OUT_OF[MemoryError])
        if code < 0:
            return SandboxError(f"the reader died of {signal.Signals(-code).name}")
        return SandboxError(f"the reader failed: {complaint}")

    def _discard(self) -> tuple[int, str]:
        child, self._child = self._child, None
        return (0, "") if child is None else child.end()


def _error(kind: str, detail: Any) -> BriefingError:
    """Make an error anew that the process named by its class; any other exception is a bug of ours."""
    found = getattr(errors, kind, None)
    if isinstance(found, type) and issubclass(found, BriefingError) and isinstance(detail, list):
        return found(*map(str, detail))
    return SandboxError(f"the reader failed: {kind}: {detail}")


class _Child:
    """One interpreter and its pipes."""

    def __init__(self, arguments: list[str]) -> None:
        paths = json.dumps([path for path in sys.path if Path(path).is_absolute()])
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in end()
        try:
            # A session of its own: the terminal's Ctrl-C is for the parent, who ends the child in order.
            self.process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-I", "-c", BOOT, paths, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                start_new_session=True,
                env={**os.environ, "MALLOC_ARENA_MAX": "1"},  # a thread's own would count 64 MB as its memory
            )
        except OSError:
            self._errors.close()
            raise
        self._requests = cast("IO[bytes]", self.process.stdin)
        self._answers = cast("IO[bytes]", self.process.stdout)

    def is_ready(self) -> bool:
        """Wait until it has loaded all that it needs; False when it will not."""
        timer = threading.Timer(START, self.process.kill)
        timer.start()
        try:
            return _read(self._answers) == READY
        except (OSError, EOFError, ValueError):
            return False
        finally:
            timer.cancel()

    def ask(self, request: Sequence[bytes]) -> bytes:
        """Send a request, wait for the answer; raises OSError, EOFError or ValueError when there is none."""
        self._requests.write(LENGTH.pack(len(request)))
        for part in request:
            _write(self._requests, part)
        return _read(self._answers)

    def end(self) -> tuple[int, str]:
        """End the process; give its exit code (negative: a signal) and the last line that it complained."""
        with contextlib.suppress(OSError):
            self._requests.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        self.process.kill()
        code = self.process.wait()
        self._answers.close()
        with self._errors as said:
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").strip().splitlines()
        return code, lines[-1][:200] if lines else "no answer"


def _packed(function: str, arguments: Sequence[Any], named: Mapping[str, Any]) -> list[bytes]:
    """Pack a call; long contents go beside the pickle, so that they lie in the process but once."""
    beside: list[bytes] = []
    light = [pickle.PickleBuffer(one) if isinstance(one, bytes) else one for one in arguments]
    call = (function, light, named)
    pickled = pickle.dumps(
        call, 5, buffer_callback=lambda buffer: beside.append(cast("bytes", buffer.raw().obj))
    )
    return [pickled, *beside]


def _write(stream: IO[bytes], content: bytes) -> None:
    stream.write(LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def _read(stream: IO[bytes], most: int = MAX_ANSWER) -> bytes:
    """Read one frame; raises EOFError where it ends early, ValueError where it is longer than allowed."""
    (length,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    if length > most:
        raise ValueError(f"a frame of {length} bytes")
    return _exactly(stream, length)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


# In the process itself


def main() -> None:
    """Answer requests until standard input ends; arguments are memory, deadline and modules to load."""
    global _INSIDE
    _INSIDE = True
    memory, deadline = int(sys.argv[2]), float(sys.argv[3])
    # What a library prints must not get between the frames.
    _end_with_parent(sys.stdin.fileno())
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for module in sys.argv[4:]:
        importlib.import_module(module)
    _limit(memory)
    _write(answers, READY)
    while header := requests.read(LENGTH.size):
        _alarm(deadline + 5)
        parts = [_read(requests, sys.maxsize) for _ in range(*LENGTH.unpack(header))]
        _write(answers, _answer(parts))
        _alarm(0)


def _end_with_parent(requests: int) -> None:
    """End this process, in the middle of a call too, when nobody holds the other end of its input."""
    poll = select.poll()
    poll.register(requests, 0)  # a closed other end is reported unasked

    def watch() -> None:
        poll.poll()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def _answer(parts: Sequence[bytes]) -> bytes:
    """Call what is asked for, and say what came of it."""
    try:
        function, arguments, named = pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301 - of our parent
        module, _, name = function.partition(":")
        answer = _encoded("answer", getattr(importlib.import_module(module), name)(*arguments, **named))
    except (MemoryError, RecursionError) as error:
        return _encoded("Exceeded", ["too_big", _OUT_OF[type(error)]])
    except BriefingError as error:
        state = getattr(error, "state", None)
        told = [state, getattr(error, "detail", "")] if state else [str(error)]
        return _encoded(type(error).__name__, told)
    except Exception as error:  # noqa: BLE001 - a bug of ours, told to the parent, who records it
        return _encoded(type(error).__name__, one_line(str(error))[:200])
    if len(answer) > MAX_ANSWER:
        return _encoded("Exceeded", ["too_big", f"more than {MAX_ANSWER >> 20} MB of text"])
    return answer


_OUT_OF: Final[dict[type[Exception], str]] = {MemoryError: "out of memory", RecursionError: "nested too deep"}


def _encoded(kind: str, value: Any) -> bytes:
    text = json.dumps({"kind": kind, "value": value}, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _limit(memory: int) -> None:
    """Bound memory, descriptors and files, never beyond what the process was given."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; there the deadline alone holds.
        return
    wanted = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, DESCRIPTORS),
        (resource.RLIMIT_FSIZE, COMPLAINTS),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in wanted:
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))


def _alarm(seconds: float) -> None:
    """Make the system end this process when its parent ends."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
