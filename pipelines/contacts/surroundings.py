"""Find the candidates: who stands around a number without a name, or a unit without an institution."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from pipelines.contacts import lexicon
from pipelines.contacts.candidates import Candidate
from pipelines.contacts.heads import read_head
from pipelines.contacts.layout import said_above
from pipelines.contacts.mentions import wording
from pipelines.contacts.names import Names
from pipelines.contacts.naming import is_office, lists_of
from pipelines.contacts.paths import is_named, split_path
from pipelines.contacts.scene import SENTENCE, Scene

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.contacts.draft import Draft
    from pipelines.contacts.layout import Line
    from pipelines.contacts.scene import Mention

_DISTANCES = ("same_sentence", "sentence_before", "two_before")
_ASKING = re.compile(r"문의|연락|상담|담당|궁금|전화|부서|자세한|신고|안내")
_LABEL_BEFORE = re.compile(r"^.{0,20}?:\s?")
_BROKEN = re.compile(r"(?:원하시면|문의|연락|취재).{0,40}[가-힣]\s*$")
_REMARK = re.compile(r"\([^()]*\)")
_POSTCODE = re.compile(
    r"\(우?\s?\)?\s?\d{5}\)|우\)\s?\d{5}|[가-힣]{2,}\d?(?:로|길)\s?\d{1,4}(?:\s|,|\().*(?:\d층|청사|\d동)"
)
_FLOOR = re.compile(r"\s?\(?(?:[가-힣0-9 ]*\s)?\d+층\)?\s*$")
_WORD = re.compile(r"[가-힣A-Za-z0-9·]+")
_ASKS_ALONE = re.compile(r"\s(?:대표\s?)?(?:연락처|문의처?|전화번호|전화|안내)\s*$")
#: A heading that names a centre, whose site or rooms or numbers the items below it tell.
_HEADING_OF_CENTRE = re.compile(
    r"\W*(?:\d\.\s)?['‘“\"「]?(?P<name>[가-힣A-Za-z0-9· ]{2,30}(?:센터|상담실|상담소|사무국))['’”\"」]?"
    r"(?:\s(?:이용|운영|상담|신고|문의|위치|신청|연락|방문))?"
    r"\s?(?:안내|방법|연락처|문의처?|전화번호|개요|정보)\W*"
)
#: A site by its word, its URL or both: '누리집(www.…)'.
SITE = re.compile(
    r"\s?(?:누리집|홈페이지)(?:\s?\((?:https?:|www\.|[a-z])[^()]*\))?"
    r"|\s?\((?:https?:|www\.|[a-z]+[\w-]*\.)[^()]*\)"
)
_HEADING = re.compile(r"문의|연락처")
_SENT = re.compile(r"(?P<unit>.+?)(?:으로|로|에서|에게|에)\s(?:직접\s)?(?:가능|신청|제출|접수|보내)")
#: An item that names a place alone before its number, and the heading of a list of such.
_PLACE_ITEM = re.compile(r"\W*(?P<place>[가-힣]{2,5})\s?[:(]?[\s☎(]*")
_CLASS_HEADING = re.compile(
    r"\W*(?:전국\s)?(?P<name>[가-힣 ]{3,40}?)\s(?:연락처|문의처|전화번호|대표번호)\W*"
)
_ITEM = re.compile(r"\s*(?:[-·*•∙]\s|[ㆍ‣①-⑨]|\d\)|[^\w(]{0,3}\s?[가-힣 ]{2,8}\s?:)")
_WIDE = ("대학교", "대학", "부", "처", "청", "시", "도", "군", "공사", "공단", "재단", "협회", "위원회")
_SERVICES = ("콜센터", "고객센터", "상담센터")  # no unit inherits their name
_OF_NUMBERS = ("ministry", "division", "taken", "centre", "speaker")  # say nothing of whose a unit is
_QUOTES = '"“”'
_MINISTRY = re.compile(r"[가-힣]{3,}(?:부|처|청)")
_MAX_ITEMS = 8
_MAX_HEADING = 40
_MAX_TITLE = 100
_MAX_ITEM = 80
_MAX_OPENING = 100  # characters before a number that a line begins with
_MAX_POINTS = 8  # numbers on a line of nothing else
_MAX_ADDRESS = 300
_MAX_ALIKE = 48  # units of one name that are compared
_AFTER = 60  # characters behind a number within which its owner may be named
_BESIDE = 25  # characters between a name and the number that is its own
_REACH = 800


class Surroundings:
    """Gives candidates for one contact after another, in reading order."""

    def __init__(self, drafts: Sequence[Draft], lines: Sequence[Line]) -> None:
        self.lines = lines
        self.scene = Scene(lines)
        self.names = Names(lines)
        self.named: dict[str, list[Draft]] = {}  # by department
        for draft in drafts:
            self.named.setdefault(draft.department or "", []).append(draft)
        self.unprinted = {*_after_first_without_ministry(drafts), *_after_second_lead(drafts)}
        self.introductions = _introductions(lines)
        self.lists = lists_of(lines)

    # Whose number

    def owners(self, draft: Draft, before: Draft | None) -> Iterator[Candidate]:
        """Give everybody to whom a number or a person without a unit may belong."""
        if before and self._continues(before, draft):
            features = ("continues",)
            yield Candidate(before.organization, before.department, features, before.anchor, joins=before)
        if draft.person and before and before.unit and self._beside(before, draft):
            features = ("list", "same_line") if before.line == draft.line else ("list",)
            yield Candidate(before.organization, before.department, features, before.anchor)
        yield from self._titles(draft)
        yield from self._members(draft)
        if not draft.person:
            yield from self._headings(draft)
            yield from self._addresses(draft)
            yield from self._mentioned(draft)
            if len(self.lines[draft.line].text) <= _MAX_ITEM and not self._sentences_before(draft):
                yield from self._introduced(draft)

    def _sentences_before(self, draft: Draft) -> bool:
        """Tell whether sentences stand before a contact on its line, or an open quotation."""
        line = self.lines[draft.line]
        said = line.text[: max(0, draft.anchor - line.start)][-_REACH:]
        return bool(SENTENCE.search(said)) or sum(said.count(mark) for mark in _QUOTES) % 2 == 1

    def _mentioned(self, draft: Draft) -> Iterator[Candidate]:
        """Give the units and institutions of the sentences around a number."""
        line = self.lines[draft.line]
        offset = max(0, draft.anchor - line.start)
        yield from self._sentences(line, offset, draft, [])
        for mention in self.scene.after(line, draft.end - line.start, _AFTER):
            between = line.text[draft.end - line.start : mention.start - line.start]
            if not SENTENCE.search(between) and mention.signs & {"site", "sent"}:
                yield _candidate(mention, ["after", *self._standing(mention, between, draft)])
        above = said_above(self.lines, draft.line)
        if above and above.table == line.table == -1 and not SENTENCE.search(line.text[:offset][-_REACH:]):
            yield from self._sentences(above, len(above.text), draft, ["line_above"], reach=1)

    def _sentences(
        self, line: Line, offset: int, draft: Draft, where: list[str], reach: int = 3
    ) -> Iterator[Candidate]:
        """Give what the sentences before an offset name, the nearest first; above, of the last alone."""
        place = 0
        for mention in reversed(self.scene.before(line, offset)):
            between = line.text[mention.end - line.start : offset]
            distance = len(SENTENCE.findall(between))
            if distance >= reach:
                return
            features = where or [_DISTANCES[distance]]
            farther = ["farther"] if place else []
            yield _candidate(mention, [*features, *farther, *self._standing(mention, between, draft)])
            place += 1

    def _standing(self, mention: Mention, between: str, draft: Draft) -> Iterator[str]:
        """Tell how a mention stands in its sentence, and what speaks against it."""
        yield from sorted(mention.signs)
        if mention.department:
            yield "division"
        elif mention.organization and lexicon.is_known(mention.organization):
            yield "ministry"
        if sum(between.count(mark) for mark in _QUOTES) % 2:
            yield "quoted"
        if not mention.organization and mention.department in lexicon.OWNERLESS:
            yield "ownerless"
        if self._has_own_number(mention, draft):
            yield "taken"

    def _has_own_number(self, mention: Mention, draft: Draft) -> bool:
        """Tell whether a number of the same kind, not the one in question, stands right behind a mention."""
        line = self.lines[mention.line]
        end = mention.end - line.start
        place = bisect_left(line.points, end, key=lambda point: point.start)
        if place == len(line.points) or line.points[place].start > end + _BESIDE:
            return False
        point = line.points[place]
        mine = {*draft.phones, *draft.faxes, *draft.emails}
        return mine.isdisjoint(point.values) and (point.kind == "phone") == bool(draft.phones)

    def _continues(self, before: Draft, draft: Draft) -> bool:
        """Tell whether a line goes on with the contact above by another kind of number: 전화, 팩스, 메일."""
        if before.kind == "block" or before.line == draft.line or not self._beside(before, draft):
            return False
        return self._only_points(self.lines[draft.line]) and not (before.phones and draft.phones)

    def _beside(self, before: Draft, draft: Draft) -> bool:
        """Tell whether two contacts stand on one line or on lines that follow each other."""
        above = said_above(self.lines, draft.line)
        return before.line == draft.line or bool(above and above.start < before.end)

    def _only_points(self, line: Line) -> bool:
        """Tell whether a line holds numbers, labels and signs alone: '- (T)044-…', '전화번호: 044-…'."""
        rest = line.text
        if len(line.points) > _MAX_POINTS or len(rest) > _MAX_ADDRESS:
            return False
        for point in reversed(line.points):
            rest = rest[: point.start] + " " + rest[point.end :]
        return not wording(_REMARK.sub(" ", rest))

    def _titles(self, draft: Draft) -> Iterator[Candidate]:
        """Give the unit that stands alone above a number, with the institution alone above that."""
        above = said_above(self.lines, draft.line)
        if above and _POSTCODE.search(above.text[:_MAX_ADDRESS]) and not above.points:
            above = said_above(self.lines, above.index)  # a letterhead: unit, address, number
        if not above or above.points or len(above.text) > _MAX_TITLE:
            return
        if not (draft.person or self._only_points(self.lines[draft.line])):
            return
        head = read_head(_LABEL_BEFORE.sub("", above.text), label=True)
        if not head.path or (head.noun and not lexicon.is_agency(head.path[0])) or not is_named(head.path):
            return
        draft.kind = "row"  # of a table flattened to one cell a line
        if len(head.people) == 1 and not draft.person:
            draft.person, draft.rank = head.people[0].name, head.people[0].rank
        organization, department = self._led(above, *split_path(head.path))
        yield Candidate(organization, department, ("title",), above.start)

    def _led(
        self, title: Line, organization: str | None, department: str | None
    ) -> tuple[str | None, str | None]:
        """Put first the institution that stands alone above a unit: 가나대학교 / 다라연구소 / number."""
        over = said_above(self.lines, title.index)
        if over and any(line.points for line in self.lines[over.index : title.index]):
            return organization, department  # the cell before: another's
        name = _LABEL_BEFORE.sub("", over.text).strip() if over and not over.points else ""
        name = _ASKS_ALONE.sub("", name)
        known = lexicon.is_agency(name) or lexicon.is_company(name) or _MINISTRY.fullmatch(name)
        if " " in name or not known or name.endswith("센터"):
            return organization, department
        if not organization:
            return name, department
        wide = name.endswith(_WIDE) and not lexicon.is_known(organization)
        if not department and (organization.endswith("센터") or wide):
            return name, organization
        return organization, department

    def _members(self, draft: Draft) -> Iterator[Candidate]:
        """Give the office of the place that an item names, of the class in the heading: 본부세관 … 연락처."""
        line = self.lines[draft.line]
        item = _PLACE_ITEM.fullmatch(line.text[: max(0, self._first_point(line))])
        index = self.lists[draft.line]
        named = _CLASS_HEADING.fullmatch(self.lines[index].text) if item and index >= 0 else None
        if not item or not named or item["place"] not in lexicon.PLACES:
            return
        head = read_head(named["name"], label=True)
        if head.path and not head.rest:
            first, *rest = head.path
            yield Candidate(
                item["place"] + first, " ".join(rest) or None, ("class_heading",), self.lines[index].start
            )

    @staticmethod
    def _first_point(line: Line) -> int:
        return line.points[0].start if line.points else 0

    def _headings(self, draft: Draft) -> Iterator[Candidate]:
        """Give the centre whose heading the list stands under, and the unit one was sent to above it."""
        first = max(0, draft.line - _MAX_ITEMS)
        items = [self.lines[place] for place in range(draft.line, first - 1, -1)]
        heading = next((line for line in items if line.text.strip() and not _ITEM.match(line.text)), None)
        named = _HEADING_OF_CENTRE.fullmatch(heading.text) if heading else None
        if heading and named and heading.index != draft.line:
            head = read_head(named["name"], label=True)
            if head.path and not head.rest and not head.people and head.stop == len(named["name"]):
                yield Candidate(*split_path(head.path), ("heading",), heading.start)
        over = said_above(self.lines, draft.line)
        if not over or len(over.text) > _MAX_HEADING or not _HEADING.search(over.text):
            return
        above = said_above(self.lines, over.index)
        if above and not above.points and self._only_points(self.lines[draft.line]):
            sent = _SENT.search(SENTENCE.split(above.text[-_REACH:])[-1])
            head = read_head(sent["unit"], label=False) if sent else read_head("", label=False)
            if head.path and not head.noun and is_named(head.path):
                yield Candidate(*split_path(head.path), ("heading",), above.start)

    def _addresses(self, draft: Draft) -> Iterator[Candidate]:
        """Give the unit at the end of a postal address in one of the lines around: where to send things."""
        lines = self.lines
        for place in (*range(draft.line + 1, draft.line + 3), *range(draft.line - 1, draft.line - 4, -1)):
            near = lines[place] if 0 <= place < len(lines) else None
            if not near or near.points or len(near.text) > _MAX_ADDRESS or not _POSTCODE.search(near.text):
                continue
            address = _FLOOR.sub("", near.text)
            ends = [
                word.end()
                for word in _WORD.finditer(address)
                if lexicon.is_unit(word[0]) or lexicon.is_agency(word[0])
            ]
            head = read_head(address[: ends[-1]] if ends else "", label=True)
            if head.path and not head.noun and is_named(head.path):
                yield Candidate(*split_path(head.path), ("address",), near.start)
                return

    # Whose unit

    def may_be_led(self, draft: Draft) -> bool:
        """Tell whether a unit without an institution may belong to one that the text names."""
        return id(draft) not in self.unprinted

    def leaders(self, draft: Draft, before: Draft | None) -> Iterator[Candidate]:
        """Give the institutions to which a unit may belong."""
        ownerless = _is_ownerless(draft.department or "")
        yield from self._elsewhere(draft)
        if ownerless and draft.kind == "prose":
            yield from self._owners_of_site(draft)
            return
        yield from self._broken(draft)
        if before and before.organization and draft.department and self._same_list(before, draft):
            leads = lexicon.is_known(before.organization) or not is_office(draft.department or "")
            if leads and not before.organization.endswith(_SERVICES):
                yield Candidate(before.organization, None, ("list",), before.anchor)
            return
        if draft.kind != "block" and not draft.person and not ownerless:
            yield from self._in_words(draft)

    def _in_words(self, draft: Draft) -> Iterator[Candidate]:
        """Give the institutions that the sentences before, or what introduces the line, name."""
        line = self.lines[draft.line]
        offset = max(0, draft.anchor - line.start)
        said = line.text[max(0, offset - _REACH) : offset]
        if line.table >= 0:
            cells = [cell.strip() for cell in said.split("\t")]
            beside = next(
                (cell for cell in reversed(cells) if " " not in cell and lexicon.is_agency(cell)), None
            )
            if beside:
                yield Candidate(beside, None, ("row",), line.start)
        else:
            yield from _leading(self._sentences(line, offset, draft, []))
            if draft.kind == "prose" and self._sentences_before(draft):
                return
        yield from _leading(self._introduced(draft))

    def _introduced(self, draft: Draft) -> Iterator[Candidate]:
        """Give the institutions of the heading or paragraph directly above that speaks of asking."""
        index = self.introductions[draft.line]
        for above in (self.lines[place] for place in range(index, max(-1, index - 2), -1)):
            if above.table < 0 and _ASKING.search(above.text[-_REACH:]):
                yield from self._sentences(above, len(above.text), draft, ["asking_above"], reach=9)

    def _broken(self, draft: Draft) -> Iterator[Candidate]:
        """Give the beginning of a path broken over two lines: '…원하시면 행복청 도시정책과⏎홍길동 사무관(…'."""
        line = self.lines[draft.line]
        above = said_above(self.lines, draft.line)
        opening = line.text[: max(0, draft.anchor - line.start)]
        if not above or above.points or above.table >= 0 or len(opening) > _MAX_OPENING or wording(opening):
            return
        if not _BROKEN.search(above.text[-_MAX_OPENING:]):
            return
        head = read_head(above.text, label=False)
        if head.path and not head.people and not head.noun:
            if not draft.department or lexicon.is_agency(head.path[-1]):
                path = (*head.path, *(draft.department or "").split())
                yield Candidate(*split_path(path), ("runs_on",), above.start)

    def _elsewhere(self, draft: Draft) -> Iterator[Candidate]:
        """Give the one institution with which the text names the same unit elsewhere.

        Two people of one line, the second under its own institution, are of two units of one name.
        """
        held = self.named.get(draft.department or "", ())[-_MAX_ALIKE:]
        same = [one for one in held if not (draft.person and one.person and one.line == draft.line)]
        owners = {one.organization for one in same if one.organization}
        if draft.department in lexicon.OWNERLESS:
            return
        if len(owners) == 1:
            yield Candidate(owners.pop(), None, ("elsewhere",), same[0].anchor)
        elif not owners and draft.person and draft.kind != "block":
            places = dict(self.names.leaders(draft))
            if len(places) == 1:
                yield from (Candidate(name, None, ("elsewhere",), place) for name, place in places.items())

    def _owners_of_site(self, draft: Draft) -> Iterator[Candidate]:
        """Give who owns the one site in a sentence before a centre: 'X 누리집(…) 또는 고객센터(…)'."""
        if not (draft.department or "").endswith(("센터", "상담실")) or (draft.department or "").startswith(
            "통합"
        ):
            return
        line = self.lines[draft.line]
        offset = max(0, draft.anchor - line.start)
        sentence = SENTENCE.split(line.text[max(0, offset - _REACH) : offset])[-1]
        sites = list(SITE.finditer(sentence))
        if len(sites) == 1:
            owner, _ = split_path(read_head(sentence[: sites[0].start()], label=True).path)
            yield Candidate(owner, None, ("same_sentence", "site"), line.start)

    def _same_list(self, before: Draft, draft: Draft) -> bool:
        """Tell whether two contacts are items of one list, table or line."""
        lines = self.lines
        if (before.kind == "block") != (draft.kind == "block"):
            return False
        if before.line == draft.line:
            line = lines[draft.line]
            between = line.text[before.end - line.start : draft.anchor - line.start]
            return draft.kind != "prose" or not SENTENCE.search(between)
        if draft.kind == "block":
            return True
        if lines[before.line].table != lines[draft.line].table or "prose" in (before.kind, draft.kind):
            return False
        between_lines = sum(bool(lines[place].text.strip()) for place in range(before.line + 1, draft.line))
        flattened = before.kind == draft.kind == "row" and between_lines <= 1
        return lines[draft.line].table >= 0 or not between_lines or flattened


def _candidate(mention: Mention, features: list[str]) -> Candidate:
    return Candidate(mention.organization, mention.department, tuple(features), mention.start)


def _leading(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Make candidates that lead a unit of those that are named: their institutions alone."""
    for one in candidates:
        name = one.organization
        if name and lexicon.is_agency(name) and not name.endswith(_SERVICES):
            features = [feature for feature in one.features if feature not in _OF_NUMBERS]
            known = ["known"] if lexicon.is_known(name) else []
            yield Candidate(name, None, ("leads", *known, *features), one.start)


