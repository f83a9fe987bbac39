"""``briefing show``: one article, its versions, what changed, or the bytes that it was read from."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from archive.articles.diff import differences
from archive.articles.history import history
from archive.articles.load import load_article
from archive.articles.lookup import find_article, page_capture, page_path, standing
from archive.captures.store import Captures
from archive.database import Archive
from archive.errors import UsageError
from briefing.commands.read.inspect import described
from briefing.opening import open_option, open_page
from briefing.options import db_option, json_option, print_json
from briefing.paging import paged
from crawler.sites.urls import identify

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from rich.console import Console

    from archive.articles.history import Version
    from archive.records import Article, Contact

CONTEXT = 60  # characters of unchanged text shown on either side of a change
STYLES = {"kept": "", "removed": "red strike", "added": "green underline"}
MARKS = {"kept": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}


@click.command("show")
@click.argument("reference")
@click.option("--versions", is_flag=True, help="List the versions.")
@click.option("--diff", is_flag=True, help="Show what each version changed, word by word.")
@click.option("--raw", is_flag=True, help="Write the bytes of the captured page to standard output.")
@open_option
@db_option
@json_option
def command(
    reference: str, versions: bool, diff: bool, raw: bool, open_browser: bool, db: Path, as_json: bool
) -> None:
    """Show one article, its versions, or what they changed.

    REFERENCE is its number in the archive, any of its URLs, or site/section/id.

    \b
    Example:
      briefing show korea.kr/press/156700001 --diff
    """
    with Archive.open(db) as archive:
        article_id = find_article(archive.conn, reference, identify(reference))
        if raw:
            _write_raw(archive, article_id)
        elif versions or diff:
            _show_versions(history(archive.conn, article_id), diff=diff, as_json=as_json)
        else:
            _show_article(archive.conn, article_id, as_json=as_json)
        path = page_path(archive.conn, article_id) + ("/history" if versions or diff else "")
    if open_browser:
        open_page(db, path)


def _write_raw(archive: Archive, article_id: int) -> None:
    capture_id = page_capture(archive.conn, article_id)
    if capture_id is None:
        raise UsageError(f"article {article_id} was not read from a captured page")
    sys.stdout.buffer.write(Captures(archive.conn, archive.files).read(capture_id).content)


def _show_versions(versions: tuple[Version, ...], *, diff: bool, as_json: bool) -> None:
    if as_json:
        print_json([asdict(version) for version in versions])
        return
    with paged() as console:
        for version in versions:
            fields = ", ".join(edit.field for edit in version.edits)
            line = f"{version.number}  {version.seen_at}  {version.kind}  {fields}".rstrip()
            console.print(Text(line, "bold"))
            for edit in version.edits if diff else ():
                changed = difference(edit.before, edit.after, console)
                console.print(Text(f"  {edit.field}: ").append_text(changed))


def difference(before: str, after: str, console: Console) -> Text:
    """Mark what was removed and added: in colour on a terminal, else as [-removed-] and {+added+}."""
    text = Text()
    changes = differences(before, after)
    for at, change in enumerate(changes):
        shown = change.text
        if change.kind == "kept":
            shown = _shortened(shown, first=at == 0, last=at == len(changes) - 1)
        start, end = ("", "") if console.is_terminal else MARKS[change.kind]
        text.append(f"{start}{shown}{end}", STYLES[change.kind])
    return text


def _shortened(kept: str, *, first: bool, last: bool) -> str:
    if len(kept) <= 2 * CONTEXT:
        return kept
    return ("" if first else kept[:CONTEXT]) + " … " + ("" if last else kept[-CONTEXT:])


def _show_article(conn: sqlite3.Connection, article_id: int, *, as_json: bool) -> None:
    article = load_article(conn, article_id)
    if article is None:
        raise UsageError(f"no article {article_id} in the archive")
    row = standing(conn, article_id)
    if as_json:
        values = described("", article)
        del values["path"]
        print_json({**row, **values})
        return
    with paged() as console:
        console.print(Text(article.title, "bold"))
        _print_facts(console, _facts(article, row))
        console.print()
        console.print(Text(article.body.text))


def _print_facts(console: Console, facts: list[tuple[str, str]]) -> None:
    """Print names and values: on a terminal side by side, each broken in its own column."""
    if not console.is_terminal:
        for name, value in facts:
            console.print(Text(f"{name:>12}  ").append(value))
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts:
        table.add_row(name, Text(value))
    console.print(table)


def _facts(article: Article, row: dict[str, Any]) -> list[tuple[str, str]]:
    state = row["state"] + (f" by article {row['superseded_by_id']}" if row["superseded_by_id"] else "")
    times = f"version {row['version']}, seen {row['first_seen_at']}, checked {row['checked_at']}"
    facts = [
        ("subtitle", article.subtitle),
        ("published", article.published_at),
        ("organization", article.organization),
        ("writer", article.writer),
        ("presenter", article.presenter),
        ("URL", article.canonical_url),
        ("state", f"{state}, {times}"),
        ("read from", f"{article.body_source}, by {article.parser}, capture {row['capture_id']}"),
        ("licence", article.kogl_text),
        ("source", article.source.source_url or article.source.origin_url),
    ]
    facts += [
        ("file", f"{file.name} ({file.state}, {file.size or '?'} bytes)") for file in article.attachments
    ]
    facts += [("contact", _contact(contact)) for contact in article.contacts]
    return [(name, value) for name, value in facts if value]


def _contact(contact: Contact) -> str:
    parts = (contact.organization, contact.department, contact.role, contact.person, contact.rank)
    inner = {number: f" 내선 {extension}" for number, extension in contact.extensions}
    phones = [phone + inner.get(phone, "") for phone in contact.phones]
    return " ".join([part for part in parts if part] + [*phones, *contact.emails])
