"""Fill in the organization that the text names once for several contacts, and the owner of a bare number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.contacts import lexicon
from pipelines.contacts.heads import read_head
from pipelines.contacts.paths import is_named, split_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.draft import Draft
    from pipelines.contacts.layout import Line

_WORD = re.compile(r"[가-힣A-Za-z㈜()·]+")
#: Brackets around a word, but not those of a legal form: (사)가나협회, 가나(유).
_AROUND = re.compile(r"^\((?![재사주유]\))|(?<!\([주유재사])\)$")
_SENTENCE = re.compile(r"(?<=[가-힣)])\.\s+|[!?]\s+")
_ASKING = re.compile(r"문의|연락|상담|담당|궁금|전화|부서|자세한|신고|안내")
_PARTICLE = re.compile(
    r"(?:에서는|에서도|에서|에게|으로|께서|까지|부터|이나|에는|로|에|의|을|를|은|는|이|가|와|과|도|나|및)$"
)


#: A site by its word, its address or both: '누리집(www.…)'.
_SITE = re.compile(
    r"\s?(?:누리집|홈페이지)(?:\s?\((?:https?:|www\.|[a-z])[^()]*\))?|\s?\((?:https?:|www\.|[a-z]+[\w-]*\.)[^()]*\)"
)
_QUOTES = '"“”'  # printed one for the other
#: A centre named after its kind alone, which is part of an institution: 교통센터.
_KIND_OF_CENTRE = re.compile(r"[가-힣]{2}센터")
#: Services, whose name no unit inherits.
_SERVICES = ("콜센터", "고객센터", "상담센터")
#: The heading of a list of offices that all have a division of one name.
_HEADED = re.compile(
    r"\s(?P<unit>[가-힣]{2,}(?:과|팀|실))\s?(?:별\s?)?(?:연락처|문의처|전화번호|대표번호|전화)\W*$"
)
_MAX_ITEM = 60
_CENTRE = re.compile(r"(?<= )[^\s]{1,30}?센터")
_MAX_OPENING = 100  # characters of a line in which the name that opens it stands
_MAX_ALIKE = 48  # units of one name that are compared
_REACH = 800  # characters of the sentences before a contact


def inherit(drafts: Sequence[Draft], lines: Sequence[Line]) -> None:
    """Fill organizations in place; drafts are in reading order."""
    whose = _Owners(drafts, lines)
    unprinted = {*_after_first_without_ministry(drafts), *_after_second_lead(drafts)}
    for place, draft in enumerate(drafts):
        before = drafts[place - 1] if place else None
        if before and _centre_of(before, draft):
            path = [name for name in (draft.organization, draft.department) if name]
            draft.organization, draft.department = before.organization, " ".join(path)
        if not draft.organization and place not in unprinted:
            draft.organization = _inherited(draft, before, lines, whose)
        if not draft.organization and place not in unprinted:
            draft.organization = _elsewhere(draft, whose)
        _take_headed(draft, lines, whose)
        if not draft.organization and _is_office(draft.department or ""):
            draft.organization, draft.department = draft.department, None


def complete(drafts: Sequence[Draft], lines: Sequence[Line]) -> None:
    """Give centres named by their class alone the whole name that opens a heading or line of the text."""
    bare: dict[str, list[Draft]] = {}
    for draft in drafts:
        short = draft.organization or ""
        if not (draft.kind == "block" or draft.department or " " in short) and short.endswith("센터"):
            bare.setdefault(short, []).append(draft)
    names: dict[str, set[str]] = {short: set() for short in bare}
    for line in lines if bare else ():
        for short in {word[0] for word in _CENTRE.finditer(line.text, 0, _MAX_OPENING)} & bare.keys():
            names[short] |= {name for name in [_opening_name(short, line.text[:_MAX_OPENING])] if name}
    for short, unnamed in bare.items():
        for draft in unnamed if len(names[short]) == 1 else ():
            (draft.organization,) = names[short]


class _Owners:
    """What is looked up for every contact of a text, gathered once."""

    def __init__(self, drafts: Sequence[Draft], lines: Sequence[Line]) -> None:
        self.named: dict[str, list[Draft]] = {}  # by department
        for draft in drafts:
            self.named.setdefault(draft.department or "", []).append(draft)
        self.above: list[int] = []  # for each line, the one above the list of items in which it stands
        self.introduction: list[int] = []  # for each line, the one above it or above its table
        for index, line in enumerate(lines):
            over = index - 1
            item = over >= 0 and lines[over].points and len(lines[over].text) <= _MAX_ITEM
            self.above.append(self.above[over] if item else over)
            inside = over >= 0 and (
                not lines[over].text.strip() or (line.table >= 0 and lines[over].table == line.table)
            )
            self.introduction.append(self.introduction[over] if inside else over)


def _take_headed(draft: Draft, lines: Sequence[Line], whose: _Owners) -> None:
    """Take the division that the heading of a list of offices names: '지방청 가나과 연락처'."""
    if (
        draft.kind in ("block", "prose", "asked")
        or draft.department
        or draft.person
        or not draft.organization
    ):
        return
    index = whose.above[draft.line]
    headed = _HEADED.search(lines[index].text[-_MAX_OPENING:]) if index >= 0 else None
    if headed and lexicon.is_unit(headed["unit"]) and lexicon.is_agency(draft.organization):
        draft.department = headed["unit"]


def _elsewhere(draft: Draft, whose: _Owners) -> str | None:
    """Find the one organization with which the text names the same unit elsewhere.

    Two people of one line, the second under its own organization, are of two units of one name.
    """
    same = (
        other
        for other in whose.named.get(draft.department or "", ())[-_MAX_ALIKE:]
        if draft.department and not (draft.person and other.person and other.line == draft.line)
    )
    owners = {other.organization for other in same if other.organization}
    return owners.pop() if len(owners) == 1 and draft.department not in lexicon.OWNERLESS else None


def _opening_name(short: str, text: str) -> str | None:
    """Give the longer name without an owner that ends with a centre's short one and opens a text."""
    place = text.find(f" {short}")
    head = read_head(text[: place + 1 + len(short)], label=False) if place > 0 else None
    if not head or head.rest or not head.path or head.path[0] in lexicon.REGIONS:
        return None
    organization, department = split_path(head.path)
    return organization if organization != short and not department else None


