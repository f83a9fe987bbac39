"""``briefing export``: write articles out for other tools."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from archive.database import Archive
from archive.errors import UsageError
from archive.export import FORMATS, Selection, export
from briefing.options import db_option, json_option, print_json


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is not a day; write YYYY-MM-DD") from error


@click.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="What to write.")
@click.option("--since", callback=_day, metavar="DAY", help="Published on this day or later.")
@click.option("--until", callback=_day, metavar="DAY", help="Published on this day or earlier.")
@click.option("--site", "sites", multiple=True, help="Only this site, e.g. korea.kr; may be repeated.")
@click.option("--section", "sections", multiple=True, help="Only this section, e.g. press; may be repeated.")
@click.option("--with-contacts", is_flag=True, help="Names and numbers of officials too.")
@db_option
@json_option
def command(
    path: Path,
    form: str,
    since: str | None,
    until: str | None,
    sites: tuple[str, ...],
    sections: tuple[str, ...],
    with_contacts: bool,
    db: Path,
    as_json: bool,
) -> None:
    """Write articles into the new folder PATH, with a manifest of hashes, licence and citation.

    The same articles give the same bytes. Structured contact data of officials is left out unless asked for;
    texts stay as published, and warc holds the pages exactly as captured.

    \b
    Example:
      briefing export july --format csv --since 2026-07-01 --until 2026-07-31
    """
    if since and until and until < since:
        raise UsageError(f"until ({until}) lies before since ({since})")
    selection = Selection(since, until, sites, sections, with_contacts)
    with Archive.open(db) as archive:
        manifest = export(archive, path, form, selection)
    if as_json:
        print_json(manifest)
        return
    files = manifest["files"]
    size = sum(file["bytes"] for file in files)
    count = manifest["counts"]["articles"]
    click.echo(f"{path}: {count:,} articles, {size:,} bytes, files: {len(files):,}")
    click.echo(f"Cite as: {manifest['citation']}")
