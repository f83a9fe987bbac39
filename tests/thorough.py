"""What takes long: the marker of the tests that only ``make test-thorough`` runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _pytest.mark.structures import ParameterSet

thorough = pytest.mark.thorough


def one_in(every: int, values: Iterable[Any]) -> list[ParameterSet]:
    """Leave one in so many values (or rows) of a parameter to the quick part, the first among them."""
    rows = (value if isinstance(value, tuple) else (value,) for value in values)
    return [pytest.param(*row, marks=[thorough] if number % every else []) for number, row in enumerate(rows)]