def _inherited(draft: Draft, before: Draft | None, lines: Sequence[Line], whose: _Owners) -> str | None:
    """Find the organization of a draft: in its list, else in the words before it."""
    ownerless = _is_ownerless(draft.department or "")
    if ownerless and draft.kind == "prose":
        return _owner_of_site(draft, lines) if _is_of_customers(draft.department or "") else None
    if before and before.organization and draft.department and _same_list(before, draft, lines):
        leads = lexicon.is_known(before.organization) or not _is_office(draft.department)
        return before.organization if leads and not before.organization.endswith(_SERVICES) else None
    if draft.kind == "block" or draft.person or ownerless:
        return None
    return _from_words(draft, lines, whose)


def _owner_of_site(draft: Draft, lines: Sequence[Line]) -> str | None:
    """Find who owns the one site named in a sentence before a centre: 'X 누리집(…) 또는 고객센터(…)'."""
    line = lines[draft.line]
    sentence = _SENTENCE.split(said_before(draft, line))[-1]
    sites = list(_SITE.finditer(sentence))
    if len(sites) != 1:
        return None
    head = read_head(sentence[: sites[0].start()], label=True)
    return split_path(head.path)[0]


def _is_of_customers(department: str) -> bool:
    """Tell whether a centre is one that an institution or a service keeps for those who use it."""
    return department.endswith(("센터", "상담실")) and not department.startswith("통합")


def _after_first_without_ministry(drafts: Sequence[Draft]) -> Iterator[int]:
    """Give the places of people in blocks whose first unit prints no ministry.

    There the releasing ministry goes without saying, also for units after those of another institution.
    """
    first: Draft | None = None
    for place, draft in enumerate(drafts):
        first = (first or draft) if draft.kind == "block" else None
        if first and not first.organization:
            yield place


def _after_second_lead(drafts: Sequence[Draft]) -> Iterator[int]:
    """Give the places after a second 총괄 in a line: another ministry leads there, though none is printed."""
    led: set[int] = set()
    changed = -1
    for place, draft in enumerate(drafts):
        if draft.mark == "총괄" and draft.line in led:
            changed = draft.line
        if draft.organization or draft.line != changed:
            changed = -1
        else:
            yield place
        if draft.mark == "총괄":
            led.add(draft.line)


def _is_office(department: str) -> bool:
    """Tell whether a department without ministry is an institution by itself: 창경궁관리소."""
    return department.endswith("관리소") and " " not in department


def _is_ownerless(department: str) -> bool:
    """Tell whether a department is a centre or desk by its class alone, no unit standing before it."""
    *before, last = department.split() or [""]
    return last in lexicon.OWNERLESS and not any(lexicon.is_unit(word) for word in before)


