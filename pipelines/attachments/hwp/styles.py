"""The styles of HWP 5: bullets and numbers of paragraphs, raised and lowered text."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.attachments.heads import Head
from pipelines.attachments.hwp.records import split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.clean.scripts import Script

CHAR_SHAPE, NUMBERING, BULLET, PARA_SHAPE = 21, 23, 24, 25
NUMBERED, BULLETED = 2, 3  # kinds of head in the properties of a paragraph's shape
LEVELS = 7
RAISED, LOWERED = 1 << 15, 1 << 16  # in the properties of the shape of characters
NUMBERS = {
    0: "DIGIT",
    1: "CIRCLED_DIGIT",
    2: "ROMAN_CAPITAL",
    3: "ROMAN_SMALL",
    4: "LATIN_CAPITAL",
    5: "LATIN_SMALL",
    6: "CIRCLED_LATIN_CAPITAL",
    7: "CIRCLED_LATIN_SMALL",
    8: "HANGUL_SYLLABLE",
    9: "CIRCLED_HANGUL_SYLLABLE",
    10: "HANGUL_JAMO",
    11: "CIRCLED_HANGUL_JAMO",
    13: "IDEOGRAPH",
    14: "CIRCLED_IDEOGRAPH",
}


def styles(data: bytes) -> dict[str, Head]:
    """Return the bullet or number of each paragraph style, from the records of the document's styles."""
    lists: dict[int, list[Head]] = {NUMBERED: [], BULLETED: []}
    found: dict[str, Head] = {}
    place = 0
    for tag, _, payload in split(data):
        if tag == NUMBERING:
            lists[NUMBERED].append(_numbering(payload, str(len(lists[NUMBERED]))))
        elif tag == BULLET:
            lists[BULLETED].append(Head(sign=payload[12:14].decode("utf-16-le", "replace")))
        elif tag == PARA_SHAPE:
            if len(payload) >= 32:
                (properties,) = struct.unpack_from("<I", payload)
                (chosen,) = struct.unpack_from("<H", payload, 30)
                for head in lists.get(properties >> 23 & 3, [])[max(chosen - 1, 0) : chosen]:
                    found[str(place)] = replace(head, level=properties >> 25 & 7)
            place += 1
    return found


def scripts(data: bytes) -> dict[int, Script]:
    """Return which character shapes are raised or lowered, from the same records."""
    found: dict[int, Script] = {}
    shapes = (payload for tag, _, payload in split(data) if tag == CHAR_SHAPE)
    for place, payload in enumerate(shapes):
        if len(payload) >= 50:
            (properties,) = struct.unpack_from("<I", payload, 46)
            if properties & (RAISED | LOWERED):
                found[place] = "sup" if properties & RAISED else "sub"
    return found


def _numbering(payload: bytes, key: str) -> Head:
    forms = [*_forms(payload)]
    end = sum(14 + 2 * length for _, _, length in forms)
    starts: tuple[int, ...] = ()
    # After the forms: one first number of old, then (from 5.0.2.5 on) one for each level.
    if len(forms) == LEVELS and len(payload) >= end + 2 + 4 * LEVELS:
        told = struct.unpack_from(f"<{LEVELS}I", payload, end + 2)
        starts = tuple(number if 0 < number < 10_000 else 1 for number in told)
    return Head(numbering=key, forms=tuple((kind, form) for kind, form, _ in forms), starts=starts)


def _forms(numbering: bytes) -> Iterator[tuple[str, str, int]]:
    """Yield for each level the kind of its numbers, their format, and the length of that."""
    start = 0
    for _ in range(LEVELS):
        if start + 14 > len(numbering):
            return
        (properties,) = struct.unpack_from("<I", numbering, start)
        (length,) = struct.unpack_from("<H", numbering, start + 12)
        text = numbering[start + 14 : start + 14 + 2 * length].decode("utf-16-le", "replace")
        yield NUMBERS.get(properties >> 5 & 15, ""), text, length
        start += 14 + 2 * length
