"""Replace short names of contacts by the fullest name in the text, once their owners are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import read_head
from pipelines.contacts.find.layout import lists_of
from pipelines.contacts.find.paths import split_path
from pipelines.contacts.gazetteer import endings, patterns, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.contacts.draft import Draft
    from pipelines.contacts.find.layout import Line


_LONG_NAME = 10  # syllables
_MAX_OPENING = 100  # characters of a line that are searched for the name that opens it


def complete(drafts: Sequence[Draft], lines: Sequence[Line]) -> None:
    """Fill names in place; drafts are in reading order."""
    _name_centres(drafts, lines)
    above = lists_of(lines)
    for draft in drafts:
        if _is_bare_office(draft):
            index = above[draft.line]
            headed = patterns.headed.search(lines[index].text[-_MAX_OPENING:]) if index >= 0 else None
            if headed and lexicon.is_unit(headed["unit"]) and lexicon.is_agency(draft.organization or ""):
                draft.department = headed["unit"]
        alone = is_office(draft.department or "") or (_is_corps(draft.department or "") and not draft.person)
        if not draft.organization and alone:
            draft.organization, draft.department = draft.department, None


def _name_centres(drafts: Sequence[Draft], lines: Sequence[Line]) -> None:
    """Replace generic names of centres by the full name that opens a heading or line of the text."""
    bare: dict[str, list[Draft]] = {}
    for draft in drafts:
        short = draft.organization or ""
        if not (draft.kind == "block" or draft.department or " " in short) and short.endswith(terms.centre):
            bare.setdefault(short, []).append(draft)
    names: dict[str, set[str]] = {short: set() for short in bare}
    for line in lines if bare else ():
        for short in {
            word[0] for word in patterns.centre_word.finditer(line.text, 0, _MAX_OPENING)
        } & bare.keys():
            names[short] |= {name for name in [_opening_name(short, line.text[:_MAX_OPENING])] if name}
    for short, unnamed in bare.items():
        for draft in unnamed if len(names[short]) == 1 else ():
            (draft.organization,) = names[short]


def _opening_name(short: str, text: str) -> str | None:
    """Return the longer name, without an owner, that ends with a centre's short name and opens a text."""
    start = text.find(f" {short}")
    head = read_head(text[: start + 1 + len(short)], label=False) if start > 0 else None
    if not head or head.rest or not head.path or head.path[0] in lexicon.REGIONS:
        return None
    organization, department = split_path(head.path)
    return organization if organization != short and not department else None


def _is_bare_office(draft: Draft) -> bool:
    """Return whether an item of a list names an institution alone."""
    item = draft.kind not in ("block", "prose", "asked")
    return item and bool(draft.organization) and not draft.department and not draft.person


def lead_centre(before: Draft, draft: Draft) -> None:
    """Prepend the institution of the contact before to a centre that belongs to it."""
    if _is_centre_of(before, draft):
        path = [name for name in (draft.organization, draft.department) if name]
        draft.organization, draft.department = before.organization, " ".join(path)


def _is_centre_of(before: Draft, draft: Draft) -> bool:
    """Return whether a centre belongs to the organization of the unit before it: 전략팀(…), 신고센터(…).

    Where no label opens the list, only after another centre: 사과연구센터, 배연구센터로 문의.
    """
    kind_alone = bool(patterns.kind_of_centre.fullmatch(draft.organization or ""))
    after_centre = before.kind == draft.kind == "asked" and (before.department or "").endswith(terms.centre)
    return bool(
        before.line == draft.line
        and (draft.kind == "label" or after_centre)
        and before.organization
        and before.department
        and (draft.organization or "").endswith(terms.centre)
        and (not draft.department or kind_alone)
    )


def _is_corps(department: str) -> bool:
    """Return whether a unit is a separate body, founded for one programme: 범부처가나연구개발사업단."""
    return department.endswith(endings.corps) and len(department) >= _LONG_NAME and " " not in department


def is_office(department: str) -> bool:
    """Return whether a department without a ministry is itself an institution: 창경궁관리소."""
    return department.endswith(terms.office_of_care) and " " not in department
