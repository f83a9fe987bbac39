"""What the verbs that people and monitors call most load before they answer."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# Each takes longer to load than the rest of a search together.
HEAVY = frozenset({"bs4", "datasette", "lxml", "parsel", "pypdfium2", "rich", "scrapy", "socket", "web_poet"})
CODE = """
import sys
from briefing.main import cli
cli.main(sys.argv[1:], standalone_mode=False)
print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [("search", "교육"), ("status", "--json")], ids=["search", "status"])
def test_an_answer_loads_no_library_that_it_does_not_need(crawled: Path, arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, *arguments, "--db", str(crawled)],
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "교육" in done.stdout or '"articles"' in done.stdout
    assert HEAVY.isdisjoint(done.stderr.split())
