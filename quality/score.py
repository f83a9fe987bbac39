"""How well extracted contacts and fields agree with labels.

Pure: labelled rows and extracted rows in, figures out. White space, case, compatibility forms and the width
of the middle dot do not count. Figures are over all rows together, not averaged by row:

contact   F1; one is found when organization, department, person, and the sets of phones and e-mails agree
named     the same of contacts with a person; unnamed: of those without
owner     of the phones found, the share whose organization and department agree too
phone     F1 of phones
silence   share of rows without a contact for which none is extracted
title, source_title, …   share of the rows with that label in which the field agrees
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Row = dict[str, Any]
Pair = tuple[Row, Row]
"""What the labels say of one text, and what was extracted from it."""

SOURCE_FIELDS = ("source_title", "source_url", "original_title", "origin_name", "origin_url", "writer")
_MIDDLE_DOTS = str.maketrans(dict.fromkeys("・ㆍ‧", "·"))


def figures(pairs: Sequence[Pair]) -> dict[str, float]:
    """Return every figure between 0 and 1; one with nothing to count is 1.

    ``contact``, ``named``, ``unnamed``, ``phone`` are F1, ``owner`` and ``silence`` shares, and each field of
    the source the share of labelled rows in which it agrees.
    """
    reached = {name: _f1(pairs, keys) for name, keys in _COUNTED.items()}
    reached["owner"] = _share(_owners(pairs))
    reached["silence"] = _share(not found["contacts"] for gold, found in pairs if not gold["contacts"])
    for name in ("title", *SOURCE_FIELDS):
        reached[name] = _share(
            _folded(gold[name], name) == _folded(_field(found, name), name)
            for gold, found in pairs
            if name in gold
        )
    return reached


def differing(pairs: Iterable[Pair]) -> list[str]:
    """Name the rows in which a contact differs, each with what is missing and what is too much."""
    lines = []
    for gold, found in pairs:
        wanted, got = ({_contact(one) for one in row["contacts"]} for row in (gold, found))
        if wanted != got:
            missing, extra = (sorted(ones, key=str) for ones in (wanted - got, got - wanted))
            lines.append(f"{name_of(gold)}: missing {missing}, extra {extra}")
    return lines


def name_of(gold: Row) -> str:
    """Return the name under which the text of a labelled row is inspected."""
    return str(gold.get("file") or f"{gold['news_id']}.txt")


def _contact(one: Row) -> tuple[Any, ...]:
    words = (_folded(one.get(name)) for name in ("organization", "department", "person"))
    return (*words, *(frozenset(map(_folded, one.get(name) or ())) for name in ("phones", "emails")))


_COUNTED: dict[str, Callable[[Row], Iterable[Any]]] = {
    "contact": lambda one: [_contact(one)],
    "named": lambda one: [_contact(one)] if one.get("person") else [],
    "unnamed": lambda one: [] if one.get("person") else [_contact(one)],
    "phone": lambda one: map(_folded, one.get("phones") or ()),
}


def _f1(pairs: Sequence[Pair], keys: Callable[[Row], Iterable[Any]]) -> float:
    wanted, got = (
        {(name_of(pair[0]), key) for pair in pairs for one in pair[side]["contacts"] for key in keys(one)}
        for side in (0, 1)
    )
    return 2 * len(wanted & got) / (len(wanted) + len(got)) if wanted or got else 1.0


def _owners(pairs: Sequence[Pair]) -> Iterable[bool]:
    """Return for every number that was found whether it was given to the right units."""
    for gold, found in pairs:
        wanted, got = _units(gold["contacts"]), _units(found["contacts"])
        yield from (wanted[phone] == got[phone] for phone in wanted.keys() & got.keys())


def _units(contacts: Iterable[Row]) -> dict[str | None, set[tuple[str | None, str | None]]]:
    units: dict[str | None, set[tuple[str | None, str | None]]] = {}
    for one in contacts:
        for phone in one.get("phones") or ():
            unit = _folded(one.get("organization")), _folded(one.get("department"))
            units.setdefault(_folded(phone), set()).add(unit)
    return units


def _field(found: Row, name: str) -> Any:
    value = (found.get("source") or {}).get(name)
    return found.get(name) if value is None else value


def _folded(value: Any, name: str = "") -> str | None:
    if value is None:
        return None
    text = str(value).rstrip("/") if name.endswith("_url") else str(value)
    return "".join(unicodedata.normalize("NFKC", text.translate(_MIDDLE_DOTS)).split()).casefold() or None


def _share(right: Iterable[bool]) -> float:
    told = list(right)
    return sum(told) / len(told) if told else 1.0
