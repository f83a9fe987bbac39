"""The Python interface: what docs/python.md shows runs, and every method answers what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import archive
from archive.errors import Unreadable, UsageError
from tests.newsroom import build

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs/python.md"
FRAMES = ("pandas", "polars")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small archive of the newsroom."""
    path = tmp_path_factory.mktemp("api") / "archive.db"
    build(path).archive.close()
    return path


@pytest.fixture
def briefings(path: Path) -> Iterator[archive.Briefings]:
    """The same, open for questions."""
    with archive.open(path) as opened:
        yield opened


def test_the_page_of_docs_runs_as_it_stands(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(path.parent)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    assert len(blocks) >= 6
    names: dict[str, Any] = {}
    for block in blocks:
        library = next((name for name in FRAMES if f"import {name}" in block), None)
        if library:
            pytest.importorskip(library, reason=f"{library} is not installed")
        exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102  # our own page
    assert "여객선" in capsys.readouterr().out


def test_a_search_gives_hits_whose_articles_can_be_read(briefings: archive.Briefings) -> None:
    hits = briefings.search("여객선")
    assert hits
    for hit in hits:
        assert isinstance(hit, archive.Hit)
        assert briefings.article(hit.id).title == hit.title


def test_an_article_is_found_by_number_url_and_key(briefings: archive.Briefings) -> None:
    article = briefings.article(1)
    assert briefings.article(article.canonical_url) == article
    assert briefings.article(f"{article.site}/{article.section}/{article.native_id}") == article


@pytest.mark.parametrize("reference", ["0", "999999999999999999999999", "²", "korea.kr/press/none", "", "//"])
def test_an_article_that_is_not_held_is_one_clear_error(briefings: archive.Briefings, reference: str) -> None:
    with pytest.raises(UsageError, match="no article"):
        briefings.article(reference)


def test_contacts_are_narrowed_by_every_argument(briefings: archive.Briefings) -> None:
    everyone = list(briefings.contacts())
    one = next(row for row in everyone if row.organization and row.department and row.phones and row.person)
    for narrowed in (
        {"organization": one.organization},
        {"department": one.department[1:]},
        {"person": one.person},
        {"phone": one.phones.split(", ")[0]},
        {"since": one.published_at[:10], "until": one.published_at[:10]},
    ):
        rows = list(briefings.contacts(**narrowed))
        assert one in rows
        assert set(rows) <= set(everyone)
    assert list(briefings.contacts(since="2999-01-01")) == []


def test_edits_tell_fields_before_and_after(briefings: archive.Briefings) -> None:
    rows = list(briefings.edits())
    assert rows == sorted(rows, key=lambda row: row.seen_at, reverse=True)
    edit = next(row for row in rows if row.kind == "edit")
    assert edit.before != edit.after
    assert edit in list(briefings.edits(kind="edit", field=edit.field, since=edit.seen_at[:10]))
    assert all(row.kind == "gone" for row in briefings.edits(kind="gone"))


def test_coverage_gives_every_day_listed(briefings: archive.Briefings) -> None:
    (listed,) = briefings.conn.execute("SELECT count(*) FROM listings").fetchone()
    rows = list(briefings.coverage())
    assert len(rows) == listed > 0
    whole, partial = list(briefings.coverage(complete=True)), list(briefings.coverage(complete=False))
    assert len(whole) + len(partial) == listed


def test_an_archive_that_is_missing_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        archive.open(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_every_public_name_is_there() -> None:
    for name in archive.__all__:
        assert getattr(archive, name).__doc__
    with pytest.raises(AttributeError):
        archive.unheard_of  # noqa: B018
