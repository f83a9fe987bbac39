"""``briefing schedule``: lines for cron or systemd that keep an archive up to date."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from archive.errors import UsageError
from briefing.options import db_option, program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

# Releases appear from 06:00 to 18:00 Korean time, most of them from 09:00 to 12:00 (counted 2020 to 2026).
# Few crons know CRON_TZ: Debian's takes it for a variable of the command and runs by the machine's clock. So
# the line runs every hour, and the command looks at the clock in Korea.
CRON = """\
# Every hour, and of these in the hours when Korea publishes; minute 17, for full hours are busy.
17 * * * *  {crawl}
# Once a day the last line of the log comes by mail if anything lacks.
47 8 * * *  {status} || tail -n 1 {log}
# Once a week the archive proves itself.
40 4 * * 0  {verify}
"""
SYSTEMD = """\
# ~/.config/systemd/user/briefing.service
[Unit]
Description=Bring the briefing archive up to date
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={crawl}
# 1: some items failed and are recorded for the next run. 75: another run holds the archive.
SuccessExitStatus=1 75

# ~/.config/systemd/user/briefing.timer
[Unit]
Description=Bring the briefing archive up to date every hour of the Korean day

[Timer]
OnCalendar=*-*-* 06..21:17:00 Asia/Seoul
RandomizedDelaySec=300
Persistent=true

[Install]
WantedBy=timers.target

# ~/.config/systemd/user/briefing-status.service
[Unit]
Description=Tell whether the briefing archive is complete and fresh

[Service]
Type=oneshot
ExecStart={status}

# ~/.config/systemd/user/briefing-status.timer
[Unit]
Description=Tell once a day whether the briefing archive is complete and fresh

[Timer]
OnCalendar=*-*-* 08:47:00
Persistent=true

[Install]
WantedBy=timers.target

# ~/.config/systemd/user/briefing-verify.service
[Unit]
Description=Let the briefing archive prove itself

[Service]
Type=oneshot
ExecStart={verify}

# ~/.config/systemd/user/briefing-verify.timer
[Unit]
Description=Let the briefing archive prove itself once a week

[Timer]
OnCalendar=Sun *-*-* 04:40:00
Persistent=true

[Install]
WantedBy=timers.target

# Then: systemctl --user daemon-reload
#       systemctl --user enable --now briefing.timer briefing-status.timer briefing-verify.timer
"""


@click.command("schedule")
@click.option("--cron", "kind", flag_value="cron", help="Only the lines for crontab.")
@click.option("--systemd", "kind", flag_value="systemd", help="Only the units for systemd.")
@db_option
def command(kind: str | None, db: Path) -> None:
    """Print lines for cron and systemd that crawl every hour.

    Nothing is installed. The lines work in every time zone: the crawl runs in the hours when Korea publishes.
    Runs do not overlap: one that finds the archive locked ends with exit code 75.

    \b
    Example:
      briefing schedule --cron --db ~/archive.db
    """
    path = db.absolute()
    if not str(path).isprintable():
        raise UsageError(f"neither cron nor systemd takes a path with a control character: {path!r}")
    if kind != "systemd":
        log = path.with_suffix(".log")
        lines = _commands(path, ["--log", str(log)], ["--hours", "6-21"], _for_cron)
        click.echo(CRON.format(**lines, log=_for_cron([str(log)])), nl=False)
    if kind is None:
        click.echo()
    if kind != "cron":
        click.echo(SYSTEMD.format(**_commands(path, [], [], _for_systemd)), nl=False)


def _commands(
    db: Path, log: list[str], hours: list[str], written: Callable[[Iterable[str]], str]
) -> dict[str, str]:
    """Write the commands of a schedule by their verb."""
    verbs = {"crawl": hours, "status": ["--nagios"], "verify": []}
    return {
        verb: written([*program(), *log, verb, *options, "--db", str(db)]) for verb, options in verbs.items()
    }


def _for_cron(words: Iterable[str]) -> str:
    """Write a command for the shell of cron, which ends a line at a percent sign that is not escaped."""
    return shlex.join(words).replace("%", r"\%")


def _for_systemd(words: Iterable[str]) -> str:
    """Write a command for systemd, which expands % and $ and reads a backslash as C does."""
    quoted = (
        word.replace("\\", r"\\").replace('"', r"\"").replace("%", "%%").replace("$", "$$") for word in words
    )
    return " ".join(
        word if word.replace("/", "").replace("-", "").isalnum() else f'"{word}"' for word in quoted
    )