def _introductions(lines: Sequence[Line]) -> list[int]:
    """Give for each line the one above it, or above its table."""
    above: list[int] = []
    for index, line in enumerate(lines):
        over = index - 1
        inside = over >= 0 and (
            not lines[over].text.strip() or (line.table >= 0 and lines[over].table == line.table)
        )
        above.append(above[over] if inside else over)
    return above


def _is_ownerless(department: str) -> bool:
    """Tell whether a department is a centre or desk by its class alone, no unit standing before it."""
    *before, last = department.split() or [""]
    return last in lexicon.OWNERLESS and not any(lexicon.is_unit(word) for word in before)


def _after_first_without_ministry(drafts: Sequence[Draft]) -> Iterator[int]:
    """Give the people in blocks whose first unit prints no ministry.

    There the releasing ministry goes without saying, also for units after those of another institution.
    """
    first: Draft | None = None
    for draft in drafts:
        first = (first or draft) if draft.kind == "block" else None
        if first and not first.organization:
            yield id(draft)


def _after_second_lead(drafts: Sequence[Draft]) -> Iterator[int]:
    """Give the units after a second 총괄 in a line: another ministry leads there, though none is printed."""
    led: set[int] = set()
    changed = -1
    for draft in drafts:
        if draft.mark == "총괄" and draft.line in led:
            changed = draft.line
        if draft.organization or draft.line != changed:
            changed = -1
        else:
            yield id(draft)
        if draft.mark == "총괄":
            led.add(draft.line)
