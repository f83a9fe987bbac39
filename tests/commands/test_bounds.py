"""What takes too much time or memory is told in one line and costs itself only, at every door."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archive.errors import Exceeded, InputError, SandboxError, WrongPage
from archive.records import Attachment, ListItem, RawArticle
from archive.sandbox import Sandbox
from briefing.demo.server import DAYS, answer
from pipelines import bounded
from pipelines.blocks import Paragraph, table_of
from pipelines.build import build_article
from pipelines.observation import Observation
from tests.attachment_files import hwpx, line, section
from tests.command import briefing
from tests.crawl.test_crawl import rows
from tests.unruly import Asked, Reply, crawl, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE = "156990101"  # a press release of the first day
LONG = "정부는 폭염 대책을 내놓았다. " * 30_000  # half a second's work
IMPATIENT = "import pipelines.bounded; pipelines.bounded.DEADLINE = 0.02"
HERE = "tests.commands.test_bounds"


# What the sandbox is asked to do


def echo(*values: object) -> object:
    return [len(value) if isinstance(value, bytes) else value for value in values]


def refuse(detail: str) -> None:
    raise WrongPage(detail)


def stumble() -> None:
    raise KeyError("a bug")


def fill() -> int:
    return len([bytes(1 << 20) for _ in range(10_000)])


def dig(depth: int = 0) -> int:
    return dig(depth + 1)


def open_many() -> int:
    return len([open(os.devnull) for _ in range(1000)])  # noqa: PTH123


def loop() -> None:
    while True:
        pass


def die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def talk() -> str:
    sys.stdout.write("a library prints")
    return "heard"


def chatter() -> str:
    for _ in range(1000):
        sys.stdout.write("a library complains\n" * 1000)
    return "no end"


def endless() -> str:
    return "가" * (12 << 20)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(HERE) as made:
        yield made


def test_a_sandbox_gives_answers(sandbox: Sandbox) -> None:
    assert sandbox.call(f"{HERE}:echo", bytes(1000), "가", [1, None]) == [1000, "가", [1, None]]
    assert sandbox.call(f"{HERE}:talk") == "heard"


@pytest.mark.parametrize(
    ("function", "error", "said"),
    [
        ("stumble", SandboxError, "the reader failed: KeyError: 'a bug'"),
        ("die", SandboxError, "the reader died of SIGSEGV"),
        ("dig", Exceeded, "nested too deep"),
        ("chatter", SandboxError, ".*File too large.*"),
        ("endless", Exceeded, "more than 32 MB of text"),
        ("absent", SandboxError, "the reader failed: AttributeError: .*"),
        pytest.param(
            "fill",
            Exceeded,
            "out of memory",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="bounded on Linux only"),
        ),
        pytest.param(
            "open_many",
            SandboxError,
            ".*Too many open files.*",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="bounded on Linux only"),
        ),
    ],
)
def test_a_sandbox_ends_what_exceeds_its_bounds_and_goes_on(
    sandbox: Sandbox, function: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=f"^{said}$"):
        sandbox.call(f"{HERE}:{function}")
    assert sandbox.call(f"{HERE}:echo", "next") == ["next"]


def test_a_call_ends_at_its_deadline_and_the_next_one_is_answered() -> None:
    with Sandbox(HERE, deadline=0.5) as sandbox:
        for _ in range(2):
            with pytest.raises(Exceeded, match=r"^not read in 0.5 seconds$"):
                sandbox.call(f"{HERE}:loop")
        assert sandbox.call(f"{HERE}:echo", "next") == ["next"]


def test_errors_of_our_own_come_out_as_they_were_raised(sandbox: Sandbox) -> None:
    with pytest.raises(WrongPage, match=r"^asked for another$"):
        sandbox.call(f"{HERE}:refuse", "asked for another")


def test_a_sandbox_that_cannot_load_what_it_needs_says_so() -> None:
    with Sandbox("no.such.module") as sandbox, pytest.raises(SandboxError, match=r"cannot be started: .*no"):
        sandbox.call("no.such.module:function")


@pytest.mark.skipif(sys.platform != "linux", reason="bounded on Linux only")
def test_a_process_without_descriptors_or_with_little_memory_says_so_or_reads() -> None:
    code = """
