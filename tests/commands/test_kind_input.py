"""What people type: days as Korea writes them, spaces in lists, a minus first, narrow terminals."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import sys
import termios
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from archive.errors import UsageError
from archive.korean_time import KST
from crawler.run.clock import read_day
from tests.archives import open_desk, press_release
from tests.command import briefing
from tests.thorough import one_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-03",
        "20260703",
        "2026-7-3",
        "2026.07.03",
        "2026.7.3.",
        "2026. 7. 3.",
        "2026/7/3",
        " 2026년 7월 3일 ",
        "2026년7월3일",
    ],
)
def test_a_day_is_read_as_it_is_written(text: str) -> None:
    assert read_day(text) == date(2026, 7, 3)


@pytest.mark.parametrize(
    ("text", "back"), [("오늘", 0), ("today", 0), ("어제", 1), ("Yesterday", 1), ("그제", 2)]
)
def test_a_day_may_be_told_from_today_in_korea(text: str, back: int) -> None:
    before = datetime.now(UTC).astimezone(KST).date()
    read = read_day(text)
    assert read in {
        before - timedelta(days=back),
        datetime.now(UTC).astimezone(KST).date() - timedelta(days=back),
    }


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-02-31", "2026-W28-1", "13.07.2026", "202607", "내일", "7월 3일"]
)
def test_what_is_no_day_is_said_in_one_line(tmp_path: Path, text: str) -> None:
    for verb in (["export", tmp_path / "out", "--format", "csv"], ["status"], ["crawl"]):
        done = briefing(*verb, "--since", text, "--db", tmp_path / "a.db")
        assert done.returncode == 64
        assert "not a day: " in done.stderr
        assert done.stderr.count("\n") == 1


@given(st.text(max_size=20))
def test_no_text_is_more_than_no_day(text: str) -> None:
    try:
        read_day(text)
    except UsageError:
        return


def test_names_may_stand_apart(crawled: Path, tmp_path: Path) -> None:
    for number, given_as in enumerate(("press,policy", "press, policy", " press ,  policy,")):
        out = tmp_path / str(number)
        days = ("--since", "20260713", "--until", "2026.7.15.")
        done = briefing("export", out, "--format", "jsonl", "--section", given_as, *days, "--db", crawled)
        assert done.returncode == 0, done.stderr
        assert (out / "articles.jsonl").read_bytes() == (tmp_path / "0" / "articles.jsonl").read_bytes()
    assert briefing("crawl", "--section", "press, policy", "--dry-run", "--db", crawled).returncode == 0


def found(db: Path, *words: str) -> list[int]:
    done = briefing("search", *words, "--json", "--db", db)
    assert done.returncode == 0, done.stderr
    return [hit["id"] for hit in json.loads(done.stdout)]


def test_a_query_may_begin_with_a_minus(crawled: Path) -> None:
    rest = found(crawled, "정부", "-배추")
    assert rest
    assert found(crawled, "-배추", "정부") == found(crawled, "-배추 정부") == rest
    done = briefing("search", "--json", "--db", crawled, "--", "-배추", "정부")
    assert [hit["id"] for hit in json.loads(done.stdout)] == rest
    assert set(rest) < set(found(crawled, "정부"))
    assert found(crawled, "-health", "정부") == found(crawled, "정부")


@pytest.mark.parametrize("query", [[""], ["  "], ["-배추"], ['"'], ["-"], ["…!"]])
def test_a_query_without_a_word_is_said_to_be_none(crawled: Path, query: list[str]) -> None:
    done = briefing("search", *query, "--db", crawled)
    assert (done.returncode, done.stdout) == (0, "Nothing found.\n")
    assert "has no word to look for" in done.stderr


def test_a_mistyped_option_is_no_word(crawled: Path) -> None:
    done = briefing("search", "배추", "--limt", "3", "--db", crawled)
    assert done.returncode == 64
    assert "--limit" in done.stderr


def test_a_quote_that_does_not_end_goes_to_the_end(crawled: Path) -> None:
    assert found(crawled, '"여름 배추') == found(crawled, '"여름 배추"')


def on_terminal(columns: int, *arguments: str | Path, **more: str) -> str:
    """Run a command on a terminal so many columns wide and give what it shows."""
    pid, screen = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        # readline sets COLUMNS behind the back of os.environ, and that would win over the terminal.
        environment = {"TERM": "xterm", "NO_COLOR": "1", "PATH": os.environ["PATH"], "PAGER": "cat", **more}
        command = [sys.executable, "-m", "briefing", *map(str, arguments)]
        os.execve(sys.executable, command, environment)  # noqa: S606  # ourselves
    shown = b""
    while True:
        try:
            part = os.read(screen, 65536)
        except OSError:  # the other side has closed it
            break
        if not part:
            break
        shown += part
    os.waitpid(pid, 0)
    os.close(screen)
    return shown.decode()


@pytest.mark.parametrize("arguments", [("search", "배추"), ("status",)])
def test_a_narrow_terminal_shows_whole_words(crawled: Path, arguments: tuple[str, ...]) -> None:
    shown = on_terminal(40, *arguments, "--db", crawled)
    assert not any(sign in shown for sign in "┃│━─")
    assert "2026-07-1" in shown


def test_a_wide_terminal_shows_a_table(crawled: Path) -> None:
    lines = on_terminal(140, "status", "--db", crawled).splitlines()
    assert any("korea.kr" in line and "press" in line for line in lines)


@pytest.mark.parametrize("columns", one_in(3, [40, 80, 200]))
@pytest.mark.parametrize("arguments", [("search", "배추"), ("show", "1"), ("show", "1", "--diff")])
def test_no_line_is_wider_than_the_terminal_or_than_can_be_read(
    crawled: Path, columns: int, arguments: tuple[str, ...]
) -> None:
    shown = on_terminal(columns, *arguments, "--db", crawled, PAGER="cat")
    lines = re.sub(r"\x1b\[[\d;]*m", "", shown).splitlines()
    assert max(map(cell_len, lines)) <= min(columns, 100)
    assert lines


def test_what_is_longer_than_the_screen_goes_through_the_pager(crawled: Path, tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho THE PAGER; cat\n", encoding="utf-8")
    pager.chmod(0o755)
    assert "THE PAGER" in on_terminal(20, "search", "정부", "--db", crawled, PAGER=str(pager))
    assert "THE PAGER" not in on_terminal(
        80, "search", "배추", "--limit", "1", "--db", crawled, PAGER=str(pager)
    )
    assert "THE PAGER" not in briefing("search", "정부", "--db", crawled).stdout


def test_an_article_is_shown_without_escapes_of_markdown(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        text = "* 1) [참고] 2,000_만 톤 - 3~4% #폭염"
        article = press_release(1)
        body = replace(
            article.body, markdown="\\* 1\\) \\[참고\\] 2,000\\_만 톤 \\- 3\\~4% \\#폭염", text=text
        )
        desk.visit(replace(article, body=body))
    assert text in briefing("show", "1", "--db", tmp_path / "a.db").stdout
