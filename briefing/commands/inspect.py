"""``briefing inspect``: print what a page, post, text or document says; write nothing."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from archive.errors import BriefingError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.records import Article


@click.command("inspect")
@click.argument("paths", nargs=-1, required=True, metavar="PATH_OR_URL...")
@click.option("--explain", "explaining", is_flag=True, help="Print how each contact was found instead.")
def command(paths: tuple[str, ...], *, explaining: bool) -> int:
    """Print all that is extracted from files or pages, as JSON Lines.

    PATH is a saved page (.html), a Jekyll post (.md), running text (.txt), a document (.hwpx, .hwp, .pdf),
    or a folder of such files; a URL is fetched as politely as by a crawl. What cannot be read is named on
    standard error; the rest is printed, and the exit code is 65. --explain prints for every number its words,
    the units named around it, and all candidate owners with what speaks for and against each.

    \b
    Example:
      briefing inspect _posts/2024-07-29-359.md page.html | jq .contacts
      briefing inspect --explain release.txt
    """
    failed = 0
    for place in places_of(paths):
        try:
            said = explanation(place) if explaining else [as_json(place)]
        except (BriefingError, OSError) as error:
            detail = error.strerror if isinstance(error, OSError) else error
            click.echo(f"Error: {place}: {detail}", err=True)
            failed += 1
        else:
            click.echo("\n".join(said))
    return InputError.exit_code if failed else 0


def read(place: str) -> Article:
    """Extract what a file, or the page at an address, says."""
    from crawler.extract import extract  # takes its time to load, and help is to answer at once
    from crawler.fetching import fetch, is_address

    if is_address(place):
        page = fetch(place)
        return extract(urlsplit(page.url).path, page.content, page.url)
    return extract(place, Path(place).read_bytes())


def as_json(place: str) -> str:
    """Write all that is extracted from a file or page as one line of JSON."""
    return json.dumps(described(place, read(place)), ensure_ascii=False)


def explanation(place: str) -> list[str]:
    """Say how each contact of a file or page was found, under its name."""
    from pipelines.contacts.explain import explained  # loads the word lists

    with explained() as explanations:
        read(place)
    return [place, *explanations]


def places_of(written: Iterable[str]) -> Iterator[str]:
    """List what is meant: a folder stands for the files it holds; all else is given as it is."""
    from crawler.extract import SUFFIXES

    for place in written:
        folder = Path(place)
        if folder.is_dir():
            found = (file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES)
            yield from map(str, sorted(found))
        else:
            yield place


def described(path: str, article: Article) -> dict[str, Any]:
    """Describe an article for machines; texts of other sources than the body are left out."""
    values = asdict(article)
    body = values.pop("body")
    values.pop("body_texts")
    url = values.pop("canonical_url")
    for attachment in values["attachments"]:
        attachment.pop("content")
    return {
        "path": path,
        "url": url,
        **values,
        "body_text": body["text"],
        "body_markdown": body["markdown"],
        "body_html": body["html"],
    }
