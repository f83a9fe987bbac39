"""``briefing inspect``: print what a page, post, text or document says; write nothing."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import InputError
from crawler.extract import SUFFIXES, extract

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.records import Article


@click.command("inspect")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def command(paths: tuple[str, ...]) -> int:
    """Print all that is extracted from files, one JSON object a line.

    PATH is a saved page (.html), a Jekyll post (.md), running text (.txt), a document (.hwpx, .hwp, .pdf),
    or a folder of such files. A file that cannot be read is named on standard error; the others are printed,
    and the exit code is 65.

    \b
    Example:
      briefing inspect _posts/2024-07-29-359.md page.html | jq .contacts
    """
    failed = 0
    for path in files_of(paths):
        try:
            article = extract(str(path), path.read_bytes())
        except (InputError, OSError) as error:
            detail = error.strerror if isinstance(error, OSError) else error
            click.echo(f"Error: {path}: {detail}", err=True)
            failed += 1
        else:
            click.echo(json.dumps(described(str(path), article), ensure_ascii=False))
    return InputError.exit_code if failed else 0


def files_of(paths: Iterable[str]) -> Iterator[Path]:
    """List the files meant: a folder stands for what it holds; what does not exist is given as it is."""
    for written in paths:
        path = Path(written)
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES)
        else:
            yield path


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
