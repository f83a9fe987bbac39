"""Page objects and extraction know no Scrapy: what is held is read where none is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from archive.captures.store import Captures
from archive.database import Archive
from tests.archives import copied
from tests.thorough import thorough

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Without = Callable[..., subprocess.CompletedProcess[str]]

# Loaded by every Python process that starts, workers too: an import of Scrapy fails as if it were not there.
BLOCKED = """
import sys
from importlib.abc import MetaPathFinder

class Absent(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("scrapy", "scrapy_poet", "twisted"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
"""
EVERY_MODULE = """
import pkgutil
from importlib import import_module

for room in ("crawler.pages", "crawler.extraction", "pipelines", "archive"):
    for module in pkgutil.walk_packages(import_module(room).__path__, room + "."):
        import_module(module.name)
"""
COMMAND = "from briefing.main import main; main()"


@pytest.fixture
def without_scrapy(tmp_path: Path) -> Without:
    """Return a function that runs Python code, by default ``briefing``, where Scrapy cannot be imported."""
    folder = tmp_path / "blocked"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(BLOCKED, "utf-8")

    def run(*arguments: str | Path, code: str = COMMAND) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            env=os.environ | {"PYTHONPATH": str(folder)},
            check=False,
            capture_output=True,
            text=True,
        )

    return run


def test_scrapy_is_absent_where_these_tests_say_so(without_scrapy: Without) -> None:
    assert "No module named 'scrapy'" in without_scrapy(code="import crawler.run.crawl").stderr


@thorough
def test_page_objects_and_extraction_are_imported_without_scrapy(without_scrapy: Without) -> None:
    done = without_scrapy(code=EVERY_MODULE)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def held(crawled: Path, tmp_path: Path) -> Path:
    """Copy the crawled archive."""
    copied(crawled, tmp_path / "held.db")
    return tmp_path / "held.db"


def test_an_archive_is_read_anew_without_scrapy(held: Path, without_scrapy: Without) -> None:
    done = without_scrapy("reparse", "--db", held, "--workers", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "35 articles read anew, 0 changed; 0 have no page that can be read\n"


@thorough
def test_a_saved_page_is_inspected_and_taken_in_without_scrapy(
    held: Path, tmp_path: Path, without_scrapy: Without
) -> None:
    page = tmp_path / "page.html"
    with Archive.open(held) as archive:
        title, capture_id = archive.conn.execute(
            "SELECT title, capture_id FROM articles WHERE body_source = 'inline' LIMIT 1"
        ).fetchone()
        page.write_bytes(Captures(archive.conn, archive.files).read(capture_id).content)
    inspected = without_scrapy("inspect", page)
    assert inspected.stderr == ""
    assert json.loads(inspected.stdout)["title"] == title
    taken = without_scrapy("import", page, "--db", tmp_path / "new.db")
    assert (taken.returncode, taken.stdout) == (0, "1 files: 1 new\n")
