"""Shared fixtures: the labelled data, when it lies beside the project, and a crawled archive."""

from __future__ import annotations

import signal
import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import datasette.utils
import hypothesis
import pytest

# At its import it looks through all modules that are loaded, which are few as yet.
import scrapy.core.downloader.handlers.http11  # noqa: F401

from briefing.demo.server import DAYS
from tests.archives import copied
from tests.unruly import Unruly, crawl, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

# A busy machine is no failure: how long an example takes says nothing about what is right.
hypothesis.settings.register_profile("quick", deadline=None, max_examples=15)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=300)
hypothesis.settings.load_profile("quick")

# Started in the background or under nohup, the suite ignores signals, and so would the programs it starts and
# sends them to. A handler, unlike SIG_IGN, is not handed down.
for number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, lambda *_: None)


class ClosesItself(sqlite3.Connection):
    """A connection that is closed once nobody refers to it."""

    def __del__(self) -> None:
        self.close()


def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
    """Connect as Datasette does."""
    return sqlite3.connect(*arguments, **({"factory": ClosesItself, "check_same_thread": False} | options))


# Datasette leaves connections to the garbage collector: detect_json1 one at every call, the first of them at
# its import, and every thread one to its database in memory. Python 3.13 warns of each. Ours stay errors.
datasette.utils.sqlite3 = SimpleNamespace(**vars(sqlite3) | {"connect": connect})
datasette.utils.sqlite.sqlite3 = datasette.utils.sqlite3

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of labelled data beside the project, or skip."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the labelled data lies outside the project")
    return folder


@pytest.fixture
def site() -> Iterator[Unruly]:
    """Serve the bundled replica, with whatever troubles a test puts in its way."""
    with serve() as unruly:
        yield unruly


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Name an archive that is not there yet."""
    return tmp_path / "archive.db"


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Crawl the bundled replica of both sites on its first day, once; copy it before writing to it."""
    path = tmp_path_factory.mktemp("first_day") / "archive.db"
    with serve() as site:
        done = crawl(site, path)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="session")
def crawled(first_day: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Crawl the bundled replica of both sites on its two days, once; copy it before writing to it."""
    path = copied(first_day, tmp_path_factory.mktemp("crawled") / "archive.db")
    with serve() as site:
        site.day = DAYS[1]
        done = crawl(site, path)
    assert done.returncode == 0, done.stderr
    return path


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of the tests that kill commands; a thousand kills take an hour."""
    parser.addoption("--kills", type=int, default=0, help="steps at which each command is killed; 0: a few")


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """Return the number of steps at which each command is to be killed; 0 for a few."""
    return int(request.config.getoption("--kills"))
