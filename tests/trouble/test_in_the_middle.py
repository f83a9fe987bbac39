"""A site that falls ill in the middle of a crawl leaves no trace once it is well again.

The trouble begins with a certain request, so that it meets lists, pages, files and the document viewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.archives import copied
from tests.thorough import thorough
from tests.trouble.test_bad_days import state
from tests.unruly import ONE_AT_A_TIME, Asked, Reply, Unruly, crawl

if TYPE_CHECKING:
    from pathlib import Path

HTML = (("Content-Type", "text/html;charset=UTF-8"),)
SECTIONS = ("--section", "press,policy,actually")
NEXT_DAY = "--today=2026-07-16T21:00"  # when files that were missing are requested again
LAST = 38  # requests of a healthy crawl of the second day, about
BOARD = (
    "<html><head><title>서비스 임시 운영 안내</title></head><body><h1>임시 게시판</h1><p>화재로 인하여 누리집"
    " 서비스가 일시 중단되었습니다. 이용에 불편을 드려 죄송합니다.</p><table>"
    + "".join(
        f'<tr><td><a href="/temp/view.do?seq={number}">[임시] 주요 보도자료 안내 ({number}일)</a></td></tr>'
        for number in range(1, 21)
    )
    + "</table></body></html>"
)
SAID: dict[str, Reply] = {
    "board": Reply(200, BOARD.encode(), HTML),
    "alert": Reply(200, "<script>alert('존재하지 않는 게시물입니다.');</script>".encode(), HTML),
    "main page": Reply(302, b"", (("Location", "https://www.korea.kr/main.do"),)),
    "login": Reply(200, "<html><title>로그인</title><form><input type=password></form>".encode(), HTML),
    "empty": Reply(200, b"", HTML),
    **{str(status): Reply(status, b"<html>error</html>", HTML) for status in (404, 410, 503)},
}
QUICK = {("board", "new", 8), ("alert", "new", 32), ("410", "known", 14)}  # viewer, viewer, deletions
CASES = [
    pytest.param(said, before, number, marks=[] if (said, before, number) in QUICK else [thorough])
    for said in SAID
    for before in ("new", "known")
    for number in range(2, LAST, 6)
]


@pytest.fixture(scope="module")
def undisturbed(
    second_day: Unruly, first_day: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Return the state after healthy days, of an archive that knew the first day and of a new one."""
    second_day.trouble = lambda _: None
    found = {}
    for before in ("new", "known"):
        db = tmp_path_factory.mktemp(before) / "archive.db"
        if before == "known":
            copied(first_day, db)
        assert crawl(second_day, db, *SECTIONS).returncode == 0
        assert crawl(second_day, db, *SECTIONS, NEXT_DAY).returncode == 0
        found[before] = state(db)
    return found


@pytest.mark.parametrize(("said", "before", "number"), CASES)
def test_a_trouble_that_begins_in_the_middle_leaves_no_trace(
    second_day: Unruly,
    undisturbed: dict[str, Any],
    first_day: Path,
    tmp_path: Path,
    said: str,
    before: str,
    number: int,
) -> None:
    db = tmp_path / "archive.db"
    if before == "known":
        copied(first_day, db)
    first = len(second_day.log)

    def trouble(asked: Asked) -> Reply | None:
        begun = len(second_day.log) - first > number and asked.path != "/robots.txt"
        return SAID[said] if begun else None

    second_day.trouble = trouble
    assert crawl(second_day, db, *SECTIONS, patch=ONE_AT_A_TIME).returncode in (1, 2, 3)
    assert len(second_day.log) - first < 3 * LAST  # a redirect is two requests, and a few witnesses are asked
    second_day.trouble = lambda _: None
    healthy = crawl(second_day, db, *SECTIONS, NEXT_DAY)
    assert healthy.returncode == 0, healthy.stdout + healthy.stderr
    assert state(db) == undisturbed[before]
