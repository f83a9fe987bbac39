"""Lists of the reading room as CSV, XLSX and JSON: what Excel and programs make of them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from lxml import etree

from archive.reading_room.downloads.tables import CUT, LONGEST_CELL, Table, written
from tests.archives import open_desk, press_release
from tests.newsroom import build
from tests.served import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

LISTS = ["/search", "/edits", "/ministry", "/directory", "/coverage", "/queries/output", "/queries/gaps"]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = ['=HYPERLINK("http://evil.example")', "+1+1", "-2+3", "@SUM(1)", "\t=1", "＝1+1"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path = tmp_path_factory.mktemp("files") / "a.db"
    build(path).archive.close()
    desk = open_desk(path)
    with desk.archive:
        for number, title in enumerate(FORMULAS, 200):
            desk.visit(press_release(number, title=title))
    with serve(path) as served:
        yield served


def rows_of_csv(body: bytes) -> list[list[str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def cells_of_xlsx(body: bytes) -> list[list[tuple[str, str]]]:
    """Read the first sheet as Excel does: type and value of every cell."""
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        assert book.testzip() is None
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        shared = etree.fromstring(book.read("xl/sharedStrings.xml"))
        assert not any("vba" in name.lower() or "external" in name.lower() for name in book.namelist())
    strings = ["".join(one.itertext()) for one in shared.iter(f"{SHEET}si")]
    assert not list(sheet.iter(f"{SHEET}f"))
    return [
        [
            (
                str(cell.get("t")),
                strings[int(cell[0].text or 0)] if cell.get("t") == "s" else str(cell[0].text),
            )
            for cell in row
        ]
        for row in sheet.iter(f"{SHEET}row")
    ]


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("page", LISTS)
def test_every_list_is_linked_as_three_files_with_the_same_rows(
    served: Served, page: str, language: str
) -> None:
    text = served.get(language + page)[2]
    links = re.findall(rf'href="({language}{page}\.(?:csv|xlsx|json))"', text)
    assert len(links) == 3
    status, headers, body = served.fetch(f"{language}{page}.csv")
    assert (status, headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert headers["content-disposition"].startswith("attachment;")
    heading, *rows = rows_of_csv(body)
    answer = json.loads(served.fetch(f"{language}{page}.json")[2])
    assert len(answer["rows"]) == len(rows) == answer["total"]
    assert answer["truncated"] is False
    cells = cells_of_xlsx(served.fetch(f"{language}{page}.xlsx")[2])
    assert [value for _type, value in cells[0]] == heading
    assert len(cells) == 1 + len(rows)


def test_headings_are_in_the_readers_language_and_names_for_programs_are_not(served: Served) -> None:
    assert rows_of_csv(served.fetch("/search.csv")[2])[0][:2] == ["제목", "기관"]
    assert rows_of_csv(served.fetch("/en/search.csv")[2])[0][:2] == ["title", "Organization"]
    for language in ("", "/en"):
        assert "published_at" in json.loads(served.fetch(language + "/search.json")[2])["rows"][0]


def test_no_cell_is_run_as_a_formula(served: Served) -> None:
    titles = [row[0] for row in rows_of_csv(served.fetch("/search.csv?since=2026-07-14")[2])]
    for formula in FORMULAS:
        assert not any(title == formula for title in titles), formula
        assert any(title == "'" + formula for title in titles) or formula.startswith("\t"), formula
    cells = cells_of_xlsx(served.fetch("/search.xlsx")[2])
    assert {kind for kind, value in (cell for row in cells for cell in row) if value in FORMULAS} == {"s"}


def test_a_search_is_downloaded_as_it_is_narrowed(served: Served) -> None:
    every = json.loads(served.fetch("/search.json")[2])
    some = json.loads(served.fetch("/search.json?section=policy")[2])
    assert 0 < some["total"] < every["total"]
    assert {row["section"] for row in some["rows"]} == {"정책뉴스"}
    assert some["url"].endswith("/search?section=policy")
    found = json.loads(served.fetch("/search.json?q=" + quote("여객선"))[2])
    assert re.search(rf"{found['total']}건", served.get("/search?q=" + quote("여객선"))[2])


def test_marks_of_snippets_are_in_no_file(served: Served) -> None:
    q = quote("폭염")
    for url in (
        f"/queries/search.json?query={q}",
        f"/queries/search.csv?query={q}",
        f"/archive/search.json?query={q}",
        f"/archive/search.csv?query={q}",
    ):
        status, _headers, body = served.fetch(url)
        text = body.decode() + json.dumps(body.decode(), ensure_ascii=False)
        assert status == 200, url
        assert "폭염" in text or "\\ud3ed" in text
        assert "\ue000" not in text, url
        assert "\\ue000" not in text, url
    sql = quote("select snippet_ko('폭염 대책', '폭염') as s")
    for url in (f"/archive.json?sql={sql}", f"/archive.csv?sql={sql}"):
        body = served.fetch(url)[2].decode()
        assert "ue000" not in body, url
        assert "\ue000" not in body, url


def test_a_file_that_is_unchanged_is_not_sent_again(served: Served) -> None:
    for url in ("/search.xlsx", "/search.csv", "/search.json", "/ministry.json"):
        tag = served.fetch(url)[1]["etag"]
        status, headers, body = served.fetch(url, {"If-None-Match": f'"other", {tag}'})
        assert (status, body, headers["etag"]) == (304, b"", tag)
        assert served.fetch(url, {"If-None-Match": '"other"'})[0] == 200


def table(**changes: object) -> Table:
    whole = Table("t", {"a": "가", "b": "나"}, [("x", 1), (None, 2.5)], 2, "https://x.kr/t")
    return replace(whole, **changes)  # type: ignore[arg-type]


def test_a_list_that_is_cut_says_so_in_every_form() -> None:
    cut = table(total=9000, note=CUT.format(n="2", total="9,000"))
    assert rows_of_csv(written(cut, "csv"))[-1] == [
        "※ 처음 2건만 담았습니다(모두 9,000건). 조건을 좁혀 나누어 받으세요."
    ]
    answer = json.loads(written(cut, "json"))
    assert answer["truncated"] is True
    assert "9,000" in answer["note"]
    with zipfile.ZipFile(io.BytesIO(written(cut, "xlsx"))) as book:
        assert "9,000건" in book.read("xl/sharedStrings.xml").decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_cell_holds_no_more_than_excels(form: str) -> None:
    long = table(rows=[("가" * 40_000, 1), ("=" * LONGEST_CELL, 2)])
    body = written(long, form)
    cells = (
        rows_of_csv(body)[1:] if form == "csv" else [[v for _t, v in row] for row in cells_of_xlsx(body)][1:]
    )
    assert [len(row[0]) for row in cells] == [LONGEST_CELL, LONGEST_CELL]
    assert cells[0][0].endswith("…")


def test_control_characters_make_no_workbook_unreadable() -> None:
    body = written(table(rows=[("a\x00b\x0bc\ufffe", 1), ("\ue000굵게\ue001", 2)]), "xlsx")
    assert cells_of_xlsx(body)[2][0][1] == "굵게"
    assert written(table(), "xlsx") == written(table(), "xlsx")
