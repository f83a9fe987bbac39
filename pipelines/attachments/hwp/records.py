"""The lower layer of HWP 5: an OLE container, its section streams, and the records in them.

After "한글 문서 파일 형식 5.0" (Hancom, revision 1.3): a section is a run of records, each with a tag, a
level and a size in one 32-bit word; levels make the tree.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import olefile
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from archive.errors import DocumentError
from pipelines.attachments.limits import MAX_UNPACKED

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNATURE = b"HWP Document File"
# Bits of the properties in FileHeader, at byte 36.
COMPRESSED, PASSWORD, DISTRIBUTION = 1 << 0, 1 << 1, 1 << 2
RIGHTS_MANAGED = 1 << 4 | 1 << 8 | 1 << 10  # DRM, encrypted by certificate, DRM by certificate
SLICE = 1 << 16
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LEAD = 1024  # bytes before the container in which some servers send blank lines
PARA_HEADER = 66  # the tag of a section's first record
FREE = 0xFFFFFFFF  # of a sector that is not in use
DISTRIBUTION_KEY = struct.pack("<I", 28 | 256 << 20)  # the head of the record that such a section begins with
MOST_MISSING = 64 << 20  # bytes at the end of a cut file in whose place zeros are read


@dataclass(slots=True)
class Record:
    """One record and those below it; ``head`` is the bullet or number before a paragraph."""

    tag: int
    data: bytes
    below: list[Record] = field(default_factory=list)
    head: str = ""


class Container:
    """An opened HWP 5 file.

    Attributes:
        cut: whether the file is truncated, perhaps with the loss of whole sections.
        damaged: whether a section ended early; what was read until then is valid.

    Raises:
        DocumentError: encrypted, or no HWP 5 inside.
        OSError: the OLE structure is damaged.
    """

    def __init__(self, content: bytes) -> None:
        content = content[max(content.find(OLE, 0, LEAD), 0) :]
        self._ole = olefile.OleFileIO(io.BytesIO(_completed(content)))
        self.cut = self.damaged = self._is_cut(len(content))
        self._properties = self._read_properties()
        if self._properties & PASSWORD:
            raise DocumentError("encrypted", "password")
        if self._properties & RIGHTS_MANAGED:
            raise DocumentError("encrypted", "rights management")
        self._left = MAX_UNPACKED

    def _is_cut(self, size: int) -> bool:
        """Return whether sectors beyond the end of the file are in use."""
        ole: Any = self._ole  # missing from its type stubs
        last = next((place for place in reversed(range(len(ole.fat))) if ole.fat[place] != FREE), -1)
        return bool((last + 1) * ole.sector_size >= size)

    def _read_properties(self) -> int:
        """Read the file header; if it is lost, sections are assumed packed, as by default."""
        try:
            header = self._ole.openstream("FileHeader").read(64)
        except OSError:
            header = b""
        if header.startswith(SIGNATURE) and len(header) >= 40:
            return int(struct.unpack_from("<I", header, 36)[0])
        if not self._ole.exists("BodyText"):
            raise DocumentError("corrupt", "no HWP 5 header")
        self.damaged = True
        return COMPRESSED

    def sections(self) -> Iterator[bytes]:
        """Yield the decoded record bytes of each section, in order."""
        distribution = bool(self._properties & DISTRIBUTION)
        storage = "ViewText" if distribution else "BodyText"
        names = [path for path in self._ole.listdir() if len(path) == 2 and path[0] == storage]
        numbered = [(int(path[1][7:]), path) for path in names if re.fullmatch(r"Section\d{1,4}", path[1])]
        if not numbered:
            raise DocumentError("corrupt", f"no section in {storage}")
        for _, path in sorted(numbered):
            try:
                data = self._ole.openstream(path).read()
            except OSError:
                self.damaged = True
                continue
            if distribution:
                try:
                    data = decrypt(data)
                except DocumentError:
                    self.damaged = True
                    continue
            yield self._inflated(data) if self._properties & COMPRESSED else data

    def styles(self) -> bytes:
        """Return the decoded record bytes of the document's styles, as far as they can be read."""
        try:
            data = self._ole.openstream("DocInfo").read()
        except OSError:
            return b""
        try:
            return inflate(data, MAX_UNPACKED)[0] if self._properties & COMPRESSED else data
        except DocumentError:
            return b""

    def _inflated(self, data: bytes) -> bytes:
        plain, whole = inflate(data, self._left)
        if not whole and not plain and data and data[0] == PARA_HEADER:
            plain = data  # the header wrongly says packed
        self._left -= len(plain)
        self.damaged = self.damaged or not whole
        return plain


