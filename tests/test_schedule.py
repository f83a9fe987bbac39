"""The lines for cron and systemd run as they stand."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.command import briefing

if TYPE_CHECKING:
    from pathlib import Path


def test_lines_for_cron_crawl_every_hour_and_verify_every_week(tmp_path: Path) -> None:
    crawl, verify = cron_lines(briefing("schedule", "--cron", "--db", tmp_path / "a.db").stdout)
    assert crawl.startswith("17 6-21 * * *  ")
    assert f" crawl --db {tmp_path}/a.db >> {tmp_path}/a.log 2>&1" in crawl
    assert verify.startswith("40 4 * * 0  ")


def test_units_for_systemd_do_the_same(tmp_path: Path) -> None:
    said = briefing("schedule", "--systemd", "--db", tmp_path / "a.db").stdout
    assert [line.split()[1] for line in said.splitlines() if line.startswith("ExecStart=")] == [
        "crawl",
        "verify",
    ]
    assert said.count("OnCalendar=") == 2


@pytest.mark.parametrize("name", ["a.db", "기록 보관소.db"])
def test_the_command_in_a_line_is_found_from_anywhere(tmp_path: Path, name: str) -> None:
    schedule = [sys.executable, "-m", "briefing", "schedule", "--cron", "--db", str(tmp_path / name)]
    said = subprocess.run(schedule, check=True, capture_output=True, text=True).stdout
    command = shlex.split(cron_lines(said)[1].split("  ", 1)[1])
    assert command[: command.index("verify")] == [sys.executable, "-P", "-m", "briefing"]
    assert str(tmp_path / name) in command


def cron_lines(said: str) -> list[str]:
    """Give the lines that name a time."""
    return [line for line in said.splitlines() if line[:1].isdigit()]
