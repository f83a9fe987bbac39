"""Decode bytes to text by evidence: Korean pages declare wrong encodings, and old ones are in EUC-KR.

Nothing is replaced silently. The first encoding in which the bytes decode and read as text is used; a damaged
text is refused, for once stored it would look like an edit of the article.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

from archive.errors import InputError, WrongPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.records import RawArticle

LOST = "\ufffd"  # the replacement character: what stood here is lost
_MOST_LOST = 0.01  # share of characters that may be lost, or NUL, in a text of known encoding
_LOST_SPOT = re.compile(f"{LOST}+")
_MOST_OF_A_LINE, _MOST_OF_A_BODY = 0.2, 0.05  # share that a site's own damaged text may have lost
_LEAST_KOREAN = 0.5  # share of Hangul among the letters beyond ASCII of a Korean page
_LOOKED_AT = 20_000  # characters looked at to tell whether a text reads as Korean
_SINGLE_BYTE = frozenset({"cp1252", "iso8859-1", "latin-1", "ascii"})  # decode any bytes, so prove nothing
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_BEYOND_ASCII = re.compile(r"[^\W\d_\x00-\x7f]")
# UTF-8's replacement character read as EUC-KR, twice: the best known sign of a Korean text read wrongly.
_READ_WRONGLY = "占쏙옙"
# Encodings in which the bytes of Korean text are commonly read, and the one that they are in.
_MISREADINGS = (("cp1252", "utf-8"), ("latin-1", "cp949"), ("cp949", "utf-8"))
# Words that are in none of these: the bytes of 가 to 직 in EUC-KR begin no character of UTF-8, and the
# single-byte encodings have no Hangul. A third of all words of a Korean text begin with another syllable.
_KOREAN_WORD = re.compile(r"(?<![^\x00-\x7f])[가-직][^\x00-\x7f]*")
_FEWEST = 4  # letters beyond ASCII below which a text is too short to tell
_WORDS = re.compile(r"[^\x00-\x7f]+")


def decoded(content: bytes, content_type: str | None = None) -> str:
    """Decode a page by its byte order mark, as UTF-8 or UTF-16 if it can be, as EUC-KR, as declared.

    A declaration is evidence only where the bytes bear it out: servers name EUC-KR for pages in UTF-8 and
    ISO 8859-1 for pages in EUC-KR. Korean text in EUC-KR is never valid UTF-8. Up to a hundredth of stray
    bytes in a text of known encoding are shown as U+FFFD; the readers of fields look for it
    (:func:`refuse_damaged`).

    Args:
        content: the bytes.
        content_type: the header of that name, where there is one.

    Raises:
        InputError: the bytes are no text in any of these.
    """
    encoding, mark = read_bom(content)
    if encoding and mark:
        return _strict(content[len(mark) :], encoding)
    text = _text(content, "utf-8", "strict")
    if text is not None:
        return text
    names = ("utf-8", *_utf_16(content), *_declared(content, content_type), "cp949")
    for name in names[1:]:
        text = _text(content, name, "strict")
        if text is not None and (name in ("utf-16-le", "utf-16-be") or _is_plausible(text, name)):
            return text
    for name in names:
        text = _text(content, name, "replace") if name not in _SINGLE_BYTE else None
        if text is not None and text.count(LOST) <= len(text) * _MOST_LOST and _is_plausible(text, name):
            return text
    raise InputError("neither UTF-8 nor EUC-KR text")


def refuse_damaged(raw: RawArticle) -> RawArticle:
    """Return what a page says; raises WrongPage where words were lost or decoded wrongly."""
    said = (raw.title, raw.subtitle or "", raw.organization or "")
    body = _LOST_SPOT.sub(LOST, raw.body_html)  # one stray sequence of bytes makes several characters
    if any(is_damaged(text) for text in said) or is_damaged(body, _MOST_OF_A_BODY):
        raise WrongPage("the text is damaged: characters are lost, or were read in a wrong encoding")
    return raw


def is_damaged(text: str, tolerated: float = _MOST_OF_A_LINE) -> bool:
    """Return whether characters of a text are lost, more than a share of them, or were read wrongly."""
    if not text or text.isascii():
        return False
    return text.count(LOST) > len(text) * tolerated or _READ_WRONGLY in text or _is_misread(text)


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"the byte order mark says {encoding}, and the text is none") from error


def _utf_16(content: bytes) -> Iterator[str]:
    """Name the form of UTF-16 in which the page's own tags would stand, where every other byte is zero."""
    head = content[:_LOOKED_AT]
    if b"<\0" in head and head.count(b"\0", 1) > len(head) // 8:
        yield "utf-16-le" if head.find(b"<\0") % 2 == 0 else "utf-16-be"


def _declared(content: bytes, content_type: str | None) -> Iterator[str]:
    """Name the encodings that header and page declare, the single-byte ones after EUC-KR."""
    given = (
        http_content_type_encoding(content_type) if content_type else None,
        html_body_declared_encoding(content[:4096]),
    )
    names = {resolve_encoding(name): None for name in given if name}
    korean = [name for name in names if name and name not in _SINGLE_BYTE]
    yield from korean
    yield "cp949"
    yield from (name for name in names if name in _SINGLE_BYTE)


def _text(content: bytes, name: str, errors: str) -> str | None:
    try:
        text = content.decode(name, errors)
    except (UnicodeDecodeError, LookupError):
        return None
    if b"\0" not in content:
        return text
    if text.count("\0") > len(text) * _MOST_LOST:  # UTF-16 read as one byte a character, or no text
        return None
    return text.replace("\0", "")  # which browsers ignore in a text (HTML, 13.2.6.4.7)


def _is_plausible(text: str, name: str) -> bool:
    """Return whether a text that merely decodes reads as one: Korean, or nearly all in ASCII."""
    beyond = _BEYOND_ASCII.findall(text[:_LOOKED_AT])
    if name in _SINGLE_BYTE:
        return len(beyond) <= len(text) * _MOST_LOST
    return not beyond or len(_HANGUL.findall(text[:_LOOKED_AT])) >= len(beyond) * _LEAST_KOREAN


def _is_misread(text: str) -> bool:
    """Return whether most words become Korean when they are turned back into bytes and read again."""
    text = text[:_LOOKED_AT]
    words = _WORDS.findall(text)
    length = len("".join(words))
    if length < _FEWEST or 2 * len("".join(_KOREAN_WORD.findall(text))) >= length:
        return False
    for wrong, right in _MISREADINGS:
        mended = sum(len(word) for word in words if _becomes_korean(word, wrong, right))
        if mended > length / 2:
            return True
    return False


def _becomes_korean(word: str, wrong: str, right: str) -> bool:
    try:
        anew = b"".join(_bytes_of(character, wrong) for character in word).decode(right)
    except UnicodeError:
        return False
    return len(_HANGUL.findall(anew)) > len(anew) / 2


def _bytes_of(character: str, encoding: str) -> bytes:
    """Return the bytes that were read as a character; browsers read what cp1252 lacks as ISO 8859-1."""
    try:
        return character.encode(encoding)
    except UnicodeError:
        return character.encode("latin-1")
