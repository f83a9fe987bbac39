"""Read the records of a WARC file from anywhere: each is checked, and a damaged one costs only itself.

A record is given only when its length fits, its digests hold, and what it unpacks to is bounded; all else is
given as :class:`Damaged`, and reading goes on at the next record. A gzip file is read member by member, so
that a member that is damaged or unpacks without bound costs no other.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib
from dataclasses import dataclass
from io import SEEK_END, BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from archive.errors import InputError
from archive.export.encodings import Bomb, Undecodable, unpacked
from archive.text.normalize import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warcio.statusandheaders import StatusAndHeaders

LARGEST = 160 << 20  # bytes of one record: the largest file that is read, with its headers
HEADERS = 1 << 20  # bytes of the headers of one record
PIECE = 1 << 16
IN_MEMORY = 16 << 20  # bytes of an unpacked member beyond which it lies in a temporary file
FREE = 32 << 20  # bytes that a member may unpack to whatever its size …
RATIO = 100  # … and beyond that, times its size; pages of these sites unpack to 5 to 30 times
GZIP = b"\x1f\x8b\x08"
VERSIONS = ("WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/0.17")
HTTP = ("HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/2", "HTTP/3")
VERBS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
TYPES = frozenset(
    {"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"}
)
BODYLESS = frozenset({"204", "304"})  # statuses whose Content-Length speaks of another answer
_BEGINS = re.compile(rb"(?:\A|\n)WARC/\d\.\d{1,2}\r?\n")
_MARKUP = re.compile(rb"[\xef\xbb\xbf\s]*[<{\[]")
_UNKNOWN = re.compile(r"^$|[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class Damaged:
    """A record that was left out.

    Attributes:
        offset: where in the file it begins (of a gzip file: where its member begins), in bytes.
        detail: what is wrong with it, in one line.
        url: the URL that it names; None where its headers cannot be read.
    """

    offset: int
    detail: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One whole record.

    Attributes:
        offset: as in :class:`Damaged`.
        kind: response, request, resource, metadata, warcinfo, revisit and so on.
        fields: its headers.
        http: the HTTP headers within; None where it has none.
        content: its block, or the body of the HTTP message, decoded from transfer and content encodings.
    """

    offset: int
    kind: str
    fields: StatusAndHeaders
    http: StatusAndHeaders | None
    content: bytes

    def field(self, name: str) -> str | None:
        """Return one header; None where it is absent."""
        value = self.fields.get_header(name)
        return None if value is None else str(value)


class _Wrong(Exception):
    """A record is not what its headers say."""


def records(stream: IO[bytes], *, decoded_by: str) -> Iterator[Record | Damaged]:
    """Read a WARC file, packed by gzip or not, from a stream that can seek.

    Args:
        stream: the file.
        decoded_by: a header that says that the body in a record is stored decoded already.

    Raises:
        InputError: the bytes are no WARC file at all.
    """
    head = stream.read(len(GZIP))
    stream.seek(0)
    if head != GZIP:
        if next(_search(stream, 0, _BEGINS), None) is None:
            raise InputError("not a WARC file")
        yield from _plain(stream, None, decoded_by)
        return
    is_warc = False
    for offset, member in _members(stream):
        if isinstance(member, Damaged):
            yield member
            continue
        with member:
            if not is_warc and not _BEGINS.match(member.read(64).lstrip(b"\r\n")):
                raise InputError("not a WARC file")
            is_warc = True
            yield from _plain(member, offset, decoded_by)
    if head and not is_warc and stream.seek(0) == 0 and not _has_member(stream):
        raise InputError("not a WARC file: no gzip member of it can be read")


def _has_member(stream: IO[bytes]) -> bool:
    """Return whether the first member unpacks to what a WARC record begins with, however it goes on."""
    try:
        begin = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(stream.read(PIECE), 64)
    except zlib.error:
        return False
    return bool(_BEGINS.match(begin.lstrip(b"\r\n")))


def _members(stream: IO[bytes]) -> Iterator[tuple[int, IO[bytes] | Damaged]]:
    """Yield each gzip member, unpacked, with its offset; after a damaged one, from the next on."""
    offset: int | None = 0
    while offset is not None:
        unpacked_to: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # the reader closes it
        try:
            end = _unpack_member(stream, offset, unpacked_to)
        except (_Wrong, zlib.error) as error:
            unpacked_to.close()
            yield offset, Damaged(offset, _told(error))
            offset = _next_member(stream, offset + 1)
            continue
        unpacked_to.seek(0)
        yield offset, unpacked_to
        offset = _after(stream, end)
        if offset is not None and offset < 0:
            yield -offset, Damaged(-offset, "bytes that are no gzip member")
            offset = _next_member(stream, -offset)


