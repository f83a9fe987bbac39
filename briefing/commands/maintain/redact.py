"""``briefing redact``: remove an article, or the people that it names, from the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from archive.articles.lookup import find_article
from archive.integrity.redact import (
    Scope,
    earlier_redaction,
    finish_redaction,
    others_alike,
    redact,
    unfinished_redaction,
)
from briefing.options import db_option, json_option, open_to_change, print_json
from crawler.run.clock import Clock
from crawler.sites.urls import identify

if TYPE_CHECKING:
    from pathlib import Path

    from archive.records import Contact


@click.command("redact")
@click.argument("reference", required=False)
@click.option(
    "--scope",
    type=click.Choice(["article", "contacts"]),
    default="article",
    show_default=True,
    help="The whole article, or its contacts wherever it prints them.",
)
@click.option("--reason", help="The reason, in one line, without what is redacted.")
@click.option("--resume", is_flag=True, help="Finish a redaction that was interrupted; takes no REFERENCE.")
@db_option
@json_option
def command(
    reference: str | None, scope: str, reason: str | None, resume: bool, db: Path, as_json: bool
) -> None:
    """Remove an article permanently, and leave a tombstone.

    Texts, contacts, files, search tokens and the bytes of captured pages are removed, also those of list
    pages that show the article; its URL and the reason stay. Neither a crawl nor an import brings it back.
    With --scope contacts the article stays, with names, numbers and e-mail addresses blacked out. The file is
    rewritten, which needs as much free disk space as its size. Not changed are earlier exports and snapshots,
    pages of other articles that show its headline in a sidebar, and other articles that print the same text;
    the known ones are listed. What was redacted before keeps its reason; what came back in pages captured
    since is removed. REFERENCE is as for show. The next command that writes finishes an interrupted
    redaction; verify reports it until then.

    \b
    Example:
      briefing redact korea.kr/press/156700001 --scope contacts --reason "request of 2026-10-06"
    """
    if resume:
        _resume(db, given=bool(reference or reason), as_json=as_json)
        return
    if not reference:
        raise click.UsageError("REFERENCE is missing: name the article")
    if not reason or not reason.strip():
        raise click.UsageError("--reason needs a few words")
    with open_to_change(db) as archive, archive.hold():
        article_id = find_article(archive.conn, reference, identify(reference))
        others = others_alike(archive.conn, article_id)
        earlier = earlier_redaction(archive.conn, article_id, cast("Scope", scope))
        redact(archive, article_id, cast("Scope", scope), reason, Clock().now(), contacts_in=_contacts_in)
    if as_json:
        kept = earlier[0] if earlier else reason
        print_json({"article": article_id, "scope": scope, "reason": kept, "others": others})
        return
    if earlier:
        click.echo(f"Article {article_id} was redacted at {earlier[1]}; its reason stays: {earlier[0]}")
    else:
        click.echo(f"Redacted {'article' if scope == 'article' else 'the contacts of article'} {article_id}.")
    if others:
        told = "; ".join(f"{other_id} ({reason})" for other_id, reason in others.items())
        click.echo(f"Articles that may print the same, and stay: {told}")


def _resume(db: Path, *, given: bool, as_json: bool) -> None:
    """Finish an interrupted redaction, or print that there is none."""
    if given:
        raise click.UsageError("--resume takes no REFERENCE and no --reason: both are stored")
    with open_to_change(db) as archive:
        article_id = unfinished_redaction(archive.conn)
        with archive.hold():
            finish_redaction(archive)
    if as_json:
        print_json({"article": article_id})
    elif article_id is None:
        click.echo("No redaction is unfinished.")
    else:
        click.echo(f"Finished the redaction of article {article_id}.")


def _contacts_in(text: str) -> tuple[Contact, ...]:
    """Find the contacts in a text of an earlier version."""
    from pipelines.blocks import Paragraph
    from pipelines.contacts import find_contacts

    return find_contacts([Paragraph(line) for line in text.splitlines()])
