"""Find units that readers are referred to, with or without a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contacts.draft import Draft, drafts_of
from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import Head, read_head
from pipelines.contacts.find.paths import is_named, split_path
from pipelines.contacts.find.words import genitive
from pipelines.contacts.gazetteer import endings, patterns, terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.contacts.find.layout import Line


_NAMING = (
    patterns.naming_by_topic,
    patterns.naming_listed,
    patterns.naming_receiver,
    patterns.naming_in_charge,
)
_MAX_HEADING = 40
_REACH = 600  # characters of a list of units before the word that sends one there


def find_referrals(line: Line, above: Line | None) -> Iterator[Draft]:
    """Find named units that a line refers readers to; ``above`` may be its heading."""
    if not patterns.speaks_of_asking.search(line.text):
        under = above and terms.asking in above.text and len(above.text) < _MAX_HEADING
        yield from _confirming(line) if under else ()
        return
    yield from () if line.points else _labelled(line)
    start = 0
    for clause in patterns.clause_end.finditer(line.text):
        yield from _in_clause(line, start, clause.end())
        start = clause.end()


def _confirming(line: Line) -> Iterator[Draft]:
    """Find the units by which something can be confirmed, under a heading that speaks of asking."""
    done = 0
    for match in patterns.confirmed_through.finditer(line.text):
        ends = patterns.clause_end.finditer(line.text, done, match.start())
        start = max((end.end() for end in ends if end.end() < match.start()), default=done)
        done = match.end()
        yield from _targets(line, start, line.text[start : match.start()])


def _labelled(line: Line) -> Iterator[Draft]:
    """Read units that a label lists without numbers: '문의 : 산업통상자원부(신에너지산업과), …'."""
    label = patterns.asked_label.match(line.text)
    if not label:
        return
    place = label.end()
    for part in patterns.label_item_end.split(patterns.copula.sub("", line.text[label.end() :])):
        head = read_head(part, label=True)
        if head.path and not head.noun and not head.rest and is_named(head.path):
            yield from drafts_of(head.people, _draft(line, head, place, place + len(part)))
        place += len(part)


def _in_clause(line: Line, start: int, end: int) -> Iterator[Draft]:
    clause = line.text[start:end]
    done = 0
    for match in patterns.sent_to_unit.finditer(clause):
        yield from _targets(line, start + done, clause[done : match.start()])
        for other in patterns.coordinated.finditer(clause, done, match.start()):
            yield from _targets(line, start + done, clause[done : other.end("unit")])
        done = match.end()
    for form in _NAMING:
        for match in form.finditer(clause):
            yield from _targets(line, start + match.start("unit"), match["unit"])


def _targets(line: Line, offset: int, text: str) -> Iterator[Draft]:
    """Read the unit at the end of a text, and those listed before it."""
    cut = max(0, len(text) - _REACH)
    offset, text = offset + cut, patterns.et_cetera.sub("", patterns.for_example.sub("", text[cut:]))
    owner = patterns.unnamed.search(text)
    if owner:
        text = text[: owner.end("owner")]
    while text:
        head = read_head(text, label=False)
        if not head.path:
            return
        before = text[: head.start].split()
        by_locality = bool(before) and genitive(before[-1]) in lexicon.BY_LOCALITY
        named = is_named(head.path) and (not head.noun or lexicon.is_company(head.path[-1]))
        if named and not by_locality and not patterns.site.search(text, head.stop):
            yield _draft(line, head, offset, offset + len(text))
        while by_locality and before and genitive(before[-1]) in lexicon.BY_LOCALITY:
            before.pop()
        listed = text[: text.rfind(before[-1], 0, head.start) + len(before[-1])] if before else ""
        separator = patterns.before_target.search(listed)
        if not separator or (head.noun and separator[0] in endings.and_particles):
            return
        text = listed[: separator.start()].rstrip()


def _draft(line: Line, head: Head, start: int, end: int) -> Draft:
    """Make a draft of a head that begins and ends at offsets of the line."""
    organization, department = split_path(head.path)
    place = line.start + start + head.start
    end = line.start + (start + head.stop if head.stop and not head.people else end)
    return Draft("asked", line.index, place, end, place, organization, department, role=terms.asking)
