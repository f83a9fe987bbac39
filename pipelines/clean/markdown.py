"""From parts to Markdown (CommonMark with GitHub's tables) that renders back to the same text.

Written by us and not by markdownify, for three reasons found by rendering its output back: emphasis beside
Korean particles (``**「정책」**을``) is no emphasis to CommonMark, so the marks must hug letters; many texts
(``1.``, ``- ``, ``~``, ``|``) come back as something else; and it needs a BeautifulSoup tree, which costs
several times the rest of the cleaning together.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from archive.text.pictures import PICTURE
from pipelines.clean.emphasis import emphasised, escaped
from pipelines.clean.headings import is_headed
from pipelines.clean.structure import Grid, Part, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_AT_START = re.compile(r"(?m)^(?:([-+=#>|:~])|(\d{1,9})([.)])(?=\s|$))")
_HIGHEST = 999_999_999  # CommonMark takes nine digits for the number of an item
_MARKS = {"bold": "**", "italic": "*"}


def markdown_of(parts: Iterable[Part | Grid]) -> str:
    """Write parts as Markdown; an item deeper than its list allows moves up."""
    written: list[str] = []
    depth = 0
    previous: Part | Grid | None = None
    for part in parts:
        text, depth = _written(part, depth)
        if not text:
            continue
        tight = _is_item(part) and _is_item(previous)
        written.append(text if previous is None else ("\n" if tight else "\n\n") + text)
        previous = part
    return "".join(written)


def _is_item(part: Part | Grid | None) -> bool:
    return isinstance(part, Part) and part.kind == "item"


def _written(part: Part | Grid, depth: int) -> tuple[str, int]:
    """Write one part; also give the depth of the list that is open after it."""
    if isinstance(part, Grid):
        return _table(part), 0
    if part.kind == "rule":
        return "---", 0
    text = _AT_START.sub(_escaped_start, _inline(part.spans))
    if not text:
        return "", depth
    if part.kind == "heading":
        return f"{'#' * part.level} " + text.replace("\n", " ").replace("#", "\\#"), 0
    if part.kind == "item":
        depth = min(part.level, depth + 1)
        bullet = "-" if part.number is None else f"{min(max(part.number, 0), _HIGHEST)}."
        indent = "    " * (depth - 1)
        return f"{indent}{bullet} " + text.replace("\n", f"  \n{indent}  "), depth
    text = text.replace("\n", "  \n")
    return (re.sub(r"(?m)^", "> ", text) if part.quoted else text), 0


def _escaped_start(match: re.Match[str]) -> str:
    return f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}"


def _table(grid: Grid) -> str:
    """Write a table; one without a row of headings gets an empty one, a spanned place stays empty."""
    table = grid.table
    columns = table.columns
    places = [[""] * columns for _ in range(table.rows)]
    for cell, spans in grid.cells:
        places[cell.row][cell.column] = _inline(spans).replace("|", "\\|").replace("\n", "<br>")
    if not is_headed(table):
        places.insert(0, [""] * columns)
    places.insert(1, ["---"] * columns)
    return "\n".join(f"| {' | '.join(row)} |" for row in places)


def _inline(spans: Sequence[Span]) -> str:
    """Write spans: links around their texts, marks around their letters."""
    if len(spans) == 1 and not spans[0].mark and not spans[0].href:
        return escaped(spans[0].text)
    written: list[str] = []
    groups = [
        (href, list(linked))
        for href, linked in groupby(spans, key=lambda span: span.href if span.mark != "image" else None)
    ]
    for place, (href, linked) in enumerate(groups):
        last = written[-1] if written else ""
        link = bool(href) and any(span.text.strip() for span in linked)
        follower = groups[place + 1] if place + 1 < len(groups) else None
        after = "]" if link else _first(follower)
        text = _marked(linked, "[" if link else last[-1:], after)
        if href and link:
            text = _link(text, href)
        if text.startswith("[") and last.endswith("!"):
            written[-1] = last[:-1] + "\\!"
        if text:
            written.append(text)
    return "".join(written)


def _first(group: tuple[str | None, list[Span]] | None) -> str:
    """Return the character with which a stretch of spans begins, once written."""
    if group is None:
        return ""
    href, spans = group
    return "[" if href else "!" if spans[0].mark == "image" else spans[0].text[:1]


def _link(text: str, href: str) -> str:
    inner = text.strip()
    before, after = text[: text.index(inner)], text[text.index(inner) + len(inner) :]
    return f"{before}[{inner}]({_target(href)}){after}"


def _picture(image: Span) -> str:
    words = escaped(image.text.strip()) or PICTURE
    return f'[{words}]({_target(image.href or "")} "{PICTURE}")'


def _target(url: str) -> str:
    return re.sub(r"[\s()<>\\]", lambda match: f"%{ord(match[0]):02X}", url)


def _marked(spans: Sequence[Span], before: str, after: str) -> str:
    """Write the spans of one link, or of what stands between two; told are the characters on either side."""
    written = [before]
    groups = [(mark, list(marked)) for mark, marked in groupby(spans, key=lambda span: span.mark)]
    for place, (mark, marked) in enumerate(groups):
        if mark == "image":
            if len(written) > 1 and written[-1].endswith("!"):  # no picture of Markdown's begins here
                written[-1] = written[-1][:-1] + "\\!"
            written += map(_picture, marked)
            continue
        text = "".join(span.text for span in marked)
        follower = (None, groups[place + 1][1]) if place + 1 < len(groups) else None
        touches = written[-1].endswith("*")
        if not mark or touches:
            written.append(escaped(text))
        else:
            last = written[-1][-1:]
            written.append(emphasised(text, _MARKS[mark], last, _first(follower) if follower else after))
        if not written[-1]:
            written.pop()
    return "".join(written[1:])
