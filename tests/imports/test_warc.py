"""WARC out and in: valid to others, the same every time, and the same archive again."""

from __future__ import annotations

import gzip
from collections import Counter
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.articles.load import load_article
from archive.completeness.listings import count_listings
from archive.database import Archive
from archive.errors import InputError
from archive.export import warc
from archive.export.rows import Selection
from archive.export.warc_reading import read
from archive.integrity.parallel import moment
from archive.integrity.redact import redact
from archive.integrity.verify import verify
from archive.records import KOREA, Capture, Failure, Listing, ListItem
from archive.store import Store
from crawler.extraction.from_warc import WarcImport
from crawler.extraction.importing import import_file
from crawler.linking import relate
from pipelines import organizations
from pipelines.attachments import read_document
from tests.archives import Clock, copied, open_desk, press_release
from tests.command import briefing

if TYPE_CHECKING:
    from pathlib import Path

# What two archives of the same captures have in common. Not there: row numbers, the runs, moments of storing
# (an import takes those of the captures), how often articles were checked, and checks that found nothing new.
SAME = """
SELECT site, section, native_id, a.url, title, subtitle, published_at, published_precision, published_raw,
  year, month, a.organization, o.key, writer, presenter, body_source, kogl_type, kogl_text, state,
  fingerprint, version, a.layout, parser, body_html, body_markdown, body_text, c.url, c.fetched_at,
  c.body_sha256
  FROM articles a JOIN article_texts ON article_id = a.id LEFT JOIN organizations o ON o.id = organization_id
  LEFT JOIN captures c ON c.id = a.capture_id WHERE state <> 'redacted';
SELECT site, section, native_id, url, title, state, published_at FROM articles;
SELECT a.native_id, source, sha256 FROM text_hashes JOIN articles a ON a.id = article_id;
SELECT a.native_id, l.role, c.url, c.fetched_at, c.body_sha256 FROM article_captures l
  JOIN articles a ON a.id = article_id JOIN captures c ON c.id = l.capture_id
  WHERE role <> 'checked' AND state <> 'redacted';
SELECT u.url, a.native_id FROM article_urls u JOIN articles a ON a.id = article_id WHERE state <> 'redacted';
SELECT a.native_id, number, v.kind, date(seen_at), changed, earlier, v.fingerprint, c.url, c.fetched_at
  FROM versions v JOIN articles a ON a.id = article_id LEFT JOIN captures c ON c.id = v.capture_id
  WHERE state <> 'redacted';
SELECT a.native_id, f.position, f.file_id, f.name, f.url, f.format, f.state, f.detail, f.size, f.sha256,
  f.text_in, date(f.fetched_at), date(removed_at), t.text FROM attachments f
  JOIN attachment_texts t ON t.attachment_id = f.id JOIN articles a ON a.id = f.article_id;
SELECT a.native_id, c.position, c.organization, o.key, organization_by, department, role, person, rank, mark,
  evidence, evidence_start, p.kind, p.printed, p.e164 FROM contacts c JOIN articles a ON a.id = article_id
  LEFT JOIN organizations o ON o.id = c.organization_id JOIN contact_points p ON p.contact_id = c.id;
SELECT a.native_id, relation, name, s.url, s.title FROM sources s JOIN articles a ON a.id = article_id;
SELECT r.kind, a.native_id, b.native_id, score FROM relations r JOIN articles a ON a.id = article_id
  JOIN articles b ON b.id = related_id;
SELECT a.native_id, position, i.url, alt, caption FROM images i JOIN articles a ON a.id = article_id;
SELECT a.native_id, position, l.url, text FROM links l JOIN articles a ON a.id = article_id;
SELECT kind, url, method, form, status, headers, fetched_at, layout, body_sha256 FROM captures
  JOIN bodies ON sha256 = body_sha256 WHERE codec NOT IN ('hash', 'redacted');
SELECT sha256, size, codec FROM bodies WHERE codec NOT IN ('hash', 'redacted');
SELECT * FROM listed_items;
SELECT * FROM coverage;
SELECT site, section, native_id, url, kind, detail, attempts, first_seen_at, last_seen_at, resolved_at
  FROM failures;
SELECT site, section, native_id, scope, reason, redacted_at FROM redactions
"""


