"""Read lists in a bracket whose items are members of the class named before it.

``관할 국유림관리소(정읍 063-…, 무주 063-…)`` lists places, each with its office;
``각 은행의 콜센터(가나은행 1588-…, 다라은행 1577-…)`` lists institutions, each with its centre.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import Head
from pipelines.contacts.gazetteer import patterns

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

_CLASSES = (patterns.class_of_places, patterns.class_of_institutions, patterns.class_quoted)
_MAX_LIST = 1500  # characters of a list in one bracket


def classes_of(text: str) -> list[re.Match[str]]:
    """Find every bracket that a class opens, in order."""
    found = (match for pattern in _CLASSES for match in pattern.finditer(text))
    return sorted(found, key=lambda match: match.end())


def read_member(text: str, classes: Sequence[re.Match[str]], start: int, end: int) -> Head | None:
    """Read the member that a text names from ``start`` to ``end``, where the bracket of its class is open."""
    before = bisect_right(classes, end, key=lambda match: match.end())
    if not before or end - classes[before - 1].end() > _MAX_LIST:
        return None
    last = classes[before - 1]
    start = max(start, last.end())
    words = patterns.member_word.findall(patterns.bracketed.sub(" ", text[start:end]))
    if ")" in patterns.bracketed.sub("", text[last.end() : end]) or len(words) != 1:
        return None
    place = text.find(words[0], start)
    if lexicon.is_agency(words[0]) or lexicon.is_company(words[0]):
        return Head((words[0], last["noun"]), rest=True, start=place)
    if patterns.place_name.fullmatch(words[0]) and last.re is _CLASSES[0]:
        return Head((words[0], last["noun"]), rest=True, start=place)
    return None
