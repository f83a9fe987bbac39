"""Take the screenshots of README and docs: pages of the demo archive in the system's Chromium.

    python -m docs.screenshots

Pictures change with fonts and browsers, so they are taken by hand before a release and not compared.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from archive.database import Archive
from tests.browser import PHONE, browsing, chromium
from tests.served import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES = Path(__file__).with_name("images")
DESK = {"width": 1000, "height": 760}
LARGEST = 150_000  # bytes of one picture

_EDITED = """SELECT a.site || '/' || a.section || '/' || a.native_id FROM articles a
JOIN versions v ON v.article_id = a.id WHERE v.kind = 'edit' LIMIT 1"""
_WITH_CONTACTS = """SELECT a.site || '/' || a.section || '/' || a.native_id FROM articles a
JOIN contacts c ON c.article_id = a.id JOIN attachments f ON f.article_id = a.id
WHERE a.section = 'press' AND c.person IS NOT NULL GROUP BY a.id ORDER BY count(*) DESC, a.id LIMIT 1"""


def main() -> None:
    """Crawl the demo, serve it, and take every picture."""
    if chromium() is None:
        raise SystemExit("no Chromium is installed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.db"
        demo = [sys.executable, "-m", "briefing", "demo", "--db", str(path)]
        subprocess.run(demo, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # ourselves
        with Archive.open(path) as archive:
            (edited,) = archive.conn.execute(_EDITED).fetchone()
            (release,) = archive.conn.execute(_WITH_CONTACTS).fetchone()
        pages = {
            "browse": "/",
            "article": f"/a/{release}",
            "history": f"/a/{edited}/history",
            "search": "/search?q=" + quote("전기요금"),
            "attention": "/attention?q=" + quote("폭염") + "&q=" + quote("배추"),
        }
        with serve(path) as served, browsing() as browser:
            for name, page in pages.items():
                take(browser, served.base + page, name, DESK)
            take(browser, f"{served.base}/a/{release}", "article-phone", PHONE, "dark")


def take(browser: Browser, url: str, name: str, size: dict[str, int], scheme: str = "light") -> None:
    """Take one picture of the first screen of a page."""
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]  # plain dict and str
    page = context.new_page()
    page.goto(url)
    target = IMAGES / f"{name}.png"
    page.screenshot(path=target)
    context.close()
    if target.stat().st_size > LARGEST:
        raise SystemExit(f"{target} is larger than {LARGEST} bytes")


if __name__ == "__main__":
    main()
