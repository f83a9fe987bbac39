"""Every remedy that verify prints is carried out as printed, and leaves a sound archive that lost no text."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from archive.captures.files import stored_files
from briefing.demo.server import DAYS
from tests.archives import copied
from tests.command import briefing
from tests.unruly import crawl_command, serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROUNDS = 5  # a remedy may show the next thing to do


def _change(statement: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as conn, conn:
            conn.execute(statement)

    return change


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
}


def texts(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(
            "SELECT native_id, body_text FROM articles JOIN article_texts ON article_id = id ORDER BY 1"
        ).fetchall()


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_remedies_printed_make_the_archive_sound(crawled: Path, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "a.db"
    copied(crawled, path)
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
            assert briefing(*command.split(), "--db", path).returncode in (0, 1), command
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


def test_runs_of_a_wrong_clock_are_taken_back_as_status_says(crawled: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    shutil.copyfile(crawled, path)
    _change("UPDATE runs SET started_at = '2136' || substr(started_at, 5)")(path)
    said = briefing("status", "--db", path).stdout
    assert "lie in the future; take them back: briefing crawl --mend-clock" in said
    with serve() as site:
        site.day = DAYS[-1]
        assert briefing(*crawl_command(site, path), "--mend-clock").returncode in (0, 1)
    assert "lie in the future" not in briefing("status", "--db", path).stdout
