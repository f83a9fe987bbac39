"""Read any attachment in this process; untrusted files are read by the worker."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from pypdfium2 import PdfiumError

from archive.errors import DocumentError
from pipelines.attachments.document import Document
from pipelines.attachments.hwp import reader as hwp
from pipelines.attachments.hwpx import hml
from pipelines.attachments.hwpx import reader as hwpx
from pipelines.attachments.hwpx.xml import ParseError
from pipelines.attachments.limits import MAX_CONTENT
from pipelines.attachments.magic import decode_text, detect_format
from pipelines.attachments.pdf import reader as pdf
from pipelines.attachments.private_use import shown
from pipelines.blocks import blocks_of_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from pipelines.attachments.document import State

READERS: Final[dict[str, Callable[[bytes], Document]]] = {
    "hwpx": hwpx.read,
    "hwp": hwp.read,
    "hml": hml.read,
    "pdf": pdf.read,
}
PLAIN = frozenset({"txt", "csv", "md"})
# What libraries raise for damaged files; for other errors it matters whose code raised them.
DAMAGE = (
    ParseError,
    PdfiumError,
    UnicodeError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
)


def read_document(content: bytes, name: str) -> Document:
    """Read one attachment: pure, with bounded memory, and without raising for bad content.

    Time is not bounded here; :class:`pipelines.attachments.worker.Reader` does that.
    """
    kind = detect_format(content, name)
    if len(content) > MAX_CONTENT:
        return Document(kind, "too_big", f"{len(content)} bytes")
    if not content:
        return Document(kind, "corrupt", "empty file")
    if kind in PLAIN:
        return Document(kind, "text", blocks=blocks_of_text(decode_text(content) or ""))
    reader = READERS.get(kind)
    if reader is None:
        return _unread(kind, name)
    try:
        document = reader(content)
        return replace(document, blocks=shown(document.blocks))
    except DocumentError as error:
        return Document(kind, cast("State", error.state), error.detail)
    except (MemoryError, RecursionError) as error:
        return Document(kind, "too_big", _line(error))
    except DAMAGE as error:
        return Document(kind, "corrupt", _line(error))
    except Exception as error:  # noqa: BLE001 - told as what it is, and tried again where it is a bug
        if _is_of_a_library(error):
            return Document(kind, "corrupt", _line(error))
        return Document(kind, "failed", f"{type(error).__name__}: {_line(error)}")


def _unread(kind: str, name: str) -> Document:
    if kind == "unknown":
        return Document(kind, "corrupt", "no known format")
    if kind == "ooxml-encrypted":
        return Document(kind, "encrypted", "password")
    suffix = name.rpartition(".")[2].lower()
    mislabelled = f" under the name .{suffix}" if suffix in READERS and not kind.startswith(suffix) else ""
    return Document(kind, "unsupported", f"{kind} file{mislabelled}: its text is not read")


def _is_of_a_library(error: Exception) -> bool:
    """Return whether a library raised an error: then the file is damaged; otherwise the bug is ours."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and not str(trace.tb_frame.f_globals.get("__name__")).startswith("pipelines.")


def _line(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:200]
