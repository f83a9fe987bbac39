"""The XML of HWPX parts, read one paragraph at a time; of a damaged part, all that can be read.

A section of 16 MB, the largest seen, takes 250 MB as a tree of lxml; the standard library's parser gives the
same elements piece by piece in less time, as its elements need no second object when Python looks at them.
Where it stops, at a control character, a bare ``&`` or a missing end tag, a lenient reader of our own takes
over: lxml's recovery closes all open elements at an unmatched end tag, so later paragraphs are lost or nested
in one another.
"""

from __future__ import annotations

import codecs
import html
import io
import re
from itertools import islice
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from archive.errors import DocumentError
from pipelines.attachments.limits import MAX_LEVELS, MAX_NODES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

ParseError = ElementTree.ParseError

_TOO_BIG = "a paragraph too deep or too large"
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^<>]*\?>", re.ASCII)
_DECLARED = re.compile(rb"^[^<]{0,9}<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)", re.ASCII)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# The second kind is a tag that is cut off.
_TAG = re.compile(r"<(?:[?!]|(/?)([A-Za-z_][\w.:-]*+))([^<>]*+)>|<(?=[A-Za-z_/?!])[^<>]*+")
_ATTRIBUTE = re.compile(r"(?<![\w.:-])([\w.:-]++)\s*+=\s*(?:\"([^\"]*)\"|'([^']*)')")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def children(part: bytes, damaged: Callable[[object], None]) -> Iterator[Element]:
    """Yield the children of a part's root one by one; each is cleared when the next is requested.

    Args:
        part: the bytes of the part.
        damaged: called with a description of damage; reading goes on.

    Raises:
        DocumentError: it has a document type (so no entities), or one child is nested too deep or too large.
    """
    text = _decoded(part, damaged)
    if "<!DOCTYPE" in text:
        raise DocumentError("corrupt", "a part with a document type")
    given = 0
    try:
        for element in _strict(_DECLARATION.sub("", text, count=1).encode("utf-8", "replace")):
            yield element
            given += 1
    except ParseError as error:
        damaged(error)
        yield from islice(_lenient(text), given, None)


def _decoded(part: bytes, damaged: Callable[[object], None]) -> str:
    """Decode by a byte order mark, else as UTF-8, else as declared, else as CP949."""
    for mark, encoding in _MARKS:
        if part.startswith(mark):
            return part.decode(encoding, "replace")
    if part[:4] in (b"<\0?\0", b"\0<\0?"):
        return part.decode("utf-16-le" if part[0] else "utf-16-be", "replace")
    declared = _DECLARED.match(part[:1024])
    for encoding in ("utf-8", declared[1].decode() if declared else "cp949", "cp949"):
        try:
            return part.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    damaged("bytes that are no text")
    return part.decode("utf-8", "replace")


def _strict(part: bytes) -> Iterator[Element]:
    level = count = 0
    # Expat loads nothing from outside, and bounds what entities could blow up.
    for event, element in ElementTree.iterparse(io.BytesIO(part), ("start", "end")):  # noqa: S314
        if event == "start":
            level += 1
            count += 1
            if level > MAX_LEVELS or count > MAX_NODES:
                raise DocumentError("too_big", _TOO_BIG)
            continue
        level -= 1
        if level == 1:
            yield element
            element.clear()
            count = 0


def _lenient(text: str) -> Iterator[Element]:
    """Read malformed XML.

    An end tag without a start is ignored, an element without an end is closed with its parent, and the root
    at the end of the text.
    """
    path: list[Element] = []
    count = last = 0
    said: list[str] = []
    for match in _TAG.finditer(text):
        said.append(text[last : match.start()])
        last = match.end()
        closing, name = match[1], match[2]
        if not name:
            continue  # a comment, a processing instruction, a tag that is cut off
        _say(path, said)
        if closing:
            at = next((at for at in range(len(path) - 1, 0, -1) if path[at].tag == name), 0)
            if at == 1:
                yield path[1]
                path[0].clear()
                count = 0
            if at:
                del path[at:]
            continue
        element = ElementTree.Element(name, _attributes(match[3]))
        count += 1
        if path:
            path[-1].append(element)
        if not path or not match[3].endswith("/"):
            path.append(element)
        elif len(path) == 1:
            yield element
        if len(path) > MAX_LEVELS or count > MAX_NODES:
            raise DocumentError("too_big", _TOO_BIG)
    said.append(text[last:])
    _say(path, said)
    if len(path) > 1:
        yield path[1]


def _attributes(text: str) -> dict[str, str]:
    return {name: html.unescape(double or single) for name, double, single in _ATTRIBUTE.findall(text)}


def _say(path: list[Element], said: list[str]) -> None:
    """Append text to the innermost open element, if there is one."""
    text = "".join(said)
    said.clear()
    if not path or not text:
        return
    text = _UNSEEN.sub("", html.unescape(text))
    if len(path[-1]):
        path[-1][-1].tail = text
    else:
        path[-1].text = text


def local_name(element: Element) -> str:
    """Return an element's name without its namespace; versions of HWPX differ only in that."""
    return element.tag.rpartition("}")[2].rpartition(":")[2]


def number(element: Element, attribute: str, default: int) -> int:
    """Return the integer value of an attribute."""
    value = element.get(attribute, "")
    return int(value) if value.isdecimal() and len(value) < 7 else default


def named(element: Element, name: str) -> Iterator[Element]:
    """Return the children of one name."""
    return (child for child in element if local_name(child) == name)
