"""Every remedy that is printed is carried out as printed, and leaves a sound archive that lost no text.

``ADVICE`` lists all sentences of the program that name a command to run, each with the test that runs it; a
sentence that is not in it fails a test.
"""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive.captures.files import stored_files
from archive.health.findings import REMEDY
from briefing.demo.server import DAYS
from briefing.main import VERBS as COMMANDS
from tests.archives import copied
from tests.command import briefing
from tests.unruly import crawl_command, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROUNDS = 5  # a remedy may show the next thing to do
ROOT = Path(__file__).parents[2]
VERBS = "|".join(COMMANDS)
MENTIONED = {"briefing browse", "briefing demo", "briefing search"}  # what the ready queries are like
ADVICE = {
    "briefing crawl --undo-wrong-clock": "test_runs_of_a_wrong_clock_are_undone_as_status_says",
    "briefing crawl, or import": "test_the_remedies_printed_make_the_archive_sound",
    "briefing doctor --sites": "test_sites_are_examined_as_status_says_of_a_silent_breakage",
    "briefing import": "test_what_inspect_does_not_read_is_imported_as_it_says",
    "briefing redact --resume": "test_the_remedies_printed_make_the_archive_sound",
    "briefing redact {} --scope {} --reason {}": "test_a_redaction_elsewhere_is_repeated_as_import_says",
    "briefing reparse": "test_the_remedies_printed_make_the_archive_sound",
    "briefing reparse --dry-run": "test_the_remedies_printed_make_the_archive_sound",
    "briefing verify --rebuild-index": "test_an_index_of_another_version_is_made_anew_as_search_says",
    "briefing verify --rebuild-index --db {}": "test_an_index_of_another_version_is_made_anew_as_browse_says",
    "briefing verify --repair": "test_the_remedies_printed_make_the_archive_sound",
    "briefing verify says": "test_a_damaged_file_is_restored_as_the_error_and_verify_say",
}


