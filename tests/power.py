"""A disk that loses power: what the recorded calls of a command leave on it at any moment.

The model is the strictest that POSIX allows: what was written is on the disk once its file was synced, a name
once its folder was; of anything else all, nothing or any part may be there, in any order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.faults import CREATE, LINK, MKDIR, REMOVE, RENAME, SYNC, TRUNCATE, WRITE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults import Call

SECTOR = 512  # bytes, written whole or not at all
MAPPED = "-shm"  # ends the names of files that SQLite maps, and makes anew after a loss of power


@dataclass(eq=False)
class File:
    """Bytes on the disk, and the writes and truncations since the last sync."""

    synced: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def content(self, kept: Callable[[], bool]) -> bytes:
        """Return the bytes with those pending calls that are kept, sector by sector."""
        whole = bytearray(self.synced)
        for offset, data in self.pending:
            if data is None:
                if kept():
                    whole[:] = whole[:offset].ljust(offset, b"\0")
                continue
            for start in range(0, len(data), SECTOR):
                if kept():
                    piece, at = data[start : start + SECTOR], offset + start
                    whole.extend(b"\0" * (at - len(whole)))
                    whole[at : at + len(piece)] = piece
        return bytes(whole)

    def sync(self) -> None:
        """Sync all of it to the disk."""
        self.synced = self.content(lambda: True)
        self.pending.clear()


@dataclass(eq=False)
class Folder:
    """Names on the disk, and names as the system shows them."""

    synced: dict[str, File | Folder] = field(default_factory=dict)
    names: dict[str, File | Folder] = field(default_factory=dict)

    def sync(self) -> None:
        """Sync the names to the disk."""
        self.synced = dict(self.names)

    def files(self, kept: Callable[[], bool], below: str = "") -> Iterator[tuple[str, bytes]]:
        """Yield the path and content of each file."""
        for name in sorted(self.synced.keys() | self.names.keys()):
            old, new = self.synced.get(name), self.names.get(name)
            node = new if old is not new and kept() else old
            if isinstance(node, Folder):
                yield from node.files(kept, f"{below}{name}/")
            elif node is not None and not name.endswith(MAPPED):
                yield f"{below}{name}", node.content(kept)


class Disk:
    """A folder as it was before a command, and what the calls of the command change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.root = _load(folder)

    def apply(self, call: Call) -> None:
        """Make one call."""
        if call.kind == WRITE:
            self._file(call.path).pending.append((call.offset, call.data))
        elif call.kind == TRUNCATE:
            self._file(call.path).pending.append((call.offset, None))
        elif call.kind == SYNC:
            self._node(call.path).sync()
        elif call.kind in (CREATE, MKDIR):
            self._names(call.path)[call.path.name] = Folder() if call.kind == MKDIR else File()
        elif call.kind == REMOVE:
            del self._names(call.path)[call.path.name]
        elif call.kind in (RENAME, LINK):
            self._names(call.second)[call.second.name] = self._node(call.path)
            if call.kind == RENAME:
                del self._names(call.path)[call.path.name]

    def left(self, kept: Callable[[], bool]) -> dict[str, bytes]:
        """Return the files after a loss of power, by their paths; ``kept`` decides of each unsynced part."""
        return dict(self.root.files(kept))

    def _node(self, path: Path) -> File | Folder:
        node: File | Folder = self.root
        for name in path.relative_to(self._folder).parts:
            assert isinstance(node, Folder)
            node = node.names[name]
        return node

    def _file(self, path: Path) -> File:
        node = self._node(path)
        assert isinstance(node, File)
        return node

    def _names(self, path: Path) -> dict[str, File | Folder]:
        node = self._node(path.parent)
        assert isinstance(node, Folder)
        return node.names


def _load(folder: Path) -> Folder:
    names = {
        path.name: _load(path) if path.is_dir() else File(path.read_bytes()) for path in folder.iterdir()
    }
    return Folder(dict(names), dict(names))


def write(files: dict[str, bytes], folder: Path) -> None:
    """Write files below a folder."""
    folder.mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
