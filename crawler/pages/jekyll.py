"""Jekyll posts that republish articles: front matter, template lines, a body of Markdown mixed with HTML.

Seen in 2,193 posts of a public repository that republish newsdao.kr (uploads 2024-06-12 to 2024-08-07): 253
are Markdown, the rest HTML in the Markdown file with bare prose between the blocks. The 출처 line names the
article; the picture and the last line are the same in all.
"""

from __future__ import annotations

import json
import re
from functools import cached_property
from html import unescape
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from web_poet import field

from archive.records import NEWSDAO, Attachment
from archive.text import front_matter as yaml
from archive.text.normalize import one_line
from archive.text.pictures import restored_pictures
from crawler.pages.base import ArticlePage
from crawler.sites.sections import SECTIONS
from crawler.sites.urls import Identity, canonical_url, identify, split

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)
KOGL_TYPES = range(5)  # types of the public licence (공공누리); 0 is free use without conditions
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
    re.compile(r"(?:<p>\s*)?빠르고 정확한 뉴스를 원한다면\? 바로, <a [^>]*>[^<]*</a>\s*(?:</p>)?"),
)
_SECTIONS = frozenset((section.site, section.name) for section in SECTIONS)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")

# Markdown that stands inside HTML blocks, where no renderer looks for it (22 posts bold, 10 links).
_BOLD = re.compile(r"\*\*(?=[^\s*])([^*\n]+?)(?<=\S)\*\*")
_LINK = re.compile(r"(?<!!)\[([^\[\]\n]+)\]\(\s*((?:https?://|www\.|tel:)[^()\s\"<>]+)\s*\)")
_FENCE = re.compile(r"^```(?:(markdown|html)[ \t]*\n|[ \t]*$)", re.M)
# Posts indent their tables with tabs and leave empty lines in them: no indented text is code.
_RENDERER = MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")

MOST_MARKDOWN = 256_000
"""Characters of a body that are read as Markdown: the parser takes 9 µs for a bracket; no post has 14,000."""


class FrontMatter(NamedTuple):
    """The front matter of a post.

    Attributes:
        values: its keys.
        repaired: whether it was no valid YAML and was read key by key.
        body: what follows it.
    """

    values: dict[str, Any]
    repaired: bool
    body: str


def front_matter(text: str) -> FrontMatter:
    """Divide a post into its front matter and its body; raises InputError where values cannot be read."""
    match = _FRONT.match(text)
    if not match:
        return FrontMatter({}, False, text)
    return FrontMatter(*yaml.read(match[1]), text[match.end() :])


def is_post(text: str) -> bool:
    """Return whether a text is a post: whether it begins with front matter."""
    return bool(_FRONT.match(text))


