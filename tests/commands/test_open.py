"""``--open``: the reading room at what was found, by the server that runs or by one started for it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from archive.search import without_heading
from briefing import opening
from tests.newsroom import build
from tests.served import serve

if TYPE_CHECKING:
    from pathlib import Path

BROWSER = """import sys, urllib.request
with urllib.request.urlopen(sys.argv[1]) as page:
    text = page.read().decode()
with open(sys.argv[2] + ".part", "w", encoding="utf-8") as file:
    file.write(sys.argv[1] + "\\n" + text)
import os
os.replace(sys.argv[2] + ".part", sys.argv[2])
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    build(tmp_path / "a.db").archive.close()
    (tmp_path / "browser.py").write_text(BROWSER, encoding="utf-8")
    return tmp_path / "a.db"


def opened(path: Path, *arguments: str) -> str:
    """Run a command whose browser writes down what it gets, and end it; give the URL and the page."""
    seen = path.with_name("seen")
    environment = os.environ | {"BROWSER": f"{sys.executable} {path.with_name('browser.py')} %s {seen}"}
    with subprocess.Popen(
        [sys.executable, "-m", "briefing", *arguments, "--db", str(path)],
        env=environment,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as process:
        end = time.monotonic() + 60
        while not seen.exists() and time.monotonic() < end and process.poll() is None:
            os.sched_yield()
        process.send_signal(signal.SIGINT)
        process.wait(60)
    return seen.read_text("utf-8")


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
def test_the_reading_room_opens_at_what_was_asked_for(
    path: Path, arguments: tuple[str, ...], page: str, said: str
) -> None:
    url, _, text = opened(path, *arguments).partition("\n")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+" + re.escape(page), url)
    assert said in text


def test_a_server_of_the_same_archive_is_found_and_one_of_another_is_not(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(path) as served:
        port = int(served.base.rpartition(":")[2])
        assert opening.served_at(port) == path.resolve()
        monkeypatch.setattr(opening, "PORT", port)
        monkeypatch.setenv(
            "BROWSER", f"{sys.executable} {path.with_name('browser.py')} %s {path.with_name('seen')}"
        )
        opening.open_page(path, "/a/korea.kr/policy/156700003")  # returns: it serves nothing itself
        assert (
            path.with_name("seen")
            .read_text("utf-8")
            .startswith(served.base + "/a/korea.kr/policy/156700003\n")
        )
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
