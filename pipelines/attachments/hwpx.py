"""Read HWPX (OWPML, KS X 6101): a zip of XML parts, the text in ``Contents/section*.xml``.

What is read: paragraphs, tables, text boxes, captions, foot and end notes, equations. What is not: page
headers and footers (ornaments), hidden comments and memos, deleted text of tracked changes, and the
alternative texts of pictures (그림입니다. 원본 그림의 이름: …), noise in 107 of 113 press releases of
April 2026. The part with the document's properties is read for the order of sections only: ``lastsaveby``
names a person.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from lxml import etree

from archive.errors import DocumentError
from pipelines.attachments.document import Document
from pipelines.attachments.limits import MAX_DEPTH, MAX_ENTRIES, MAX_UNPACKED
from pipelines.attachments.tables import RawCell, blocks_of_table
from pipelines.blocks import Block, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SECTION = re.compile(r"(?:^|/)section(\d+)\.xml$", re.IGNORECASE)
MANIFEST = "META-INF/manifest.xml"
PACKAGE = "Contents/content.hpf"
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
        zipfile.BadZipFile, lxml.etree.XMLSyntaxError: damaged.
    """
    package = Package(content)
    blocks: list[Block] = []
    for name in package.sections():
        section = _Section()
        for paragraph in package.paragraphs(name):
            blocks += section.blocks([paragraph])
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

    def ended(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """Parse one part, and give the elements of some tags as they end; who takes one may clear it.

        Entities, document types and depth beyond libxml2's own bound (256) are refused.
        """
        part = io.BytesIO(self.part(name))
        for _, element in etree.iterparse(
            part, tag=tags, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        ):
            if element.getroottree().docinfo.internalDTD is not None:
                raise DocumentError("corrupt", f"document type in {name}")
            yield element

    def paragraphs(self, name: str) -> Iterator[etree._Element]:
        """Give the outermost paragraphs of a section, one at a time: a tree of 16 MB would take 250 MB."""
        for element in self.ended(name, "{*}p"):
            section = element.getparent()
            if section is not None and section.getparent() is None:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del section[0]

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

    def _spine(self) -> Iterator[str]:
        if PACKAGE not in self.names:
            return
        paths: dict[str | None, str] = {}
        for element in self.ended(PACKAGE, "{*}item", "{*}itemref"):
            if element.tag.endswith("}item"):
                paths[element.get("id")] = element.get("href", "")
            else:
                path = paths.get(element.get("idref"), "")
                yield path if path in self.names else f"Contents/{path}"
            element.clear()


class _Section:
    """One walk over a section; tracked deletions reach over paragraphs, so their state lives here."""

    def __init__(self) -> None:
        self._deleted = False

    def blocks(self, paragraphs: Iterable[etree._Element], depth: int = 0) -> list[Block]:
        """Give the blocks of paragraphs; blank lines are kept inside containers, for cells."""
        if depth > MAX_DEPTH:
            raise DocumentError("too_big", f"nested deeper than {MAX_DEPTH}")
        blocks: list[Block] = []
        for paragraph in paragraphs:
            line: list[str] = []
            after: list[Block] = []
            self._walk(paragraph, line, after, depth)
            text = "".join(line).strip()
            if text or not after:
                blocks.append(Paragraph(text))
            blocks += after
        return blocks if depth else [block for block in blocks if block != Paragraph("")]

    def _list(self, holder: etree._Element, depth: int) -> list[Block]:
        return self.blocks(holder.iterchildren("{*}p"), depth + 1)

    def _walk(self, element: etree._Element, line: list[str], after: list[Block], depth: int) -> None:
        """Take an element's text into the line, and what stands apart (tables, boxes, notes) after it."""
        for child in element:
            name = child.tag.rpartition("}")[2]
            if name == "t":
                self._text(child, line)
            elif name == "tbl":
                after += self._table(child, depth)
            elif name == "subList":
                after += [block for block in self._list(child, depth) if block != Paragraph("")]
            elif name in {"script", "mainText", "subText"}:
                line.append(child.text or "")
            elif name == "compose":
                line.append(child.get("composeText", ""))
            elif name in SILENT or (name == "fieldBegin" and child.get("type") == "MEMO"):
                continue
            elif len(child):
                self._walk(child, line, after, depth)

    def _text(self, element: etree._Element, line: list[str]) -> None:
        self._append(line, element.text)
        for child in element:
            name = child.tag.rpartition("}")[2]
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

    def _table(self, table: etree._Element, depth: int) -> list[Block]:
        captions = [
            block
            for caption in table.iterchildren("{*}caption")
            for holder in caption.iterchildren("{*}subList")
            for block in self._list(holder, depth)
            if block != Paragraph("")
        ]
        cells = [
            self._cell(cell, depth)
            for row in table.iterchildren("{*}tr")
            for cell in row.iterchildren("{*}tc")
        ]
        return captions + blocks_of_table(cells)

    def _cell(self, element: etree._Element, depth: int) -> RawCell:
        cell = RawCell(header=element.get("header") == "1")
        for child in element:
            name = child.tag.rpartition("}")[2]
            if name == "subList":
                cell.blocks += self._list(child, depth)
            elif name == "cellAddr":
                cell.row, cell.column = _number(child, "rowAddr", 0), _number(child, "colAddr", 0)
            elif name == "cellSpan":
                cell.rowspan, cell.colspan = _number(child, "rowSpan", 1), _number(child, "colSpan", 1)
        return cell


def _number(element: etree._Element, attribute: str, default: int) -> int:
    value = element.get(attribute, "")
    return int(value) if value.isdecimal() and len(value) < 7 else default
