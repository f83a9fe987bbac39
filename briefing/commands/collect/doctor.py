"""``briefing doctor``: check this machine, and with ``--sites`` both sites, before the first crawl."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from dataclasses import asdict
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.database import Archive
from archive.errors import BriefingError, Held, MachineError
from briefing.options import (
    db_option,
    delay_option,
    json_option,
    mirror_option,
    print_json,
    refuse_missing,
    today_option,
)
from crawler.run.clock import Clock, read_moment
from crawler.run.resources import check_resources

if TYPE_CHECKING:
    from crawler.diagnosis.findings import Finding

LITTLE_SPACE = 5 << 30  # bytes; a year of both sites with files takes some 40 GB
FIRST_YEAR = 2026  # before this program was written no clock can be right


@click.command("doctor")
@click.option("--sites", is_flag=True, help="Check both sites too: some twenty requests, nothing archived.")
@mirror_option
@delay_option
@click.option(
    "--pages",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Folder for the pages fetched; by default a new folder doctor-TIME.",
)
@today_option
@json_option
@db_option
def command(
    sites: bool,
    mirror: str | None,
    delay: float,
    pages: Path | None,
    today: str | None,
    as_json: bool,
    db: Path,
) -> int:
    """Check this machine and, with --sites, korea.kr and newsdao.kr; store nothing in the archive.

    For each page it prints whether it is recognised, by which page object, which fields were read and from
    where (structured data, layout, generic), the site's total, and what differs from the known layouts. The
    pages are kept in a folder. docs/first-run.md says what to do with each outcome.

    Exit codes: 0 all well, 1 something differs, 2 a layout is not recognised, 3 a site does not answer or
    refuses.

    \b
    Example:
      briefing doctor --sites
    """
    refuse_missing([db.absolute().parent])
    machine = list(_machine(db))
    code, verdict = _of_machine(machine)
    findings: dict[str, list[Finding]] = {}
    if sites:
        from crawler.diagnosis.doctor import Examination  # Scrapy takes its time to load
        from crawler.http.mirror import check_mirror

        if mirror:
            check_mirror(mirror)
        clock = Clock(read_moment(today) if today else None)
        folder = pages or Path(f"doctor-{clock.moment():%Y%m%d-%H%M%S}")
        examination = Examination(folder, clock.moment().date())
        examination.run(mirror=mirror, delay=delay)
        findings = examination.findings
        code_of_sites, verdict_of_sites = examination.verdict()
        if code_of_sites:
            code, verdict = code_of_sites, verdict_of_sites
        elif not code:
            verdict = verdict_of_sites
    if as_json:
        sites_found = {site: [asdict(found) for found in of] for site, of in findings.items()}
        print_json({"exit_code": code, "verdict": verdict, "machine": machine, "sites": sites_found})
    else:
        _print(machine, findings)
        if sites:
            click.echo(f"the pages are kept in {folder}")
        if not code:
            click.echo(verdict)
    if code:
        click.echo(f"Error: {verdict}", err=True)
    return code


def _machine(db: Path) -> list[dict[str, Any]]:
    """Check what a crawl needs of this machine."""
    now = datetime.now().astimezone()
    folder = db.absolute().parent
    free = shutil.disk_usage(folder).free
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("scrapy", "lxml", "datasette"))
    return [
        _line("versions", f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}"),
        _line(
            "clock",
            f"{now:%Y-%m-%d %H:%M:%S} {now.tzname()} ({Clock().now()} in Korea)",
            now.year >= FIRST_YEAR,
        ),
        _limits(),
        _line("disk", f"{free / (1 << 30):.1f} GB free at {folder}", free >= LITTLE_SPACE),
        _archive(db),
    ]


def _limits() -> dict[str, Any]:
    """Return whether enough files and memory are allowed."""
    try:
        check_resources()
    except MachineError as error:
        return _line("limits", str(error), well=False)
    return _line("limits", "enough open files and memory are allowed")


def _of_machine(machine: list[dict[str, Any]]) -> tuple[int, str]:
    """Return the exit code and its sentence."""
    for line in machine:
        if not line["well"]:
            return 1, f"{line['what']}: {line['says']}"
    return 0, "this machine is well"


def _archive(db: Path) -> dict[str, Any]:
    """Return whether the archive can be opened, and whether a run holds it."""
    if not db.exists():
        return _line("archive", f"{db}: none yet")
    try:
        with Archive.open(db) as archive, archive.hold():
            return _line("archive", f"{db}: no run holds it")
    except Held:
        return _line("archive", f"{db}: a run holds it now")
    except BriefingError as error:
        return _line("archive", str(error), well=False)


def _line(what: str, says: str, well: bool = True) -> dict[str, Any]:
    return {"what": what, "says": says, "well": well}


def _print(machine: list[dict[str, Any]], findings: dict[str, list[Finding]]) -> None:
    for line in machine:
        click.echo(f"{line['what']:10}{line['says']}{'' if line['well'] else '  <- look at this'}")
    for site, of_site in findings.items():
        click.echo(f"\n{site}")
        for found in of_site:
            _print_finding(found)


def _print_finding(found: Finding) -> None:
    if found.trouble:
        state = found.trouble
    elif found.recognised is None:
        state = "read"
    else:
        state = "recognised" if found.recognised else "NOT RECOGNISED"
    by = " by " + " ".join(filter(None, (found.page_object, f"({found.layout})"))) if found.layout else ""
    click.echo(f"  {found.what}: {state}{by}")
    for origin in sorted(set(found.fields.values())):
        names = ", ".join(name for name, source in found.fields.items() if source == origin)
        click.echo(f"    from {origin}: {names}")
    for name, value in found.says.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        click.echo(f"    {name}: {'none' if shown in (None, '') else shown}")
    for line in found.differs:
        click.echo(f"    differs: {line}")
    if found.saved:
        click.echo(f"    kept in: {found.saved}")
