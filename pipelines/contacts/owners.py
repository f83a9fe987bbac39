"""Find who answers a number that stands without a name beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.contacts.heads import read_head
from pipelines.contacts.inheritance import named_in, said_before, spoken
from pipelines.contacts.lexicon import OWNERLESS, is_agency, is_name, is_unit
from pipelines.contacts.mentions import wording
from pipelines.contacts.paths import is_named, split_path
from pipelines.contacts.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.contacts.draft import Draft
    from pipelines.contacts.layout import Line

_LABEL_BEFORE = re.compile(r"^.{0,20}?:\s?")
_BROKEN = re.compile(r"(?:원하시면|문의|연락|취재).{0,40}[가-힣]\s*$")
_DIVISION = re.compile(r"(?:과|팀|국|실|관|단|센터|본부|관리소|사업소)$")
_SITE = re.compile(r"\s?(?:누리집|홈페이지|인스타그램|페이스북)")
_SITE_LINE = re.compile(r"\W*(?:누리집|홈페이지|웹사이트)\W+[\w.:/-]+\.[a-z]{2,}\S*\s*$", re.ASCII)
_HANGUL = re.compile(r"[가-힣]")
_REMARK = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[가-힣A-Za-z0-9·]+")
_SENTENCE = re.compile(r"(?<=[가-힣)])\.\s+")
_POSTCODE = re.compile(r"\(우?\s?\)?\s?\d{5}\)|우\)\s?\d{5}")
_FLOOR = re.compile(r"\s?\(?(?:[가-힣0-9 ]*\s)?\d+층\)?\s*$")
_HEADING = re.compile(r"문의|연락처")
_SENT = re.compile(r"(?P<unit>.+?)(?:으로|로|에서|에게|에)\s(?:직접\s)?(?:가능|신청|제출|접수|보내)")
_SERVICE_TOPIC = re.compile(r"(?P<name>[^,.(]{2,30}(?:센터|상담전화|신고전화|핫라인|콜))[은는]\s")
_SITE_AFTER = re.compile(
    r"\)?\s?(?:번)?(?:이?나|\s?또는|\s?및)\s(?P<name>[가-힣 ]{2,25}?)\s?(?:누리집|홈페이지)"
)
#: A heading that names a centre, whose site or rooms or numbers the items below it tell.
_HEADING_OF_CENTRE = re.compile(
    r"\W*(?:\d\.\s)?['‘“\"「]?(?P<name>[가-힣A-Za-z0-9· ]{2,30}(?:센터|상담실|상담소|사무국))['’”\"」]?"
    r"(?:\s(?:이용|운영|상담|신고|문의|위치|신청|연락|방문))?"
    r"\s?(?:안내|방법|연락처|문의처?|전화번호|개요|정보)\W*"
)
_ITEM = re.compile(r"\s*(?:[-·*•∙]\s|[ㆍ‣①-⑨]|\d\)|[^\w(]{0,3}\s?[가-힣 ]{2,8}\s?:)")
_MAX_ITEMS = 8
_MAX_HEADING = 40
_MAX_TITLE = 100
_MAX_OPENING = 100  # characters before a number that a line begins with
_MAX_POINTS = 8  # numbers on a line of nothing else
_MAX_ADDRESS = 300
_REACH = 800  # characters of the sentences before a number
_MAX_SITES = 20


def own(drafts: Sequence[Draft], lines: Sequence[Line]) -> list[Draft]:
    """Give bare numbers to the unit that the sentence or line before names; drafts are in reading order."""
    kept: list[Draft] = []
    for draft in drafts:
        before = kept[-1] if kept else None
        if draft.kind != "block" and not draft.organization:
            _join_line_above(draft, lines)
        if draft.kind == "block" or draft.unit:
            kept.append(draft)
        elif draft.person:
            if before and _near(before, draft, lines):
                draft.organization, draft.department = before.organization, before.department
            else:
                _take_title(draft, lines)
            kept.append(draft)
        elif _take_topic(draft, lines):
            kept.append(draft)
        elif before and (_continues(before, draft, lines) or _sent_to(before, draft, lines)):
            _move(draft, before)
        else:
            _take_title(draft, lines)
            if not draft.unit:
                _take_heading(draft, lines)
            if not draft.unit:
                _take_sent_to(draft, lines)
            if not draft.unit:
                _take_site_after(draft, lines)
            if not draft.unit:
                _take_mentioned(draft, lines)
            if not draft.unit:
                _take_address(draft, lines)
            if draft.unit or draft.phones or draft.emails:  # a fax number alone offers nobody
                kept.append(draft)
    return kept


def _join_line_above(draft: Draft, lines: Sequence[Line]) -> None:
    """Take the beginning of a path broken over two lines: '…원하시면 행복청 도시정책과⏎홍길동 사무관(…'."""
    line = lines[draft.line]
    above = _above(lines, draft.line)
    opening = line.text[: max(0, draft.anchor - line.start)]
    if not above or above.points or above.table >= 0 or len(opening) > _MAX_OPENING or wording(opening):
        return
    if not _BROKEN.search(above.text[-_MAX_OPENING:]):
        return
    head = read_head(above.text, label=False)
    if head.path and not head.people and not head.noun and (not draft.department or is_agency(head.path[-1])):
        path = (*head.path, *(draft.department or "").split())
        draft.organization, draft.department = split_path(path)


def _near(before: Draft, draft: Draft, lines: Sequence[Line]) -> bool:
    """Tell whether two drafts stand on one line or on lines that follow each other."""
    above = _above(lines, draft.line)
    return before.line == draft.line or bool(above and above.start < before.end)


def _above(lines: Sequence[Line], index: int) -> Line | None:
    """Give the nearest line above that says something in Korean: no empty line, no address of a site."""
    for place in range(index - 1, max(-1, index - 1 - _MAX_SITES), -1):
        if _HANGUL.search(lines[place].text) and not _SITE_LINE.match(lines[place].text):
            return lines[place]
    return None


def _only_points(line: Line) -> bool:
    """Tell whether a line holds numbers, labels and signs alone: '- (T)044-…', '전화번호: 044-…'."""
    rest = line.text
    if len(line.points) > _MAX_POINTS or len(rest) > _MAX_ADDRESS:
        return False
    for point in reversed(line.points):
        rest = rest[: point.start] + " " + rest[point.end :]
    return not wording(_REMARK.sub(" ", rest))


def _continues(before: Draft, draft: Draft, lines: Sequence[Line]) -> bool:
    """Tell whether a line goes on with the contact above by another kind of number: 전화, 팩스, 메일."""
    if before.kind == "block" or before.line == draft.line or not _near(before, draft, lines):
        return False
    if not _only_points(lines[draft.line]):
        return False
    return not before.reached or not (before.phones and draft.phones)


def _sent_to(before: Draft, draft: Draft, lines: Sequence[Line]) -> bool:
    """Tell whether the sentence before sends the reader to a unit, and the number is that unit's."""
    if before.kind != "asked" or before.reached or not _near(before, draft, lines):
        return False
    line = lines[draft.line]
    start = before.end - line.start if before.line == draft.line else 0
    return len(_SENTENCE.findall(line.text[start : draft.anchor - line.start])) <= 2


