"""``status --nagios`` is a plugin of Nagios: one line with performance data, and its exit codes."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.command import briefing

if TYPE_CHECKING:
    from pathlib import Path

LINE = re.compile(
    r"BRIEFING (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+"
    r"( \| age=(\d+s|U);;\d+ gaps=\d+ failures=\d+ articles=\d+)?\n"
)


@pytest.fixture
def db(crawled: Path, tmp_path: Path) -> Path:
    """A crawled archive whose last crawl has just ended."""
    db = tmp_path / "a.db"
    with closing(sqlite3.connect(crawled)) as conn:
        conn.execute("VACUUM INTO ?", (str(db),))
    change(db, "UPDATE runs SET ended_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')")
    return db


def change(db: Path, statement: str) -> None:
    with closing(sqlite3.connect(db)) as conn:
        conn.execute(statement)
        conn.commit()


FAILURE = (
    "INSERT INTO failures (site, url, kind, detail, first_seen_at, last_seen_at)"
    " VALUES ('korea.kr', 'https://x/a|b', 'timeout', 'slow', '2026', '2026')"
)


@pytest.mark.parametrize(
    ("statement", "code", "word"),
    [
        ("SELECT 1", 0, "OK"),
        (FAILURE, 1, "WARNING"),
        ("UPDATE listings SET complete = 0", 1, "WARNING"),
        ("UPDATE runs SET exit_code = 2, outcome = 'unrecognised'", 2, "CRITICAL"),
        ("UPDATE runs SET exit_code = 3, outcome = 'blocked'", 2, "CRITICAL"),
        ("UPDATE runs SET ended_at = '2026-01-01T00:00:00+09:00'", 2, "CRITICAL"),
        ("DELETE FROM runs WHERE 0", 0, "OK"),
    ],
)
def test_one_line_tells_a_monitor(db: Path, statement: str, code: int, word: str) -> None:
    change(db, statement)
    done = briefing("status", "--nagios", "--db", db)
    assert (done.returncode, done.stderr) == (code, "")
    said = LINE.fullmatch(done.stdout)
    assert said, done.stdout
    assert said[1] == word
    assert said[2]


@pytest.mark.parametrize("content", [None, b"", b"no archive", b"SQLite format 3\0" + b"\xff" * 5000])
def test_an_archive_that_cannot_be_read_is_unknown(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a.db").write_bytes(content)
    done = briefing("status", "--nagios", "--db", tmp_path / "a.db")
    assert (done.returncode, done.stderr) == (3, "")
    said = LINE.fullmatch(done.stdout)
    assert said, done.stdout
    assert said[1] == "UNKNOWN"


def test_lines_of_a_log_carry_time_and_command(db: Path, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    assert briefing("--log", log, "status", "--db", db).stdout == ""
    assert briefing("--log", log, "status", "--db", tmp_path / "none.db").returncode == 66
    assert briefing("--log", log, "status", "--nonsense").returncode == 64
    for line in log.read_text("utf-8").splitlines():
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d briefing status: ", line)
    assert "none.db does not exist" in log.read_text("utf-8")
    assert "--nonsense" in log.read_text("utf-8")


def test_a_log_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    done = briefing("--log", tmp_path / "no" / "a.log", "status")
    assert done.returncode == 66
    assert done.stderr.count("\n") == 1
