"""Relating: what a run brought finds its originals and its like in the archive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from archive.records import Article, Body, Source
from crawler.linking import relate
from pipelines.retellings import sketches
from tests.archives import Desk, open_desk, press_release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TEXT = (
    "농촌진흥청은 장마 뒤 벼 병해충 예찰을 강화한다고 밝혔다. 도열병과 잎집무늬마름병이 늘어날 것으로 보고 "
    "132개 시군의 관찰포 1,050곳을 살핀다. 논물 관리와 방제 시기는 지역 농업기술센터에서 알려 준다."
)
RELATED = "SELECT r.kind, a.native_id, b.native_id FROM relations r JOIN articles a ON a.id = r.article_id"
RELATED += " JOIN articles b ON b.id = r.related_id ORDER BY r.kind, a.native_id, b.native_id"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "archive.db")
    with desk.archive:
        yield desk


def policy(number: int = 1, title: str = "장마 뒤 벼 병해충 예찰 강화", **changes: Any) -> Article:
    fields = {"organization": "농촌진흥청", "body": Body(TEXT, TEXT, TEXT), "attachments": (), **changes}
    article = replace(press_release(number), section="policy", title=title, **fields)
    return replace(article, canonical_url=f"https://www.korea.kr/news/policyNewsView.do?newsId={number}")


def retelling(
    number: int = 1, title: str = "장마 뒤 벼 병해충 예찰 강화 - 농촌진흥청", **changes: Any
) -> Article:
    article = replace(
        press_release(number),
        site="newsdao.kr",
        section="article",
        native_id=str(5000 + number),
        canonical_url=f"https://newsdao.kr/{5000 + number}",
        title=title,
        organization=None,
        published_at="2026-07-14T18:00:00+09:00",
        body=Body("", "", "논의 벼 병해충을 살핍니다."),
        attachments=(),
    )
    return replace(article, **changes)


def run(desk: Desk, *articles: Article) -> int:
    """Bring articles in one run and relate them; time goes on."""
    desk.clock.time = (
        desk.clock.time.replace("T09", "T10") if desk.rows("SELECT 1 FROM runs") else desk.clock.time
    )
    desk.store.begin_run("crawl", {})
    for article in articles:
        desk.visit(article)
    found = relate(desk.store)
    desk.store.end_run("finished", 0)
    return found


def test_a_retelling_gets_its_original_of_the_same_run(desk: Desk) -> None:
    assert run(desk, policy(), retelling()) == 1
    assert desk.rows(RELATED) == [("retells", "5001", "156700001")]
    ((reason,),) = desk.rows("SELECT reason FROM retellings")
    assert reason.startswith("same headline, same ministry, same day")


def test_a_retelling_gets_an_original_that_arrives_later(desk: Desk) -> None:
    assert run(desk, retelling()) == 0
    assert run(desk, policy()) == 1
    assert desk.rows(RELATED) == [("retells", "5001", "156700001")]


def test_a_retelling_gets_an_original_held_before(desk: Desk) -> None:
    run(desk, policy())
    assert run(desk, retelling()) == 1


def test_the_headline_of_a_provenance_line_finds_an_original_of_months_before(desk: Desk) -> None:
    source = Source(original_title="장마 뒤 벼 병해충 예찰 강화 - 농촌진흥청")
    late = retelling(title="논을 지키는 법!", source=source, published_at="2026-11-02T08:00:00+09:00")
    assert run(desk, policy(), late) == 1


def test_an_article_without_an_original_stays_alone(desk: Desk) -> None:
    assert (
        run(desk, policy(), retelling(title="가수 새 노래 500만 회 돌파", body=Body("", "", "새 노래"))) == 0
    )


def test_a_briefing_is_not_what_is_retold(desk: Desk) -> None:
    assert run(desk, replace(policy(), section="briefing"), retelling()) == 0


def test_a_joint_release_is_related_once(desk: Desk) -> None:
    title = "벼 병해충 예찰 부처 합동으로 나선다"
    one = replace(press_release(1), title=title, organization="농촌진흥청", attachments=())
    other = replace(press_release(2), title=title, organization="농림축산식품부", attachments=())
    assert run(desk, one, other) == 1
    assert run(desk, replace(press_release(3), attachments=())) == 0
    assert desk.rows(RELATED) == [("joint", "156700002", "156700001")]


def test_a_run_that_brought_nothing_relates_nothing(desk: Desk) -> None:
    run(desk, policy(), retelling())
    assert run(desk) == 0


def test_a_redacted_article_is_not_related(desk: Desk) -> None:
    run(desk, policy())
    desk.archive.conn.execute("UPDATE articles SET state = 'redacted'")
    assert run(desk, retelling()) == 0


def test_months_apart_are_read_apart(desk: Desk) -> None:
    days = [f"2026-{month:02}-10T09:00:00+09:00" for month in (1, 4, 8)]
    originals = [policy(n, f"벼 병해충 예찰 강화 {n}차", published_at=day) for n, day in enumerate(days)]
    retellings = [
        retelling(n, f"벼 병해충 예찰 강화 {n}차 - 농촌진흥청", published_at=day.replace("T09", "T19"))
        for n, day in enumerate(days)
    ]
    assert run(desk, *originals, *retellings) == 3


def test_what_a_killed_run_left_unrelated_is_related_by_the_next(desk: Desk) -> None:
    desk.store.begin_run("crawl", {})
    desk.visit(policy())
    desk.visit(retelling())
    assert run(desk) == 1


def test_articles_imported_under_old_dates_are_related(desk: Desk) -> None:
    run(desk, policy())
    desk.clock.time = "2024-01-01T00:00:00+09:00"
    desk.visit(retelling())
    assert relate(desk.store) == 1


def test_headlines_told_are_looked_up_by_an_index(desk: Desk) -> None:
    asked: list[str] = []
    desk.visit(policy())
    desk.visit(retelling())
    desk.archive.conn.set_trace_callback(asked.append)
    relate(desk.store)
    desk.archive.conn.set_trace_callback(None)
    (query,) = {query for query in asked if "title IN" in query}
    plan = [row["detail"] for row in desk.archive.conn.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert "SEARCH a USING INDEX articles_title (site=? AND title=?)" in plan


def test_an_article_that_trips_the_linker_costs_itself_only(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def terms(text: str, known: Callable[[str], set[str]] = sketches._terms) -> set[str]:
        if "걸림돌" in text:
            raise ValueError("not read")
        return known(text)

    monkeypatch.setattr(sketches, "_terms", terms)
    tripping = policy(2, "걸림돌이 되는 글"), retelling(2, "걸림돌이 되는 글 - 농촌진흥청")
    assert run(desk, policy(), *tripping, retelling()) == 1
    assert desk.rows(RELATED) == [("retells", "5001", "156700001")]
    failures = desk.rows("SELECT kind, native_id, detail FROM failures ORDER BY native_id")
    assert [failure[:2] for failure in failures] == [("error", "156700002"), ("error", "5002")]
    assert failures[0][2] == "not related: its text cannot be read: ValueError: not read"
    assert relate(desk.store) == 0
