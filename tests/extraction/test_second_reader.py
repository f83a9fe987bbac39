"""A second parser finds what the stored text of an article has not as its page, and raises no false alarm."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from archive.articles.lookup import inline_text
from archive.captures.store import Captures
from archive.database import Archive
from crawler.extraction.second_reader import SecondReader, container_of, difference, read
from tests.command import briefing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PAGE = (
    "<p>첫 단락</p>둘째<br>단락<table><tr><td>칸</td><td>3</td></tr></table>"
    "<script>x</script><aside>곁</aside>"
)


def test_a_difference_is_named() -> None:
    assert difference(read(PAGE), "첫 단락\n둘째\n단락\n칸 3") is None
    assert difference(read(PAGE), "첫 단락\n둘째\n칸 3") == "lacks words of its page: 단락"
    assert difference(read(PAGE), "첫 단락\n둘째\n단락\n칸 33") == "has words that its page has not: 33"
    assert difference(read(PAGE), "첫 단락\n단락\n둘째\n칸 3") == (
        "has the words of its page in another order, from: 단락 칸 3"
    )
    assert difference(read(PAGE), "첫 단락\n둘째\n단락\n칸 3\n곁") is None  # more than a reader sees
    assert difference(read("<p><b>굵은</b글 둘</p>"), "굵은글 둘") is None


def compared(path: Path) -> Iterator[tuple[int, str, str]]:
    """Return the articles whose text can be compared, with the markup of the container and the text."""
    with Archive.open(path) as archive:
        captures = Captures(archive.conn, archive.files)
        for (article_id,) in archive.conn.execute("SELECT id FROM articles").fetchall():
            stored = inline_text(archive.conn, article_id)
            markup = container_of(captures.read(stored[0])) if stored else None
            if stored and markup is not None:
                yield article_id, str(markup), stored[1]


def test_no_article_of_the_replica_lacks_a_word(crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        reader = SecondReader(archive)
        ids = [row["id"] for row in archive.conn.execute("SELECT id FROM articles")]
        assert {article_id: said for article_id in ids if (said := reader(article_id))} == {}
    assert reader.compared > 10
    assert reader.compared + reader.not_compared == len(ids)


def without_a_line(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(lines[:-2] + lines[-1:])


def without_a_cell(text: str) -> str:
    return re.sub(r"\s\S+$", "", text)


def with_two_words_swapped(text: str) -> str:
    words = text.split(" ")
    at = next(n for n in range(len(words) // 2, len(words) - 1) if words[n] != words[n + 1])
    return " ".join([*words[:at], words[at + 1], words[at], *words[at + 2 :]])


def with_another_digit(text: str) -> str:
    return re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), text, count=1)


def with_one_digit_more(text: str) -> str:
    return re.sub(r"\d", lambda digit: digit[0] * 2, text, count=1)


def with_a_word_of_its_own(text: str) -> str:
    return f"{text} 덧붙인말"


DAMAGES: tuple[Callable[[str], str], ...] = (
    without_a_line,
    without_a_cell,
    with_two_words_swapped,
    with_another_digit,
    with_one_digit_more,
    with_a_word_of_its_own,
)


def test_every_damage_of_a_body_is_found(crawled: Path) -> None:
    bodies = list(compared(crawled))
    tried = 0
    for damage in DAMAGES:
        for article_id, markup, text in bodies:
            damaged = damage(text)
            if damaged != text:
                tried += 1
                assert difference(read(markup), damaged), (article_id, damage.__name__)
    assert tried > 5 * len(bodies)


def test_verify_tells_of_a_lost_word_and_how_much_was_compared(crawled: Path, tmp_path: Path) -> None:
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
        (count,) = conn.execute("SELECT count(*) FROM articles WHERE capture_id IS NOT NULL").fetchone()
    done = briefing("verify", "--db", path, "--sample", "1000")
    assert f"words: the text of article {article_id} lacks words of its page: {lost}" in done.stdout
    said = re.match(
        r"(\d+) texts were compared word by word with their pages; (\d+) could not be", done.stderr
    )
    assert said
    assert int(said[1]) + int(said[2]) == count
    assert int(said[1]) > 10
