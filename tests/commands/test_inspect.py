"""``briefing inspect``: everything a file says, a line each, whatever the file is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.errors import DocumentError, InputError
from briefing.main import cli
from crawler.extraction.from_file import extract
from crawler.pages.decoding import decoded

PAGES = Path(__file__).parents[1] / "pages"
KEYS = {
    "path",
    "site",
    "section",
    "native_id",
    "url",
    "title",
    "subtitle",
    "published_at",
    "published_precision",
    "organization",
    "writer",
    "body_text",
    "body_markdown",
    "body_html",
    "body_source",
    "kogl_type",
    "contacts",
    "source",
    "attachments",
    "images",
    "links",
    "parser",
}


def inspect(*paths: Path) -> tuple[list[dict[str, Any]], str, int]:
    """Run the command; give its objects, its errors and its exit code."""
    result = CliRunner().invoke(cli, ["inspect", *map(str, paths)], standalone_mode=False)
    return [json.loads(line) for line in result.stdout.splitlines()], result.stderr, result.return_value


def test_every_field_is_printed() -> None:
    ((said,), errors, code) = inspect(PAGES / "jekyll" / "2024-07-14-2.md")
    assert said.keys() >= KEYS
    assert (errors, code) == ("", 0)
    assert said["contacts"][0]["phones"] == ["044-200-0002"]
    assert said["source"]["origin_url"] == "https://www.korea.kr"


def test_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    said, _, code = inspect(PAGES / "jekyll")
    assert [Path(one["path"]).name for one in said] == sorted(
        path.name for path in (PAGES / "jekyll").iterdir()
    )
    assert code == 0


def test_text_is_read_as_running_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("여객선 점검\n\n  <총괄> 문의 : 해양안전부 해운과(044-200-0001)\n", "utf-8")
    ((said,), _, _) = inspect(path)
    assert said["body_text"] == "여객선 점검\n<총괄> 문의 : 해양안전부 해운과(044-200-0001)"
    assert said["contacts"][0]["phones"] == ["044-200-0001"]
    assert said["url"] == said["title"] == ""


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_a_bare_table_is_read_as_html(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(
        "<table><tr><td rowspan='2'>담당</td><td>가</td></tr><tr><td>나</td></tr></table>", "utf-8"
    )
    ((said,), _, _) = inspect(path)
    assert said["body_text"] == "담당\t가\n나"
    assert "rowspan" in said["body_html"]


def test_what_cannot_be_read_is_named_and_the_rest_is_printed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("글", "utf-8")
    (tmp_path / "b.html").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "c.hwpx").write_bytes(b"PK\x03\x04 no archive")
    (tmp_path / "d.md").mkdir()
    said, errors, code = inspect(*sorted(tmp_path.iterdir()), tmp_path / "e.txt")
    assert [one["body_text"] for one in said] == ["글"]
    assert code == 66
    assert errors.count("\n") == 3
    assert "b.html: neither UTF-8 nor EUC-KR text" in errors
    assert "c.hwpx: corrupt" in errors
    assert "e.txt: No such file or directory" in errors


def test_a_thousand_files_go_through_one_call(tmp_path: Path) -> None:
    for number in range(1000):
        (tmp_path / f"{number}.txt").write_text(f"글 {number}", "utf-8")
    said, _, code = inspect(tmp_path)
    assert (len(said), code) == (1000, 0)


def test_a_closed_pipe_ends_it_quietly(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"{number}.txt").write_text("글 " * 2000, "utf-8")
    briefing = Path(sys.executable).with_name("briefing")
    with subprocess.Popen(
        [briefing, "inspect", tmp_path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["body_text"]
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize(
    "content",
    [
        "<meta charset='euc-kr'><p>여객선</p>".encode("cp949"),
        "<p>여객선</p>".encode("cp949"),
        "<p>여객선</p>".encode("utf-16"),
        "\ufeff<p>여객선</p>".encode(),
        "<meta charset='euc-kr'><p>여객선</p>".encode(),
        b"<meta charset=utf-8><p>" + "여객선 점검 ".encode() * 40 + b"\xff</p>",
    ],
)
def test_any_encoding_is_read(content: bytes) -> None:
    assert extract("a.html", content).body.text.startswith("여객선")


def test_no_text_is_no_text() -> None:
    with pytest.raises(InputError):
        decoded(b"\x00\x01\x02\xff\xfe\xfd" * 100)
    with pytest.raises(DocumentError):
        extract("a.pdf", b"")


def test_a_saved_page_of_a_known_site_is_read_by_its_page_object() -> None:
    page = next(path for path in sorted(PAGES.glob("korea_kr_policy/page.html")))
    article = extract("saved.html", page.read_bytes())
    assert article.parser.startswith("PolicyNewsPage/")
    assert (article.site, article.section) == ("korea.kr", "policy")


def test_an_unknown_page_is_read_by_its_landmark() -> None:
    article = extract("a.html", (PAGES / "generic_news" / "page.html").read_bytes())
    assert article.title == "등대 100년, 밤바다를 지키다"
    assert article.published_at == "2026-07-10T09:30:00+09:00"
    assert article.writer == "이등대 기자"
    assert (
        article.body.text
        == "등대가 문을 연 지 100년이 되었다.\n밤바다를 지키는 불빛은 오늘도 켜진다.\n1925년 — 첫 등대"
    )
    assert article.parser.startswith("GenericPage/")


def test_a_page_without_landmark_is_read_where_its_text_is_densest() -> None:
    article = extract("a.html", (PAGES / "generic_dense" / "page.html").read_bytes())
    assert article.title == "소금길 걷기 대회"
    assert article.body.text.startswith("소금길 걷기 대회가 오는 가을에 열린다.")
    assert "메뉴" not in article.body.text


def test_extensions_stay_in_their_contact_and_numbers_without_hyphens_count(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    lines = (
        "담당 부서",
        "안전정책과",
        "책임자",
        "과  장 이가람",
        "(02-2100-9090, 내선 305)",
        "담당자",
        "사무관 김나래",
        "0442019240",
    )
    path.write_text("\n".join(lines), "utf-8")
    ((said,), _, _) = inspect(path)
    assert [(one["phones"], one["extensions"]) for one in said["contacts"]] == [
        (["02-2100-9090"], [["02-2100-9090", "305"]]),
        (["044-201-9240"], []),
    ]


def test_a_document_s_contacts_keep_extensions_and_whole_numbers(shared: Path) -> None:
    ((said,), _, _) = inspect(shared / "cases" / "h12_contact_numbers.hwpx")
    first, second = said["contacts"]
    assert first["extensions"] == [["02-2100-4090", "305"]]
    assert second["phones"] == ["044-201-3240"]


def test_an_explanation_shows_words_mentions_candidates_and_the_choice(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    text = "국립한빛박물관은 강좌를 연다. 자세한 사항은 전화(☎041-555-0101)로 문의하면 된다."
    path.write_text(f"{text}\n문의: 국토교통부 도로정책과 홍길동 사무관(044-200-5555)\n", "utf-8")
    result = CliRunner().invoke(cli, ["inspect", "--explain", str(path)], standalone_mode=False)
    lines = result.stdout.splitlines()
    assert lines[0] == str(path)
    assert "mention  line 1: 국립한빛박물관 / -  [topic]" in lines
    assert any(
        line.startswith("  candidate") and "국립한빛박물관" in line and "sentence_before" in line
        for line in lines
    )
    assert any(line.startswith("  words") and "도로정책과<unit>" in line for line in lines)
    chosen = [line for line in lines if line.startswith("  chosen")]
    assert ["국립한빛박물관" in line and "scope" in line for line in chosen] == [True, False]
    assert "홍길동 사무관  (printed" in chosen[1]
