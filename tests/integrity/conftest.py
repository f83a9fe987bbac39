"""Shared fixtures: what commands that are cut short work on, and what they make undisturbed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from briefing.demo.server import DAYS
from tests import killing
from tests.command import briefing
from tests.newsroom import build
from tests.unruly import crawl, serve
from tests.verbs import READERS, SECTIONS, VERBS, Sources, Whole, names, ready, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sources]:
    folder = tmp_path_factory.mktemp("sources")
    with serve() as site:
        site.day = DAYS[1]
        made = Sources(site, *(folder / name for name in ("crawled.db", "newsroom.db", "posts", "warc")))
        assert crawl(site, made.crawled, SECTIONS).returncode == 0
        build(made.newsroom).archive.close()
        for path, form in ((made.posts, "jekyll"), (made.warc, "warc")):
            assert briefing("export", path, f"--format={form}", "--db", made.crawled).returncode == 0
        yield made


@pytest.fixture(scope="session")
def undisturbed(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Whole]:
    """Return a function that runs a command to its end, each once."""

    @cache
    def run(name: str) -> Whole:
        verb, folder = (VERBS | READERS)[name], tmp_path_factory.mktemp("undisturbed") / "whole"
        done = killing.run(folder, *ready(verb, sources, folder))
        assert (done.returncode, done.left) == (0, []), done.stderr
        whole = Whole(done.steps, names(folder), shown(folder / verb.result))
        verified = briefing("verify", "--db", folder / "a.db")
        assert (verified.returncode, verified.stdout) == (0, "All is well.\n")  # as sound() finds it
        return whole

    return run
