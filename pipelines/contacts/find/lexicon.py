"""What words are: names, ranks, units, institutions. Facts lie in ``data/words.yaml``."""

from __future__ import annotations

from functools import lru_cache

from pipelines.contacts.gazetteer import endings, pattern, term, words
from pipelines.organizations import known_names

_NO_NAME_WORDS = endings("no_name_words")
_MINISTRY_ENDINGS = endings("ministry_endings")
_UNIT_ENDINGS_OF_NO_NAME = endings("unit_endings_of_no_name")
_APPLICATIONS = endings("applications")
_NATIONWIDE = term("nationwide")
_AGENCY = term("agency")
_SCHOOL = term("school")
_INSTITUTE = term("institute")
_CITY = term("city")
_COUNTY = term("county")
_DISTRICT = term("district")


_SURNAMES = words("surnames")
_RARE_SURNAMES = words("rare_surnames")
_NOT_NAMES = words("not_names")
_RANK = endings("ranks")
_RANKS_ALONE = words("ranks_alone")
_RANKS = words("ranks") | _RANKS_ALONE
_UNIT = endings("units")
_NOT_UNITS = words("not_units")
_NOT_UNIT = endings("not_unit_endings")
_INSTITUTION = endings("institutions")
_INSTITUTIONS = words("institutions")
_ABBREVIATIONS = words("abbreviations")
_NOT_AGENCIES = words("not_agencies")
_NO_COMPANIES = words("no_companies")
_KNOWN = known_names()
FILLERS = words("fillers")
SHORT_UNITS = words("short_units")
REGIONS = words("regions")
NOT_NOUNS = words("not_nouns")
OWNERLESS = words("ownerless")
BY_LOCALITY = words("by_locality")

_HANGUL = pattern("hangul")
_BRANCH = pattern("branch_of_region")
_NUMBERED = pattern("numbered")
_MUNICIPALITIES = words("provinces") | {
    stem + suffix
    for name, suffix in (("cities", _CITY), ("counties", _COUNTY), ("districts", _DISTRICT))
    for stem in words(name)
}
PLACES = (REGIONS - {_NATIONWIDE}) | {
    stem for name in ("cities", "counties", "districts") for stem in words(name)
}
_NATIONAL = pattern("national_institution")
_COMPANY = pattern("company_mark")
_COMPANY_BRANCH = pattern("company_branch")
_ENDS_BOTH = term("ends_both")
#: What the work or the post is, before a rank: 기술직 주무관.
_NO_NAME = pattern("no_name_ending")


@lru_cache(maxsize=8192)
def is_name(word: str) -> bool:
    """Return whether a word may be a person's whole name: family name and one or two syllables more."""
    if not _HANGUL.fullmatch(word) or not 2 <= len(word) <= 4 or _NO_NAME.search(word) or word in _RANKS:
        return False
    if len(word) == 4 and word[:2] not in _SURNAMES:
        return False
    if word.endswith(_AGENCY) and word[:-1] in REGIONS:
        return False
    return (word[0] in _SURNAMES or word[:2] in _SURNAMES) and not (
        word in FILLERS or word in REGIONS or word in _NOT_UNITS or word in _NOT_NAMES or word in _KNOWN
    )


@lru_cache(maxsize=8192)
def may_be_name(word: str) -> bool:
    """Return whether a word is the name of a person if its place is that of one: three syllables of any kind.

    Family names that few bear, names of Korean words (``가람솔``) and of foreign origin are read so.
    """
    if len(word) != 3 or not _HANGUL.fullmatch(word):
        return False
    if word[-1] in _ENDS_BOTH and is_name_of_three(word):
        return True
    return (
        not (word.endswith(_UNIT_ENDINGS_OF_NO_NAME) or is_rank(word) or is_unit(word) or is_agency(word))
        and not (is_municipality(word) or word in _KNOWN or word in _RANKS or word.endswith(_NO_NAME_WORDS))
        and not any(
            word in words for words in (FILLERS, REGIONS, NOT_NOUNS, OWNERLESS, BY_LOCALITY, _NOT_UNITS)
        )
    )


@lru_cache(maxsize=8192)
def is_name_of_three(word: str) -> bool:
    """Return whether a word of three syllables begins with a family name but ends like a unit: 홍예단."""
    lists = (FILLERS, SHORT_UNITS, _KNOWN, _NOT_UNITS, _NOT_NAMES, _RANKS)
    full = len(word) == 3 and word[0] in _SURNAMES and bool(_HANGUL.fullmatch(word))
    return full and not (is_rank(word) or any(word in words for words in lists))


