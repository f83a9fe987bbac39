"""An import judges what it changes as a crawl does: WARC files, saved pages and answers of the Open API."""

from __future__ import annotations

import json
import shutil
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from briefing.demo.server import DAYS, answer
from tests.command import briefing
from tests.crawl.test_crawl import rows
from tests.trouble.test_bad_days import KINDS, NOTICE, SECTIONS, state, troubled
from tests.trouble.test_implausible import EDITED, edits, without_subtitle
from tests.unruly import Unruly, crawl, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

NIGHT = {day: f"{day}T14:00:00Z" for day in DAYS}
HELD = ("a notice", "one text", "no text", "one title", "titles of others", "one ministry")


@pytest.fixture(scope="module")
def site() -> Iterator[Unruly]:
    """Serve the replica."""
    with serve() as unruly:
        yield unruly


@pytest.fixture(scope="module")
def first(site: Unruly, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Archive the first day."""
    db = tmp_path_factory.mktemp("first") / "first.db"
    site.day, site.trouble = DAYS[0], lambda _: None
    assert crawl(site, db, *SECTIONS).returncode == 0
    return db


@pytest.fixture
def db(first: Path, tmp_path: Path) -> Path:
    """Copy the archive of the first day, for one test."""
    return copy(first, tmp_path / "archive.db")


def copy(db: Path, to: Path) -> Path:
    """Copy an archive with its folder of files."""
    shutil.copyfile(db, to)
    shutil.copytree(db.with_suffix(".files"), to.with_suffix(".files"))
    return to


def urls(db: Path) -> list[str]:
    """List the articles."""
    return [str(url) for (url,) in rows(db, "SELECT url FROM articles WHERE site = 'korea.kr' ORDER BY id")]


def page(url: str, day: date) -> bytes:
    """Return an article's page as the replica shows it on a day."""
    parts = urlsplit(url)
    return answer(parts.netloc, parts.path, dict(parse_qsl(parts.query)), day).body


def warc(path: Path, pages: list[tuple[str, str, bytes]]) -> Path:
    """Write URLs, moments and pages as the WARC file of a crawler that is not ours."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url, moment, content in pages:
            record = writer.create_warc_record(
                url,
                "response",
                payload=BytesIO(content),
                length=len(content),
                http_headers=StatusAndHeaders(
                    "200 OK", [("Content-Type", "text/html;charset=UTF-8")], protocol="HTTP/1.1"
                ),
                warc_headers_dict={"WARC-Date": moment},
            )
            writer.write_record(record)
    return path


def told(db: Path) -> dict[str, Any]:
    """Return what an archive says, but for relations."""
    return {part: value for part, value in state(db).items() if part != "relations"}


def changed(kind: str, db: Path) -> list[tuple[str, str, bytes]]:
    """Return every article's page as it is on a bad day."""
    found = []
    for number, url in enumerate(urls(db)):
        text = KINDS[kind].page(page(url, DAYS[0]).decode(), number)
        found.append((url, NIGHT[DAYS[1]], text.encode() if isinstance(text, str) else text))
    return found


@pytest.mark.parametrize(("kind", "files"), [*((kind, 1) for kind in HELD), ("one ministry", 3)])
def test_a_bad_day_in_warc_files_changes_no_known_article(
    db: Path, tmp_path: Path, kind: str, files: int
) -> None:
    before, pages = told(db), changed(kind, db)
    parts = [warc(tmp_path / f"{part}.warc.gz", pages[part::files]) for part in range(files)]
    done = briefing("import", *parts, "--db", db)
    assert done.returncode == 65, done.stdout + done.stderr
    assert "articles are held back" in done.stderr
    assert told(db) == before
    assert rows(db, "SELECT count(*) FROM failures WHERE kind = 'implausible' AND resolved_at IS NULL") == [
        (1,)
    ]
    assert briefing("verify", "--db", db).returncode == 0
    again = briefing("import", *parts, "--db", db)
    assert told(db) == before, again.stdout + again.stderr


def test_a_bad_day_in_saved_pages_changes_no_known_article(db: Path, tmp_path: Path) -> None:
    before, folder = told(db), tmp_path / "pages"
    folder.mkdir()
    for number, (_, _, content) in enumerate(changed("one ministry", db)):
        (folder / f"{number}.html").write_bytes(content)
    done = briefing("import", folder, "--db", db)
    assert done.returncode == 65, done.stdout + done.stderr
    assert told(db) == before


def test_one_edit_in_a_warc_file_is_an_edit(db: Path, tmp_path: Path) -> None:
    whole = [(url, NIGHT[DAYS[1]], page(url, DAYS[1])) for url in urls(db)]
    done = briefing("import", warc(tmp_path / "a.warc.gz", whole), "--db", db)
    assert done.returncode == 0, done.stdout + done.stderr
    assert edits(db) == EDITED
    assert rows(db, "SELECT count(*) FROM pending_visits") == [(0,)]


@pytest.mark.parametrize("kind", ["a notice", "one text", "no text"])
def test_days_in_one_warc_file_are_judged_each_by_itself(first: Path, tmp_path: Path, kind: str) -> None:
    """First the bad day, of articles never seen before; then a good one: no version tells of the bad day."""
    good = [(url, "2026-07-16T14:00:00Z", page(url, DAYS[0])) for url in urls(first)]
    bad, both = tmp_path / "both.db", warc(tmp_path / "both.warc.gz", [*changed(kind, first), *good])
    plain = tmp_path / "plain.db"
    briefing("import", warc(tmp_path / "good.warc.gz", good), "--db", plain)
    done = briefing("import", both, "--db", bad)
    assert done.returncode == 65, done.stdout + done.stderr
    assert told(plain)["articles"] != []
    assert edits(bad) == []
    assert set(told(plain)["articles"]) <= set(told(bad)["articles"])  # the second look confirms one more


def test_a_page_older_than_what_is_known_changes_nothing(db: Path, tmp_path: Path) -> None:
    url = urls(db)[0]
    older = without_subtitle(page(url, DAYS[0]).decode()).replace("<h1>", "<h1>옛 ").encode()
    before = told(db)
    path = warc(tmp_path / "a.warc.gz", [(url, "2026-07-13T20:00:00Z", older)])
    assert briefing("import", path, "--db", db).returncode == 0
    assert told(db) == before


def exported(db: Path, folder: Path) -> list[Path]:
    assert briefing("export", folder, "--format", "warc", "--db", db).returncode == 0
    return sorted(folder.glob("*.warc.gz"))


def test_pages_that_an_archive_holds_back_stay_so_where_its_export_is_imported(
    site: Unruly, db: Path, tmp_path: Path
) -> None:
    site.day, site.trouble = DAYS[1], troubled(KINDS["one ministry"])
    assert crawl(site, db, *SECTIONS).returncode == 2
    site.trouble = lambda _: None
    again = tmp_path / "again.db"
    done = briefing("import", *exported(db, tmp_path / "warc"), "--db", again)
    assert done.returncode == 0, done.stdout + done.stderr
    assert told(again)["versions"] == told(db)["versions"]
    assert told(again)["articles"] == told(db)["articles"]
    assert rows(again, "SELECT count(*) FROM captures WHERE kind = 'held'") == rows(
        db, "SELECT count(*) FROM captures WHERE kind = 'held'"
    )


def test_an_export_of_two_days_gives_the_same_versions_and_twice_nothing_new(
    site: Unruly, db: Path, tmp_path: Path
) -> None:
    earlier = copy(db, tmp_path / "earlier.db")
    site.day, site.trouble = DAYS[1], lambda _: None
    assert crawl(site, db, *SECTIONS).returncode == 0
    files = exported(db, tmp_path / "warc")
    again = tmp_path / "again.db"
    for path in (again, again, earlier):  # a new archive, itself once more, and one that knows the first day
        done = briefing("import", *files, "--db", path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert told(path)["versions"] == told(db)["versions"]
        assert told(path)["articles"] == told(db)["articles"]


def item(number: int, **more: str) -> dict[str, str]:
    return {
        "NewsItemId": str(number),
        "Title": f"연안 여객선 안전 점검 {number}",
        "ApproveDate": "07/14/2026 09:00:00",
        "ModifyDate": "07/14/2026 10:00:00",
        "ModifyId": "2",
        "GroupingCode": "policy",
        "MinisterCode": "해양수산부",
        "ContentsType": "H",
        "DataContents": f"<p>여객선 {number}척을 점검한다. 점검은 8월까지 이어진다.</p>",
    } | more


def an_answer(path: Path, *items: dict[str, str]) -> Path:
    said = {"header": {"resultCode": "0"}, "body": {"totalCount": len(items), "NewsItem": list(items)}}
    path.write_text(json.dumps({"response": said}, ensure_ascii=False), "utf-8")
    return path


def test_a_saved_answer_of_the_open_api_is_imported_reread_and_exported(tmp_path: Path) -> None:
    db, path = tmp_path / "a.db", an_answer(tmp_path / "news.json", item(148900001), item(148900002))
    done = briefing("import", path, "--db", db)
    assert (done.returncode, done.stderr) == (0, "")
    expected = [
        ("148900001", "api", "2026-07-14T10:00:00+09:00", 2),
        ("148900002", "api", "2026-07-14T10:00:00+09:00", 2),
    ]
    query = "SELECT native_id, body_source, modified_at, revision FROM articles ORDER BY 1"
    assert rows(db, query) == expected
    assert briefing("import", path, "--db", db).returncode == 0
    assert rows(db, "SELECT count(*) FROM versions") == [(2,)]
    assert "0 changed" in briefing("reparse", "--db", db).stdout
    again = tmp_path / "again.db"
    done = briefing("import", *exported(db, tmp_path / "warc"), "--db", again)
    assert done.returncode == 0, done.stdout + done.stderr
    assert rows(again, query) == expected
    assert briefing("verify", "--db", again, "--sample", "10").returncode == 0


def test_an_answer_tells_when_a_known_article_was_edited_and_leaves_its_text(
    db: Path, tmp_path: Path
) -> None:
    ((native_id, text),) = rows(
        db,
        "SELECT native_id, body_text FROM articles JOIN article_texts ON article_id = id"
        " WHERE section = 'policy' ORDER BY id LIMIT 1",
    )
    path = an_answer(tmp_path / "news.json", item(int(str(native_id)), DataContents="<p>다른 글</p>"))
    assert briefing("import", path, "--db", db).returncode == 0
    query = "SELECT modified_at, body_text FROM articles JOIN article_texts ON article_id = id"
    assert rows(db, f"{query} WHERE native_id = '{native_id}'") == [("2026-07-14T10:00:00+09:00", text)]


def test_an_answer_whose_texts_are_a_notice_gives_no_article(tmp_path: Path) -> None:
    items = [item(148900000 + number, DataContents=f"<p>{NOTICE}</p>") for number in range(4)]
    done = briefing("import", an_answer(tmp_path / "news.json", *items), "--db", tmp_path / "a.db")
    assert done.returncode == 65
    assert "held back" in done.stderr
    assert rows(tmp_path / "a.db", "SELECT count(*) FROM articles") == [(0,)]