class JekyllPage(ArticlePage):
    """A post, read as the article that it republishes."""

    version = 5
    layout_name = "jekyll/post"

    @property
    def recognised(self) -> bool:
        """Whether it has front matter."""
        return is_post(self.html)

    @cached_property
    def front(self) -> FrontMatter:
        """The front matter of the post and what follows it."""
        return front_matter(self.html)

    @cached_property
    def _record(self) -> dict[str, Any]:
        """What our own export wrote of the article; empty in other posts."""
        record = self.front.values.get("briefing")
        if not isinstance(record, dict) or not _said(record, "native_id"):
            return {}
        return record if (_said(record, "site"), _said(record, "section")) in _SECTIONS else {}

    @cached_property
    def _source(self) -> tuple[str | None, str | None]:
        if "source" in self._record:
            source = self._record["source"]
            return (
                (_said(source, "title"), _said(source, "url")) if isinstance(source, dict) else (None, None)
            )
        for form in _SOURCE:
            if match := form.search(self.front.body):
                return one_line(unescape(_TAG.sub("", match["title"]))), match["url"]
        return None, None

    @cached_property
    def _name(self) -> str:
        return unquote(PurePosixPath(split(str(self.response.url)).path).name)

    @cached_property
    def _dated(self) -> re.Match[str] | None:
        return _NAME.search(self._name)

    @cached_property
    def _identity(self) -> Identity:
        """Which article is republished: by our own export, by the 출처 line, else by the name of the file."""
        if self._record:
            return Identity(*(str(self._record[name]) for name in ("site", "section", "native_id")))
        own = self._dated[0] if self._dated else PurePosixPath(self._name).stem
        return identify(self._source[1] or "") or Identity(NEWSDAO, "article", own)

    @field
    def site(self) -> str:
        """Name the site of the article republished."""
        return self._identity.site

    @field
    def section(self) -> str:
        """Name the section of the article republished."""
        return self._identity.section

    @field
    def native_id(self) -> str:
        """Return the id in the URL of the 출처 line, or the name of the file."""
        return self._identity.native_id

    @field
    def canonical_url(self) -> str:
        """Return the URL of the article republished."""
        return _said(self._record, "url") or canonical_url(*self._identity)

    @field
    def title(self) -> str:
        """Return the title of the post."""
        return _said(self.front.values, "title") or ""

    @field
    def published(self) -> tuple[str, ...]:
        """Return the date of the front matter, or as Jekyll does of the file name (the day of upload)."""
        if "published_at" in self._record:
            return tuple(filter(None, [_said(self._record, "published_at")]))
        dates = [_said(self.front.values, "date"), self._dated[1] if self._dated else None]
        return tuple(date for date in dates if date)

    @field
    def subtitle(self) -> str | None:
        """Return the subtitle that our own export wrote."""
        return _said(self._record, "subtitle")

    @field
    def organization(self) -> str | None:
        """Return the ministry that our own export wrote."""
        return _said(self._record, "organization")

    @field
    def writer(self) -> str | None:
        """Return the writer that our own export wrote, or the author of the front matter."""
        return _said(self._record, "writer") or _said(self.front.values, "author")

    @field
    def presenter(self) -> str | None:
        """Return the presenter that our own export wrote."""
        return _said(self._record, "presenter")

    @field
    def kogl_type(self) -> int | None:
        """Return the type of the public licence (공공누리) that our own export wrote."""
        said = self._record.get("kogl_type")
        return said if type(said) is int and said in KOGL_TYPES else None

    @field
    def kogl_text(self) -> str | None:
        """Return the words of the licence that our own export wrote."""
        return _said(self._record, "kogl_text")

    @field
    def attachments(self) -> tuple[Attachment, ...]:
        """List the files that our own export wrote."""
        files = self._record.get("attachments")
        return tuple(filter(None, map(_attachment, files))) if isinstance(files, list) else ()

    @field
    def source_title(self) -> str | None:
        """Return the text of the 출처 link, without tags."""
        return self._source[0]

    @field
    def source_url(self) -> str | None:
        """Return the URL of the 출처 link."""
        return self._source[1]

    @field
    def body_html(self) -> str:
        """Render the body without the lines that all posts share, links for pictures as pictures."""
        return restored_pictures(rendered(self._parts.body))

    @cached_property
    def _parts(self) -> Parts:
        return divided(self.front.body)

    @field
    def post(self) -> str:
        """Return what the post says beside its text, as JSON."""
        beside = {
            "name": self._name,
            "front": self.front.values,
            "head": self._parts.head,
            "foot": self._parts.foot,
        }
        return json.dumps(beside, ensure_ascii=False)


class Parts(NamedTuple):
    """The body of a post, and the lines before and after it that all posts share, as written."""

    head: str
    body: str
    foot: str


def divided(body: str) -> Parts:
    """Separate the text from the picture, the 출처 line and the last line, the same in all posts."""
    spans = []
    for form in _TEMPLATE:
        spans += [match.span() for match in form.finditer(body)]
    head: list[str] = []
    foot: list[str] = []
    shared, rest, end = head, [], 0
    for start, stop in sorted(spans):
        if start < end:
            continue
        rest.append(body[end:start])
        if rest[-1].strip():
            shared = foot
        shared.append(body[start:stop].strip())
        end = stop
    return Parts("\n\n".join(head), "".join(rest) + body[end:], "\n\n".join(foot))


def _said(values: dict[str, Any], name: str) -> str | None:
    """Return a value of front matter that is a text or a number, white space folded; None for any other."""
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return one_line(str(value)) or None


def _attachment(file: Any) -> Attachment | None:
    """Read one file of our own export; None for what is none."""
    if not isinstance(file, dict):
        return None
    file_id, name, url = (_said(file, key) for key in ("file_id", "name", "url"))
    return Attachment(file_id, name or "", url, format=_said(file, "format")) if file_id and url else None


def rendered(markdown: str) -> str:
    """Render Markdown, also where it stands inside HTML blocks or in a fence put around prose.

    Of more than :data:`MOST_MARKDOWN` characters the rest is read as HTML, its Markdown as it is written.
    """
    text = markdown.replace("\r\n", "\n").replace("\r", "\n")
    end = len(text) if len(text) <= MOST_MARKDOWN else _last_break(text[:MOST_MARKDOWN])
    inside = _BOLD.sub(r"<b>\1</b>", _without_fences(text[:end]))
    html: str = _RENDERER.render(_LINK.sub(r'<a href="\2">\1</a>', inside))
    return html + "".join(f"<p>{rest}</p>\n" for rest in text[end:].split("\n\n") if rest.strip())


def _last_break(text: str) -> int:
    """Find where the last whole paragraph of a text ends, else its last line, else its end."""
    return max(text.rfind("\n\n"), 0) or max(text.rfind("\n"), 0) or len(text)


def _without_fences(text: str) -> str:
    """Remove the fences that are put around prose; one that is never closed stays."""
    kept, end = [], 0
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence if fence[1] else None
        elif not fence[1]:
            kept += [text[end : opened.start()], text[opened.end() : fence.start()]]
            opened, end = None, fence.end()
    return "".join(kept) + text[end:]
