"""Exports: whole, the same bytes each time, without contacts unless asked for, safe in a spreadsheet."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from typing import TYPE_CHECKING, Any

import pyarrow.dataset
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis.strategies import text

from archive.database import Archive
from archive.errors import UsageError
from archive.export import FORMATS, Selection, export
from archive.export.csv import safe
from archive.export.rows import ARTICLE_COLUMNS
from archive.records import Contact
from archive.schema import TABLES
from briefing.main import cli
from tests.archives import open_desk, press_release
from tests.newsroom import build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVERYTHING = Selection()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The small archive, read-only."""
    path = tmp_path_factory.mktemp("newsroom") / "a.db"
    with build(path).archive:
        pass
    with Archive.open(path) as archive:
        yield archive


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_json_lines_hold_every_article_whole(archive: Archive, tmp_path: Path) -> None:
    export(archive, tmp_path / "out", "jsonl", EVERYTHING)
    rows = {row["id"]: row for row in lines(tmp_path / "out")}
    assert set(rows) == set(range(1, 9))
    assert [version["kind"] for version in rows[1]["versions"]] == ["new", "edit"]
    assert rows[1]["versions"][1]["earlier"]["title"] == "연안 여객선 안전 점검 1차 시작"
    assert rows[3]["attachments"][1]["text"] == "무더위쉼터 목록 ㉮"
    assert rows[4]["relations"][0]["related_id"] == 3
    assert rows[7]["state"] == "gone"
    assert rows[2]["superseded_by_id"] == 5


def test_articles_come_in_order_of_publication(archive: Archive, tmp_path: Path) -> None:
    export(archive, tmp_path / "out", "jsonl", EVERYTHING)
    keys = [
        (row["published_at"], row["site"], row["section"], row["native_id"])
        for row in lines(tmp_path / "out")
    ]
    assert keys == sorted(keys)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_articles_give_the_same_bytes_from_one_process_or_two(
    archive: Archive, tmp_path: Path, form: str
) -> None:
    for name, workers in (("one", 1), ("two", 2)):
        export(archive, tmp_path / name, form, EVERYTHING, workers)
    assert content(tmp_path / "one") == content(tmp_path / "two")


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "jekyll"])
def test_contact_data_is_left_out_unless_asked_for(archive: Archive, tmp_path: Path, form: str) -> None:
    export(archive, tmp_path / "out", form, EVERYTHING)
    said = b"".join(content(tmp_path / "out").values()).decode("utf-8", "replace")
    if form == "parquet":
        said = repr(pyarrow.dataset.dataset(tmp_path / "out" / "articles").to_table().to_pylist())
    assert "폭염 대책 발표" in said
    assert "이여름" not in said  # who stands in no text, only among the contacts
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert "left out" in manifest["contacts"]


def test_the_manifest_of_captured_pages_says_that_they_name_people(archive: Archive, tmp_path: Path) -> None:
    assert "exactly as captured" in export(archive, tmp_path / "out", "warc", EVERYTHING)["contacts"]


def test_contacts_come_when_asked_for(archive: Archive, tmp_path: Path) -> None:
    export(archive, tmp_path / "json", "jsonl", Selection(with_contacts=True))
    export(archive, tmp_path / "csv", "csv", Selection(with_contacts=True))
    heat = next(row for row in lines(tmp_path / "json") if row["id"] == 3)
    assert (heat["contacts"][0]["person"], heat["contacts"][0]["phones"]) == ("이여름", "044-200-0002")
    assert any(row["person"] == "이여름" for row in table(tmp_path / "csv", "contacts"))


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        (Selection(since="2026-07-14"), {1, 2, 5, 8}),
        (Selection(until="2026-07-10"), {3, 6}),
        (Selection(since="2026-07-10", until="2026-07-12"), {3, 4, 6}),
        (Selection(sites=("newsdao.kr",)), {4}),
        (Selection(sections=("actually", "article")), {4, 8}),
        (Selection(sites=("newsdao.kr",), sections=("press",)), set()),
    ],
)
def test_a_selection_narrows(archive: Archive, tmp_path: Path, selection: Selection, ids: set[int]) -> None:
    manifest = export(archive, tmp_path / "out", "jsonl", selection)
    assert {row["id"] for row in lines(tmp_path / "out")} == ids
    assert manifest["counts"]["articles"] == len(ids)


def test_no_cell_of_a_csv_is_a_formula(archive: Archive, tmp_path: Path) -> None:
    export(archive, tmp_path / "out", "csv", EVERYTHING)
    titles = [row["title"] for row in table(tmp_path / "out", "articles")]
    assert "'=폭염, 이렇게 이긴다" in titles
    for path in (tmp_path / "out").glob("*.csv"):
        for row in table(tmp_path / "out", path.stem):
            assert not any(
                (value or "").startswith(("=", "+", "-", "@", "\t", "\r")) for value in row.values()
            )


@given(value=text(alphabet="'=+-@\t\n＝a가 \"", max_size=6))
def test_every_cell_comes_back_by_taking_one_apostrophe_off(value: str) -> None:
    cell = str(safe(value))
    marked = cell.startswith("'") and cell.lstrip("'")[:1] in set("=+-@\t\r\n＝＋－＠")
    assert (cell[1:] if marked and cell.lstrip("'") else cell) == value
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


