"""The tokenizer of search: the tokens of a Korean text for the index and of a word for a query.

Words are written with their particles (의대증원을) and compounds with or without spaces (의대 증원), so
a word is found only if its parts are. Every run of Hangul or Hanja becomes its overlapping pairs of
syllables: ``의대증원을`` → ``의대 대증 증원 원을``; Latin letters and digits stay whole, and a change of
script is a boundary: ``AI는`` → ``ai 는``.
"""

from __future__ import annotations

import re
import unicodedata

TOKENIZER_VERSION = "5"
"""Written into ``settings``; an index made by another version is rebuilt."""

# NFKC has turned compatibility jamo into U+1100…; kana stand here because no spaces part them either.
_SYLLABLES = "\u1100-\u119d\u119f-\u11ff\uac00-\ud7a3\u3400-\u4dbf\u4e00-\u9fff\u3005\u3007\u3040-\u30ff"
_RUN = re.compile(rf"(\d*)([{_SYLLABLES}]+)|(\d+|[^\W\d_{_SYLLABLES}\u119e]+)")
# 의대ㆍ치대 is often set with the vowel sign araea (U+318D, after NFKC U+119E) for a middle dot.
_ARAEA = "\u119e"
PERCENT = "퍼센트"
_DIGIT_GROUP = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def search_form(text: str) -> str:
    """Fold what does not change a word: compatibility forms, case, grouping of digits (2,000), %."""
    folded = unicodedata.normalize("NFKC", text).lower().replace(_ARAEA, " ").replace("%", PERCENT)
    return _DIGIT_GROUP.sub("", folded)


def runs(text: str) -> list[str]:
    """Cut a text into runs of syllables, of letters and of digits; digits stay with their unit (14일부터)."""
    return ["".join(parts) for parts in _RUN.findall(search_form(text))]


def tokens(run: str) -> list[str]:
    """Return the tokens of a run: its overlapping pairs of syllables, or the run itself.

    The syllable after digits is a token of its own besides, so that 14일 finds 14일부터:
    ``14일부터`` → ``14 일 일부 부터``.
    """
    return [token for parts in _RUN.findall(run) for token in _tokens(*parts)]


def _tokens(digits: str, syllables: str, other: str) -> list[str]:
    if other:
        return [other]
    pairs = [syllables[at : at + 2] for at in range(len(syllables) - 1)]
    if digits:
        return [digits, syllables[0], *pairs]
    return pairs or [syllables]


def index_tokens(text: str) -> str:
    """Write a text as the tokens that go into the index, parted by spaces.

    Before the text come its syllables, each once: pairs alone would not find a word of one syllable inside a
    longer one (햅쌀), and prefix queries would, but in a time that grows with the archive.
    """
    alone: set[str] = set()
    written: list[str] = []
    for parts in _RUN.findall(search_form(text)):
        written += _tokens(*parts)
        if len(parts[1]) > 1:
            alone.update(parts[1])
    # Downwards, so that they form no words with their neighbours: 이, 익 would be found by 이익.
    return " ".join([*sorted(alone, reverse=True), *written])
