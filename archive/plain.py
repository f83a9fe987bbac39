"""Records to JSON types and back: for pending visits, and between a process and its sandbox."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

Record = TypeVar("Record")


def plain(record: Any) -> Any:
    """Turn a record into types that JSON has."""
    return _converter().unstructure(record)


def record_of(kind: type[Record], value: Any) -> Record:
    """Make a record of what :func:`plain` gave and JSON carried.

    Raises:
        TypeError: the value describes no such record.
    """
    try:
        return cast("Record", _converter().structure(value, kind))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise TypeError(f"not {kind.__name__}: {str(value)[:80]}") from error


@cache
def _converter() -> Any:
    """Make the converter on first use, for it takes 50 ms to load."""
    from cattrs.preconf.json import make_converter

    return make_converter(detailed_validation=False)
