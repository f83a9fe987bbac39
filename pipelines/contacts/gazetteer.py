"""The only place of Korean words: lists of words and named patterns, read once from ``data/``.

``words.yaml`` holds lists of words and of the endings of words, ``terms.yaml`` single words by an English
name, each with its source of ``sources.yaml``; ``patterns/*.yaml`` the forms in which words occur together.
To add a label, a rank or a form is to add a line there. A pattern names a list or another pattern as
``@{name}``, with its letters perhaps spaced out as ``@{name~}``; it gives texts in which it finds something
and texts in which it finds nothing: its test.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, TypedDict

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_REFERENCE = re.compile(r"@\{(\w+)(~?)\}")
_STAGES = ("find", "grid", "own")


class Form(TypedDict):
    """One named pattern: its parts are written one after the other.

    Attributes:
        parts: regular expressions, with ``@{name}`` for words of a list or for another pattern.
        finds: texts with the first match in each.
        leaves: texts in which it finds nothing, or an empty string alone.
    """

    parts: list[str]
    finds: dict[str, str]
    leaves: list[str]


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(endings(name))


@cache
def endings(name: str) -> tuple[str, ...]:
    """Return the words of a list in order, as a tuple for ``str.endswith``."""
    return tuple(_lists()[name]["words"].split())


def term(name: str) -> str:
    """Return one word by its English name."""
    return _terms()[name]["word"]


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return a named pattern."""
    return re.compile(_spelled(name))


@cache
def forms() -> Mapping[str, Form]:
    """Return every named pattern as it is written."""
    return {name: form for stage in _STAGES for name, form in _read(f"patterns/{stage}.yaml").items()}


def names_of_lists() -> tuple[str, ...]:
    """Return the name of every list of words."""
    return tuple(_lists())


def names_of_terms() -> tuple[str, ...]:
    """Return the English name of every single word."""
    return tuple(_terms())


def _spelled(name: str) -> str:
    """Expand the references of a pattern."""
    written = "".join(forms()[name]["parts"])
    return _REFERENCE.sub(
        lambda match: (
            f"(?:{_spelled(match[1])})" if match[1] in forms() else _alternatives(match[1], spaced=match[2])
        ),
        written,
    )


def _alternatives(name: str, *, spaced: str = "") -> str:
    longest_first = sorted(endings(name), key=lambda word: (-len(word), word))
    joint = r"\s?" if spaced else ""
    return f"(?:{'|'.join(joint.join(map(re.escape, word)) for word in longest_first)})"


@cache
def sources() -> dict[str, str]:
    """Return where words come from, by the names that their lists use."""
    return _read("sources.yaml")


def source(name: str) -> str:
    """Return where a list of words or a single word comes from; raises KeyError where none is named."""
    source, *place = (_lists().get(name) or _terms()[name])["source"].split()
    return " ".join([sources()[source], *place])


@cache
def _lists() -> dict[str, dict[str, str]]:
    return _read("words.yaml")


@cache
def _terms() -> dict[str, dict[str, str]]:
    return _read("terms.yaml")


def _read(name: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath(f"data/{name}").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return read
