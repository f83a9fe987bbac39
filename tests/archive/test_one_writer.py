"""One writer, many readers, and a process killed at any instant."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from archive.captures.files import file_path
from archive.database import Archive
from archive.errors import MachineError
from archive.search import check
from tests.archives import open_desk, press_release
from tests.command import FORKS
from tests.thorough import one_in

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

WHOLE = """
SELECT count(*) FROM articles a
WHERE NOT EXISTS (SELECT 1 FROM article_texts t WHERE t.article_id = a.id AND t.body_text <> '')
   OR NOT EXISTS (SELECT 1 FROM versions v WHERE v.article_id = a.id)
   OR NOT EXISTS (
     SELECT 1 FROM contacts c JOIN contact_points p ON p.contact_id = c.id WHERE c.article_id = a.id)
   OR NOT EXISTS (SELECT 1 FROM attachments f WHERE f.article_id = a.id)
   OR NOT EXISTS (SELECT 1 FROM article_captures l WHERE l.article_id = a.id)
"""


def write(path: Path, said: Connection) -> None:
    """Store articles without end, and say so of each."""
    desk = open_desk(path)
    with desk.archive, desk.archive.hold():
        desk.store.begin_run("crawl", {})
        for number in range(100_000):
            desk.visit(press_release(number))
            desk.list_day(press_release(number))
            said.send(number)


@pytest.mark.parametrize("articles", one_in(3, [7, 1, 23]))
def test_a_killed_run_leaves_whole_articles_and_the_next_goes_on(tmp_path: Path, articles: int) -> None:
    path = tmp_path / "a.db"
    said, saying = FORKS.Pipe(duplex=False)
    writer = FORKS.Process(target=write, args=(path, saying))
    writer.start()
    saying.close()
    with said:
        for number in range(articles):
            assert said.recv() == number
        writer.kill()
        writer.join()
    with Archive.open(path) as archive:
        assert archive.conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert archive.conn.execute("PRAGMA foreign_key_check").fetchall() == []
        assert archive.conn.execute("SELECT count(*) FROM articles").fetchone()[0] >= articles
        assert archive.conn.execute(WHOLE).fetchone()[0] == 0
        hashes = [row[0] for row in archive.conn.execute("SELECT sha256 FROM attachments")]
        assert all(file_path(archive.files, sha256).exists() for sha256 in hashes)
    desk = open_desk(path)
    with desk.archive, desk.archive.hold():
        assert check(desk.archive.conn) == []
        assert desk.visit(press_release(0)).outcome == "unchanged"
        assert desk.visit(press_release(100_000)).outcome == "new"


def test_readers_never_wait_and_never_see_half_an_article(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    desk = open_desk(path)
    seen: list[int] = []
    problems: list[int] = []
    written = threading.Event()

    def read() -> None:
        with Archive.open(path) as archive:
            while not written.is_set():
                problems.append(archive.conn.execute(WHOLE).fetchone()[0])
                seen.append(archive.conn.execute("SELECT count(*) FROM articles").fetchone()[0])

    with desk.archive:
        reader = threading.Thread(target=read)
        reader.start()
        for number in range(60):
            desk.visit(press_release(number))
        written.set()
        reader.join()
    assert set(problems) == {0}
    assert seen == sorted(seen)


def test_a_reader_keeps_its_view_while_a_writer_holds_a_transaction(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    desk = open_desk(path)
    with desk.archive, Archive.open(path) as reader, desk.archive.transaction():
        desk.visit(press_release())
        assert reader.conn.execute("SELECT count(*) FROM articles").fetchone()[0] == 0


def test_a_full_disk_is_one_clear_error_and_loses_nothing_committed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    desk = open_desk(path)
    with desk.archive:
        desk.visit(press_release(1))
        (pages,) = desk.archive.conn.execute("PRAGMA page_count").fetchone()
        desk.archive.conn.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(MachineError, match="full"):
            for number in range(2, 50):
                desk.visit(press_release(number))
    with Archive.open(path) as archive:
        assert archive.conn.execute(WHOLE).fetchone()[0] == 0
        assert archive.conn.execute("SELECT count(*) FROM articles").fetchone()[0] >= 1


def test_a_file_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    desk.archive.files.write_text("in the way")
    with desk.archive, pytest.raises(MachineError, match="cannot be written"):
        desk.visit(press_release())
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.conn.execute("SELECT count(*) FROM articles").fetchone()[0] == 0
