"""The errors of the whole project: one small tree, one meaning each.

::

    BriefingError
    ├── UsageError            the command or its arguments make no sense              exit 64
    ├── ArchiveError          the archive file cannot serve
    │   ├── NotAnArchive      the file is no SQLite database, or not one of ours      exit 65
    │   ├── NewerSchema       written by a newer version of this program              exit 65
    │   ├── Unreadable        missing, or not permitted                               exit 66
    │   ├── Held              another run holds the archive                           exit 75
    │   └── Damaged           stored bytes do not have the hash that they were stored by  exit 65
    ├── InputError            a file or response from elsewhere cannot be read        exit 65
    │   ├── DocumentError     an attachment: encrypted, corrupt, too big, unsupported
    │   ├── Exceeded          reading it takes more time or memory than allowed
    │   └── PageError         a page does not say what it should
    │       ├── UnknownLayout no page object recognises the page                      exit 2
    │       └── WrongPage     the response is not the page that was requested         exit 2
    ├── SandboxError          the process that reads foreign input failed by itself   exit 70
    ├── Unreachable           a site, mirror or service does not answer               exit 3
    └── MachineError          disk full or read-only, too few files, too little memory  exit 66

Libraries raise; the command line prints ``Error: …`` in one line and exits with ``exit_code``.
"""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DAMAGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What reading raises on values of another type, size or depth than the format says."""


class BriefingError(Exception):
    """Something failed in a way this program knows."""

    exit_code = 1


class UsageError(BriefingError):
    """The command or its arguments make no sense."""

    exit_code = 64


class ArchiveError(BriefingError):
    """The archive file cannot serve."""

    exit_code = 65


class NotAnArchive(ArchiveError):
    """The file is no SQLite database, or not one of ours."""


class NewerSchema(ArchiveError):
    """The archive was written by a newer version of this program."""


class Unreadable(ArchiveError):
    """The archive is missing or may not be read."""

    exit_code = 66


class Held(ArchiveError):
    """Another run holds the archive."""

    exit_code = 75


class Damaged(ArchiveError):
    """Stored bytes are missing, or do not have the hash that they were stored by."""


class InputError(BriefingError):
    """A file or a response that was written elsewhere cannot be read."""

    exit_code = 65


class PageError(InputError):
    """A page does not say what it should."""

    exit_code = 2


class UnknownLayout(PageError):
    """No page object recognises the page."""


class WrongPage(PageError):
    """The response is not the page that was requested."""


class DocumentError(InputError):
    """An attachment gives no text; ``state`` says what it is."""

    def __init__(self, state: str, detail: str) -> None:
        super().__init__(f"{state}: {detail}")
        self.state = state
        self.detail = detail


class Exceeded(InputError):
    """Reading an input takes more time or memory than allowed; ``state`` is timeout or too_big."""

    def __init__(self, state: str, detail: str) -> None:
        super().__init__(detail)
        self.state = state
        self.detail = detail


class SandboxError(BriefingError):
    """The process that reads foreign input failed by itself; the input may be good."""

    exit_code = 70


class Unreachable(BriefingError):
    """A site, mirror or service does not answer."""

    exit_code = 3


class MachineError(BriefingError):
    """This machine refuses: its disk is full or read-only, or open files or memory are used up."""

    exit_code = 66


_REFUSED = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG),
        *(errno.EMFILE, errno.ENFILE, errno.ENOMEM),
    }
)
_REFUSED_BY_SQLITE = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}
)


def machine_error(error: BaseException, what: str = "") -> MachineError | None:
    """Return the error of this machine that an exception means; None where it means anything else.

    Whoever turns an OSError into an error of an input asks this first: a good file that could not be opened
    for lack of descriptors is no bad file.

    Args:
        error: the exception.
        what: what was under way, e.g. "archive.db cannot be written"; by default the file that it names.
    """
    if isinstance(error, MachineError):
        return error
    if isinstance(error, MemoryError):
        return MachineError("this machine has too little memory")
    if isinstance(error, sqlite3.OperationalError):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return MachineError(f"{what or 'the archive'}: {error}") if code in _REFUSED_BY_SQLITE else None
    if not isinstance(error, OSError) or error.errno not in _REFUSED:
        return None
    hint = " (ulimit -n raises the number of open files)" if error.errno == errno.EMFILE else ""
    return MachineError(f"{what or error.filename or 'this machine'}: {error.strerror}{hint}")


def input_error(error: OSError) -> MachineError | InputError:
    """Return what an OSError while an input is read means: that this machine refuses, or a bad input."""
    return machine_error(error) or InputError(error.strerror or str(error))


@contextmanager
def reading(what: str, error: type[InputError] = InputError) -> Iterator[None]:
    """Turn any exception while foreign input is read into one error; also a decorator.

    The last resort behind parsers that check what they read: an input that none of them foresaw ends its own
    reading, not the loop around it.

    Args:
        what: what is read, for the line of the error.
        error: the class to raise.
    """
    try:
        yield
    except DAMAGE as unforeseen:
        line = " ".join(f"{type(unforeseen).__name__}: {unforeseen}".split())[:200]
        raise error(f"{what} cannot be read: {line}") from unforeseen
