"""Exponents and indices in plain text: 10³톤, CO₂, x^(ab), told apart from their base.

One notation for every reader (HTML, HWPX, HWP): Unicode's own superscripts and subscripts where all
characters have one; otherwise ``^`` or ``_``, in brackets if longer than one character. A mark that no
reader takes for a part of the word before it (``*``, ``[1]``, ``(주)``) stays as it is, as do English
ordinals (1st) and signs that only look raised (™). Search folds the Unicode forms to plain digits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Script = Literal["sup", "sub"]

_PLAIN = "0123456789+-=()"
_UNICODE: dict[Script, dict[int, int]] = {
    "sup": str.maketrans(_PLAIN + "−–ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾⁻⁻ⁿⁱ"),
    "sub": str.maketrans(_PLAIN + "−–n", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋₋ₙ"),
}
_SIGN: dict[Script, str] = {"sup": "^", "sub": "_"}
_BETWEEN = ",*~· "  # have no raised form, and are understood beside figures that have one
_ORDINAL = re.compile(r"(?:st|[nr]d|th|TM|SM|R)\Z")
_HANGUL = re.compile("[가-힣]")  # a Korean word in small print is a word, never an exponent
_LONGEST = 20  # characters; more is a sentence in small print


def scripted(texts: Sequence[str], script: Script, before: str) -> list[str]:
    """Write the pieces of one raised or lowered text.

    Args:
        texts: the pieces as they are marked up, at least one.
        script: ``sup`` or ``sub``.
        before: what stands before them on the line; its last character is the base.
    """
    whole = "".join(texts)
    table = _UNICODE[script]
    text = whole.strip()
    if not text or not _joins(text):
        return list(texts)
    if ord(text[0]) in table and all(ord(char) in table or char in _BETWEEN for char in text):
        return [piece.translate(table) for piece in texts]
    has_base = bool(before) and not before[-1].isspace() and not whole[0].isspace()
    if not has_base or len(text) > _LONGEST or _ORDINAL.match(text):
        return list(texts)
    sign = _SIGN[script]
    if len(text) == 1:
        return [sign + texts[0], *texts[1:]]
    return _bracketed(texts, sign)


def _joins(text: str) -> bool:
    """Return whether a reader would take the text for a part of the word before it."""
    if _HANGUL.search(text):
        return False
    return text[0].isalnum() or text[0] in "+-−–" or bool(re.fullmatch(r"\(\d+\)", text))


def _bracketed(texts: Sequence[str], sign: str) -> list[str]:
    if len(texts) == 1:
        return [f"{sign}({texts[0]})"]
    return [f"{sign}({texts[0]}", *texts[1:-1], f"{texts[-1]})"]
