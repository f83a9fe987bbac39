"""Foreign input read within bounds: what is small in this process, what is large in a sandbox.

What the chain does grows in step with its input: 64,000 characters of running text take 20 ms, as many of
nothing but contacts 0.2 s (2026-11), which is less than a fifth of what a crawl waits for the next page. So a
small article is built before a process could be asked. A large one may take its time, but no more time
and memory than the sandbox allows; what takes more costs itself only.
"""

from __future__ import annotations

import atexit
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from archive.plain import plain, record_of
from archive.records import Article
from archive.sandbox import DEADLINE, Sandbox, is_inside
from pipelines import build
from pipelines.blocks import Paragraph

if TYPE_CHECKING:
    from pipelines.blocks import Block
    from pipelines.observation import Observation

LARGE = 64_000  # characters of text, or bytes of a file
A_CELL: Final = 8  # characters that an empty cell of a table counts for


def build_article(observation: Observation) -> Article:
    """Make an article of an observation, as :func:`pipelines.build.build_article` does.

    Raises:
        Exceeded: it is large, and takes more time or memory than allowed.
        SandboxError: it is large, and the process that was to read it failed by itself.
    """
    if is_inside() or not is_large(observation):
        return build.build_article(observation)
    # The bytes of the files are not looked at; they stay here.
    light = [(replace(attachment, content=None), blocks) for attachment, blocks in observation.files]
    sent = replace(observation, files=light)
    article = record_of(Article, sandbox().call(f"{__name__}:answer", sent))
    contents = {attachment.file_id: attachment.content for attachment, _ in observation.files}
    return replace(
        article,
        attachments=tuple(
            replace(attachment, content=contents.get(attachment.file_id))
            for attachment in article.attachments
        ),
    )


def is_large(observation: Observation) -> bool:
    """Tell whether an article is to be built in the sandbox."""
    size = sum(len(text) for text in observation.texts() if text)
    return size + sum(_size(block) for block in observation.blocks()) > LARGE


def _size(block: Block) -> int:
    if isinstance(block, Paragraph):
        return len(block.text)
    return sum(len(cell.text) + A_CELL for cell in block.cells)


def answer(observation: Observation) -> dict[str, Any]:
    """Build an article, in the sandbox; give it as JSON can say it."""
    said: dict[str, Any] = plain(build.build_article(observation))
    return said


_started: list[Sandbox] = []
_STARTING = threading.Lock()


def sandbox() -> Sandbox:
    """Give the sandbox of this process, which its first call starts; it ends with the process."""
    with _STARTING:
        if not _started:
            _started.append(Sandbox(__name__, deadline=DEADLINE))
        return _started[0]


def close() -> None:
    """End the sandbox of this process, in the middle of a call too; the next call starts another."""
    with _STARTING:
        ended, _started[:] = _started[:], []
    for one in ended:
        one.close()


atexit.register(close)
