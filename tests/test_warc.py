"""WARC out and in: valid to others, the same every time, and the same archive again."""

from __future__ import annotations

import gzip
from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.database import Archive
from archive.errors import InputError
from archive.export import warc
from archive.export.rows import Selection
from archive.records import Capture
from archive.verify import verify
from crawler.replay import Replay
from pipelines.attachments import read_document
from tests.archives import open_desk, press_release

if TYPE_CHECKING:
    from pathlib import Path

SAME = """
SELECT site, section, native_id, url, title, subtitle, published_at, organization, body_source, state,
  version, kogl_text, body_html, body_markdown, body_text FROM articles JOIN article_texts ON article_id = id;
SELECT a.native_id, c.position, department, person, evidence, p.printed FROM contacts c
  JOIN articles a ON a.id = article_id JOIN contact_points p ON p.contact_id = c.id;
SELECT a.native_id, f.file_id, f.name, f.state, f.sha256, t.text FROM attachments f
  JOIN attachment_texts t ON t.attachment_id = f.id JOIN articles a ON a.id = f.article_id;
SELECT a.native_id, number, kind, date(seen_at), changed, earlier FROM versions v
  JOIN articles a ON a.id = article_id;
SELECT kind, url, method, form, status, headers, fetched_at, layout, body_sha256 FROM captures
  JOIN bodies ON sha256 = body_sha256 WHERE codec <> 'hash'
"""


def told(archive: Archive) -> list[list[str]]:
    """Give what two archives of the same captures must have in common, moments of storing aside."""
    queries = SAME.split(";")
    return [sorted(map(repr, map(tuple, archive.conn.execute(query)))) for query in queries]


def exported(path: Path, folder: Path, selection: Selection | None = None) -> list[Path]:
    folder.mkdir()
    with Archive.open(path) as archive:
        warc.write(archive, folder, selection or Selection())
    return sorted(folder.iterdir())


def captures_of(file: Path) -> list[Any]:
    with file.open("rb") as stream:
        return list(warc.read(stream))


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


def test_an_import_of_an_export_gives_the_same_archive(crawled: Path, tmp_path: Path) -> None:
    (file,) = exported(crawled, tmp_path / "warc")
    with Archive.create_or_open(tmp_path / "again.db") as archive:
        with file.open("rb") as stream:
            assert Counter(Replay(archive, read_document).run(stream))["new"] == 35
        again = told(archive)
        with file.open("rb") as stream:
            assert list(Replay(archive, read_document).run(stream)) == []
        assert told(archive) == again
        assert list(verify(archive)) == []
    with Archive.open(crawled) as archive:
        assert again == told(archive)


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
        outcomes = list(Replay(archive, read_document).run(stream))
        kept = tuple(archive.conn.execute("SELECT kind, fetched_at FROM captures").fetchone())
    assert kept == ("detail", "2026-07-14T09:00:00+09:00")
    assert outcomes == ["unrecognised"]


def test_other_bytes_are_an_input_error() -> None:
    with pytest.raises(InputError, match="not a WARC file"):
        list(warc.read(BytesIO("보도자료 목록".encode() * 100)))
