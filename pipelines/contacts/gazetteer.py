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
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_REFERENCE = re.compile(r"@\{(\w+)(~?)\}")
_STAGES = ("find", "grid", "own")


T = TypeVar("T")


class Named(Generic[T]):
    """What the data files hold under a name, as an attribute of that name."""

    def __init__(self, held: Mapping[str, T]) -> None:
        vars(self).update(held)

    if TYPE_CHECKING:  # a method of this name would make every look-up slower

        def __getattr__(self, name: str) -> T: ...


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
def forms() -> Mapping[str, Form]:
    """Return every named pattern as it is written."""
    return {name: form for stage in _STAGES for name, form in _read(f"patterns/{stage}.yaml").items()}


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
    longest_first = sorted(_LISTS[name]["words"].split(), key=lambda word: (-len(word), word))
    joint = r"\s?" if spaced else ""
    return f"(?:{'|'.join(joint.join(map(re.escape, word)) for word in longest_first)})"


@cache
def sources() -> dict[str, str]:
    """Return where words come from, by the names that their lists use."""
    return _read("sources.yaml")


def source(name: str) -> str:
    """Return where a list of words or a single word comes from; raises KeyError where none is named."""
    source, *place = (_LISTS.get(name) or _TERMS[name])["source"].split()
    return " ".join([sources()[source], *place])


def _read(name: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath(f"data/{name}").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return read


_LISTS: Mapping[str, dict[str, str]] = _read("words.yaml")
_TERMS: Mapping[str, dict[str, str]] = _read("terms.yaml")

#: The words of a list in order, as a tuple for ``str.endswith``.
endings = Named({name: tuple(one["words"].split()) for name, one in _LISTS.items()})
#: The words of a list, as a set.
words = Named({name: frozenset(one["words"].split()) for name, one in _LISTS.items()})
#: One word by its English name.
terms = Named({name: one["word"] for name, one in _TERMS.items()})
patterns = Named({name: re.compile(_spelled(name)) for name in forms()})