def _change(statement: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as conn, conn:
            conn.executescript(statement)

    return change


def _spoil_page(path: Path) -> None:
    """Overwrite a page of the table of articles with what no page can be."""
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = 'articles'").fetchone()
        (size,) = conn.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


def _spoil_files(spoiled: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        for file in stored_files(path.with_suffix(".files")):
            file.write_bytes(spoiled(file.read_bytes()))

    return change


DETAIL = "SELECT c.body_sha256 FROM captures c JOIN articles a ON a.capture_id = c.id WHERE a.state = 'live'"
DAMAGES = {
    "files emptied": _spoil_files(lambda _content: b""),
    "files halved": _spoil_files(lambda content: content[: len(content) // 2]),
    "a bit of files flipped": _spoil_files(lambda content: content[:-1] + bytes([content[-1] ^ 1])),
    "files deleted": lambda path: shutil.rmtree(path.with_suffix(".files")),
    "pages damaged": _change(f"UPDATE bodies SET content = zeroblob(9) WHERE sha256 IN ({DETAIL})"),
    "dictionaries damaged": _change("UPDATE dictionaries SET content = zeroblob(9)"),
    "lists damaged": _change(
        "UPDATE bodies SET content = zeroblob(9) WHERE sha256 IN"
        " (SELECT body_sha256 FROM captures WHERE kind = 'list')"
    ),
    "index lost": _change("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')"),
    "contacts lost": _change("DELETE FROM contact_points"),
    "body lost": _change("UPDATE article_texts SET body_html = '<p>딴 글</p>' WHERE article_id = 3"),
    "redaction begun": _change(
        "INSERT INTO settings VALUES ('unfinished_redaction', '{\"article\": 3, \"erased\": true}')"
    ),
    "rows lost": _change("DELETE FROM versions WHERE article_id = 3"),
    "keys lost": _change("PRAGMA foreign_keys = OFF; DELETE FROM captures WHERE id = 3"),
    "a view lost": _change("DROP VIEW coverage"),
    "a table lost": _change("DROP TABLE links"),
}


def rows_of(path: Path, query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(query).fetchall()


def texts(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(
            "SELECT native_id, body_text FROM articles JOIN article_texts ON article_id = id ORDER BY 1"
        ).fetchall()


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_remedies_printed_make_the_archive_sound(crawled: Path, tmp_path: Path, damage: str) -> None:
    path = copied(crawled, tmp_path / "a.db")
    before = texts(path)
    DAMAGES[damage](path)
    for _ in range(ROUNDS):
        found = json.loads(briefing("verify", "--json", "--sample", "1000", "--db", path).stdout)
        if not found:
            break
        for remedy in dict.fromkeys(finding["remedy"] for finding in found):
            follow(remedy, path, crawled)
    assert found == []
    assert texts(path) == before


def follow(remedy: str, path: Path, snapshot: Path) -> None:
    """Do what a remedy says; where it names commands, exactly these."""
    commands = re.findall(r"briefing ((?:verify|redact|reparse|crawl)(?: --[a-z-]+)?)", remedy)
    if not commands:
        assert "snapshot" in remedy
        shutil.copyfile(snapshot, path)
    for command in commands:
        if command == "crawl":
            with serve() as site:
                site.day = DAYS[-1]
                assert briefing(*crawl_command(site, path)).returncode in (0, 1)
        else:
            source = ("--from", snapshot) if remedy.endswith("--from and your last snapshot") else ()
            assert briefing(*command.split(), *source, "--db", path).returncode in (0, 1), command
    if "then crawl" in remedy:
        follow("briefing crawl", path, snapshot)


def test_a_snapshot_of_files_without_their_folder_is_one_line(crawled: Path, tmp_path: Path) -> None:
    path, copy = tmp_path / "a.db", tmp_path / "copy.db"
    shutil.copyfile(crawled, path)
    done = briefing("snapshot", copy, "--files", "--db", path)
    assert (done.returncode, done.stdout) == (65, "")
    folder = path.with_suffix(".files")
    assert (
        done.stderr == f"Error: the folder of files {folder} is not there; without --files none is needed\n"
    )
    assert not copy.exists()
    assert briefing("snapshot", copy, "--db", path).returncode == 0


def test_runs_of_a_wrong_clock_are_undone_as_status_says(crawled: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    shutil.copyfile(crawled, path)
    _change("UPDATE runs SET started_at = '2136' || substr(started_at, 5)")(path)
    said = briefing("status", "--db", path).stdout
    assert "lie in the future; undo them: briefing crawl --undo-wrong-clock" in said
    with serve() as site:
        site.day = DAYS[-1]
        assert briefing(*crawl_command(site, path), "--undo-wrong-clock").returncode in (0, 1)
    assert "lie in the future" not in briefing("status", "--db", path).stdout


def test_a_damaged_file_is_restored_as_the_error_and_verify_say(crawled: Path, tmp_path: Path) -> None:
    path = copied(crawled, tmp_path / "a.db")
    before = texts(path)
    _spoil_page(path)
    done = briefing("show", "1", "--db", path)
    assert (done.returncode, done.stdout) == (65, "")
    assert done.stderr.endswith("briefing verify says where\n")
    done = briefing("verify", "--db", path)
    assert done.returncode == 1
    assert "take the file from your last snapshot" in done.stdout
    for log in ("-wal", "-shm"):
        path.with_name(path.name + log).unlink(missing_ok=True)
    shutil.copyfile(crawled, path)
    assert briefing("verify", "--db", path).returncode == 0
    assert texts(path) == before


def test_an_index_of_another_version_is_made_anew_as_search_says(crawled: Path, tmp_path: Path) -> None:
    path = copied(crawled, tmp_path / "a.db")
    _change("UPDATE settings SET value = '0' WHERE key = 'search_tokenizer'")(path)
    done = briefing("search", "여객선", "--db", path)
    assert (done.returncode, done.stdout) == (65, "")
    (remedy,) = re.findall("`(briefing [^`]+)`", done.stderr)
    assert briefing(*shlex.split(remedy)[1:], "--db", path).returncode == 0
    done = briefing("search", "여객선", "--db", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_an_index_of_another_version_is_made_anew_as_browse_says(crawled: Path, tmp_path: Path) -> None:
    path = copied(crawled, tmp_path / "여름 $(1)" / "a.db")
    _change("UPDATE settings SET value = '0' WHERE key = 'search_tokenizer'")(path)
    with socket.create_server(("127.0.0.1", 0)) as taken:  # so that it says what it has to say, and ends
        browse = ("browse", "--port", str(taken.getsockname()[1]), "--db", path)
        (remedy,) = re.findall("`(briefing [^`]+)`", briefing(*browse).stderr)
        assert briefing(*shlex.split(remedy)[1:]).returncode == 0
        assert "briefing verify" not in briefing(*browse).stderr
    assert briefing("verify", "--db", path).returncode == 0


def test_a_redaction_elsewhere_is_repeated_as_import_says(crawled: Path, tmp_path: Path) -> None:
    path, other = copied(crawled, tmp_path / "a.db"), copied(crawled, tmp_path / "other" / "a.db")
    ((native_id, url),) = rows_of(path, "SELECT native_id, url FROM articles WHERE section = 'press' LIMIT 1")
    assert briefing("redact", url, "--reason", "요청: '2026'", "--db", other).returncode == 0
    said = briefing("import", other, "--db", path).stderr
    (remedy,) = re.findall(r"briefing redact .*", said)
    assert briefing(*shlex.split(remedy)[1:], "--db", path).returncode == 0
    state = rows_of(path, f"SELECT state FROM articles WHERE native_id = '{native_id}'")
    assert state == [("redacted",)]
    assert briefing("verify", "--db", path).returncode == 0
    assert "briefing redact" not in briefing("import", other, "--db", path).stderr


def test_what_inspect_does_not_read_is_imported_as_it_says(crawled: Path, tmp_path: Path) -> None:
    assert briefing("export", tmp_path / "out", "--format", "warc", "--db", crawled).returncode == 0
    (file,) = (tmp_path / "out").glob("*.warc*")
    said = briefing("inspect", file)
    assert said.returncode == 65
    (remedy,) = re.findall(r"briefing \w+", said.stderr)
    assert briefing(*remedy.split()[1:], file, "--db", tmp_path / "again.db").returncode == 0
    assert texts(tmp_path / "again.db") == texts(crawled)


def test_sites_are_examined_as_status_says_of_a_silent_breakage(tmp_path: Path) -> None:
    assert REMEDY.endswith(": briefing doctor --sites")
    with serve() as site:
        at = f"--mirror={site.url}", "--delay=0", "--today=2026-07-14", f"--pages={tmp_path / 'pages'}"
        done = briefing(*REMEDY.split()[-2:], *at, "--db", tmp_path / "a.db")
    assert done.returncode == 0, done.stderr


def test_every_command_that_is_advised_is_run_by_a_test() -> None:
    advised = {said: name for name, said in advice()}
    assert advised.keys() - MENTIONED == ADVICE.keys(), advised
    assert {test for test in ADVICE.values() if test not in globals()} == set()


def advice() -> Iterator[tuple[str, str]]:
    """Return every command that a sentence of the program names, but for docstrings, with its module."""
    for module, sentence in sentences():
        for said in re.findall(rf"briefing (?:{VERBS})\b[^;`\n]*", sentence):
            yield module, _shortened(said)


def sentences() -> Iterator[tuple[str, str]]:
    """Return every string of the program that is no docstring and no help, and its module."""
    for package in ("archive", "briefing", "crawler", "pipelines"):
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            left_out = {id(part) for node in ast.walk(tree) for part in _parts(node)}
            yield from ((path.name, _said(node)) for node in ast.walk(tree) if id(node) not in left_out)


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Return what is no sentence by itself: docstrings, help, and the parts of longer strings."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.keyword) and node.arg == "help":
        yield from ast.walk(node.value)
    if isinstance(node, ast.JoinedStr):
        yield from node.values


def _said(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _shortened(said: str) -> str:
    """Keep of a sentence the command, its options and one word."""
    found = re.match(r"briefing \w+(?:,? (?:--[a-z-]+|\{\}|or import|says))*", said)
    return found[0] if found else said
