"""One bad day of a site that touches many articles is the site's trouble, not many edits."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archive.changes.plausibility import PAGE_TEXT, Change, doubtful
from briefing.demo.server import DAYS, answer
from tests.archives import copied
from tests.crawl.test_crawl import rows
from tests.unruly import Asked, Reply, Unruly, crawl, is_detail

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.command import Done

HTML = (("Content-Type", "text/html;charset=UTF-8"),)
NOW = "2026-07-14T09:00:00+09:00"
BOARD = "지금은 시스템 점검 중입니다. 잠시 후 다시 이용해 주시기 바랍니다."
DELETED, CORRECTED = "156990109", "148990204"  # on the second day
EDITED = [("edit", '["title", "body"]')]  # the one edit of the second day


@pytest.fixture
def db(site: Unruly, first_day: Path, tmp_path: Path) -> Path:
    """Archive the first day; the second has begun, and every article is due for its first re-check."""
    site.day = DAYS[1]
    return copied(first_day, tmp_path / "archive.db")


def later(site: Unruly, db: Path, day: str, *more: str) -> Done:
    """Crawl as on another day."""
    return crawl(site, db, f"--today={day}T21:00", *more)


def rewritten(site: Unruly, change: Callable[[str], str | bytes], *, lists: bool = False) -> None:
    """Serve every article's page, and the lists too if wanted, changed in one way."""

    def trouble(asked: Asked) -> Reply | None:
        if not is_detail(asked) and not (lists and "List.do" in asked.path):
            return None
        found = answer(asked.host, asked.path, asked.fields, site.day)
        text = change(found.body.decode())
        return Reply(found.status, text.encode() if isinstance(text, str) else text, HTML)

    site.trouble = trouble


def known(db: Path) -> list[tuple[object, ...]]:
    """Return the state of the articles of the first day."""
    return rows(
        db,
        "SELECT native_id, title, subtitle, organization, body_text, body_source,"
        " (SELECT group_concat(file_id) FROM attachments f WHERE f.article_id = a.id AND removed_at IS NULL)"
        " FROM articles a JOIN article_texts ON article_id = a.id WHERE first_seen_at < '2026-07-15'"
        " AND native_id NOT IN (?, ?) ORDER BY native_id",
        DELETED,
        CORRECTED,
    )


def edits(db: Path) -> list[tuple[object, ...]]:
    """List the versions after the first."""
    return rows(
        db, "SELECT kind, changed FROM versions WHERE number > 1 AND kind NOT IN ('gone') ORDER BY id"
    )


def in_euc_kr(page: str) -> bytes:
    return page.encode("cp949", "xmlcharrefreplace")


def in_utf_16(page: str) -> bytes:
    return page.replace("UTF-8", "UTF-16").encode("utf-16-le")


@pytest.mark.parametrize("encoded", [in_euc_kr, in_utf_16])
def test_pages_in_another_encoding_are_no_edits(
    site: Unruly, db: Path, encoded: Callable[[str], bytes]
) -> None:
    rewritten(site, encoded, lists=encoded is in_euc_kr)
    assert crawl(site, db).returncode == 0
    assert edits(db) == EDITED


def test_pages_with_lost_characters_are_refused(site: Unruly, db: Path) -> None:
    rewritten(site, lambda page: page.encode("cp949", "ignore").decode("utf-8", "replace"))
    assert crawl(site, db).returncode == 2
    assert edits(db) == []
    assert rows(db, "SELECT count(*) FROM articles WHERE title LIKE '%\ufffd%'") == [(0,)]


def with_board(page: str) -> str:
    """Put a notice in the place of every text, within the site's own template."""
    page = re.sub(
        r'(<div class="view_cont">).*?(</div>\s*<div class="article_footer")',
        rf"\1<p>{BOARD}</p></div>\2",
        page,
        flags=re.S,
    )
    return re.sub(r"(<article[^>]*>).*?(</article>)", rf"\1<p>{BOARD}</p>\2", page, flags=re.S)


