"""Records as JSON can say them, and back: what passes between a process and its sandbox."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


def load(kind: type[Record], value: Any) -> Record:
    """Make a record of what ``dataclasses.asdict`` gave and JSON carried.

    Raises:
        TypeError, ValueError: the value describes no such record.
    """
    return cast("Record", _load(kind, value))


def _load(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _load(_member(inner, value), value)
    if origin is Literal:
        if value in inner:
            return value
    elif origin is tuple and isinstance(value, list):
        each = inner[:1] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_load(one, item) for one, item in zip(each, value, strict=True))
    elif is_dataclass(kind) and isinstance(value, dict) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _load(hints[name], item) for name, item in value.items()})
    elif origin is None and isinstance(kind, type) and isinstance(value, kind):
        return value
    raise TypeError(f"not {kind}: {str(value)[:80]}")


def _member(kinds: tuple[Any, ...], value: Any) -> Any:
    """Choose the member of a union that a value is of: of records, the one with these fields."""
    if value is None:
        return NoneType
    rest = [kind for kind in kinds if kind is not NoneType]
    if len(rest) > 1 and isinstance(value, dict):
        rest = [kind for kind in rest if isinstance(kind, type) and _names(kind) == value.keys()]
    if not rest:
        raise TypeError(f"none of {kinds}")
    return rest[0]


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _names(kind: type) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind)) if is_dataclass(kind) else frozenset()
