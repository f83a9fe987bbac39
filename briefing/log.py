"""``briefing --log FILE``: the output of a command, each line with the time and the command before it."""

from __future__ import annotations

import io
import json
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
        as_json: write each line as a JSON object with time, level, command and message instead.
    """

    def __init__(self, file: TextIO, command: str, *, as_json: bool = False) -> None:
        self._file, self._command, self._as_json, self._begun = file, command, as_json, ""

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Buffer text; each line is written when it is complete."""
        *lines, self._begun = (self._begun + text).split("\n")
        self._file.writelines(self._entry(line) for line in lines if line.strip())
        self._file.flush()
        return len(text)

    def _entry(self, line: str) -> str:
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        if not self._as_json:
            return f"{now} {self._command}: {line}\n"
        said = {"time": now, "level": _level(line), "command": self._command, "message": line}
        return json.dumps(said, ensure_ascii=False) + "\n"

    def close(self) -> None:
        """Write an unfinished line."""
        if self._begun:
            self.write("\n")
        super().close()


def _level(line: str) -> str:
    """Return error, warning or info, by the word that begins a line of ours."""
    word = line.partition(":")[0].lower()
    return word if word in ("error", "warning") else "info"


@contextmanager
def logged(path: Path, command: str, *, as_json: bool = False) -> Iterator[None]:
    """Append all that is printed in the block to a file, instead of printing it; may raise OSError."""
    before = sys.stdout, sys.stderr
    with path.open("a", encoding="utf-8") as file, LineLog(file, command, as_json=as_json) as log:
        sys.stdout = sys.stderr = log
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before
