"""Export as Jekyll posts: front matter, the 출처 line, and the body as HTML, as republishers write them.

An article that was imported from a post is exported as that post: the same name, front matter, first and last
lines. Of others, what the form has no place for stands in the front matter under ``briefing``, so that
``briefing import`` makes the same article of the post again.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any

from archive.export.rows import articles
from archive.records import NEWSDAO
from archive.text import front_matter
from archive.text.normalize import one_line
from archive.text.pictures import restored_pictures

if TYPE_CHECKING:
    from pathlib import Path

    from archive.database import Archive
    from archive.export.rows import Row, Selection
    from archive.integrity.parallel import Moment

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
    "kogl_type",
    "kogl_text",
)
FILE = ("file_id", "name", "url", "format")
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}-[^/\\\0]{1,200}\.(?:md|markdown)")
# What Liquid and Markdown would read as theirs: tags, emphasis, links; an empty line ends a block of HTML.
_THEIRS = re.compile(r"\{(?=[{%])|\*(?=\*)|(?<=\*)\*|(?<=\])\(|\n")


def write(now: Moment, folder: Path, selection: Selection) -> int:
    """Write ``_posts/YYYY-MM-DD-N.md`` into a folder and return the number of articles.

    Posts are numbered within a day from 1; the day is that of publication, or where none is known the one on
    which the archive first saw the article. One that was imported from a post keeps the name of the post.
    """
    posts = folder / FOLDER
    posts.mkdir()
    numbers: Counter[str] = Counter()
    taken, written = _names(now.archive), 0
    for article in articles(now, selection):
        name = _name_of(article)
        while name is None or (posts / name).exists():
            day = (article["published_at"] or article["first_seen_at"])[:10]
            numbers[day] += 1
            name = f"{day}-{numbers[day]}.md"
            name = None if name in taken else name
        (posts / name).write_text(post(article), encoding="utf-8", newline="\n")
        written += 1
    return written


def post(article: Row) -> str:
    """Write one article as a post."""
    # A post has its pictures as it came; read again they are pictures and no words of the text.
    body = f"<div>{_THEIRS.sub(_spelled, restored_pictures(article['body_html']))}</div>"
    came_as = _came_as(article)
    if came_as is None:
        front, parts = _front_matter(article), [_source_line(article), body]
    else:
        front, parts = came_as["front"], [came_as["head"], body, came_as["foot"]]
    return f"---\n{front_matter.dump(front)}---\n\n" + "\n\n".join(filter(None, parts)) + "\n"


def _came_as(article: Row) -> dict[str, Any] | None:
    """Return the post that an article was imported from, unless something better replaced it."""
    if article["post"] is None or not article["layout"].startswith("jekyll"):
        return None
    came_as: dict[str, Any] = json.loads(article["post"])
    return came_as


def _name_of(article: Row) -> str | None:
    """Return the file name of an imported post, where it is one that Jekyll accepts."""
    name = (_came_as(article) or {}).get("name", "")
    return name if _NAME.fullmatch(name) else None


def _names(archive: Archive) -> set[str]:
    """Return the file names of imported posts, which no other post may have."""
    rows = archive.conn.execute(
        "SELECT json_extract(post, '$.name') FROM article_texts WHERE post IS NOT NULL"
    )
    return {name for (name,) in rows}


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
    folded = one_line(text)
    return folded if len(folded) <= EXCERPT else f"{folded[:EXCERPT]}…"


def _source(article: Row) -> Row | None:
    return next((source for source in article["sources"] if source["relation"] == "source"), None)


def _source_line(article: Row) -> str:
    """Write the source line at the top, as the licence demands."""
    source = _source(article) or {"title": article["title"], "url": article["url"]}
    url, title = source["url"] or article["url"], source["title"] or article["title"]
    name = NAMES.get(article["site"], "정책브리핑")
    return f'<p>출처: <a href="{escape(url)}" rel="dofollow">{escape(title, quote=False)}</a> | {name}</p>'


def _spelled(match: re.Match[str]) -> str:
    return " " if match[0] == "\n" else f"&#{ord(match[0])};"
