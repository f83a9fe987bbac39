"""The container of HWPX: a zip, read part by part; of a damaged one, every part that can still be found.

Programs and download pages differ in what they make of a zip: backslashes in names, other case, blank lines
before it, a directory that is cut off. A part is found by its name as `part_key`
folds it; one that the library refuses (a wrong checksum, no directory) is unpacked from its own header as far
as it goes.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from itertools import islice

from archive.errors import DocumentError
from pipelines.attachments.limits import MAX_ENTRIES, MAX_UNPACKED

_LOCAL = struct.Struct("<4s5H3I2H")  # the header that stands before each part
_SIGNATURE = b"PK\x03\x04"
_BOUNDARY = re.compile(rb"PK(?:\x03\x04|\x01\x02|\x07\x08)")
_SLICE = 1 << 16
_LONGEST_NAME = 1024  # bytes
_REFUSED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, struct.error)


@dataclass(frozen=True, slots=True)
class _Member:
    """One part: the offset of its local header, and its directory entry, if there is one."""

    offset: int
    method: int
    flags: int
    info: zipfile.ZipInfo | None = None


class Package:
    """The zip container; the parts read are counted against one bound.

    Attributes:
        damage: a line for each part that could not be read completely.

    Raises:
        DocumentError: too many parts.
        zipfile.BadZipFile: no part can be found.
    """

    def __init__(self, content: bytes) -> None:
        if content.count(b"PK\x01\x02") > MAX_ENTRIES or content.count(_SIGNATURE) > 2 * MAX_ENTRIES:
            raise DocumentError("too_big", f"more than {MAX_ENTRIES} parts")
        self._content = content
        self._left = MAX_UNPACKED
        self.damage: list[str] = []
        self._zip: zipfile.ZipFile | None = None
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self._members = {
                part_key(info.filename): _Member(info.header_offset, info.compress_type, info.flag_bits, info)
                for info in self._zip.infolist()
            }
        except _REFUSED as error:
            self._members = _found(content)
            if not self._members:
                raise
            self.note("the zip's directory", error)
        self.names = frozenset(self._members)

    def note(self, name: str, error: object) -> None:
        """Record damage, once for each part."""
        if not any(line.startswith(f"{name}: ") for line in self.damage):
            self.damage.append(f"{name}: {' '.join(str(error).split())}")

    def part(self, name: str) -> bytes:
        """Return the bytes of one part; of a damaged one, as many as possible.

        Args:
            name: from part_key, one of ``names``.

        Raises:
            DocumentError: encrypted, packed with a method that cannot be bounded, or over the limits.
        """
        member = self._members[name]
        # The other methods cannot be stopped in the middle of a bomb.
        if member.method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DocumentError("unsupported", f"zip method {member.method}")
        if member.flags & 1:
            raise DocumentError("encrypted", "zip password")
        try:
            data = self._whole(member)
        except _REFUSED as error:
            data = _unpacked(self._content, member, self._left + 1)
            self.note(name, error)
        if len(data) > self._left:
            raise DocumentError("too_big", f"parts of more than {MAX_UNPACKED >> 20} MB")
        self._left -= len(data)
        return data

    def _whole(self, member: _Member) -> bytes:
        if self._zip is None or member.info is None:
            raise zipfile.BadZipFile("found without the zip's directory")
        with self._zip.open(member.info) as opened:
            return opened.read(self._left + 1)


def part_key(name: str) -> str:
    """Fold the name of a part for look-up: slashes forwards, none leading, lower case."""
    return re.sub(r"^(?:\.?/)+", "", name.replace("\\", "/")).lower()


def names_of_headers(content: bytes) -> list[str]:
    """Return the names of the parts from their local headers, for a zip whose directory is lost."""
    return [*_found(content)]


def _found(content: bytes) -> dict[str, _Member]:
    """Find the parts by their local headers."""
    members: dict[str, _Member] = {}
    for match in islice(re.finditer(re.escape(_SIGNATURE), content), MAX_ENTRIES):
        offset, start = match.start(), match.start() + _LOCAL.size
        if start > len(content):
            break
        header = _LOCAL.unpack_from(content, offset)
        name = content[start : start + min(header[9], _LONGEST_NAME)].decode("utf-8", "replace")
        members.setdefault(part_key(name), _Member(offset, header[3], header[2]))
    return members


def _unpacked(content: bytes, member: _Member, limit: int) -> bytes:
    """Unpack one part from its local header, up to any damage and at most to a limit."""
    if content[member.offset : member.offset + 4] != _SIGNATURE or member.offset + _LOCAL.size > len(content):
        return b""
    header = _LOCAL.unpack_from(content, member.offset)
    start = member.offset + _LOCAL.size + header[9] + header[10]
    if member.method == zipfile.ZIP_STORED:
        boundary = _BOUNDARY.search(content, start)
        end = start + header[7] if header[7] else boundary.start() if boundary else len(content)
        return content[start : min(end, start + limit)]
    decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
    plain = bytearray()
    for position in range(start, len(content), _SLICE):
        try:
            plain += decompressor.decompress(content[position : position + _SLICE], limit - len(plain))
        except zlib.error:
            break
        if decompressor.eof or len(plain) >= limit:
            break
    return bytes(plain)
