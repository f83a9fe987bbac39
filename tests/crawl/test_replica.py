"""The crawl against the large replica that lies beside the project, judged by the replica's own checker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.command import briefing
from tests.replica.politeness import impolite
from tests.replica.running import running
from tests.thorough import thorough

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-07-15"


def crawl(site: str, db: Path) -> None:
    """Crawl one day."""
    options = ["--delay", "0", "--today", f"{DAY}T18:00", "--since", DAY, "--until", DAY]
    done = briefing("crawl", "--mirror", site, "--db", db, *options)
    assert done.returncode == 0, done.stderr


@thorough
def test_a_day_of_both_sites_is_archived_as_it_was_served(shared: Path, tmp_path: Path) -> None:
    pytest.importorskip("aiohttp", reason="the replica needs aiohttp")
    db = tmp_path / "archive.db"
    with running(shared / "replica", tmp_path) as replica:
        robots = {host: replica.robots(host) for host in ("www.korea.kr", "newsdao.kr")}
        replica.hits()
        crawl(replica.site, db)
        judged = replica.judge(db, DAY, DAY, tmp_path / "report.json")
        assert judged.returncode == 0, judged.stdout
        assert impolite(replica.hits(), robots) == []

        crawl(replica.site, db)
        again = replica.hits()
        assert impolite(again, robots) == []
        assert [hit.url for hit in again if hit.kind.startswith(("detail", "download"))] == []