@lru_cache(maxsize=8192)
def is_rare_name(word: str) -> bool:
    """Return whether a word after a unit is a name that :func:`is_name` leaves out: 빙가람, 나미소."""
    return may_be_name(word) and (
        word[0] in _RARE_SURNAMES or (word[0] in _SURNAMES and word[-1] in _ENDS_BOTH)
    )


@lru_cache(maxsize=8192)
def is_rank(word: str) -> bool:
    """Return whether a word is a rank or an office: 사무관, 화재예방총괄과장, 소방경."""
    return word in _RANKS_ALONE or (word.endswith(_RANK) and len(word) <= 16 and word not in _KNOWN)


@lru_cache(maxsize=8192)
def is_unit(word: str) -> bool:
    """Return whether a word is the name of a unit: 수소산업과, 국제협력담당관, 홍보TF팀, 조사3팀."""
    if _NUMBERED.search(word) or (word[:-2] in REGIONS and _BRANCH.search(word)):
        return True
    if len(word) < 3 or word in _NOT_UNITS or word in FILLERS or word.endswith(_NOT_UNIT):
        return False
    return word.endswith(_UNIT) and not is_rank(word)


@lru_cache(maxsize=8192)
def is_agency(word: str) -> bool:
    """Return whether a word names a ministry, an agency (…청) or an institution that leads its path."""
    if word in _KNOWN or word in _ABBREVIATIONS:
        return True
    if word.endswith(_AGENCY) and (len(word) >= 4 or word[:-1] in REGIONS):
        return word not in _NOT_AGENCIES and not word.endswith(_APPLICATIONS)
    if word in OWNERLESS or word in BY_LOCALITY or word in _NOT_UNITS or word in _RANKS_ALONE:
        return False
    if "·" in word and word.endswith(_SCHOOL):  # 초·중·고등학교
        return False
    if _NATIONAL.match(word) or (
        word.endswith(_INSTITUTE) and len(word) >= 5 and not word.endswith(_NOT_UNIT)
    ):
        return True
    return word.endswith(_INSTITUTION) and word not in _INSTITUTIONS


@lru_cache(maxsize=8192)
def is_municipality(word: str) -> bool:
    """Return whether a word is a province, city, county or district, or its office: 경기도, 강남구청."""
    return word.removesuffix(_AGENCY) in _MUNICIPALITIES


@lru_cache(maxsize=8192)
def is_company(word: str) -> bool:
    """Return whether a word is written as companies and incorporated bodies are: ㈜…, (재)…, CJ대한통운."""
    branch = _COMPANY_BRANCH.match(word)
    if branch and branch[1] not in _NO_COMPANIES:
        return True
    return bool(_COMPANY.search(word)) and not is_unit(word) and word not in _NO_COMPANIES


@lru_cache(maxsize=8192)
def ministry_before_unit(word: str) -> str | None:
    """Return the ministry with which a word begins, where all the rest of it is the name of a unit."""
    if word in _KNOWN or len(word) < 6:
        return None
    for cut in range(len(word) - 3, 2, -1):
        if word[:cut] in _KNOWN and word[:cut].endswith(_MINISTRY_ENDINGS) and is_unit(word[cut:]):
            return word[:cut]
    return None


_GLUED = pattern("glued_particle")
_MAX_GLUED = 80


@lru_cache(maxsize=8192)
def sentence_before_ministry(word: str) -> str:
    """Return the text before the ministry that leads a unit at the end of a text without spaces."""
    if not 12 < len(word) <= _MAX_GLUED:
        return ""
    ends = [match.end() for match in _GLUED.finditer(word)]
    return next((word[:end] for end in reversed(ends) if ministry_before_unit(word[end:])), "")


@lru_cache(maxsize=8192)
def is_broken_name(first: str, second: str) -> bool:
    """Return whether two words, one below the other, are one institution's name: 과학기술 / 정보통신부.

    The whole name is known, or begins as those of national institutions do (한국…), the second word ends it
    and is no institution that leads others by itself.
    """
    if not (_HANGUL.fullmatch(first) and _HANGUL.fullmatch(second)) or first in _KNOWN:
        return False
    if first + second in _KNOWN or second in _KNOWN:
        return first + second in _KNOWN
    begun = len(first) > 2 and not (is_unit(first) or is_agency(first) or is_rank(first))
    ended = is_agency(second) or second in _INSTITUTIONS
    return begun and ended and bool(_NATIONAL.match(first + second)) and not _NATIONAL.match(second)


def is_known(word: str) -> bool:
    """Return whether the word is in the table of organizations."""
    return word in _KNOWN
