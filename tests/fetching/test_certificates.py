"""Whoever answers over https must prove who it is: in a crawl, through a mirror, and for a single page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.certificates import self_signed
from tests.command import briefing
from tests.crawl.test_crawl import rows
from tests.unruly import crawl, serve

if TYPE_CHECKING:
    from pathlib import Path

TRUST = "import os; os.environ['SSL_CERT_FILE'] = {!r}"


@pytest.mark.parametrize(
    ("names", "days", "is_trusted"),
    [
        (["127.0.0.1"], 1, False),  # of no authority that is known
        (["www.korea.kr"], 1, True),  # of another name than the server's
        (["127.0.0.1"], -1, True),  # of yesterday
    ],
)
def test_a_crawl_takes_nothing_from_a_server_that_cannot_prove_who_it_is(
    tmp_path: Path, names: list[str], days: int, is_trusted: bool
) -> None:
    certificate, db = self_signed(tmp_path, *names, days=days), tmp_path / "archive.db"
    with serve(certificate) as site:
        done = crawl(site, db, patch=TRUST.format(str(certificate)) if is_trusted else "")
        assert site.log == []
    assert done.returncode == 3
    assert "its certificate is not trusted" in done.stderr
    assert "Traceback" not in done.stderr
    assert rows(db, "SELECT count(*) FROM articles") == [(0,)]
    assert set(rows(db, "SELECT site, kind FROM failures")) == {
        ("korea.kr", "blocked"),
        ("newsdao.kr", "blocked"),
    }
    assert briefing("verify", "--db", db).returncode == 0


def test_a_mirror_over_https_is_crawled_once_its_authority_is_trusted(tmp_path: Path) -> None:
    certificate, db = self_signed(tmp_path, "127.0.0.1"), tmp_path / "archive.db"
    with serve(certificate) as site:
        done = crawl(site, db, "--section", "press", patch=TRUST.format(str(certificate)))
    assert done.returncode == 0, done.stderr
    assert rows(db, "SELECT count(*) > 0 FROM articles") == [(1,)]


def test_a_single_page_is_not_taken_from_a_server_that_cannot_prove_who_it_is(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path, "127.0.0.1")
    with serve(certificate) as site:
        refused = briefing("inspect", f"{site.url}/open")
        assert (refused.returncode, refused.stdout, site.log) == (65, "", [])
        assert refused.stderr.count("\n") == 1
        assert "its certificate is not trusted" in refused.stderr
        patch = TRUST.format(str(certificate)) + "; import crawler.http.fetching as f; f.PAUSE = 0"
        briefing("inspect", f"{site.url}/open", patch=patch)
        assert [asked.path for asked in site.log] == ["/robots.txt", "/open"]
