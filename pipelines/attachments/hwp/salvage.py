"""Salvage a truncated HWP 5 file: sections are found by their first bytes.

The directory and the sector table of an OLE container may be anywhere, often at its end. Without them the
streams are nameless, but mostly contiguous (in all ten files examined, 2026-11). A section begins with the
record of its first paragraph; packed or encrypted, it begins at a sector.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from archive.errors import DocumentError
from pipelines.attachments.hwp.records import (
    DISTRIBUTION_KEY,
    PARA_HEADER,
    PASSWORD,
    RIGHTS_MANAGED,
    SIGNATURE,
    decrypt,
    inflate,
)
from pipelines.attachments.limits import MAX_UNPACKED

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTOR = (
    64  # bytes in which streams of less than 4,096 bytes are kept; those of larger ones are multiples of it
)
MOST_LOOKED_AT = 32 << 20  # bytes of a file that are searched for sections
LONGEST_PACKED = 8 << 20  # bytes of one section
MOST_SECTIONS = 256
_LONGEST_HEADER = 64  # bytes of the record of a paragraph; it has 22 to 26


def sections_left(content: bytes) -> Iterator[bytes]:
    """Yield the decoded record bytes of each section found, in file order.

    Raises:
        DocumentError: the file is encrypted, or unpacks to more than allowed.
    """
    _refuse_encrypted(content)
    left, found = MAX_UNPACKED, 0
    for start in range(0, min(len(content), MOST_LOOKED_AT), SECTOR):
        packed = _packed(content, start)
        if packed is None:
            continue
        plain, _ = inflate(packed, left)
        yield plain
        left -= len(plain)
        found += 1
        if found == MOST_SECTIONS:
            return


def _packed(content: bytes, start: int) -> bytes | None:
    """Return the packed bytes of a section and what follows it; None if no section begins here."""
    if content[start] & 6 != 6 and _begins_section(content[start : start + 512]):  # 6 is no kind of block
        return content[start : start + LONGEST_PACKED]
    if content.startswith(DISTRIBUTION_KEY, start) and _begins_section(decrypt(content[start : start + 788])):
        return decrypt(content[start : start + LONGEST_PACKED])
    return None


def _begins_section(packed: bytes) -> bool:
    try:
        plain = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, 64)
    except zlib.error:
        return False
    if len(plain) < 4:
        return False
    (word,) = struct.unpack_from("<I", plain)
    return bool(word & 0xFFFFF == PARA_HEADER and 22 <= word >> 20 <= _LONGEST_HEADER)


def _refuse_encrypted(content: bytes) -> None:
    start = content.find(SIGNATURE)
    while start >= 0 and start % SECTOR:
        start = content.find(SIGNATURE, start + 1)
    if start < 0 or start + 40 > len(content):
        return
    (properties,) = struct.unpack_from("<I", content, start + 36)
    if properties & (PASSWORD | RIGHTS_MANAGED):
        raise DocumentError("encrypted", "password" if properties & PASSWORD else "rights management")
