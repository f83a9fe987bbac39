"""Sitemaps: their entries, and whether they are complete; a truncated one must not pass for complete."""

from __future__ import annotations

import zlib
from typing import NamedTuple

from lxml import etree
from scrapy.utils.gz import gunzip

from archive.errors import UnknownLayout, reading

GZIP = b"\x1f\x8b\x08"
LARGEST = 50 << 20  # bytes unpacked, the most that sitemaps.org allows
LONGEST_URL = 2048  # characters, the most that sitemaps.org allows
KINDS = ("urlset", "sitemapindex")


class Entry(NamedTuple):
    """One URL that a sitemap names, and when it last changed, as written."""

    url: str
    changed: str | None


class Sitemap(NamedTuple):
    """A sitemap, or an index of sitemaps; ``is_whole`` where its end tag came."""

    is_index: bool
    is_whole: bool
    entries: tuple[Entry, ...]


@reading("the sitemap", UnknownLayout)
def read_sitemap(content: bytes) -> Sitemap:
    """Read a sitemap, packed or not, leniently; raises UnknownLayout when it is none."""
    try:
        content = gunzip(content, max_size=LARGEST) if content.startswith(GZIP) else content
        root = etree.fromstring(
            content, etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
        )
    except (etree.LxmlError, OSError, EOFError, ValueError, zlib.error) as error:
        raise UnknownLayout(f"no sitemap: {error}") from error
    kind = etree.QName(root).localname if root is not None and isinstance(root.tag, str) else "nothing"
    if kind not in KINDS:
        raise UnknownLayout(f"no sitemap, but {kind}")
    found = (entry for entry in root.iterchildren(tag=etree.Element))
    entries = tuple(Entry(url, entry.findtext("{*}lastmod")) for entry in found if (url := _address(entry)))
    is_whole = content.rstrip().endswith(f"{kind}>".encode())
    return Sitemap(kind == "sitemapindex", is_whole, entries)


def _address(entry: etree._Element) -> str:
    url = (entry.findtext("{*}loc") or "").strip()
    return url if len(url) <= LONGEST_URL else ""