def told(archive: Archive) -> list[list[str]]:
    """Return what two archives of the same captures must have in common, moments of storing aside."""
    queries = SAME.split(";")
    return [sorted(map(repr, map(tuple, archive.conn.execute(query)))) for query in queries]


def exported(path: Path, folder: Path, selection: Selection | None = None) -> list[Path]:
    folder.mkdir()
    with Archive.open(path) as archive, moment(archive) as now:
        warc.write(now, folder, selection or Selection())
    return sorted(folder.iterdir())


def captures_of(file: Path) -> list[Any]:
    with file.open("rb") as stream:
        return [item for _, item in read(stream)]


def is_valid(file: Path) -> bool:
    """Check as the command ``warcio check`` does."""

    class Arguments:
        inputs = (str(file),)
        verbose = False

    return int(Checker(Arguments).process_all()) == 0


def test_an_export_is_valid_warc(crawled: Path, tmp_path: Path) -> None:
    (file,) = exported(crawled, tmp_path / "warc")
    assert is_valid(file)
    assert gzip.decompress(file.read_bytes()).startswith(b"WARC/1.1\r\n")


def test_two_exports_are_the_same_bytes(crawled: Path, tmp_path: Path) -> None:
    first, second = exported(crawled, tmp_path / "1"), exported(crawled, tmp_path / "2")
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


@pytest.fixture
def lived(crawled: Path, tmp_path: Path) -> Path:
    """The crawled archive after a life: an article gone and back, one failed, lists with gaps."""
    path = tmp_path / "lived.db"
    copied(crawled, path)
    with Archive.create_or_open(path) as archive:
        clock = Clock("2026-07-20T09:00:00+09:00")
        store = Store(archive, now=clock)
        store.begin_run("crawl", {})
        row = archive.conn.execute("SELECT * FROM articles WHERE section = 'policy' ORDER BY id").fetchone()
        page = replace(store.captures.read(row["capture_id"]), fetched_at=clock.time)
        gone = store.record_capture(replace(page, status=410, content=b"gone"))
        assert store.record_missing(KOREA, "policy", row["native_id"], gone, "410")
        clock.time = "2026-07-21T09:00:00+09:00"
        again = replace(page, fetched_at=clock.time, content=page.content + b"<!-- back -->")
        known = load_article(archive.conn, row["id"])
        assert known is not None
        (listed,) = archive.conn.execute(
            "SELECT max(id) FROM captures WHERE url = (SELECT c.url FROM captures c JOIN article_captures l"
            " ON l.capture_id = c.id WHERE l.role = 'list' AND l.article_id = ?)",
            (row["id"],),
        ).fetchone()
        visit = store.record_article(known, store.record_capture(again), captures=[("list", listed)])
        assert visit.outcome == "restored"
        failed = ListItem("148999999", "받지 못한 기사", "policy")
        store.record_failure(
            Failure(KOREA, "https://www.korea.kr/x", "timeout", "20 s", clock.time, "policy", "148999999")
        )
        store.record_listing(Listing(KOREA, "policy", "2026-07-20", 1, (failed,), clock.time))
        store.record_listing(
            Listing(KOREA, "press", "2026-07-20", None, (), clock.time, read_whole=False, detail="reset")
        )
        relate(store)
    return path


def taken_in(archive: Archive, *files: Path) -> Counter[str]:
    """Import as the command does."""
    store = Store(archive, now=Clock("2026-08-01T09:00:00+09:00"))
    store.seed_organizations(organizations.load())
    counts = Counter(
        one.outcome for file in files for one in import_file(store, file, "2026-08-01T09:00:00+09:00")
    )
    count_listings(archive.conn)
    relate(store)
    return counts


def test_an_import_of_an_export_gives_the_same_archive(lived: Path, tmp_path: Path) -> None:
    (file,) = exported(lived, tmp_path / "warc")
    with Archive.create_or_open(tmp_path / "again.db") as archive:
        assert taken_in(archive, file)["restored"] == 1
        again = told(archive)
        assert list(verify(archive)) == []
        assert taken_in(archive, file).keys() == {"unchanged", "listed"}
        assert told(archive) == again
    with Archive.open(lived) as archive:
        assert told(archive) == again


