"""Pictures of articles as links, so that a browser showing a text loads nothing from another host."""

from __future__ import annotations

import re

PICTURE = "그림"
"""Stands for a picture that has no words of its own; the title of every link that stands for one."""

# Attributes stand in double quotes in what nh3 writes; one may hold any character but that.
_ATTRIBUTES = r'(?:\s+[\w-]+="[^"]*")*'
_ALONE = re.compile(rf"<a(?P<link>{_ATTRIBUTES})>\s*<img(?P<picture>{_ATTRIBUTES})\s*/?>\s*</a>")
_TAG = re.compile(rf"<(?P<name>img|a)(?P<attributes>{_ATTRIBUTES})\s*/?>|</a>")
_LINK = re.compile(rf"<a(?P<link>{_ATTRIBUTES})>(?P<words>[^<>]*)</a>")
_EMPTY = re.compile(rf"<a{_ATTRIBUTES}></a>")
_VALUE = {name: re.compile(rf'\s{name}="([^"]*)"') for name in ("src", "alt", "href", "title")}


def linked_pictures(html: str) -> str:
    """Write each picture as a link that bears its alternative text.

    A picture that is all of a link becomes its words; one among the words of a link parts it, for links do
    not nest.

    Args:
        html: as nh3 writes it.
    """
    if "<img" not in html:
        return html
    opening = ""

    def written(tag: re.Match[str]) -> str:
        nonlocal opening
        if tag["name"] != "img":
            opening = tag[0] if tag["name"] else ""
            return tag[0]
        link = _link(_value("src", tag["attributes"]), tag["attributes"])
        return f"</a>{link}{opening}" if opening else link

    alone = _ALONE.sub(lambda link: _link(_value("href", link["link"]), link["picture"]), html)
    return _EMPTY.sub("", _TAG.sub(written, alone))


def restored_pictures(html: str) -> str:
    """Write the pictures again that :func:`linked_pictures` made links of."""
    return _LINK.sub(_restored, html)


def _restored(link: re.Match[str]) -> str:
    if _value("title", link["link"]) != PICTURE:
        return link[0]
    words = "" if link["words"] == PICTURE else link["words"].replace('"', "&quot;")
    return f'<img src="{_value("href", link["link"])}" alt="{words}">'


def _link(target: str, picture: str) -> str:
    words = _value("alt", picture).strip().replace("<", "&lt;").replace(">", "&gt;") or PICTURE
    return f'<a href="{target}" title="{PICTURE}">{words}</a>'


def _value(name: str, attributes: str) -> str:
    found = _VALUE[name].search(attributes)
    return found[1] if found else ""