def _centre_of(before: Draft, draft: Draft) -> bool:
    """Tell whether a centre is its organization's, listed after a unit of it: 전략팀(…), 신고센터(…).

    Where no label opens the list, only after another centre: 사과연구센터, 배연구센터로 문의.
    """
    kind_alone = bool(_KIND_OF_CENTRE.fullmatch(draft.organization or ""))
    after_centre = before.kind == draft.kind == "asked" and (before.department or "").endswith("센터")
    return bool(
        before.line == draft.line
        and (draft.kind == "label" or after_centre)
        and before.organization
        and before.department
        and (draft.organization or "").endswith("센터")
        and (not draft.department or kind_alone)
    )


def _same_list(before: Draft, draft: Draft, lines: Sequence[Line]) -> bool:
    """Tell whether two drafts are items of one list, table or line."""
    if (before.kind == "block") != (draft.kind == "block"):
        return False
    if before.line == draft.line:
        line = lines[draft.line]
        between = line.text[before.end - line.start : draft.anchor - line.start]
        return draft.kind != "prose" or not _SENTENCE.search(between)
    if draft.kind == "block":
        return True
    if lines[before.line].table != lines[draft.line].table or "prose" in (before.kind, draft.kind):
        return False
    lines_between = sum(bool(line.text.strip()) for line in lines[before.line + 1 : draft.line])
    flattened = before.kind == draft.kind == "row" and lines_between <= 1
    return lines[draft.line].table >= 0 or not lines_between or flattened


def said_before(draft: Draft, line: Line) -> str:
    """Give what a line says before a draft's anchor, the last sentences of it."""
    end = max(0, draft.anchor - line.start)
    return line.text[max(0, end - _REACH) : end]


def _from_words(draft: Draft, lines: Sequence[Line], whose: _Owners) -> str | None:
    """Find the organization in the sentence, those before it, or what introduces the line."""
    line = lines[draft.line]
    before = said_before(draft, line)
    if line.table >= 0:
        cells = [cell.strip() for cell in before.split("\t")]
        beside = next((cell for cell in reversed(cells) if " " not in cell and lexicon.is_agency(cell)), None)
        return beside or _introduced(draft, lines, whose)
    sentences = _SENTENCE.split(spoken(before))
    reach = 3 if draft.department else 2
    for sentence in list(reversed(sentences))[:reach]:
        found = _leading(sentence, draft)
        if found:
            ministries = [name for name in found if draft.department and lexicon.is_known(name)]
            return (ministries or found)[-1]
    if draft.kind == "prose" and (len(sentences) > 1 or spoken(before) != before):
        return None
    return _introduced(draft, lines, whose)


def _introduced(draft: Draft, lines: Sequence[Line], whose: _Owners) -> str | None:
    """Find the organization in the heading or paragraph directly above that speaks of asking."""
    index = whose.introduction[draft.line]
    for above in reversed(lines[max(0, index - 1) : index + 1]):
        if above.table >= 0 or not _ASKING.search(above.text):
            continue
        for sentence in reversed(_SENTENCE.split(above.text[-_REACH:])):
            found = _leading(sentence, draft)
            if found and _ASKING.search(above.text):
                return found[-1]
    return None


def _leading(text: str, draft: Draft) -> list[str]:
    """Give the organizations of a text that may lead a draft's path: no service leads a unit."""
    return [name for name in named_in(text) if not (draft.department and name.endswith(_SERVICES))]


def spoken(text: str) -> str:
    """Give what a speaker has said so far where a quotation is open: who speaks is not who is asked."""
    marks = [place for place, sign in enumerate(text) if sign in _QUOTES]
    return text[marks[-1] + 1 :] if len(marks) % 2 else text


def named_in(text: str) -> list[str]:
    """Give the organizations that a text names, in order."""
    names = []
    before = ""
    for match in _WORD.finditer(text):
        word = _AROUND.sub("", match[0])
        if lexicon.is_known(before + _PARTICLE.sub("", word)):  # written apart: 금융 위원회
            names.append(f"{before} {_PARTICLE.sub('', word)}")
        before = word
        for candidate in (word, _PARTICLE.sub("", word)):
            if lexicon.is_agency(candidate) and is_named((candidate,)):
                names.append(_whole_centre(text[: match.start() + len(candidate)]) or candidate)
                break
    return names


def _whole_centre(text: str) -> str | None:
    """Give the whole name of the centre that ends a text: '불공정거래 피해상담센터', not its last word."""
    return split_path(read_head(text, label=False).path)[0] if text.endswith("센터") else None
