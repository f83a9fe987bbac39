"""``--open``: the reading room at what was found, by the server that runs or by one started for it."""

from __future__ import annotations

import json
import re
import signal
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from archive.search import without_heading
from briefing import opening
from tests.command import running
from tests.newsroom import build
from tests.served import serve

if TYPE_CHECKING:
    from pathlib import Path

BROWSER = """import json, sys, urllib.request
with urllib.request.urlopen(sys.argv[1]) as page:
    text = page.read().decode()
print(json.dumps([sys.argv[1], text]), flush=True)
"""
"""A browser that prints on one line what it was asked for and what it got."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    build(tmp_path / "a.db").archive.close()
    (tmp_path / "browser.py").write_text(BROWSER, encoding="utf-8")
    return tmp_path / "a.db"


@pytest.fixture
def browser(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make that the browser of all commands."""
    monkeypatch.setenv("BROWSER", f"{sys.executable} {path.with_name('browser.py')} %s")


def opened(path: Path, *arguments: str) -> tuple[str, str]:
    """Run a command until its browser has what it asked for; give the URL and the page."""
    with running(*arguments, "--db", path) as process:
        while not (line := process.line()).startswith('["http'):
            assert line, process.done()
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
    url, text = json.loads(line)
    return url, text


@pytest.mark.parametrize(
    ("arguments", "page", "said"),
    [
        (("show", "3", "--open"), "/a/korea.kr/policy/156700003", "폭염 대책 발표"),
        (("show", "1", "--diff", "--open"), "/a/korea.kr/press/156700001/history", "<ins>"),
        (
            ("search", "여객선", "--newest", "--open"),
            f"/search?q={quote('여객선')}&sort=new",
            "<mark>여객선</mark>",
        ),
        (("browse", "--port", "0", "--open"), "/", 'role="search"'),
    ],
    ids=["article", "history", "search", "front"],
)
@pytest.mark.usefixtures("browser")
def test_the_reading_room_opens_at_what_was_asked_for(
    path: Path, arguments: tuple[str, ...], page: str, said: str
) -> None:
    url, text = opened(path, *arguments)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+" + re.escape(page), url)
    assert said in text


def test_a_server_of_the_same_archive_is_found_and_one_of_another_is_not(
    path: Path, monkeypatch: pytest.MonkeyPatch, browser: None, capfd: pytest.CaptureFixture[str]
) -> None:
    with serve(path) as served:
        port = int(served.base.rpartition(":")[2])
        assert opening.served_at(port) == path.resolve()
        monkeypatch.setattr(opening, "PORT", port)
        opening.open_page(path, "/a/korea.kr/policy/156700003")  # returns: it serves nothing itself
        assert f'"{served.base}/a/korea.kr/policy/156700003"' in capfd.readouterr().out
    assert opening.served_at(port) is None


@pytest.mark.parametrize(
    ("excerpt", "heading", "rest"),
    [
        ("폭염 대책 발표 정부는 오늘", "폭염 대책 발표", "정부는 오늘"),
        ("<mark>폭염</mark> 대책발표 <mark>폭염</mark> 대책 발표 - 정부는", "폭염 대책 발표", "정부는"),
        ("…정부는 <mark>폭염</mark>", "폭염", "…정부는 <mark>폭염</mark>"),
        ("폭염", "폭염", "폭염"),
        ("<mark>폭염대책</mark>을 냈다", "폭염", "<mark>폭염대책</mark>을 냈다"),
        ("정부는", "", "정부는"),
    ],
)
def test_a_headline_is_not_repeated_beneath_itself(excerpt: str, heading: str, rest: str) -> None:
    assert without_heading(excerpt, heading) == rest
