"""Front matter of posts: YAML of unknown origin, read within bounds and written so that it reads the same.

Only the types that JSON has as well are read; dates stay as they were written, for a day that no calendar has
(2024-02-31) is a text like any other.
"""

from __future__ import annotations

import json
from typing import Any

import yaml

from archive.errors import InputError, reading

LONGEST = 1 << 18  # characters; the longest of 2,193 posts has 1,100
DEEPEST = 20  # lists and mappings within each other
_PLAIN = ("null", "bool", "int", "float", "str", "seq", "map")


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


@reading("the front matter")
def load(text: str) -> dict[str, Any]:
    """Read front matter.

    Raises:
        InputError: it is no mapping in YAML, or uses references (which can stand for more than any memory
            holds), tags, or nests deeper than front matter does.
    """
    if len(text) > LONGEST:
        raise InputError(f"the front matter has more than {LONGEST:,} characters")
    try:
        _check(text)
        values = yaml.load(text, Loader=_Loader)  # noqa: S506  # of the safe loader, and less than it
    except yaml.YAMLError as error:
        raise InputError(f"no valid YAML: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(values, dict):
        raise InputError("no mapping of keys to values")
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


def dump(values: dict[str, Any]) -> str:
    """Write front matter, without the lines that fence it."""
    written: str = yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**20)
    return written
