"""``briefing snapshot``: a consistent, compact copy, while a crawl runs."""

from __future__ import annotations

from pathlib import Path

import click

from archive.integrity.snapshot import snapshot
from briefing.options import db_option, json_option, print_json


@click.command("snapshot")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--files", is_flag=True, help="Also the files of attachments, linked where possible.")
@db_option
@json_option
def command(target: Path, files: bool, db: Path, as_json: bool) -> None:
    """Copy the archive to the new file TARGET, even while a crawl runs.

    The copy is the archive at one moment, compact and in one file.

    \b
    Example:
      briefing snapshot /backup/archive-2026-10-06.db --db archive.db
    """
    size = snapshot(db, target, files=files)
    if as_json:
        print_json({"snapshot": str(target), "bytes": size})
    else:
        click.echo(f"{target}: {size:,} bytes")
