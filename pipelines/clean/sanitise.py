"""From a fragment as served to HTML that is safe to keep: nothing that runs, nothing that is not the article.

The fragment is parsed once with lxml, relieved of what readers never see (scripts, advertisements,
slider buttons, spacers), and then written through nh3's allowlist, which has the last word.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import nh3
from lxml import etree, html


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCKS = _names(
    "address article aside blockquote caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
    " header hr li ol p pre section summary table tbody td tfoot th thead tr ul"
)
_INLINE = _names("a abbr b br cite del em i img ins mark q rp rt ruby s small strong sub sup u")
_ALLOWED = BLOCKS | _INLINE
# Block elements that are not kept: a division stands in for them, so that their texts do not run together.
_AS_DIVISION = _names("body center dir fieldset form html legend main menu nav noframes optgroup")
_DROPPED = _names(
    "applet audio base canvas col colgroup datalist embed frame frameset head iframe input link math meta"
    " noscript object option param script select source style svg template textarea title track video"
)
_KNOWN = (_ALLOWED | _AS_DIVISION | _DROPPED) | _names(
    "acronym area basefont bdi bdo big button code data dfn font hgroup kbd label map meter nobr output"
    " picture progress samp search span strike time tt var wbr"
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_CLEANER = nh3.Cleaner(
    tags=set(_ALLOWED),
    clean_content_tags={"script", "style", "title", "template"},
    attributes=_ATTRIBUTES,
    url_schemes=_SCHEMES,
    link_rel=None,
)

# What korea.kr (detail page, 2026-10-06) and news templates put inside an article's container.
_BOILERPLATE = _names(
    "adsbygoogle remark sr-only blind swiper-button-prev swiper-button-next swiper-pagination slick-arrow"
    " slick-dots inline-related"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_EMPTY_IF_BLANK = ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "section")

# Control characters, byte order marks, soft hyphens and zero-width spaces are never seen by a reader.
_INVISIBLE = dict.fromkeys((*range(9), 0x0B, *range(0x0E, 0x20), 0x7F, 0xAD, 0x200B, 0x2060, 0xFEFF))
_SPACES = re.compile(r"[ \t\r\n\f]+")
_ANGLE = re.compile(r"<(?=/?([A-Za-z][^\s/>]*)([^<>]*)>?)|<(?![A-Za-z/!?])|<(?=/[^A-Za-z])")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def sanitised(fragment: str, base_url: str) -> str:
    """Write a fragment as safe HTML of the article alone, addresses made absolute against ``base_url``."""
    text = angles_as_text(fragment.translate(_INVISIBLE))
    if not text.strip():
        return ""
    root = html.fragment_fromstring(text, create_parent="div", parser=_parser())
    _relieve(root, base_url)
    written = etree.tostring(root, encoding="unicode", method="html")
    written = _CLEANER.clean(written.removeprefix("<div>").removesuffix("</div>"))
    return (written if "<pre" in written else _SPACES.sub(" ", written)).strip()


def angles_as_text(fragment: str) -> str:
    """Escape angle brackets that are brackets to the writer: ``<총괄>``, ``<K-헤리티지 홍보관>``."""
    return _ANGLE.sub(_bracket, fragment)


def _bracket(match: re.Match[str]) -> str:
    name, rest = match[1], match[2]
    if name is None:
        return "&lt;"
    if name.lower() in _KNOWN:
        return "<"
    korean = _NOT_ASCII.search(name) or _NOT_ASCII.search(_QUOTED.sub("", rest))
    return "&lt;" if korean else "<"


def _parser() -> html.HTMLParser:
    return html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)


def _relieve(root: Any, base_url: str) -> None:
    """Take out what is no part of the article, and mend addresses."""
    for element in list(root.iter(etree.Element)):
        tag = element.tag
        if tag in _DROPPED or _is_furniture(element):
            if element is not root:
                element.drop_tree()
        elif "data-cfemail" in element.attrib:
            _reveal(element)
        elif tag == "a":
            _mend(element, "href", base_url)
        elif tag == "img":
            _mend(element, "src", base_url)
        elif tag in _AS_DIVISION:
            element.tag = "div"
    for element in list(root.iter(*_EMPTY_IF_BLANK)):
        if element is not root and _is_blank(element):
            element.drop_tree()


def _is_furniture(element: Any) -> bool:
    attributes = element.attrib
    if not attributes:
        return False
    if "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")):
        return True
    classes = attributes.get("class")
    return bool(classes) and not _BOILERPLATE.isdisjoint(classes.split())


def _is_blank(element: Any) -> bool:
    return not element.xpath("boolean(.//img|.//hr|.//table)") and not element.xpath("string()").strip()


def _reveal(element: Any) -> None:
    """Decode an e-mail address that Cloudflare hid: the first byte is the key of the others."""
    secret = element.attrib.pop("data-cfemail")
    try:
        key, *codes = bytes.fromhex(secret)
    except ValueError:
        return
    address = bytes(code ^ key for code in codes).decode("utf-8", "replace")
    for child in list(element):
        element.remove(child)
    element.text = address
    if element.tag == "a":
        element.set("href", f"mailto:{address}")


def _mend(element: Any, name: str, base_url: str) -> None:
    """Make an address absolute; drop one that is no address (``javascript:``, ``data:``, ``#``)."""
    address = element.get(name, "").translate(_INVISIBLE).strip()
    address = (
        address.replace("https://https://", "https://") if address.startswith("https://https") else address
    )
    try:
        absolute = urljoin(base_url, address)
        parts = urlsplit(absolute)
    except ValueError:
        absolute, parts = "", urlsplit("")
    if address and not address.startswith("#") and parts.scheme in _SCHEMES:
        element.set(name, absolute)
    elif element.tag == "a":
        element.drop_tag()
    else:
        element.drop_tree()
