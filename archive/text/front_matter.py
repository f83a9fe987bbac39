"""Front matter of posts: YAML of unknown origin, read within bounds and written so that it reads the same.

Only the types that JSON has as well are read; dates stay as they were written, for a day that no calendar has
(2024-02-31) is a text like any other. Where a generator wrote a headline without quoting it, the text is no
YAML: then each key is read by itself, as YAML or, if that is unambiguous, as plain text.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import yaml

from archive.errors import InputError, reading
from archive.text.normalize import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 1 << 18  # characters; the longest of 2,193 posts has 1,100
DEEPEST = 20  # lists and mappings within each other
_PLAIN = ("null", "bool", "int", "float", "str", "seq", "map")

_KEY = re.compile(r"^([^\W\d][\w-]*):(?:[ \t]+(.*))?$")
_BLOCK = re.compile(r"[|>][-+\d]*")  # what stands before a text on lines of its own
# Values that break the syntax of YAML, and yet begin with its markup.
_MARKUP = (
    re.compile(r"[!&*][\w!<>:/.,%-]+(?:\s|$)"),  # a tag, an anchor, an alias
    re.compile(r"[|>]"),
    re.compile(r"\[(?![^\[\]]+\]\s*[^\s#])"),  # no bracketed words before others: [단독] 무엇
    re.compile(r"\{(?![^{}]+\}\s*[^\s#])"),
)
_QUOTED = re.compile(r"(['\"])(?!\s)[^'\"]+(?<!\s)\1")


class NotYaml(InputError):
    """A text breaks the syntax of YAML."""


class _Loader(yaml.CSafeLoader):
    """YAML of the types that JSON has as well."""


class _Dumper(yaml.CSafeDumper):
    """The same types, written."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # the same text twice is no reference
        return True


for _kind in (_Loader, _Dumper):
    _kind.yaml_implicit_resolvers = {
        first: [(tag, form) for tag, form in forms if tag.rpartition(":")[2] in _PLAIN]
        for first, forms in _kind.yaml_implicit_resolvers.items()
    }
_Loader.yaml_constructors = {
    tag: build
    for tag, build in _Loader.yaml_constructors.items()
    if tag is None or tag.rpartition(":")[2] in _PLAIN
}


def _float(loader: Any, node: Any) -> float | str:
    """Read a number; what JSON has none for (.inf, .nan) stays as it is written."""
    number: float = loader.construct_yaml_float(node)
    return number if math.isfinite(number) else str(node.value)


_Loader.yaml_constructors["tag:yaml.org,2002:float"] = _float


def read(text: str) -> tuple[dict[str, Any], bool]:
    """Read front matter, key by key where it is no YAML as a whole.

    Returns:
        Its values, and whether they were read key by key.

    Raises:
        InputError: as of :func:`load`, or a value is neither YAML nor plain text.
    """
    try:
        return load(text), False
    except NotYaml:
        return {key: _value(key, lines) for key, lines in _keys(text)}, True


@reading("the front matter")
def load(text: str) -> dict[str, Any]:
    """Read front matter.

    Raises:
        NotYaml: its syntax is not that of YAML.
        InputError: it is no mapping, or uses references (which can stand for more than any memory holds) or
            tags, or nests deeper than front matter does.
    """
    if len(text) > LONGEST:
        raise InputError(f"the front matter has more than {LONGEST:,} characters")
    try:
        _check(text)
        values = yaml.load(text, Loader=_Loader)  # noqa: S506  # of the safe loader, and less than it
    except yaml.constructor.ConstructorError as error:
        raise InputError(f"the front matter has a value of no known type: {error.problem}") from error
    except yaml.YAMLError as error:
        raise NotYaml(f"no valid YAML: {' '.join(str(error).split())[:200]}") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise InputError("the front matter is no mapping of keys to values")
    # JSON's own round trip: keys become texts, and what it cannot hold is refused.
    plain: dict[str, Any] = json.loads(json.dumps(values, allow_nan=False))
    return plain


def _check(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise InputError("the front matter uses references")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise InputError(f"the front matter nests more than {DEEPEST} deep")


def _keys(text: str) -> Iterator[tuple[str, list[str]]]:
    """Divide front matter into its keys, each with its own line and those up to the next key."""
    key, lines = "", list[str]()
    for line in re.split(r"\r\n|\n", text):
        if match := _KEY.match(line):
            if key:
                yield key, lines
            key, lines = match[1], []
        elif not key and line.strip():
            raise InputError(f"the front matter begins with what is no key: {line.strip()[:80]}")
        lines.append(line)
    if key:
        yield key, lines


def _value(key: str, lines: list[str]) -> Any:
    """Read the value of one key, as YAML or else as plain text."""
    try:
        return load("\n".join(lines))[key]
    except NotYaml:
        match = _KEY.match(lines[0])
        first = ((match[2] if match else None) or "").strip()
    rest = one_line(" ".join(lines[1:]))
    if _BLOCK.fullmatch(first):
        return rest
    if (rest and not first) or any(form.match(first) for form in _MARKUP) or _is_half_quoted(first):
        raise InputError(f"the value of {key} in the front matter is neither YAML nor plain text")
    return one_line(f"{first} {rest}")


def _is_half_quoted(value: str) -> bool:
    """Return whether a value begins with a quotation mark that has no partner, or only an opening one."""
    return value[:1] in ("'", '"') and (value.count(value[0]) % 2 == 1 or not _QUOTED.match(value))


def dump(values: dict[str, Any]) -> str:
    """Write front matter, without the lines that fence it."""
    written: str = yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**20)
    return written