def test_tombstones_travel_and_keep_out_what_an_earlier_export_holds(lived: Path, tmp_path: Path) -> None:
    (earlier,) = exported(lived, tmp_path / "1")
    with Archive.create_or_open(lived) as archive:
        article_id, native_id = archive.conn.execute(
            "SELECT max(id), native_id FROM articles WHERE section = 'press'"
        ).fetchone()
        redact(archive, article_id, "article", "요청", "2026-07-22T09:00:00+09:00")
    (later,) = exported(lived, tmp_path / "2")
    tombstone = (
        "SELECT native_id, url, title, state, published_at, a.first_seen_at, reason, redacted_at"
        " FROM redactions JOIN articles a USING (site, section, native_id)"
    )
    with Archive.create_or_open(tmp_path / "again.db") as archive:
        taken_in(archive, later, earlier)
        again = [tuple(row) for row in archive.conn.execute(tombstone)]
        pages = archive.conn.execute(
            "SELECT codec FROM captures JOIN bodies ON sha256 = body_sha256 WHERE url LIKE ?",
            (f"%{native_id}%",),
        ).fetchall()
        assert list(verify(archive)) == []
    with Archive.open(lived) as archive:
        assert [tuple(row) for row in archive.conn.execute(tombstone)] == again
    assert len(again) == 1
    assert pages == []


def test_an_export_imported_into_a_newer_archive_leaves_what_is_newer(lived: Path, tmp_path: Path) -> None:
    (file,) = exported(lived, tmp_path / "warc")
    newer = Listing(KOREA, "policy", "2026-07-20", 0, (), "2026-07-30T09:00:00+09:00")
    with Archive.create_or_open(tmp_path / "again.db") as archive:
        Store(archive, now=Clock()).record_listing(newer)
        taken_in(archive, file)
        row = archive.conn.execute(
            "SELECT total, checked_at FROM coverage WHERE day = '2026-07-20' AND section = 'policy'"
        ).fetchone()
    assert tuple(row) == (0, newer.checked_at)


@pytest.mark.parametrize(
    "said",
    [
        "[]",
        "{}",
        '{"table": "runs", "rows": [{}]}',
        '{"table": "listings", "rows": [{}]}',
        '{"table": "listings", "rows": [3]}',
        "no json",
    ],
)
def test_statements_that_are_not_ours_are_left_out(tmp_path: Path, said: str) -> None:
    stream = BytesIO()
    writer = WARCWriter(stream, gzip=True, warc_version="1.1")
    content = said.encode()
    writer.write_record(
        writer.create_warc_record(
            "", "metadata", payload=BytesIO(content), length=len(content), warc_content_type=warc.ROWS
        )
    )
    stream.seek(0)
    with Archive.create_or_open(tmp_path / "a.db") as archive:
        (taken,) = WarcImport(archive, read_document).run(stream)
    assert taken.outcome == "failed"


def test_a_post_that_was_taken_in_comes_back(tmp_path: Path) -> None:
    post = tmp_path / "2026-07-14-1.md"
    post.write_text("---\ntitle: 항만 점검\n---\n\n<p>항만을 점검한다.</p>\n", encoding="utf-8")
    with Archive.create_or_open(tmp_path / "a.db") as archive:
        taken_in(archive, post)
        first = told(archive)
    (file,) = exported(tmp_path / "a.db", tmp_path / "warc")
    with Archive.create_or_open(tmp_path / "b.db") as archive:
        assert taken_in(archive, file)["new"] == 1
        assert told(archive) == first


