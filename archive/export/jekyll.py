"""Export as Jekyll posts: front matter, the 출처 line, and the body as HTML, as republishers write them.

What the form has no place for stands in the front matter under ``briefing``, so that ``briefing import``
makes the same article of the post again.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any

import yaml

from archive.export.rows import articles
from archive.records import NEWSDAO

if TYPE_CHECKING:
    from pathlib import Path

    from archive.database import Archive
    from archive.export.rows import Row, Selection

FOLDER = "_posts"
NAMES = {NEWSDAO: "뉴스다오"}
EXCERPT = 60  # characters, as in the posts seen
KEPT = (
    "site",
    "section",
    "native_id",
    "url",
    "subtitle",
    "published_at",
    "organization",
    "writer",
    "presenter",
)
FILE = ("file_id", "name", "url", "format")
# What Liquid and Markdown would read as theirs: tags, emphasis, links; an empty line ends a block of HTML.
_THEIRS = re.compile(r"\{(?=[{%])|\*(?=\*)|(?<=\*)\*|(?<=\])\(|\n")


def write(archive: Archive, folder: Path, selection: Selection) -> int:
    """Write ``_posts/YYYY-MM-DD-N.md`` into a folder and give the number of articles.

    Posts are numbered within a day from 1; the day is that of publication, or where none is known the one on
    which the archive first saw the article.
    """
    posts = folder / FOLDER
    posts.mkdir()
    numbers: Counter[str] = Counter()
    for article in articles(archive.conn, selection):
        day = (article["published_at"] or article["first_seen_at"])[:10]
        numbers[day] += 1
        (posts / f"{day}-{numbers[day]}.md").write_text(post(article), encoding="utf-8", newline="\n")
    return numbers.total()


def post(article: Row) -> str:
    """Write one article as a post."""
    front = yaml.dump(
        _front_matter(article), Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=2**20
    )
    line = _source_line(article)
    body = _THEIRS.sub(_spelled, article["body_html"])
    return f"---\n{front}---\n\n{line}\n\n<div>{body}</div>\n"


def _front_matter(article: Row) -> dict[str, Any]:
    record = {name: article[name] for name in KEPT if article[name] is not None}
    if article["published_at"] is None:
        record["published_at"] = None
    source = _source(article)
    record["source"] = {"title": source["title"], "url": source["url"]} if source else None
    files = [{name: file[name] for name in FILE} for file in article["attachments"] if not file["removed_at"]]
    if files:
        record["attachments"] = files
    return {
        "title": article["title"],
        "categories": [article["section"]],
        "excerpt": _excerpt(article["body_text"]),
        "briefing": record,
    }


def _excerpt(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= EXCERPT else f"{folded[:EXCERPT]}…"


def _source(article: Row) -> Row | None:
    return next((source for source in article["sources"] if source["relation"] == "source"), None)


def _source_line(article: Row) -> str:
    """Name the source at the head, as its licence asks."""
    source = _source(article) or {"title": article["title"], "url": article["url"]}
    url, title = source["url"] or article["url"], source["title"] or article["title"]
    name = NAMES.get(article["site"], "정책브리핑")
    return f'<p>출처: <a href="{escape(url)}" rel="dofollow">{escape(title, quote=False)}</a> | {name}</p>'


def _spelled(match: re.Match[str]) -> str:
    return " " if match[0] == "\n" else f"&#{ord(match[0])};"
