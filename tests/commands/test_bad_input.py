"""What cannot be is said in one clear line, with the documented exit code; the archive stays as it was."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from archive.database import Archive
from archive.schema import SCHEMA_VERSION
from tests.command import briefing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Make an empty archive."""
    path = tmp_path / "archive.db"
    Archive.create_or_open(path).close()
    return path


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Find a port on which nothing listens, kept from others by being bound."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def run(*arguments: str | Path) -> tuple[int, str]:
    """Run the command; give its exit code and the one line that it says on standard error."""
    done = briefing(*arguments)
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("Error: ")
    return done.returncode, lines[0]


def content(path: Path) -> list[str]:
    """Dump all that an archive holds."""
    with Archive.open(path) as opened:
        return list(opened.conn.iterdump())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("crawl", "example.com"), "example.com"),
        (("crawl", "korea.kr", "--section", "weather"), "weather"),
        (("crawl", "--since", "2026-13-40"), "2026-13-40"),
        (("crawl", "--since", "someday"), "someday"),
        (("crawl", "--since", "2026-07-15", "--until", "2026-07-14"), "before"),
        (("crawl", "--mirror", "nonsense"), "nonsense"),
        (("crawl", "--nonsense"), "--nonsense"),
        (("status", "--since", "someday"), "--since"),
        (("status", "--since", "2026-07-15", "--until", "2026-07-14"), "before"),
        (("browse", "--port", "99999"), "99999"),
        (("browse", "--host", "nowhere.invalid"), "nowhere.invalid"),
        (("nonsense",), "nonsense"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_nonsense_is_a_usage_error(arguments: tuple[str, ...], said: str, archive: Path) -> None:
    before = content(archive)
    more = ("--db", archive) if arguments != ("nonsense",) else ()
    code, line = run(*arguments, *more)
    assert code == 64
    assert said in line
    assert content(archive) == before


@pytest.mark.parametrize("verb", ["crawl", "status", "verify", "reparse"])
def test_a_file_that_is_no_sqlite_is_refused(verb: str, tmp_path: Path) -> None:
    letter = tmp_path / "letter.db"
    letter.write_text("보낸 사람: 김가온\n" * 100, "utf-8")
    before = letter.read_bytes()
    code, line = run(verb, "--db", letter)
    assert code == 65
    assert "not a SQLite database" in line
    assert letter.read_bytes() == before


def test_without_a_verb_the_help_is_shown() -> None:
    done = briefing()
    assert done.returncode == 64
    assert done.stderr.startswith("Usage: briefing")


@pytest.mark.parametrize(
    "arguments", [("status",), ("search", "폭염"), ("reparse", "--dry-run")], ids=" ".join
)
def test_a_damaged_archive_is_one_clear_error(
    arguments: tuple[str, ...], crawled: Path, tmp_path: Path
) -> None:
    content = bytearray(crawled.read_bytes())
    for page in range(3 * 8192, len(content) - 8192, 2 * 8192):
        content[page : page + 2000] = b"\x55" * 2000
    damaged = tmp_path / "a.db"
    damaged.write_bytes(content)
    code, line = run(*arguments, "--db", damaged)
    assert code == 65
    assert "briefing verify" in line


@pytest.mark.parametrize("verb", ["crawl", "status"])
def test_a_database_of_another_program_is_refused(verb: str, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as conn:
        conn.execute("CREATE TABLE letters (text)")
    before = other.read_bytes()
    code, line = run(verb, "--db", other)
    assert code == 65
    assert "not an archive" in line
    assert other.read_bytes() == before


@pytest.mark.parametrize("verb", ["crawl", "status", "verify"])
def test_an_archive_of_a_newer_version_is_refused(verb: str, archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as conn:
        conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = archive.read_bytes()
    code, line = run(verb, "--db", archive)
    assert code == 65
    assert "newer version" in line
    assert archive.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        *[("status",), ("verify",), ("search", "도서관"), ("show", "1"), ("browse",), ("reparse",)],
        *[("verify", "--rebuild-index"), ("redact", "1", "--reason", "asked for")],
    ],
    ids=" ".join,
)
def test_a_missing_archive_is_not_made_by_reading(arguments: tuple[str, ...], tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    code, line = run(*arguments, "--db", missing)
    assert code == 66
    assert "missing.db" in line
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_takes_no_file_is_named(archive: Path) -> None:
    code, line = run("export", "/proc/copy", "--format", "csv", "--db", archive)
    assert code == 66
    assert "/proc/.copy" in line


@pytest.mark.parametrize("more", [(), ("--log", "/dev/full")], ids=["printed", "logged"])
def test_output_that_a_full_disk_does_not_take_is_one_line(more: tuple[str, ...], archive: Path) -> None:
    patch = "" if more else "import os; os.dup2(os.open('/dev/full', os.O_WRONLY), 1)"
    done = briefing(*more, "status", "--db", archive, patch=patch)
    assert (done.returncode, done.stderr) == (66, "Error: this machine: No space left on device\n")


def test_a_redaction_without_a_reason_is_refused(archive: Path) -> None:
    code, line = run("redact", "1", "--reason", " ", "--db", archive)
    assert (code, "--reason" in line) == (64, True)


def test_a_folder_that_is_not_there_cannot_take_an_archive(tmp_path: Path) -> None:
    code, line = run("crawl", "--db", tmp_path / "nowhere" / "archive.db")
    assert code == 66
    assert "nowhere" in line


def test_an_archive_held_by_another_run_is_left_to_it(archive: Path, closed_port: int) -> None:
    before = content(archive)
    with Archive.create_or_open(archive) as held, held.hold():
        code, line = run("reparse", "--db", archive)
        assert (code, "held by another run" in line) == (75, True)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            mirror = f"http://127.0.0.1:{listening.getsockname()[1]}"
            code, line = run("crawl", "--db", archive, "--mirror", mirror)
    assert (code, "held by another run" in line) == (75, True)
    assert content(archive) == before


def test_a_mirror_that_does_not_answer_ends_the_run(archive: Path, closed_port: int) -> None:
    with sqlite3.connect(archive) as conn:
        before = conn.execute("SELECT count(*), max(checked_at) FROM articles").fetchone()
    code, line = run("crawl", "--db", archive, "--mirror", f"http://127.0.0.1:{closed_port}")
    assert code == 3
    assert "does not answer" in line
    assert conn.execute("SELECT count(*), max(checked_at) FROM articles").fetchone() == before
    assert conn.execute("SELECT outcome, exit_code FROM runs ORDER BY id DESC").fetchone() == (
        "unreachable",
        3,
    )
    conn.close()


@pytest.mark.parametrize("name", ["page.html", "post.md", "text.txt", "release.hwpx", "release.pdf"])
def test_a_file_that_cannot_be_decoded_is_named(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(bytes(range(128, 256)) * 20)
    code, line = run("inspect", file)
    assert code == 65
    assert name in line


@pytest.mark.parametrize(
    "arguments",
    [
        *[("import",), ("inspect",), ("crawl", "--db"), ("crawl", "--dry-run", "--db"), ("doctor", "--db")],
        *[
            ("demo", "--db"),
            ("snapshot",),
            ("status", "--prometheus"),
            ("export", "out", "--format=csv", "--db"),
        ],
    ],
    ids=" ".join,
)
def test_a_path_or_a_folder_that_is_not_there_has_one_code(
    arguments: tuple[str, ...], archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEFING_DB", str(archive))
    done = briefing(*arguments, archive.parent / "missing" / "file.prom")
    assert (done.returncode, done.stderr.count("\n")) == (66, 1), done.stderr
    assert str(archive.parent / "missing") in done.stderr
    assert {path.suffix for path in archive.parent.iterdir()} <= {".db", ".db-wal", ".db-shm"}


def test_one_bad_file_does_not_keep_the_others_from_being_inspected(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.html"
    good.write_text("문의 : 교육부 방과후돌봄정책과(044-203-0201)", "utf-8")
    bad.write_bytes(bytes(range(128, 256)) * 20)
    done = briefing("inspect", bad, good)
    assert done.returncode == 65
    assert "044-203-0201" in done.stdout
    assert len(done.stderr.splitlines()) == 1
