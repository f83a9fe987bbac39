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
    └── Starved               this machine gives too few files or too little memory   exit 71

Libraries raise; the command line prints ``Error: …`` in one line and exits with ``exit_code``.
"""

from __future__ import annotations

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


class Starved(BriefingError):
    """This machine gives too few open files or too little memory."""

    exit_code = 71


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
