"""``briefing inspect``: print what a page, post, text or document says; write nothing."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from archive.errors import BriefingError, InputError, MachineError
from briefing.options import refuse_missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from archive.records import Article
    from crawler.http.fetching import Page


@click.command("inspect")
@click.argument("paths", nargs=-1, required=True, metavar="PATH_OR_URL...")
@click.option("--explain", "explaining", is_flag=True, help="Print how each contact was found instead.")
def command(paths: tuple[str, ...], *, explaining: bool) -> int:
    """Print all that is extracted from files or pages, as JSON Lines.

    PATH is a saved page, a Jekyll post, running text, a document (HWPX, HWP, HWPML, PDF), or a folder of
    such files; the kind of a file is detected by its content. A URL is fetched with the throttle and rules of
    a crawl. What cannot be read is named on standard error, the rest is printed, and the exit code is 65.
    Where a path does not exist nothing is read, and the exit code is 66.

    --explain prints for every number its words, the units named around it, and all candidate owners with the
    evidence for and against each.

    \b
    Example:
      briefing inspect _posts/2024-07-29-359.md page.html | jq .contacts
      briefing inspect --explain release.txt
    """
    failed = 0
    refuse_missing(Path(path) for path in paths if not is_url(path))
    pages = fetched([path for path in paths if is_url(path)])
    for source in inputs_of(paths):
        try:
            said = explanation(source, pages) if explaining else [as_json(source, pages)]
        except MachineError:
            raise
        except BriefingError as error:
            click.echo(f"Error: {source}: {error}", err=True)
            failed += 1
        else:
            click.echo("\n".join(said))
    return InputError.exit_code if failed else 0


def is_url(text: str) -> bool:
    """Return whether an argument is a URL and not a path."""
    return text.lower().startswith(("http://", "https://"))


def fetched(urls: Sequence[str]) -> Mapping[str, Page | BriefingError]:
    """Fetch pages, or return why they could not be fetched; without any the downloader is not loaded."""
    if not urls:
        return {}
    from crawler.http.fetching import fetch_all

    return fetch_all(urls)


def read(source: str, pages: Mapping[str, Page | BriefingError], *, here: bool = False) -> Article:
    """Extract a file, or a page that was fetched; raises why it was not.

    Args:
        source: the path, or the URL.
        pages: what was fetched, by URL.
        here: whether to read in this process, without the bounds of the sandbox.
    """
    # They take their time to load, and help is to answer at once.
    from crawler.extraction.from_file import extract, observe
    from crawler.extraction.kinds import content_of
    from pipelines.build import build_article

    page = pages.get(source)
    if isinstance(page, BriefingError):
        raise page
    if page is not None:
        name, content, url = urlsplit(page.url).path, page.content, page.url
    else:
        name, content, url = source, content_of(Path(source)), ""
    return build_article(observe(name, content, url)) if here else extract(name, content, url)


def as_json(source: str, pages: Mapping[str, Page | BriefingError]) -> str:
    """Write all that is extracted from a file or page as one line of JSON."""
    return json.dumps(described(source, read(source, pages)), ensure_ascii=False)


def explanation(source: str, pages: Mapping[str, Page | BriefingError]) -> list[str]:
    """Return how each contact of a file or page was found, under its name."""
    from pipelines.contacts.explain import explained  # loads the word lists

    with explained() as explanations:
        read(source, pages, here=True)
    return [source, *explanations]


def inputs_of(written: Iterable[str]) -> Iterator[str]:
    """List the inputs: a folder stands for its files; anything else is itself."""
    from crawler.extraction.importing import files_in
    from crawler.extraction.kinds import READ

    for source in written:
        yield from map(str, files_in([Path(source)], READ)) if Path(source).is_dir() else [source]


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
