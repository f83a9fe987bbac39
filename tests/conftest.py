"""Shared fixtures: the labelled data, when it lies beside the project, and a crawled archive."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

from briefing.demo.server import DAYS
from tests.unruly import crawl, serve

# A busy machine is no failure: how long an example takes says nothing about what is right.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of labelled data beside the project, or skip."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the labelled data lies outside the project")
    return folder


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Crawl the bundled replica of both sites on its two days, once; copy it before writing to it."""
    path = tmp_path_factory.mktemp("crawled") / "archive.db"
    with serve() as site:
        for site.day in DAYS:
            done = crawl(site, path)
            assert done.returncode == 0, done.stderr
    return path


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of the tests that kill commands; a thousand kills take an hour."""
    parser.addoption("--kills", type=int, default=0, help="steps at which each command is killed; 0: a few")


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """Give the number of steps at which each command is to be killed; 0 for a few."""
    return int(request.config.getoption("--kills"))
