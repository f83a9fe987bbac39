"""An archive joins another: what two crawls gathered apart is what one would have gathered."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from archive.captures.files import stored_files
from archive.captures.store import Captures
from archive.database import Archive
from archive.integrity.redact import redact
from archive.integrity.verify import verify
from archive.search import search
from briefing.demo.server import DAYS
from tests.archives import Desk, copied, open_desk, press_release, with_body
from tests.command import briefing
from tests.unruly import crawl, serve

if TYPE_CHECKING:
    from pathlib import Path

NAME = "a.site || '/' || a.section || '/' || a.native_id"
CONTENT = {
    "articles": f"SELECT {NAME}, a.url, a.title, a.subtitle, a.published_at, a.organization, o.key, a.writer,"
    " a.body_source, a.kogl_type, a.state, a.version, a.layout, a.parser, t.body_html, t.body_markdown,"
    " t.body_text FROM articles a JOIN article_texts t ON t.article_id = a.id"
    " LEFT JOIN organizations o ON o.id = a.organization_id",
    "versions": f"SELECT {NAME}, v.number, v.kind, v.changed, v.earlier FROM versions v"
    " JOIN articles a ON a.id = v.article_id",
    "contacts": f"SELECT {NAME}, c.position, c.organization, c.department, c.person, c.rank, c.evidence,"
    " p.kind, p.printed, p.e164, f.file_id, o.key FROM contacts c JOIN articles a ON a.id = c.article_id"
    " LEFT JOIN contact_points p ON p.contact_id = c.id LEFT JOIN attachments f ON f.id = c.attachment_id"
    " LEFT JOIN organizations o ON o.id = c.organization_id",
    "attachments": f"SELECT {NAME}, f.position, f.file_id, f.name, f.state, f.sha256, x.text, w.file_id"
    " FROM attachments f JOIN articles a ON a.id = f.article_id"
    " JOIN attachment_texts x ON x.attachment_id = f.id LEFT JOIN attachments w ON w.id = f.twin_of_id",
    "parts": f"SELECT {NAME}, position, i.url, alt FROM images i JOIN articles a ON a.id = i.article_id"
    f" UNION ALL SELECT {NAME}, position, l.url, text FROM links l JOIN articles a ON a.id = l.article_id"
    f" UNION ALL SELECT {NAME}, relation, s.url, s.title FROM sources s"
    " JOIN articles a ON a.id = s.article_id",
    "relations": "SELECT r.kind, a.native_id, b.native_id, r.score FROM relations r"
    " JOIN articles a ON a.id = r.article_id JOIN articles b ON b.id = r.related_id",
    "urls": f"SELECT u.url, {NAME} FROM article_urls u JOIN articles a ON a.id = u.article_id",
    "listings": "SELECT site, section, day, total, read_whole, found, archived, complete FROM listings",
    "listed": "SELECT site, section, native_id, day, title, organization, lead_sha256 FROM listed_items",
    "pages": f"SELECT {NAME}, c.url, c.body_sha256, b.codec FROM articles a"
    " JOIN captures c ON c.id = a.capture_id JOIN bodies b ON b.sha256 = c.body_sha256",
    "failures": "SELECT site, section, native_id, url, kind, resolved_at IS NULL FROM failures",
}


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that an archive says, without row numbers and times; and its files."""
    with Archive.open(path) as archive:
        said = {
            name: sorted(map(tuple, archive.conn.execute(query)), key=repr) for name, query in CONTENT.items()
        }
        captures = Captures(archive.conn, archive.files)
        bodies = archive.conn.execute("SELECT sha256 FROM bodies WHERE codec IN ('zstd', 'file')").fetchall()
        assert all(captures.body(sha256) for (sha256,) in bodies)
        said["files"] = [(file.name,) for file in stored_files(archive.files)]
    return said


def everything(path: Path) -> list[str]:
    """Every row but those of runs, to tell whether anything was written at all."""
    with closing(sqlite3.connect(path)) as conn:
        return [line for line in conn.iterdump() if '"runs"' not in line and "sqlite_" not in line]


def joined(target: Path, *shards: Path, code: int = 0) -> str:
    done = briefing("import", *shards, "--db", target)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def sound(path: Path) -> list[Any]:
    with Archive.open(path) as archive:
        return list(verify(archive))


def crawl_shards(split: str, whole: Path, shards: list[Path]) -> None:
    """Crawl the replica in two parts, by section or by day, and whole with the same commands."""
    others = "--section=policy,actually,briefing,statecouncil,speech,article"
    parts = {
        "section": (["--section=press"], [others]),
        "day": ([f"--until={DAYS[0]}"], [f"--since={DAYS[1]}", f"--until={DAYS[1]}"]),
    }[split]
    with serve() as site:
        site.day = DAYS[-1]
        for shard, part in zip(shards, parts, strict=True):
            for path in (shard, whole):
                assert crawl(site, path, *part).returncode == 0


@pytest.mark.parametrize("split", ["section", "day"])
def test_two_shards_are_one_archive(tmp_path: Path, split: str) -> None:
    whole, shards = tmp_path / "whole.db", [tmp_path / "one.db", tmp_path / "two.db"]
    crawl_shards(split, whole, shards)
    wanted = content(whole)
    for order in (shards, shards[::-1]):
        target = tmp_path / f"{order[0].stem}-first.db"
        joined(target, *order)
        assert sound(target) == []
        got = content(target)
        for name in got:
            assert got[name] == wanted[name], name
    before = everything(target)
    joined(target, *shards)
    assert everything(target) == before


def two(tmp_path: Path) -> tuple[Desk, Desk]:
    return open_desk(tmp_path / "one.db"), open_desk(tmp_path / "two.db")


