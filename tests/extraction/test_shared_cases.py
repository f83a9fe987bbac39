"""Files that once failed, each through the command that a user would take, with the value that is right."""

from __future__ import annotations

import json
import resource
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.command import briefing
from tests.unruly import Reply, serve

if TYPE_CHECKING:
    from tests.command import Done
    from tests.unruly import Asked


@pytest.fixture(scope="module")
def cases(shared: Path) -> Path:
    """Return the folder of the cases, or skip."""
    return shared / "cases"


def inspected(path: Path) -> dict[str, Any]:
    """Return what ``inspect`` says of one file."""
    done = briefing("inspect", path)
    assert (done.returncode, done.stderr) == (0, "")
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def lines(path: Path) -> list[str]:
    """Return the lines of a file's text."""
    return str(inspected(path)["body_text"]).splitlines()


def imported(path: Path, db: Path) -> tuple[Done, dict[str, int]]:
    """Import one file, and count what the archive holds then."""
    done = briefing("import", path, "--db", db)
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(db)) as conn:
        counts = {
            table: conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("articles", "versions", "edits")
        }
    return done, counts


def test_a_page_in_two_columns_is_read_whole(cases: Path) -> None:
    read = " ".join(lines(cases / "h01_two_columns.pdf"))
    for printed in (*(f"Item {number}" for number in range(1, 7)), "Page title"):
        assert read.count(printed) == 1


def test_a_record_packed_with_brotli_is_imported(cases: Path, tmp_path: Path) -> None:
    done, counts = imported(cases / "h02_brotli.warc", tmp_path / "a.db")
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 files: 1 new\n", "")
    assert counts == {"articles": 1, "versions": 1, "edits": 0}


def test_a_record_that_the_end_of_the_file_cuts_off_makes_no_edit(cases: Path, tmp_path: Path) -> None:
    done, counts = imported(cases / "h03_cut_last_record.warc", tmp_path / "a.db")
    assert done.returncode == 65
    assert "newsId=148999060" in done.stderr
    assert "the file ends within this record" in done.stderr
    assert counts == {"articles": 1, "versions": 1, "edits": 0}


def test_a_long_table_is_read_to_its_last_row_in_little_time(cases: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    read = lines(cases / "h04_long_table.hwpx")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert read == [
        "세부 사업 목록",
        *("\t".join(f"{row}-{cell}" for cell in range(4)) for row in range(4000)),
    ]
    # Generous to a busy machine: 7 s were spent when the cost of rows grew with their number.
    assert after.ru_utime - before.ru_utime < 6


@pytest.mark.parametrize("form", ["hwp", "hwpx"])
def test_a_word_and_the_text_over_it_stand_apart(cases: Path, form: str) -> None:
    assert lines(cases / f"h05_ruby.{form}") == ["올여름 폭염(暴炎) 대책을 발표했다."]


def test_word_art_is_text(cases: Path) -> None:
    assert lines(cases / "h06_word_art.hwpx") == ["보도참고자료", "본문 첫 문장이다."]


def test_numbers_skip_a_level_as_the_word_processor_prints_them(cases: Path) -> None:
    numbers = [line.split(" ")[0] for line in lines(cases / "h07_numbering_skipped_level.hwpx")]
    assert numbers == ["1.", "1.1.1.", "1.1.2.", "1.2."]


def test_a_hatched_row_keeps_its_cells(cases: Path) -> None:
    first, *_others = lines(cases / "h08_hatched_table.pdf")
    assert first.split("\t") == ["Seoul", "8,100", "44,800"]


@pytest.mark.parametrize("form", ["body_text", "body_markdown"])
def test_an_exponent_is_told_from_its_base(cases: Path, form: str) -> None:
    read = inspected(cases / "h09_power_of_ten.html")[form]
    assert "10³톤" in read
    assert "2×10⁶톤" in read


def test_rules_after_a_byte_order_mark_are_obeyed(cases: Path) -> None:
    rules = (cases / "h10_robots_with_bom.txt").read_bytes()

    def trouble(asked: Asked) -> Reply:
        return Reply(200, rules if asked.path == "/robots.txt" else b"<p>\xea\xb8\xb0\xeb\xb0\x80</p>")

    with serve() as site:
        site.trouble = trouble
        done = briefing("inspect", f"{site.url}/secret/a")
        assert (done.returncode, done.stdout) == (65, "")
        assert "robots.txt of 127.0.0.1 asks not to fetch it" in done.stderr
        assert site.paths() == ["/robots.txt"]


def test_a_cut_section_costs_what_is_missing_and_is_told_of(cases: Path) -> None:
    said = inspected(cases / "h11_second_section_cut.hwpx")
    assert said["body_text"].splitlines()[:5] == [f"첫 구역 {number} 문장이다." for number in range(5)]
    (document,) = said["attachments"]
    assert document["state"] == "text"
    assert "section1" in document["detail"]


def test_numbers_without_hyphens_and_extensions_are_kept(cases: Path) -> None:
    first, second = inspected(cases / "h12_contact_numbers.hwpx")["contacts"]
    assert second["phones"] == ["044-201-3240"]
    assert first["phones"] == ["02-2100-4090"]
    assert "305" in json.dumps(first, ensure_ascii=False)


def test_korean_under_a_wrong_declaration_is_korean(cases: Path) -> None:
    said = inspected(cases / "h13_declared_latin1.html")
    assert said["title"] == "무더위 쉼터 확대"
    assert said["body_text"].startswith("행정안전부는 폭염에 대비해")


@pytest.mark.parametrize(
    "name", ["h14_control_character.hwpx", "h15_leading_blank_line.hwpx", "h16_backslash_names.hwpx"]
)
def test_an_odd_package_is_read(cases: Path, name: str) -> None:
    assert lines(cases / name) == ["본문 문장이다."]


def test_the_caption_of_a_chart_in_two_forms_is_given_once(cases: Path) -> None:
    assert lines(cases / "h17_chart_caption.hwpx") == ["<그림 1> 온열질환자 수", "본문이다."]


def test_a_record_that_is_not_packed_as_it_says_costs_no_other(cases: Path, tmp_path: Path) -> None:
    done, counts = imported(cases / "h18_brotli_said_only.warc", tmp_path / "a.db")
    assert done.returncode in (0, 65)
    assert counts == {"articles": 1, "versions": 1, "edits": 0}


def test_every_case_has_its_test(cases: Path) -> None:
    tests = Path(__file__).read_text("utf-8")
    assert [path.name for path in cases.glob("h*") if path.stem[:3] not in tests] == []
