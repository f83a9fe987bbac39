"""Korean particles and the endings of 하다 and 되다: which may follow which syllable, and words without them.

The table is the only one for search. Three other lists say something else and stay where they are used:
endings of words in a sentence (`pipelines.contacts`), what begins no line of a PDF
(`pipelines.attachments.pdf.paragraphs`), what may stand after a person's name (`archive.text.masking`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set

# Particles, and endings of 하다 and 되다, by what must stand before them: a final consonant (C), a vowel (V),
# a vowel or ㄹ (R), anything (A).
_PARTICLES = {
    "C": """을 은 이 과 이라는 이라고 이란 이랑 이나 이며 이고 이든 이지만 이면 이었다 이라며 이라도 이다
        입니다 으로 으로는 으로도 으로의 으로서 으로써 으로부터 과의 과는""",
    "V": "를 는 가 와 란 라는 라고 와의 와는",
    "R": "로 로는 로도 로의 로서 로써 로부터",
    "A": """의 도 만 에 에는 에도 에서 에서는 에선 에서도 에서의 에서부터 에게 에게는 에겐 에게도 에게서 께
        께서 께서는 한테 한테서 까지 까지는 까지도 까지의 부터 부터는 부터의 보다 보다는 처럼 마다 마저 조차
        밖에 뿐 뿐만 씩 님 님이 님은 님의 만을 만이 만은 만의 하는 하고 하며 하여 한다 했다 합니다 되는 되고
        되며 된다 됐다 됩니다""",
}
_NEEDS = {particle: kind for kind, line in _PARTICLES.items() for particle in line.split()}
_LONGEST = max(map(len, _NEEDS))
ANY_PARTICLE = "|".join(sorted(_NEEDS, key=len, reverse=True))
"""A regular expression for a particle or such an ending."""

SINGLE_NOUNS = frozenset(
    "암쌀물불돈빚집땅산강술약책병빛말소닭꽃숲눈비길차배밥옷몸손발콩벼밀빵섬댐독균군법팀핵새총"
)
"""Nouns of one syllable; with 을, 를, 은, 는, 이, 에 they make no other noun but 산은 (산업은행) and 길이."""

# Nouns whose last syllable looks like a particle while the rest is, or begins, a word of its own: 전공의 is
# no 전공 + 의, 경기도 no 경기 + 도, 운영지원과 a division.
# 국회의 is 국회 + 의, but 국무회의 is one word: what stands before 회의 tells.
_NOUN = re.compile(
    r"""(?: (?:전공|전문|일반|공보|수련|전임|당직) 의
        | 협의 | (?<![국원협의학합교사기대]) 회의
        | [제지주한수유선인부포반] 도
        | (?:경기|강원|충청|전라|경상|제주|만족|선호|신뢰|참여|중요|활용|완성|기여|난이|인지|위험|청렴|투명
          |민감|이해|숙련|집중|심각|의존|건강|체감|기대) 도
        | (?:원자|교차|세종대|용광) 로
        | (?:학|정책|지원|관리|운영|기획|협력|총괄|안전|산업|행정|재정|교육|조사|분석|혁신|진흥|육성|대응
          |금융|시장|기술|개발|예산|보험|연금|환경|보전|자원|인력|담당|전략|계획|기반|생활|질병|응급) 과
        | (?:최저|최고|판매|구매|공시) 가
        | (?:어린|고양|호랑|젊은) 이
        | 기와 )$""",
    re.VERBOSE,
)
_HANGUL = re.compile("[가-힣]+")
_UNIT = re.compile(r"(\d+)([가-힣]+)")
# Particles that are no unit or division: 3만, 25도, 수사2과 hold none; 종로3가 is a street, of one digit.
_AFTER_DIGITS = _NEEDS.keys() - {"가", "과", "도", "만", "만을", "만이", "만은", "만의"}
_AFTER_UNITS = frozenset("을를은는이가의에") | {particle for particle in _NEEDS if len(particle) > 1}
# 섬에서 is 섬 + 에서, but 결과는 no 결 + 과는.
_AFTER_ONE = {one for one in _NEEDS if re.match("에.|까지|부터|보다|처럼|마다|조차|밖에", one)}

_AFTER_SINGLE_NOUNS = ("을", "를", "은", "는", "이", "에")


def _follows(stem: str, kind: str) -> bool:
    """Return whether a particle of that kind may stand after a stem: a matter of its last sound."""
    final = (ord(stem[-1]) - 0xAC00) % 28
    rieul = 8
    return {"C": final != 0, "V": final == 0, "R": final in (0, rieul), "A": True}[kind]


def strip_particle(word: str) -> str:
    """Remove the particle and plural of a word: 전공의들이 → 전공의, 2030년까지 → 2030년, 19는 → 19.

    At least two syllables stay, one where that is a word: 섬에서 → 섬, 빵을 → 빵.
    """
    unit = _UNIT.fullmatch(word)
    if unit:
        return unit[1] + _unit_without_particle(*unit.groups())
    if not _HANGUL.fullmatch(word):
        return word
    if word[1:] in _AFTER_ONE or (word[0] in SINGLE_NOUNS and word[1:] in _AFTER_SINGLE_NOUNS):
        return word if word in ("산은", "길이") or not _follows(word[0], _NEEDS[word[1:]]) else word[0]
    word = _without_particle(word, 2, _NEEDS.keys())
    return word[:-1] if len(word) > 2 and word.endswith("들") else word


def _unit_without_particle(digits: str, unit: str) -> str:
    """Remove the particle from what follows digits: all of it (19는), or the end of a unit (30명이)."""
    if unit in _AFTER_DIGITS or (unit == "가" and len(digits) > 1):
        return ""
    if len(unit) > 2:
        unit = _without_particle(unit, 2, _NEEDS.keys())
    return _without_particle(unit, 1, _AFTER_UNITS)


def _without_particle(word: str, stay: int, particles: Set[str]) -> str:
    """Remove the longest particle that may stand there, if enough syllables remain."""
    for length in range(min(_LONGEST, len(word) - stay), 0, -1):
        stem, particle = word[:-length], word[-length:]
        if particle not in particles or _NOUN.search(stem + particle[0]):
            continue
        if _follows(stem, _NEEDS[particle]):
            return stem
    return word


def is_particle(run: str) -> bool:
    """Return whether a whole run is a particle, as after Latin letters: AI를."""
    return run in _NEEDS


_PER = {"당", "꼴"}  # 1만 명당, 세 명꼴


def with_particles(syllable: str) -> list[str]:
    """Return the tokens with which a word of one syllable may begin: for 원 also 원을, 원이, 원까 (지)."""
    ends = {particle[0] for particle, kind in _NEEDS.items() if _follows(syllable, kind)}
    return [syllable, *(syllable + end for end in sorted(ends | _PER))]
