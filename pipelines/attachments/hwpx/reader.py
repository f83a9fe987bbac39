"""Read HWPX (OWPML, KS X 6101): a zip of XML parts, the text in ``Contents/section*.xml``.

What is read: paragraphs with their bullets and numbers, tables, text boxes, word art, captions, foot and end
notes, equations, ruby. What is not: page headers and footers (ornaments), hidden comments and memos, deleted
text of tracked changes, and the alternative texts of pictures (그림입니다. 원본 그림의 이름: …), noise in 107
of 113 press releases of April 2026. The part with the document's properties is read for the order of sections
only: ``lastsaveby`` names a person.

Only the damaged characters and parts of a file are lost; the document's detail describes the damage.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from archive.errors import DocumentError
from pipelines.attachments.document import Document
from pipelines.attachments.flow import Flow, glossed
from pipelines.attachments.heads import Heads, counted
from pipelines.attachments.hwpx.styles import Styles, styles_of
from pipelines.attachments.hwpx.xml import children, local_name, named, number
from pipelines.attachments.hwpx.zip import Package, part_key
from pipelines.attachments.limits import MAX_DEPTH
from pipelines.attachments.tables import RawCell, blocks_of_table
from pipelines.blocks import Block, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

SECTION = re.compile(r"(?:^|/)section(\d{1,6})\.xml$")
MANIFEST = "meta-inf/manifest.xml"
PACKAGE = "contents/content.hpf"
STYLES = "contents/header.xml"
# Signs that stand for themselves inside hp:t.
SIGNS = {"lineBreak": "\n", "tab": "\t", "nbSpace": " ", "fwSpace": " ", "hyphen": "-"}
# Elements whose text is not part of the document's running text.
SILENT = frozenset(
    {"ctrlData", "footer", "header", "hiddenComment", "linesegarray", "parameters", "secPr", "shapeComment"}
)
SHAPES = frozenset(
    {"arc", "chart", "connectLine", "container", "curve", "ellipse", "line", "ole", "pic", "polygon", "rect"}
    | {"textart", "unknownObject", "video"}
)
NOTES = frozenset({"footNote", "endNote"})
PAGES = frozenset({"PAGE", "TOTAL_PAGE"})  # automatic numbers that only a printed page has
BLANK = Paragraph("")  # a blank line of a cell


def read(content: bytes) -> Document:
    """Read one HWPX file; of a damaged one, as much as possible.

    Raises:
        DocumentError: encrypted, or more than the limits allow, or nothing of an HWPX can be read.
        zipfile.BadZipFile: no part can be found.
    """
    package = Package(content)
    names = _sections(package)
    styles = _styles(package)
    heads = Heads(styles.heads)
    blocks: list[Block] = []
    lost: DocumentError | None = None
    for name in names:
        section = Section(heads, styles)
        try:
            for paragraph in children(package.part(name), partial(package.note, name)):
                blocks += section.blocks(paragraph)
        except DocumentError as error:
            if error.state in {"encrypted", "too_big"}:
                raise
            package.note(name, error.detail)
            lost = error
    if not blocks and (lost or package.damage):
        raise lost or DocumentError("corrupt", "; ".join(package.damage)[:200])
    detail = f"damaged: {'; '.join(package.damage)}"[:200] if package.damage else None
    return Document("hwpx", "text", detail, tuple(blocks))


def _sections(package: Package) -> list[str]:
    """Return the names of the section parts in reading order: by the package's spine, then by number."""
    if MANIFEST in package.names and b"encryption-data" in package.part(MANIFEST):
        raise DocumentError("encrypted", "password")
    numbered = sorted(
        (name for name in package.names if SECTION.search(name)),
        key=lambda name: (int(SECTION.findall(name)[0]), name),
    )
    if not numbered:
        raise DocumentError("corrupt", "no section part")
    spine: list[str] = []
    try:
        known = frozenset(numbered)
        spine += [name for name in _spine(package) if name in known]
    except DocumentError as error:
        package.note(PACKAGE, error.detail)
    return list(dict.fromkeys(spine + numbered))


def _spine(package: Package) -> Iterator[str]:
    if PACKAGE not in package.names:
        return
    paths: dict[str | None, str] = {}
    for element in children(package.part(PACKAGE), partial(package.note, PACKAGE)):
        for item in element:
            if local_name(item.tag) == "item":
                paths[item.get("id")] = part_key(item.get("href", ""))
            elif local_name(item.tag) == "itemref":
                path = paths.get(item.get("idref"), "")
                yield path if path in package.names else f"contents/{path}"


def _styles(package: Package) -> Styles:
    """Read the document's styles; empty if they are lost."""
    if STYLES not in package.names:
        return Styles()
    try:
        return styles_of(package.part(STYLES), partial(package.note, STYLES))
    except DocumentError as error:
        package.note(STYLES, error.detail)
        return Styles()


