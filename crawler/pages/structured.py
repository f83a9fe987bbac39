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
_DEEPEST = 20  # levels of lists and objects within an article's own
_DATE_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')


def news_article(selector: Selector) -> dict[str, Any]:
    """Return the JSON-LD object that describes the article, also from inside an ``@graph``; empty when none.

    korea.kr writes raw line breaks and tabs into strings and escapes text as HTML (2026-10), which is undone
    here; where the whole is not JSON, the date of publication alone is taken.
    """
    scripts = selector.css('script[type="application/ld+json"]::text').getall()
    for script in scripts:
        for candidate in _objects(script):
            if not ARTICLE_TYPES.isdisjoint(_texts(candidate.get("@type"))):
                return {key: _unescaped(value) for key, value in candidate.items()}
    for script in scripts:
        if found := _DATE_PUBLISHED.search(script):
            return {"datePublished": found[1]}
    return {}


def name_of(value: Any) -> str | None:
    """Return the name of a person or organization, which may be given as a text, an object or a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return value.strip() or None if isinstance(value, str) else None


def meta(selector: Selector, name: str) -> str | None:
    """Return the content of a meta tag by property or name; None when there is none."""
    for found in selector.css(f'meta[property="{name}"], meta[name="{name}"]'):
        return found.attrib.get("content", "").strip() or None
    return None


def _objects(script: str) -> Iterator[dict[str, Any]]:
    try:
        loaded = json.loads(script, strict=False)
    except (ValueError, RecursionError):  # no JSON, or nested deeper than any article is
        return
    for value in loaded if isinstance(loaded, list) else [loaded]:
        if isinstance(value, dict):
            yield value
            graph = value.get("@graph")
            yield from (part for part in graph if isinstance(part, dict)) if isinstance(graph, list) else ()


def _texts(value: Any) -> list[str]:
    return [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, str)]


def _unescaped(value: Any, depth: int = 0) -> Any:
    """Undo the escaping of texts; what lies deeper than any name or date does is left as it is."""
    if isinstance(value, str):
        return html.unescape(value)
    if isinstance(value, list) and depth < _DEEPEST:
        return [_unescaped(part, depth + 1) for part in value]
    if isinstance(value, dict) and depth < _DEEPEST:
        return {key: _unescaped(part, depth + 1) for key, part in value.items()}
    return value