import os, resource, sys
from archive.errors import MachineError
from pipelines.attachments.worker import Reader
if sys.argv[1] == 'descriptors':
    resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
    taken = []
    while True:
        try: taken.append(os.open(os.devnull, os.O_RDONLY))
        except OSError: break
    os.close(taken[0]), os.close(taken[1])
else:
    resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))
try:
    with Reader() as reader: document = reader.read(b'plain', 'a.txt')
    print(document.state, document.detail)
except MachineError as error:
    print(error)
"""
    said = [
        subprocess.run(
            [sys.executable, "-c", code, what], capture_output=True, text=True, check=True
        ).stdout.strip()
        for what in ("descriptors", "memory")
    ]
    assert said == [
        "the reader cannot be started: Too many open files (ulimit -n raises the number of open files)",
        "text None",
    ]


# Large and small are built alike


def article(text: str) -> RawArticle:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n"))
    return RawArticle("korea.kr", "press", "1", "https://www.korea.kr/1", "제목", "P/1", "l", body_html=body)


def listed(lead: str) -> ListItem:
    return ListItem("1", "제목", "press", lead=lead, lead_is_full=True)


def test_a_large_article_is_built_as_a_small_one_is() -> None:
    contact = "담당 부서 해양수산부 항만정책과 과장 홍길동(044-200-5710)"
    raw = article("\n".join([contact, *["본문 <b>문장</b>이다. 출처: 정책브리핑"] * 4000]))
    file = Attachment("1", "a.hwpx", "https://www.korea.kr/f/1", state="text", content=b"bytes")
    raw = replace(raw, attachments=(file,))
    files = [(file, [Paragraph("글"), table_of([["담당", "홍길동"], ["전화", "044-200-5711"]])])]
    seen = Observation(raw, listed("요약"), files=files)
    assert bounded.is_large(seen)
    built = bounded.build_article(seen)
    assert built == build_article(seen)
    assert built.attachments[0].content == b"bytes"


def test_size_is_counted_over_all_texts() -> None:
    page = article("글")
    assert not bounded.is_large(Observation(page))
    assert bounded.is_large(Observation(article("글" * bounded.LARGE)))
    assert bounded.is_large(Observation(replace(page, title="글" * bounded.LARGE)))
    assert bounded.is_large(Observation(page, listed("글" * bounded.LARGE)))
    assert bounded.is_large(Observation(page, viewer_blocks=[Paragraph("글" * (bounded.LARGE + 1))]))
    file = Attachment("1", "a.hwpx", "u")
    assert bounded.is_large(Observation(page, files=[(file, [table_of([[""] * 100] * 100)])]))


# The doors


def test_inspect_tells_of_what_takes_too_long_and_prints_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("짧은 글", "utf-8")
    (tmp_path / "b.txt").write_text(LONG, "utf-8")
    (tmp_path / "c.hwpx").write_bytes(hwpx(section(*[line(LONG[:1000])] * 400)))
    done = briefing("inspect", tmp_path, patch=IMPATIENT)
    assert [json.loads(one)["body_text"] for one in done.stdout.splitlines()] == ["짧은 글"]
    assert done.stderr == "".join(
        f"Error: {tmp_path / name}: not read in 0.02 seconds\n" for name in ("b.txt", "c.hwpx")
    )
    assert done.returncode == 65


def test_import_tells_of_what_takes_too_long_and_takes_the_rest_in(tmp_path: Path) -> None:
    post = "---\ntitle: 제목\ndate: 2024-07-29\n---\n"
    (tmp_path / "2024-07-29-1.md").write_text(post + "짧은 글", "utf-8")
    (tmp_path / "2024-07-29-2.md").write_text(post + LONG, "utf-8")
    done = briefing("import", tmp_path, "--db", tmp_path / "archive.db", patch=IMPATIENT)
    assert done.stdout == "2 files: 1 new; 1 failed\n"
    assert done.stderr == f"Error: {tmp_path / '2024-07-29-2.md'}: not read in 0.02 seconds\n"
    assert done.returncode == 65


def crawl_with_long_page(path: Path, patch: str = "") -> tuple[int, str]:
    """Crawl the replica, one of whose pages is very long."""
    with serve() as site:

        def trouble(asked: Asked) -> Reply | None:
            if asked.fields.get("newsId") != ONE:
                return None
            page = answer(asked.host, asked.path, asked.fields, site.day)
            place = page.body.index(b"<p", page.body.index(b"view_cont"))
            body = page.body[:place] + f"<p>{LONG}</p>".encode() + page.body[place:]
            return Reply(200, body, (("Content-Type", "text/html;charset=UTF-8"),))

        site.day, site.trouble = DAYS[0], trouble
        done = crawl(site, path, patch=patch)
    return done.returncode, done.stderr


def test_an_article_that_takes_too_long_costs_a_crawl_itself_only_and_is_asked_for_again(
    tmp_path: Path,
) -> None:
    db = tmp_path / "archive.db"
    code, errors = crawl_with_long_page(db, IMPATIENT)
    assert code == 1
    assert "Traceback" not in errors
    open_ones = "SELECT kind, native_id, detail FROM failures WHERE resolved_at IS NULL"
    assert rows(db, open_ones) == [("exceeded", ONE, "not read in 0.02 seconds")]
    ((held,),) = rows(db, "SELECT count(*) FROM articles")
    assert held > 20
    assert crawl_with_long_page(db) == (0, "")
    assert rows(db, open_ones) == []
    assert rows(db, "SELECT count(*) FROM articles") == [(held + 1,)]


BROKEN = "import archive.sandbox; archive.sandbox.BOOT = 'raise SystemExit(\"no library\")'"


def test_files_that_our_reader_fails_on_are_failures_and_are_read_at_the_next_visit(tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    states = "SELECT state, count(*) FROM attachments GROUP BY state"
    with serve() as site:
        site.day = DAYS[0]
        assert crawl(site, db, patch=BROKEN).returncode == 1
        assert dict(rows(db, states)).keys() <= {"failed", "missing"}
        told = rows(db, "SELECT DISTINCT kind, detail FROM failures WHERE resolved_at IS NULL")
        assert told == [("document", "failed: the reader cannot be started: no library")]
        assert crawl(site, db).returncode == 0
    assert "failed" not in dict(rows(db, states))
    assert rows(db, "SELECT count(*) FROM failures WHERE resolved_at IS NULL") == [(0,)]
    assert rows(db, "SELECT count(*) FROM versions WHERE kind = 'edited'") == [(0,)]


def test_a_reparse_whose_reader_fails_keeps_what_was_read(tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    with serve() as site:
        site.day = DAYS[0]
        assert crawl(site, db).returncode == 0
    kept = "SELECT id, state, coalesce(text, '') || coalesce(text_in, '') FROM attachments ORDER BY id"
    before = rows(db, kept)
    patch = (
        BROKEN
        + "; import crawler.extraction.reextract as r; from concurrent.futures import ThreadPoolExecutor"
    )
    patch += "; r.ProcessPoolExecutor = lambda workers, context, **_: ThreadPoolExecutor(workers)"
    done = briefing("reparse", "--workers=1", "--db", db, patch=patch)
    assert done.returncode == 0
    assert rows(db, kept) == before


def test_a_flood_of_contacts_costs_no_more_than_its_deadline(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("담당 부서\n과장\n홍길동\n" * 40_000, "utf-8")
    done = briefing(
        "inspect", tmp_path / "a.txt", patch="import pipelines.bounded; pipelines.bounded.DEADLINE = 1"
    )
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, InputError.exit_code)


def test_a_warc_whose_files_our_reader_fails_on_is_taken_in_and_tells_of_them(
    crawled: Path, tmp_path: Path
) -> None:
    db = tmp_path / "archive.db"
    assert briefing("export", tmp_path / "out", "--format", "warc", "--db", crawled).returncode == 0
    files = (
        sorted((tmp_path / "out").rglob("*.warc.gz")) if (tmp_path / "out").is_dir() else [tmp_path / "out"]
    )
    done = briefing("import", *files, "--db", db, patch=BROKEN)
    assert "Traceback" not in done.stderr
    assert "the reader cannot be started: no library" in done.stderr
    told = rows(db, "SELECT DISTINCT kind, detail FROM failures WHERE resolved_at IS NULL")
    assert told == [("document", "failed: the reader cannot be started: no library")]
    assert rows(db, "SELECT count(*) FROM attachments WHERE state = 'corrupt'") == [(0,)]
    assert rows(db, "SELECT count(*) FROM articles") == rows(crawled, "SELECT count(*) FROM articles")
