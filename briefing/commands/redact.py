"""``briefing redact``: take an article, or the people that it names, out of the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from archive.database import Archive
from archive.redact import Scope, redact
from briefing.commands.show import find_article
from briefing.options import db_option, json_option, print_json
from crawler.clock import Clock

if TYPE_CHECKING:
    from pathlib import Path


@click.command("redact")
@click.argument("reference")
@click.option(
    "--scope",
    type=click.Choice(["article", "contacts"]),
    default="article",
    show_default=True,
    help="The whole article, or its contacts wherever it prints them.",
)
@click.option("--reason", required=True, help="Why, in one line, without what is taken out.")
@db_option
@json_option
def command(reference: str, scope: str, reason: str, db: Path, as_json: bool) -> None:
    """Take an article out for good, and leave a tombstone.

    Texts, contacts, files, search tokens and the bytes of captured pages go, those of list pages that show
    the article too; its address and the reason stay. The article is frozen: later crawls do not bring it
    back. With --scope contacts the article stays, with names, numbers and addresses blacked out. Exports
    and snapshots made before are not changed by this. REFERENCE is as for show.

    \b
    Example:
      briefing redact korea.kr/press/156700001 --scope contacts --reason "request of 2026-10-06"
    """
    if not reason.strip():
        raise click.UsageError("--reason wants a few words")
    Archive.open(db).close()  # where there is no archive, none is made
    with Archive.create_or_open(db) as archive, archive.hold():
        article_id = find_article(archive.conn, reference)
        redact(archive, article_id, cast("Scope", scope), reason, Clock().now())
    if as_json:
        print_json({"article": article_id, "scope": scope, "reason": reason})
    else:
        click.echo(f"Took out {'article' if scope == 'article' else 'the contacts of article'} {article_id}.")