def _completed(content: bytes) -> bytes:
    """Pad a truncated file with zeros to the length in its header, so that no sector is missing."""
    if len(content) < 512:
        return content
    sector = 4096 if content[30] == 12 else 512
    (tables,) = struct.unpack_from("<I", content, 44)  # sectors of the table of sectors, with four bytes each
    missing = (tables * (sector // 4) + 1) * sector - len(content)
    return content + bytes(missing) if 0 < missing <= MOST_MISSING else content


def inflate(data: bytes, limit: int) -> tuple[bytes, bool]:
    """Decompress a raw deflate stream; return what precedes any damage, and whether it is complete.

    Raises:
        DocumentError: it has more than `limit` bytes.
    """
    decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
    plain = bytearray()
    for start in range(0, len(data), SLICE):
        try:
            plain += decompressor.decompress(data[start : start + SLICE], limit + 1 - len(plain))
        except zlib.error:
            return bytes(plain), False
        if len(plain) > limit:
            raise DocumentError("too_big", f"parts of more than {MAX_UNPACKED >> 20} MB")
    return bytes(plain), decompressor.eof


def decrypt(data: bytes) -> bytes:
    """Decrypt a section of a distribution document (배포용 문서).

    The first record has 256 bytes: a seed, and, hidden under noise derived from the seed, the AES-128
    key at an offset that the seed determines. Such files need no password: they are readable by all and only
    protected against editing.
    """
    first = next(split(data), None)
    if first is None or len(first[2]) < 256:
        raise DocumentError("corrupt", "no key in the distribution document")
    hidden = first[2]
    (seed,) = struct.unpack_from("<I", hidden)
    noise = _noise(seed)
    start = 4 + (seed & 0xF)
    key = bytes(byte ^ noise[place] for place, byte in enumerate(hidden[start : start + 16], start))
    body = data[4 + len(hidden) :]
    decryptor = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305 - the format's own choice
    return decryptor.update(body[: len(body) // 16 * 16]) + decryptor.finalize()


def _noise(seed: int) -> bytes:
    """Return 256 bytes from the generator of Microsoft's C library: a byte, then its repeat count."""
    noise = bytearray()
    state = seed
    while len(noise) < 256:
        state = (state * 214013 + 2531011) & 0xFFFFFFFF
        byte = state >> 16 & 0xFF
        state = (state * 214013 + 2531011) & 0xFFFFFFFF
        noise += bytes([byte]) * ((state >> 16 & 0xF) + 1)
    return bytes(noise[:256])


def split(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Split record bytes into tag, level, data; a truncated last record is yielded as far as it goes."""
    position, end = 0, len(data)
    while position + 4 <= end:
        (word,) = struct.unpack_from("<I", data, position)
        position += 4
        size = word >> 20
        if size == 0xFFF:
            if position + 4 > end:
                return
            (size,) = struct.unpack_from("<I", data, position)
            position += 4
        yield word & 0x3FF, word >> 10 & 0x3FF, data[position : position + size]
        position += size


def is_whole(data: bytes) -> bool:
    """Return whether record bytes end at the end of a record."""
    position, end = 0, len(data)
    while position + 4 <= end:
        (word,) = struct.unpack_from("<I", data, position)
        size = word >> 20
        position += 4
        if size == 0xFFF and position + 4 <= end:
            (size,) = struct.unpack_from("<I", data, position)
            position += 4
        position += size
    return position <= end and not any(data[position:])


def tree(data: bytes) -> list[Record]:
    """Build the tree of a section's records and return the top level."""
    root = Record(0, b"")
    path = [root]
    for tag, level, payload in split(data):
        del path[level + 1 :]
        record = Record(tag, payload)
        path[-1].below.append(record)
        path.append(record)
    return root.below
