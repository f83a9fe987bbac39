"""An archive that any earlier version of this program wrote is read, upgraded, and sound.

``tests/archive/earlier/schema-NN.db.xz`` holds one file of each schema, as the program of its time wrote it:
five of our own sample pages and posts. A new schema adds one; none is ever changed.
"""

from __future__ import annotations

import lzma
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.database import Archive
from archive.schema import SCHEMA_VERSION
from tests.archive.test_database import SCHEMA
from tests.command import briefing
from tests.thorough import thorough

EARLIER = sorted(Path(__file__).with_name("earlier").glob("schema-*.db.xz"))
TITLES = "SELECT site, section, native_id, title FROM articles ORDER BY 1, 2, 3"


@pytest.fixture(params=EARLIER, ids=lambda path: path.name.partition(".")[0])
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An archive as an earlier version left it."""
    path = tmp_path / "a.db"
    path.write_bytes(lzma.decompress(request.param.read_bytes()))
    return path


def rows(path: Path, query: str) -> list[tuple[str | None, ...]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(query).fetchall()


def test_every_schema_that_was_ever_current_is_among_them() -> None:
    versions = {int(path.name[7:9]) for path in EARLIER}
    assert SCHEMA_VERSION in versions
    assert min(versions) == 1


def test_it_is_read_as_it_is(earlier: Path) -> None:
    with Archive.open(earlier) as archive:
        assert archive.conn.execute("SELECT count(*) FROM articles").fetchone()[0] == 5


COLUMNS = 'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?) ORDER BY name'


def schema(path: Path) -> dict[str, object]:
    """Return the columns of every table, in the order of their names, and how all else was declared."""
    with closing(sqlite3.connect(path)) as conn:
        parts = conn.execute(SCHEMA).fetchall()
        return {
            name: conn.execute(COLUMNS, (name,)).fetchall()
            if kind == "table"
            else re.sub(r"\s", "", sql or "")
            for kind, name, _table, sql in parts
        }


def test_it_is_upgraded_whole(earlier: Path, tmp_path: Path) -> None:
    held, fresh = rows(earlier, TITLES), tmp_path / "fresh.db"
    Archive.create_or_open(earlier).close()
    Archive.create_or_open(fresh).close()
    assert schema(earlier) == schema(fresh)
    assert rows(earlier, TITLES) == held


@thorough
def test_what_was_upgraded_is_extracted_again_and_sound(earlier: Path) -> None:
    held = rows(earlier, TITLES)
    for command in ("reparse", "verify"):
        done = briefing(command, "--db", earlier)
        assert done.returncode == 0, done.stdout + done.stderr
    assert rows(earlier, TITLES) == held
