"""Candidates for the owner of a number that is printed without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import read_head
from pipelines.contacts.find.layout import said_above
from pipelines.contacts.find.mentions import wording
from pipelines.contacts.find.paths import is_named, split_path
from pipelines.contacts.gazetteer import endings, patterns, terms
from pipelines.contacts.own.candidates import Candidate, candidate_of
from pipelines.contacts.resolve.sameness import unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.contacts.draft import Draft
    from pipelines.contacts.find.layout import Line
    from pipelines.contacts.own.surroundings import Surroundings


_MAX_ITEMS = 8
_MAX_HEADING = 40
_MAX_TITLE = 100
_MAX_ITEM = 80
_MAX_POINTS = 8  # numbers on a line of nothing else
_MAX_ADDRESS = 300
_AFTER = 60  # characters behind a number within which its owner may be named
_REACH = 800


def owners(around: Surroundings, draft: Draft, before: Draft | None) -> Iterator[Candidate]:
    """Yield all candidates for the owner of a number or of a person without a unit."""
    if before and _continues(around, before, draft):
        yield Candidate(before.organization, before.department, ("continues",), before.anchor, joins=before)
    if draft.person and before and before.unit and _beside(around, before, draft):
        features = ("list", "same_line") if before.line == draft.line else ("list",)
        department = None if _heads_another(draft, before) else before.department
        if before.organization or department:
            yield Candidate(before.organization, department, features, before.anchor)
    yield from _titles(around, draft)
    if not draft.person:
        yield from _headings(around, draft)
        yield from _addresses(around, draft)
        yield from _mentioned(around, draft)
        if len(around.lines[draft.line].text) <= _MAX_ITEM and not around.sentence_stands_before(draft):
            yield from around.introduced(draft)


def _heads_another(draft: Draft, before: Draft) -> bool:
    """Return whether a person's rank names another unit than the contact before: 보증팀, 정책팀장."""
    led = (draft.rank or "").removesuffix(terms.head_of)
    return led != draft.rank and lexicon.is_unit(led) and not unit_of(before).endswith(led)


def _titles(around: Surroundings, draft: Draft) -> Iterator[Candidate]:
    """Yield the unit alone on the line above a number, with the institution alone above that."""
    above = said_above(around.lines, draft.line)
    if above and patterns.postal_address.search(above.text[:_MAX_ADDRESS]) and not above.points:
        above = said_above(around.lines, above.index)  # a letterhead: unit, address, number
    if not above or above.points or len(above.text) > _MAX_TITLE:
        return
    if not (draft.person or _only_points(around.lines[draft.line])):
        return
    head = read_head(patterns.label_before.sub("", above.text), label=True)
    if not head.path or (head.noun and not lexicon.is_agency(head.path[0])) or not is_named(head.path):
        return
    draft.kind = "row"  # of a table flattened to one cell a line
    if len(head.people) == 1 and not draft.person:
        draft.person, draft.rank = head.people[0].name, head.people[0].rank
    organization, department = _led(around, above, *split_path(head.path))
    yield Candidate(organization, department, ("title",), above.start)


def _led(
    around: Surroundings, title: Line, organization: str | None, department: str | None
) -> tuple[str | None, str | None]:
    """Prepend the institution alone on the line above a unit: 가나대학교 / 다라연구소 / number."""
    over = said_above(around.lines, title.index)
    if over and any(line.points for line in around.lines[over.index : title.index]):
        return organization, department  # the cell before: another's
    name = patterns.label_before.sub("", over.text).strip() if over and not over.points else ""
    name = patterns.asks_alone.sub("", name)
    known = lexicon.is_agency(name) or lexicon.is_company(name) or patterns.like_ministry.fullmatch(name)
    if " " in name or not known or name.endswith(terms.centre):
        return organization, department
    if not organization:
        return name, department
    wide = name.endswith(endings.wide_institutions) and not lexicon.is_known(organization)
    if not department and (organization.endswith(terms.centre) or wide):
        return name, organization
    return organization, department