def _move(draft: Draft, into: Draft) -> None:
    into.phones += draft.phones
    into.faxes += draft.faxes
    into.emails += draft.emails
    into.inner |= draft.inner
    into.end = max(into.end, draft.end)


def _take_topic(draft: Draft, lines: Sequence[Line]) -> bool:
    """Take the service that is the topic of the number's own sentence: '가족상담전화는 …, 1644-…로 문의'."""
    line = lines[draft.line]
    sentence = _SENTENCE.split(said_before(draft, line))[-1]
    topic = _SERVICE_TOPIC.match(sentence)
    if not topic or line.table >= 0:
        return False
    head = read_head(topic["name"], label=False)
    if head.path and is_named(head.path):
        draft.organization, draft.department = split_path(head.path)
    return draft.unit


def _take_mentioned(draft: Draft, lines: Sequence[Line]) -> None:
    """Take the unit that the number's own sentence names, or one of the two before.

    A bare 콜센터 counts in the sentence before only; an institution in the number's own sentence is nearer.
    """
    line = lines[draft.line]
    before = spoken(said_before(draft, line)).replace("*", "")
    for distance, sentence in enumerate(_SENTENCE.split(before)[:-4:-1]):
        for word in reversed(list(_WORD.finditer(sentence))):
            unit = stem(word[0])
            site = bool(_SITE.match(sentence, word.end()))
            if (
                not (unit != word[0] or site)
                or not _DIVISION.search(unit)
                or not is_unit(unit)
                or is_name(unit)
            ):
                continue
            if is_named((unit,)) or (unit in OWNERLESS and distance <= 1):
                head = read_head(sentence[: word.start() + len(unit)], label=False)
                draft.organization, draft.department = split_path(head.path)
                return
        if named_in(sentence):
            return


