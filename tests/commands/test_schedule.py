"""The lines for cron and systemd are right wherever the clock stands, and run in a real cron."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.archives import open_desk
from tests.command import briefing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CRON = shutil.which("cron", path="/usr/sbin:/usr/bin") or shutil.which("crond", path="/usr/sbin:/usr/bin")
NAMES = ["a.db", "기록 보관소.db", '50% it\'s "so" $HOME.db']
# cron alone in namespaces of its own: its tables are ours, the machine's own jobs do not run.
ALONE = """\
set -e
mount -t tmpfs none /var/spool
mount -t tmpfs none /etc/cron.d
mount -t tmpfs none /run
mkdir -p /var/spool/cron/crontabs
cp "$1" /var/spool/cron/crontabs/root && chmod 600 /var/spool/cron/crontabs/root
[ ! -e /etc/crontab ] || mount --bind /dev/null /etc/crontab
exec "$2" -f
"""


def cron_lines(said: str) -> list[str]:
    """Return the lines that name a time."""
    return [line for line in said.splitlines() if line[:1].isdigit()]


def command_of(line: str) -> str:
    """Return what cron hands to its shell: what follows the five fields, each escaped percent sign bare."""
    command = line.split(None, 5)[5]
    assert not re.search(r"(?<!\\)%", command)
    return command.replace("\\%", "%")


@pytest.mark.parametrize("name", NAMES)
def test_lines_for_cron_crawl_tell_and_verify(tmp_path: Path, name: str) -> None:
    lines = cron_lines(briefing("schedule", "--cron", "--db", tmp_path / name).stdout)
    verbs = [["crawl", "--hours", "6-21"], ["status", "--nagios"], ["verify"]]
    for line, verb in zip(lines, verbs, strict=True):
        words = shlex.split(command_of(line).partition(" || ")[0])
        at = words.index(verb[0])
        assert words[at:] == [*verb, "--db", str(tmp_path / name)]
        assert words[at - 2 : at] == ["--log", str((tmp_path / name).with_suffix(".log"))]


def test_no_line_depends_on_the_zone_of_the_machine(tmp_path: Path) -> None:
    said = briefing("schedule", "--cron", "--db", tmp_path / "a.db").stdout
    assert "CRON_TZ" not in said
    assert cron_lines(said)[0].startswith("17 * * * *  ")


@pytest.mark.parametrize("zone", ["Asia/Seoul", "UTC", "America/New_York", "Asia/Kolkata"])
def test_the_command_looks_at_the_clock_in_korea(
    tmp_path: Path, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    arguments = ("--mirror", "http://127.0.0.1:9", "--hours", "6-21", "--db", tmp_path / "a.db")
    night = briefing("crawl", *arguments, "--today", "2026-07-14T05:59")
    assert (night.returncode, night.stdout) == (0, "not now: it is 05:59 in Korea\n")
    assert briefing("crawl", *arguments, "--today", "2026-07-14T06:00").returncode == 3
    assert briefing("crawl", *arguments, "--today", "2026-07-14T21:59").returncode == 3
    assert not (tmp_path / "a.db").exists()


@pytest.mark.parametrize("hours", ["6", "6-", "25-26", "9-6", "6-40", "six-seven", ""])
def test_hours_that_are_none_are_refused(tmp_path: Path, hours: str) -> None:
    done = briefing("crawl", "--hours", hours, "--db", tmp_path / "a.db")
    assert done.returncode == 64
    assert "expected e.g. 6-21" in done.stderr


def test_hours_go_over_midnight(tmp_path: Path) -> None:
    arguments = ("--mirror", "http://127.0.0.1:9", "--hours", "22-26", "--db", tmp_path / "a.db")
    assert briefing("crawl", *arguments, "--today", "2026-07-14T02:30").returncode == 3
    assert briefing("crawl", *arguments, "--today", "2026-07-14T03:00").returncode == 0


@pytest.mark.parametrize("name", NAMES)
def test_units_for_systemd_do_the_same(tmp_path: Path, name: str) -> None:
    said = briefing("schedule", "--systemd", "--db", tmp_path / name).stdout
    starts = [line.partition("=")[2] for line in said.splitlines() if line.startswith("ExecStart=")]
    assert [re.search(r" (crawl|status|verify) ", start)[1] for start in starts] == [  # type: ignore[index]
        "crawl",
        "status",
        "verify",
    ]
    path = str(tmp_path / name).replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    assert all(start.endswith((f'"{path}"', f" {path}")) for start in starts)
    assert said.count("OnCalendar=") == 3


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("systemd is not installed here")
    schedule = [sys.executable, "-m", "briefing", "schedule", "--systemd", "--db", str(tmp_path / NAMES[2])]
    said = subprocess.run(schedule, check=True, capture_output=True, text=True).stdout
    for part in re.split(r"(?m)^# ~/\.config/systemd/user/", said)[1:]:
        name, _, unit = part.partition("\n")
        (tmp_path / name).write_text(unit, "utf-8")
    units = sorted(str(path) for path in tmp_path.glob("briefing*.*"))
    assert len(units) == 6
    done = subprocess.run(
        [analyze, "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert "briefing" not in done.stderr, done.stderr
    for line in said.splitlines():
        if line.startswith("OnCalendar="):
            subprocess.run([analyze, "calendar", line.partition("=")[2]], check=True, capture_output=True)


def test_a_path_that_no_crontab_takes_is_refused(tmp_path: Path) -> None:
    done = briefing("schedule", "--db", tmp_path / "a\nb.db")
    assert done.returncode == 64
    assert done.stderr.count("\n") == 1


def test_the_command_in_a_line_is_found_from_anywhere(tmp_path: Path) -> None:
    schedule = [sys.executable, "-m", "briefing", "schedule", "--cron", "--db", str(tmp_path / NAMES[2])]
    said = subprocess.run(schedule, check=True, capture_output=True, text=True).stdout
    verify = command_of(cron_lines(said)[2])
    subprocess.run(["/bin/sh", "-c", verify], cwd="/", env={"PATH": "/usr/bin:/bin"}, check=False)
    log = (tmp_path / NAMES[2]).with_suffix(".log").read_text("utf-8")
    assert re.match(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d briefing verify: Error: .* does not exist\n", log
    )


@pytest.fixture
def reboot(tmp_path: Path) -> Iterator[Path]:
    """The lines of a schedule in a real cron, which runs each at once, and the folder of the archive."""
    if not CRON:
        pytest.skip("no cron is installed here (apt-get install cron)")
    if os.getuid() != 0 or subprocess.run(["unshare", "-m", "true"], check=False).returncode:
        pytest.skip("only root can give cron tables of its own")
    db = tmp_path / NAMES[2]
    open_desk(db).archive.close()
    schedule = [sys.executable, "-m", "briefing", "schedule", "--cron", "--db", str(db)]
    lines = cron_lines(subprocess.run(schedule, check=True, capture_output=True, text=True).stdout)
    lines = [
        line.replace(" crawl --hours 6-21", " crawl --hours 0-23 --mirror http://127.0.0.1:9")
        for line in lines
    ]
    table = tmp_path / "crontab"
    table.write_text("".join(f"@reboot {line.split(None, 5)[5]}\n" for line in lines), "utf-8")
    script = tmp_path / "alone.sh"
    script.write_text(ALONE, "utf-8")
    alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", str(script), str(table), CRON]
    with subprocess.Popen(alone, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield db
        process.kill()


def test_a_real_cron_runs_the_lines_as_they_stand(reboot: Path) -> None:
    follow = ["timeout", "60", "tail", "-n", "+1", "-F", str(reboot.with_suffix(".log"))]
    with subprocess.Popen(follow, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as tail:
        assert tail.stdout
        said = [tail.stdout.readline() for _ in range(3)]
        tail.kill()
    said_by = {line.split()[2].rstrip(":"): line for line in said}
    assert set(said_by) == {"crawl", "status", "verify"}, said
    assert "the mirror http://127.0.0.1:9 does not answer" in said_by["crawl"]
    assert "BRIEFING CRITICAL" in said_by["status"]
    with closing(sqlite3.connect(reboot)) as conn:
        assert conn.execute("SELECT outcome FROM runs").fetchall() == [("unreachable",)]
