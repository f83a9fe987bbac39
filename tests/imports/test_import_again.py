"""A file whose bytes and parsers are those of before is not read again; its check is recorded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from briefing.main import cli
from tests.imports.test_jekyll import POSTS

if TYPE_CHECKING:
    from pathlib import Path

OPEN_FAILURE = (
    "INSERT INTO failures (site, section, native_id, url, kind, detail, first_seen_at, last_seen_at)"
    " SELECT site, section, native_id, url, 'layout', '', '2024', '2024' FROM articles"
)


@pytest.mark.parametrize(
    ("change", "is_read"),
    [
        ("UPDATE articles SET version = version", False),
        ("UPDATE articles SET parser = 'JekyllPage/1+1'", True),
        ("UPDATE articles SET state = 'gone'", True),
        ("UPDATE bodies SET content = x'00'", True),
        (OPEN_FAILURE, True),
    ],
)
def test_a_post_is_read_again_only_where_something_is_new_or_open(
    tmp_path: Path, change: str, is_read: bool
) -> None:
    db = tmp_path / "a.db"
    arguments = ["import", str(POSTS / "2024-07-14-2.md"), "--db", str(db)]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("UPDATE articles SET layout = 'jekyll/before'")
        conn.execute(change)
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    with closing(sqlite3.connect(db)) as conn:
        layout = "jekyll/post" if is_read else "jekyll/before"
        assert conn.execute("SELECT layout, checks FROM articles").fetchone() == (layout, 2)
        assert conn.execute("SELECT count(*) FROM failures WHERE resolved_at IS NULL").fetchone() == (0,)
