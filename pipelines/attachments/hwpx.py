"""Read HWPX (OWPML, KS X 6101): a zip of XML parts, the text in ``Contents/section*.xml``.

What is read: paragraphs with their bullets and numbers, tables, text boxes, captions, foot and end notes,
equations. What is not: page headers and footers (ornaments), hidden comments and memos, deleted text of
tracked changes, and the alternative texts of pictures (그림입니다. 원본 그림의 이름: …), noise in 107 of 113
press releases of April 2026. The part with the document's properties is read for the order of sections only:
``lastsaveby`` names a person.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from archive.errors import DocumentError
from pipelines.attachments.document import Document
from pipelines.attachments.heads import Head, Heads
from pipelines.attachments.hwpx_xml import ParseError, children, local_name, number
from pipelines.attachments.limits import MAX_DEPTH, MAX_ENTRIES, MAX_UNPACKED
from pipelines.attachments.tables import RawCell, blocks_of_table
from pipelines.blocks import Block, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

SECTION = re.compile(r"(?:^|/)section(\d+)\.xml$", re.IGNORECASE)
MANIFEST = "META-INF/manifest.xml"
PACKAGE = "Contents/content.hpf"
STYLES = "Contents/header.xml"
# Signs that stand for themselves inside hp:t.
SIGNS = {"lineBreak": "\n", "tab": "\t", "nbSpace": " ", "fwSpace": " ", "hyphen": "-"}
# Elements whose text is not part of the document's running text.
SILENT = frozenset(
    {"ctrlData", "footer", "header", "hiddenComment", "linesegarray", "parameters", "secPr", "shapeComment"}
)


def read(content: bytes) -> Document:
    """Read one HWPX file.

    Raises:
        DocumentError: encrypted, or more than the limits allow, or no HWPX inside.
        zipfile.BadZipFile, xml.etree.ElementTree.ParseError: damaged.
    """
    package = Package(content)
    blocks: list[Block] = []
    sections = package.sections()
    heads = Heads(package.styles())
    for name in sections:
        section = _Section(heads)
        for paragraph in children(package.part(name)):
            blocks += section.blocks(paragraph)
    return Document("hwpx", "text", blocks=tuple(blocks))


class Package:
    """The zip container; the parts read are counted against one bound."""

    def __init__(self, content: bytes) -> None:
        if content.count(b"PK\x01\x02") > MAX_ENTRIES:
            raise DocumentError("too_big", f"more than {MAX_ENTRIES} parts")
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._left = MAX_UNPACKED
        self.names = frozenset(self._zip.namelist())

    def part(self, name: str) -> bytes:
        """Give the bytes of one part."""
        info = self._zip.getinfo(name)
        # The other methods cannot be stopped in the middle of a bomb.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DocumentError("unsupported", f"zip method {info.compress_type}")
        if info.flag_bits & 1:
            raise DocumentError("encrypted", "zip password")
        with self._zip.open(info) as member:
            data = member.read(self._left + 1)
        if len(data) > self._left:
            raise DocumentError("too_big", f"parts of more than {MAX_UNPACKED >> 20} MB")
        self._left -= len(data)
        return data

    def sections(self) -> list[str]:
        """Name the section parts in reading order: the package's spine, then by number."""
        if MANIFEST in self.names and b"encryption-data" in self.part(MANIFEST):
            raise DocumentError("encrypted", "password")
        numbered = sorted(
            (name for name in self.names if SECTION.search(name)),
            key=lambda name: (int(SECTION.findall(name)[0]), name),
        )
        if not numbered:
            raise DocumentError("corrupt", "no section part")
        spine = [name for name in self._spine() if name in numbered]
        return list(dict.fromkeys(spine + numbered))

    def styles(self) -> dict[str, Head]:
        """Give what stands before the paragraphs of each style; nothing when the styles are damaged."""
        try:
            return _styles(self.part(STYLES)) if STYLES in self.names else {}
        except (DocumentError, ParseError, zipfile.BadZipFile, zlib.error):
            return {}

    def _spine(self) -> Iterator[str]:
        if PACKAGE not in self.names:
            return
        paths: dict[str | None, str] = {}
        for element in children(self.part(PACKAGE)):
            for item in element:
                if local_name(item) == "item":
                    paths[item.get("id")] = item.get("href", "")
                elif local_name(item) == "itemref":
                    path = paths.get(item.get("idref"), "")
                    yield path if path in self.names else f"Contents/{path}"


