"""Pages a second through the whole pipeline, beside a bare Scrapy spider that only downloads the same pages.

Both run in one go, each in a process of its own, against a mirror on loopback with the throttle off and the
same limits. Example::

    python benchmarks/crawl.py --mirror http://127.0.0.1:18080 --since 2026-07-13 --until 2026-07-15
    python benchmarks/crawl.py            # against the bundled sample
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archive.korean_time import KST
from crawler.run.crawl import crawl
from crawler.run.scope import Wanted
from crawler.settings import settings_for
from crawler.sites.sections import chosen_sections


class BareSpider(Spider):
    """Download pages and look at none."""

    name = "bare"
    allowed_domains: ClassVar[list[str]] = ["korea.kr", "newsdao.kr"]

    def __init__(self, urls: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls = urls

    async def start(self) -> Any:
        """Ask for every page, with a Referer as the crawl does."""
        for url in self.urls:
            yield Request(url, headers={"Referer": url}, dont_filter=True)

    def parse(self, response: Any) -> None:
        """Do nothing."""


def whole(mirror: str, db: Path, since: str, until: str) -> dict[str, float]:
    """Crawl into an archive; give pages and seconds."""
    wanted = Wanted(chosen_sections((), ()), since=date.fromisoformat(since), until=date.fromisoformat(until))
    began = perf_counter()
    now = datetime.fromisoformat(f"{until}T18:00").replace(tzinfo=KST)
    outcome = crawl(db, wanted, mirror=mirror, delay=0, today=now)
    return {"pages": outcome.requests, "seconds": perf_counter() - began}


def bare(mirror: str, db: Path) -> dict[str, float]:
    """Download the pages that the archive captured."""
    with sqlite3.connect(db) as conn:
        urls = [row[0] for row in conn.execute("SELECT url FROM captures WHERE method = 'GET' ORDER BY id")]
    settings = {key: value for key, value in settings_for(mirror=mirror, delay=0).items() if key not in OURS}
    process = AsyncCrawlerProcess(Settings(settings))
    process.crawl(BareSpider, urls=urls)
    began = perf_counter()
    process.start()
    return {"pages": len(urls), "seconds": perf_counter() - began}


OURS = ("DOWNLOADER_MIDDLEWARES", "ITEM_PIPELINES", "SCRAPY_POET_PROVIDERS", "DOWNLOAD_TIMEOUT")


def measured(part: str, *arguments: str) -> dict[str, float]:
    """Run one part in a process of its own."""
    command = [sys.executable, __file__, "--part", part, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    """Measure both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mirror")
    parser.add_argument("--since", default="2026-07-13")
    parser.add_argument("--until", default="2026-07-15")
    parser.add_argument("--part", choices=("whole", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--db", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part == "whole":
        print(json.dumps(whole(given.mirror, given.db, given.since, given.until)))
        return
    if given.part == "bare":
        print(json.dumps(bare(given.mirror, given.db)))
        return
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        mirror = given.mirror or stack.enter_context(sample()).url
        common = ("--mirror", mirror, "--db", f"{folder}/bench.db")
        rates = {}
        print(f"{'':<8}{'pages':>8}{'seconds':>10}{'pages/s':>10}")
        for part in ("whole", "bare"):
            found = measured(part, *common, "--since", given.since, "--until", given.until)
            rates[part] = found["pages"] / found["seconds"]
            print(f"{part:<8}{found['pages']:>8.0f}{found['seconds']:>10.1f}{rates[part]:>10.1f}")
        print(f"\nThe whole pipeline runs at {rates['whole'] / rates['bare']:.2f} of the bare spider's pace.")


def sample() -> Any:
    """Serve the bundled sample of both sites, on its second day."""
    from briefing.demo.server import serve

    return serve()


if __name__ == "__main__":
    main()
