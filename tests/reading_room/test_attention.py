"""Topics compared over time: counts, shares, periods, and the way to the articles."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from archive.database import Archive
from archive.reading_room.pages.attention import attention
from archive.reading_room.rendering.charts import chart, scale
from tests.archives import open_desk, press_release, with_body
from tests.served import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BODIES = {
    "2026-05-03": ("폭염 대책", "전력 수급"),
    "2026-06-01": ("폭염 쉼터", "폭염과 한파", "전력 요금", "등대"),
    "2026-08-31": ("한파 대비",),
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("attention") / "a.db"
    desk = open_desk(path)
    with desk.archive:
        number = 0
        for day, bodies in BODIES.items():
            for body in bodies:
                number += 1
                release = press_release(number, published_at=day)
                desk.visit(replace(with_body(release, body), title=f"제목 {number}", attachments=()))
    return path


@pytest.fixture(scope="module")
def served(path: Path) -> Iterator[Served]:
    with serve(path) as served:
        yield served


def test_topics_are_counted_by_month_with_their_share_of_everything_published(path: Path) -> None:
    with Archive.open(path) as archive:
        found = attention(archive.conn, ["폭염", "한파"], {})
    assert found.kind == "month"
    assert [(one.name, one.published, one.counts, one.share(0)) for one in found.periods] == [
        ("2026-05", 2, (1, 0), 50.0),
        ("2026-06", 4, (2, 1), 50.0),
        ("2026-07", 0, (0, 0), 0.0),
        ("2026-08", 1, (0, 1), 0.0),
    ]


@pytest.mark.parametrize(
    ("asked", "kind", "names"),
    [
        ({"since": "2026-06-01", "until": "2026-06-02"}, "day", ["2026-06-01", "2026-06-02"]),
        ({"by": "year"}, "year", ["2026"]),
        ({"by": "decade", "since": "2026-02-31"}, "month", ["2026-05", "2026-06", "2026-07", "2026-08"]),
        ({"since": "2026-08-01", "until": "2026-06-01"}, "month", []),
        ({"since": "2030-01-01"}, "month", []),
    ],
)
def test_periods_fit_the_span_that_is_asked_for(
    path: Path, asked: dict[str, str], kind: str, names: list[str]
) -> None:
    with Archive.open(path) as archive:
        found = attention(archive.conn, ["폭염"], asked)
    assert found.kind == kind
    assert [one.name for one in found.periods] == names


def test_of_a_long_span_the_newest_periods_are_shown_and_this_is_said(path: Path, served: Served) -> None:
    with Archive.open(path) as archive:
        found = attention(archive.conn, ["폭염"], {"by": "day"})
    assert found.cut
    assert (len(found.periods), found.periods[-1].name) == (60, "2026-08-31")
    assert sum(one.published for one in found.periods) == 1
    assert "최근 60개만" in served.get("/attention?by=day&q=" + quote("폭염"))[2]


def test_four_topics_at_most_and_none_twice(path: Path) -> None:
    with Archive.open(path) as archive:
        found = attention(archive.conn, ["폭염", "폭염 ", "", "-", "한파", "전력", "등대"], {})
    assert found.topics == ("폭염", "한파", "전력")
    assert found.empty == ("-",)
    assert len(found.given) == 4


def test_every_count_leads_to_as_many_articles(served: Served) -> None:
    text = served.get("/attention?q=" + quote("폭염") + "&q=" + quote("한파"))[2]
    cells = re.findall(r'<td class="n"><a href="([^"]+)">(\d+)</a>', text)
    assert sorted(int(count) for _, count in cells) == [1, 1, 1, 2]
    for link, count in cells:
        found = served.get(unescape(link))[2]
        assert len(re.findall(r'<h2><a href="/a/', found)) == int(count)


def test_a_period_that_is_asked_for_in_part_is_counted_and_linked_in_part(served: Served) -> None:
    text = served.get("/attention?by=month&since=2026-05-04&until=2026-06-01&q=" + quote("폭염"))[2]
    cells = re.findall(r'<td class="n"><a href="([^"]+)">(\d+)</a>', text)
    assert [(count, "since=2026-06-01&until=2026-06-01" in unescape(link)) for link, count in cells] == [
        ("2", True)
    ]
    assert '["2026-05", "2026-05-04", "2026-05-31"]' in unescape(text)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_charts_need_no_script_and_have_their_table_and_sql(served: Served, prefix: str) -> None:
    status, headers, text = served.get(f"{prefix}/attention?q=" + quote("폭염") + "&q=%3Cb%3E")
    assert status == 200
    assert "script-src" not in headers["content-security-policy"]
    assert text.count('<svg class="chart"') == 2
    assert "search_ko(:query)" in text
    assert "<b>" not in text
    assert " style=" not in text  # the policy would not apply it


def test_a_wrong_or_empty_question_is_a_page_with_the_form(served: Served, tmp_path: Path) -> None:
    for query in ("", "?q=", "?q=-&q=%22", "?q=" + quote("가" * 300)):
        status, _headers, text = served.get("/attention" + query)
        assert status == 200
        assert text.count('name="q"') == 5  # the search box and four topics
    open_desk(tmp_path / "e.db").archive.close()
    with serve(tmp_path / "e.db") as empty:
        assert empty.get("/attention?q=" + quote("폭염"))[0] == 200


@pytest.mark.parametrize(
    ("most", "top"), [(0, 4), (0.3, 0.4), (1, 1), (7, 8), (230, 400), (1000, 1000), (1001, 2000)]
)
def test_the_top_of_an_axis_is_a_round_number(most: float, top: float) -> None:
    assert scale(most) == top


def test_points_stand_from_left_to_right_and_higher_for_more() -> None:
    drawn = chart(["1", "2", "3"], {"a": [0, 5, 10]})
    points = drawn.series["a"]
    assert [one.x for one in points] == sorted(one.x for one in points)
    assert points[0].y == drawn.floor > points[1].y > points[2].y > 0
    assert [tick[0] for tick in drawn.ticks] == sorted((tick[0] for tick in drawn.ticks), reverse=True)


def test_the_axis_of_counts_has_whole_numbers_and_that_of_shares_need_not() -> None:
    assert [value for _y, value in chart(["1"], {"a": [5]}).ticks] == [0, 2, 4, 6, 8]
    assert [value for _y, value in chart(["1"], {"a": [1]}).ticks] == [0, 1, 2, 3, 4]
    assert [value for _y, value in chart(["1"], {"a": [0.3]}).ticks] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
