"""Options and helpers that verbs share: the archive's path, days, names, JSON output."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from archive.database import Archive
from archive.errors import Unreadable, UsageError
from archive.text.normalize import one_line, without_spaces
from crawler.run.clock import read_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

_HOURS = re.compile(r"(\d\d?)-(\d\d?)")

Command = TypeVar("Command", bound="Callable[..., Any]")


def db_option(command: Command) -> Command:
    """Add ``--db PATH``: the archive file, from the environment where not given."""
    return click.option(
        "--db",
        type=click.Path(dir_okay=False, path_type=Path),
        default=Path("archive.db"),
        show_default=True,
        envvar="BRIEFING_DB",
        show_envvar=True,
        help="The archive file.",
    )(command)


def open_to_change(db: Path) -> Archive:
    """Open an archive for writing that must be there already; raises Unreadable where it is not."""
    Archive.open(db).close()
    return Archive.create_or_open(db)


def refuse_missing(paths: Iterable[Path]) -> None:
    """Check paths to read before any is; raises Unreadable for the first that does not exist."""
    for path in paths:
        if not path.exists():
            raise Unreadable(f"{path} does not exist")


def json_option(command: Command) -> Command:
    """Add ``--json``: print for machines instead of for people."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")(command)


def mirror_option(command: Command) -> Command:
    """Add ``--mirror URL``: another server that receives every request."""
    return click.option(
        "--mirror", metavar="URL", help="Send every request to this server, with its real Host header."
    )(command)


def delay_option(command: Command) -> Command:
    """Add ``--delay SECONDS``: the shortest time between two requests to one host."""
    return click.option(
        "--delay",
        type=click.FloatRange(min=0, max=3600),
        default=1.0,
        show_default=True,
        metavar="SECONDS",
        help="Between two requests to a host; 0, for a mirror on this machine, turns the throttle off.",
    )(command)


def today_option(command: Command) -> Command:
    """Add the hidden ``--today``: another time than the clock's, for rehearsals and tests."""
    return click.option(
        "--today", hidden=True, help="Take this day (YYYY-MM-DD[THH:MM], Korean time) for today."
    )(command)


def given_day(_context: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    """Parse the day of an option; anything else is a usage error that names the option."""
    try:
        return read_day(value) if value is not None else None
    except UsageError as error:
        raise click.BadParameter(str(error)) from error


def since_and_until(since: date | None, until: date | None) -> tuple[str | None, str | None]:
    """Return two days as ISO dates; raises UsageError when the last lies before the first."""
    if since and until and until < since:
        raise UsageError(f"--until {until} lies before --since {since}")
    return (since.isoformat() if since else None, until.isoformat() if until else None)


def names_in(values: Iterable[str]) -> list[str]:
    """List the names given by an option that may be repeated, and hold several with commas."""
    return [name for value in values for part in value.split(",") if (name := one_line(part))]


def given_hours(_context: click.Context, _option: click.Parameter, value: str | None) -> range | None:
    """Read hours of a day as ``6-21``, both inclusive; over midnight they go on from 22 to 3 as ``22-27``."""
    if value is None:
        return None
    found = _HOURS.fullmatch(without_spaces(value))
    first, last = map(int, found.groups()) if found else (0, -1)
    if not 0 <= first <= last < first + 24 or first > 23:
        raise click.BadParameter(f"not hours of a day: {value} (expected e.g. 6-21)")
    return range(first, last + 1)


def is_within(hours: range | None, hour: int) -> bool:
    """Return whether an hour of the day is one of those given, if any were."""
    return hours is None or hour in hours or hour + 24 in hours


def program() -> list[str]:
    """Return the command words that run this program from any folder."""
    called = Path(sys.argv[0]).absolute()
    by_module = called.name == "__main__.py"
    return [sys.executable, "-P", "-m", "briefing"] if by_module else [str(called)]


def print_json(value: Any) -> None:
    """Print one JSON value, Korean as it is."""
    click.echo(json.dumps(value, ensure_ascii=False))
