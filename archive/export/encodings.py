"""Undo the content encodings of HTTP (gzip, deflate, br, zstd), never unpacking more than is allowed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import brotli
import zstandard

from archive.text.normalize import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 1 << 16  # bytes unpacked at a time
MORSEL = 64  # bytes of zstd given at a time: its library bounds only what goes in, and four may give 128 KiB
WINDOW = 1 << 27  # bytes that a frame of zstd may look back, as its own command allows


class Undecodable(Exception):
    """The bytes are not in the encoding that they are said to be in."""


class Bomb(Exception):
    """The bytes unpack to more than is allowed."""


def unpacked(content: bytes, encoding: str, largest: int, free: int, ratio: int) -> bytes:
    """Undo one encoding; an empty name and ``identity`` change nothing.

    Args:
        content: the bytes as sent.
        encoding: its name, in lower case.
        largest: bytes that it may unpack to.
        free: bytes that it may unpack to whatever its size; beyond, ``ratio`` times its size.
        ratio: see ``free``.

    Raises:
        Undecodable: the bytes are not in this encoding, or end early, or the encoding is unknown.
        Bomb: they unpack to more.
    """
    if not content or encoding in ("", "identity"):
        return content
    most = min(largest, free + ratio * len(content))
    pieces, size = [], 0
    try:
        for piece in _pieces(content, encoding):
            size += len(piece)
            if size > most:
                raise Bomb(f"unpacks to more than {most:,} bytes")
            pieces.append(piece)
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise Undecodable(one_line(str(error))) from error
    return b"".join(pieces)


def _pieces(content: bytes, encoding: str) -> Iterator[bytes]:
    if encoding in ("gzip", "x-gzip"):
        return _inflated(content, 16 + zlib.MAX_WBITS)
    if encoding == "deflate":  # by the standard within zlib's frame, by some servers without
        framed = content[0] & 0x0F == 8 and int.from_bytes(content[:2]) % 31 == 0
        return _inflated(content, zlib.MAX_WBITS if framed else -zlib.MAX_WBITS)
    if encoding == "br":
        return _brotli(content)
    if encoding == "zstd":
        return _zstd(content)
    raise Undecodable(f"unknown encoding {encoding[:20]!r}")


def _inflated(content: bytes, bits: int) -> Iterator[bytes]:
    while content:
        unpacker = zlib.decompressobj(bits)
        while not unpacker.eof:
            piece = unpacker.decompress(content, PIECE)
            if not piece and not unpacker.unconsumed_tail and not unpacker.eof:
                raise Undecodable("ends early")
            yield piece
            content = unpacker.unconsumed_tail
        # A gzip body may have several members; what else follows its end is padding.
        content = unpacker.unused_data if unpacker.unused_data.startswith(b"\x1f\x8b") else b""


def _brotli(content: bytes) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    yield unpacker.process(content, output_buffer_limit=PIECE)
    while not unpacker.is_finished():
        if unpacker.can_accept_more_data():
            raise Undecodable("ends early")
        yield unpacker.process(b"", output_buffer_limit=PIECE)


def _zstd(content: bytes) -> Iterator[bytes]:
    while content:
        unpacker = zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj()
        position = 0
        while not unpacker.eof:
            if position >= len(content):
                raise Undecodable("ends early")
            yield unpacker.decompress(content[position : position + MORSEL])
            position += MORSEL
        content = unpacker.unused_data + content[position:]
