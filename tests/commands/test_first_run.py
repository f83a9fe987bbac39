"""docs/first-run.md is true: what it says of each outcome, and the page object that it prints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from briefing.demo.server import DAYS, answer
from tests.command import briefing
from tests.crawl.test_crawl import rows
from tests.thorough import thorough
from tests.unruly import Asked, Reply, Unruly, crawl, crawl_command

ROOT = Path(__file__).parents[2]
PACKAGES = ("archive", "briefing", "crawler", "pipelines")
HTML = (("Content-Type", "text/html;charset=UTF-8"),)
READ = (
    "SELECT native_id, title, subtitle, organization, published_at, body_text FROM articles"
    " JOIN article_texts ON article_id = id WHERE section = 'policy' ORDER BY 1"
)


def redesigned(asked: Asked) -> Reply | None:
    """Serve policy news in a layout that no page object knows."""
    if not asked.path.endswith("policyNewsView.do"):
        return None
    found = answer(asked.host, asked.path, asked.fields, DAYS[0])
    page = re.sub(
        r'<div class="view_title"><h1>(.*?)</h1></div>', r'<h2 class="subject">\1</h2>', found.body.decode()
    )
    page = re.sub(
        r'<div class="article_body"><div class="view_cont">(.*?)</div>(\s*<div class="article_footer")',
        r'<div id="articleBody"><div class="txt">\1</div>\2',
        page,
        flags=re.DOTALL,
    )
    return Reply(found.status, page.encode(), HTML)


def program(folder: Path, *, extended: bool) -> Path:
    """Copy the program; with the page object of docs/first-run.md above the one that it replaces."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    if extended:
        printed = (ROOT / "docs/first-run.md").read_text("utf-8")
        (block,) = re.findall(r"```python\n(.*?)```", printed, re.DOTALL)
        module = folder / "crawler/pages/korea/articles.py"
        before, old, after = module.read_text("utf-8").partition('@shows(KOREA, "policy")\n')
        module.write_text(f"{before}{textwrap.dedent(block)}\n\n{old}{after}", "utf-8")
    return folder


def run(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a copy of the program."""
    return subprocess.run(
        [sys.executable, "-m", "briefing", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@thorough
def test_the_page_object_that_is_printed_reads_the_pages_of_a_new_layout(
    site: Unruly, tmp_path: Path
) -> None:
    day = ("--section", "policy")
    plain, db = tmp_path / "plain.db", tmp_path / "a.db"
    assert crawl(site, plain, *day).returncode == 0
    site.trouble = redesigned
    assert crawl(site, db, *day).returncode == 2
    assert {layout for (layout,) in rows(db, "SELECT layout FROM articles")} == {"generic/korea_kr"}
    code = program(tmp_path / "code", extended=True)
    doctor = ("doctor", "--sites", f"--mirror={site.url}", "--delay=0", "--today=2026-07-14")
    done = run(code, *doctor, f"--pages={tmp_path / 'pages'}", f"--db={db}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "article of policy: recognised by PolicyNewsPage2027/1 (korea_kr/detail-2027)" in done.stdout
    (page,) = (tmp_path / "pages").glob("*article-of-policy.html")
    assert '"layout": "korea_kr/detail-2027"' in run(code, "inspect", page).stdout
    assert run(code, "reparse", "--db", db).returncode == 0
    assert {layout for (layout,) in rows(db, "SELECT layout FROM articles")} == {"korea_kr/detail-2027"}
    assert rows(db, READ) == rows(plain, READ)
    done = run(code, *crawl_command(site, db, *day))
    assert done.returncode == 0, done.stdout + done.stderr


CAPTCHA = "<h1>자동 접속 방지</h1><form><img src=/c.png alt=보안문자><input name=code></form>"
LOGIN = "<title>로그인</title><form method=post><input name=id><input type=password name=pw></form>"
GATES: dict[str, tuple[Reply, int, str]] = {
    "captcha": (
        Reply(200, CAPTCHA.encode(), HTML),
        3,
        "list of press (www.korea.kr) cannot be had: a captcha came in its place; 6 more",
    ),
    "login": (
        Reply(200, LOGIN.encode(), HTML),
        3,
        "list of press (www.korea.kr) cannot be had: a login page came in its place; 6 more",
    ),
    "elsewhere": (
        Reply(302, b"", (("Location", "https://login.example.org/sso"),)),
        3,
        (
            "list of press (www.korea.kr) cannot be had: offsite redirect to https://login.example.org/sso;"
            " 6 more"
        ),
    ),
    "forbidden": (Reply(403), 3, "list of press (www.korea.kr) cannot be had: the answer was 403; 6 more"),
    "too many": (
        Reply(429, b"", (("Retry-After", "3600"),)),
        3,
        "list of press (www.korea.kr) cannot be had: the answer was 429; 6 more",
    ),
    "busy": (
        Reply(503, b"", (("Retry-After", "3600"),)),
        3,
        "list of press (www.korea.kr) cannot be had: the answer was 503; 6 more",
    ),
}


@pytest.mark.parametrize("gate", GATES)
def test_what_stands_in_the_way_is_told_in_one_true_sentence(site: Unruly, tmp_path: Path, gate: str) -> None:
    reply, code, said = GATES[gate]
    site.trouble = lambda asked: None if asked.path == "/robots.txt" else reply
    db = tmp_path / "archive.db"
    done = briefing(
        "doctor",
        "--sites",
        f"--mirror={site.url}",
        "--delay=0",
        f"--pages={tmp_path / 'p'}",
        f"--db={db}",
    )
    assert (done.returncode, done.stderr) == (code, f"Error: {said}\n")
    assert len(site.log) <= (4 if reply.status in (429, 503) else 22)
    assert not db.exists()


def test_lists_without_articles_are_told_as_such(site: Unruly, tmp_path: Path) -> None:
    def without_items(asked: Asked) -> Reply | None:
        if not asked.path.endswith("List.do"):
            return None
        days = {"startDate": "1999-01-01", "endDate": "1999-01-02"}
        return Reply(200, answer(asked.host, asked.path, asked.fields | days, DAYS[0]).body, HTML)

    site.trouble = without_items
    done = briefing(
        "doctor",
        "--sites",
        f"--mirror={site.url}",
        "--delay=0",
        "--today=2026-07-14",
        f"--pages={tmp_path}",
    )
    assert done.returncode == 1
    assert "list of press (www.korea.kr) is recognised and differs: no article from 2016-07-" in done.stderr
