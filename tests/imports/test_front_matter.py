"""Front matter of posts: repaired where it is plain text, refused where it is neither that nor YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from archive.database import Archive
from briefing.main import cli
from crawler.pages.jekyll import front_matter
from tests.imports.test_jekyll import POSTS

if TYPE_CHECKING:
    from pathlib import Path


def test_invalid_front_matter_is_repaired() -> None:
    front = front_matter((POSTS / "2024-07-21-4.md").read_text("utf-8"))
    assert front.repaired
    assert front.values["title"] == "'안전' 바다, 모두의 약속: 첫걸음!"
    assert front.values["excerpt"] == "바다 안전의 날이 다가온다…"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("---\ntitle: 하나\n둘\ncategories:\n  - 셋\n---\n본문", {"title": "하나 둘", "categories": ["셋"]}),
        ("---\ntitle: [하나] 둘\n---\n본문", {"title": "[하나] 둘"}),
        ("---\r\ntitle: 하나\r\n---\r\n본문", {"title": "하나"}),
        ("---\n---\n본문", {}),
        ("본문", {}),
    ],
)
def test_front_matter_is_never_lost(text: str, values: dict[str, str]) -> None:
    front = front_matter(text)
    assert (front.values, front.body) == (values, "본문")


PLAIN = {  # what generators write without quoting it
    "정책: 무엇이 바뀌나": "정책: 무엇이 바뀌나",
    "'인형' 듀엣영상, '온기' 인기": "'인형' 듀엣영상, '온기' 인기",
    "[단독] 무엇이 바뀌나": "[단독] 무엇이 바뀌나",
    "{참고} 무엇이 바뀌나": "{참고} 무엇이 바뀌나",
    "**강조** 제목": "**강조** 제목",
    "&amp; 제목": "&amp; 제목",
    "@기관 소식": "@기관 소식",
    "`코드`": "`코드`",
    ">-\n  정책: 하나\n 둘": "정책: 하나 둘",
    ".nan": ".nan",
    "2024": "2024",
}
MARKUP = (
    "!!binary 67O0",
    "!!python/object/apply:os.system ['id']",
    "!소식 무엇",
    "*d",
    "&a *a",
    "*d: 무엇",
    "| 무엇",
    "> 무엇: 셋",
    "[가, 나",
    "{가: 나",
    '"가나',
    "'90년대: 인기",
    '"그는 "좋다"고 말했다"',
    "{a: b}",
    "\n  - 가: 나\n - 다",
    "",
    "# 무엇",
)


def taken_in(tmp_path: Path, front: str) -> tuple[int, str, list[str], list[tuple[str, str]]]:
    """Import a post with some front matter; return exit code, errors, titles, and open failures."""
    post, db = tmp_path / "2024-06-01-1.md", tmp_path / "a.db"
    post.write_text(f"---\n{front}\n---\n\n안내판 300개를 고쳤습니다.\n", "utf-8")
    done = CliRunner().invoke(cli, ["import", str(post), "--db", str(db)], standalone_mode=False)
    assert done.exception is None
    with Archive.open(db) as archive:
        titles = [row["title"] for row in archive.conn.execute("SELECT title FROM articles")]
        open_ones = "SELECT kind, detail FROM failures WHERE resolved_at IS NULL"
        failures = [tuple(row) for row in archive.conn.execute(open_ones)]
    return done.return_value, done.stderr, titles, failures


@pytest.mark.parametrize("rest", ["", "\nexcerpt: 셋: 넷"], ids=["alone", "beside another"])
@pytest.mark.parametrize("value", PLAIN)
def test_a_title_that_is_no_yaml_is_read_where_it_is_plain_text(
    tmp_path: Path, value: str, rest: str
) -> None:
    code, _, titles, failures = taken_in(tmp_path, f"title: {value}{rest}")
    assert (code, titles, failures) == (0, [PLAIN[value]], [])


@pytest.mark.parametrize("rest", ["", "\nexcerpt: 셋: 넷"], ids=["alone", "beside another"])
@pytest.mark.parametrize("value", MARKUP)
def test_no_post_is_imported_under_markup_of_yaml(tmp_path: Path, value: str, rest: str) -> None:
    code, errors, titles, failures = taken_in(tmp_path, f"title: {value}{rest}")
    assert (code, titles) == (65, [])
    ((kind, detail),) = failures
    assert (kind, "front matter" in detail) == ("unreadable", True)
    assert errors == f"Error: {tmp_path / '2024-06-01-1.md'}: {detail}\n"


@pytest.mark.parametrize(
    "front",
    [
        "title: 하나: 둘\ncategories: !!binary abc",
        "title: 하나\nimage: *picture",
        "title: 하나\nexcerpt: > 둘: 셋",
        "title: 하나: 둘\ncategories:\n  - 가: 나\n - 다",
        "%YAML 1.1\ntitle: 하나: 둘",
        "- title: 하나",
    ],
)
def test_what_holds_for_a_title_holds_for_every_key(tmp_path: Path, front: str) -> None:
    code, _, titles, failures = taken_in(tmp_path, front)
    assert (code, titles, len(failures)) == (65, [], 1)
