"""From safe HTML to its parts in reading order: paragraphs, items, headings and tables, with marks and links.

One walk over the tree serves every form: the text and the blocks are the parts without their marks, the
Markdown is the parts with them. So the forms cannot differ in a word.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from lxml import etree

from archive.records import Image, Link
from pipelines.blocks import Block, Cell, Kind, Paragraph, Table, is_grid, most_places
from pipelines.clean.elements import BLOCKS
from pipelines.clean.scripts import Script, scripted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_BREAK = "\x00"  # stands for a line break until white space is folded; cannot occur in safe HTML
_BOLD = frozenset(("b", "strong"))
_ITALIC = frozenset(("i", "em"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SCRIPTS: dict[str, Script] = {"sup": "sup", "sub": "sub"}
_WIDEST_SPAN = 100
_MOST_PIECES = 8  # of an exponent or an index; more is a sentence in small print
_DEEPEST_LIST = 16  # deeper items stand at this depth

Mark = Literal["", "bold", "italic", "image"]


class Span(NamedTuple):
    """A stretch of text under one mark; for an image the text is its alternative text."""

    text: str
    mark: Mark = ""
    href: str | None = None


@dataclass(slots=True)
class Part:
    """One paragraph, heading, list item or rule, with its spans; lines are divided by newlines in them.

    Attributes:
        number: of an item in an ordered list.
        quoted: whether it stands in a quotation.
    """

    kind: Kind | Literal["rule"]
    spans: list[Span]
    level: int = 0
    number: int | None = None
    quoted: bool = False

    @property
    def text(self) -> str:
        """Return the visible text."""
        return "".join(span.text for span in self.spans if span.mark != "image")


@dataclass(slots=True)
class Grid:
    """One table: its cells, each with the spans it was read from."""

    cells: list[tuple[Cell, list[Span]]]

    @property
    def table(self) -> Table:
        """Return the table without marks."""
        return Table(tuple(cell for cell, _ in self.cells))


@dataclass(slots=True)
class Document:
    """What a fragment holds, in reading order."""

    parts: list[Part | Grid] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def blocks(self) -> tuple[Block, ...]:
        """Return the blocks: the parts that show text, without marks."""
        return tuple(_blocks(self.parts))


def read(root: Any) -> Document:
    """Read a tree, as the sanitiser makes it."""
    document = Document()
    _Reader(document).walk(root)
    return document


def _blocks(parts: Iterable[Part | Grid]) -> Iterator[Block]:
    for part in parts:
        if isinstance(part, Grid):
            yield part.table
        elif part.kind != "rule" and (text := part.text.strip()):
            yield Paragraph(text, part.kind, part.level)


class _Reader:
    """Walks a tree and gathers parts; iterative, for pages nest without bound."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._parts = document.parts
        self._spans: list[Span] = []
        self._marks: list[Mark] = []
        self._hrefs: list[str | None] = []
        self._lists: list[_List] = []
        self._scripts: list[int] = []  # for each open sup and sub, the first of its spans
        self._item: tuple[int, int | None] | None = None
        self._heading = 0
        self._quotes = 0
        self._verbatim = 0
        self._figures: list[int] = []  # for each open figure, the first of the images below
        self._uncaptioned: list[int] = []  # images of open figures, by their index in the document

    def walk(self, root: Any) -> None:
        """Read everything under an element."""
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if element.tag == "table" and element.find(".//table") is None:
                    self._table(element)
                    walker.skip_subtree()
                else:
                    self._start(element)
                    self._say(element.text)
            else:
                self._end(element)
                if element is not root:
                    self._say(element.tail)
        self._flush()

    def _say(self, text: str | None) -> None:
        if text and (self._spans or not text.isspace()):
            if self._verbatim:
                text = text.replace("\n", _BREAK)
            self._spans.append(
                Span(text, self._marks[-1] if self._marks else "", self._hrefs[-1] if self._hrefs else None)
            )

    def _start(self, element: Any) -> None:
        tag = element.tag
        if tag in _BOLD:
            self._marks.append("bold")
        elif tag in _ITALIC:
            self._marks.append("bold" if "bold" in self._marks else "italic")
        elif tag in _SCRIPTS or tag == "rt":
            self._scripts.append(len(self._spans))
        elif tag == "br":
            self._spans.append(Span(_BREAK))
        elif tag == "a":
            self._hrefs.append(element.get("href"))
            self._link(element)
        elif tag == "img":
            self._image(element)
        elif tag in BLOCKS:
            self._flush()
            self._enter(tag, element)

    def _enter(self, tag: str, element: Any) -> None:
        if tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        elif tag in ("ul", "ol"):
            self._lists.append(_list(element))
        elif tag == "li":
            depth = min(max(len(self._lists), 1), _DEEPEST_LIST)
            self._item = (depth, self._lists[-1].count(element) if self._lists else None)
        elif tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._verbatim += 1
        elif tag == "figure":
            self._figures.append(len(self._uncaptioned))
        elif tag == "hr":
            self._parts.append(Part("rule", []))

    def _end(self, element: Any) -> None:
        tag = element.tag
        if tag in _BOLD or tag in _ITALIC:
            self._marks.pop()
        elif tag in _SCRIPTS:
            self._script(_SCRIPTS[tag])
        elif tag == "rt":
            self._ruby(element)
        elif tag == "a":
            self._hrefs.pop()
        elif tag in BLOCKS:
            self._flush()
            self._leave(tag, element)

    def _leave(self, tag: str, element: Any) -> None:
        if tag in _HEADINGS:
            self._heading = 0
        elif tag in ("ul", "ol"):
            self._lists.pop()
        elif tag == "li":
            self._item = None
        elif tag == "blockquote":
            self._quotes -= 1
        elif tag == "pre":
            self._verbatim -= 1
        elif tag == "figure":
            self._caption(element, self._figures.pop())

    def _flush(self) -> None:
        """End the running paragraph; two line breaks in a row divide it, as the site's editors use them."""
        if not self._spans:
            return
        for spans in settled(self._spans):
            if self._heading:
                part = Part("heading", spans, self._heading)
            elif self._item:
                part = Part("item", spans, *self._item)
                self._item = None
            else:
                part = Part("text", spans)
            part.quoted = self._quotes > 0
            self._parts.append(part)
        self._spans = []
        self._scripts = [0] * len(self._scripts)
        self._scripts = [0] * len(self._scripts)

    def _script(self, script: Script) -> None:
        """Separate the text of a sup or sub from its base."""
        first = self._scripts.pop()
        if not 0 < len(self._spans) - first <= _MOST_PIECES:
            return
        spans = self._spans[first:]
        if any(span.mark == "image" or _BREAK in span.text for span in spans):
            return
        before = self._spans[first - 1].text if first else ""
        texts = scripted([span.text for span in spans], script, before)
        self._spans[first:] = [span._replace(text=text) for span, text in zip(spans, texts, strict=True)]

    def _ruby(self, element: Any) -> None:
        """Put a gloss without brackets of its own (rp) into brackets."""
        first = self._scripts.pop()
        previous = element.getprevious()
        bracketed = previous is not None and previous.tag == "rp"
        told = (self._spans[place].text for place in range(first, len(self._spans)))
        if not bracketed and any(text.strip() for text in told):
            self._spans.insert(first, Span("("))
            self._spans.append(Span(")"))

    def _link(self, element: Any) -> None:
        if url := element.get("href"):
            self._document.links.append(Link(url, " ".join(element.xpath("string()").split()) or None))

    def _image(self, element: Any) -> None:
        if url := element.get("src"):
            alt = " ".join(element.get("alt", "").split())
            if self._figures:
                self._uncaptioned.append(len(self._document.images))
            self._document.images.append(Image(url, alt or None))
            self._spans.append(Span(alt, "image", url))

    def _caption(self, figure: Any, first: int) -> None:
        caption = figure.find(".//figcaption")
        if caption is not None and (text := " ".join(caption.xpath("string()").split())):
            for index in self._uncaptioned[first:]:
                image = self._document.images[index]
                self._document.images[index] = replace(image, caption=image.caption or text)
            del self._uncaptioned[first:]

    def _table(self, table: Any) -> None:
        self._flush()
        for caption in table.iterfind("caption"):
            self._parts.extend(self._within(caption))
        shown = len(self._document.images)
        rows = table.findall(".//tr")
        taken: dict[int, int] = {}  # for each column the first row that no cell above reaches
        passed = 0  # columns that were looked at and are taken
        cells: list[tuple[Cell, list[Span]]] = []
        for row, line in enumerate(rows):
            column = 0
            for element in line.iterchildren("td", "th"):
                while taken.get(column, 0) > row and passed <= most_places(len(cells)):
                    column += 1
                    passed += 1
                down = min(max(_number(element.get("rowspan"), 1), 1), len(rows) - row)
                across = min(max(_number(element.get("colspan"), 1), 1), _WIDEST_SPAN)
                taken.update(dict.fromkeys(range(column, column + across), row + down))
                spans = _joined(self._within(element))
                text = "".join(span.text for span in spans if span.mark != "image")
                cells.append((Cell(text, row, column, down, across, element.tag == "th"), spans))
                column += across
        if self._figures:
            self._uncaptioned += range(shown, len(self._document.images))
        if passed > most_places(len(cells)) or not is_grid([cell for cell, _ in cells]):
            self._parts.extend(Part("text", spans) for _, spans in cells if spans)
        elif any(spans for _, spans in cells):
            self._parts.append(Grid(cells))

    def _within(self, element: Any) -> list[Part | Grid]:
        """Read a cell or caption by itself; its links and images belong to the document."""
        part = Document([], self._document.images, self._document.links)
        _Reader(part).walk(element)
        return part.parts


