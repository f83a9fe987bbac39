"""Say of the words of a path whose they are: organization or department, one unit or an office of a kind."""

from __future__ import annotations

import re

from pipelines.contacts import lexicon
from pipelines.contacts.words import CLASS_WORDS

#: Committees by their class alone, named after what they prepare: 올림픽대회 조직위원회.
COMMITTEES = ("조직위원회", "추진위원회", "집행위원회", "분쟁조정위원회", "공동협의체")
#: Legal forms, written before the name that they belong to.
LEGAL_FORMS = ("사회적협동조합", "협동조합", "사단법인", "재단법인", "사회복지법인", "주식회사")
#: Endings of services that stand by their own name.
_CENTRES = ("센터", "전화", "콜", "상담소", "안내소", "데스크", "상담실")
#: Beginnings of offices of a kind: 지역…센터, 시군….
_OFFICES = ("과", "팀", "관", "국", "실")  # 지역경제과 is a ministry's
_LONG = 5  # syllables of a unit's name that is no institution's
_EVENTS = ("박람회", "축제", "대회", "엑스포", "영화제", "비엔날레")  # their names: 가나박람회 사무국
DEDICATED = ("전용", "전담", "통합", "대표", "전화")  # 전용 콜센터: whose is not said
#: 각 사무소, 시·군 사무소: the reader's own, whichever it is.
_EACH = re.compile(r"각(?:급|\s?시|\s?지역)?[·가-힣]{0,4}$|(?:시·군|시·도|시군|읍·면)(?:·구|·동)?$")
_EVERYWHERE = ("지자체", "지역", "관할", "시군", "시·군", "시·도", "읍면동", "권역별")


def split_path(path: tuple[str, ...]) -> tuple[str | None, str | None]:
    """Divide a path into organization and department.

    An institution that leads is the organization; a unit that leads has none printed; a service or a centre
    by its own name (알뜰카드 고객센터) stays whole.
    """
    if not path:
        return None, None
    if (
        len(path) > 1
        and lexicon.is_known(path[1])
        and not lexicon.is_agency(path[0])
        and path[0][-1] in "국실관단"
    ):
        path = path[1], path[0], *path[2:]  # 가나국 (다라부) 마바과
    if len(path) > 1 and path[-1] in lexicon.OWNERLESS and path[-2].endswith(("과", "팀", "담당관")):
        path = path[:-1]  # 가나과의 고객센터: below a division there is no other
    first, rest, whole = path[0], path[1:], " ".join(path)
    led = next((place for place, word in enumerate(path) if place and word in COMMITTEES), 0)
    if first in lexicon.PLACES and rest and rest[0] in lexicon.BY_LOCALITY:
        return f"{first} {rest[0]}", " ".join(rest[1:]) or None
    if led:
        return " ".join(path[: led + 1]), " ".join(path[led + 1 :]) or None
    if first in LEGAL_FORMS and rest and not lexicon.is_unit(rest[0]):
        return f"{first} {rest[0]}", " ".join(rest[1:]) or None
    national = first == "한국" and rest and lexicon.is_agency(first + rest[0])
    if national or (rest and lexicon.is_known(first + rest[0]) and not lexicon.is_known(first)):
        first, rest = f"{first} {rest[0]}", rest[1:]
        return first, " ".join(rest) or None
    if lexicon.is_agency(first) or lexicon.is_company(first) or lexicon.is_municipality(first):
        return first, " ".join(rest) or None
    if first.endswith("본부") and rest and rest[-1].endswith(("부", "사무국")) and len(first) > _LONG:
        return first, " ".join(rest)  # ministries have no 부 below a 본부; institutions have
    if len(rest) == 1 and first in DEDICATED and rest[0] in lexicon.OWNERLESS:
        return None, whole
    if first in lexicon.OWNERLESS or (lexicon.is_unit(first) and not first.endswith(_CENTRES)):
        return None, whole
    if (
        path[-1] in CLASS_WORDS
        or (
            path[-1].endswith("사무국")
            and not (rest and path[-2].endswith(_EVENTS) and path[-2] not in _EVENTS)
        )
        or (rest and lexicon.is_unit(path[-1]) and not path[-1].endswith((*_CENTRES, "사무국")))
    ):
        return None, whole
    return whole, None


def is_named(path: tuple[str, ...]) -> bool:
    """Tell whether a path names one unit, not a kind of office found everywhere or nowhere."""
    last = path[-1]
    if (
        last.startswith(_EVERYWHERE) and not last.endswith(_OFFICES)
    ) or last in lexicon.BY_LOCALITY - lexicon.OWNERLESS:
        return False
    if any(_EACH.match(word) for word in path):
        return False
    if len(path) == 1 and (last in lexicon.OWNERLESS or (len(last) <= 2 and not lexicon.is_company(last))):
        return False
    if len(path) == 2 and path[0] in DEDICATED and last in lexicon.OWNERLESS:
        return False
    return any(
        lexicon.is_agency(word) or lexicon.is_company(word) or (lexicon.is_unit(word) and len(word) > 2)
        for word in path
    )
