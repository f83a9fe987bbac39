"""``briefing schedule``: lines for cron or systemd that keep an archive up to date."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from briefing.options import db_option, program

if TYPE_CHECKING:
    from pathlib import Path

# Releases appear from 06:00 to 18:00 Korean time, most of them from 09:00 to 12:00 (counted 2020 to 2026).
CRON = """\
# Every hour of the Korean working day the last days; minute 17, for full hours are busy.
CRON_TZ=Asia/Seoul
17 6-21 * * *  {command} crawl --db {db} >> {log} 2>&1
# Once a week the archive proves itself.
40 4 * * 0  {command} verify --db {db} >> {log} 2>&1
"""
SYSTEMD = """\
# ~/.config/systemd/user/briefing.service
[Unit]
Description=Bring the briefing archive up to date
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={command} crawl --db {db}
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

# ~/.config/systemd/user/briefing-verify.service
[Unit]
Description=Let the briefing archive prove itself

[Service]
Type=oneshot
ExecStart={command} verify --db {db}

# ~/.config/systemd/user/briefing-verify.timer
[Unit]
Description=Let the briefing archive prove itself once a week

[Timer]
OnCalendar=Sun *-*-* 04:40:00 Asia/Seoul
Persistent=true

[Install]
WantedBy=timers.target

# Then: systemctl --user daemon-reload && systemctl --user enable --now briefing.timer briefing-verify.timer
"""


@click.command("schedule")
@click.option("--cron", "kind", flag_value="cron", help="Only the lines for crontab.")
@click.option("--systemd", "kind", flag_value="systemd", help="Only the units for systemd.")
@db_option
def command(kind: str | None, db: Path) -> None:
    """Print lines for cron and systemd that crawl every hour.

    Nothing is installed. Runs do not overlap: one that finds the archive held ends with exit code 75.

    \b
    Example:
      briefing schedule --cron --db ~/archive.db
    """
    values = {
        "command": program(),
        "db": shlex.quote(str(db.absolute())),
        "log": shlex.quote(str(db.absolute().with_suffix(".log"))),
    }
    if kind != "systemd":
        click.echo(CRON.format(**values), nl=False)
    if kind is None:
        click.echo()
    if kind != "cron":
        click.echo(SYSTEMD.format(**values), nl=False)
