"""The sketch of an article: what linking compares of it, in a kilobyte, so that its text is read once."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from zlib import crc32

from archive.text.normalize import without_spaces
from pipelines.retellings.headlines import headline_key
from pipelines.retellings.same_text import bands

SKETCH_VERSION = "1"
"""Written into ``settings``; sketches of another version are made anew."""

_TERM = re.compile(r"\d[\d,.]*\d\s?[가-힣%]{0,2}|[A-Za-z][A-Za-z0-9-]{2,}|[가-힣]{3,}")
_STEM = 4  # syllables; what follows is mostly particles and endings
_LEAD = 150  # characters of a text that say, with the headline, what it is about


@dataclass(frozen=True, slots=True)
class Sketch:
    """What linking compares of one article.

    Attributes:
        headline: its key (``headline_key``).
        bands: MinHash bands of the text, 8 bytes each, little-endian; none for a short text.
        terms: hashes of its terms, 4 bytes each, little-endian, those of headline and lead first; numbers
            are odd, all else is even.
        lead: how many terms stand in headline and lead.
    """

    headline: str
    bands: bytes
    terms: bytes
    lead: int


def sketch(title: str, text: str) -> Sketch:
    """Sketch one article; equal on every machine."""
    lead = _hashed(f"{title}\n{text[:_LEAD]}")
    rest = _hashed(f"{title}\n{text}") - lead
    terms = struct.pack(f"<{len(lead) + len(rest)}I", *sorted(lead), *sorted(rest))
    found = bands(text)
    return Sketch(headline_key(title), struct.pack(f"<{len(found)}Q", *found), terms, len(lead))


def terms_of(packed: bytes) -> tuple[int, ...]:
    """Unpack the terms of a sketch."""
    return struct.unpack(f"<{len(packed) // 4}I", packed)


def bands_of(packed: bytes) -> tuple[int, ...]:
    """Unpack the bands of a sketch."""
    return struct.unpack(f"<{len(packed) // 8}Q", packed)


def _hashed(text: str) -> set[int]:
    return {crc32(term.encode()) & ~1 | term[0].isdigit() for term in _terms(text)}


def _terms(text: str) -> set[str]:
    """Return the words that distinguish texts: numbers of two digits or more, names, longer words."""
    found = set()
    for term in _TERM.findall(text):
        word = without_spaces(term.replace(",", "")).lower()
        found.add(word[:_STEM] if "가" <= word[0] <= "힣" else word)
    return found