def without_files(page: str) -> str:
    return re.sub(r'<div class="filedown">.*?</dl></div>', "", page, flags=re.S)


def with_renamed_ministry(page: str) -> str:
    return page.replace("gotosite", "goMinistry")


def with_one_ministry(page: str) -> str:
    return re.sub(r'(class="gotosite"[^>]*>)[^<]*', r"\1정책브리핑", page)


def without_subtitle(page: str) -> str:
    return re.sub(r"<h2>.*?</h2>", "", page)


def with_one_title(page: str) -> str:
    return re.sub(r"(<h1>).*?(</h1>)", r"\1정책브리핑\2", page)


@pytest.mark.parametrize(
    "change",
    [with_board, without_files, with_renamed_ministry, with_one_ministry, without_subtitle, with_one_title],
)
def test_a_trouble_of_the_whole_site_is_no_edit_of_any_article(
    site: Unruly, db: Path, change: Callable[[str], str]
) -> None:
    before = known(db)
    rewritten(site, change)
    done = crawl(site, db, "--section", "press,policy,actually,briefing,speech")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "held back" in done.stderr
    assert known(db) == before
    assert edits(db) in ([], EDITED)
    assert rows(db, "SELECT count(*) FROM failures WHERE kind = 'implausible' AND resolved_at IS NULL") == [
        (1,)
    ]
    assert rows(db, "SELECT count(*) > 1, min(reason <> '') FROM pending_visits") == [(1, 1)]
    site.trouble = lambda _: None
    assert crawl(site, db).returncode == 0
    assert edits(db) == EDITED
    assert rows(db, "SELECT count(*) FROM pending_visits") == [(0,)]
    assert rows(db, "SELECT count(*) FROM failures WHERE resolved_at IS NULL") == [(0,)]


@pytest.mark.parametrize("few", [1, 2])
def test_few_that_lose_their_ministry_are_held(site: Unruly, tmp_path: Path, few: int) -> None:
    db = tmp_path / "few.db"
    assert crawl(site, db, "--section", "press", f"--limit={few}").returncode == 0
    rewritten(site, with_renamed_ministry)
    assert later(site, db, "2026-07-15", "--section", "press").returncode == 2
    assert edits(db) == []


def seen_again(changes: list[Change], moment: str) -> list[Change]:
    """See the same states once more at a later time."""
    return [replace(change, seen_at=moment) for change in changes]


def two(change: str) -> tuple[list[Change], dict[tuple[str, str], int]]:
    """Write two changes alike, of three articles visited, none of which a list shows."""
    before = {
        "organization": ("해양안전부", "기상재난청"),
        "subtitle": ("가", "나"),
        "body": ("긴 글 " * 9, "다른 글 " * 9),
    }
    after = {"organization": "정책브리핑", "subtitle": "", "body": "점검 중"}
    changes = [
        Change(
            number,
            "press",
            {change: before[change][number]},
            {change: after[change]},
            {},
            [change],
            False,
            NOW,
            NOW,
        )
        for number in (0, 1)
    ]
    return changes, {("press", change): 3, ("press", "title"): 3}


@pytest.mark.parametrize("field", ["organization", "subtitle", "body"])
def test_two_changes_alike_of_three_visits_are_doubtful(field: str) -> None:
    changes, seen = two(field)
    assert doubtful(changes, seen).keys() == {0, 1}
    assert doubtful(seen_again(changes, "2027-07-15T09:00:00+09:00"), seen).keys() == {0, 1}
    assert doubtful(changes[:1], seen) == {}


def test_what_a_single_visit_lost_is_held_for_a_day() -> None:
    changes, _ = two("subtitle")
    alone = {("press", "subtitle"): 1, ("press", "title"): 1}
    assert doubtful(changes[:1], alone).keys() == {0}
    assert doubtful(seen_again(changes[:1], "2026-07-16T09:00:00+09:00"), alone) == {}


