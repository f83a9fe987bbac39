"""Read the contacts of lines that hold numbers: label lines, list items, table rows and prose."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.contacts import lexicon
from pipelines.contacts.draft import Draft, Kind, drafts_of, share_out
from pipelines.contacts.heads import Head, read_head, split_path
from pipelines.contacts.words import FAX_WORD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.contacts.layout import Line, Point

#: What announces units and people, with the role it gives them.
_LABEL = re.compile(
    r"(?P<asking>문\s{0,3}의\s?(?:처|전화|사항|기관|및\s?상담)?|연\s?락\s?처|상담\s?(?:전화)?|취재\s?문의)|(?P<charge>담\s{0,3}당(?:\s{0,3}자)?|관리자|실무자)"
    r"|(?P<none>담당\s?(?:부서|과)|소관\s?부서|자료\s?(?:생산|제공)|제출처|보내실\s?곳|접수처|주관|주최|운영|관리기관|신청처)"
)
_LABEL_END = re.compile(r"(?:" + _LABEL.pattern + r")\s?(?:[:.](?!\d)|\]|\)|>|】|\s,?:)")
_ASKED_OPENING = re.compile(r"(?:취재를?\s?원하|문의|연락|상담|궁금)")
_SENTENCE_END = re.compile(
    r"(?<=[가-힣)\]\"”’])\.\s+(?=\S)|(?<=[가-힣])\.(?=[가-힣])|[!?]\s+|\s[※*○●□■ㅇ▶▲]\s?"
)
_BETWEEN = re.compile(r"[^\w]+|(?<!\w)[ㅇㅁ](?!\w)|및|또는|혹은|이나|나|으로|로|을|를")
_AFTER_UNIT = re.compile(
    r"\)?\s?(?:번)?(?:으?로|이며|이고|에)?\s?,?\s?(?P<unit>[가-힣A-Za-z0-9·() ]{2,40}?)(?:으로|로|에|에게)\s?(?:직접\s)?(?:연락|문의|전화|상담|신청)"
)
_AFTER_LIST = re.compile(
    r"\s?등?(?:의|인)?\s?(?P<unit>[가-힣]{0,6}(?:콜\s?센터|상담\s?센터|고객\s?센터))(?:로|를|에|을|와)"
)
_AFTER_BRACKET = re.compile(r"\s?\(\s?(?P<unit>[가-힣A-Za-z0-9· ]{2,30})\s?\)")
_LEFT_OVER = re.compile(r"[\s)\]>,;/·:.]*")
_CLASS_OF_PLACES = re.compile(r"(?:관할|해당|각|가까운|인근|지역)\s(?P<noun>[가-힣]{3,})\s?\(")
_URL = re.compile(
    r"(?:https?:/{0,2}|www\.|m\.)[A-Za-z0-9./?=&_%#~+:-]+|(?<![\w@.])[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+(?:/[\w/.?=&-]*)?(?!\s?@)"
)
_PROSE_END = re.compile(r"[다요]\s?\.?\s*$")
_DIGIT = re.compile(r"\d")
_BESIDE = re.compile(r"(?:\s?\(\s?☎?|[은는]|\s?☎)?\s?")
_PLACE = re.compile(r"[가-힣]{2,5}")
_TOPIC_WORD = re.compile(r"^[^(]*\([가-힣A-Za-z ]{1,8}$")


def read_line(line: Line, above: Sequence[Draft] = ()) -> list[Draft]:
    """Read every contact that a line holds with a number or an address.

    ``above`` are the contacts of the line above: a line below a label's goes on with its list.
    """
    return _LineReader(line, above).read()


def groups_of(text: str, points: Sequence[Point]) -> list[list[Point]]:
    """Put together numbers and addresses that nothing but fillers stands between."""
    groups: list[list[Point]] = []
    for point in points:
        if groups and not wording(text[groups[-1][-1].end : point.start]):
            groups[-1].append(point)
        else:
            groups.append([point])
    return groups


def wording(text: str) -> str:
    """Take fillers and signs out of a text; what is left says something."""
    words = (
        word
        for word in _BETWEEN.sub(" ", FAX_WORD.sub(" ", text)).split()
        if not word.isdigit() or len(word) > 2
    )
    return " ".join(word for word in words if word not in lexicon.FILLERS)


class _LineReader:
    def __init__(self, line: Line, above: Sequence[Draft]) -> None:
        self.line = line
        self.goes_on = bool(above) and above[-1].kind == "label" and not _PROSE_END.search(line.text)
        self.text = _URL.sub(lambda match: " " * len(match[0]), line.text)
        label = _LABEL_END.search(self.text)
        self.opening = label if label and label.start() <= 40 else None
        self.role = _role(label) or (above[-1].role if self.goes_on else None)

    def read(self) -> list[Draft]:
        found: list[Draft] = []
        end = 0
        for group in groups_of(self.text, self.line.points):
            start, labelled = self._head_start(end, group[0].start)
            found += self._contacts(start, group, found, labelled=labelled)
            end = group[-1].end
        return found

    def _head_start(self, after: int, before: int) -> tuple[int, bool]:
        """Find where the head of a number begins, and whether a label or a table announces it."""
        after = _LEFT_OVER.match(self.text, after, before).end()  # type: ignore[union-attr]
        start, labelled = (
            after,
            self.line.kind == "row" or self.goes_on or bool(self.opening and self.opening.end() <= before),
        )
        for match in _SENTENCE_END.finditer(self.text, after, before):
            if wording(self.text[match.end() : before]):
                start = match.end()
                labelled = self.line.kind == "row"
        for match in _LABEL_END.finditer(self.text, start, before):
            if wording(self.text[match.end() : before]):
                start, labelled = match.end(), True
                self.role = _role(match)
        colon = self.text.rfind(":", start, before)
        while colon >= 0 and not wording(self.text[colon + 1 : before]):
            colon = self.text.rfind(":", start, colon)
        return (colon + 1 if colon >= 0 else start), labelled

    def _contacts(self, start: int, group: list[Point], found: list[Draft], *, labelled: bool) -> list[Draft]:
        text = self.text[start : group[0].start]
        if self.line.kind == "row" and "\t" in text:
            text, start = self._cells_before(text, start)
        kind: Kind = "row" if self.line.kind == "row" else "label" if labelled else "prose"
        places = self._place_of_class(text, group)
        head = (
            Head(path=places, start=text.rfind(places[0]))
            if places
            else read_head(text, label=labelled, among_people=bool(found and found[-1].person))
        )
        head = self._outside_bracket(head, text, labelled=labelled)
        by_mail = all(point.kind == "email" for point in group)
        if head.noun and (by_mail or not self._stands_for_somebody(head, text, labelled=labelled)):
            head = Head(people=head.people, mark=head.mark)
        if not head.path and not head.people:
            head = Head() if by_mail else self._after(group[-1].end)
        if not head.path and not head.people and found and self._same_sentence(found[-1], group):
            found[-1].add(group)
            return []
        if head.path and not head.rest and not start and not self.opening:
            kind = "label"  # a line that is nothing but a unit and its number: an item of a list
        organization, department = (None, " ".join(places)) if places else split_path(head.path)
        template = Draft(
            kind,
            self.line.index,
            self.line.start + start + head.start,
            self.line.start + self._closed(group[-1].end),
            self.line.start + (start + head.start if head.path or head.people else group[0].start),
            organization,
            department,
            role=self.role if labelled else self._prose_role(),
            mark=head.mark,
        )
        drafts = drafts_of(head.people, template)
        share_out(drafts, group)
        return drafts

    def _cells_before(self, text: str, start: int) -> tuple[str, int]:
        """Leave out the cells of a row that say nothing of who answers."""
        return text, start

    def _place_of_class(self, text: str, group: list[Point]) -> tuple[str, ...]:
        """Read '관할 국유림관리소(정읍 063-…, 무주 063-…)': each place names a unit of the class."""
        bracket = self.text.rfind("(", 0, group[0].start)
        classes = list(_CLASS_OF_PLACES.finditer(self.text, 0, bracket + 1))
        if not classes or classes[-1].end() != bracket + 1:
            return ()
        words = text[text.rfind("(") + 1 :].strip(" ,/·").split()
        return (words[0], classes[-1]["noun"]) if len(words) == 1 and _PLACE.fullmatch(words[0]) else ()

    def _outside_bracket(self, head: Head, text: str, *, labelled: bool) -> Head:
        """Prefer the unit before an open bracket to a mere topic in it: '산학협력전략실(이차전지 02-…'.

        A division in the bracket of an institution belongs to it: '국토교통부(도시정책과, 044-…'.
        """
        bracket = text.rfind("(")
        if bracket < 0 or ")" in text[bracket:] or not head.path or head.start < bracket or head.people:
            return head
        outside = read_head(text[:bracket], label=labelled)
        if not outside.path or outside.noun or text[outside.stop : bracket].strip():
            return head
        if head.noun or head.path[-1] in lexicon.OWNERLESS:
            return outside
        if (
            len(outside.path) == 1
            and lexicon.is_agency(outside.path[0])
            and not lexicon.is_agency(head.path[0])
        ):
            return replace(outside, path=outside.path + head.path)
        return head

    def _stands_for_somebody(self, head: Head, text: str, *, labelled: bool) -> bool:
        """Tell whether a mere noun before a number names who answers there."""
        if self.line.kind == "row":
            return True
        return labelled or len(head.path) > 1 or bool(_BESIDE.fullmatch(text, head.stop))

    def _after(self, end: int) -> Head:
        """Read a unit named after its number: '044-…로, 산업공급망정책과로 연락', '1577-1000(국민건강보험공단)'."""
        for pattern in (_AFTER_BRACKET, _AFTER_LIST, _AFTER_UNIT):
            match = pattern.match(self.text, end)
            if match:
                head = read_head(match["unit"], label=False)
                if head.path and (
                    not head.noun or (pattern is _AFTER_BRACKET and not _DIGIT.search(match["unit"]))
                ):
                    return head
        return Head()

    def _same_sentence(self, draft: Draft, group: list[Point]) -> bool:
        between = self.text[draft.end - self.line.start : group[0].start]
        return not _SENTENCE_END.search(between)

    def _closed(self, end: int) -> int:
        """Take the closing bracket into the evidence."""
        return end + 1 if self.text[end : end + 1] == ")" else end

    def _prose_role(self) -> str | None:
        return "문의" if _ASKED_OPENING.search(self.text) else None


def _role(label: re.Match[str] | None) -> str | None:
    if not label:
        return None
    return "문의" if label["asking"] else "담당자" if label["charge"] else None
