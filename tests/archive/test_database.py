"""The archive file: what it opens, what it refuses, and how it is shared."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from archive.database import Archive
from archive.errors import ArchiveError, Held, NewerSchema, NotAnArchive, Unreadable
from archive.migrations import migrations
from archive.records import Organization
from archive.schema import SCHEMA_VERSION, TABLES
from archive.store import Store
from archive.views import VIEWS
from tests.archives import open_desk, press_release
from tests.command import FORKS, SECONDS, briefing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.synchronize import Barrier
    from pathlib import Path


def test_a_new_archive_has_every_table_strict_and_every_view(tmp_path: Path) -> None:
    with Archive.create_or_open(tmp_path / "a.db") as archive:
        strict = {
            row["name"] for row in archive.conn.execute("SELECT name FROM pragma_table_list WHERE strict")
        }
        views = {
            row["name"] for row in archive.conn.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
        }
    assert strict == {table.name for table in TABLES}
    assert views == {view.name for view in VIEWS}


def test_every_view_gives_the_columns_that_it_describes(tmp_path: Path) -> None:
    with Archive.create_or_open(tmp_path / "a.db") as archive:
        for view in VIEWS:
            names = [entry[0] for entry in archive.conn.execute(f"SELECT * FROM {view.name}").description]
            assert names == list(view.columns)


def test_a_writer_has_wal_and_foreign_keys_and_syncs_every_commit(tmp_path: Path) -> None:
    with Archive.create_or_open(tmp_path / "a.db") as archive:
        assert archive.conn.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
        assert archive.conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert archive.conn.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_nothing_is_committed_after_sqlite_rolled_a_transaction_back(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        (pages,) = desk.archive.conn.execute("PRAGMA page_count").fetchone()
        desk.archive.conn.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(ArchiveError, match="rolled the transaction back"), desk.archive.transaction():
            desk.archive.conn.execute("INSERT INTO settings (key, value) VALUES ('first', '')")
            with pytest.raises(sqlite3.OperationalError, match="full"):
                desk.archive.conn.execute(
                    "INSERT INTO settings (key, value) VALUES ('long', hex(zeroblob(1000000)))"
                )
            desk.archive.conn.execute(f"PRAGMA max_page_count = {pages + 1000}")
            with desk.archive.transaction():
                desk.archive.conn.execute("INSERT INTO settings (key, value) VALUES ('last', '')")
        assert desk.rows("SELECT key FROM settings WHERE key IN ('first', 'last')") == []


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Archive.create_or_open(path).close()
    before = path.read_bytes()
    Archive.create_or_open(path).close()
    assert path.read_bytes() == before


def test_a_missing_archive_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="does not exist"):
        Archive.open(tmp_path / "none.db")


def test_an_archive_in_a_missing_folder_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        Archive.create_or_open(tmp_path / "none" / "a.db")


@pytest.mark.parametrize("opening", [Archive.open, Archive.create_or_open])
def test_a_file_that_is_no_database_is_refused_and_untouched(tmp_path: Path, opening: object) -> None:
    path = tmp_path / "a.db"
    path.write_text("보도자료 목록\n" * 200)
    before = path.read_bytes()
    with pytest.raises(NotAnArchive, match="not a SQLite database"):
        opening(path)  # type: ignore[operator]
    assert path.read_bytes() == before


@pytest.mark.parametrize("opening", [Archive.open, Archive.create_or_open])
def test_a_database_of_somebody_else_is_refused_and_untouched(tmp_path: Path, opening: object) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE songs (title TEXT)")
    before = path.read_bytes()
    with pytest.raises(NotAnArchive, match="not an archive"):
        opening(path)  # type: ignore[operator]
    assert path.read_bytes() == before


@pytest.mark.parametrize("opening", [Archive.open, Archive.create_or_open])
def test_an_archive_of_a_newer_program_is_refused(tmp_path: Path, opening: object) -> None:
    path = tmp_path / "a.db"
    with Archive.create_or_open(path) as archive:
        archive.conn.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerSchema, match="schema 99"):
        opening(path)  # type: ignore[operator]


SCHEMA = (
    "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'articles_fts%' ORDER BY name"
)


def folded(row: Iterable[str | None]) -> list[str]:
    """Fold the white space of statements: a column added later stands on the line of the one before."""
    return [" ".join((value or "").split()) for value in row]


def make_older(path: Path) -> None:
    """Take from an archive what the migrations after the first brought."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("DROP INDEX articles_title")
        conn.execute("DROP VIEW article_contacts")
        conn.execute("ALTER TABLE contact_points DROP COLUMN extension")
        for column in ("owner_by", "owner_score"):
            conn.execute(f"ALTER TABLE contacts DROP COLUMN {column}")
        conn.execute("CREATE VIEW article_contacts AS SELECT id FROM contacts")
        conn.execute("DELETE FROM _sqlite_migrations WHERE name <> 'initial'")
        conn.execute("PRAGMA user_version = 1")


