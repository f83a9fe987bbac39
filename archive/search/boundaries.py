"""Leave out false matches across the boundary of two words: 사기 (fraud) in 수사기관, from 수사 and 기관.

Pairs of syllables match across such a boundary. What the nouns are is learned from the texts found, then from
the newest ones: what begins a word there that then ends, or goes on with a particle or 하다, is a noun. An
article is left out only when every occurrence of the word sought in it spans a boundary.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from archive.text.particles import is_particle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from archive.search.query import Query

EVIDENCE = 300
"""How many of the texts found, and how many of the newest, are searched for nouns."""

_NOUN_END = re.compile("(?![가-힣])|[을를은는의에과와하해한할했되된될됐]|시[키킨킬킴켜켰킵]")
_CAUSATIVE = re.compile("시[키킨킬킴켜켰킵]")  # 진입시킨다 is no 입시
_DIVISION = "과"  # 조사과: the division of 조사, no 사과
# Forms of 이다, which follow a noun as a particle does: 영상인데 is no 상인; 다 after a vowel, 정보다.
_COPULA = frozenset(("인", "인데", "인지", "임", "이다", "이며", "이고", "이라", "입니다", "다"))
# Property, history, ministry: 문화재, 근대사, 과기부 are no 화재, 대사, 기부.
_SUFFIXES = "재사부"
# A prefix and a noun, which together begin like another noun: 전세 (lease), 대기 (air), 재정 (finance) …
_PREFIXES = """
    전 세계 산업 국민 공정
    유 가족
    대 기업 전환 국민 도시 도약
    소 상공 도시
    신 도시 기술 산업 소재 제품
    고 물가 금리 소득 위험 품질 효율
    저 금리 소득 출산
    재 활용 개발 정비 정립 정의 사용 조정 건축 수사 배치 배분 배정 산정 생산 고용 해석 선거
    부 위원 지사 시장 총리 작용
    무 주택 임금
    미 분양 성년
    비 수도권 정규 공개 상임
    총 사업 소득
    본 회의 사업
    초 미세 고령 고속
    구 도심
"""
_PREFIXED = tuple(
    prefix + noun for prefix, *nouns in map(str.split, _PREFIXES.strip().splitlines()) for noun in nouns
)
_NO_NOUN_ENDS = "에를는"  # 자에: no noun, though (…하는 자에 …) a word begins and ends with it


class BoundaryMatches:
    """Tells matches that only span the boundary of two words from real occurrences of a word sought."""

    def __init__(self, query: Query, found: Sequence[str], newest: Callable[[], Iterable[str]]) -> None:
        """Make it for a query, the texts found, and a function that reads the newest texts of all."""
        self._is_noun = _noun_test(found[:EVIDENCE], newest)
        self._patterns = [re.compile(rf"([가-힣]*?)({word})(?=([가-힣]*))") for word in _words(query)]

    def only_across(self, texts: Callable[[], Iterator[str]]) -> bool:
        """Return whether one of the words occurs in the texts across boundaries only.

        Args:
            texts: gives the texts of one article one after another, those that cost more to read last.
        """
        return any(self._only_across(pattern, texts()) for pattern in self._patterns)

    def _only_across(self, pattern: re.Pattern[str], texts: Iterator[str]) -> bool:
        occurs = False
        for text in texts:
            for before, word, after in pattern.findall(text):
                occurs = True
                if not self._spans_boundary(before, word, after):
                    return False
        return occurs

    def _spans_boundary(self, before: str, word: str, after: str) -> bool:
        left, right = before + word[0], word[1] + after
        if (word + after).startswith(_PREFIXED):
            return True
        if before and len(right) > 1 and is_particle(right) and not self._may_follow(after):
            return True  # 강점기부터 holds 부터, and 터 goes with no noun
        if not self._is_compound(left) or self._is_compound(before):  # 대학교육 holds 교육
            return False
        return self._may_follow(right) or (right[0] in _SUFFIXES and (not after or self._may_follow(after)))

    def _may_follow(self, right: str) -> bool:
        """Return whether a string may follow a noun: a particle, a form of 이다, a division, another noun."""
        if is_particle(right) or right in _COPULA or _CAUSATIVE.match(right):
            return True
        if right == _DIVISION or is_particle(right.removeprefix(_DIVISION)):
            return True
        return len(right) > 1 and self._is_noun(right[:2])

    def _is_compound(self, text: str) -> bool:
        """Return whether a string is a noun, or nouns of two syllables put together."""
        if len(text) < 2:
            return False
        return self._is_noun(text) or (
            len(text) > 3 and self._is_noun(text[-2:]) and self._is_compound(text[:-2])
        )


def _words(query: Query) -> Iterator[str]:
    """Yield the words of two Hangul syllables that an article must have, not those in quotes."""
    for group in query.groups:
        term = group[0]
        text = "".join(term.forms[0])
        anywhere = len(group) == 1 and term.field is None and not term.exact
        if anywhere and re.fullmatch("[가-힣]{2}", text):
            yield text


def _noun_test(found: Iterable[str], newest: Callable[[], Iterable[str]]) -> Callable[[str], bool]:
    """Make the function that tells nouns, with its results cached."""
    nearest = "\n".join(found)

    @cache
    def further() -> str:
        return "\n".join(newest())

    @cache
    def is_noun(word: str) -> bool:
        return word[-1] not in _NO_NOUN_ENDS and (_begins(word, nearest) or _begins(word, further()))

    return is_noun


def _begins(noun: str, text: str) -> bool:
    """Return whether a noun begins a word of a text that ends with it or goes on as nouns do."""
    at = text.find(noun)
    while at >= 0:
        if not "가" <= text[at - 1 : at] <= "힣" and _NOUN_END.match(text, at + len(noun)):
            return True
        at = text.find(noun, at + 1)
    return False