def test_a_notice_in_the_place_of_one_text_is_never_an_edit() -> None:
    after = {"body": "시스템 점검 중입니다. 잠시 후 다시 이용해 주시기 바랍니다."}
    change = Change(1, "press", {"body": "긴 글 " * 9}, after, {}, ["body"], False, NOW, NOW)
    seen = {("press", "body"): 40}
    assert doubtful(seen_again([change], "2027-07-15T09:00:00+09:00"), seen).keys() == {1}
    edited = Change(
        1,
        "press",
        {"body": "긴 글 " * 9},
        {"body": "여객선 점검을 마쳤다. " * 3},
        {},
        ["body"],
        False,
        NOW,
        NOW,
    )
    assert doubtful([edited], seen) == {}


def test_a_minority_that_lost_a_field_is_believed_on_another_day() -> None:
    changes = [
        Change(
            number, "press", {"attachments": "1=a"}, {"attachments": ""}, {}, ["attachments"], False, NOW, NOW
        )
        for number in range(6)
    ]
    seen = {("press", "attachments"): 40}
    assert len(doubtful(changes, seen)) == 6
    assert doubtful(seen_again(changes, "2026-07-15T20:00:00+09:00"), seen) == {}
    assert doubtful(changes[:1], seen) == {}


@pytest.mark.parametrize("count", range(1, 7))
def test_pages_that_lost_their_text_are_held_for_a_day_however_many(count: int) -> None:
    changes = [
        Change(
            number, "press", {PAGE_TEXT: f"hash {number}"}, {PAGE_TEXT: ""}, {}, [PAGE_TEXT], True, NOW, NOW
        )
        for number in range(count)
    ]
    seen = {("press", "body"): 40, ("press", "title"): 40}
    assert len(doubtful(changes, seen)) == count
    assert doubtful(seen_again(changes, "2026-07-15T20:00:00+09:00"), seen) == {}


def test_an_article_that_the_list_shows_is_not_gone_whatever_its_page_answers(site: Unruly, db: Path) -> None:
    def trouble(asked: Asked) -> Reply | None:
        return Reply(410) if is_detail(asked) and sum(str(asked.fields).encode()) % 4 else None

    site.trouble = trouble
    for day in ("2026-07-15", "2026-07-16", "2026-07-18"):
        later(site, db, day)
        assert set(rows(db, "SELECT native_id FROM articles WHERE state = 'gone'")) <= {(DELETED,)}
    site.trouble = lambda _: None
    later(site, db, "2026-07-19")
    assert rows(db, "SELECT native_id FROM articles WHERE state = 'gone'") == [(DELETED,)]


def renamed(page: str) -> str:
    page = re.sub(r'(gotosite"[^>]*>)([^<]+)', r"\1새\2", page)
    return re.sub(r"(<span>\d{4}\.\d\d\.\d\d</span><span>)([^<]+)", r"\1새\2", page)


def test_a_ministry_renamed_on_page_and_list_is_believed(site: Unruly, db: Path) -> None:
    rewritten(site, renamed, lists=True)
    assert crawl(site, db, "--section", "press,policy").returncode == 0
    ((count,),) = rows(db, "SELECT count(*) FROM versions WHERE changed LIKE '%organization%'")
    assert isinstance(count, int)
    assert count > 3
    assert rows(db, "SELECT count(*) FROM pending_visits") == [(0,)]


def test_a_real_edit_survives_beside_what_is_held(site: Unruly, db: Path) -> None:
    rewritten(site, without_subtitle)
    assert crawl(site, db).returncode == 2
    assert rows(db, "SELECT title FROM articles WHERE native_id = ?", CORRECTED) != []


def test_a_trouble_that_lasts_makes_no_edit_on_any_day(site: Unruly, db: Path) -> None:
    before = known(db)
    rewritten(site, with_renamed_ministry)
    for day in ("2026-07-15", "2026-07-16", "2026-07-18", "2026-07-30"):
        assert later(site, db, day, "--section", "press,policy").returncode == 2
    assert known(db) == before
