"""The kinds of the table ``failures``, from exceptions and status codes."""

from __future__ import annotations

import re
import zlib
from gzip import BadGzipFile

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from archive.errors import BriefingError, Exceeded, SandboxError, UnknownLayout
from archive.text.normalize import one_line

# A reset at TCP level, a timeout and a refused connection say something of the way to the site, nothing of
# the article (intermittent blocking by address, 2026-05 to 2026-07).
BLOCKING = frozenset({"reset", "timeout", "connect", "dns", "tls", "certificate"})

CIRCUIT_OPEN = "circuit open: "
"""How the refusal of a request begins that the circuit breaker did not let out."""

# The words are ours: Scrapy's name the address that was really connected to, which may be a mirror's.
_KINDS: tuple[tuple[type[BaseException], str, str], ...] = (
    (CannotResolveHostError, "dns", "the name of the host is not known"),
    (DownloadConnectionRefusedError, "connect", "the connection was refused"),
    (DownloadTimeoutError, "timeout", "no whole answer before the deadline"),
    (ResponseDataLossError, "truncated", "the answer ended early"),
    (DownloadCancelledError, "too_big", "the answer is larger than allowed"),
    (BadGzipFile, "encoding", "the answer is not compressed as it says"),
    (zlib.error, "encoding", "the answer is not compressed as it says"),
)
_IGNORED = (
    ("circuit", "blocked"),
    ("robots.txt", "robots"),
    ("offsite", "off_site"),
    ("private address", "off_site"),
    ("redirections", "redirects"),
    ("DOWNLOAD_MAXSIZE", "too_big"),
)

# Twisted's words where OpenSSL refuses the chain or the dates, and where the certificate lacks the name.
_CERTIFICATE = re.compile(r"certificate verify failed|CertificateError|VerificationError")


class FetchError(BriefingError):
    """One fetch failed for good; ``kind`` says how."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


def failure_of(error: BaseException | None) -> FetchError:
    """Return the failure that an exception of a download means."""
    if isinstance(error, FetchError):
        return error
    for known, kind, detail in _KINDS:
        if isinstance(error, known):
            return FetchError(kind, detail)
    if isinstance(error, UnknownLayout):
        return FetchError("layout", _line(error))
    if isinstance(error, Exceeded):
        return FetchError("exceeded", _line(error))
    if isinstance(error, SandboxError):
        return FetchError("error", _line(error))
    if isinstance(error, IgnoreRequest):
        text = str(error)
        return FetchError(next((kind for word, kind in _IGNORED if word in text), "refused"), _line(error))
    if isinstance(error, DownloadFailedError):
        return _failed(str(error))
    return FetchError("error", f"{type(error).__name__}: {_line(error)}")


def _failed(text: str) -> FetchError:
    """Return why a connection ended before the whole response, by Twisted's text of the reasons."""
    if _CERTIFICATE.search(text):
        return FetchError("certificate", "its certificate is not trusted for this name")
    if "SSL" in text:
        return FetchError("tls", "no secure connection could be made")
    if "HeadersTooLong" in text:
        return FetchError("headers", "the headers of the answer do not end")
    return FetchError("reset", "the connection was closed")


def _line(error: BaseException | None) -> str:
    text = one_line(str(error)) or type(error).__name__
    return text.removeprefix(CIRCUIT_OPEN)[:300]
