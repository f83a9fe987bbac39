"""Power is lost after any call of a command: the archive opens, is sound, and holds all that was committed.

``pytest tests/integrity/test_power_loss.py --kills=N`` loses parts of what is not synced at N moments.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
from bisect import bisect_left, bisect_right
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from archive.database import Archive
from tests import faults, killing
from tests.faults import MARK, SYNC
from tests.power import Disk, write
from tests.thorough import thorough
from tests.verbs import VERBS, ready, shown, sound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.verbs import Sources

ARCHIVE = "a.db"


@pytest.fixture(scope="module", autouse=True)
def preloaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with faults.shim(tmp_path_factory.mktemp("shim")):
        yield


class States:
    """What an archive says after losses of power, each different one looked at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._said: dict[bytes, bytes] = {}

    def said(self, files: dict[str, bytes], *, check: bool = True) -> bytes:
        """Return a digest of the rows of the archive, after its recovery; hold that it is sound."""
        state = hashlib.sha256(repr(sorted(files.items())).encode() + bytes([check])).digest()
        if state not in self._said:
            folder = self._folder / "state"
            write(files, folder)
            self._said[state] = rows(folder / ARCHIVE)
            if check:
                recovers(folder / ARCHIVE)
            shutil.rmtree(folder)
        return self._said[state]

    def __len__(self) -> int:
        return len(self._said)


def rows(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as conn:
        tables = conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
        said: list[Any] = [
            (name, conn.execute(f'SELECT * FROM "{name}"').fetchall())
            for (name,) in tables
            if "_fts" not in name
        ]
    return hashlib.sha256(repr(said).encode()).digest()


def recovers(path: Path) -> None:
    with Archive.create_or_open(path) as archive, archive.hold():
        pass
    assert sound(path) == []


@pytest.mark.parametrize(
    ("name", "moments"), [("crawl", 6), *(pytest.param(name, 400, marks=thorough) for name in VERBS)]
)
def test_what_was_committed_is_there_after_a_loss_of_power(
    name: str, moments: int, sources: Sources, tmp_path: Path, kills: int
) -> None:
    verb, folder = VERBS[name], tmp_path / "run"
    arguments = ready(verb, sources, folder)
    before = Disk(folder)
    done, calls = faults.run(folder, *arguments)
    assert done.returncode == 0, done.stderr
    is_there = Disk(folder).left(lambda: True)
    whole = shown(folder / verb.result)
    states = States(tmp_path)

    # What readers of the undisturbed run saw after each sync and each commit.
    disk, moment, seen = before, [], []
    lost: list[dict[str, bytes]] = []
    torn: list[tuple[int, dict[str, bytes]]] = []
    chosen = set(killing.spread(len(calls), kills or moments))
    chance = random.Random(name)  # noqa: S311  # the same losses at every run
    for at, call in enumerate(calls):
        if at in chosen:
            torn.append((at, disk.left(lambda: chance.random() < 0.5)))
        disk.apply(call)
        if call.kind in (MARK, SYNC):
            moment.append(at)
            seen.append(states.said(disk.left(lambda: True), check=False))
            lost.append(disk.left(lambda: False))
    assert disk.left(lambda: True) == is_there  # all calls that change the folder were recorded

    marks = [at for at, call in enumerate(calls) if call.kind == MARK]

    def may_be(at: int) -> set[bytes]:
        """Return what the archive may say after a loss: the last commit reported, or one under way."""
        reported, next_one = bisect_right(marks, at) - 1, bisect_right(marks, at)
        first = bisect_left(moment, marks[reported]) if reported >= 0 else 0
        last = bisect_left(moment, marks[next_one]) if next_one < len(marks) else len(moment) - 1
        return set(seen[first : last + 1])

    for at, files in (*zip(moment, lost, strict=True), *torn):
        assert marks[0] > at or states.said(files) in may_be(at), f"after call {at} of {len(calls)}"
    write(lost[-1], tmp_path / "end")
    assert shown(tmp_path / "end" / verb.result) == whole
    print(f"{name}: {len(calls)} calls, {len(lost) + len(torn)} prefixes, {len(states)} states")  # noqa: T201
