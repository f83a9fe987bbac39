"""What every verb shares: the archive's path, JSON output, one-line errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

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


def json_option(command: Command) -> Command:
    """Add ``--json``: print for machines instead of for people."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")(command)


def print_json(value: Any) -> None:
    """Print one JSON value, Korean as it is."""
    click.echo(json.dumps(value, ensure_ascii=False))