def _styles(part: bytes) -> dict[str, Head]:
    if b'"BULLET"' not in part and b'"NUMBER"' not in part:
        return {}  # as in most files; the part is large
    lists: dict[tuple[str, str], Head] = {}
    styles: dict[str, Head] = {}
    for child in children(part):
        for element in child.iter():
            name, key = local_name(element), element.get("id", "")
            if name == "bullet":
                lists["BULLET", key] = Head(sign=element.get("char", ""))
            elif name == "numbering":
                forms = [(head.get("numFormat", ""), head.text or "") for head in _named(element, "paraHead")]
                lists["NUMBER", key] = Head(numbering=key, forms=tuple(forms))
        for element in child.iter():
            if local_name(element) == "paraPr":
                for heading in _named(element, "heading"):
                    head = lists.get((heading.get("type", ""), heading.get("idRef", "")))
                    if head is not None:
                        styles[element.get("id", "")] = replace(head, level=number(heading, "level", 0))
    return styles


class _Section:
    """One walk over a section; tracked deletions reach over paragraphs, so their state lives here."""

    def __init__(self, heads: Heads) -> None:
        self._heads = heads
        self._deleted = False

    def blocks(self, paragraph: Element) -> list[Block]:
        """Give the blocks of one of the section's own paragraphs."""
        return _filled(self._paragraph(paragraph, 0))

    def _paragraph(self, paragraph: Element, depth: int) -> list[Block]:
        line: list[str] = []
        after: list[Block] = []
        self._walk(paragraph, line, after, depth)
        text = "".join(line).strip()
        if text:
            text = self._heads.before(paragraph.get("paraPrIDRef", "")) + text
        return [Paragraph(text), *after] if text or not after else after

    def _list(self, holder: Element, depth: int) -> list[Block]:
        """Give the blocks of a container (hp:subList), its blank lines too."""
        if depth >= MAX_DEPTH:
            raise DocumentError("too_big", f"nested deeper than {MAX_DEPTH}")
        return [block for child in _named(holder, "p") for block in self._paragraph(child, depth + 1)]

    def _walk(self, element: Element, line: list[str], after: list[Block], depth: int) -> None:
        """Take an element's text into the line, and what stands apart (tables, boxes, notes) after it."""
        for child in element:
            name = local_name(child)
            if name == "t":
                self._text(child, line)
            elif name == "tbl":
                after += self._table(child, depth)
            elif name == "subList":
                after += _filled(self._list(child, depth))
            elif name in {"script", "mainText", "subText"}:
                line.append(child.text or "")
            elif name == "compose":
                line.append(child.get("composeText", ""))
            elif name not in SILENT and (name != "fieldBegin" or child.get("type") != "MEMO"):
                self._walk(child, line, after, depth)

    def _text(self, element: Element, line: list[str]) -> None:
        self._append(line, element.text)
        for child in element:
            name = local_name(child)
            if name == "deleteBegin":
                self._deleted = True
            elif name == "deleteEnd":
                self._deleted = False
            else:
                self._append(line, SIGNS.get(name))
            self._append(line, child.tail)

    def _append(self, line: list[str], text: str | None) -> None:
        if text and not self._deleted:
            line.append(text)

    def _table(self, table: Element, depth: int) -> list[Block]:
        captions = [
            block
            for caption in _named(table, "caption")
            for holder in _named(caption, "subList")
            for block in _filled(self._list(holder, depth))
        ]
        cells = [self._cell(cell, depth) for row in _named(table, "tr") for cell in _named(row, "tc")]
        return captions + blocks_of_table(cells)

    def _cell(self, element: Element, depth: int) -> RawCell:
        cell = RawCell(header=element.get("header") == "1")
        for child in element:
            name = local_name(child)
            if name == "subList":
                cell.blocks += self._list(child, depth)
            elif name == "cellAddr":
                cell.row, cell.column = number(child, "rowAddr", 0), number(child, "colAddr", 0)
            elif name == "cellSpan":
                cell.rowspan, cell.colspan = number(child, "rowSpan", 1), number(child, "colSpan", 1)
        return cell


def _filled(blocks: Iterable[Block]) -> list[Block]:
    return [block for block in blocks if block != Paragraph("")]


def _named(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if local_name(child) == name)
