"""Every sentence that names an option without its command is provoked, and what it advises is done.

``ADVICE`` lists all of them, by module and options; one that is not in it fails a test.
"""

from __future__ import annotations

import re
import socket
import sqlite3
import tomllib
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from archive.database import Archive
from tests.archives import copied
from tests.command import briefing, running
from tests.integrity.test_remedies import ROOT, VERBS, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EARLIER, LATER = "2026-07-13", "2026-07-14"
ADVICE = {  # the command that is wrong, a part of what it prints, and the commands that do as it says
    "__init__.py: --mask-contacts --with-contacts": (
        "export {tmp}/out --format=csv --mask-contacts --with-contacts",
        "contacts are either masked",
        ("export {tmp}/masked --format=csv --mask-contacts", "export {tmp}/out --format=csv --with-contacts"),
    ),
    "redact.py: --reason": (
        "redact korea.kr/press/156700001",
        "--reason needs a few words",
        ("redact 3 --reason request",),
    ),
    "redact.py: --resume --reason": ("redact 3 --resume", "--resume takes no REF", ("redact --resume",)),
    "status_tables.py: --json": ("status", "--json lists all", ("status --json",)),
    "verify.py: --from --dry-run --repair": (
        "verify --dry-run",
        "--from and --dry-run go with --repair",
        ("verify --dry-run --repair",),
    ),
    "verify.py: --dry-run --rebuild-index": (
        "verify --dry-run --repair --rebuild-index",
        "--dry-run changes nothing",
        ("verify --dry-run --repair", "verify --rebuild-index"),
    ),
    "main.py: --help": ("status --nonsense", "Help: briefing status --help", ("status --help",)),
    "main.py: --log-format --log": (
        "--log-format json status",
        "--log-format goes with --log FILE",
        ("--log {tmp}/log --log-format json status",),
    ),
    "metrics.py: --prometheus": (
        "status --prometheus {tmp}/metrics",
        "files that end in .prom",
        ("status --prometheus {tmp}/metrics.prom",),
    ),
    "options.py: --until --since": (
        f"status --since {LATER} --until {EARLIER}",
        "lies before",
        (f"status --since {EARLIER} --until {LATER}",),
    ),
    "scope.py: --until --since": (
        f"crawl --dry-run --since {LATER} --until {EARLIER}",
        "lies before",
        (f"crawl --dry-run --since {EARLIER} --until {LATER}",),
    ),
    "ping.py: --ping": (
        "--ping ftp://example.kr status",
        "not a URL of http",
        ("--ping http://127.0.0.1:{taken}/check status",),
    ),
    "site.py: --base-url": (
        "browse --public --base-url archive --port {taken}",
        "expected a URL like https://archive.example.kr/path",
        ("browse --public --base-url https://archive.example.kr/path --port {taken}",),
    ),
}
ELSEWHERE = {  # held by other tests, which are named
    "snapshot.py: --files": (
        "integrity/test_remedies.py::test_a_snapshot_of_files_without_their_folder_is_one_line"
    ),
    "manifest.py: --mask-contacts": (
        "answers/test_masking.py::test_the_manifest_claims_neither_contacts_left_out_nor_a_licence_of_newsdao"
    ),
    "crawl.py: --organization": "answers/test_ministries.py::test_newsdao_is_not_asked_for_ministries",
    "demo.py: --db": "commands/test_demo.py::test_the_lines_that_the_demo_prints_can_be_pasted_into_a_shell",
    "schedule.py: --user --user --now": "commands/test_schedule.py::test_systemd_takes_the_units",
    "reextract.py: --scheduler": (
        "integrity/test_advice_of_options.py::test_every_extra_that_an_error_names_is_one"
    ),
    "server.py: --immutable": (
        "integrity/test_advice_of_options.py::test_an_archive_that_is_written_is_served_as_the_error_says"
    ),
    "main.py: --sites": "commands/test_doctor.py::test_nothing_is_stored_but_the_pages_as_they_came",
}


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens, so that a server says what it has to say, and ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(60)
        yield listening.getsockname()[1]


@pytest.mark.parametrize("advice", ADVICE)
def test_what_an_error_says_of_options_is_right(
    advice: str, crawled: Path, tmp_path: Path, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copied(crawled, tmp_path / "a.db")
    monkeypatch.setenv("BRIEFING_DB", str(path))
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.executemany(
            "INSERT INTO failures (site, url, kind, detail, first_seen_at, last_seen_at)"
            " VALUES ('file', ?, ?, '', ?, ?)",
            [(f"file:///{number}", f"kind {number}", EARLIER, EARLIER) for number in range(40)],
        )
    wrong, said, rights = ADVICE[advice]

    def run(command: str) -> tuple[int, str]:
        done = briefing(*(word.format(tmp=tmp_path, taken=taken) for word in command.split()))
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    code, printed = run(wrong)
    assert code
    assert said in printed
    for right in rights:
        code, printed = run(right)
        assert said not in printed
        assert code in (0, 1, 3) or f"cannot serve on 127.0.0.1:{taken}" in printed, printed


def test_an_archive_that_is_written_is_served_as_the_error_says(crawled: Path, tmp_path: Path) -> None:
    path, copy = copied(crawled, tmp_path / "a.db"), tmp_path / "copy.db"
    with Archive.create_or_open(path) as archive:
        archive.conn.execute("INSERT INTO settings VALUES ('writer', 'at work')")
        refused = briefing("browse", "--immutable", "--port", "0", "--db", path)
        assert (
            refused.returncode,
            "browse it without --immutable, or make a snapshot" in refused.stderr,
        ) == (64, True)
        assert briefing("snapshot", copy, "--db", path).returncode == 0
        for arguments in (("--db", path), ("--immutable", "--db", copy)):
            with running("browse", "--port", "0", *arguments) as server:
                assert "http://127.0.0.1:" in server.line()


def test_every_option_that_is_advised_is_tried_by_a_test() -> None:
    assert set(advice_of_options()) == ADVICE.keys() | ELSEWHERE.keys()
    for test in ELSEWHERE.values():
        file, name = test.split("::")
        assert f"def {name}(" in (ROOT / "tests" / file).read_text("utf-8")


def test_every_extra_that_an_error_names_is_one() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    named = {extra for _, said in sentences() for extra in re.findall(r"briefing-archive\[(\w+)\]", said)}
    assert named
    assert named <= extras.keys()


def advice_of_options() -> Iterator[str]:
    """Return the options that each sentence names without their command, after its module."""
    for module, sentence in sentences():
        alone = re.sub(rf"briefing (?:{VERBS})\b[^;`\n]*", "", sentence)
        options = re.findall(r"(?<![\w-])--[a-z][a-z-]+", alone)
        if options and len(alone.split()) > 1:
            yield f"{module}: {' '.join(options)}"