def test_an_archive_of_an_earlier_schema_is_brought_to_this_one(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    desk = open_desk(path)
    with desk.archive:
        desk.visit(press_release(1))
        schema = [folded(row) for row in desk.archive.conn.execute(SCHEMA)]
        rows = desk.rows("SELECT * FROM articles")
    make_older(path)
    with Archive.open(path) as archive:  # a reader takes it as it is
        assert archive.conn.execute("SELECT count(*) FROM articles").fetchone()[0] == 1
    with Archive.create_or_open(path) as archive:
        assert [folded(row) for row in archive.conn.execute(SCHEMA)] == schema
        assert [tuple(row) for row in archive.conn.execute("SELECT * FROM articles")] == rows
        assert archive.conn.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION


def test_a_migration_that_fails_leaves_the_archive_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Archive.create_or_open(path).close()
    make_older(path)
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE articles_title (in_the_way)")
    with pytest.raises(Unreadable, match="cannot be written"):
        Archive.create_or_open(path)
    with Archive.open(path) as archive:
        assert archive.conn.execute("PRAGMA user_version").fetchone()[0] == 1


def make(path: Path, together: Barrier) -> None:
    together.wait(SECONDS)  # everything is loaded
    with Archive.create_or_open(path) as archive:
        assert archive.conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_many_programs_may_make_one_archive_at_the_same_moment(tmp_path: Path) -> None:
    together = FORKS.Barrier(8)
    makers = [FORKS.Process(target=make, args=(tmp_path / "a.db", together)) for _ in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join(SECONDS)
    assert [maker.exitcode for maker in makers] == [0] * 8
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert archive.conn.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION


ARTICLES = (
    "SELECT native_id, title, published_at, fingerprint, body_text FROM articles"
    " JOIN article_texts ON article_id = id ORDER BY native_id"
)


def articles_of(path: Path) -> list[tuple[object, ...]]:
    with Archive.open(path) as archive:
        return [tuple(row) for row in archive.conn.execute(ARTICLES)]


def test_commands_that_start_at_once_on_one_new_archive_are_all_done_in_the_end(tmp_path: Path) -> None:
    """The lock lets one in at a time; what it refuses succeeds when it is run again."""
    posts = [tmp_path / f"2026-07-14-{number}.md" for number in range(4)]
    for post in posts:
        post.write_text(f"---\ntitle: 등대 {post.stem}\ndate: 2026-07-14\n---\n등대를 점검한다.\n", "utf-8")
    with ThreadPoolExecutor(len(posts)) as together:
        runs = [together.submit(briefing, "import", post, "--db", tmp_path / "a.db") for post in posts]
    for post, run in zip(posts, runs, strict=True):
        done = run.result()
        if done.returncode == 75:
            assert "held by another run" in done.stderr
            done = briefing("import", post, "--db", tmp_path / "a.db")
        assert (done.returncode, done.stdout) == (0, "1 files: 1 new\n"), done.stderr
    assert briefing("import", *posts, "--db", tmp_path / "b.db").returncode == 0
    assert articles_of(tmp_path / "a.db") == articles_of(tmp_path / "b.db")
    assert len(articles_of(tmp_path / "a.db")) == len(posts)
    assert briefing("verify", "--db", tmp_path / "a.db").returncode == 0


def test_there_are_as_many_migrations_as_the_schema_says() -> None:
    with Database(memory=True) as database:
        assert len(migrations.pending(database)) == SCHEMA_VERSION


def test_an_archive_made_before_posts_were_kept_whole_gets_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    columns = [("articles", "modified_at"), ("articles", "embargo_at"), ("articles", "revision")]
    columns.append(("article_texts", "post"))
    with Archive.create_or_open(path) as archive:
        for table, column in columns:
            archive.conn.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        archive.conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'what_posts_and_the_open_api_say'")
        archive.conn.execute("PRAGMA user_version = 2")
    with Archive.create_or_open(path) as archive:
        for table, column in columns:
            archive.conn.execute(f"SELECT {column} FROM {table}").fetchall()


def test_contacts_of_a_visit_that_waited_under_an_earlier_schema_keep_their_ministry(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    desk = open_desk(path)
    with desk.archive:
        desk.store.seed_organizations([Organization("mos", "해양안전부")])
        desk.visit(press_release())
        waiting = Store(desk.archive, now=desk.clock, holds=True)
        edited = replace(press_release(), title="고친 제목")
        assert waiting.record_article(edited, desk.capture("고친 쪽")).outcome == "pending"
        ((text,),) = desk.rows("SELECT visit FROM pending_visits")
        visit = json.loads(text) | {"organizations": [["mos", "published"]]}  # as it was kept before
        for contact in visit["article"]["contacts"]:
            del contact["organization_key"], contact["organization_by"]
        desk.archive.conn.execute("UPDATE pending_visits SET visit = ?", (json.dumps(visit),))
        desk.archive.conn.execute(
            "DELETE FROM _sqlite_migrations WHERE name = 'ministries_of_waiting_contacts'"
        )
        desk.archive.conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    desk = open_desk(path)
    with desk.archive:
        (row,) = desk.archive.conn.execute("SELECT * FROM pending_visits").fetchall()
        assert desk.store.release(row).outcome == "edited"
        told = desk.rows(
            "SELECT key, organization_by FROM contacts JOIN organizations o ON o.id = organization_id"
        )
        assert told == [("mos", "published")]


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Archive.create_or_open(path).close()
    with Archive.open(path) as archive, pytest.raises(sqlite3.OperationalError):
        archive.conn.execute("INSERT INTO settings VALUES ('key', 'value')")


def test_a_second_run_is_kept_out_until_the_first_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Archive.create_or_open(path) as first, Archive.create_or_open(path) as second:
        with first.hold(), pytest.raises(Held, match="another run"), second.hold():
            pass
        with second.hold():
            pass


def hold_and_die(path: Path) -> None:
    with Archive.create_or_open(path).hold():
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_run_no_longer_holds_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    run = FORKS.Process(target=hold_and_die, args=(path,))
    run.start()
    run.join(SECONDS)
    assert run.exitcode == -signal.SIGKILL
    with Archive.create_or_open(path) as archive, archive.hold():
        pass


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with Archive.create_or_open(tmp_path / "a.db") as archive:
        with pytest.raises(KeyError), archive.transaction():
            archive.conn.execute("INSERT INTO settings VALUES ('key', 'value')")
            raise KeyError
        assert archive.conn.execute("SELECT count(*) FROM settings WHERE key = 'key'").fetchone()[0] == 0


def test_a_nested_transaction_joins_the_outer(tmp_path: Path) -> None:
    with Archive.create_or_open(tmp_path / "a.db") as archive:
        with pytest.raises(KeyError), archive.transaction():
            with archive.transaction():
                archive.conn.execute("INSERT INTO settings VALUES ('key', 'value')")
            raise KeyError
        assert archive.conn.execute("SELECT count(*) FROM settings WHERE key = 'key'").fetchone()[0] == 0
