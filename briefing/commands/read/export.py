"""``briefing export``: write articles out for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.database import Archive
from archive.export import FORMATS, Selection, export
from archive.integrity.parallel import workers_for
from archive.organizations import organizations_named
from briefing.options import db_option, given_day, json_option, names_in, print_json, since_and_until

if TYPE_CHECKING:
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
@click.option(
    "--organization",
    "organizations",
    multiple=True,
    metavar="NAME",
    help="Only these ministries, by any name that they had or are called by, e.g. 재경부.",
)
@click.option("--with-contacts", is_flag=True, help="The table of names and numbers of officials too.")
@click.option("--mask-contacts", is_flag=True, help="Mask names and numbers of officials in all texts.")
@db_option
@json_option
def command(
    path: Path,
    form: str,
    since: date | None,
    until: date | None,
    sites: tuple[str, ...],
    sections: tuple[str, ...],
    organizations: tuple[str, ...],
    with_contacts: bool,
    mask_contacts: bool,
    db: Path,
    as_json: bool,
) -> None:
    """Write articles into the new folder PATH, for other tools.

    A manifest has hashes, licence and citation. --site and --section may be repeated, or name several with
    commas. The same articles give the same bytes. The table of contacts is left out without --with-contacts;
    texts are as published, with the names and numbers in them, unless --mask-contacts is given; warc has the
    pages exactly as captured.

    \b
    Example:
      briefing export july --format csv --since 2026-07-01 --until 2026-07-31
    """
    days = since_and_until(since, until)
    with Archive.open(db) as archive:
        ministries = [organizations_named(archive.conn, name) for name in names_in(organizations)]
        selection = Selection(
            *days,
            sites=tuple(names_in(sites)),
            sections=tuple(names_in(sections)),
            organizations=tuple(sorted({number for numbers in ministries for number in numbers})),
            with_contacts=with_contacts,
            mask_contacts=mask_contacts,
        )
        manifest = export(archive, path, form, selection, workers_for(archive))
    if as_json:
        print_json(manifest)
        return
    files = manifest["files"]
    size = sum(file["bytes"] for file in files)
    count = manifest["counts"]["articles"]
    click.echo(f"{path}: {count:,} articles, {size:,} bytes, files: {len(files):,}")
    click.echo(f"Cite as: {manifest['citation']}")
