"""``briefing show``: an article by any name, its versions, what changed, and the bytes it was read from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from archive.articles.diff import Change, differences
from archive.errors import UsageError
from briefing.main import cli
from tests.archives import BODY, open_desk, press_release, with_body

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    desk = open_desk(path)
    with desk.archive:
        desk.visit(press_release(), urls=["https://m.korea.kr/briefing/pressReleaseView.do?newsId=156700001"])
        desk.visit(with_body(press_release(attachments=()), BODY.replace("120척", "127척")))
    return path


def show(path: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["show", *arguments, "--db", str(path)], standalone_mode=False)
    if result.exception:
        raise result.exception
    return result.output


@pytest.mark.parametrize(
    "reference",
    [
        "1",
        "korea.kr/press/156700001",
        "https://www.korea.kr/briefing/pressReleaseView.do?newsId=156700001",
        "https://m.korea.kr/briefing/pressReleaseView.do?newsId=156700001",
        "https://www.korea.kr/news/pressReleaseView.do?newsId=156700001&call_from=rsslink",
    ],
)
def test_an_article_is_found_by_any_name(path: Path, reference: str) -> None:
    assert json.loads(show(path, reference, "--json"))["native_id"] == "156700001"


def test_an_article_that_is_not_there_is_a_usage_error(path: Path) -> None:
    for reference in ("99", "korea.kr/press/1", "https://example.org/", "없는 것"):
        with pytest.raises(UsageError, match="no article"):
            show(path, reference)


def test_an_article_is_shown_with_its_facts(path: Path) -> None:
    shown = show(path, "1")
    for fact in ("연안 여객선 안전 점검 1차 시작", "해양안전부", "044-200-0001", "version 2", "127척"):
        assert fact in shown


def test_versions_say_when_and_what(path: Path) -> None:
    assert show(path, "1", "--versions").splitlines() == [
        "1  2026-07-14T09:00:00+09:00  new",
        "2  2026-07-14T09:00:00+09:00  edit  body, attachments",
    ]


def test_a_difference_is_shown_word_by_word(path: Path) -> None:
    shown = show(path, "1", "--diff")
    assert "점검은 8월까지 [-120척을-]{+127척을+} 대상으로 한다." in shown
    assert "[-점검 시작.hwpx (" in shown


def test_versions_for_machines_carry_both_values(path: Path) -> None:
    versions = json.loads(show(path, "1", "--versions", "--json"))
    assert versions[1]["edits"][0] == {
        "field": "body",
        "before": BODY,
        "after": BODY.replace("120척", "127척"),
    }


def test_raw_gives_the_captured_page(path: Path) -> None:
    assert show(path, "1", "--raw").startswith("<html><head>")


def test_unchanged_words_stay_apart_from_changed_ones() -> None:
    assert differences("가 나 다", "가 너 다") == (
        Change("kept", "가 "),
        Change("removed", "나"),
        Change("added", "너"),
        Change("kept", " 다"),
    )


@given(st.text("가나다 \n.1", max_size=60), st.text("가나다 \n.1", max_size=60))
def test_both_texts_can_be_read_from_their_difference(before: str, after: str) -> None:
    changes = differences(before, after)
    assert "".join(change.text for change in changes if change.kind != "added") == before
    assert "".join(change.text for change in changes if change.kind != "removed") == after
