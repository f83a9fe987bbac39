"""The crawl against the large replica that lies beside the project, judged by the replica's own checker."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from tests.command import briefing
from tests.thorough import thorough

if TYPE_CHECKING:
    from collections.abc import Iterator

MAPPING = Path(__file__).parents[1] / "replica" / "mapping.toml"
DAY = "2026-07-15"


def free_port() -> int:
    """Find a port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def ask(control: str, path: str) -> Any:
    """Ask the control port of the replica."""
    with urlopen(f"{control}{path}", timeout=60) as answer:  # noqa: S310  # loopback
        return json.load(answer)


@pytest.fixture(scope="module")
def replica(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Start the replica with its small scenario; give the addresses of site and control port."""
    pytest.importorskip("aiohttp", reason="the replica needs aiohttp")
    site, control = free_port(), free_port()
    folder = tmp_path_factory.mktemp("replica")
    command = [sys.executable, str(shared / "replica" / "replica.py"), "--scenario", "small"]
    command += ["--port", str(site), "--control-port", str(control), "--log", str(folder / "access.jsonl")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("replica on"), "the replica did not start"
            yield f"http://127.0.0.1:{site}", f"http://127.0.0.1:{control}"
        finally:
            process.terminate()


def crawl(site: str, db: Path) -> None:
    """Crawl one day."""
    options = ["--delay", "0", "--today", f"{DAY}T18:00", "--since", DAY, "--until", DAY]
    done = briefing("crawl", "--mirror", site, "--db", db, *options)
    assert done.returncode == 0, done.stderr


@thorough
def test_a_day_of_both_sites_is_archived_as_it_was_served(
    replica: tuple[str, str], shared: Path, tmp_path: Path
) -> None:
    site, control = replica
    db = tmp_path / "archive.db"
    crawl(site, db)
    check = [sys.executable, str(shared / "replica" / "check_archive.py"), "--truth", control]
    check += ["--db", str(db), "--map", str(MAPPING), "--from", DAY, "--to", DAY]
    done = subprocess.run(check, check=False, capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stdout

    ask(control, "/__stats?reset=1")
    crawl(site, db)
    stats = ask(control, "/__stats")
    assert stats["detail"]["fetches"] == 0
    assert stats["downloads"]["fetches"] == 0
    assert stats["robots"]["violations"] == 0
    assert stats["duplicates"]["urls"] == 0
