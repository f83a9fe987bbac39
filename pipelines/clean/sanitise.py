"""From a fragment as served to HTML that is safe to keep: nothing that runs, nothing that is not the article.

nh3 reads the fragment as a browser does and throws out what runs; on the tree of what is left,
advertisements, slider buttons and spacers go and addresses are mended; and nh3's allowlist has the last word
on what is written.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import nh3
from lxml import etree

from archive.text.pictures import linked_pictures
from pipelines.clean.elements import AS_DIVISION, BLOCKS, names
from pipelines.clean.nesting import shallow

_INLINE = names("a abbr b br cite del em i img ins mark q rp rt ruby s small strong sub sup u")
# Carriers of a class, style or hidden address; their texts stay.
_CARRIERS = names("bdi bdo big button code data dfn font kbd label output samp span strike time tt var")
_DROPPED = names(
    "applet audio canvas datalist iframe math noembed noframes noscript object script select style svg"
    " template textarea title video xmp"
)
_OTHERS = names(
    "acronym area base basefont body col colgroup embed frame frameset head hgroup html input link map meta"
    " meter nobr option param picture progress search source track wbr"
)
_READ = BLOCKS | _INLINE | AS_DIVISION | _CARRIERS
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "reversed"},
    "li": {"value"},
}
_TELLING = {"class", "style", "hidden", "data-cfemail"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_READER = nh3.Cleaner(
    tags=set(_READ),
    clean_content_tags=set(_DROPPED),
    attributes={tag: _ATTRIBUTES.get(tag, set()) | _TELLING for tag in _READ},
    url_schemes=_SCHEMES,
    link_rel=None,
)
_WRITER = nh3.Cleaner(tags=set(BLOCKS | _INLINE), attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
_LAST = nh3.Cleaner(
    tags=set(BLOCKS | _INLINE) - {"img"}, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None
)
_PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True)

# What korea.kr (detail page, 2026-10-06) and news templates put inside an article's container.
_BOILERPLATE = names(
    "adsbygoogle remark sr-only blind swiper-button-prev swiper-button-next swiper-pagination slick-arrow"
    " slick-dots inline-related"
)
_UNSEEN: Any = etree.XPath(
    ".//*[@hidden or contains(translate(@style, ' ', ''), 'display:none') or @class and ("
    + " or ".join(f"contains(concat(' ', @class, ' '), ' {name} ')" for name in sorted(_BOILERPLATE))
    + ")]"
)
_SECRET: Any = etree.XPath(".//*[@data-cfemail]")
_SPACERS = names("blockquote div h1 h2 h3 h4 h5 h6 li ol p section ul")
_IS_EMPTY: Any = etree.XPath(
    "not(normalize-space(translate(., '\u00a0\u3000', '')) or .//img or .//hr or .//table)"
)

# Control characters, byte order marks, soft hyphens and zero-width spaces are never seen by a reader.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f\xad\u200b\u2060\ufeff]"
    "|&(?:shy|ZeroWidthSpace|#(?:173|8203|8288|65279|[xX](?:[aA][dD]|200[bB]|2060|[fF][eE][fF][fF])));"
)
_BRACKET = re.compile(
    r"</(?P<bogus>[^\sA-Za-z<>!?/][^\s<>]*)>"  # the end of an invented tag: nothing to a browser
    r"|</(?P<unclosed>b|em|i|span|strong|td|li|a|u)(?=[가-힣])"  # the writer forgot the bracket (3 posts)
    rf"|<(?!(?i:/?(?:{'|'.join(sorted(_READ | _DROPPED | _OTHERS))})(?=[\s/>]))|!|\?)"
    r"(?:/?(?P<name>[A-Za-z][^\s/>]*)(?P<rest>[^<>]*))?"
)
_HIDDEN_ADDRESS = "/cdn-cgi/l/email-protection"  # where Cloudflare points the links it hid
_GONE = "gone"  # what is renamed so is taken out
_SPACES = re.compile(r"[ \t\r\n\f]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def safe_tree(fragment: str, base_url: str) -> Any:
    """Read a fragment into a tree of what a reader sees, addresses made absolute against ``base_url``."""
    text = _READER.clean(shallow(angles_as_text(_INVISIBLE.sub("", fragment))))
    if "<pre" not in text:
        text = _SPACES.sub(" ", text)
    root: Any = etree.fromstring(f"<div>{text.strip()}</div>", _PARSER)[0][0]
    _relieve(root, base_url)
    return root


def written(root: Any) -> str:
    """Write a tree as HTML of the allowlist alone, its pictures as links: no text of ours loads anything."""
    inside = etree.tostring(root, encoding="unicode", method="html")
    clean = str(_WRITER.clean(inside.removeprefix("<div>").removesuffix("</div>"))).strip()
    return str(_LAST.clean(linked_pictures(clean))) if "<img" in clean else clean


def angles_as_text(fragment: str) -> str:
    """Escape angle brackets that are brackets to the writer: ``<총괄>``, ``<K-헤리티지 홍보관>``."""
    return _BRACKET.sub(_bracket, fragment)


def _bracket(match: re.Match[str]) -> str:
    if match["bogus"]:
        return ""
    if match["unclosed"]:
        return f"{match[0]}>"
    name, rest = match["name"], match["rest"]
    korean = name is None or _NOT_ASCII.search(name) or _NOT_ASCII.search(_QUOTED.sub("", rest))
    return f"&lt;{match[0][1:]}" if korean else match[0]


def _relieve(root: Any, base_url: str) -> None:
    """Take out what is no part of the article, and mend addresses."""
    for element in _UNSEEN(root):
        element.tag = _GONE
    for element in _SECRET(root):
        _reveal(element)
    for element in list(root.iter("a", "img")):
        _mend(element, "href" if element.tag == "a" else "src", base_url)
    for element in list(root.iter(*AS_DIVISION)):
        element.tag = "div"
    etree.strip_elements(root, _GONE, with_tail=False)
    etree.strip_tags(root, *_CARRIERS)
    for element in list(filter(_is_spacer, root.iterdescendants(*_SPACERS))):
        if not _divides(element):
            element.tag = _GONE
    etree.strip_elements(root, _GONE, with_tail=False)


def _is_spacer(element: Any) -> bool:
    """Return whether an element shows nothing; most show text before any element within them."""
    return not (element.text and element.text.strip()) and _IS_EMPTY(element)


def _divides(spacer: Any) -> bool:
    """Return whether only this spacer keeps the text after it apart from the text before it."""
    following = spacer.getnext()
    return bool(spacer.tail and spacer.tail.strip()) or (
        following is not None and following.tag not in BLOCKS
    )


def _reveal(element: Any) -> None:
    """Decode an e-mail address that Cloudflare hid: the first byte is the key of the others."""
    try:
        key, *codes = bytes.fromhex(element.get("data-cfemail"))
    except ValueError:
        return
    address = bytes(code ^ key for code in codes).decode("utf-8", "replace")
    element[:] = ()
    element.text = address
    if element.tag == "a":
        element.set("href", f"mailto:{address}")


def _mend(element: Any, name: str, base_url: str) -> None:
    """Make an address absolute; drop one that leads nowhere (``javascript:``, ``data:``, ``#``)."""
    address = element.get(name, "").strip()
    if address.startswith("www."):
        address = f"https://{address}"
    try:
        absolute = urljoin(base_url, address)
        scheme = urlsplit(absolute).scheme
    except ValueError:
        scheme = ""
    nowhere = not address or address.startswith("#") or _HIDDEN_ADDRESS in address
    if not nowhere and scheme in _SCHEMES:
        element.set(name, absolute)
    else:
        element.tag = "span" if element.tag == "a" else _GONE
