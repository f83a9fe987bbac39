"""What words are: names, ranks, units, institutions. Facts lie in ``data/words.yaml``."""

from __future__ import annotations

from functools import lru_cache

from pipelines.contacts.gazetteer import endings, patterns, terms, words
from pipelines.organizations import known_names

_RANKS = words.ranks | words.ranks_alone
_KNOWN = known_names()
FILLERS = words.fillers
SHORT_UNITS = words.short_units
REGIONS = words.regions
NOT_NOUNS = words.not_nouns
OWNERLESS = words.ownerless
BY_LOCALITY = words.by_locality

_STEMS = ((words.cities, terms.city), (words.counties, terms.county), (words.districts, terms.district))
_MUNICIPALITIES = words.provinces | {stem + suffix for stems, suffix in _STEMS for stem in stems}
PLACES = (REGIONS - {terms.nationwide}) | words.cities | words.counties | words.districts


@lru_cache(maxsize=8192)
def is_name(word: str) -> bool:
    """Return whether a word may be a person's whole name: family name and one or two syllables more."""
    if (
        not patterns.hangul.fullmatch(word)
        or not 2 <= len(word) <= 4
        or patterns.no_name_ending.search(word)
        or word in _RANKS
    ):
        return False
    if len(word) == 4 and word[:2] not in words.surnames:
        return False
    if word.endswith(terms.agency) and word[:-1] in REGIONS:
        return False
    return (word[0] in words.surnames or word[:2] in words.surnames) and not (
        word in FILLERS
        or word in REGIONS
        or word in words.not_units
        or word in words.not_names
        or word in _KNOWN
    )


@lru_cache(maxsize=8192)
def may_be_name(word: str) -> bool:
    """Return whether a word is the name of a person if its place is that of one: three syllables of any kind.

    Family names that few bear, names of Korean words (``가람솔``) and of foreign origin are read so.
    """
    if len(word) != 3 or not patterns.hangul.fullmatch(word):
        return False
    if word[-1] in terms.ends_both and is_name_of_three(word):
        return True
    return (
        not (
            word.endswith(endings.unit_endings_of_no_name)
            or is_rank(word)
            or is_unit(word)
            or is_agency(word)
        )
        and not (
            is_municipality(word) or word in _KNOWN or word in _RANKS or word.endswith(endings.no_name_words)
        )
        and not any(
            word in held for held in (FILLERS, REGIONS, NOT_NOUNS, OWNERLESS, BY_LOCALITY, words.not_units)
        )
    )


@lru_cache(maxsize=8192)
def is_name_of_three(word: str) -> bool:
    """Return whether a word of three syllables begins with a family name but ends like a unit: 홍예단."""
    lists = (FILLERS, SHORT_UNITS, _KNOWN, words.not_units, words.not_names, _RANKS)
    full = len(word) == 3 and word[0] in words.surnames and bool(patterns.hangul.fullmatch(word))
    return full and not (is_rank(word) or any(word in held for held in lists))


@lru_cache(maxsize=8192)
def is_rare_name(word: str) -> bool:
    """Return whether a word after a unit is a name that :func:`is_name` leaves out: 빙가람, 나미소."""
    return may_be_name(word) and (
        word[0] in words.rare_surnames or (word[0] in words.surnames and word[-1] in terms.ends_both)
    )


@lru_cache(maxsize=8192)
def is_rank(word: str) -> bool:
    """Return whether a word is a rank or an office: 사무관, 화재예방총괄과장, 소방경."""
    return word in words.ranks_alone or (
        word.endswith(endings.ranks) and len(word) <= 16 and word not in _KNOWN
    )


@lru_cache(maxsize=8192)
def is_unit(word: str) -> bool:
    """Return whether a word is the name of a unit: 수소산업과, 국제협력담당관, 홍보TF팀, 조사3팀."""
    if patterns.numbered.search(word) or (word[:-2] in REGIONS and patterns.branch_of_region.search(word)):
        return True
    if len(word) < 3 or word in words.not_units or word in FILLERS or word.endswith(endings.not_unit_endings):
        return False
    return word.endswith(endings.units) and not is_rank(word)


@lru_cache(maxsize=8192)
def is_agency(word: str) -> bool:
    """Return whether a word names a ministry, an agency (…청) or an institution that leads its path."""
    if word in _KNOWN or word in words.abbreviations:
        return True
    if word.endswith(terms.agency) and (len(word) >= 4 or word[:-1] in REGIONS):
        return word not in words.not_agencies and not word.endswith(endings.applications)
    if word in OWNERLESS or word in BY_LOCALITY or word in words.not_units or word in words.ranks_alone:
        return False
    if "·" in word and word.endswith(terms.school):  # 초·중·고등학교
        return False
    if patterns.national_institution.match(word) or (
        word.endswith(terms.institute) and len(word) >= 5 and not word.endswith(endings.not_unit_endings)
    ):
        return True
    return word.endswith(endings.institutions) and word not in words.institutions


@lru_cache(maxsize=8192)
def is_municipality(word: str) -> bool:
    """Return whether a word is a province, city, county or district, or its office: 경기도, 강남구청."""
    return word.removesuffix(terms.agency) in _MUNICIPALITIES


@lru_cache(maxsize=8192)
def is_company(word: str) -> bool:
    """Return whether a word is written as companies and incorporated bodies are: ㈜…, (재)…, CJ대한통운."""
    branch = patterns.company_branch.match(word)
    if branch and branch[1] not in words.no_companies:
        return True
    return bool(patterns.company_mark.search(word)) and not is_unit(word) and word not in words.no_companies


@lru_cache(maxsize=8192)
def ministry_before_unit(word: str) -> str | None:
    """Return the ministry with which a word begins, where all the rest of it is the name of a unit."""
    if word in _KNOWN or len(word) < 6:
        return None
    for cut in range(len(word) - 3, 2, -1):
        if word[:cut] in _KNOWN and word[:cut].endswith(endings.ministry_endings) and is_unit(word[cut:]):
            return word[:cut]
    return None


_MAX_GLUED = 80


@lru_cache(maxsize=8192)
def sentence_before_ministry(word: str) -> str:
    """Return the text before the ministry that leads a unit at the end of a text without spaces."""
    if not 12 < len(word) <= _MAX_GLUED:
        return ""
    ends = [match.end() for match in patterns.glued_particle.finditer(word)]
    return next((word[:end] for end in reversed(ends) if ministry_before_unit(word[end:])), "")


@lru_cache(maxsize=8192)
def is_broken_name(first: str, second: str) -> bool:
    """Return whether two words, one below the other, are one institution's name: 과학기술 / 정보통신부.

    The whole name is known, or begins as those of national institutions do (한국…), the second word ends it
    and is no institution that leads others by itself.
    """
    if not (patterns.hangul.fullmatch(first) and patterns.hangul.fullmatch(second)) or first in _KNOWN:
        return False
    if first + second in _KNOWN or second in _KNOWN:
        return first + second in _KNOWN
    begun = len(first) > 2 and not (is_unit(first) or is_agency(first) or is_rank(first))
    ended = is_agency(second) or second in words.institutions
    return (
        begun
        and ended
        and bool(patterns.national_institution.match(first + second))
        and not patterns.national_institution.match(second)
    )


def is_known(word: str) -> bool:
    """Return whether the word is in the table of organizations."""
    return word in _KNOWN
