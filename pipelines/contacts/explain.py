"""Explain attributions: the words of each number, the mentions around it, and the candidate that won."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from pipelines.contacts.find import lexicon
from pipelines.contacts.find.words import words_of
from pipelines.contacts.own.candidates import weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipelines.contacts.draft import Draft
    from pipelines.contacts.find.layout import Line
    from pipelines.contacts.own.attribution import Choice
    from pipelines.contacts.own.scene import Mention

_CLASSES: dict[str, Callable[[str], bool]] = {
    "known": lexicon.is_known,
    "agency": lexicon.is_agency,
    "unit": lexicon.is_unit,
    "company": lexicon.is_company,
    "municipality": lexicon.is_municipality,
    "rank": lexicon.is_rank,
    "name": lexicon.is_name,
}
_SHOWN = 100  # characters before a number whose words are shown
_explanations: ContextVar[list[str] | None] = ContextVar("explanations", default=None)


@contextmanager
def explained() -> Iterator[list[str]]:
    """Collect an explanation of every contact found within the block, one text each."""
    gathered: list[str] = []
    token = _explanations.set(gathered)
    try:
        yield gathered
    finally:
        _explanations.reset(token)


def explain(
    drafts: Sequence[Draft], choices: Sequence[Choice], mentions: Sequence[Mention], lines: Sequence[Line]
) -> None:
    """Record an explanation of each contact, if :func:`explained` is active."""
    gathered = _explanations.get()
    if gathered is None:
        return
    made = {id(choice.draft): choice for choice in choices}
    for mention in mentions:
        signs = ", ".join(sorted(mention.signs)) or "-"
        name = _path(mention.organization, mention.department)
        gathered.append(f"mention  line {mention.line + 1}: {name}  [{signs}]")
    joined = [choice.draft for choice in choices if choice.chosen and choice.chosen.joins]
    for draft in sorted([*drafts, *joined], key=lambda one: one.anchor):
        gathered.append("\n".join(_explanation(draft, made.get(id(draft)), lines)))


def _explanation(draft: Draft, choice: Choice | None, lines: Sequence[Line]) -> Iterator[str]:
    line = lines[draft.line]
    points = " ".join([*draft.phones, *draft.faxes, *draft.emails]) or "-"
    yield f"contact  line {draft.line + 1}: {points}  ({draft.kind})"
    end = max(draft.anchor - line.start, line.points[0].start if line.points else 0)
    words = words_of(line.text[max(0, end - _SHOWN) : end])
    yield "  words      " + " ".join(f"{word.text}{_classes(word.text)}" for word in words)
    for one in choice.candidates if choice else ():
        features = " ".join(f"{feature}{weights()[feature]:+.1f}" for feature in one.features)
        yield f"  candidate  {one.score:+.1f}  {_path(one.organization, one.department)}  {features}"
    person = " ".join(part for part in (draft.person, draft.rank) if part)
    chosen = _path(draft.organization, draft.department)
    joins = choice.chosen.joins if choice and choice.chosen else None
    how = "joined to the contact above" if joins else f"{draft.owner_by} {draft.score:.3f}"
    yield f"  chosen     {chosen}{' | ' + person if person else ''}  ({how})"


def _classes(word: str) -> str:
    found = [name for name, test in _CLASSES.items() if test(word)]
    return f"<{','.join(found)}>" if found else ""


def _path(organization: str | None, department: str | None) -> str:
    return " / ".join(part or "-" for part in (organization, department))
