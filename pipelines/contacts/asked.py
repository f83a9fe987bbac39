"""Find units the reader is sent to, whether or not a number stands beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.contacts import lexicon
from pipelines.contacts.draft import Draft
from pipelines.contacts.heads import read_head, split_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.contacts.layout import Line

HINT = re.compile(r"문의|연락|상담")
_INVITED = r"(?:하(?:면|시|여|거나|기\s?바|도록|세요|셔|는\s?것)|할\s?(?:수|것)|해\s?(?:주|야|달|서|볼|보)|해(?=[ .,])|하여|바랍|바란|바람|를?\s?(?:통해|하|주|남)|주시|주세|주면|가\s?가능|도\s?가능|이?\s?가능|하십|드리|부탁|을?\s?(?:주|취|하|받|요청|당부)|합니다|된다|됩니다|가능|\.|$)"
_SENT = re.compile(
    r"(?:에게|에서|에|으로|로|를\s통해서?|을\s통해서?)\s?(?:직접|전화를\s걸어|전화로|전화해|바로|유선으로|언제든지|추가로|추가|즉시|별도로|먼저|자세히|개별)?\s?(?:전화)?\s?"
    r"(?P<verb>문의|연락|상담)" + _INVITED
)
_TO_SEVERAL = re.compile(r"문의는\s(?P<unit>[가-힣]{2,}(?:(?:[와과]\s|,\s|·)[가-힣]{2,})*)\s등")
_THROUGH = re.compile(
    r"문의[가-힣]*?(?:은|는|사항은|점은)\s(?P<unit>[가-힣A-Za-z0-9·() ]{2,60}?)(?:에서|에|로|으로|을\s통해|를\s통해)\s?(?:하|할|가능|받|확인|연락|문의|진행|이루)"
)
_IN_CHARGE = re.compile(r"(?P<unit>[가-힣0-9· ]{3,60}?)에서\s(?:담당|맡)")
_RECEIVES = re.compile(r"(?P<unit>[가-힣·, ]{2,60}?)(?:에서는|에서|은|는)\s(?:[^.\n]{0,30}\s)?문의를\s받")
_LABEL = re.compile(r"[^가-힣A-Za-z0-9]*(?:관련\s?)?(?:문\s{0,3}의\s?(?:처|기관)?|담당\s?부서)\s?:")
_HEADING = re.compile(r"문의")
_CONFIRMED = re.compile(r"[을를]\s통해\s(?:[가-힣]+\s)?(?:확인|정보를|안내)")
_EVERYWHERE = ("지역", "관할", "시군", "시·군", "시·도", "읍면동")
_COPULA = re.compile(r"입니다\.?\s*$")
_CLAUSE = re.compile(r"(?<=[가-힣)])\.\s|[!?]\s|\n")
_SEPARATOR = re.compile(r"(?:,|또는|및|혹은|·|이나|그리고|(?<=[가-힣]{2})[와나]|(?<=[부처청회과])과)$")
_UNNAMED = re.compile(r"(?P<owner>[가-힣]+)의?\s(?:관련|담당|해당|소관|유관)\s?(?:부서|기관|과|부처)$")
_ET_CETERA = re.compile(r"\s등(?:\s[가-힣]{2,6})?$")


def find_asked(line: Line, above: Line | None) -> list[Draft]:
    """Find named units that a line sends the reader to; ``above`` may be the heading it stands under."""
    if not HINT.search(line.text):
        return (
            list(_confirming(line)) if above and _HEADING.search(above.text) and len(above.text) < 40 else []
        )
    found = [] if line.points else list(_labelled(line))
    start = 0
    for end in [*(match.end() for match in _CLAUSE.finditer(line.text)), len(line.text)]:
        found += _in_sentence(line, start, end)
        start = end
    return found


def _confirming(line: Line) -> Iterator[Draft]:
    """Find the units by which something can be confirmed, under a heading that speaks of asking."""
    for match in _CONFIRMED.finditer(line.text):
        start = max((end.end() for end in _CLAUSE.finditer(line.text, 0, match.start())), default=0)
        yield from _targets(line, start, line.text[start : match.start()])


def _labelled(line: Line) -> Iterator[Draft]:
    """Read units that a label lists without numbers: '문의 : 산업통상자원부(신에너지산업과), …'."""
    label = _LABEL.match(line.text)
    if not label:
        return
    place = label.end()
    for part in re.split(r"(,|/)(?![^(]*\))", _COPULA.sub("", line.text[label.end() :])):
        head = read_head(part, label=True)
        if head.path and not head.noun and not head.rest and is_named(head.path):
            organization, department = split_path(head.path)
            person = head.people[-1] if head.people else None
            start = line.start + place
            yield Draft(
                "asked",
                line.index,
                start + head.start,
                start + len(part),
                start + head.start,
                organization,
                department,
                person.name if person else None,
                person.rank if person else None,
                "문의",
            )
        place += len(part)


def _in_sentence(line: Line, start: int, end: int) -> Iterator[Draft]:
    sentence = line.text[start:end]
    for match in _SENT.finditer(sentence):
        yield from _targets(line, start, sentence[: match.start()])
    for pattern in (_THROUGH, _TO_SEVERAL, _RECEIVES, _IN_CHARGE):
        for match in pattern.finditer(sentence):
            yield from _targets(line, start + match.start("unit"), match["unit"])


def _targets(line: Line, offset: int, text: str) -> Iterator[Draft]:
    """Read the unit at the end of a text, and those listed before it."""
    text = _ET_CETERA.sub("", text)
    owner = _UNNAMED.search(text)
    if owner:
        text = text[: owner.end("owner")]
    while text:
        head = read_head(text, label=False)
        organization, department = split_path(head.path)
        if not head.path:
            return
        place = line.start + offset
        ahead = text[: head.start].split()
        by_locality = bool(ahead) and ahead[-1].removesuffix("의") in lexicon.BY_LOCALITY
        if not head.noun and is_named(head.path) and not by_locality:
            yield Draft(
                "asked",
                line.index,
                place + head.start,
                place + len(text),
                place + head.start,
                organization,
                department,
                role="문의",
            )
        before = text[: head.start].rstrip()
        while by_locality and before.split()[-1:] and before.split()[-1] in lexicon.BY_LOCALITY:
            before = before.rsplit(None, 1)[0] if " " in before else ""
        separator = _SEPARATOR.search(before)
        if not separator:
            return
        text = before[: separator.start()].rstrip()


def is_named(path: tuple[str, ...]) -> bool:
    """Tell whether a path names one unit, not a kind of office found everywhere."""
    last = path[-1]
    if last.startswith(_EVERYWHERE):
        return False
    if (
        last in lexicon.BY_LOCALITY - lexicon.OWNERLESS
        or len(path) == 1
        and (last in lexicon.OWNERLESS or len(last) < 3)
    ):
        return False
    return any(
        lexicon.is_agency(word) or (lexicon.is_unit(word) and len(word) >= 3) or lexicon.is_company(word)
        for word in path
    )