def _headings(around: Surroundings, draft: Draft) -> Iterator[Candidate]:
    """Yield the centre in the heading of the list, and the unit that readers are referred to above it."""
    first = max(0, draft.line - _MAX_ITEMS)
    items = [around.lines[place] for place in range(draft.line, first - 1, -1)]
    heading = next(
        (line for line in items if line.text.strip() and not patterns.list_item.match(line.text)), None
    )
    named = patterns.heading_of_centre.fullmatch(heading.text) if heading else None
    if heading and named and heading.index != draft.line:
        head = read_head(named["name"], label=True)
        if head.path and not head.rest and not head.people and head.stop == len(named["name"]):
            yield Candidate(*split_path(head.path), ("heading",), heading.start)
    over = said_above(around.lines, draft.line)
    if not over or len(over.text) > _MAX_HEADING or not patterns.heading_of_contacts.search(over.text):
        return
    above = said_above(around.lines, over.index)
    if above and not above.points and _only_points(around.lines[draft.line]):
        sent = patterns.sent_to.search(patterns.sentence.split(above.text[-_REACH:])[-1])
        head = read_head(sent["unit"], label=False) if sent else read_head("", label=False)
        if head.path and not head.noun and is_named(head.path):
            yield Candidate(*split_path(head.path), ("heading",), above.start)


def _addresses(around: Surroundings, draft: Draft) -> Iterator[Candidate]:
    """Yield the unit at the end of a postal address in a neighbouring line."""
    lines = around.lines
    for place in (*range(draft.line + 1, draft.line + 3), *range(draft.line - 1, draft.line - 4, -1)):
        near = lines[place] if 0 <= place < len(lines) else None
        if (
            not near
            or near.points
            or len(near.text) > _MAX_ADDRESS
            or not patterns.postal_address.search(near.text)
        ):
            continue
        address = patterns.floor_of_building.sub("", near.text)
        ends = [
            word.end()
            for word in patterns.word.finditer(address)
            if lexicon.is_unit(word[0]) or lexicon.is_agency(word[0])
        ]
        head = read_head(address[: ends[-1]] if ends else "", label=True)
        if head.path and not head.noun and is_named(head.path):
            yield Candidate(*split_path(head.path), ("address",), near.start)
            return


def _mentioned(around: Surroundings, draft: Draft) -> Iterator[Candidate]:
    """Yield the units and institutions of the sentences around a number."""
    line = around.lines[draft.line]
    offset = max(0, draft.anchor - line.start)
    yield from around.sentences(line, offset, draft, [])
    for mention in around.scene.after(line, draft.end - line.start, _AFTER):
        between = line.text[draft.end - line.start : mention.start - line.start]
        if not patterns.sentence.search(between) and mention.signs & {"site", "sent"}:
            yield candidate_of(mention, ["after", *around.standing(mention, between, draft)])
    above = said_above(around.lines, draft.line)
    if (
        above
        and above.table == line.table == -1
        and not patterns.sentence.search(line.text[:offset][-_REACH:])
    ):
        yield from around.sentences(above, len(above.text), draft, ["line_above"], reach=1)


def _continues(around: Surroundings, before: Draft, draft: Draft) -> bool:
    """Return whether a line continues the contact above with another kind of number: 전화, 팩스, 메일."""
    if before.kind == "block" or before.line == draft.line or not _beside(around, before, draft):
        return False
    return _only_points(around.lines[draft.line]) and not (before.phones and draft.phones)


def _beside(around: Surroundings, before: Draft, draft: Draft) -> bool:
    """Return whether two contacts are on the same line or on adjacent lines."""
    above = said_above(around.lines, draft.line)
    return before.line == draft.line or bool(above and above.start < before.end)


def _only_points(line: Line) -> bool:
    """Return whether a line has only numbers, labels and punctuation: '- (T)044-…', '전화번호: 044-…'."""
    rest = line.text
    if len(line.points) > _MAX_POINTS or len(rest) > _MAX_ADDRESS:
        return False
    for point in reversed(line.points):
        rest = rest[: point.start] + " " + rest[point.end :]
    return not wording(patterns.bracketed.sub(" ", rest))
