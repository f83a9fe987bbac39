"""``briefing redact``: take an article, or the people that it names, out of the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from archive.database import Archive
from archive.redact import Scope, others_alike, redact
from briefing.commands.show import find_article
from briefing.options import db_option, json_option, print_json
from crawler.clock import Clock

if TYPE_CHECKING:
    from pathlib import Path

    from archive.records import Contact


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
    the article too; its address and the reason stay. The article is frozen: neither a crawl nor an import
    brings it back. With --scope contacts the article stays, with names, numbers and addresses blacked out.
    The file is written anew from what stays, which needs as much free disk as it is long. Exports and
    snapshots made before are not changed by this, nor pages of other articles that show its headline in a
    margin, nor other articles that print the same text: those known of are named. REFERENCE is as for show.

    \b
    Example:
      briefing redact korea.kr/press/156700001 --scope contacts --reason "request of 2026-10-06"
    """
    if not reason.strip():
        raise click.UsageError("--reason wants a few words")
    Archive.open(db).close()  # where there is no archive, none is made
    with Archive.create_or_open(db) as archive, archive.hold():
        article_id = find_article(archive.conn, reference)
        others = others_alike(archive.conn, article_id)
        redact(archive, article_id, cast("Scope", scope), reason, Clock().now(), contacts_in=_contacts_in)
    if as_json:
        print_json({"article": article_id, "scope": scope, "reason": reason, "others": others})
        return
    click.echo(f"Took out {'article' if scope == 'article' else 'the contacts of article'} {article_id}.")
    if others:
        told = "; ".join(f"{other_id} ({reason})" for other_id, reason in others.items())
        click.echo(f"Articles that may print the same, and stay: {told}")


def _contacts_in(text: str) -> tuple[Contact, ...]:
    """Find the contacts in a text of an earlier version."""
    from pipelines.blocks import Paragraph
    from pipelines.contacts import find_contacts

    return find_contacts([Paragraph(line) for line in text.splitlines()])
