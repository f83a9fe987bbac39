"""Read HWPML 2 (.hml), the XML in which Hancom's programs saved documents before HWPX.

Its elements are those of HWPX under older names (한글문서파일형식 HWPML, revision 1.2): they are renamed, and
read as HWPX is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from archive.errors import DocumentError
from pipelines.attachments.document import Document
from pipelines.attachments.heads import Heads
from pipelines.attachments.hwpx.reader import Section
from pipelines.attachments.hwpx.styles import Styles, styles_of_elements
from pipelines.attachments.hwpx.xml import children
from pipelines.attachments.limits import MAX_UNPACKED

if TYPE_CHECKING:
    from pipelines.blocks import Block

_NAMES = {
    "AUTONUM": "autoNum",
    "AUTONUMFORMAT": "autoNumFormat",
    "BULLET": "bullet",
    "CAPTION": "caption",
    "CELL": "tc",
    "CHAR": "t",
    "CHARSHAPE": "charPr",
    "COMPOSE": "compose",
    "DUTMAL": "dutmal",
    "ELLIPSE": "ellipse",
    "ENDNOTE": "endNote",
    "EQUATION": "equation",
    "FIELDBEGIN": "fieldBegin",
    "FOOTER": "footer",
    "FOOTNOTE": "footNote",
    "FWSPACE": "fwSpace",
    "HEADER": "header",
    "HIDDENCOMMENT": "hiddenComment",
    "HYPEN": "hyphen",  # codespell:ignore hypen
    "HYPHEN": "hyphen",
    "LINEBREAK": "lineBreak",
    "MAINTEXT": "mainText",
    "NBSPACE": "nbSpace",
    "NUMBERING": "numbering",
    "P": "p",
    "PARAHEAD": "paraHead",
    "PARALIST": "subList",
    "PARASHAPE": "paraPr",
    "PICTURE": "pic",
    "RECTANGLE": "rect",
    "ROW": "tr",
    "SCRIPT": "script",
    "SECDEF": "secPr",
    "SHAPECOMMENT": "shapeComment",
    "SUBSCRIPT": "subscript",
    "SUBTEXT": "subText",
    "SUPERSCRIPT": "superscript",
    "TAB": "tab",
    "TABLE": "tbl",
    "TEXT": "run",
    "TEXTART": "textart",
}
_ATTRIBUTES = {
    "CharShape": "charPrIDRef",
    "Char": "char",
    "ColAddr": "colAddr",
    "ColSpan": "colSpan",
    "ComposeText": "composeText",
    "Id": "id",
    "Level": "level",
    "Number": "num",
    "ParaShape": "paraPrIDRef",
    "PrefixChar": "prefixChar",
    "RowAddr": "rowAddr",
    "RowSpan": "rowSpan",
    "Start": "start",
    "SuffixChar": "suffixChar",
    "Text": "text",
}
# Attributes whose values HWPX writes in capitals, with underscores between words (HangulSyllable).
_KINDS = {"NumFormat": "numFormat", "NumberType": "numType", "Type": "type", "HeadingType": "type"}


def read(content: bytes) -> Document:
    """Read one HWPML file; of a damaged one, as much as possible.

    Raises:
        DocumentError: it has a document type, or more than the limits allow, or nothing can be read.
    """
    if len(content) > MAX_UNPACKED:
        raise DocumentError("too_big", f"more than {MAX_UNPACKED >> 20} MB")
    damage: list[str] = []
    styles = Styles()
    blocks: list[Block] = []
    for part in children(content, lambda error: damage.append(str(error))):
        if part.tag == "HEAD":
            styles = styles_of_elements([_renamed(part)])
        elif part.tag == "BODY":
            heads = Heads(styles.heads)
            for section in _renamed(part):
                reader = Section(heads, styles)
                blocks += [block for paragraph in section for block in reader.blocks(paragraph)]
    if damage and not blocks:
        raise DocumentError("corrupt", damage[0])
    return Document("hml", "text", f"damaged: {damage[0]}" if damage else None, tuple(blocks))


def _renamed(root: Element) -> Element:
    """Rename every element and attribute to its name in HWPX."""
    for element in list(root.iter()):
        told = {**element.attrib}
        element.attrib.clear()
        for name, value in told.items():
            if name in _KINDS:
                element.set(_KINDS[name], _kind(value))
            else:
                element.set(_ATTRIBUTES.get(name, name), value)
        element.tag = _NAMES.get(element.tag, element.tag)
        if element.tag == "tc":
            element.set("header", "1" if told.get("Header") == "true" else "0")
            element[:0] = [Element("cellAddr", element.attrib), Element("cellSpan", element.attrib)]
        elif element.tag == "paraPr":
            heading = {"type": element.get("type", ""), "idRef": told.get("Heading", "")}
            SubElement(element, "heading", {**heading, "level": told.get("Level", "0")})
        _lift(element)
    return root


def _lift(shape: Element) -> None:
    """Move the caption and the position of a shape to where HWPX has them: directly below it."""
    for common in shape.findall("SHAPEOBJECT"):
        for position in common.findall("POSITION"):
            SubElement(shape, "pos", {"treatAsChar": "1" if position.get("TreatAsChar") == "true" else "0"})
        for caption in common.findall("CAPTION"):
            common.remove(caption)
            shape.insert(0, caption)


def _kind(value: str) -> str:
    """Convert ``HangulSyllable`` to ``HANGUL_SYLLABLE``."""
    return "".join(
        f"_{char}" if char.isupper() and place else char.upper() for place, char in enumerate(value)
    )
