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

from archive.pictures import PICTURE
from pipelines.clean.structure import Grid, Part, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ANYWHERE = re.compile(
    r"[\\`*\[\]]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore inside a word is none of emphasis
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=[A-Za-z#])"
    r"|~(?=.*~)|(?<=~)~"
)
_SUSPECT = re.compile(r"[\\`*\[\]_<&~]")
_LETTERS = re.compile(r"[^\W_](?:.*[^\W_])?", re.S)
_AT_START = re.compile(r"(?m)^(?:([-+=#>|:~])|(\d{1,9})([.)])(?=\s|$))")
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
        bullet = "-" if part.number is None else f"{part.number}."
        indent = "    " * (depth - 1)
        return f"{indent}{bullet} " + text.replace("\n", f"  \n{indent}  "), depth
    text = text.replace("\n", "  \n")
    return (re.sub(r"(?m)^", "> ", text) if part.quoted else text), 0


def _escaped_start(match: re.Match[str]) -> str:
    return f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}"


def _table(grid: Grid) -> str:
    """Write a table; one without a row of headings gets an empty one, a spanned place stays empty."""
    table = grid.table
    places = [[""] * table.columns for _ in range(table.rows)]
    for cell, spans in grid.cells:
        places[cell.row][cell.column] = _inline(spans).replace("|", "\\|").replace("\n", "<br>")
    headed = all(cell.header for cell in table.cells if cell.row == 0)
    if not headed:
        places.insert(0, [""] * table.columns)
    places.insert(1, ["---"] * table.columns)
    return "\n".join(f"| {' | '.join(row)} |" for row in places)


def _inline(spans: Sequence[Span]) -> str:
    """Write spans: links around their texts, marks around their letters."""
    written = ""
    for href, linked in groupby(spans, key=lambda span: span.href if span.mark != "image" else None):
        text = _marked(list(linked), written)
        if href and text.strip():
            text = _link(text, href)
        if text.startswith("[") and written.endswith("!"):
            written = written[:-1] + "\\!"
        written += text
    return written


def _link(text: str, href: str) -> str:
    inner = text.strip()
    before, after = text[: text.index(inner)], text[text.index(inner) + len(inner) :]
    return f"{before}[{inner}]({_target(href)}){after}"


def _picture(image: Span) -> str:
    words = escaped(image.text.strip()) or PICTURE
    return f'[{words}]({_target(image.href or "")} "{PICTURE}")'


def _target(url: str) -> str:
    return re.sub(r"[\s()<>\\]", lambda match: f"%{ord(match[0]):02X}", url)


def _marked(spans: list[Span], before: str) -> str:
    written = ""
    for mark, marked in groupby(spans, key=lambda span: span.mark):
        if mark == "image":
            pictures = "".join(map(_picture, marked))
            written = (f"{written[:-1]}\\!" if written.endswith("!") else written) + pictures
            continue
        text = "".join(span.text for span in marked)
        touches = (written or before).endswith("*")
        written += escaped(text) if not mark or touches else _hugging(text, _MARKS[mark])
    return written


def _hugging(text: str, mark: str) -> str:
    """Set marks from the first letter of a text to its last: beside other signs they are not seen."""
    letters = _LETTERS.search(text)
    if not letters:
        return escaped(text)
    first, last = letters.span()
    return f"{escaped(text[:first])}{mark}{escaped(text[first:last])}{mark}{escaped(text[last:])}"


def escaped(text: str) -> str:
    """Escape what Markdown would read as its own; what matters only at the start of a line is left."""
    if not _SUSPECT.search(text):
        return text
    return _ANYWHERE.sub(lambda match: f"\\{match[0]}", text)
