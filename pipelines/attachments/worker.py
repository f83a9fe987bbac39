"""Read attachments in a separate process, so that no file hangs, crashes or bloats the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from archive.errors import Exceeded, SandboxError
from archive.plain import plain, record_of
from archive.sandbox import DEADLINE, MEMORY, Sandbox
from pipelines.attachments.document import Document
from pipelines.attachments.limits import MAX_CONTENT
from pipelines.attachments.magic import detect_format
from pipelines.attachments.readers import read_document

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from pipelines.attachments.document import State


class Reader:
    """Reads documents in one sandbox. Use as a context manager.

    Args:
        deadline: seconds of the wall clock that one document may take.
        memory: bytes of address space that the process may have.
    """

    def __init__(self, deadline: float = DEADLINE, memory: int = MEMORY) -> None:
        self._sandbox = Sandbox(__name__, deadline=deadline, memory=memory)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, even while it reads a document, which is returned as ``failed``."""
        self._sandbox.close()

    def read(self, content: bytes, name: str) -> Document:
        """Read one attachment; errors become the state of the returned document.

        Errors that are not the file's, such as a process that cannot start, dies or meets a bug of ours,
        become the state ``failed``, to be recorded as a failure and tried again.
        """
        if len(content) > MAX_CONTENT:
            return Document(detect_format(content, name), "too_big", f"{len(content)} bytes")
        try:
            return record_of(Document, self._sandbox.call(f"{__name__}:answer", content, name))
        except Exceeded as error:
            return Document(detect_format(content, name), cast("State", error.state), error.detail)
        except (SandboxError, TypeError) as error:
            return Document(detect_format(content, name), "failed", str(error))


def answer(content: bytes, name: str) -> dict[str, Any]:
    """Read one attachment, in the sandbox, and return the document as JSON data."""
    said: dict[str, Any] = plain(read_document(content, name))
    return said
