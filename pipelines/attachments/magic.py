"""Tell what a file is by its bytes; its name is the last hint.

On korea.kr 4 of 111 files named ``.hwpx`` were OLE files of HWP 5, and one was the HTML error page that
``download.do`` answers with (seen 2026-04).
"""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

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
# Names of streams as they stand in the directory of an OLE container (UTF-16), the telling ones first.
OLE_STREAMS = (
    ("FileHeader", "hwp"),
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("Workbook", "xls"),
    ("EncryptedPackage", "ooxml-encrypted"),
)
MIMETYPES = {
    "application/hwp+zip": "hwpx",
    "application/haansofthwp+zip": "hwpx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
MEMBERS = (
    ("Contents/content.hpf", "hwpx"),
    ("Contents/section0.xml", "hwpx"),
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
)
HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")
ZIP_NAMES = frozenset({"hwpx", "docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"})
TEXT_NAMES = frozenset({"csv", "md", "txt"})


def detect_format(content: bytes, name: str) -> str:
    """Say what the bytes are: hwpx, hwp, hwp3, pdf, zip, docx, xlsx, jpg, png, html, txt, unknown and so on.

    The name decides only between kinds that the bytes cannot tell apart: a damaged zip container, plain text.
    """
    if content.startswith(ZIP):
        return _zip_kind(content, _suffix(name))
    if content.startswith(OLE):
        return next((kind for stream, kind in OLE_STREAMS if stream.encode("utf-16-le") in content), "ole")
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp":
        return "mp4"
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            return kind
    return _text_kind(content, _suffix(name))


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower().lstrip(".")


def _zip_kind(content: bytes, suffix: str) -> str:
    damaged = suffix if suffix in ZIP_NAMES else "zip"
    if content.count(b"PK\x01\x02") > MAX_ENTRIES:
        return damaged
    for mimetype, kind in MIMETYPES.items():
        if content[30:].startswith(b"mimetype" + mimetype.encode()):
            return kind
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return damaged
    return next((kind for member, kind in MEMBERS if member in members), "zip")


def _text_kind(content: bytes, suffix: str) -> str:
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(HTML_STARTS) or (head.startswith((b"<?xml", b"<!--")) and b"<html" in head):
        return "html"
    if head.startswith(b"<?xml"):
        return "hml" if b"<hwpml" in head else "xml"
    if content and decode_text(content) is not None:
        return suffix if suffix in TEXT_NAMES else "txt"
    return "unknown"


def decode_text(content: bytes) -> str | None:
    """Decode plain text: UTF-8 or, by a byte order mark, UTF-16, else CP949; None when it is no text."""
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp949")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if any(sign < " " and sign not in "\t\n\v\f\r\x1a\x1b" for sign in text) else text
    return None
