"""``briefing browse`` as a reader meets it: real HTTP, wrong pages, every page, greedy queries."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import signal
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import product
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from archive.schema import TABLES, Table
from archive.views import VIEWS, View
from tests.archives import open_desk, press_release
from tests.newsroom import build
from tests.served import Served, serve
from tests.thorough import one_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEBI = 1 << 20
PARTS: tuple[Table | View, ...] = (*TABLES, *VIEWS)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with many articles of few days, so that every sort has ties."""
    path = tmp_path_factory.mktemp("served") / "a.db"
    build(path).archive.close()
    desk = open_desk(path)
    with desk.archive:
        for number in range(100, 180):
            day = f"2026-07-{10 + number * 7 % 5}"
            desk.visit(press_release(number, published_at=day, organization=("해양안전부", None)[number % 2]))
    return path


@pytest.fixture(scope="module")
def served(path: Path) -> Iterator[Served]:
    """The archive, served by the command itself."""
    with serve(path) as served:
        yield served


WRONG = {
    "/nowhere": 404,
    "/archive/nowhere": 404,
    "/archive/nowhere.json": 404,
    "/archive/articles/999999": 404,
    "/archive/articles/abc.json": 404,
    "/nowhere/articles.csv": 404,
    "/archive/articles_fts_data": 403,
    "/archive?sql=select+nonsense": 400,
    "/archive.json?sql=select+nonsense": 400,
    "/archive.csv?sql=select+nonsense": 400,
    "/archive.json?sql=delete+from+articles": 400,
    "/archive.json?sql=select+1;select+2": 400,
    "/archive.json?sql=select+?": 400,
    "/archive.json?sql=select+json('{')": 400,
    "/archive.json?sql=select+abs(-9223372036854775808)": 400,
    "/archive/articles?_facet=nosuch": 400,
    "/archive/articles.json?_facet=nosuch": 400,
    "/archive/articles.json?_facet_array=nosuch": 400,
    "/archive/articles.json?_sort=nosuch": 400,
    "/archive/articles.json?_sort=id&_sort_desc=id": 400,
    "/archive/bodies.json?_sort_desc=content": 400,
    "/archive/articles.json?_size=abc": 400,
    "/archive/articles.json?_size=99999": 400,
    "/archive/articles.json?_col=nosuch": 400,
    "/archive/articles.json?_through=nonsense": 400,
    "/archive/articles.json?_where=nonsense": 400,
    "/archive/articles.json?_next=nonsense": 400,
    "/archive/listings.json?_next=nonsense": 400,
    "/archive/articles.json?_sort=title&_next=a": 400,
    "/archive/coverage.json?_next=nonsense": 400,
    "/archive/coverage.json?_next=99999999999999999999999": 400,
    "/archive/articles.csv?_stream=on&_next=1": 400,
    "/archive/articles.json?nosuch=1": 400,
    "/archive/articles.blob": 400,
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_page_is_answered_in_one_sentence(served: Served, wrong: str) -> None:
    status, headers, text = served.get(wrong)
    assert status == WRONG[wrong], text[:300]
    assert "Traceback" not in text
    if ".json" in wrong:
        assert headers["content-type"].startswith("application/json")
        assert json.loads(text)["ok"] is False


def test_no_wrong_page_prints_a_traceback(served: Served) -> None:
    for wrong in WRONG:
        served.get(wrong)
    assert "Traceback" not in served.said.read_text()
    assert "never awaited" not in served.said.read_text()


def sorts() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every table and view in its own order and by each of its columns, up and down."""
    for table in PARTS:
        columns = (
            list(table.columns)
            if isinstance(table.columns, dict)
            else [c.name for c in table.columns if not c.declaration.startswith("BLOB")]
        )
        if table.name == "articles":
            columns = ["id", "title", "published_at", "organization", "changed_at", "checked_at"]
        yield table.name, {}
        for column in columns:
            yield table.name, {"_sort": column}
            yield table.name, {"_sort_desc": column}


def stored(path: Path, name: str) -> Counter[str]:
    """Return the rows that a table or view holds, as text."""
    with closing(sqlite3.connect(path)) as conn:
        return Counter(
            repr([str(v) for v in row if v is not None and not isinstance(v, bytes)])
            for row in conn.execute(f"select * from [{name}]")
        )


def paged(served: Served, name: str, order: dict[str, str], size: int) -> Iterator[dict[str, Any]]:
    """Follow the pages of a table as a reader's program does."""
    token: dict[str, str] = {}
    while True:
        status, _, text = served.get(
            f"/archive/{name}.json", _shape="objects", _size=str(size), **order, **token
        )
        assert status == 200, text
        answer = json.loads(text)
        yield from answer["rows"]
        if not answer["next"]:
            return
        token = {"_next": answer["next"]}


@pytest.mark.parametrize("every", one_in(2, [19, 1]))
def test_paging_shows_every_row_once_in_every_order(served: Served, path: Path, every: int) -> None:
    held = {part.name: stored(path, part.name) for part in PARTS}
    for name, order in list(sorts())[::every]:
        size = max(sum(held[name].values()) // 3, 1)
        rows = Counter(
            repr([str(v) for v in row.values() if v is not None and not isinstance(v, dict)])
            for row in paged(served, name, order, size)
        )
        assert rows == held[name], (name, order)


@pytest.mark.parametrize("name", [table.name for table in PARTS])
def test_a_stream_of_csv_holds_every_row(served: Served, path: Path, name: str) -> None:
    status, _, text = served.get(f"/archive/{name}.csv", _stream="on")
    assert status == 200
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert len(rows) == sum(stored(path, name).values())
    assert len(set(map(tuple, rows))) == len(stored(path, name))


GREEDY = (
    "select zeroblob(900000000)",
    "select hex(randomblob(100000000))",
    "select hex(zeroblob(8000000)) from articles",
    "select " + ", ".join(["hex(zeroblob(8000000))"] * 150),
    "select printf('%.*c', 900000000, 'x')",
    "select replace(hex(zeroblob(4000000)), '0', hex(zeroblob(100)))",
    "select length(group_concat(hex(zeroblob(1000000)))) from articles a, articles b",
    "select json_group_array(hex(zeroblob(1000000))) from articles",
    "with recursive c(x) as (select 'a' union all select x || x from c) select max(length(x)) from c",
    "with recursive c(n) as (select 1 union all select n + 1 from c) select n, hex(zeroblob(100000)) from c",
    "with recursive c(n) as (select 1 union select n + 1 from c) select count(*) from c",
    "with c as (select hex(zeroblob(8000000)) x from articles) select 1 from (select x from c order by 1)",
    "select instr(replace(hex(zeroblob(5000000)), '1', ''), hex(zeroblob(2000000)) || '1')",
    "select hex(zeroblob(5000000)) like '" + "%0" * 200 + "1'",
    "select json_patch('{}', '{}')",
    "select " + "(" * 500 + "1" + ")" * 500,
    " union all ".join(["select 1"] * 400),
    "select sum(a.id * b.id * c.id * d.id) from articles a, articles b, articles c, articles d",
    "select rank_ko(hex(zeroblob(5000000)), 1000000000)",
    "select snippet_ko(hex(zeroblob(5000000)), '폭염')",
)


STUBBORN = {
    "LIKE": "select " + ", ".join(["hex(zeroblob(7500000)) like '%" + "0" * 150 + "1'"] * 100),
    "GLOB": "select " + ", ".join(["hex(zeroblob(7500000)) glob '*" + "0" * 150 + "1'"] * 100),
    "instr": "select instr(hex(zeroblob(7500000)), hex(zeroblob(4000000)) || '1')",
    "replace": "select replace(hex(zeroblob(7500000)), hex(zeroblob(4000000)) || '1', '')",
    "trim": "select trim(hex(zeroblob(5000000)), replace(hex(zeroblob(500000)), '0', '1') || '0')",
    "printf": "select printf('%.2000000000c', 'x'), format('%.*c', 2000000000, 'x')",
    "functions of ours": "with recursive c(n) as (select 1 union select n + 1 from c limit 1000000)"
    " select sum(length(snippet_ko(hex(zeroblob(520000 + n % 2)), '폭염'))) from c",
    "many rows": "with recursive c(n) as (select 1 union select n + 1 from c) select count(*) from c",
}
"""Queries that SQLite alone would end after minutes: all but the last two do their work within one row."""


@pytest.fixture(scope="module")
def impatient(path: Path) -> Iterator[Served]:
    """The archive, served by the command with a shorter limit."""
    patch = "import archive.browse.foreign_sql as s; s.LONGEST, s.OVERTIME, s.PATIENCE = 0.3, 0.1, 0.6"
    copy = path.with_name("impatient.db")
    copy.write_bytes(path.read_bytes())
    with serve(copy, patch=patch) as served:
        served.get("/archive.json", sql="select 1")
        yield served


@pytest.mark.parametrize("every", one_in(2, [7, 1]))
def test_no_query_exhausts_the_server(impatient: Served, every: int) -> None:
    impatient.get("/archive/articles")
    before = impatient.peak
    for number, query in list(enumerate(GREEDY))[::every]:
        for form in ("", ".json", ".csv") if number < 3 else (".json",):
            status, _, text = impatient.get(f"/archive{form}", sql=query)
            assert status in (200, 400), (query[:60], text[:200])
            assert len(text) < 30 * MEBI, query[:60]
    assert impatient.peak - before < 600 * MEBI
    assert impatient.get("/archive/articles.json")[0] == 200


@pytest.mark.parametrize(("what", "form"), one_in(5, product(STUBBORN, ("", ".json"))))
def test_a_query_ends_near_its_limit_whatever_it_does(impatient: Served, what: str, form: str) -> None:
    before = impatient.spent
    status, _, text = impatient.get(f"/archive{form}", sql=STUBBORN[what])
    assert impatient.spent - before < 5  # of the processor; 0.7 and the start of a process
    assert status == 400
    assert text.count("the query took too long: it may take") == 1


def test_a_query_may_take_no_more_memory_than_its_process(served: Served) -> None:
    query = "select " + ", ".join(["hex(zeroblob(7500000))"] * 190)
    for sql in (query, f"select length({query.removeprefix('select ').replace(', ', '||')})"):
        status, _, text = served.get("/archive.json", sql=sql)
        assert status == 400
        assert re.search("needs more than a query is given: out of memory|too big|too long", text)
    assert served.peak < 600 * MEBI


def test_others_are_answered_while_queries_run_and_too_many_are_told_to_come_again(impatient: Served) -> None:
    with ThreadPoolExecutor(12) as readers:
        running = [
            readers.submit(impatient.get, "/archive.json", sql=f"{STUBBORN['LIKE']}, {n}") for n in range(12)
        ]
        assert impatient.get("/")[0] == 200
        assert impatient.get("/search", q="폭염")[0] == 200
        assert not all(one.done() for one in running)
        answers = [one.result() for one in running]
    assert {status for status, *_ in answers} == {400, 503}
    busy = next(json.loads(text) for status, _, text in answers if status == 503)
    assert busy["error"] == "too many queries are running; come again in a minute"
    assert impatient.get("/archive.json", sql="select 1")[0] == 200


@pytest.mark.parametrize("form", ["", ".json"])
def test_what_a_function_of_ours_refuses_is_said(served: Served, form: str) -> None:
    status, _, text = served.get(f"/archive{form}", sql="select rank_ko('폭염', 'all')")
    assert status == 400
    assert "rank_ko(query, limit): the limit is a whole number" in text


@pytest.mark.parametrize("value", ["null", "7", "1.5", "x'ff00'", "''"])
def test_functions_of_ours_take_any_value(served: Served, value: str) -> None:
    sql = f"select search_ko({value}), snippet_ko({value}, {value}), rank_ko({value}, null)"
    assert served.get("/archive.json", sql=sql)[0] == 200


def test_limits_leave_usual_queries_alone(served: Served) -> None:
    query = (
        "select instr(title, '안전'), replace(title, '안전', '위험'), trim('  a '), rtrim('abb', 'b'),"
        " instr(null, 'a'), replace('a', '', 'b'), instr(x'0102', x'02'), instr(12345, 34),"
        " printf('%05d %-8s|%.3f %c %%', 7, '폭염', 1.5, 'ab'), format('%,d', 1234567),"
        " printf(null), printf('')"
        " from articles limit 1"
    )
    _, _, text = served.get("/archive.json", sql=query, _shape="arrays")
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("create table articles (title)")
        conn.execute(
            "insert into articles select ?",
            (
                json.loads(
                    served.get(
                        "/archive.json", sql="select title from articles limit 1", _shape="arrayfirst"
                    )[2]
                )[0],
            ),
        )
        assert json.loads(text)["rows"] == [list(conn.execute(query).fetchone())]


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/archive",
        "/archive/articles",
        "/archive/articles/1",
        "/archive/search?query=a",
        "/nowhere",
        "/archive/articles.json",
        "/archive/articles.csv",
        "/-/static/app.css",
    ],
)
def test_every_answer_forbids_what_comes_from_elsewhere(served: Served, page: str) -> None:
    _, headers, text = served.get(page)
    headers = {name.lower(): value for name, value in headers.items()}
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    for script in re.findall(r"<script>(.*?)</script>", text, re.DOTALL):
        assert f"'sha256-{digest(script)}'" in policy, script[:80]
    assert not re.search(r"\son[a-z]+=", text)


def digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def test_only_the_beginning_of_a_long_query_is_read(served: Served) -> None:
    assert served.get("/archive/search.json?query=" + quote("폭염 " * 1500))[0] == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_server_quietly(path: Path, tmp_path: Path, number: signal.Signals) -> None:
    copy = tmp_path / "a.db"
    copy.write_bytes(path.read_bytes())
    with serve(copy) as served:
        assert served.get("/")[0] == 200
        served.process.send_signal(number)
        assert served.process.wait(300) == 0
        assert served.said.read_text("utf-8") == ""
