"""One page, list or sitemap that breaks readers costs itself: the crawl goes on and records one failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from briefing.demo.server import answer
from tests.crawl.test_crawl import rows
from tests.unruly import Asked, Reply, crawl, is_detail

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unruly import Unruly

HTML = (("Content-Type", "text/html;charset=UTF-8"),)
LINKS = (
    b'<a href="http://[::1">a</a>'
    b'<div class="file_down"><a href="//[/common/download.do?fileId=1">b.hwpx</a></div>'
    b'<iframe src="http://[::1/docViewer/skin/doc.html?fn=["></iframe>'
)
NESTS = b'<script type="application/ld+json">' + b'{"@graph":[' * 20000 + b"</script>"


def served(site: Unruly, asked: Asked) -> bytes:
    """Return what the replica answers in health."""
    return answer(asked.host, asked.path, asked.fields, site.day).body


@pytest.mark.parametrize("nasty", [LINKS, NESTS], ids=["links", "nests"])
def test_a_page_that_breaks_readers_costs_no_other(site: Unruly, tmp_path: Path, nasty: bytes) -> None:
    whole = tmp_path / "whole.db"
    assert crawl(site, whole, "--section", "policy").returncode == 0
    everything = rows(whole, "SELECT native_id FROM articles ORDER BY native_id")

    def trouble(asked: Asked) -> Reply | None:
        if not is_detail(asked):
            return None
        return Reply(200, served(site, asked).replace(b"</body>", nasty + b"</body>"), HTML)

    site.trouble = trouble
    done = crawl(site, tmp_path / "a.db", "--section", "policy")
    assert "Traceback" not in done.stderr
    assert rows(tmp_path / "a.db", "SELECT native_id FROM articles ORDER BY native_id") == everything
    assert rows(tmp_path / "a.db", "SELECT count(*) FROM failures WHERE kind = 'error'") == [(0,)]


def test_a_sitemap_of_nonsense_keeps_no_article_from_being_read(site: Unruly, tmp_path: Path) -> None:
    entries = [b"http://[::1", b"https://newsdao.kr/" + b"9" * 5000, b"https://newsdao.kr/" + "²".encode()]
    nonsense = b"".join(
        b"<url><loc>%s</loc><lastmod>0001-01-01T00:00:00+23:59</lastmod></url>" % e for e in entries
    )

    def trouble(asked: Asked) -> Reply | None:
        if "sitemap" not in asked.path:
            return None
        return Reply(200, served(site, asked).replace(b"</urlset>", nonsense + b"</urlset>"))

    site.trouble = trouble
    done = crawl(site, tmp_path / "a.db", "--section", "article")
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "a.db", "SELECT count(*) > 0 FROM articles") == [(1,)]
    assert rows(tmp_path / "a.db", "SELECT count(*) FROM failures") == [(0,)]