def test_captures_come_back_whole(tmp_path: Path) -> None:
    captures = [
        Capture(
            url="https://www.korea.kr/briefing/pressReleaseList.do?a=1&b=한글",
            fetched_at="2026-07-14T09:00:00+09:00",
            status=200,
            headers=(("Content-Encoding", "gzip"), ("Content-Length", "7"), ("X-Name", "ë³\x81%20 파일")),
            content=b"<html>\r\n\r\n</html>",
            kind="list",
            layout="korea_kr/list-items-2026",
            method="POST",
            form="pageIndex=2&name=가",
        ),
        Capture(
            url="https://www.korea.kr/",
            fetched_at="2026-07-14T09:00:01+09:00",
            status=404,
            headers=(("Set-Cookie", "a"), ("Set-Cookie", "b")),
            content=b"",
            kind="detail",
        ),
    ]
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        for capture in captures:
            desk.store.record_capture(capture)
    (file,) = exported(tmp_path / "a.db", tmp_path / "warc")
    assert captures_of(file) == captures
    assert is_valid(file)


def test_a_selection_exports_what_its_articles_were_read_from(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.visit(press_release(1))
        desk.visit(press_release(2, published_at="2026-07-20"))
        desk.capture("a page of no article", url="https://www.korea.kr/other")
    (file,) = exported(tmp_path / "a.db", tmp_path / "warc", Selection(since="2026-07-15"))
    assert [capture.url for capture in captures_of(file)] == [press_release(2).canonical_url]


def test_a_large_export_is_cut_into_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "PART", 1000)
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        for number in range(5):
            desk.visit(press_release(number))
    files = exported(tmp_path / "a.db", tmp_path / "warc")
    assert [file.name for file in files[:2]] == ["captures-00000.warc.gz", "captures-00001.warc.gz"]
    assert sum(len(captures_of(file)) for file in files) == 5
    assert all(is_valid(file) for file in files)


def test_files_of_a_large_export_can_be_imported_one_without_the_other(
    lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warc, "PART", 10_000)
    files = exported(lived, tmp_path / "warc")
    assert len(files) > 3
    assert all(is_valid(file) for file in files)
    with Archive.create_or_open(tmp_path / "again.db") as archive:
        for file in files:
            taken_in(archive, file)
        again = told(archive)
    with Archive.open(lived) as archive:
        assert told(archive) == again


def test_bytes_that_were_taken_out_are_not_exported(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "a.db")
    with desk.archive:
        desk.visit(press_release(1))
        desk.visit(press_release(2))
        desk.archive.conn.execute("UPDATE bodies SET codec = 'redacted', content = NULL WHERE rowid = 2")
    (file,) = exported(tmp_path / "a.db", tmp_path / "warc")
    assert len(captures_of(file)) == 1


def test_a_warc_of_somebody_else_is_read_by_its_addresses(tmp_path: Path) -> None:
    stream = BytesIO()
    writer = WARCWriter(stream, gzip=True)
    page = b"<html>a page of nobody's template</html>"
    record = writer.create_warc_record(
        "https://www.korea.kr/briefing/pressReleaseView.do?newsId=156700001",
        "response",
        payload=BytesIO(page),
        length=len(page),
        http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": "2026-07-14T00:00:00Z"},
    )
    writer.write_record(record)
    stream.seek(0)
    with Archive.create_or_open(tmp_path / "a.db") as archive:
        outcomes = list(WarcImport(archive, read_document).run(stream))
        kept = tuple(archive.conn.execute("SELECT kind, fetched_at FROM captures").fetchone())
    assert kept == ("detail", "2026-07-14T09:00:00+09:00")
    ((outcome, note, _),) = outcomes
    assert outcome == "failed"
    assert (
        note == f"left out {record.rec_headers['WARC-Target-URI']} (byte 0): the page is in no known layout"
    )


def test_the_notice_of_a_deletion_is_nothing_that_is_left_out(crawled: Path, tmp_path: Path) -> None:
    done = briefing("export", tmp_path / "warc", "--format=warc", "--db", crawled)
    assert done.returncode == 0, done.stderr
    done = briefing("import", tmp_path / "warc", "--db", tmp_path / "again.db")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 files: 35 new, 1 edited, 1 gone\n"


def test_other_bytes_are_an_input_error() -> None:
    with pytest.raises(InputError, match="not a WARC file"):
        list(read(BytesIO("보도자료 목록".encode() * 100)))
