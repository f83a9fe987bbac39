"""``briefing search``: find articles by what they say."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.database import Archive
from archive.search import MARKS, search
from briefing.options import db_option, json_option, print_json

if TYPE_CHECKING:
    from pathlib import Path

    from archive.search import Hit


@click.command("search")
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many at most.")
@click.option("--newest", is_flag=True, help="Order by date instead of by relevance.")
@db_option
@json_option
def command(query: tuple[str, ...], limit: int, newest: bool, db: Path, as_json: bool) -> None:
    """Find articles by the words of title, text and attachments.

    All words of QUERY must be there. Particles and spaces inside compounds do not matter. Quotes ask for
    the exact phrase, a minus leaves out, OR gives a choice; 제목:, 본문:, 첨부:, 기관: and 번호: (title:,
    body:, attachments:, organization:, id:) look in one place. Write -- before a query that begins with a
    minus.

    \b
    Example:
      briefing search '의대증원 -간호사' --limit 5
    """
    with Archive.open(db) as archive:
        hits = search(archive.conn, " ".join(query), limit=limit, newest_first=newest)
    if as_json:
        print_json([asdict(hit) for hit in hits])
    elif hits:
        Console().print(_table(hits))
    else:
        click.echo("Nothing found.")


def _table(hits: list[Hit]) -> Table:
    table = Table("id", "published", "organization", "title and text", show_lines=True)
    for hit in hits:
        found = Text(hit.title, style="bold").append("\n").append_text(_highlighted(hit.snippet))
        table.add_row(str(hit.id), (hit.published_at or "")[:10], hit.organization or "", found)
    return table


def _highlighted(snippet: str) -> Text:
    start, end = MARKS
    text = Text(style="not bold")
    for at, part in enumerate(snippet.split(start)):
        marked, _, rest = part.partition(end) if at else ("", "", part)
        text.append(marked, style="bold yellow").append(rest)
    return text