def _unpack_member(stream: IO[bytes], offset: int, into: IO[bytes]) -> int:
    """Unpack one member and return the offset of its end."""
    stream.seek(offset)
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    packed = size = 0
    while not unpacker.eof:
        piece = unpacker.unconsumed_tail or stream.read(PIECE)
        packed += 0 if unpacker.unconsumed_tail else len(piece)
        out = unpacker.decompress(piece, PIECE)
        if not (piece or out or unpacker.eof):
            raise _Wrong("the file ends within this record")
        size += len(out)
        if size > FREE + RATIO * packed:
            raise _Wrong(f"unpacks to more than {RATIO} times its size")
        into.write(out)
    return offset + packed - len(unpacker.unused_data)


def _after(stream: IO[bytes], end: int) -> int | None:
    """Return the offset of the next member; None at the end of the file, negative where other bytes stand."""
    stream.seek(end)
    head = stream.read(PIECE)
    rest = head.lstrip(b"\0\r\n")
    if not rest:
        return None
    start = end + len(head) - len(rest)
    return start if rest.startswith(GZIP[: len(rest)]) else -start


def _next_member(stream: IO[bytes], start: int) -> int | None:
    """Find the next bytes that begin a gzip member holding a WARC record."""
    for found in _search(stream, start, re.compile(re.escape(GZIP))):
        stream.seek(found)
        if _has_member(stream):
            return found
    return None


def _search(stream: IO[bytes], start: int, wanted: re.Pattern[bytes]) -> Iterator[int]:
    """Find the offsets of a short pattern from an offset on, with bounded memory."""
    overlap, carried = 32, b""
    while True:
        stream.seek(start)
        piece = stream.read(1 << 20)
        if not piece:
            return
        text, base = carried + piece, start - len(carried)
        start += len(piece)
        for match in wanted.finditer(text):
            if match.end() > len(carried) or not carried:
                yield base + match.start()
        carried = text[-overlap:]


def _plain(stream: IO[bytes], member: int | None, decoded_by: str) -> Iterator[Record | Damaged]:
    """Yield the records of unpacked bytes; ``member`` is the offset to name instead of that in the stream."""
    position: int | None = 0
    is_resumed = False
    while position is not None and (start := _skip_blank(stream, position)) is not None:
        named = start if member is None else member
        url = None
        try:
            fields, length = _headers(stream, start)
            url = fields.get_header("WARC-Target-URI")
            block_at = stream.tell()
            if length > LARGEST:
                yield Damaged(named, f"holds {length:,} bytes, more than are read of one record", url)
                position = min(block_at + length, stream.seek(0, SEEK_END))
                continue
            block = _block(stream, length, fields, is_resumed=is_resumed)
        except _Wrong as error:
            yield Damaged(named, _told(error), url)
            position, is_resumed = next(_search(stream, start + 1, _BEGINS), None), True
            continue
        position, is_resumed = block_at + length, False
        try:
            yield _record(named, fields, block, decoded_by)
        except (_Wrong, Bomb) as error:
            yield Damaged(named, _told(error), url)


def _skip_blank(stream: IO[bytes], position: int) -> int | None:
    """Return the offset of the next byte that is no line end; None at the end of the file."""
    while True:
        stream.seek(position)
        piece = stream.read(PIECE)
        rest = piece.lstrip(b"\r\n")
        position += len(piece) - len(rest)
        if rest or not piece:
            return position if rest else None


def _headers(stream: IO[bytes], start: int) -> tuple[StatusAndHeaders, int]:
    """Read the headers of a record and the length that they give; leaves the stream at its block."""
    stream.seek(start)
    head = bytearray()
    while not head.endswith((b"\r\n\r\n", b"\n\n")):
        line = stream.readline(PIECE)
        head += line
        if not line or len(head) > HEADERS:
            raise _Wrong("its headers do not end")
        if len(head) == len(line) and not _BEGINS.match(line):
            raise _Wrong("no WARC record begins here")
    fields = _parsed(VERSIONS, BytesIO(bytes(head)))
    written = (fields.get_header("Content-Length") or "").strip()
    if not (written.isascii() and written.isdigit() and len(written) < 19):
        raise _Wrong("its length cannot be read")
    return fields, int(written)


def _block(stream: IO[bytes], length: int, fields: StatusAndHeaders, *, is_resumed: bool) -> bytes:
    """Read a block whose length and digest fit; after damage only a digest proves that it is a record."""
    block = stream.read(length)
    if len(block) < length:
        raise _Wrong("the file ends within this record")
    behind = stream.read(64)
    rest = behind.lstrip(b"\r\n")
    if behind and (rest == behind or (rest and not rest.startswith(b"WARC/"[: len(rest)]))):
        raise _Wrong("its length does not fit")
    digest = fields.get_header("WARC-Block-Digest")
    if not _digest_holds(digest, (block,)):
        raise _Wrong("its bytes do not have the block digest that it names")
    if is_resumed and not digest:
        raise _Wrong("stands after damage and names no digest")
    return block


