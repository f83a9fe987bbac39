"""Detect the format of a file by its bytes; its name is the last hint.

On korea.kr 4 of 111 files named ``.hwpx`` were OLE files of HWP 5, and one was the HTML error page that
``download.do`` answers with (seen 2026-04).
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from pathlib import PurePosixPath

from pipelines.attachments.hwpx.zip import names_of_headers, part_key
from pipelines.attachments.limits import MAX_ENTRIES

SIGNATURES = (
    (b"HWP Document File V3", "hwp3"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gz"),
)
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LEAD = 1024  # bytes in which blank lines or a page's remains may stand before a container
HWP_HEADER = b"HWP Document File".ljust(32, b"\0")
# Names of streams as they stand in the directory of an OLE container (UTF-16), the telling ones first.
OLE_STREAMS = (
    ("FileHeader", "hwp"),
    ("HwpSummaryInformation", "hwp"),
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("Workbook", "xls"),
    ("EncryptedPackage", "ooxml-encrypted"),
    ("BodyText", "hwp"),
)
MIMETYPES = {
    "application/hwp+zip": "hwpx",
    "application/haansofthwp+zip": "hwpx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
MEMBERS = (
    ("contents/content.hpf", "hwpx"),
    ("contents/section0.xml", "hwpx"),
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
)
HTML_STARTS = ("<!doctype html", "<html", "<head", "<body", "<script")
# What may stand before the root of XML and HTML: white space, declarations, comments.
_ASIDE = re.compile(r"\A(?:[\s\ufeff\x00]|\xef\xbb\xbf|<\?[^<>]*>|<!--.*?-->)+", re.DOTALL)
_CONTROL = bytes({*range(32)} - {*b"\t\n\v\f\r\x1a\x1b"})  # in no plain text, nor in the bytes of a character
_HWPML = re.compile(r"<hwpml[\s>]")
ZIP_NAMES = frozenset({"hwpx", "docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"})
TEXT_NAMES = frozenset({"csv", "md", "txt"})


def detect_format(content: bytes, name: str) -> str:
    """Return the format of the bytes: hwpx, hwp, hwp3, pdf, zip, docx, xlsx, jpg, png, html, txt or unknown.

    The name decides between formats that the bytes cannot distinguish: damaged zip containers, plain text.
    """
    suffix = PurePosixPath(name).suffix.lower().lstrip(".")
    if content.startswith(ZIP):
        return _zip_kind(content, suffix)
    if content.startswith(OLE):
        return _ole_kind(content)
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp":
        return "mp4"
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            return kind
    return _led_kind(content, suffix) or _text_kind(content, suffix)


def _ole_kind(content: bytes) -> str:
    """Detect by the names of streams; without the directory, by the first bytes of an HWP header."""
    named = (kind for stream, kind in OLE_STREAMS if stream.encode("utf-16-le") in content)
    return next(named, "hwp" if HWP_HEADER in content else "ole")


def _led_kind(content: bytes, suffix: str) -> str | None:
    """Detect a container that does not begin at the first byte, as after a blank line of a download page."""
    for signature in (ZIP[0], OLE):
        start = content.find(signature, 0, LEAD)
        if start > 0:
            return _ole_kind(content) if signature == OLE else _zip_kind(content[start:], suffix)
    return None


def _zip_kind(content: bytes, suffix: str) -> str:
    damaged = suffix if suffix in ZIP_NAMES else "zip"
    if content.count(b"PK\x01\x02") > MAX_ENTRIES:
        return damaged
    for mimetype, kind in MIMETYPES.items():
        if content[30:].startswith(b"mimetype" + mimetype.encode()):
            return kind
    members = frozenset(map(part_key, _names(content)))
    return next((kind for member, kind in MEMBERS if member in members), damaged if not members else "zip")


def _names(content: bytes) -> list[str]:
    """Return the member names of a zip; if its directory is lost, from the local headers."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error):
        return names_of_headers(content)[:-1]  # the last one may be cut in its first bytes


def _text_kind(content: bytes, suffix: str) -> str:
    text = decode_text(content)
    head = _ASIDE.sub("", (text if text is not None else content[:4096].decode("latin-1"))[:4096]).lower()
    if head.startswith(HTML_STARTS):
        return "html"
    if text is None:
        return "hml" if _HWPML.match(head) else "xml" if content[:5] == b"<?xml" else "unknown"
    if _HWPML.match(head):
        return "hml"
    if text.lstrip("\ufeff \t\r\n")[:5].lower() == "<?xml":
        return "html" if "<html" in head[:1024] else "xml"
    return (suffix if suffix in TEXT_NAMES else "txt") if content else "unknown"


def decode_text(content: bytes) -> str | None:
    """Decode plain text: UTF-8 or, by a byte order mark, UTF-16, else CP949; None if it is no text."""
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp949")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        plain = text.encode("utf-8", "replace") if encoding == "utf-16" else content
        return text if len(plain) == len(plain.translate(None, _CONTROL)) else None
    return None
