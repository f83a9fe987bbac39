"""Candidates for the institution of a unit that is printed without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import read_head
from pipelines.contacts.find.layout import said_above
from pipelines.contacts.find.mentions import wording
from pipelines.contacts.find.paths import split_path
from pipelines.contacts.gazetteer import endings, patterns, terms
from pipelines.contacts.own.candidates import Candidate, candidate_of
from pipelines.contacts.own.naming import is_office

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipelines.contacts.draft import Draft
    from pipelines.contacts.find.layout import Line
    from pipelines.contacts.own.surroundings import Surroundings


_SHORT = 2  # syllables of a word that is no ministry's name

_OF_NUMBERS = ("ministry", "division", "taken", "centre", "speaker")  # say nothing of whose a unit is
_MAX_OPENING = 100  # characters before a number that a line begins with
_MAX_ALIKE = 48  # units of one name that are compared
_REACH = 800


def leaders(around: Surroundings, draft: Draft, before: Draft | None) -> Iterator[Candidate]:
    """Yield the institutions to which a unit may belong."""
    ownerless = _is_ownerless(draft.department or "")
    yield from _elsewhere(around, draft)
    if ownerless and draft.kind == "prose":
        yield from _owners_of_site(around, draft)
        return
    yield from _broken(around, draft)
    if before and before.organization and draft.department and _same_list(around, before, draft):
        if _leads_itself(before.organization, draft.department):
            first, _, rest = draft.department.partition(" ")
            yield Candidate(first, rest, ("list",), draft.anchor)
            return
        leads = lexicon.is_known(before.organization) or not is_office(draft.department or "")
        if leads and not before.organization.endswith(endings.services_of_nobody):
            yield Candidate(before.organization, None, ("list",), before.anchor)
        yield from _since(around, before, draft)
        return
    if draft.kind != "block" and not draft.person and not ownerless:
        yield from _in_words(around, draft)


def _leads_itself(ministry: str, department: str) -> bool:
    """Return whether a path begins like a ministry, which is below no other: 한울부 세정과."""
    first, _, division = department.partition(" ")
    below_none = lexicon.is_known(ministry) and ministry.endswith(endings.ministry_endings)
    like_one = (
        len(first) > _SHORT
        and first.endswith(endings.ministry_endings)
        and not first.endswith(endings.parts_below_ministries)
    )
    return below_none and like_one and division.endswith(endings.divisions)


def _since(around: Surroundings, before: Draft, draft: Draft) -> Iterator[Candidate]:
    """Yield the institutions named since the item before: '…(044-…)로, 다라부에서는 마바과(…'."""
    line = around.lines[draft.line]
    offset = max(0, draft.anchor - line.start)
    if line.table >= 0:
        yield from _beside(line, offset)
    elif before.line == draft.line:
        named = [one for one in around.scene.before(line, offset) if one.start >= before.end]
        yield from _leading(candidate_of(one, ("same_sentence",)) for one in named)


def _beside(line: Line, offset: int) -> Iterator[Candidate]:
    """Yield the institution that is alone in a cell before an offset of a row."""
    cells = [cell.strip() for cell in line.text[max(0, offset - _REACH) : offset].split("\t")]
    named = [cell for cell in cells if " " not in cell and lexicon.is_agency(cell)]
    yield from (Candidate(cell, None, ("row",), line.start) for cell in named[-1:])


def _in_words(around: Surroundings, draft: Draft) -> Iterator[Candidate]:
    """Yield the institutions named in the sentences before or in the introduction of the line."""
    line = around.lines[draft.line]
    offset = max(0, draft.anchor - line.start)
    if line.table >= 0:
        yield from _beside(line, offset)
    else:
        yield from _leading(around.sentences(line, offset, draft, []))
        if draft.kind == "prose" and around.sentence_stands_before(draft):
            return
    yield from _leading(around.introduced(draft))


def _broken(around: Surroundings, draft: Draft) -> Iterator[Candidate]:
    """Yield the beginning of a path broken over two lines: '…문의는 가나청 다라과⏎홍길동 사무관(…'."""
    line = around.lines[draft.line]
    above = said_above(around.lines, draft.line)
    opening = line.text[: max(0, draft.anchor - line.start)]
    if not above or above.points or above.table >= 0 or len(opening) > _MAX_OPENING or wording(opening):
        return
    if not patterns.broken_off.search(above.text[-_MAX_OPENING:]):
        return
    head = read_head(above.text, label=False)
    begins = head.path and not (head.people or head.noun)
    if begins and (not draft.department or lexicon.is_agency(head.path[-1])):
        path = (*head.path, *(draft.department or "").split())
        yield Candidate(*split_path(path), ("runs_on",), above.start)


def _elsewhere(around: Surroundings, draft: Draft) -> Iterator[Candidate]:
    """Yield the one institution that the text names with the same unit elsewhere.

    Two people of one line, the second under its own institution, are of two units of one name.
    """
    held = around.named.get(draft.department or "", ())[-_MAX_ALIKE:]
    same = [one for one in held if not (draft.person and one.person and one.line == draft.line)]
    owners = {one.organization for one in same if one.organization}
    if draft.department in lexicon.OWNERLESS:
        return
    if draft.kind != "block" and draft.department in around.names.headed:
        name, place = around.names.headed[draft.department]
        yield Candidate(name, None, ("headed",), place)
    if len(owners) == 1:
        yield Candidate(owners.pop(), None, ("elsewhere",), same[0].anchor)
    elif not owners and (draft.person or draft.owner_by == "scope") and draft.kind != "block":
        places = dict(around.names.leaders(draft))
        if len(places) == 1:
            yield from (Candidate(name, None, ("elsewhere",), place) for name, place in places.items())


def _owners_of_site(around: Surroundings, draft: Draft) -> Iterator[Candidate]:
    """Yield the owner of the only web site in a sentence before a centre: 'X 누리집(…) 또는 고객센터(…)'."""
    if not (draft.department or "").endswith(endings.centres_with_site) or (
        draft.department or ""
    ).startswith(terms.integrated):
        return
    line = around.lines[draft.line]
    offset = max(0, draft.anchor - line.start)
    sentence = patterns.sentence.split(line.text[max(0, offset - _REACH) : offset])[-1]
    sites = list(patterns.site_with_url.finditer(sentence))
    if len(sites) == 1:
        owner, _ = split_path(read_head(sentence[: sites[0].start()], label=True).path)
        yield Candidate(owner, None, ("same_sentence", "site"), line.start)


def _same_list(around: Surroundings, before: Draft, draft: Draft) -> bool:
    """Return whether two contacts are items of one list, table or line."""
    lines = around.lines
    if (before.kind == "block") != (draft.kind == "block"):
        return False
    if before.line == draft.line:
        line = lines[draft.line]
        between = line.text[before.end - line.start : draft.anchor - line.start]
        return draft.kind != "prose" or not patterns.sentence.search(between)
    if draft.kind == "block":
        return True
    if lines[before.line].table != lines[draft.line].table or "prose" in (before.kind, draft.kind):
        return False
    between_lines = sum(bool(lines[place].text.strip()) for place in range(before.line + 1, draft.line))
    flattened = before.kind == draft.kind == "row" and between_lines <= 1
    return lines[draft.line].table >= 0 or not between_lines or flattened


def _leading(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Make candidates that lead a unit of those that are named: their institutions alone."""
    for one in candidates:
        name = one.organization
        if name and lexicon.is_agency(name) and not name.endswith(endings.services_of_nobody):
            features = [feature for feature in one.features if feature not in _OF_NUMBERS]
            known = ["known"] if lexicon.is_known(name) else []
            yield Candidate(name, None, ("leads", *known, *features), one.start)


def _is_ownerless(department: str) -> bool:
    """Return whether a department is only a generic centre or desk, without a unit before it."""
    *before, last = department.split() or [""]
    return last in lexicon.OWNERLESS and not any(lexicon.is_unit(word) for word in before)
