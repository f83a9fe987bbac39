"""Jekyll posts that republish articles: front matter, template lines, a body of Markdown mixed with HTML.

Seen in 2,193 posts of a public repository that republish newsdao.kr (uploads 2024-06-12 to 2024-08-07): 253
are Markdown, the rest HTML in the Markdown file with bare prose between the blocks. The 출처 line names the
article; the picture and the last line are the same in all.
"""

from __future__ import annotations

import re
from functools import cached_property
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml
from markdown_it import MarkdownIt
from web_poet import field

from archive.records import NEWSDAO, Attachment
from crawler.pages.base import ArticlePage, folded

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_KEY = re.compile(r"^([A-Za-z_][\w-]*):[ \t]*(.*)$")
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-([^/]+?)(?:\.\w+)?$")
_SOURCE = (
    re.compile(
        r'^<p>출처: <a href="(?P<url>[^"]+)" rel="dofollow">(?P<title>.*?)</a> \| [^<\n]+</p>[ \t]*$', re.M
    ),
    re.compile(r"^\[출처: (?P<title>.*)\]\((?P<url>[^()\s]+)\) \| [^<\n]+$", re.M),
)
_TEMPLATE = (
    *_SOURCE,
    re.compile(r"^(?:## 뉴스다오 속보\s*)?!\[뉴스다오 속보\]\(\S+\)[ \t]*$", re.M),
    re.compile(r"(?:<p>)?\s*빠르고 정확한 뉴스를 원한다면\? 바로, <a [^>]*>[^<]*</a>\s*(?:</p>)?"),
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")

# Markdown that stands inside HTML blocks, where no renderer looks for it (22 posts bold, 10 links).
_BOLD = re.compile(r"\*\*(?=[^\s*])([^*\n]+?)(?<=\S)\*\*")
_LINK = re.compile(r"(?<!!)\[([^\[\]\n]+)\]\(\s*((?:https?://|www\.|tel:)[^()\s\"<>]+)\s*\)")
_FENCE = re.compile(r"^```(?:markdown|html)[ \t]*\n(.*?)^```[ \t]*$", re.S | re.M)
# Posts indent their tables with tabs and leave empty lines in them: no indented text is code.
_RENDERER = MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")


class FrontMatter(NamedTuple):
    """The head of a post.

    Attributes:
        values: its keys.
        repaired: whether it was no valid YAML and was read line by line.
        body: what follows it.
    """

    values: dict[str, Any]
    repaired: bool
    body: str


def front_matter(text: str) -> FrontMatter:
    """Divide a post into its front matter and its body; invalid YAML is repaired, never lost."""
    match = _FRONT.match(text)
    if not match:
        return FrontMatter({}, False, text)
    try:
        values = yaml.load(match[1], Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return FrontMatter(_line_by_line(match[1]), True, text[match.end() :])
    if not isinstance(values, dict):
        return FrontMatter(_line_by_line(match[1]), True, text[match.end() :])
    return FrontMatter(values, False, text[match.end() :])


def _line_by_line(text: str) -> dict[str, Any]:
    """Read keys and their values as plain text: what YAML refuses is quotes and colons inside a headline."""
    found: dict[str, list[str]] = {}
    key = ""
    for line in re.split(r"\r\n|\n", text):
        match = _KEY.match(line)
        if match:
            key = match[1]
            found[key] = [match[2]]
        elif key:
            found[key].append(line)
    return {key: folded(" ".join(lines)).removeprefix("> ") for key, lines in found.items()}


class JekyllPage(ArticlePage):
    """A post: what it republishes is the article, the post is its carrier."""

    layout_name = "jekyll/post"

    @property
    def recognised(self) -> bool:
        """Tell a post by its front matter."""
        return bool(_FRONT.match(self.html))

    @cached_property
    def front(self) -> FrontMatter:
        """The head of the post and what follows it."""
        return front_matter(self.html)

    @cached_property
    def _record(self) -> dict[str, Any]:
        """What our own export wrote of the article; empty in other posts."""
        record = self.front.values.get("briefing")
        return record if isinstance(record, dict) else {}

    @cached_property
    def _source(self) -> tuple[str | None, str | None]:
        if "source" in self._record:
            source = self._record["source"] or {}
            return source.get("title"), source.get("url")
        for form in _SOURCE:
            if match := form.search(self.front.body):
                return folded(unescape(_TAG.sub("", match["title"]))), match["url"]
        return None, None

    @cached_property
    def _file(self) -> re.Match[str] | None:
        return _NAME.search(urlsplit(str(self.response.url)).path)

    @field
    def site(self) -> str:
        """Name the site of the article republished."""
        return str(self._record.get("site") or NEWSDAO)

    @field
    def section(self) -> str:
        """Name the section of the article republished."""
        return str(self._record.get("section") or "article")

    @field
    def native_id(self) -> str:
        """Give the id in the address of the 출처 line, or the name of the file."""
        if self._record.get("native_id"):
            return str(self._record["native_id"])
        address = urlsplit(self._source[1] or "")
        return address.path.strip("/") or (self._file[0] if self._file else "")

    @field
    def canonical_url(self) -> str:
        """Give the address of the article republished."""
        return str(self._record.get("url") or f"https://{NEWSDAO}/{self.native_id}")

    @field
    def title(self) -> str:
        """Give the title of the post."""
        return folded(str(self.front.values.get("title") or ""))

    @field
    def published(self) -> tuple[str, ...]:
        """Give the date of the front matter, or of the file's name as Jekyll does (the day of the upload)."""
        if "published_at" in self._record:
            return (str(self._record["published_at"]),) if self._record["published_at"] else ()
        dates = [self.front.values.get("date"), self._file[1] if self._file else None]
        return tuple(str(date) for date in dates if date)

    @field
    def subtitle(self) -> str | None:
        """Give the subtitle that our own export wrote."""
        return self._record.get("subtitle")

    @field
    def organization(self) -> str | None:
        """Give the ministry that our own export wrote."""
        return self._record.get("organization")

    @field
    def writer(self) -> str | None:
        """Give the writer that our own export wrote, or the author of the front matter."""
        author = self._record.get("writer") or self.front.values.get("author")
        return folded(author) if isinstance(author, str) else None

    @field
    def presenter(self) -> str | None:
        """Give the presenter that our own export wrote."""
        return self._record.get("presenter")

    @field
    def attachments(self) -> tuple[Attachment, ...]:
        """List the files that our own export wrote."""
        return tuple(Attachment(**file) for file in self._record.get("attachments", ()))

    @field
    def source_title(self) -> str | None:
        """Give the text of the 출처 link, without tags."""
        return self._source[0]

    @field
    def source_url(self) -> str | None:
        """Give the address of the 출처 link."""
        return self._source[1]

    @field
    def body_html(self) -> str:
        """Render the body without the lines that all posts share."""
        return rendered(without_template(self.front.body))


def without_template(body: str) -> str:
    """Take out the picture, the 출처 line and the last line, which are the same in all posts."""
    for line in _TEMPLATE:
        body = line.sub("", body)
    return body


def rendered(markdown: str) -> str:
    """Render Markdown, also where it stands inside HTML blocks or in a fence put around prose."""
    markdown = _FENCE.sub(r"\1", markdown.replace("\r\n", "\n").replace("\r", "\n"))
    html: str = _RENDERER.render(_LINK.sub(r'<a href="\2">\1</a>', _BOLD.sub(r"<b>\1</b>", markdown)))
    return html