class Section:
    """One pass over a section; tracked deletions span paragraphs, so their state is kept here."""

    def __init__(self, heads: Heads, styles: Styles) -> None:
        self._heads = heads
        self._scripts = styles.scripts
        self._deleted = False

    def blocks(self, paragraph: Element) -> list[Block]:
        """Return the blocks of one of the section's own paragraphs."""
        return _filled(self._paragraph(paragraph, 0))

    def _paragraph(self, paragraph: Element, depth: int) -> list[Block]:
        style = paragraph.get("paraPrIDRef", "")
        text = self._plain(paragraph)
        if text is not None:
            return [Paragraph(self._heads.before(style) + text) if text else BLANK]
        flow = Flow(partial(self._heads.before, style))
        self._walk(paragraph, flow, depth)
        return flow.blocks() or [BLANK]

    def _plain(self, paragraph: Element) -> str | None:
        """Return the text of a paragraph of nothing but text, as nine in ten are; None of any other."""
        if self._deleted:
            return None
        pieces: list[str] = []
        for run in paragraph:
            if local_name(run.tag) != "run" or run.get("charPrIDRef", "") in self._scripts:
                return None
            for text in run:
                if local_name(text.tag) != "t" or len(text):
                    return None
                pieces.append(text.text or "")
        return "".join(pieces).strip()

    def _list(self, holder: Element, depth: int) -> list[Block]:
        """Return the blocks of a container (hp:subList), its blank lines too."""
        if depth >= MAX_DEPTH:
            raise DocumentError("too_big", f"nested deeper than {MAX_DEPTH}")
        paragraphs = [self._paragraph(child, depth + 1) for child in named(holder, "p")]
        return paragraphs[0] if len(paragraphs) == 1 else [*chain.from_iterable(paragraphs)]

    def _walk(self, element: Element, flow: Flow, depth: int) -> None:
        """Append an element's text to the line, and tables, boxes and notes beside it."""
        for child in element:
            name = local_name(child.tag)
            if name == "t":
                self._text(child, flow)
            elif name == "run":
                self._run(child, flow, depth)
            elif name == "tbl":
                flow.apart(self._table(child, depth), inline=_is_inline(child))
            elif name in SHAPES:
                flow.apart(self._shape(child, depth), inline=_is_inline(child))
            elif name == "switch":
                self._switch(child, flow, depth)
            elif name == "subList":
                flow.apart(_filled(self._list(child, depth)))
            elif name == "p":  # of a damaged part; elsewhere paragraphs stand in lists
                flow.apart(_filled(self._list(element, depth)))
                return
            elif name in {"script", "text"}:
                flow.say(child.text or "")
            elif name == "dutmal":
                flow.say(glossed(_inside(child, "mainText"), _inside(child, "subText")))
            elif name == "compose":
                flow.say(child.get("composeText", ""))
            elif name == "autoNum":
                flow.say(_auto_number(child))
            elif name not in SILENT and (name != "fieldBegin" or child.get("type") != "MEMO"):
                if name in NOTES:
                    flow.mark(_note_mark(child))
                self._walk(child, flow, depth)

    def _run(self, run: Element, flow: Flow, depth: int) -> None:
        script = self._scripts.get(run.get("charPrIDRef", ""))
        if script is None:
            self._walk(run, flow, depth)
        else:
            with flow.scripted(script):
                self._walk(run, flow, depth)

    def _shape(self, shape: Element, depth: int) -> list[Block]:
        """Read the text of a shape: word art, the paragraphs of a box, those of a group."""
        if depth >= MAX_DEPTH:
            raise DocumentError("too_big", f"nested deeper than {MAX_DEPTH}")
        flow = Flow()
        if local_name(shape.tag) == "textart":
            flow.say(shape.get("text", ""))
        self._walk(shape, flow, depth + 1)
        return flow.blocks()

    def _switch(self, switch: Element, flow: Flow, depth: int) -> None:
        """Read the first alternative with content: all of them show the same."""
        for alternative in switch:
            inner = Flow()
            self._walk(alternative, inner, depth)
            if inner:
                flow.take(inner)
                return

    def _text(self, element: Element, flow: Flow) -> None:
        self._say(flow, element.text)
        for child in element:
            name = local_name(child.tag)
            if name == "deleteBegin":
                self._deleted = True
            elif name == "deleteEnd":
                self._deleted = False
            else:
                self._say(flow, SIGNS.get(name))
            self._say(flow, child.tail)

    def _say(self, flow: Flow, text: str | None) -> None:
        if text and not self._deleted:
            flow.say(text)

    def _table(self, table: Element, depth: int) -> list[Block]:
        captions = [
            block
            for caption in named(table, "caption")
            for holder in named(caption, "subList")
            for block in _filled(self._list(holder, depth))
        ]
        cells = [self._cell(cell, depth) for row in named(table, "tr") for cell in named(row, "tc")]
        return captions + blocks_of_table(cells)

    def _cell(self, element: Element, depth: int) -> RawCell:
        cell = RawCell(header=element.get("header") == "1")
        for child in element:
            name = local_name(child.tag)
            if name == "subList":
                cell.blocks += self._list(child, depth)
            elif name == "cellAddr":
                cell.row, cell.column = number(child, "rowAddr", 0), number(child, "colAddr", 0)
            elif name == "cellSpan":
                cell.rowspan, cell.colspan = number(child, "rowSpan", 1), number(child, "colSpan", 1)
        return cell


def _filled(blocks: Iterable[Block]) -> list[Block]:
    return [block for block in blocks if block is not BLANK]


def _inside(element: Element, name: str) -> str:
    return "".join(text for child in named(element, name) for text in child.itertext())


def _is_inline(shape: Element) -> bool:
    """Return whether a shape is inline (글자처럼 취급)."""
    return all(position.get("treatAsChar") != "0" for position in named(shape, "pos"))


def _auto_number(element: Element) -> str:
    """Return the automatic number of a caption or note."""
    if element.get("numType", "PAGE") in PAGES or not element.get("num"):
        return ""
    for form in named(element, "autoNumFormat"):
        told = counted(number(element, "num", 0), form.get("type", "DIGIT"))
        return f"{form.get('prefixChar', '')}{form.get('userChar') or told}{form.get('suffixChar', '')}"
    return element.get("num", "")


def _note_mark(note: Element) -> str:
    """Return the reference mark of a note: its number and its suffix (a code point)."""
    if not note.get("number"):
        return ""
    suffix = number(note, "suffixChar", 0)
    return note.get("number", "") + (chr(suffix) if 32 < suffix < 0xD800 else "")
