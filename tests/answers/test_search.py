"""Search over a small archive: what is found, in what order, and that nothing typed is an error."""

from __future__ import annotations

import json
import socket
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from archive.database import Archive
from archive.errors import ArchiveError
from archive.search import check, highlighter, parse, ranking, rebuild, search, search_ko, snippet
from briefing.main import cli
from tests.archives import open_desk, press_release, with_body
from tests.newsroom import build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.archives import Desk


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small archive's file."""
    path = tmp_path_factory.mktemp("newsroom") / "a.db"
    with build(path).archive:
        return path


@pytest.fixture
def conn(path: Path) -> Iterator[sqlite3.Connection]:
    """The small archive, read-only."""
    with Archive.open(path) as archive:
        yield archive.conn


def found(conn: sqlite3.Connection, query: str) -> set[int]:
    return {hit.id for hit in search(conn, query)}


HEAT = {3, 6}
ANY_HEAT = {3, 4, 6}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("폭염", ANY_HEAT),
        ("폭염을", ANY_HEAT),
        ("온실가스감축", HEAT),
        ("온실가스 감축", HEAT),
        ("의대증원을", HEAT),
        ("2,000만 톤", HEAT),
        ("2000만톤", HEAT),
        ("AI", HEAT),
        ("AI는", HEAT),
        ("R&D", HEAT),
        ("30%", HEAT),
        ("130%", set()),
        ("한중일", HEAT),
        ("한·중·일과", HEAT),
        ("美", HEAT),
        ("쌀", HEAT),
        ("044-200-0002", HEAT),
        ("0442000002", HEAT),
        ("200-0003", set()),
        ("무더위쉼터 목록", {3, 6}),
        ("첨부:목록", {3, 6}),
        ("본문:목록", set()),
        ("제목:폭염", ANY_HEAT),
        ("title:이렇게", {4}),
        ("기관:해양안전부 제목:폭염", {6}),
        ("organization:기상재난청", {3, 4}),
        ("156700003", {3}),
        ("번호:4001", {4}),
        ("4001", set()),
        ("https://www.korea.kr/briefing/pressReleaseView.do?newsId=156700003&pWise=main", {3}),
        ("https://newsdao.kr/4001", {4}),
        ("제목: 이렇게", {4}),
        ('제목:"폭염 대책"', HEAT),
        ("-제목:폭염 폭염", set()),
        ("폭염 -맞선다", HEAT),
        ("-폭염", set()),
        ("등대 OR 요금", {2, 5, 8}),
        ("등대 | 요금 점검", {2, 5}),
        ('"대책을 내놓았다"', HEAT),
        ('"내놓았다 대책을"', set()),
        ("여객선 없는말", set()),
        ("!!!", set()),
        ("", set()),
    ],
)
def test_a_query_finds_what_a_reader_means(conn: sqlite3.Connection, query: str, ids: set[int]) -> None:
    assert found(conn, query) == ids


def test_a_word_in_the_title_counts_more(conn: sqlite3.Connection) -> None:
    ids = [hit.id for hit in search(conn, "정책브리핑 OR 대책")]
    assert set(ids[:2]) == {3, 6}  # in the title, and older
    assert ids[2] == 4


def test_newest_first_is_by_date(conn: sqlite3.Connection) -> None:
    days = [hit.published_at or "" for hit in search(conn, "점검 OR 폭염", newest_first=True)]
    assert days == sorted(days, reverse=True)


def test_more_matches_than_candidates_are_weighed_newest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "CANDIDATES", 5)
    monkeypatch.setattr(ranking, "_BLOCKS", 10)
    desk = open_desk(tmp_path / "a.db")
    with desk.archive as archive:
        for number in range(1, 41):  # a backfill of thirty days, then ten days forward
            day = 31 - number if number <= 30 else number - 30
            month = "06" if number <= 30 else "07"
            article = replace(
                press_release(number), title=f"소식 {number}", published_at=f"2026-{month}-{day:02}"
            )
            desk.visit(replace(article, title="점검") if number == 20 else article)
        newest = [hit.id for hit in search(archive.conn, "점검", limit=5, newest_first=True)]
        assert newest == [40, 39, 38, 37, 36]
        assert search(archive.conn, "점검", limit=5)[0].id == 20  # old, but the title says it
        assert len(search(archive.conn, "점검", limit=100)) == 40


