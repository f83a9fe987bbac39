"""Leave out what only looks like the word sought: 사기 (fraud) in 수사기관, the seam of 수사 and 기관.

Pairs of syllables match across the seam of two words. Whether there is one is asked of the texts found: what
begins a word of theirs that then ends, or goes on with a particle or 하다, is a noun. An article is left out
only when the word sought stands in it, but never otherwise than across a seam of two nouns.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from archive.korean import is_particle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from archive.search.query import Query

EVIDENCE = 300
"""How many of the texts found are asked for nouns."""

_NOUN_END = "(?![가-힣])|[을를은는의에과와]|하|해|한|할|했|되|된|될|됐"
_DIVISION = "과"  # 조사과: the division of 조사, no 사과


class Seams:
    """Tells real occurrences of a query's words of two syllables from seams."""

    def __init__(self, query: Query, found: Sequence[str]) -> None:
        """Take the query, and the texts found for it."""
        self._is_noun = _noun_test(found[:EVIDENCE])
        self._patterns = [re.compile(rf"([가-힣]*?)({word})(?=([가-힣]*))") for word in _words(query)]

    def only(self, texts: Callable[[], Iterator[str]]) -> bool:
        """Say whether one of the words occurs in the texts across seams only.

        Args:
            texts: gives the texts of one article one after another, those that cost more to read last.
        """
        return any(self._only_seams(pattern, texts()) for pattern in self._patterns)

    def _only_seams(self, pattern: re.Pattern[str], texts: Iterator[str]) -> bool:
        occurs = False
        for text in texts:
            for before, word, after in pattern.findall(text):
                occurs = True
                if not self._is_seam(before, word, after):
                    return False
        return occurs

    def _is_seam(self, before: str, word: str, after: str) -> bool:
        left, right = before + word[0], word[1] + after
        if not self._is_compound(left) or self._is_compound(before):  # 대학교육 holds 교육
            return False
        if is_particle(right) or right == _DIVISION or is_particle(right.removeprefix(_DIVISION)):
            return True
        return len(right) > 1 and self._is_noun(right[:2])

    def _is_compound(self, text: str) -> bool:
        """Say whether a string is a noun, or nouns of two syllables put together."""
        if len(text) < 2:
            return False
        return self._is_noun(text) or (
            len(text) > 3 and self._is_noun(text[-2:]) and self._is_compound(text[:-2])
        )


def _words(query: Query) -> Iterator[str]:
    """Give the words of two Hangul syllables that an article must have, not those in quotes."""
    for group in query.groups:
        term = group[0]
        text = "".join(term.forms[0])
        anywhere = len(group) == 1 and term.field is None and not term.exact
        if anywhere and re.fullmatch("[가-힣]{2}", text):
            yield text


def _noun_test(texts: Sequence[str]) -> Callable[[str], bool]:
    """Make the question whether a string is a noun, each string asked once."""

    @cache
    def is_noun(word: str) -> bool:
        pattern = re.compile(f"{word}(?:{_NOUN_END})")
        return any(
            not "가" <= text[match.start() - 1 : match.start()] <= "힣"
            for text in texts
            for match in pattern.finditer(text)
        )

    return is_noun
