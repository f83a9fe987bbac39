"""The replica on its second day, for all tests of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from briefing.demo.server import DAYS
from tests.unruly import Unruly, serve

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def second_day() -> Iterator[Unruly]:
    """Serve the replica, on its second day."""
    with serve() as unruly:
        unruly.day = DAYS[1]
        yield unruly
