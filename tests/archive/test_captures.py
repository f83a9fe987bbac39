"""Captures: exact bytes, kept once, packed against a page of their layout."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.captures.files import file_path, store_file
from archive.captures.store import WINDOW, Captures
from archive.errors import ArchiveError
from archive.records import Capture
from tests.archives import Desk, open_desk, press_release

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

URL = "https://www.korea.kr/briefing/pressReleaseView.do?newsId=156700001"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        yield desk


def template(seed: int) -> str:
    """Write the part that all pages of a layout share: 40 KB that zstd alone cannot shrink below 20 KB."""
    letters = random.Random(seed)  # noqa: S311  # a page, not a secret
    return "".join(letters.choice("abcdefghijklmnopqrstuvwxyz<>/='\" \n") for _ in range(40_000))


def packed(desk: Desk) -> list[tuple[int, int | None]]:
    return [
        (size, dictionary)
        for size, dictionary in desk.rows("SELECT length(content), dictionary_id FROM bodies ORDER BY rowid")
    ]


def test_a_capture_comes_back_byte_for_byte(desk: Desk) -> None:
    capture = Capture(
        url=URL,
        fetched_at="2026-07-14T09:00:00+09:00",
        status=200,
        headers=(("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
        content=bytes(range(256)) * 40,
        kind="list",
        layout="korea_kr/list-2026",
        method="POST",
        form="pageIndex=2",
    )
    row = desk.store.record_capture(capture)
    assert desk.store.captures.read(row) == capture


def test_equal_bytes_are_kept_once(desk: Desk) -> None:
    desk.capture("같은 글")
    desk.capture("같은 글", url=URL)
    assert desk.rows("SELECT count(*), count(DISTINCT body_sha256) FROM captures") == [(2, 1)]
    assert desk.rows("SELECT count(*) FROM bodies") == [(1,)]


def test_pages_of_a_layout_are_packed_against_its_first_page(desk: Desk) -> None:
    shared = template(1)
    for number in range(5):
        desk.capture(shared + f"<p>{number}번 글</p>")
    (first, none), *others = packed(desk)
    assert none is None
    assert all(size < first / 50 and dictionary == 1 for size, dictionary in others)
    for (row,) in desk.rows("SELECT id FROM captures"):
        assert desk.store.captures.read(row).content.decode() == shared + f"<p>{row - 1}번 글</p>"


def test_each_layout_has_its_own_dictionary(desk: Desk) -> None:
    for number in range(2):
        desk.capture(template(1) + str(number), layout="one")
        desk.capture(template(2) + str(number), layout="two")
    assert desk.rows("SELECT id, layout FROM dictionaries") == [(1, "one"), (2, "two")]
    assert [dictionary for _, dictionary in packed(desk)] == [None, None, 1, 2]


def test_a_page_whose_layout_is_not_recognised_is_packed_by_host_and_kind(desk: Desk) -> None:
    desk.capture(template(1), URL, layout=None)
    assert desk.rows("SELECT layout FROM dictionaries") == [("www.korea.kr detail",)]


def test_a_short_page_makes_no_dictionary(desk: Desk) -> None:
    desk.capture("짧은 글")
    assert desk.rows("SELECT count(*) FROM dictionaries") == [(0,)]


def test_a_redesign_makes_a_new_dictionary_and_old_pages_stay_readable(desk: Desk) -> None:
    for number in range(WINDOW + 1):
        desk.capture(template(1) + f"첫 모습 {number}")
    for number in range(WINDOW + 1):
        desk.capture(template(2) + f"새 모습 {number}")
    assert desk.rows("SELECT count(*) FROM dictionaries") == [(2,)]
    assert packed(desk)[-1][0] < 200
    fresh = Captures(desk.archive.conn, desk.archive.files)
    rows = desk.rows("SELECT id FROM captures ORDER BY id")
    contents = [fresh.read(row).content.decode()[40_000:] for (row,) in rows]
    assert contents[0] == "첫 모습 0"
    assert contents[-1] == f"새 모습 {WINDOW}"


def test_a_dictionary_is_found_again_by_the_next_run(desk: Desk) -> None:
    desk.capture(template(1) + "1")
    later = Captures(desk.archive.conn, desk.archive.files)
    with desk.archive.transaction():
        row = later.write(replace(desk.store.captures.read(1), content=template(1).encode() + b"2"), None)
    assert packed(desk)[-1] == (packed(desk)[-1][0], 1)
    assert later.read(row).content.endswith(b"2")


def test_a_dictionary_of_a_failed_transaction_is_not_used_later(desk: Desk) -> None:
    with pytest.raises(KeyError), desk.archive.transaction():
        desk.capture(template(1) + "1")
        desk.capture(template(1) + "2")
        raise KeyError
    desk.capture(template(3) + "3")
    row = desk.capture(template(3) + "4")
    fresh = Captures(desk.archive.conn, desk.archive.files)
    assert fresh.read(row).content.decode() == template(3) + "4"


def test_of_a_list_read_at_every_run_the_latest_stays_and_what_articles_were_read_from(desk: Desk) -> None:
    page = {"url": "https://www.korea.kr/briefing/pressReleaseList.do?startDate=2026-07-14", "kind": "list"}
    kept = []
    for number in range(4):
        desk.store.begin_run("crawl", {})
        kept += [desk.capture(f"list {number}", **page), desk.capture(f"other {number}", **page, form="a=2")]
        if number == 1:
            desk.visit(press_release(), captures=[("list", kept[-2])])
    listed = desk.rows("SELECT id FROM captures WHERE kind = 'list' ORDER BY id")
    assert listed == [(kept[2],), (kept[6],), (kept[7],)]
    assert desk.rows("SELECT count(*) FROM bodies") == [(4,)]


def test_bytes_of_a_file_lie_in_the_folder(desk: Desk) -> None:
    row = desk.capture(b"%PDF-1.7 ...", kind="attachment", layout=None)
    assert desk.rows("SELECT codec, content, size FROM bodies") == [("file", None, 12)]
    assert desk.store.captures.read(row).content == b"%PDF-1.7 ..."


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    sha256 = store_file(tmp_path, b"whole")
    file_path(tmp_path, sha256).write_bytes(b"wh")
    assert store_file(tmp_path, b"whole") == sha256
    assert file_path(tmp_path, sha256).read_bytes() == b"whole"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [sha256]


def test_bytes_that_are_not_kept_are_named_in_the_error(desk: Desk) -> None:
    row = desk.capture(b"bytes", kind="attachment")
    ((sha256,),) = desk.rows("SELECT sha256 FROM bodies")
    file_path(desk.archive.files, sha256).unlink()
    with pytest.raises(ArchiveError, match=sha256):
        desk.store.captures.read(row)
    with pytest.raises(ArchiveError, match="capture 99"):
        desk.store.captures.read(99)


def test_a_damaged_body_is_an_error_not_wrong_bytes(desk: Desk) -> None:
    row = desk.capture("x" * 9000)
    desk.archive.conn.execute("UPDATE bodies SET content = substr(content, 1, length(content) - 2)")
    with pytest.raises(ArchiveError, match="damaged"):
        desk.store.captures.read(row)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=6000))
def test_any_bytes_come_back(desk: Desk, content: bytes) -> None:
    row = desk.capture(content)
    assert desk.store.captures.read(row).content == content