@dataclass(slots=True)
class _List:
    """An open list: the number of its next item (None for bullets), and how numbers go on."""

    following: int | None
    step: int = 1

    def count(self, item: Any) -> int | None:
        """Return the number of the next item."""
        if self.following is None:
            return None
        number = _number(item.get("value"), self.following)
        self.following = number + self.step
        return number


def _list(element: Any) -> _List:
    if element.tag == "ul":
        return _List(None)
    if element.get("reversed") is None:
        return _List(_number(element.get("start"), 1))
    return _List(_number(element.get("start"), len(element.findall("li"))), -1)


def _joined(parts: Iterable[Part | Grid]) -> list[Span]:
    """Put the paragraphs of a cell on lines of their own."""
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, Part) and part.spans:
            if spans:
                spans.append(Span("\n"))
            spans.extend(part.spans)
    return spans


def settled(spans: Sequence[Span]) -> list[list[Span]]:
    """Fold white space across spans and divide them into paragraphs at empty lines."""
    if len(spans) == 1 and spans[0].mark != "image" and _BREAK not in spans[0].text:
        text = " ".join(spans[0].text.split())
        return [[Span(text, spans[0].mark, spans[0].href)]] if text else []
    paragraphs: list[list[Span]] = []
    lines = 0  # lines of the running paragraph
    for line in _lines(spans):
        if not line:
            lines = 0
        elif lines:
            paragraphs[-1] += [
                Span("\n", line[0].mark if line[0].mark == paragraphs[-1][-1].mark else ""),
                *line,
            ]
            lines += 1
        else:
            paragraphs.append(line)
            lines = 1
    return paragraphs


def _lines(spans: Iterable[Span]) -> Iterator[list[Span]]:
    line: list[Span] = []
    gap = False  # white space was met since the last text of the line
    for span in spans:
        if span.mark == "image":
            line.append(Span(" ") if gap and line else Span(""))
            line.append(span)
            gap = False
            continue
        for number, piece in enumerate(span.text.split(_BREAK)):
            if number:
                yield [found for found in line if found.text or found.mark == "image"]
                line, gap = [], False
            if text := " ".join(piece.split()):
                gap = (gap or piece[0].isspace()) and bool(line)
                line.append(span._replace(text=f" {text}" if gap else text))
                gap = piece[-1].isspace()
            elif piece:
                gap = True
    yield [found for found in line if found.text or found.mark == "image"]


def _number(text: str | None, default: int) -> int:
    try:
        return int(text or default)
    except ValueError:
        return default
