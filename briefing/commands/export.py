"""``briefing export``: write articles out for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.database import Archive
from archive.errors import UsageError
from archive.export import FORMATS, Selection, export
from briefing.options import db_option, given_day, json_option, names_in, print_json, since_and_until

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import date


@click.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="What to write.")
@click.option(
    "--since", callback=given_day, metavar="DAY", help="Published on this day (YYYY-MM-DD) or later."
)
@click.option("--until", callback=given_day, metavar="DAY", help="Published on this day or earlier.")
@click.option("--site", "sites", multiple=True, metavar="NAME", help="Only these sites, e.g. korea.kr.")
@click.option("--section", "sections", multiple=True, metavar="NAME", help="Only these sections, e.g. press.")
@click.option("--with-contacts", is_flag=True, help="Names and numbers of officials too.")
@db_option
@json_option
def command(
    path: Path,
    form: str,
    since: date | None,
    until: date | None,
    sites: tuple[str, ...],
    sections: tuple[str, ...],
    with_contacts: bool,
    db: Path,
    as_json: bool,
) -> None:
    """Write articles into the new folder PATH, for other tools.

    A manifest tells hashes, licence and citation. --site and --section may be repeated, or hold several names
    with commas. The same articles
    give the same bytes. Structured contact data of officials is left out unless asked for; texts stay as
    published, and warc holds the pages exactly as captured.

    \b
    Example:
      briefing export july --format csv --since 2026-07-01 --until 2026-07-31
    """
    first, last = since_and_until(since, until)
    with Archive.open(db) as archive:
        wanted = (_held(archive.conn, "site", sites), _held(archive.conn, "section", sections))
        selection = Selection(first, last, *wanted, with_contacts)
        manifest = export(archive, path, form, selection)
    if as_json:
        print_json(manifest)
        return
    files = manifest["files"]
    size = sum(file["bytes"] for file in files)
    count = manifest["counts"]["articles"]
    click.echo(f"{path}: {count:,} articles, {size:,} bytes, files: {len(files):,}")
    click.echo(f"Cite as: {manifest['citation']}")


def _held(conn: sqlite3.Connection, column: str, values: Sequence[str]) -> tuple[str, ...]:
    """Give the names that an option asks for; raises UsageError for one of which no article is held."""
    names = names_in(values)
    known = [row[0] for row in conn.execute(f"SELECT DISTINCT {column} FROM articles")]  # noqa: S608  # ours
    for name in names:
        if name not in known:
            raise UsageError(
                f"no article of the {column} {name!r}; the archive has: {', '.join(known) or 'none'}"
            )
    return tuple(names)