@pytest.mark.parametrize("late", [False, True])
def test_versions_of_both_follow_one_another_by_time(tmp_path: Path, late: bool) -> None:
    one, two_ = two(tmp_path)
    first, second, third = (with_body(press_release(), f"{n}번째 글") for n in (1, 2, 3))
    with one.archive, two_.archive:
        one.visit(first)
        two_.clock.time = "2026-07-15T09:00:00+09:00"
        two_.visit(second)
        one.clock.time = "2026-07-16T09:00:00+09:00"
        one.visit(third)
    target, other = (two_, one) if late else (one, two_)
    joined(target.archive.path, other.archive.path)
    with Archive.open(target.archive.path) as archive:
        rows = archive.conn.execute("SELECT number, kind, seen_at, earlier FROM versions ORDER BY number")
        told = [(row["number"], row["kind"], row["seen_at"][8:10], row["earlier"]) for row in rows]
        text = archive.conn.execute("SELECT body_text FROM article_texts").fetchone()[0]
        assert len(search(archive.conn, "3번째")) == 1
    assert [entry[:3] for entry in told] == [(1, "new", "14"), (2, "edit", "15"), (3, "edit", "16")]
    assert "1번째 글" in told[1][3]
    assert "2번째 글" in told[2][3]
    assert text == "3번째 글"
    assert sound(target.archive.path) == []


def test_the_same_article_seen_by_both_is_no_edit(tmp_path: Path) -> None:
    one, two_ = two(tmp_path)
    with one.archive, two_.archive:
        one.visit(press_release())
        two_.clock.time = "2026-07-15T09:00:00+09:00"
        two_.visit(press_release())
    joined(one.archive.path, two_.archive.path)
    with Archive.open(one.archive.path) as archive:
        kinds = [row["kind"] for row in archive.conn.execute("SELECT kind FROM versions")]
    assert kinds == ["new"]
    assert sound(one.archive.path) == []


def test_an_article_that_went_in_one_archive_is_gone_in_both(tmp_path: Path) -> None:
    one, two_ = two(tmp_path)
    with one.archive, two_.archive:
        for desk in (one, two_):
            desk.visit(press_release())
        two_.clock.time = "2026-07-16T09:00:00+09:00"
        page = two_.capture("삭제된 게시물입니다.", status=410)
        two_.store.record_missing("korea.kr", "press", press_release().native_id, page, "410")
    joined(one.archive.path, two_.archive.path)
    with Archive.open(one.archive.path) as archive:
        assert archive.conn.execute("SELECT state, version FROM articles").fetchone()[:] == ("gone", 2)
    assert sound(one.archive.path) == []


def test_a_tombstone_comes_along_and_nothing_brings_the_text_back(tmp_path: Path) -> None:
    one, two_ = two(tmp_path)
    with one.archive, two_.archive:
        one.visit(press_release(1))
        two_.visit(press_release(1))
        two_.visit(press_release(2))
        redact(one.archive, 1, "article", "요청", one.clock())
        redact(two_.archive, 2, "article", "요청", one.clock())
    joined(one.archive.path, two_.archive.path)
    with Archive.open(one.archive.path) as archive:
        rows = archive.conn.execute("SELECT native_id, state FROM articles ORDER BY native_id")
        assert [tuple(row) for row in rows] == [("156700001", "redacted"), ("156700002", "redacted")]
        assert search(archive.conn, "여객선") == []
    assert "bytes of 156700001" not in "".join(everything(one.archive.path))
    assert sound(one.archive.path) == []


def test_damage_costs_itself(tmp_path: Path) -> None:
    one, two_ = two(tmp_path)
    with one.archive, two_.archive:
        one.visit(press_release(9))
        for number in (1, 2, 3):
            two_.visit(replace(press_release(number), attachments=()))
        two_.archive.conn.execute("UPDATE versions SET earlier = '{' WHERE article_id = 2")
        two_.archive.conn.execute(
            "UPDATE bodies SET content = zeroblob(9) WHERE sha256 ="
            " (SELECT c.body_sha256 FROM captures c JOIN articles a ON a.capture_id = c.id WHERE a.id = 3)"
        )
    said = joined(one.archive.path, two_.archive.path, code=65)
    assert "its hash alone is taken over" in said
    with Archive.open(one.archive.path) as archive:
        held = [row[0] for row in archive.conn.execute("SELECT native_id FROM articles ORDER BY 1")]
    assert {"156700001", "156700003", "156700009"} <= set(held)


def test_what_is_no_archive_is_one_clear_line(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.visit(press_release())
    other, newer, half = (tmp_path / name for name in ("other.db", "newer.db", "half.db"))
    with closing(sqlite3.connect(other)) as conn:
        conn.execute("CREATE TABLE t (a)")
    shutil.copyfile(tmp_path / "a.db", newer)
    with closing(sqlite3.connect(newer)) as conn:
        conn.execute("PRAGMA user_version = 99")
    half.write_bytes((tmp_path / "a.db").read_bytes()[: 20 * 8192])
    for path, words in ((other, "not an archive"), (newer, "newer version"), (half, "damaged")):
        said = joined(tmp_path / "target.db", path, code=65)
        assert words in said
        assert "Traceback" not in said
    assert "cannot join itself" in joined(tmp_path / "a.db", tmp_path / "a.db", code=65)


def test_a_folder_of_archives_joins_with_all_that_is_in_it(crawled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shards"
    folder.mkdir()
    copied(crawled, folder / "one.db")
    target = folder / "target.db"  # which is no shard of itself
    assert joined(target, folder).startswith("1 files: ")
    assert sound(target) == []
    assert content(target) == content(crawled)
