"""``briefing search``: find articles by what they say."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import click

from archive.database import Archive
from archive.search import MARKS, parse, search, without_heading
from briefing.opening import open_option, open_page
from briefing.options import db_option, json_option, print_json
from briefing.paging import print_paged

if TYPE_CHECKING:
    from pathlib import Path

    from archive.search import Hit


_MINUS = "\N{MINUS SIGN}"


class WithMinus(click.Command):
    """A command whose words may begin with a minus, which excludes a word."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Escape such a minus so that it is not parsed as an option."""
        takes_value = {
            name
            for option in self.get_params(ctx)
            if isinstance(option, click.Option) and not option.is_flag
            for name in option.opts
        }
        options = {name for option in self.get_params(ctx) for name in option.opts}
        return super().parse_args(
            ctx,
            [
                _MINUS + word[1:] if _left_out(word, options) and before not in takes_value else word
                for before, word in zip(["", *args], args, strict=False)
            ],
        )


def _left_out(word: str, options: set[str]) -> bool:
    return len(word) > 1 and word[0] == "-" != word[1] and word not in options


@click.command("search", cls=WithMinus)
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many at most.")
@click.option("--newest", is_flag=True, help="Order by date instead of by relevance.")
@open_option
@db_option
@json_option
def command(
    query: tuple[str, ...], limit: int, newest: bool, open_browser: bool, db: Path, as_json: bool
) -> None:
    """Find articles by the words of title, text and attachments.

    All words of QUERY must occur. Particles and spaces inside compounds do not matter. Quotes search the
    exact phrase, a minus excludes, OR gives alternatives; 제목:, 본문:, 첨부:, 기관: and 번호: (title:,
    body:, attachments:, organization:, id:) search one field. A ministry is found by its former and short
    names too.

    \b
    Example:
      briefing search '의대증원 -간호사' --limit 5
    """
    words = " ".join(f"-{word[1:]}" if word[0:1] == _MINUS else word for word in query)
    understood = parse(words)
    if not understood.groups:
        left_out = "; it only names what is to be left out" if understood.minus else ""
        click.echo(f"The query has no word to look for{left_out}.", err=True)
    with Archive.open(db) as archive:
        hits = search(archive.conn, words, limit=limit, newest_first=newest)
    if as_json:
        print_json([asdict(hit) for hit in hits])
    elif hits:
        print_paged("\n".join(map(_shown, hits)))
    else:
        click.echo("Nothing found.")
    if open_browser:
        open_page(db, "/search?" + urlencode({"q": words} | ({"sort": "new"} if newest else {})))


def _shown(hit: Hit) -> str:
    """Return a headline, where and when it was published under which number here, and the text found."""
    facts = (f"#{hit.id}", (hit.published_at or "")[:10], hit.organization)
    lines = (
        click.style(hit.title, bold=True),
        click.style("  ".join(filter(None, facts)), dim=True),
        _highlighted(without_heading(hit.snippet, hit.title)),
    )
    return "".join(f"{line}\n" for line in lines)


def _highlighted(snippet: str) -> str:
    start, end = MARKS
    before, *marked = snippet.split(start)
    parts = (part.partition(end) for part in marked)
    return before + "".join(click.style(word, "yellow", bold=True) + rest for word, _, rest in parts)
