"""``verify --repair`` shows first what it would do, restores from captures and snapshots, loses nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from archive.captures.files import stored_files
from briefing.demo.server import DAYS
from tests.archives import copied
from tests.command import briefing
from tests.crawl.test_crawl import rows
from tests.imports.test_join import content
from tests.integrity.test_remedies import DAMAGES
from tests.thorough import thorough
from tests.unruly import crawl, serve

if TYPE_CHECKING:
    from pathlib import Path

BEYOND_ROWS = {"a view lost", "a table lost"}  # the file is taken from the snapshot as a whole
BY_OTHER_COMMANDS = {"redaction begun"}
FROM_CAPTURES = {"index lost", "contacts lost", "body lost", "relations lost", "dictionaries damaged"}
MORE = {
    "relations lost": "DELETE FROM relations",
    "texts lost": "DELETE FROM article_texts WHERE article_id IN (2, 3)",
    "history lost": "DELETE FROM versions WHERE article_id = 2",
}


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.executescript(statement)


def damaged(crawled: Path, path: Path, *damages: str) -> Path:
    copied(crawled, path)
    for damage in damages:
        if damage in MORE:
            change(path, MORE[damage])
        else:
            DAMAGES[damage](path)
    return path


def dump(path: Path) -> list[object]:
    """Return all rows and files, byte for byte."""
    with closing(sqlite3.connect(path)) as conn:
        rows = [line for line in conn.iterdump() if "_fts" not in line]
    folder = path.with_suffix(".files")
    return [*rows, *((file.name, file.read_bytes()) for file in stored_files(folder))]


def repair(path: Path, *more: str | Path) -> str:
    done = briefing("verify", "--repair", *more, "--db", path)
    assert "Traceback" not in done.stderr, done.stderr
    return "".join(line for line in done.stderr.splitlines(keepends=True) if "word by word" not in line)


ROWS_AND_BYTES = sorted({*DAMAGES, *MORE} - BEYOND_ROWS - BY_OTHER_COMMANDS)


def test_all_that_is_damaged_is_restored_from_a_snapshot(crawled: Path, tmp_path: Path) -> None:
    path = damaged(crawled, tmp_path / "a.db", *ROWS_AND_BYTES)
    before = dump(path)
    assert "would be done: " in repair(path, "--from", crawled, "--dry-run")
    assert dump(path) == before
    repair(path, "--from", crawled)
    assert content(path) == content(crawled)
    done = briefing("verify", "--sample=1000", "--db", path)
    assert (done.returncode, done.stdout) == (0, "All is well.\n")


def test_all_that_captures_say_is_restored_without_a_snapshot(crawled: Path, tmp_path: Path) -> None:
    path = damaged(crawled, tmp_path / "a.db", *sorted(FROM_CAPTURES))
    before = dump(path)
    assert "would be done: " in repair(path, "--dry-run")
    assert dump(path) == before
    repair(path)
    assert content(path) == content(crawled)
    assert briefing("verify", "--sample=1000", "--db", path).returncode == 0


@thorough
@pytest.mark.parametrize("damage", ROWS_AND_BYTES)
def test_each_damage_is_restored_as_shown_first(crawled: Path, tmp_path: Path, damage: str) -> None:
    path = damaged(crawled, tmp_path / "a.db", damage)
    source = () if damage in FROM_CAPTURES else ("--from", crawled)
    shown = repair(path, *source, "--dry-run")
    assert shown.replace("would be done: ", "") == repair(path, *source) != ""
    assert content(path) == content(crawled)


def test_a_sound_archive_is_left_as_it_is(crawled: Path, first_day: Path, tmp_path: Path) -> None:
    path = copied(crawled, tmp_path / "a.db")
    before = dump(path)
    assert repair(path, "--from", first_day) == ""
    assert dump(path) == before


@thorough
def test_an_old_snapshot_restores_what_it_has_and_loses_nothing_that_came_later(
    crawled: Path, first_day: Path, tmp_path: Path
) -> None:
    path = copied(crawled, tmp_path / "a.db")
    for file in stored_files(path.with_suffix(".files")):
        file.write_bytes(b"")
    change(path, "DELETE FROM versions WHERE article_id = 3")
    repair(path, "--from", first_day)
    with serve() as site:
        site.day = DAYS[1]
        assert crawl(site, path).returncode == 0
    assert content(path) == content(crawled)


def test_a_snapshot_of_another_archive_is_refused(crawled: Path, tmp_path: Path) -> None:
    path, other = copied(crawled, tmp_path / "a.db"), copied(crawled, tmp_path / "other.db")
    change(other, "UPDATE runs SET started_at = '2001-01-01T00:00:00+09:00' WHERE id = 1")
    done = briefing("verify", "--repair", "--from", other, "--db", path)
    assert (done.returncode, done.stdout) == (64, "")
    assert done.stderr == f"Error: {other} is no snapshot of {path}: their first runs differ\n"


def test_a_snapshot_without_repair_is_a_mistake(crawled: Path) -> None:
    done = briefing("verify", "--from", crawled, "--db", crawled)
    assert (done.returncode, done.stderr) == (64, "Error: --from and --dry-run go with --repair\n")


def test_an_old_snapshot_undoes_no_redaction_and_adds_no_earlier_page(
    crawled: Path, first_day: Path, tmp_path: Path
) -> None:
    path = copied(crawled, tmp_path / "a.db")
    ((edited,), *_) = rows(path, "SELECT article_id FROM versions WHERE kind = 'edit'")
    redacted = 2
    assert briefing("redact", str(redacted), "--reason=court", "--db", path).returncode == 0
    pages = f"SELECT role, capture_id FROM article_captures WHERE article_id = {edited} ORDER BY 1, 2"
    left = f"SELECT body_text FROM article_texts WHERE article_id = {redacted}"
    before = rows(path, pages), rows(path, left)
    change(path, f"DELETE FROM versions WHERE article_id IN ({redacted}, {edited})")
    repair(path, "--from", first_day)
    assert (rows(path, pages), rows(path, left)) == before
    assert rows(path, f"SELECT count(*) FROM versions WHERE article_id = {redacted}") == [(0,)]


def test_looking_first_migrates_nothing_and_names_a_snapshot_that_is_missing(
    crawled: Path, tmp_path: Path
) -> None:
    path = copied(crawled, tmp_path / "a.db")
    assert briefing("verify", "--repair", "--from", tmp_path / "no.db", "--db", path).returncode == 66
    change(path, "PRAGMA user_version = 10")
    done = briefing("verify", "--repair", "--dry-run", "--db", path)
    assert (done.returncode, done.stdout) == (64, "")
    assert rows(path, "PRAGMA user_version") == [(10,)]
