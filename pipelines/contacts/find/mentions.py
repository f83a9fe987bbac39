"""Read the contacts of lines with numbers: label lines, list items, table rows and prose."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.contacts.draft import Draft, Kind, drafts_of, share_out
from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import Head, read_head
from pipelines.contacts.find.members import classes_of, read_member
from pipelines.contacts.find.offers import is_no_offer, signs_of
from pipelines.contacts.find.paths import is_named, split_path
from pipelines.contacts.find.words import FAX_WORD
from pipelines.contacts.gazetteer import endings, pattern, term

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.find.layout import Line, Point

_ASKING = term("asking")
_CLERK = term("clerk")

_LABEL = pattern("label")
_OPENING = 40  # characters within which a label opens its line
_ASKS = pattern("asking")
_SENTENCE_END = pattern("sentence_end")
_PROSE_END = pattern("prose_end")
_URL = pattern("url")
_NO_WORDING = pattern("no_wording")
_NUMBERING = pattern("numbering")
_LEFT_OVER = pattern("left_over")
_BESIDE = pattern("beside_number")

_AFTER = tuple(map(pattern, ("named_after_in_bracket", "centre_after", "sent_to_after", "named_behind")))
_OWNER_AFTER = pattern("owner_after")
_OWN_LINE = pattern("own_line")
_ANOTHER = pattern("somebody_else")
_CENTRE_BEHIND = pattern("centre_behind")
_DIGITS = pattern("three_digits")
_NO_OWNERS = lexicon.BY_LOCALITY - lexicon.OWNERLESS
_DOINGS = endings("doings")
_SERVICES = endings("services_of_nobody")
_SHORT = 4  # digits of a short number
_MAX_TOPIC = 2  # syllables
_BETWEEN_CELLS = pattern("between_cells")
_TOPIC_BRACKET = pattern("topic_bracket")
_TOPIC_ASKED = pattern("topic_asked")
_OF_THE_READER = pattern("of_the_reader")
_SITE_LISTED = pattern("site_listed")
_SHARED = pattern("number_of_all")
_LISTED_BEFORE = pattern("listed_before")
_AND = (*endings("and_particles"), term("and"), "·")
_MOST_LISTED = 8  # units before one that share its numbers
_REACH = (
    600  # characters before a number that are searched for its head, its label and the last sentence's end
)
_NO_DIGITS = dict.fromkeys(map(ord, "0123456789-"), " ")


def read_line(line: Line, above: Sequence[Draft] = (), said_before: str = "") -> list[Draft]:
    """Read every contact of a line that has a number or an address.

    ``above`` are the contacts of the line above: a line below a label's goes on with its list;
    ``said_before`` is its text, which may announce a sample.
    """
    return _LineReader(line, above, said_before[-_REACH:]).read()


def groups_of(text: str, points: Sequence[Point]) -> list[list[Point]]:
    """Group numbers and addresses separated by fillers only."""
    groups: list[list[Point]] = []
    for point in points:
        between = text[groups[-1][-1].end : point.start] if groups else ""
        if groups and not wording(between) and not _ANOTHER.search(between):
            groups[-1].append(point)
        else:
            groups.append([point])
    return groups


def wording(text: str) -> str:
    """Remove fillers and punctuation from a text; the rest is significant."""
    words = _NO_WORDING.sub(" ", FAX_WORD.sub(" ", text)).split()
    return " ".join(word for word in words if word not in lexicon.FILLERS and not _NUMBERING.fullmatch(word))


class _LineReader:
    def __init__(self, line: Line, above: Sequence[Draft], sample: str) -> None:
        self.line = line
        self.text = _URL.sub(lambda match: " " * len(match[0]), line.text)
        goes_on = bool(above) and above[-1].kind == "label" and not _PROSE_END.search(line.text)
        label = _LABEL.search(self.text, 0, _OPENING + 10)
        self.role = _role(label) or (above[-1].role if goes_on else None)
        self.opened = label.end() if label and label.start() <= _OPENING else None
        self.announced = line.kind == "row" or goes_on
        self.asking = bool(_ASKS.search(self.text))
        self.classes = classes_of(self.text)
        self.above = sample
        self.starts = [point.start for point in line.points]

    def read(self) -> list[Draft]:
        found: list[Draft] = []
        end = 0
        for group in groups_of(self.text, self.line.points):
            if is_no_offer(self.text, group, self.above):
                end = group[-1].end
                continue
            start, labelled = self._head_start(end, group[0].start)
            found += self._contacts(start, group, found, labelled=labelled)
            end = group[-1].end
        return found

    def _head_start(self, after: int, before: int) -> tuple[int, bool]:
        """Find where the head of a number begins, and whether a label or a table announces it."""
        left_over = _LEFT_OVER.match(self.text, after, before)
        start = max(left_over.end() if left_over else after, before - _REACH)
        labelled = self.announced or (self.opened is not None and self.opened <= before)
        for match in _SENTENCE_END.finditer(self.text, start, before):
            if wording(self.text[match.end() : before]):
                opening = self.opened is not None and not self.text[self.opened : match.end()].strip()
                start, labelled = match.end(), opening or self.line.kind == "row"
        for match in _LABEL.finditer(self.text, start, before):
            if wording(self.text[match.end() : before]):
                start, labelled = match.end(), True
                self.role = _role(match)
        colon = self.text.rfind(":", start, before)
        while colon >= 0 and not wording(self.text[colon + 1 : before]):
            colon = self.text.rfind(":", start, colon)
        return max(start, colon + 1), labelled

    def _contacts(self, start: int, group: list[Point], found: list[Draft], *, labelled: bool) -> list[Draft]:
        """Make the contacts of one group of numbers, or add it to the contact before in the sentence."""
        text = self.text[start : group[0].start]
        brand = _brand(text, group)
        member = read_member(self.text, self.classes, start, group[0].start)
        head = (replace(member, start=member.start - start) if member else None) or self._head(
            text, group, found, labelled=labelled
        )
        behind = _CENTRE_BEHIND.match(self.text, group[-1].end) if head.path and not head.people else None
        if behind and not lexicon.is_unit(head.path[-1]):
            head = replace(head, path=(*head.path, behind["unit"]), noun=False)
        if brand and head.path:
            head = replace(head, path=(*head.path[:-1], f"{head.path[-1]} {brand}"), noun=False)
        if not head.path and not found:
            head = replace(head, path=self._before_colon(start))
        elif not found and not lexicon.is_agency(head.path[0]):
            head = replace(head, path=self._agency_before_colon(start) + head.path)
        named = bool(head.path or head.people)
        topic = head.noun and len(head.path) == 1 and len(head.path[0]) <= _MAX_TOPIC
        if topic and labelled and found and found[-1].department:
            named = False  # '축산경영과 양돈(044-…), 가금(044-…)'
        own_line = _OWN_LINE.search(text)
        called = any(point.kind == "phone" for point in group)
        nameless = called and bool(found and found[-1].phones and not (found[-1].unit or found[-1].person))
        another = called and found and found[-1].phones and _ANOTHER.search(text)
        if another and not named:
            organization, department = found[-1].organization, None
            if (organization or "").endswith(_SERVICES):
                organization = None
        elif not (named or nameless or own_line) and found and not self._new_sentence(found[-1], group):
            found[-1].add(group)
            return []
        kind: Kind = "row" if self.line.kind == "row" else "label" if labelled else "prose"
        if head.path and not head.rest and not start and self.opened is None:
            kind = "label"  # a line that is nothing but a unit and its number: an item of a list
        place = bool(member) and not lexicon.is_agency(head.path[0])
        if not (another and not named):
            organization, department = (None, " ".join(head.path)) if place else split_path(head.path)
        end = group[-1].end
        nominal = head.noun and not (place or head.people)
        template = Draft(
            kind,
            self.line.index,
            self.line.start + start + head.start,
            self.line.start + end + self.text.startswith(")", end),
            self.line.start + (start + head.start if named else group[0].start),
            organization,
            department,
            role=self.role if labelled else _ASKING if self.asking else None,
            mark=head.mark,
            signs=signs_of(head, text, self.text[end : end + _REACH]) if nominal else (),
        )
        drafts = self._listed(text, head, group, template) or drafts_of(head.people, template)
        share_out(drafts, group)
        return drafts

    def _listed(self, text: str, head: Head, group: list[Point], template: Draft) -> list[Draft]:
        """Make a draft for each unit listed before one number for all, or one for each in their order.

        Examples: 'X팀·Y팀(044-…)', 'X과, Y과(공통 …)', 'X과와 Y과(044-…, 9002)', 'X과, Y과(044-…, 9002)'.
        """
        count = sum(len(point.values) for point in group if point.kind == "phone")
        shared = bool(_SHARED.search(text))
        drafts, joint = [template], ""
        for joint, before in _listed_before(text, head, template, nouns=shared) if count else ():
            drafts.insert(0, before)
            of_two = len(drafts) == 2 and (joint == "·" if count == 1 else count == 2 and joint in _AND)
            if of_two and not shared:
                return drafts
        in_order = len(drafts) == count
        return drafts if len(drafts) > 1 and (in_order or (shared and count == 1)) else []

    def _head(self, text: str, group: list[Point], found: list[Draft], *, labelled: bool) -> Head:
        """Read who is named before a group of numbers, else after it."""
        by_mail = all(point.kind == "email" for point in group)
        brand = _brand(text, group)
        text = text[: text.rindex(brand)] if brand else text
        head = read_head(text, label=labelled, among_people=bool(found and found[-1].person))
        head = _outside_bracket(head, text, labelled=labelled)
        if head.noun and (_TOPIC_BRACKET.search(text) or _SITE_LISTED.match(text, head.stop)):
            head = Head(people=head.people, mark=head.mark)
        if head.noun and _TOPIC_ASKED.match(text, head.stop) and len(head.path) == 1:
            head = Head(people=head.people, mark=head.mark)
        if head.noun and (by_mail or not self._touches(head, text, labelled=labelled)):
            head = Head(people=head.people, mark=head.mark)
        if self.line.kind == "row" and head.noun and not head.people:
            head = self._cell_of_service(group[0].start) or head
            if head.path[-1].endswith(_DOINGS) and not lexicon.is_agency(head.path[0]):
                first = read_head(self.text.partition("\t")[0], label=True)
                done = first.rest or not first.path or first.path[-1].endswith(_DOINGS)
                head = Head(mark=head.mark) if done else first
        if head.noun and head.path and head.path[-1] in _DOINGS and not lexicon.is_agency(head.path[0]):
            head = Head(people=head.people, mark=head.mark)
        if _OF_THE_READER.search(text, 0, head.start) and head.path and not head.people:
            head = Head(mark=head.mark)
        if len(head.path) == 1 and head.path[0] in _NO_OWNERS:
            if self.line.kind == "row":
                return Head()
            if "," in text[head.stop :]:  # '주민센터, 누리집, 전화(1544-…)'
                head = Head()
        head = self._with_owner_after(head, group[-1].end)
        if head.path or head.people or by_mail:
            return head
        return self._cell_after(group[-1].end) if self.line.kind == "row" else self._after(group[-1].end)

    def _with_owner_after(self, head: Head, end: int) -> Head:
        """Prepend the institution in brackets after a number: '전화상담(1899-…, 국립가나원)'."""
        match = _OWNER_AFTER.match(self.text, end)
        owner = read_head(match["unit"], label=False).path if match else ()
        led = bool(head.path) and lexicon.is_agency(head.path[0])
        if led or len(owner) != 1 or not (lexicon.is_agency(owner[0]) and is_named(owner)):
            return head
        return replace(head, path=owner + head.path, noun=False)

    def _before_colon(self, start: int) -> tuple[str, ...]:
        """Read the unit that opens the line as a label of its own: '* 공정평가관리팀: 홍길동 사무관'."""
        opening = self.text[:start].rstrip() if start <= _REACH else ""
        head = read_head(opening[:-1], label=True) if opening.endswith(":") else Head()
        return () if head.noun or head.rest or head.people else head.path

    def _agency_before_colon(self, start: int) -> tuple[str, ...]:
        """Read the institution that opens the line, its unit after a colon: '가나지방청 : 다라과 044-…'."""
        path = self._before_colon(start)
        return path if len(path) == 1 and lexicon.is_agency(path[0]) else ()

    def _cell_of_service(self, before: int) -> Head | None:
        """Read the unit or service in an earlier cell: '여성긴급전화 | 24시간 운영 | 1366'."""
        for cell in self.text[max(0, before - _REACH) : before].split("\t")[:-2]:
            head = read_head(cell, label=True)
            if head.path and not (head.noun or head.rest):
                return head
        return None

    def _cell_after(self, end: int) -> Head:
        """Read the unit in the cell after its number."""
        cells = self.text[end : end + _REACH].split("\t", 2)
        head = read_head(cells[1], label=True) if len(cells) > 1 and not _DIGITS.search(cells[1]) else Head()
        return Head() if head.noun else head

    def _touches(self, head: Head, text: str, *, labelled: bool) -> bool:
        """Return whether a plain noun is so close to a number that it names who answers."""
        if self.line.kind == "row":
            return bool(_BETWEEN_CELLS.fullmatch(text, head.stop))
        return labelled or len(head.path) > 1 or bool(_BESIDE.fullmatch(text, head.stop))

    def _after(self, end: int) -> Head:
        """Read a unit named after its number: '044-…로, 산업정책과로 연락', '1577-1000(국민건강보험공단)'."""
        for place, form in enumerate(_AFTER):
            match = form.match(self.text, end)
            head = read_head(match["unit"], label=False) if match else Head()
            if match and place == 0 and self._number_follows(match.end()):
                return Head()  # '051-… (제주) 064-…': the next one's
            if head.noun and head.path[0] != head.path[-1] in _DOINGS:
                head = replace(head, path=head.path[:-1], noun=False)  # '110(권익위 운영)'
            if head.path and (not head.noun or place == 0):
                return head
        return Head()

    def _number_follows(self, end: int) -> bool:
        place = bisect_left(self.starts, end)
        return place < len(self.starts) and not self.text[end : self.starts[place]].strip()

    def _new_sentence(self, draft: Draft, group: list[Point]) -> bool:
        return bool(_SENTENCE_END.search(self.text[draft.end - self.line.start : group[0].start]))


def _brand(text: str, group: Sequence[Point]) -> str:
    """Return the number that ends the name of a line before its number: '긴급전화 1366(☎1366)'."""
    value = group[0].values[0]
    before = text.rstrip(" (☎")
    return value if before.endswith(value) and len(value) <= _SHORT else ""


def _listed_before(text: str, head: Head, template: Draft, *, nouns: bool) -> Iterator[tuple[str, Draft]]:
    """Yield the units listed before a unit, the nearest first, each with the sign or word after it."""
    start = head.start
    for _ in range(_MOST_LISTED if _is_unit_alone(head) else 0):
        joint = _LISTED_BEFORE.search(text, 0, start)
        if not joint:
            return
        unit = read_head(text[: joint.start()], label=nouns or joint[0].strip() == "·")
        if not _is_unit_alone(unit) or text[unit.stop : joint.start()].strip():
            return
        start = unit.start
        place = template.start - head.start + start
        organization, department = split_path(unit.path)
        listed = replace(template, organization=organization, department=department, phones=[], emails=[])
        listed.faxes, listed.start, listed.anchor = [], place, place
        yield joint[0].strip(), listed


def _is_unit_alone(head: Head) -> bool:
    return bool(head.path) and not (head.noun or head.people)


def _outside_bracket(head: Head, text: str, *, labelled: bool) -> Head:
    """Prefer the unit before an open bracket to a mere topic in it: '산학협력전략실(이차전지 02-…'.

    A division in the bracket of an institution belongs to it: '국토교통부(도시정책과, 044-…'.
    """
    bracket = text.rfind("(")
    if bracket < 0 or ")" in text[bracket:]:
        return head
    if (
        len(head.people) == 1
        and text[bracket + 1 :].strip() == head.people[0].name
        and len(text) - bracket <= _MAX_TOPIC + 2
    ):
        return replace(head, people=())  # two syllables alone in the bracket: a topic, 팀(이공 044-…
    if not head.path or head.start < bracket or head.people:
        return head
    outside = read_head(text[:bracket], label=labelled)
    if outside.people and not (outside.path or head.noun):
        return replace(head, people=outside.people)  # '과장 홍길동, 사무관 김나래 (가나과 044-…'
    if not outside.path or outside.noun or text[outside.stop : bracket].strip():
        return head
    if head.noun or (head.path[-1] in lexicon.OWNERLESS and not lexicon.is_agency(head.path[0])):
        return outside
    if len(outside.path) == 1 and lexicon.is_agency(outside.path[0]) and not lexicon.is_agency(head.path[0]):
        return replace(outside, path=outside.path + head.path)
    return head


def _role(label: re.Match[str] | None) -> str | None:
    if not label:
        return None
    return _ASKING if label["asking"] else _CLERK if label["charge"] else None
