"""Re-reading an archive from its captures: exact, parallel, resumable, and never a version."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from archive.articles.load import load_article
from archive.articles.reextraction import plan
from archive.captures.files import stored_files
from archive.database import Archive
from archive.errors import UsageError
from archive.integrity.verify import verify
from archive.store import Store
from briefing.main import cli
from crawler.extraction import reextract as reparse
from crawler.extraction.from_captures import Reextractor
from pipelines.attachments import read_document
from tests.archives import copied

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-07-20T09:00:00+09:00"


@pytest.fixture
def path(crawled: Path, tmp_path: Path) -> Path:
    """A copy of the crawled archive, with its files."""
    path = tmp_path / "a.db"
    copied(crawled, path)
    return path


def contents(path: Path) -> list[str]:
    with Archive.open(path) as archive:
        return list(archive.conn.iterdump())


def spoil(path: Path, *statements: str) -> None:
    """Make rows say what a poorer parser would have made of the same pages."""
    with Archive.create_or_open(path) as archive:
        store = Store(archive, now=lambda: NOW)
        for statement in statements:
            archive.conn.execute(statement)
        store.archive.conn.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")


def test_unchanged_code_changes_nothing_byte_for_byte(path: Path) -> None:
    before, rows = path.read_bytes(), contents(path)
    result = CliRunner().invoke(cli, ["reparse", "--db", str(path), "--json"], standalone_mode=False)
    report = json.loads(result.output)
    assert report["articles"] == 35
    assert (report["changed"], report["unreadable"]) == (0, 0)
    assert contents(path) == rows
    assert path.read_bytes() == before


def test_what_a_poorer_parser_left_is_mended_without_a_version(path: Path) -> None:
    rows = contents(path)
    with Archive.create_or_open(path) as archive, archive.hold():
        store = Store(archive, now=lambda: NOW)
        for article_id in (1, 2, 3):
            article = load_article(archive.conn, article_id)
            assert article is not None
            store.rewrite(article_id, replace(article, title="딴 제목", contacts=(), parser="Poor/0"))
        chunks = list(reparse.write(store, path, workers=1))
        runs = [tuple(row) for row in archive.conn.execute("SELECT command, outcome FROM runs")]
    assert sum(len(chunk.rewrites) for chunk in chunks) == 3
    assert ("reparse", "finished") in runs
    with Archive.open(path) as archive:
        assert list(verify(archive, reread=Reextractor(archive, read_document), sample=35)) == []
    left = {row.split("(")[0] for row in set(rows) ^ set(contents(path))}
    assert not any('"versions"' in row or '"articles"' in row for row in left)


def test_a_dry_run_shows_what_would_change_and_writes_nothing(path: Path) -> None:
    with Archive.create_or_open(path) as archive:
        article = load_article(archive.conn, 5)
        assert article is not None
        Store(archive, now=lambda: NOW).rewrite(5, replace(article, title="딴 제목", parser="Poor/0"))
    before = contents(path)
    shown = CliRunner().invoke(
        cli, ["reparse", "--dry-run", "--db", str(path), "--json"], standalone_mode=False
    )
    report = json.loads(shown.output)
    assert report["fields"] == {"title": 1, "parser": 1}
    (example,) = report["examples"]["title"]
    assert (example["article"], example["before"], example["after"]) == (5, "딴 제목", article.title)
    assert contents(path) == before


def test_an_interrupted_run_goes_on_after_its_last_chunk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reparse, "CHUNK", 10)
    with Archive.create_or_open(path) as archive:
        store = Store(archive, now=lambda: NOW)
        for (article_id,) in archive.conn.execute("SELECT id FROM articles").fetchall():
            article = load_article(archive.conn, article_id)
            assert article is not None
            store.rewrite(article_id, replace(article, subtitle="딴 부제", parser="Poor/0"))
        run = reparse.write(store, path, workers=1)
        assert next(run).last == 10
        assert next(run).last == 20
        run.close()
        again = Store(archive, now=lambda: NOW)
        assert [chunk.last for chunk in reparse.write(again, path, workers=1)] == [30, 35]
        assert (
            archive.conn.execute("SELECT count(*) FROM articles WHERE subtitle = '딴 부제'").fetchone()[0]
            == 0
        )
    assert not path.with_suffix(".reparse").exists()


def test_a_run_that_changes_nothing_goes_on_too_but_not_with_other_parsers(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reparse, "CHUNK", 10)
    before = path.read_bytes()
    with Archive.create_or_open(path) as archive:
        store = Store(archive, now=lambda: NOW)
        run = reparse.write(store, path, workers=1)
        assert next(run).last == 10
        assert next(run).last == 20
        run.close()
        with monkeypatch.context() as newer:
            newer.setattr(reparse, "PIPELINES_VERSION", 99)
            run = reparse.write(store, path, workers=1)
            assert next(run).last == 10
            run.close()
        path.with_suffix(".reparse").write_text("[")
        assert [chunk.last for chunk in reparse.write(store, path, workers=1)] == [10, 20, 30, 35]
    assert path.read_bytes() == before


def test_a_file_that_is_lost_leaves_what_was_read_of_it(path: Path) -> None:
    for file in stored_files(path.with_suffix(".files")):
        file.unlink()
    with Archive.open(path) as archive:
        read = Reextractor(archive, read_document)
        ids = [row["id"] for row in archive.conn.execute("SELECT id FROM articles")]
        fresh = [(article_id, read(article_id)) for article_id in ids]
        changes = [plan(archive.conn, article_id, one) for article_id, one in fresh if one]
    assert [change for change in changes if change] == []


def test_a_cluster_without_its_library_is_a_usage_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="cluster"):
        next(reparse.reextract(path, workers=1, scheduler="tcp://127.0.0.1:1"))


def test_an_article_whose_page_is_not_held_is_counted_and_left(path: Path) -> None:
    with Archive.create_or_open(path) as archive:
        archive.conn.execute("UPDATE articles SET capture_id = NULL WHERE id = 1")
    (chunk, *_) = reparse.reextract(path, workers=1)
    assert chunk.unreadable == [1]
    assert chunk.rewrites == []