def _take_heading(draft: Draft, lines: Sequence[Line]) -> None:
    """Take the centre that the heading of the list names whose item the number is: '◈ X센터 이용 안내'."""
    items = list(reversed(lines[max(0, draft.line - _MAX_ITEMS) : draft.line + 1]))
    heading = next((line for line in items if line.text.strip() and not _ITEM.match(line.text)), None)
    named = _HEADING_OF_CENTRE.fullmatch(heading.text) if heading else None
    if not named or not heading or heading.index == draft.line:
        return
    head = read_head(named["name"], label=True)
    if head.path and not head.rest and not head.people and head.stop == len(named["name"]):
        draft.organization, draft.department = split_path(head.path)


def _take_sent_to(draft: Draft, lines: Sequence[Line]) -> None:
    """Take the unit that the last sentence before a heading '문의' sends the reader to."""
    heading = _above(lines, draft.line)
    if not heading or len(heading.text) > _MAX_HEADING or not _HEADING.search(heading.text):
        return
    above = _above(lines, heading.index)
    if not above or above.points or not _only_points(lines[draft.line]):
        return
    sent = _SENT.search(_SENTENCE.split(above.text[-_REACH:])[-1])
    head = read_head(sent["unit"], label=False) if sent else None
    if head and head.path and not head.noun and is_named(head.path):
        draft.organization, draft.department = split_path(head.path)


def _take_site_after(draft: Draft, lines: Sequence[Line]) -> None:
    """Take the institution whose site is another way beside a number: '전화(1588-…) 또는 X 누리집'."""
    line = lines[draft.line]
    site = _SITE_AFTER.match(line.text, draft.end - line.start)
    head = read_head(site["name"], label=False) if site else None
    if head and head.path and is_agency(head.path[0]) and is_named(head.path):
        draft.organization, draft.department = split_path(head.path)


def _take_title(draft: Draft, lines: Sequence[Line]) -> None:
    """Take the unit from the line above, where that line is a name and this one a number."""
    line = lines[draft.line]
    above = _above(lines, draft.line)
    if above and _POSTCODE.search(above.text) and not above.points:  # a letterhead: unit, address, number
        above = _above(lines, above.index)
    if not above or above.points or len(above.text) > _MAX_TITLE or not (draft.person or _only_points(line)):
        return
    head = read_head(_LABEL_BEFORE.sub("", above.text), label=True)
    if not head.path or (head.noun and not is_agency(head.path[0])) or not is_named(head.path):
        return
    draft.kind = "row"  # of a table flattened to one cell a line
    draft.organization, draft.department = split_path(head.path)
    if len(head.people) == 1 and not draft.person:
        draft.person, draft.rank = head.people[0].name, head.people[0].rank
    over = _above(lines, above.index)
    name = _LABEL_BEFORE.sub("", over.text).strip() if over and not over.points else ""
    if " " in name or not is_agency(name):
        return
    if not draft.organization:
        draft.organization = name
    elif not (draft.department or name.endswith("센터")) and draft.organization.endswith(
        "센터"
    ):  # a centre of the institution above it
        draft.organization, draft.department = name, draft.organization


def _take_address(draft: Draft, lines: Sequence[Line]) -> None:
    """Take the unit at the end of the postal address in one of the lines around: where to send things."""
    for near in (
        *lines[draft.line + 1 : draft.line + 3],
        *reversed(lines[max(0, draft.line - 3) : draft.line]),
    ):
        if near.points or len(near.text) > _MAX_ADDRESS or not _POSTCODE.search(near.text):
            continue
        address = _FLOOR.sub("", near.text)
        ends = [word.end() for word in _WORD.finditer(address) if is_unit(word[0]) or is_agency(word[0])]
        head = read_head(address[: ends[-1]] if ends else "", label=True)
        if head.path and not head.noun and is_agency(head.path[0]):
            draft.organization, draft.department = split_path(head.path)
            return
