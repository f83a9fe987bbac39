"""The XML of HWPX parts, read one paragraph at a time; of a damaged part, all that can be read.

A section of 16 MB, the largest seen, takes 250 MB as a tree of lxml; the standard library's parser gives the
same elements piece by piece in less time, as its elements need no second object when Python looks at them.
It builds without events, which would double the time: what is complete is taken from the growing root.
Where it stops, at a control character, a bare ``&`` or a missing end tag, a lenient reader of our own takes
over: lxml's recovery closes all open elements at an unmatched end tag, so later paragraphs are lost or nested
in one another.
"""

from __future__ import annotations

import codecs
import html
import re
from functools import lru_cache
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
_SLICE = 1 << 16  # bytes parsed at a time
# Where the lines of a paragraph were broken when it was last shown; the size of a cell.
_LAYOUT = re.compile(
    rb"<hp:(?:linesegarray>(?:<hp:lineseg [^<>/]*+/>)*+</hp:linesegarray|cell(?:Sz|Margin) [^<>/]*+/)>"
)
_LIST, _BARE_LIST = re.compile(rb"<hp:subList [^<>/]*+>"), b"<hp:subList>"  # none of its attributes is read
_DECLARATION = re.compile(rb"\A\s*<\?xml\b[^<>]*\?>")
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
    content = _DECLARATION.sub(b"", _utf_8(part, damaged), count=1)
    if b"<!DOCTYPE" in content:
        raise DocumentError("corrupt", "a part with a document type")
    given = 0
    try:
        for element in _strict(_without_layout(content)):
            yield element
            given += 1
    except ParseError:
        yield from _of_damaged(content, given, damaged)


def _of_damaged(content: bytes, given: int, damaged: Callable[[object], None]) -> Iterator[Element]:
    """Yield the children that follow some given ones, of a part whose markup breaks off somewhere."""
    try:
        for element in islice(_strict(content), given, None):
            yield element
            given += 1
    except ParseError as error:
        damaged(error)
        yield from islice(_lenient(content.decode("utf-8")), given, None)


def _utf_8(part: bytes, damaged: Callable[[object], None]) -> bytes:
    """Read by a byte order mark, else as UTF-8, else as declared, else as CP949; return it in UTF-8."""
    for mark, encoding in _MARKS:
        if part.startswith(mark):
            return part.decode(encoding, "replace").encode("utf-8", "replace")
    if part[:4] in (b"<\0?\0", b"\0<\0?"):
        utf_16 = "utf-16-le" if part[0] else "utf-16-be"
        return part.decode(utf_16, "replace").encode("utf-8", "replace")
    declared = _DECLARED.match(part[:1024])
    for encoding in ("utf-8", declared[1].decode() if declared else "cp949", "cp949"):
        try:
            text = part.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        return part if encoding == "utf-8" else text.encode("utf-8", "replace")
    damaged("bytes that are no text")
    return part.decode("utf-8", "replace").encode()


def _without_layout(content: bytes) -> bytes:
    """Leave out where lines were broken and how cells are sized, half of all elements, and never text."""
    less = _LIST.sub(_BARE_LIST, _LAYOUT.sub(b"", content))
    if b"<!" in less or less.count(b"<") != less.count(b">"):
        return content  # comments and the like, or a bracket that ends no tag
    return less


def _strict(content: bytes) -> Iterator[Element]:
    """Yield each child once the next one has begun; those of a part that breaks off, up to there."""
    # Expat loads nothing from outside, and bounds what entities could blow up.
    builder = ElementTree.TreeBuilder()
    parser = ElementTree.XMLParser(target=builder)  # noqa: S314
    tags = 0
    for start in range(0, len(content), _SLICE):
        piece = content[start : start + _SLICE]
        tags += piece.count(b"<")
        if tags > 2 * MAX_NODES:
            raise DocumentError("too_big", _TOO_BIG)
        error = _error_of(parser.feed, piece)
        root: Element | None = builder.close()  # what is built so far; building goes on
        while root is not None and len(root) > 1:
            yield root[0]
            del root[0]
            tags = 0
        if error is not None:
            raise error
    parser.close()
    yield from builder.close()


def _error_of(feed: Callable[[bytes], object], piece: bytes) -> ParseError | None:
    """Feed a parser; return its error, for what was built before it is still to be used."""
    try:
        feed(piece)
    except ParseError as error:
        return error
    return None


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


@lru_cache(maxsize=1024)
def local_name(tag: str) -> str:
    """Return an element's name without its namespace; versions of HWPX differ only in that."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def number(element: Element, attribute: str, default: int) -> int:
    """Return the integer value of an attribute."""
    value = _integer(element.get(attribute, ""))
    return default if value is None else value


@lru_cache(maxsize=1024)
def _integer(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) < 7 else None


def named(element: Element, name: str) -> Iterator[Element]:
    """Return the children of one name."""
    return (child for child in element if local_name(child.tag) == name)
