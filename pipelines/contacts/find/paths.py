"""Split the words of a path into organization and department; one unit, or an office of a kind."""

from __future__ import annotations

from pipelines.contacts.find import lexicon
from pipelines.contacts.find.words import CLASS_WORDS
from pipelines.contacts.gazetteer import endings, patterns, terms

COMMITTEES = endings.committees
LEGAL_FORMS = endings.legal_forms
_LONG = 5  # syllables of a unit's name that is no institution's
DEDICATED = endings.dedicated


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
        and path[0][-1] in terms.ends_of_bureaux
    ):
        path = path[1], path[0], *path[2:]  # 가나국 (다라부) 마바과
    if len(path) > 1 and path[-1] in lexicon.OWNERLESS and path[-2].endswith(endings.divisions):
        path = path[:-1]  # 가나과의 고객센터: below a division there is no other
    first, rest, whole = path[0], path[1:], " ".join(path)
    led = next((place for place, word in enumerate(path) if place and word in COMMITTEES), 0)
    if first in lexicon.PLACES and rest and rest[0] in lexicon.BY_LOCALITY:
        return f"{first} {rest[0]}", " ".join(rest[1:]) or None
    if led:
        return " ".join(path[: led + 1]), " ".join(path[led + 1 :]) or None
    if first in LEGAL_FORMS and rest and not lexicon.is_unit(rest[0]):
        return f"{first} {rest[0]}", " ".join(rest[1:]) or None
    national = first == terms.korea and rest and lexicon.is_agency(first + rest[0])
    if national or (rest and lexicon.is_known(first + rest[0]) and not lexicon.is_known(first)):
        first, rest = f"{first} {rest[0]}", rest[1:]
        return first, " ".join(rest) or None
    if lexicon.is_agency(first) or lexicon.is_company(first) or lexicon.is_municipality(first):
        return first, " ".join(rest) or None
    if len(rest) == 1 and rest[0] in lexicon.OWNERLESS and first.endswith(endings.companies):
        return first, rest[0]
    if (
        first.endswith(terms.headquarters)
        and rest
        and rest[-1].endswith(endings.parts_of_headquarters)
        and len(first) > _LONG
    ):
        return first, " ".join(rest)  # ministries have no 부 below a 본부; institutions have
    if len(rest) == 1 and first in DEDICATED and rest[0] in lexicon.OWNERLESS:
        return None, whole
    if first in lexicon.OWNERLESS or (lexicon.is_unit(first) and not first.endswith(endings.centres_by_name)):
        return None, whole
    if (
        path[-1] in CLASS_WORDS
        or (
            path[-1].endswith(terms.secretariat)
            and not (rest and path[-2].endswith(endings.events) and path[-2] not in endings.events)
        )
        or (
            rest
            and lexicon.is_unit(path[-1])
            and not path[-1].endswith((*endings.centres_by_name, terms.secretariat))
        )
    ):
        return None, whole
    return whole, None


def is_named(path: tuple[str, ...]) -> bool:
    """Return whether a path names one unit, not a kind of office found everywhere or nowhere."""
    last = path[-1]
    if (
        last.startswith(endings.everywhere) and not last.endswith(endings.offices_of_a_kind)
    ) or last in lexicon.BY_LOCALITY - lexicon.OWNERLESS:
        return False
    if any(patterns.each_office.match(word) for word in path):
        return False
    if len(path) == 1 and (last in lexicon.OWNERLESS or (len(last) <= 2 and not lexicon.is_company(last))):
        return False
    if len(path) == 2 and path[0] in DEDICATED and last in lexicon.OWNERLESS:
        return False
    return any(
        lexicon.is_agency(word) or lexicon.is_company(word) or (lexicon.is_unit(word) and len(word) > 2)
        for word in path
    )