def _record(offset: int, fields: StatusAndHeaders, block: bytes, decoded_by: str) -> Record:
    kind = fields.get_header("WARC-Type") or ""
    url = fields.get_header("WARC-Target-URI") or ""
    if fields.get_header("WARC-Truncated") and kind in ("response", "resource"):
        raise _Wrong(f"was cut off when it was recorded ({fields.get_header('WARC-Truncated')})")
    if kind not in TYPES:
        raise _Wrong(f"is of no type that WARC knows ({kind[:40]!r})")
    payload, http, content = block, None, block
    if kind in ("response", "request") and url.strip("<>").startswith(("http:", "https:")):
        stream = BytesIO(block)
        http = _parsed(HTTP if kind == "response" else VERBS, stream)
        payload = stream.read()
        stored = kind == "request" or fields.get_header(decoded_by) is not None
        content = payload if stored else _entity(http, payload)
        if stored and kind == "response":
            _check_length(http, payload)
    if kind != "revisit" and not fields.get_header("WARC-Segment-Number"):
        digest = fields.get_header("WARC-Payload-Digest")
        if not _digest_holds(digest, (payload, content)):
            raise _Wrong("its bytes do not have the payload digest that it names")
    return Record(offset, kind, fields, http, content)


def _parsed(beginnings: tuple[str, ...], stream: IO[bytes]) -> Any:
    try:
        return StatusAndHeadersParser(list(beginnings)).parse(stream)
    except (StatusAndHeadersParserException, EOFError, ValueError, IndexError) as error:
        raise _Wrong(f"its headers cannot be read: {error}") from error


def _entity(http: StatusAndHeaders, payload: bytes) -> bytes:
    """Decode the body of a response from transfer and content encodings, if that was not done before."""
    if "chunked" in (http.get_header("Transfer-Encoding") or "").lower():
        payload = _unchunked(payload)
        has_length = False
    else:
        has_length = http.get_statuscode() not in BODYLESS
    content = payload
    for encoding in reversed((http.get_header("Content-Encoding") or "").lower().split(",")):
        try:
            content = unpacked(content, encoding.strip(), LARGEST, FREE, RATIO)
        except Undecodable as error:
            if not _MARKUP.match(content):
                raise _Wrong(f"its body is no {encoding.strip()}: {error}") from error
            return content  # stored decoded, under the header that it came with
    if has_length:
        _check_length(http, payload)
    return content


def _check_length(http: StatusAndHeaders, payload: bytes) -> None:
    """Refuse a response that is not as long as it says; raises _Wrong."""
    said = (http.get_header("Content-Length") or "").strip()
    if http.get_statuscode() in BODYLESS or not (said.isascii() and said.isdigit()):
        return
    if len(said) > 18 or int(said) != len(payload):
        raise _Wrong(f"its answer has {len(payload):,} bytes and says {said[:20]}")


def _unchunked(payload: bytes) -> bytes:
    """Join the pieces of a chunked body; one that was joined already, as some crawlers do, stays as it is."""
    if not re.match(rb"[0-9A-Fa-f]{1,8}[ \t]*(?:;[^\r\n]*)?\r\n", payload):
        return payload
    reader = ChunkedDataReader(BytesIO(payload), raise_exceptions=True)
    pieces = []
    try:
        while piece := reader.read():
            pieces.append(piece)
    except (ChunkedDataException, ValueError) as error:
        raise _Wrong("its chunked body is damaged") from error
    return b"".join(pieces)


def _digest_holds(digest: str | None, contents: tuple[bytes, ...]) -> bool:
    """Return whether one of the contents has this digest; an unknown algorithm is no evidence against it."""
    name, _, written = (digest or "").partition(":")
    name = name.strip().lower().replace("-", "")
    if name not in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512"):
        return not (digest and _UNKNOWN.search(name))
    wanted = _digest_bytes(written.strip(), hashlib.new(name, usedforsecurity=False).digest_size)
    return any(hashlib.new(name, content, usedforsecurity=False).digest() == wanted for content in contents)


def _digest_bytes(written: str, size: int) -> bytes | None:
    """Read a digest in base 16, 32 or 64; None where it is none of that size."""
    padded = written.rstrip("=")
    for decode, text in (
        (base64.b16decode, written.upper()),
        (base64.b32decode, padded.upper() + "=" * (-len(padded) % 8)),
        (base64.urlsafe_b64decode, padded.replace("+", "-").replace("/", "_") + "=" * (-len(padded) % 4)),
    ):
        try:
            found = decode(text)
        except (binascii.Error, ValueError):
            continue
        if len(found) == size:
            return found
    return None


def _told(error: Exception) -> str:
    return one_line(str(error))[:200]
