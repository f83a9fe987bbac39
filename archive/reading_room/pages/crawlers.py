"""For search engines: robots.txt, and a sitemap of every article in files of bounded size."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from datasette.utils.asgi import Response

from archive.reading_room.request import HEADERS

if TYPE_CHECKING:
    import sqlite3

    from archive.reading_room.request import PageRequest

PER_FILE = 5000
"""Articles of one sitemap; the protocol allows 50,000 URLs and 50 MB (https://www.sitemaps.org/protocol.html)."""

DELAY = 2  # seconds between two requests of a robot
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_CLOSED = ("/search", "/directory", "/queries/", "/rss/", "/files/", "/*.csv", "/*.xlsx", "/*.json", "/*?")
_PAGES = ("/", "/en", "/ministry", "/edits", "/coverage", "/queries")


async def robots(request: PageRequest) -> Response:
    """Answer robots.txt: articles and lists of a public server are allowed, nothing of a private one."""
    lines = ["User-agent: *"]
    if request.site.public:
        lines += [f"Disallow: {request.base}{path}" for path in _CLOSED]
        lines += [f"Crawl-delay: {DELAY}", "", f"Sitemap: {request.root}/sitemap.xml"]
    else:
        lines.append("Disallow: /")
    return Response.text("\n".join(lines) + "\n", headers=dict(HEADERS))


async def sitemap(request: PageRequest) -> Response:
    """Answer with the sitemap index, or with one file of the sitemap."""
    number = request.parts.get("number")
    files = await request.read(_files)
    if number is None:
        root = Element("sitemapindex", xmlns=SITEMAP)
        for file in range(files + 1):
            SubElement(SubElement(root, "sitemap"), "loc").text = f"{request.root}/sitemap-{file}.xml"
        return _xml(request, root)
    if int(number) > files:
        return request.missing()
    root = Element("urlset", xmlns=SITEMAP)
    if number == "0":
        for page in _PAGES:
            SubElement(SubElement(root, "url"), "loc").text = f"{request.root}{page}"
        return _xml(request, root)
    for path, changed_at in await request.read(_articles, int(number)):
        url = SubElement(root, "url")
        SubElement(url, "loc").text = f"{request.root}{path}"
        SubElement(url, "lastmod").text = changed_at
    return _xml(request, root)


def _files(conn: sqlite3.Connection) -> int:
    """Return the number of sitemap files: one per :data:`PER_FILE` row numbers."""
    (last,) = conn.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()
    return -(-int(last) // PER_FILE)


def _articles(conn: sqlite3.Connection, number: int) -> list[tuple[str, str]]:
    rows = conn.execute(
        "SELECT '/a/' || site || '/' || section || '/' || native_id, coalesce(changed_at, first_seen_at)"
        " FROM articles WHERE id > ? AND id <= ? AND state <> 'redacted' ORDER BY id",
        ((number - 1) * PER_FILE, number * PER_FILE),
    )
    return [(row[0], row[1]) for row in rows]


def _xml(request: PageRequest, root: Element) -> Response:
    return request.data(tostring(root, "utf-8", xml_declaration=True), "application/xml; charset=utf-8")
