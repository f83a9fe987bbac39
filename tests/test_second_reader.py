"""A second parser finds words that the stored text of an article lacks, and raises no false alarm."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from archive.database import Archive
from crawler.extraction.second_reader import SecondReader, missing_words, read
from tests.command import briefing

if TYPE_CHECKING:
    from pathlib import Path


def test_words_that_the_text_lacks_are_named() -> None:
    page = "<p>첫 단락</p>둘째<br>단락<table><tr><td>칸</td><td>옆</td></tr></table><script>x</script>"
    assert missing_words(read(page), "첫 단락\n둘째\n단락\n칸 옆") == []
    assert missing_words(read(page), "첫 단락\n둘째\n칸 옆") == ["단락"]
    assert missing_words(read("<p><b>굵은</b글 둘</p>"), "굵은글 둘") == []


def test_no_article_of_the_replica_lacks_a_word(crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        reader = SecondReader(archive)
        ids = [
            row["id"] for row in archive.conn.execute("SELECT id FROM articles WHERE body_source = 'inline'")
        ]
        assert len(ids) > 10
        assert {article_id: lacking for article_id in ids if (lacking := reader(article_id))} == {}


def test_a_lost_word_is_reported_with_the_word(crawled: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    shutil.copyfile(crawled, path)
    with closing(sqlite3.connect(path)) as conn, conn:
        article_id, text = conn.execute(
            "SELECT article_id, body_text FROM article_texts JOIN articles ON id = article_id"
            " WHERE body_source = 'inline' AND section = 'policy' LIMIT 1"
        ).fetchone()
        lost = max(text.split(), key=len)
        conn.execute(
            "UPDATE article_texts SET body_text = ? WHERE article_id = ?",
            (text.replace(lost, ""), article_id),
        )
    said = briefing("verify", "--db", path, "--sample", "1000").stdout
    assert f"words: the text of article {article_id} lacks words of its page: {lost}" in said
