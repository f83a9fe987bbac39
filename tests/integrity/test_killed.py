"""A command cut short at any counted step: the next run ends as if nothing had happened.

``pytest tests/integrity/test_killed.py --kills=N`` cuts each short at N steps, evenly spread, or all.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests import killing
from tests.archives import copied
from tests.command import briefing
from tests.thorough import one_in
from tests.verbs import READERS, VERBS, Sources, Whole, ends_as, names, ready, shown, sound

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.killing import Ended

SAID = "Interrupted; what was committed stays.\n"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.mark.parametrize("name", one_in(4, VERBS))
def test_a_command_killed_at_any_step_is_done_by_the_next(
    name: str, sources: Sources, undisturbed: Callable[[str], Whole], tmp_path: Path, kills: int
) -> None:
    verb = VERBS[name]
    whole = undisturbed(name)
    for step in killing.spread(whole.steps, kills or verb.kills):
        folder = tmp_path / str(step)
        killed = killing.run(folder, *ready(verb, sources, folder), kill_at=step)
        assert (killed.returncode, killed.left) == (-signal.SIGKILL, []), step
        ends_as(whole, verb, sources, folder)


@pytest.mark.parametrize("fault", ["disk", "files"])
@pytest.mark.parametrize("name", one_in(4, VERBS))
def test_a_machine_that_fails_at_any_step_is_one_line_and_the_next_run_goes_on(
    name: str, fault: str, sources: Sources, undisturbed: Callable[[str], Whole], tmp_path: Path, kills: int
) -> None:
    verb = VERBS[name]
    whole = undisturbed(name)
    for step in killing.spread(whole.steps, kills or 2):
        folder = tmp_path / str(step)
        failed = killing.run(folder, *ready(verb, sources, folder), kill_at=step, fault=fault)
        assert failed.left == []
        if failed.returncode:  # else what was left to do needed no more of the machine
            assert (failed.returncode, failed.stderr.count("Error: ")) == (66, 1), (step, failed)
            assert "Traceback" not in failed.stderr
        ends_as(whole, verb, sources, folder)


def is_interrupted(ended: Ended) -> None:
    """Assert that a command ended at once, said so in one line, and left no process."""
    assert "Traceback" not in ended.stderr
    assert (ended.returncode, ended.left) == (130, []), ended.stderr
    if ended.stdout.startswith("interrupted: "):  # a crawl that was under way says how far it came
        assert (ended.stdout.count("\n"), ended.stderr) == (1, "")
    else:
        assert (ended.stdout, ended.stderr) == ("", SAID)


@pytest.mark.parametrize(
    "name", one_in(4, [name for name, verb in (VERBS | READERS).items() if verb.signals])
)
def test_a_command_that_gets_a_signal_says_so_and_is_done_by_the_next(
    name: str, sources: Sources, undisturbed: Callable[[str], Whole], tmp_path: Path, kills: int
) -> None:
    verb = (VERBS | READERS)[name]
    whole = undisturbed(name)
    for turn, step in enumerate(killing.spread(whole.steps, kills or verb.signals)):
        folder, number = tmp_path / str(step), SIGNALS[turn % len(SIGNALS)]
        more = range(turn % 2 * 3)  # every other one gets another three while it ends
        signals = [(step, number), *((step + 1 + one, SIGNALS[one]) for one in more)]
        ended = killing.run(folder, *ready(verb, sources, folder), signals=signals)
        is_interrupted(ended)
        ends_as(whole, verb, sources, folder)


IN_A_DOCUMENT = """
from archive.sandbox import Sandbox
call = Sandbox.call
Sandbox.call = lambda self, *_values, **_named: call(self, "tests.killing:read_for_ever", killing.place)
"""
IN_A_FUNCTION = """
import archive.integrity.{module} as module
real = module.{name}
module.{name} = lambda value: (killing.reached(), real(value))[1]
"""
IN_A_WAIT = """
from concurrent.futures import Future
result = Future.result
Future.result = lambda self, *values: (killing.reached(), result(self, *values))[1]
"""
MOMENTS = {
    "crawl": IN_A_DOCUMENT,
    "import warc": IN_A_DOCUMENT,
    "verify": IN_A_FUNCTION.format(module="verify", name="text_hash"),
    "redact contacts": IN_A_FUNCTION.format(module="redact", name="_blackened"),
    "reparse": IN_A_WAIT,
    "search": "killing.INSTRUCTIONS = 50",
}


@pytest.mark.parametrize("name", one_in(3, MOMENTS))
def test_a_signal_ends_what_a_command_waits_for(
    name: str, sources: Sources, undisturbed: Callable[[str], Whole], tmp_path: Path
) -> None:
    verb, folder = (VERBS | READERS)[name], tmp_path / "cut"
    whole = undisturbed(name)
    at = [(60 if name == "search" else 0, signal.SIGINT)]
    ended = killing.run(folder, *ready(verb, sources, folder), signals=at, patch=MOMENTS[name])
    is_interrupted(ended)
    ends_as(whole, verb, sources, folder)


BETWEEN_MOVES = """
import sys
def hook(event, values):
    if event == "os.rename" and str(values[1]).endswith(("/out", "/copy.db")):
        killing.reached()
