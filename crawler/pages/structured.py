"""Structured data of a page: JSON-LD, Open Graph and meta tags, read leniently."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsel import Selector

ARTICLE_TYPES = frozenset({"NewsArticle", "Article", "BlogPosting", "ReportageNewsArticle"})
_DATE_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')


def news_article(selector: Selector) -> dict[str, Any]:
    """Give the JSON-LD object that describes the article, also from inside an ``@graph``; empty when none.

    korea.kr writes raw line breaks and tabs into strings and escapes text as HTML (2026-10), which is undone
    here; where the whole is not JSON, the date of publication alone is taken.
    """
    scripts = selector.css('script[type="application/ld+json"]::text').getall()
    for script in scripts:
        for candidate in _objects(script):
            kinds = candidate.get("@type")
            if ARTICLE_TYPES.intersection([kinds] if isinstance(kinds, str) else kinds or ()):
                return {key: _unescaped(value) for key, value in candidate.items()}
    for script in scripts:
        if found := _DATE_PUBLISHED.search(script):
            return {"datePublished": found[1]}
    return {}


def name_of(value: Any) -> str | None:
    """Give the name of a person or organization, which may be given as a text, an object or a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return value.strip() or None if isinstance(value, str) else None


def meta(selector: Selector, name: str) -> str | None:
    """Give the content of a meta tag by property or name; None when there is none."""
    for found in selector.css(f'meta[property="{name}"], meta[name="{name}"]'):
        return found.attrib.get("content", "").strip() or None
    return None


def _objects(script: str) -> Iterator[dict[str, Any]]:
    try:
        loaded = json.loads(script, strict=False)
    except ValueError:
        return
    for value in loaded if isinstance(loaded, list) else [loaded]:
        if isinstance(value, dict):
            yield value
            yield from (part for part in value.get("@graph", ()) if isinstance(part, dict))


def _unescaped(value: Any) -> Any:
    if isinstance(value, str):
        return html.unescape(value)
    if isinstance(value, list):
        return [_unescaped(part) for part in value]
    if isinstance(value, dict):
        return {key: _unescaped(part) for key, part in value.items()}
    return value