def test_the_index_follows_every_edit(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive as archive:
        desk.visit(press_release(1))
        desk.visit(with_body(press_release(1), "등대를 새로 칠한다."))
        assert found(archive.conn, "본문:여객선") == set()
        assert found(archive.conn, "등대") == {1}
        assert check(archive.conn) == []


def test_what_an_attachment_says_beyond_the_body_is_found(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive as archive:
        desk.visit(press_release(1))
        assert found(archive.conn, "첨부:한바다") == {1}
        assert found(archive.conn, "첨부:연안") == {1}  # of the contact line alone
        assert found(archive.conn, "첨부:척을") == set()  # the body has this line already


def of_texts(path: Path, *texts: str) -> Archive:
    """An archive of articles that say no more than the texts, their ids from 1 on."""
    desk = open_desk(path)
    for number, text in enumerate(texts, 1):
        desk.visit(replace(with_body(press_release(number), text), title="소식", attachments=()))
    return desk.archive


def test_a_word_that_is_only_the_seam_of_two_others_is_left_out(tmp_path: Path) -> None:
    texts = (
        "수사기관이 나섰다. 수사를 맡은 기관은 셋이다.",
        "전세사기를 막는다.",
        "수사기관이 사기 조직을 찾았다.",
        "대학교육을 넓힌다. 대학은 교육을 맡는다.",
        "조사과는 조사를 한다.",
    )
    with of_texts(tmp_path / "a.db", *texts) as archive:
        assert found(archive.conn, "사기") == {2, 3}
        assert found(archive.conn, "학교") == set()
        assert found(archive.conn, "교육") == {4}
        assert found(archive.conn, "사과") == set()
        assert found(archive.conn, '"사기"') == {1, 2, 3}  # in quotes: as it stands


@pytest.mark.parametrize(
    ("word", "seam", "real"),
    [
        ("상인", "밝은 영상인데 영상을 튼다.", "상인이 모인다."),  # a form of 이다
        ("화재", "문화재다. 문화를 지킨다.", "대형화재다. 대형 헬기를 띄운다."),
        ("대사", "근대사를 다룬다. 근대를 본다.", "홍보대사를 뽑는다. 홍보한다."),
        ("기부", "유아기부터 배운다.", "재능기부를 한다."),
        ("전세", "전세계에 알린다.", "전세사기를 막는다. 사기를 막는다."),
        ("입시", "조직에 진입시킨다. 진입을 본다.", "대학 입시를 본다."),
        ("재정", "도로를 재정비한다.", "지방재정을 살핀다. 지방이다."),
        ("환자", "환 자에게 준다.", "질환자에게 준다. 만든 자에 한해 질환을 본다."),
    ],
)
def test_a_seam_is_told_from_the_word(tmp_path: Path, word: str, seam: str, real: str) -> None:
    with of_texts(tmp_path / "a.db", seam, real) as archive:
        assert found(archive.conn, word) == {2}


def test_nouns_are_known_from_the_newest_texts_too(tmp_path: Path) -> None:
    with of_texts(tmp_path / "a.db", "농축산재해 대책이다.", "재해를 막고 농축산을 돕는다.") as archive:
        assert found(archive.conn, "산재") == set()


def test_words_side_by_side_come_first(tmp_path: Path) -> None:
    apart = "반도체 공장이 선다. 반도체 수출이 는다. 반도체 투자도 는다. 건설 인력을 뽑는다."
    with of_texts(tmp_path / "a.db", "가나. 반도체 인력을 기른다.", apart) as archive:
        assert [hit.id for hit in search(archive.conn, "반도체 인력")] == [1, 2]


def test_an_index_of_another_tokenizer_is_not_searched_in_silence(damaged: Desk) -> None:
    damaged.archive.conn.execute("UPDATE settings SET value = 'old' WHERE key = 'search_tokenizer'")
    with pytest.raises(ArchiveError, match="--rebuild-index"):
        search(damaged.archive.conn, "폭염")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(cli, ["browse", "--db", str(damaged.archive.path), "--port", port])
    assert "--rebuild-index" in result.stderr


@pytest.fixture
def damaged(tmp_path: Path) -> Iterator[Desk]:
    """A small archive, to be damaged."""
    desk = build(tmp_path / "a.db")
    with desk.archive:
        assert check(desk.archive.conn) == []
        yield desk


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (
            "UPDATE article_texts SET body_text = replace(body_text, '폭염', '한파') WHERE article_id = 3",
            "tokens",
        ),
        ("DELETE FROM articles_fts_docsize WHERE id = 4", "article 4 is not"),
        ("INSERT INTO articles_fts (rowid, body) VALUES (99, '유령')", "article 99"),
        ("INSERT INTO articles_fts (articles_fts, rowid, body) VALUES ('delete', 1, '연안')", "tokens"),
        ("UPDATE settings SET value = 'old' WHERE key = 'search_tokenizer'", "another version"),
    ],
)
def test_check_finds_an_index_that_is_not_the_content(damaged: Desk, damage: str, said: str) -> None:
    damaged.archive.conn.execute(damage)
    assert any(said in problem for problem in check(damaged.archive.conn))
    rebuild(damaged.archive.conn)
    assert check(damaged.archive.conn) == []