@pytest.mark.parametrize("names", [{"sites": ("korea",)}, {"sections": ("press", "weather")}])
def test_a_name_that_no_article_bears_is_refused(
    archive: Archive, tmp_path: Path, names: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(UsageError, match="the archive has no"):
        export(archive, tmp_path / "out", "jsonl", Selection(**names))  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("value", "cell"), [(-5, -5), (None, None), ("-5", "'-5"), (["=a"], '["=a"]')])
def test_numbers_stay_numbers_in_a_csv(value: object, cell: object) -> None:
    assert safe(value) == cell


def test_parts_in_csv_are_joined_by_the_article(archive: Archive, tmp_path: Path) -> None:
    export(archive, tmp_path / "out", "csv", EVERYTHING)
    ids = {row["id"] for row in table(tmp_path / "out", "articles")}
    assert {row["article_id"] for row in table(tmp_path / "out", "versions")} == ids


def test_parquet_is_partitioned_by_month_and_typed(archive: Archive, tmp_path: Path) -> None:
    export(archive, tmp_path / "out", "parquet", EVERYTHING)
    dataset = pyarrow.dataset.dataset(tmp_path / "out" / "articles", partitioning="hive")
    rows = {row["id"]: row for row in dataset.to_table().to_pylist()}
    assert {row["month"] for row in rows.values()} == {"2026-07"}
    assert rows[1]["version"] == 2
    assert "contacts" not in dataset.schema.names
    assert json.loads(rows[1]["versions"][1]["earlier"])["title"] == "연안 여객선 안전 점검 1차 시작"


def test_parquet_without_its_library_is_one_clear_line(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'briefing-archive\[parquet\]'"):
        export(archive, tmp_path / "out", "parquet", EVERYTHING)
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_names_every_file_with_its_hash(archive: Archive, tmp_path: Path) -> None:
    manifest = export(archive, tmp_path / "out", "csv", EVERYTHING)
    named = {file["path"]: file["sha256"] for file in manifest["files"]}
    files = content(tmp_path / "out")
    files.pop("manifest.json")
    assert named == {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    assert manifest["counts"]["by_state"] == {"gone": 1, "live": 6, "superseded": 1}
    assert "자료출처: 정책브리핑" in manifest["licence"]
    assert "8건" in manifest["citation"]


def test_nothing_but_an_earlier_export_is_overwritten(archive: Archive, tmp_path: Path) -> None:
    target = tmp_path / "out"
    export(archive, target, "csv", EVERYTHING)
    export(archive, target, "jsonl", EVERYTHING)
    assert {path.name for path in target.iterdir()} == {"articles.jsonl", "manifest.json"}
    (target / "manifest.json").unlink()
    with pytest.raises(UsageError, match="no earlier export"):
        export(archive, target, "jsonl", EVERYTHING)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_command_says_what_it_wrote(archive: Archive, tmp_path: Path) -> None:
    arguments = ["export", str(tmp_path / "out"), "--format", "jsonl", "--db", str(archive.path)]
    result = CliRunner().invoke(cli, [*arguments, "--section", "press"], catch_exceptions=False)
    assert "4 articles" in result.output
    assert "published at any time, as archived by" in result.output


def test_a_citation_tells_the_days_asked_for(archive: Archive, tmp_path: Path) -> None:
    arguments = ["export", str(tmp_path / "out"), "--format", "jsonl", "--db", str(archive.path)]
    result = CliRunner().invoke(cli, [*arguments, "--since", "2026-07-01"], catch_exceptions=False)
    assert "published from 2026-07-01 to the end" in result.output


@pytest.mark.parametrize(
    "days", [("--since", "2026-13-01"), ("--since", "2026-07-02", "--until", "2026-07-01")]
)
def test_impossible_days_are_refused(archive: Archive, tmp_path: Path, days: tuple[str, ...]) -> None:
    arguments = ["export", str(tmp_path / "out"), "--format", "csv", "--db", str(archive.path), *days]
    assert CliRunner().invoke(cli, arguments).exit_code != 0
    assert list(tmp_path.iterdir()) == []


#: Columns that change at every crawl though the article does not, and those exported by other names.
NOT_EXPORTED = {
    *("checked_at", "checks", "missing_count", "missing_since", "missing_run_id"),
    *("organization_id", "capture_id", "year", "month"),
}


def test_every_column_of_an_article_is_exported_or_known_to_change_by_itself() -> None:
    columns = {column.name for table in TABLES if table.name == "articles" for column in table.columns}
    assert columns - set(ARTICLE_COLUMNS) == NOT_EXPORTED


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "jekyll"])
def test_every_form_takes_the_score_of_an_owner_that_was_inferred(tmp_path: Path, form: str) -> None:
    inferred = Contact(department="가나과", owner_by="scope", score=0.75, phones=("044-200-1234",))
    out = tmp_path / "scored"
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.visit(press_release(1, contacts=(inferred,)))
        export(desk.archive, out, form, Selection(with_contacts=True))
    if form == "parquet":
        (row,) = pyarrow.dataset.dataset(out / "articles", partitioning="hive").to_table().to_pylist()
        assert row["contacts"][0]["owner_score"] == 0.75
    elif form != "jekyll":
        assert any("0.75" in file.read_text("utf-8") for file in out.rglob("*.*"))