sys.addaudithook(hook)
"""


@pytest.mark.parametrize("name", ["export csv", "snapshot"])
def test_a_signal_between_two_moves_undoes_the_first(name: str, sources: Sources, tmp_path: Path) -> None:
    verb, folder = VERBS[name], tmp_path / "cut"
    arguments = ready(verb, sources, folder)
    before = names(folder), shown(folder / "out")
    signals = [(0, signal.SIGTERM)]
    is_interrupted(killing.run(folder, *arguments, signals=signals, patch=BETWEEN_MOVES))
    assert (names(folder), shown(folder / "out")) == before
    assert killing.run(folder, *arguments).returncode == 0


def test_a_signal_that_comes_when_ending_takes_too_long_ends_the_process(
    sources: Sources, tmp_path: Path
) -> None:
    path = copied(sources.newsroom, tmp_path / "a.db")
    patch = "import archive.integrity.interrupted as module; module.PATIENCE = -1"
    signals = [(step, signal.SIGINT) for step in (100, 101)]
    ended = killing.run(tmp_path, "verify", "--db", path, signals=signals, patch=patch)
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGINT, "", "")


AFTER_A_FILE = """
import re, sys
def hook(event, values):
    if event == "open" and re.search(r"/a\\.files/..$", str(values[0])):
        killing.reached()
sys.addaudithook(hook)
"""


@pytest.mark.parametrize("kill", [False, True], ids=["signal", "SIGKILL"])
def test_a_file_stored_without_its_row_goes_with_the_next_run_of_any_command(
    kill: bool, sources: Sources, tmp_path: Path
) -> None:
    arguments = VERBS["import warc"].arguments(sources, tmp_path)
    signals = [(0, signal.SIGKILL if kill else signal.SIGINT)]
    ended = killing.run(tmp_path, *arguments, signals=signals, patch=AFTER_A_FILE)
    assert ended.returncode == (-signal.SIGKILL if kill else 130)
    assert len(list((tmp_path / "a.files").glob("*/*"))) == 1
    assert briefing("redact", "--resume", "--db", tmp_path / "a.db").returncode == 0
    assert list((tmp_path / "a.files").glob("*/*")) == []
    assert sound(tmp_path / "a.db") == []


WHILE_LOADING = """
import signal, sys
class Finder:
    def find_spec(self, name, *_):
        if name == "click":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Finder())
from briefing.__main__ import main
main()
"""


@pytest.mark.parametrize("ignored", [False, True], ids=["", "ignored"])
def test_a_signal_while_the_command_is_loaded_ends_it_without_a_traceback(ignored: bool) -> None:
    code = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" * ignored + WHILE_LOADING
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == ((0, "") if ignored else (-signal.SIGINT, ""))
