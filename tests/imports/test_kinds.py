"""Content says what a file is, at every door alike; a name is asked only where content cannot tell."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest

from archive.errors import DocumentError, InputError
from crawler.extraction.from_file import extract
from crawler.extraction.kinds import Kind, kind_of
from tests.attachment_files import hwpx, line, section
from tests.command import briefing

PAGES = Path(__file__).parents[1] / "pages"
POST = (PAGES / "jekyll" / "2024-07-21-3.md").read_bytes()
PAGE = (PAGES / "korea_kr_policy" / "page.html").read_bytes()
TEXT = "문의 : 교육부 방과후돌봄정책과(044-203-0201)\n".encode()
WARC = b"WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
NAMES = ("a.md", "a.txt", "a.html", "a.hwpx", "a.json", "a", "download", "https:", "a.TXT")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (POST, Kind.POST),
        (b"\xef\xbb\xbf" + POST.replace(b"\n", b"\r\n"), Kind.POST),
        (PAGE, Kind.PAGE),
        (b"\n <table><tr><td>a</td></tr></table>", Kind.PAGE),
        (b"%PDF-1.7\n%\xe2\xe3", Kind.DOCUMENT),
        (b'<?xml version="1.0"?><HWPML Version="2.1"></HWPML>', Kind.DOCUMENT),
        (WARC, Kind.WARC),
        (gzip.compress(WARC), Kind.WARC),
        (b"SQLite format 3\0" + bytes(84), Kind.ARCHIVE),
        (b"<response><body><NewsItem><NewsItemId>1</NewsItemId></NewsItem></body></response>", Kind.ANSWER),
        (b'{"body": {"NewsItem": [{"NewsItemId": 1}]}}', Kind.ANSWER),
    ],
    ids=lambda value: value.name if isinstance(value, Kind) else "",
)
def test_content_decides_whatever_the_name(content: bytes, kind: Kind, name: str) -> None:
    assert kind_of(content, name) is kind


@pytest.mark.parametrize(
    ("name", "kind"), [("a.txt", Kind.TEXT), ("a", Kind.TEXT), ("a.md", Kind.MARKDOWN), ("a.html", Kind.PAGE)]
)
def test_of_plain_text_the_name_decides(name: str, kind: Kind) -> None:
    assert kind_of(TEXT, name) is kind


def test_bytes_that_are_nothing_are_refused() -> None:
    with pytest.raises(InputError):
        kind_of(bytes(range(256)) * 10, "a.txt")


@pytest.mark.parametrize("name", ["/download", "release.txt", "release.html", "release.hwpx"])
def test_a_document_is_read_whatever_its_name(name: str) -> None:
    article = extract(name, hwpx(section(line("해양안전부는 여객선을 점검한다."))))
    assert article.parser.startswith("Document/1")
    assert "여객선을 점검한다." in article.body.text


def test_a_document_whose_text_is_not_read_is_named_as_what_it_is() -> None:
    with pytest.raises(DocumentError, match="hwp3"):
        extract("a.hwp", b"HWP Document File V3.00 \x1a\x01\x02")


def test_a_post_under_another_name_is_read_and_taken_in_alike(tmp_path: Path) -> None:
    post = tmp_path / "000_cb2d.txt"
    post.write_bytes(POST)
    done = briefing("inspect", post)
    said = json.loads(done.stdout)
    assert (said["title"], said["url"]) == ("항만 안내판 정비 마무리", "https://newsdao.kr/9003")
    assert said["source"]["source_title"] == "항만 안내판 정비 끝 - 해양안전부"
    assert briefing("import", tmp_path, "--db", tmp_path / "a.db").stdout == "1 files: 1 new\n"


def test_the_seed_is_a_post(shared: Path, tmp_path: Path) -> None:
    (seed,) = (shared / "samples" / "seed").iterdir()
    said = json.loads(briefing("inspect", seed).stdout)
    assert (said["url"], said["organization"]) == ("https://newsdao.kr/3754", "중소벤처기업부")
    assert said["source"]["source_title"].endswith("수출기업으로 육성한다 - 중소벤처기업부")
    assert briefing("import", seed, "--db", tmp_path / "a.db").stdout == "1 files: 1 new\n"


def test_a_folder_is_looked_through_by_content(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "post").write_bytes(POST)
    (folder / "deep" / "page.bin").write_bytes(PAGE)
    (folder / "notes.txt").write_bytes(TEXT)
    (folder / "README.md").write_text("# 읽어 두기\n\n글이다.\n", "utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (folder / ".DS_Store").write_bytes(POST)
    done = briefing("import", folder, "--db", tmp_path / "a.db")
    assert (done.returncode, done.stdout, done.stderr) == (0, "2 files: 2 new\n", "")
    lines = briefing("inspect", folder).stdout.splitlines()
    assert [Path(json.loads(line)["path"]).name for line in lines] == [
        "README.md",
        "page.bin",
        "notes.txt",
        "post",
    ]


@pytest.mark.parametrize("held", [(), ("notes.txt",)])
def test_an_import_that_finds_nothing_says_so(held: tuple[str, ...], tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in held:
        (folder / name).write_bytes(TEXT)
    done = briefing("import", folder, "--db", tmp_path / "a.db")
    assert (done.returncode, done.stdout) == (65, "0 files: nothing\n")
    assert done.stderr.startswith("Error: nothing was found to import")


def test_a_warc_file_without_an_article_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(WARC)
    done = briefing("import", tmp_path / "a.warc", "--db", tmp_path / "a.db")
    assert (done.returncode, done.stdout) == (65, "1 files: nothing\n")


def test_markdown_without_front_matter_is_no_post(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# 읽어 두기\n", "utf-8")
    done = briefing("import", tmp_path / "README.md", "--db", tmp_path / "a.db")
    assert done.returncode == 65
    assert "is Markdown without front matter" in done.stderr


def test_running_text_is_no_article_to_take_in(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    done = briefing("import", tmp_path / "a.txt", "--db", tmp_path / "a.db")
    assert done.returncode == 65
    assert "is running text, and cannot be imported" in done.stderr


def test_what_holds_many_articles_is_not_inspected(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(WARC)
    done = briefing("inspect", tmp_path / "a.warc")
    assert done.returncode == 65
    assert "read by briefing import" in done.stderr


def test_the_same_file_again_is_no_failure(tmp_path: Path) -> None:
    shutil.copyfile(PAGES / "jekyll" / "2024-07-21-3.md", tmp_path / "2024-07-21-3.md")
    for said in ("1 new", "1 unchanged"):
        done = briefing("import", tmp_path / "2024-07-21-3.md", "--db", tmp_path / "a.db")
        assert (done.returncode, done.stdout) == (0, f"1 files: {said}\n")
