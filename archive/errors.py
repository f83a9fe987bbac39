"""The errors of the whole project: one small tree, one meaning each.

::

    BriefingError
    ├── UsageError            the caller asked for something that makes no sense      exit 64
    ├── ArchiveError          the archive file cannot serve
    │   ├── NotAnArchive      the file is no SQLite database, or not one of ours      exit 65
    │   ├── NewerSchema       written by a newer version of this program              exit 65
    │   ├── Unreadable        missing, or not permitted                               exit 66
    │   └── Held              another run holds the archive                           exit 75
    ├── PageError             a page does not say what it should
    │   ├── UnknownLayout     no page object recognises the page                      exit 2
    │   └── WrongPage         the answer is not the page that was asked for           exit 2
    ├── InputError            a file to be read cannot be                             exit 65
    │   └── DocumentError     an attachment: encrypted, corrupt, too big, unsupported
    ├── Unreachable           a site, mirror or service does not answer               exit 3
    └── Starved               this machine gives too few files or too little memory   exit 71

Libraries raise; the command line prints ``Error: …`` in one line and exits with ``exit_code``.
"""


class BriefingError(Exception):
    """Something failed in a way this program knows."""

    exit_code = 1


class UsageError(BriefingError):
    """The caller asked for something that makes no sense."""

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


class PageError(BriefingError):
    """A page does not say what it should."""

    exit_code = 2


class UnknownLayout(PageError):
    """No page object recognises the page."""


class WrongPage(PageError):
    """The answer is not the page that was asked for."""


class InputError(BriefingError):
    """A file to be read cannot be."""

    exit_code = 65


class DocumentError(InputError):
    """An attachment gives no text; ``state`` says what it is."""

    def __init__(self, state: str, detail: str) -> None:
        super().__init__(f"{state}: {detail}")
        self.state = state
        self.detail = detail


class Unreachable(BriefingError):
    """A site, mirror or service does not answer."""

    exit_code = 3


class Starved(BriefingError):
    """This machine gives too few open files or too little memory."""

    exit_code = 71
