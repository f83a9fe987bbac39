"""Well-formed input of others with values of any type in any field: JSON-LD of a page, rows of an archive."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.database import Archive
from archive.errors import InputError
from archive.integrity.verify import verify
from archive.join import join
from archive.schema import TABLES
from archive.store import Store
from crawler.pages import page_of
from pipelines.build import build_article
from pipelines.observation import Observation
from tests.archives import open_desk, press_release
from tests.extraction.test_foreign_input import DETAILS, page

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = (
    *("@type", "@graph", "@id", "headline", "name", "alternativeHeadline", "description", "articleBody"),
    *("author", "publisher", "sourceOrganization", "datePublished", "dateModified", "image", "keywords"),
    *("mainEntityOfPage", "url", "articleSection", "license", "isBasedOn", "associatedMedia", "encoding"),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(["NewsArticle", "2026-13-45T99:99:99+99:99", "http://[::1", "9" * 5000, "\x00"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(DETAILS), st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6))
def test_json_ld_of_any_types_is_read_or_refused(detail: tuple[bytes, str], values: dict[str, Any]) -> None:
    content, url = detail
    script = b'<script type="application/ld+json">' + json.dumps(values).encode() + b"</script></head>"
    with suppress(InputError):
        build_article(Observation(page_of(page(content.replace(b"</head>", script), url)).raw()))


@pytest.fixture(scope="module")
def shard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two articles."""
    path = tmp_path_factory.mktemp("shard") / "shard.db"
    desk = open_desk(path)
    with desk.archive:
        desk.store.begin_run("crawl", {})
        desk.visit(press_release(1))
        desk.visit(press_release(2, title="딴 제목"))
        desk.list_day(press_release(1), press_release(2))
        desk.store.close_listings()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA journal_mode = DELETE")
    return path


@given(
    st.sampled_from([(table.name, column.name) for table in TABLES for column in table.columns]),
    st.one_of(SCALARS, st.binary(max_size=20), st.sampled_from([2**63 - 1, -1, 1e308, "[]", "{", "[[1]]"])),
)
def test_an_archive_with_any_value_in_any_column_is_joined_or_refused(
    shard: Path, tmp_path_factory: pytest.TempPathFactory, where: tuple[str, str], value: Any
) -> None:
    folder = tmp_path_factory.mktemp("joined")
    foreign = folder / "foreign.db"
    shutil.copyfile(shard, foreign)
    table, column = where
    with closing(sqlite3.connect(foreign)) as conn, conn:
        conn.execute("PRAGMA ignore_check_constraints = ON")
        with suppress(sqlite3.Error, OverflowError):  # what the file itself does not take
            conn.execute(f"UPDATE {table} SET {column} = ?", (value,))
    with Archive.create_or_open(folder / "a.db") as archive, archive.hold():
        store = Store(archive, now=lambda: "2026-07-20T09:00:00+09:00")
        store.begin_run("import", {})
        with suppress(InputError):
            join(store, foreign, lambda _line: None)
        assert [found for found in verify(archive) if found.check in ("database", "schema", "keys")] == []
    shutil.rmtree(folder)
