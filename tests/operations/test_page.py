"""docs/operations.md: every command of its blocks is run, in order, and its table names every exit code."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.demo.server import DAYS
from tests.command import briefing
from tests.thorough import thorough
from tests.unruly import serve

if TYPE_CHECKING:
    import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "operations.md").read_text("utf-8")
BLOCKS = "".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
COMMANDS = [shlex.split(line) for line in BLOCKS.splitlines()]
IN_TABLE = [shlex.split(command) for command in re.findall(r"`(briefing [^`]+ --db archive\.db)`", PAGE)]


@thorough
def test_every_command_of_the_page_ends_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with serve() as site:
        site.day = DAYS[1]
        mirror = [f"--mirror={site.url}", "--delay=0", f"--today={site.day}T21:00", f"--until={site.day}"]
        for program, *arguments in [*COMMANDS, *(command for command in IN_TABLE if command not in COMMANDS)]:
            if program == "mkdir":
                Path(*arguments).mkdir()
                continue
            if program == "mv":
                *names, target = arguments
                for name in names:
                    shutil.move(name, target)
                continue
            assert program == "briefing"
            done = briefing(*arguments, *(mirror if arguments[0] == "crawl" else ()))
            # The day of the replica is long past: that no crawl ended lately is told, rightly.
            allowed = {0, 1, 2, 3} if "status" in arguments else {0}
            assert done.returncode in allowed, (arguments, done)
            assert "Error" not in done.stderr, (arguments, done)


def test_the_table_says_what_to_do_for_every_exit_code() -> None:
    told = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)
    assert told == re.findall(r"^\| (\d+) \|", (DOCS / "settings.md").read_text("utf-8"), re.MULTILINE)
