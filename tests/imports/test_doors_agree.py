"""What one way into the archive reads, all read: files under any name, posts, ministries, numbers."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from archive.articles.load import load_article
from archive.database import Archive
from tests.command import briefing
from tests.crawl.test_crawl import rows

if TYPE_CHECKING:
    from pathlib import Path

POST = """---
title: "안전한 여름 바다 - 해양수산부"
categories: [news]
---

<p>출처: <a href="https://newsdao.kr/4711" rel="dofollow">안전한 여름 바다 - 해양수산부</a> | 뉴스다오</p>

<p>해수욕장 284곳에 안전요원을 둔다.</p>
<p>문의: 해양레저관광과 {number}</p>
"""


def test_a_post_under_a_name_of_text_is_a_post(tmp_path: Path) -> None:
    (tmp_path / "post.txt").write_text(POST.format(number="044-200-5250"), "utf-8")
    assert briefing("import", tmp_path / "post.txt", "--db", tmp_path / "a.db").returncode == 0
    assert rows(tmp_path / "a.db", "SELECT native_id, title, organization FROM articles") == [
        ("4711", "안전한 여름 바다 - 해양수산부", "해양수산부")
    ]
    said = json.loads(briefing("inspect", tmp_path / "post.txt").stdout)
    assert said["source"]["source_url"] == "https://newsdao.kr/4711"


def test_a_folder_without_anything_to_import_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/notes.csv").write_text("a,b\n1,2\n", "utf-8")
    done = briefing("import", tmp_path / "empty", "--db", tmp_path / "a.db")
    assert done.returncode == 65
    assert done.stderr.startswith("Error: nothing was found to import")


@pytest.mark.parametrize(
    ("printed", "phones", "extensions"),
    [
        ("0442005250", ["044-200-5250"], {}),
        ("82-44-200-5250", ["044-200-5250"], {}),
        ("+82-44-200-5250", ["044-200-5250"], {}),
        ("044-200-5250(내선 305)", ["044-200-5250"], {"044-200-5250": "305"}),
        ("044-200-5250, 52", ["044-200-5250"], {}),
    ],
)
def test_numbers_are_read_in_every_form(
    tmp_path: Path, printed: str, phones: list[str], extensions: dict[str, str]
) -> None:
    (tmp_path / "post.md").write_text(POST.format(number=printed), "utf-8")
    (contact,) = json.loads(briefing("inspect", tmp_path / "post.md").stdout)["contacts"]
    assert contact["phones"] == phones
    assert dict(contact["extensions"]) == extensions
    assert briefing("import", tmp_path / "post.md", "--db", tmp_path / "a.db").returncode == 0
    assert rows(tmp_path / "a.db", "SELECT e164 FROM contact_points") == [("+82442005250",)]


@pytest.mark.parametrize("name", ["해양수산부", "해수부"])
def test_a_ministry_is_found_by_every_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "post.md").write_text(POST.format(number="044-200-5250"), "utf-8")
    db = tmp_path / "a.db"
    assert briefing("import", tmp_path / "post.md", "--db", db).returncode == 0
    assert "4711" in briefing("search", f"기관:{name}", "--json", "--db", db).stdout
    out = tmp_path / "out"
    assert briefing("export", out, "--format", "jsonl", "--organization", name, "--db", db).returncode == 0
    assert len((out / "articles.jsonl").read_text("utf-8").splitlines()) == 1


def test_posts_carry_the_licence_there_and_back(crawled: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.db"
    assert briefing("export", tmp_path / "out", "--format", "jekyll", "--db", crawled).returncode == 0
    briefing("import", tmp_path / "out", "--db", again)
    query = "SELECT site, section, native_id, kogl_type, kogl_text FROM articles WHERE kogl_type IS NOT NULL"
    licensed = set(rows(crawled, f"{query} AND state = 'live'"))
    assert len(licensed) > 3
    assert licensed & set(rows(again, query)) == licensed & set(rows(again, query.partition(" WHERE")[0]))
    assert len(licensed & set(rows(again, query))) > 3


def test_reparse_knows_ministries_that_were_added_since(crawled: Path, tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    shutil.copyfile(crawled, db)
    shutil.copytree(crawled.with_suffix(".files"), db.with_suffix(".files"))
    with Archive.create_or_open(db) as archive, archive.transaction():
        before = load_article(archive.conn, 1)
        archive.conn.execute("UPDATE articles SET organization_id = NULL")
        archive.conn.execute("UPDATE contacts SET organization_id = NULL")
        archive.conn.execute("DELETE FROM organization_names")
        archive.conn.execute("UPDATE organizations SET parent_id = NULL")
        archive.conn.execute("DELETE FROM organizations")
    assert briefing("reparse", "--db", db).returncode == 0
    with Archive.open(db) as archive:
        assert load_article(archive.conn, 1) == before
    assert rows(db, "SELECT count(*) > 50 FROM organizations") == [(1,)]
