"""What two writings of one text may differ in and still be the same, for each purpose one function.

===================  =======================================  ==========================================
function             what it folds                            what it is for
===================  =======================================  ==========================================
`one_line`           white space                              showing a text, a message, a name in a line
`without_spaces`     white space, to nothing                  comparing texts that are spaced at will
`visible_text`       Unicode form, invisible characters,      change detection: what no reader sees is
                     white space                              no change
`letters_only`       compatibility forms, case, all but       comparing headlines and file names
                     letters and digits
`name_key`           Unicode form, white space, middle dots   looking up names of ministries
===================  =======================================  ==========================================

The search index folds with `archive.search.tokenizer.search_form`, which is part of the tokenizer's version.
"""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
"""Zero-width characters and the soft hyphen; `str.translate` takes ten times as long to remove them."""

_NO_LETTER = re.compile(r"[\W_]+")
_NAME_SEPARATORS = str.maketrans("", "", " \t\n\u00a0\u3000·ㆍ・‧")


def one_line(text: str) -> str:
    """Fold each run of white space, no-break spaces and line breaks among it, to one space."""
    return " ".join(text.split())


def without_spaces(text: str) -> str:
    """Remove all white space."""
    return "".join(text.split())


def visible_text(text: str | None) -> str:
    """Fold what no reader sees: Unicode form (to NFC), white space, zero-width characters."""
    return one_line(INVISIBLE.sub("", unicodedata.normalize("NFC", text or "")))


def letters_only(text: str) -> str:
    """Keep the letters and digits of a text, in NFKC and without case."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())


def name_key(name: str) -> str:
    """Fold two writings of one organization's name to one: white space and middle dots are left out."""
    return unicodedata.normalize("NFC", name).translate(_NAME_SEPARATORS)
