"""An error of the disk at any counted call: one line, a documented code, and an archive that lost nothing.

``pytest tests/integrity/test_io_errors.py --kills=N`` fails N calls of each command, evenly spread, or all.
"""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING

import pytest

from archive.errors import ArchiveError, MachineError
from tests import faults, killing
from tests.thorough import thorough
from tests.verbs import VERBS, ends_as, ready, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults import Call
    from tests.verbs import Sources, Whole

CODES = {ArchiveError.exit_code, MachineError.exit_code}  # what cannot be read may be damaged
TAKE_NO_SPACE = {faults.OPEN, faults.REMOVE}
ERRORS = {"a failing disk": errno.EIO, "a full disk": errno.ENOSPC}


@pytest.fixture(scope="module", autouse=True)
def preloaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with faults.shim(tmp_path_factory.mktemp("shim")):
        yield


def calls_that_may_fail(made: list[Call], error: int) -> int:
    """Count the calls of an undisturbed run that an error may come of."""
    spared = {faults.MARK} | (TAKE_NO_SPACE if error == errno.ENOSPC else set())
    return sum(call.kind not in spared for call in made)


@pytest.mark.parametrize(
    ("name", "disk", "turns"),
    [
        ("crawl", "a full disk", 1),
        ("snapshot", "a failing disk", 1),
        *(pytest.param(name, disk, 20, marks=thorough) for name in VERBS for disk in ERRORS),
    ],
)
def test_an_error_of_the_disk_is_one_line_and_the_next_run_is_as_if_it_had_not_been(
    name: str,
    disk: str,
    turns: int,
    sources: Sources,
    undisturbed: Callable[[str], Whole],
    tmp_path: Path,
    kills: int,
) -> None:
    verb, whole, error = VERBS[name], undisturbed(name), ERRORS[disk]
    done, made = faults.run(tmp_path / "whole", *ready(verb, sources, tmp_path / "whole"))
    assert done.returncode == 0, done.stderr
    for at in killing.spread(calls_that_may_fail(made, error), kills or turns):
        folder = tmp_path / str(at)
        done, failed = faults.run(
            folder,
            *ready(verb, sources, folder),
            at=at,
            error=error,
            lasting=error == errno.ENOSPC,
        )
        where = f"call {at}: {[(faults.NAMES[call.offset], call.path.name) for call in failed]}"
        if done.returncode == 0:  # what failed was of use to nobody, or was done in another way
            assert (done.stderr, shown(folder / verb.result)) == ("", whole.shown), where
        else:
            assert done.returncode in CODES, (where, done)
            assert re.fullmatch(r"Error: .+\n", done.stderr), (where, done)
        ends_as(whole, verb, sources, folder)
