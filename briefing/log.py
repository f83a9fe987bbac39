"""``briefing --log FILE``: the output of a command, each line with the time and the command before it."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO


class LineLog(io.TextIOBase):
    """A text stream that appends whole lines to a file.

    Args:
        file: opened for appending; several commands may write to it at a time.
        command: written before each line, after the local time with its offset.
    """

    def __init__(self, file: TextIO, command: str) -> None:
        self._file, self._command, self._begun = file, command, ""

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Buffer text; each line is written when it is complete."""
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            now = datetime.now().astimezone().isoformat(timespec="seconds")
            self._file.write(f"{now} {self._command}: {line}\n" if line.strip() else "")
        self._file.flush()
        return len(text)

    def close(self) -> None:
        """Write an unfinished line."""
        if self._begun:
            self.write("\n")
        super().close()


@contextmanager
def logged(path: Path, command: str) -> Iterator[None]:
    """Append all that is printed in the block to a file, instead of printing it; may raise OSError."""
    before = sys.stdout, sys.stderr
    with path.open("a", encoding="utf-8") as file, LineLog(file, command) as log:
        sys.stdout = sys.stderr = log
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before
