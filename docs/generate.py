"""Write the pages of docs/ that follow from the code: columns, commands and research questions.

``python -m docs.generate`` writes them, ``--check`` only says which are out of date and exits with 1.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.browse.queries import markdown
from archive.schema import TABLES
from archive.views import VIEWS
from briefing.main import cli

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DOCS = Path(__file__).parent
WIDTH = 100  # characters of a line of help
NOTE = "<!-- Written by `make docs`; change the descriptions in {source} instead. -->\n\n"


def columns() -> str:
    """Describe every table and view with every column, in the words of the schema."""
    lines = [
        "# Tables and columns\n\n",
        NOTE.format(source="archive/schema/ and archive/views.py"),
        "Times are ISO 8601 with offset (`2026-10-06T07:06:02+09:00`), days `YYYY-MM-DD` in Korean time.\n",
        "Names of ministries, titles and roles are kept as printed.\n\n",
        "[Views](#views) answer most questions; [queries.md](queries.md) has examples.\n",
    ]
    for table in TABLES:
        lines += _section(table.name, table.description, ((c.name, c.description) for c in table.columns))
    lines.append("\n## Views\n")
    for view in VIEWS:
        lines += _section(view.name, view.description, view.columns.items(), level=3)
    return "".join(lines)


def _section(
    name: str, description: str, columns: Iterable[tuple[str, str]], level: int = 2
) -> Iterator[str]:
    yield f"\n{'#' * level} {name}\n\n{description}\n\n| column | meaning |\n|---|---|\n"
    yield from (f"| `{column}` | {meaning.replace('|', chr(92) + '|')} |\n" for column, meaning in columns)


def commands() -> str:
    """Print the help of every verb, as the command line gives it."""
    whole = _context("briefing", cli)
    lines = ["# Commands\n\n", NOTE.format(source="the help texts of briefing/commands"), _help(whole)]
    for verb in cli.list_commands(whole):
        command = cli.get_command(whole, verb)
        if command is not None:
            lines.append(f"\n## {verb}\n\n{_help(_context(verb, command, whole))}")
    return "".join(lines)


def _context(name: str, command: click.Command, parent: click.Context | None = None) -> click.Context:
    return click.Context(
        command,
        parent,
        info_name=name,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        help_option_names=cli.context_settings["help_option_names"],
    )


def _help(context: click.Context) -> str:
    return f"```\n{context.get_help()}\n```\n"


PAGES = {"columns.md": columns, "commands.md": commands, "queries.md": markdown}


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` name those that are out of date."""
    stale = []
    for name, write in PAGES.items():
        page, text = DOCS / name, write()
        if not page.exists() or page.read_text("utf-8") != text:
            stale.append(name)
            if "--check" not in arguments:
                page.write_text(text, "utf-8")
    if stale and "--check" in arguments:
        click.echo(f"out of date: {', '.join(stale)}; run make docs", err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
