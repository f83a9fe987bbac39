"""From bytes to text: Korean pages lie about their encoding, and old ones are in EUC-KR."""

from __future__ import annotations

from w3lib.encoding import html_body_declared_encoding, read_bom

from archive.errors import InputError

_WORST = 0.01  # share of characters that may be unreadable in a text of known encoding


def decoded(content: bytes) -> str:
    """Decode a page: by its byte order mark, as UTF-8 if it can be, as it declares, as EUC-KR.

    Servers name EUC-KR for pages in UTF-8; Korean text in EUC-KR is never valid UTF-8. Stray bytes in a text
    of known encoding are shown as such.

    Raises:
        InputError: the bytes are no text in any of these.
    """
    encoding, mark = read_bom(content)
    if encoding and mark:
        return content[len(mark) :].decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = html_body_declared_encoding(content[:4096])
    for name, errors in ((declared, "replace"), ("cp949", "strict"), ("utf-8", "replace")):
        try:
            text = content.decode(name or "ascii", errors)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in text and text.count("\ufffd") <= len(text) * _WORST:
            return text
    raise InputError("neither UTF-8 nor EUC-KR text")