def test_an_index_of_another_tokenizer_is_made_anew_when_the_archive_is_opened(damaged: Desk) -> None:
    damaged.archive.conn.execute("UPDATE settings SET value = 'old' WHERE key = 'search_tokenizer'")
    with Archive.create_or_open(damaged.archive.path) as archive:
        assert check(archive.conn) == []


def match(query: str) -> None:
    """Put a query to an empty index."""
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("CREATE VIRTUAL TABLE f USING fts5(body, title, attachments, organization, content='')")
        conn.execute("SELECT rowid FROM f WHERE f MATCH ?", (query,)).fetchall()


@given(st.text())
def test_nothing_typed_is_an_error(text: str) -> None:
    match(search_ko(text))


@given(st.text(st.sampled_from('가나다의을 ab12-"|:,.OR제목'), max_size=30))
def test_no_combination_of_operators_is_an_error(text: str) -> None:
    match(parse(text).match(titles=True))


def test_a_snippet_shows_and_marks_the_words() -> None:
    text = "앞말 " * 60 + "정부는 온실 가스 감축 계획을 세웠다. " + "뒷말 " * 60
    cut = snippet(text, highlighter(parse("온실가스감축을")))
    assert "<mark>온실 가스 감축</mark>" in cut
    assert cut.startswith("…")
    assert cut.endswith("…")
    assert len(cut) < 200


def test_a_snippet_is_of_the_attachment_when_only_that_has_the_words(conn: sqlite3.Connection) -> None:
    assert search(conn, "목록")[0].snippet == "무더위쉼터 <mark>목록</mark> ㉮"


def test_numbers_are_marked_grouped_or_not() -> None:
    assert "<mark>2,000명</mark>" in snippet("모두 2,000명이다.", highlighter(parse("2000명")))
    assert "<mark>" not in snippet("모두 12,000명이다.", highlighter(parse("2000명")))


def test_the_command_prints_json_with_the_documented_keys(path: Path) -> None:
    result = CliRunner().invoke(cli, ["search", "폭염", "--db", str(path), "--json", "--limit", "2"])
    rows = json.loads(result.output)
    assert len(rows) == 2
    assert list(rows[0]) == ["id", "title", "published_at", "organization", "url", "snippet", "in_file"]
    assert "<mark>폭염</mark>" in rows[0]["snippet"]


def test_the_command_finds_nothing_without_failing(path: Path) -> None:
    result = CliRunner().invoke(cli, ["search", "없는말", "--db", str(path), "--json"])
    assert (result.exit_code, result.output) == (0, "[]\n")


def test_the_command_prints_a_table_for_people(path: Path) -> None:
    result = CliRunner().invoke(cli, ["search", "온실가스", "--db", str(path)])
    assert "폭염 대책 발표" in result.output
    assert "<mark>" not in result.output


@pytest.mark.parametrize("native_id", ["2026-07-14-1.md", "a_b c", "156700001"])
def test_an_id_is_one_word_of_the_index_whatever_is_in_it(tmp_path: Path, native_id: str) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive as archive:
        desk.visit(press_release(1, native_id=native_id))
        assert check(archive.conn) == []


def test_a_ministry_is_sought_by_its_field_alone(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive as archive:
        bare = {"subtitle": None, "attachments": (), "contacts": ()}
        desk.visit(
            with_body(press_release(1, organization="보건복지부", title="여름 나기", **bare), "물을 마신다.")
        )
        desk.visit(
            with_body(press_release(2, organization="해양안전부", title="섬 복지", **bare), "배를 늘린다.")
        )
        found = {q: [hit.id for hit in search(archive.conn, q)] for q in ("복지", "기관:보건복지부")}
    assert found == {"복지": [2], "기관:보건복지부": [1]}
