"""Find units the reader is sent to, whether or not a number stands beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.contacts import lexicon
from pipelines.contacts.draft import Draft, drafts_of
from pipelines.contacts.heads import Head, read_head
from pipelines.contacts.paths import is_named, split_path
from pipelines.contacts.words import genitive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.contacts.layout import Line

_HINT = re.compile(r"문의|연락|상담")
#: What follows 문의 where the reader is invited, and not where others asked.
_INVITED = (
    r"(?:하(?:면|시|여|거나|기\s?바|도록|세요|셔|는\s?것)|하?[실할]\s?(?:수|것|경우)|함으로|\s바[랍란람]"
    r"|해\s?(?:주|야|달|서|볼|보)|해(?=[ .,])|바랍|바란|바람|\s(?:또는|및)\s|를?\s?통해|를\s?(?:하|주|남)"
    r"|주시|주세|주면|[가도이]?\s?가능|하십|드리|부탁"
    r"|을?\s?(?:주|취하|받[아으을]|요청|당부)|합니다|된다|됩니다|\.|$)"
)
_THROUGH = r"(?:[을를]\s통해서?|에게|에서|으로|에|로)"
#: '…과에 직접 문의하면', '…콜센터로 연락해'.
_SENT = re.compile(
    _THROUGH
    + r"\s?(?:직접|전화를\s걸어|전화로|전화해|바로|유선으로|언제든지|추가로|추가|즉시|별도로|먼저|자세히)?"
    r"\s?(?:전화)?\s?(?:문의|연락|상담)" + _INVITED
)
#: Sentences that name whom to ask after the word 문의, or before 문의를 받고.
_NAMING = (
    re.compile(
        r"문의(?:사항|점)?(?:\s및\s[가-힣]{2,4})?[은는]\s(?P<unit>[가-힣A-Za-z0-9·(), ]{2,60}?)"
        + _THROUGH
        + r"\s?(?:,|하|할|해|가능|받|확인|연락|문의|진행|이루|이용)"
    ),
    re.compile(r"문의는\s(?P<unit>[가-힣]{2,}(?:(?:[와과]\s|,\s|·)[가-힣]{2,})*)\s등"),
    re.compile(r"(?P<unit>[가-힣·, ]{2,60}?)(?:에서는|에서|은|는)\s(?:[^.\n]{0,30}\s)?문의를\s받"),
    re.compile(r"(?P<unit>[가-힣0-9· ]{3,60}?)에서\s(?:담당|맡)"),
)
#: A target before the last, each after its topic: '가나는 X과[로], 다라는 Y과로 문의'.
_COORDINATED = re.compile(r"(?<=[은는]\s)(?P<unit>[^,]{2,40}?)(?:으로|로|에게|에),\s(?=[^,]{2,40}[은는]\s)")
_LABEL = re.compile(r"[^가-힣A-Za-z0-9]*(?:관련\s?)?(?:문\s{0,3}의\s?(?:처|기관)?|담당\s?부서)\s?:")
_LABEL_ITEM_END = re.compile(r"(,|/)(?![^(]*\))")
_COPULA = re.compile(r"입니다\.?\s*$")
_CONFIRMED = re.compile(r"[을를]\s통해\s(?:[가-힣]+\s)?(?:확인|정보를|안내)")
_MAX_HEADING = 40
_REACH = 600  # characters of a list of units before the word that sends one there
_CLAUSE_END = re.compile(r"(?<=[가-힣)])\.\s|[!?]\s|$")
_SEPARATOR = re.compile(
    r"(?:,|또는|및|혹은|·|이나|그리고|(?<=[가-힣]{2})[와나]|(?<=[부처청회과단원국실관사])과)$"
)
_UNNAMED = re.compile(r"(?P<owner>[가-힣]+)의?\s(?:관련|담당|해당|소관|유관)\s?(?:부서|기관|과|부처)$")
_SITE = re.compile(r"누리집|홈페이지|사이트|포털|앱")
#: Some of those meant, in a bracket: '관련 부서(가나과 등)에 문의'.
_FOR_EXAMPLE = re.compile(r"\s?\([^()]*\s등\)\W*$")
_ET_CETERA = re.compile(r"\s등(?:\s[가-힣]{2,6})?$")


def find_asked(line: Line, above: Line | None) -> list[Draft]:
    """Find named units that a line sends the reader to; ``above`` may be the heading it stands under."""
    if not _HINT.search(line.text):
        under = above and "문의" in above.text and len(above.text) < _MAX_HEADING
        return list(_confirming(line)) if under else []
    found = [] if line.points else list(_labelled(line))
    start = 0
    for clause in _CLAUSE_END.finditer(line.text):
        found += _in_clause(line, start, clause.end())
        start = clause.end()
    return found


def _confirming(line: Line) -> Iterator[Draft]:
    """Find the units by which something can be confirmed, under a heading that speaks of asking."""
    done = 0
    for match in _CONFIRMED.finditer(line.text):
        ends = _CLAUSE_END.finditer(line.text, done, match.start())
        start = max((end.end() for end in ends if end.end() < match.start()), default=done)
        done = match.end()
        yield from _targets(line, start, line.text[start : match.start()])


def _labelled(line: Line) -> Iterator[Draft]:
    """Read units that a label lists without numbers: '문의 : 산업통상자원부(신에너지산업과), …'."""
    label = _LABEL.match(line.text)
    if not label:
        return
    place = label.end()
    for part in _LABEL_ITEM_END.split(_COPULA.sub("", line.text[label.end() :])):
        head = read_head(part, label=True)
        if head.path and not head.noun and not head.rest and is_named(head.path):
            yield from drafts_of(head.people, _draft(line, head, place, place + len(part)))
        place += len(part)


def _in_clause(line: Line, start: int, end: int) -> Iterator[Draft]:
    clause = line.text[start:end]
    done = 0
    for match in _SENT.finditer(clause):
        yield from _targets(line, start + done, clause[done : match.start()])
        for other in _COORDINATED.finditer(clause, done, match.start()):
            yield from _targets(line, start + done, clause[done : other.end("unit")])
        done = match.end()
    for pattern in _NAMING:
        for match in pattern.finditer(clause):
            yield from _targets(line, start + match.start("unit"), match["unit"])


def _targets(line: Line, offset: int, text: str) -> Iterator[Draft]:
    """Read the unit at the end of a text, and those listed before it."""
    cut = max(0, len(text) - _REACH)
    offset, text = offset + cut, _ET_CETERA.sub("", _FOR_EXAMPLE.sub("", text[cut:]))
    owner = _UNNAMED.search(text)
    if owner:
        text = text[: owner.end("owner")]
    while text:
        head = read_head(text, label=False)
        if not head.path:
            return
        before = text[: head.start].split()
        by_locality = bool(before) and genitive(before[-1]) in lexicon.BY_LOCALITY
        named = is_named(head.path) and (not head.noun or lexicon.is_company(head.path[-1]))
        if named and not by_locality and not _SITE.search(text, head.stop):
            yield _draft(line, head, offset, offset + len(text))
        while by_locality and before and genitive(before[-1]) in lexicon.BY_LOCALITY:
            before.pop()
        listed = text[: text.rfind(before[-1], 0, head.start) + len(before[-1])] if before else ""
        separator = _SEPARATOR.search(listed)
        if not separator or (head.noun and separator[0] in ("와", "과")):
            return
        text = listed[: separator.start()].rstrip()


def _draft(line: Line, head: Head, start: int, end: int) -> Draft:
    """Make a draft of a head that begins and ends at offsets of the line."""
    organization, department = split_path(head.path)
    place = line.start + start + head.start
    end = line.start + (start + head.stop if head.stop and not head.people else end)
    return Draft("asked", line.index, place, end, place, organization, department, role="문의")
