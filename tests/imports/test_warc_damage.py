"""WARC files that nobody vouches for: what is damaged costs itself, is named, never an article."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import tempfile
import zlib
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.database import Archive
from archive.errors import InputError
from archive.export.warc_reading import read
from archive.export.warc_records import Damaged
from archive.records import Capture
from crawler.extraction.from_warc import WarcImport
from pipelines.attachments import read_document
from tests.command import briefing

URL = "https://www.korea.kr/news/policyNewsView.do?newsId={}"
PAGE = Path(__file__).parents[1] / "pages" / "korea_kr_policy" / "page.html"
DATE = "2026-07-14T00:00:00Z"


def page(number: int, *, date: str = "") -> bytes:
    """Write a page of korea.kr of its own id and text."""
    native_id = str(148900000 + number)
    text = PAGE.read_text("utf-8")
    known = text.split("newsId=")[1][:9]
    return text.replace(known, native_id).replace("</h1>", f" {number}호{date}</h1>").encode()


def warc(*answers: tuple[str, bytes, dict[str, str]], packed: bool = False, **fields: str) -> bytes:
    """Write a WARC file of answers: URL, body as sent, headers."""
    stream = BytesIO()
    writer = WARCWriter(stream, gzip=packed, warc_version="1.1")
    for url, body, headers in answers:
        http = StatusAndHeaders("200 OK", [*headers.items()], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url,
            "response",
            payload=BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": DATE, **fields},
        )
        writer.write_record(record)
    return stream.getvalue()


def items(stream: BytesIO) -> list[Any]:
    """Read what the records of a WARC file say, without their offsets."""
    return [item for _, item in read(stream)]


def pages(*numbers: int, packed: bool = False) -> bytes:
    """Write a WARC file of whole pages."""
    answers = [
        (URL.format(148900000 + number), page(number), {"Content-Length": str(len(page(number)))})
        for number in numbers
    ]
    return warc(*answers, packed=packed)


def taken_in(content: bytes, path: Path) -> tuple[list[Any], dict[str, str]]:
    """Take in a WARC file; give what became of its records, and the articles' texts by id."""
    with Archive.create_or_open(path) as archive:
        taken = list(WarcImport(archive, read_document).run(BytesIO(content)))
        rows = archive.conn.execute(
            "SELECT native_id, title || '|' || body_text FROM articles JOIN article_texts ON article_id = id"
        )
        return taken, dict(map(tuple, rows))


@cache
def whole(packed: bool) -> tuple[bytes, dict[str, str]]:
    """Return a valid WARC file, and what its articles say."""
    content = pages(1, 2, 3, packed=packed)
    with tempfile.TemporaryDirectory() as folder:
        taken, texts = taken_in(content, Path(folder) / "a.db")
    assert [one.outcome for one in taken] == ["new"] * 3
    assert len(set(texts.values())) == 3
    return content, texts


def assert_nothing_invented(content: bytes, texts: dict[str, str]) -> None:
    """Take a damaged file in: no error but InputError, no article that says what it did not say."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            _, found = taken_in(content, Path(folder) / "a.db")
        except InputError:
            return
    assert found.items() <= texts.items()


@given(st.booleans(), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_a_flipped_byte_never_changes_an_article(packed: bool, where: float, by: int) -> None:
    content, texts = whole(packed)
    place = int(where * len(content))
    flipped = bytearray(content)
    flipped[place] ^= by
    assert_nothing_invented(bytes(flipped), texts)


@given(st.booleans(), st.floats(0, 1, exclude_max=True))
def test_a_file_cut_anywhere_gives_whole_articles_only(packed: bool, where: float) -> None:
    content, texts = whole(packed)
    assert_nothing_invented(content[: int(where * len(content))], texts)


@given(st.booleans(), st.floats(0, 1), st.integers(1, 3000), st.binary(max_size=40))
def test_a_stretch_lost_costs_its_records(packed: bool, where: float, lost: int, put: bytes) -> None:
    content, texts = whole(packed)
    start = int(where * len(content))
    assert_nothing_invented(content[:start] + put + content[start + lost :], texts)


@given(st.binary(max_size=300), st.sampled_from([b"", b"WARC/1.1\r\n", b"\x1f\x8b\x08"]))
def test_any_bytes_are_read_or_refused(content: bytes, head: bytes) -> None:
    with contextlib.suppress(InputError):
        list(items(BytesIO(head + content)))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_damaged_record_costs_itself_alone(packed: bool, number: int, tmp_path: Path) -> None:
    _, texts = whole(packed)
    records = [pages(n, packed=packed) for n in (1, 2, 3)]
    middle = bytearray(records[number])
    middle[len(middle) // 2] ^= 0x55
    records[number] = bytes(middle)
    taken, found = taken_in(b"".join(records), tmp_path / "a.db")
    assert [one.outcome for one in taken].count("failed") >= 1
    assert found == {key: text for key, text in texts.items() if key != str(148900001 + number)}


def test_a_record_is_known_by_its_own_digest(tmp_path: Path) -> None:
    content = pages(1).replace("1호".encode(), "9호".encode())
    ((taken,), found) = taken_in(content, tmp_path / "a.db")
    assert (taken.outcome, found) == ("failed", {})
    assert "block digest" in taken.note


@pytest.mark.parametrize("form", ["hex", "base64"])
def test_digests_are_read_in_every_base(form: str) -> None:
    body = page(1)
    digest = hashlib.sha256(body).digest()
    written = digest.hex() if form == "hex" else base64.b64encode(digest).decode()
    good = warc((URL.format(1), body, {}), **{"WARC-Payload-Digest": f"sha256:{written}"})
    (capture,) = items(BytesIO(good))
    assert isinstance(capture, Capture)
    wrong = warc((URL.format(1), body + b" ", {}), **{"WARC-Payload-Digest": f"sha256:{written}"})
    (damaged,) = items(BytesIO(wrong))
    assert isinstance(damaged, Damaged)


@pytest.mark.parametrize("said", ["7", "999999", "99999999999999999999999"])
def test_an_answer_shorter_or_longer_than_it_says_is_left_out(said: str) -> None:
    (found,) = items(BytesIO(warc((URL.format(1), page(1), {"Content-Length": said}))))
    assert isinstance(found, Damaged)
    assert "bytes and says" in found.detail


def test_an_answer_cut_off_when_it_was_recorded_is_left_out() -> None:
    (found,) = items(BytesIO(warc((URL.format(1), page(1), {}), **{"WARC-Truncated": "length"})))
    assert isinstance(found, Damaged)


ENCODED = {
    "br": partial(brotli.compress, quality=1),
    "gzip": partial(gzip.compress, compresslevel=1),
    "deflate": partial(zlib.compress, level=1),
    "zstd": zstandard.compress,
}


@pytest.mark.parametrize("name", ENCODED)
def test_every_content_encoding_is_undone(name: str) -> None:
    sent = ENCODED[name](page(1))
    headers = {"Content-Encoding": name, "Content-Length": str(len(sent))}
    (capture,) = items(BytesIO(warc((URL.format(1), sent, headers))))
    assert isinstance(capture, Capture)
    assert capture.content == page(1)


@pytest.mark.parametrize("name", ENCODED)
def test_an_encoded_body_that_ends_early_is_left_out(name: str) -> None:
    (found,) = items(BytesIO(warc((URL.format(1), ENCODED[name](page(1))[:-9], {"Content-Encoding": name}))))
    assert isinstance(found, Damaged)


@pytest.mark.parametrize("name", [*ENCODED, "gzip, br", "unheard-of"])
def test_a_body_stored_decoded_under_its_old_header_is_read(name: str) -> None:
    (capture,) = items(BytesIO(warc((URL.format(1), page(1), {"Content-Encoding": name}))))
    assert isinstance(capture, Capture)
    assert capture.content == page(1)


def test_a_chunked_body_is_joined_and_a_cut_one_left_out() -> None:
    body = page(1)
    sent = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (body[:900], body[900:])) + b"0\r\n\r\n"
    headers = {"Transfer-Encoding": "chunked"}
    (capture,) = items(BytesIO(warc((URL.format(1), sent, headers))))
    assert isinstance(capture, Capture)
    assert capture.content == body
    (found,) = items(BytesIO(warc((URL.format(1), sent[:-200], headers))))
    assert isinstance(found, Damaged)


@pytest.mark.parametrize("name", ENCODED)
def test_a_body_that_unpacks_without_bound_is_left_out(name: str) -> None:
    bomb = ENCODED[name](bytes(80 << 20))
    stream = warc((URL.format(1), bomb, {"Content-Encoding": name}), (URL.format(2), page(2), {}))
    bombed, good = items(BytesIO(stream))
    assert isinstance(bombed, Damaged)
    assert "unpacks to more" in bombed.detail
    assert isinstance(good, Capture)


def test_a_member_that_unpacks_without_bound_is_left_out() -> None:
    bomb = gzip.compress(b"WARC/1.1\r\n" + bytes(200 << 20), 1)
    found = list(items(BytesIO(pages(1, packed=True) + bomb + pages(2, packed=True))))
    assert [type(one) for one in found] == [Capture, Damaged, Capture]


def test_a_length_beyond_what_is_read_costs_that_record_only() -> None:
    huge = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 999999999999\r\n\r\n"
    found = list(items(BytesIO(pages(1) + huge)))
    assert [type(one) for one in found] == [Capture, Damaged]


def test_a_file_packed_as_one_gzip_stream_is_read() -> None:
    found = list(items(BytesIO(gzip.compress(pages(1, 2)))))
    assert [type(one) for one in found] == [Capture, Capture]


def test_records_quoted_within_a_damaged_one_are_not_taken_in() -> None:
    quoted = b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: " + URL.format(1).encode()
    quoted += (
        b"\r\nWARC-Date: 2026-07-14T00:00:00Z\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\n"
    )
    content = warc((URL.format(2), b"<html>\n" + quoted + b"</html>", {}))[:-20]
    assert all(isinstance(one, Damaged) for one in items(BytesIO(content)))


def test_the_command_names_what_was_left_out_and_takes_in_the_rest(tmp_path: Path) -> None:
    bad, good, db = tmp_path / "a.warc", tmp_path / "b.warc.gz", tmp_path / "a.db"
    bad.write_bytes(pages(1, 2)[:-40])
    good.write_bytes(pages(3, packed=True))
    done = briefing("import", bad, good, "--db", db)
    assert done.returncode == 65
    assert done.stdout == "2 files: 2 new; 1 failed\n"
    assert done.stderr.count("\n") == 1
    assert f"Error: {bad}: left out {URL.format(148900002)}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("h02_brotli.warc", 0, "1 files: 1 new\n"),
        ("h03_cut_last_record.warc", 65, "1 files: 1 new; 1 failed\n"),
        ("h18_brotli_said_only.warc", 0, "1 files: 1 new, 1 unchanged\n"),
    ],
)
def test_files_that_once_failed(name: str, code: int, said: str, shared: Path, tmp_path: Path) -> None:
    done = briefing("import", shared / "cases" / name, "--db", tmp_path / "a.db")
    assert (done.returncode, done.stdout) == (code, said)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "fields",
    [
        {"WARC-Date": "2026-07-14"},
        {"WARC-Date": "0001-01-01T00:00:00Z"},
        {"Briefing-Headers": '[["a", "\\ud800"]]'},
        {"Briefing-Headers": "[[[[[["},
        {"Briefing-Headers": "7"},
        {"Briefing-Kind": "nonsense"},
        {"Briefing-Article": "http://[::1"},
        {"WARC-Payload-Digest": "sha1:"},
        {"WARC-Payload-Digest": "tiger:x"},
    ],
    ids=str,
)
def test_headers_that_make_no_sense_cost_their_record(fields: dict[str, str], tmp_path: Path) -> None:
    bad = warc((URL.format(148900001), page(1), {}), **fields)
    taken, found = taken_in(bad + pages(2), tmp_path / "a.db")
    assert "148900002" in found
    assert taken[-1].outcome == "new"


@pytest.mark.parametrize("status", ["99999999999999999999 OK", "0 OK", "OK", "", "２００ OK"])
def test_a_status_that_is_none_costs_its_record(status: str, tmp_path: Path) -> None:
    bad = pages(1).replace(b"HTTP/1.1 200 OK", b"HTTP/1.1 " + status.encode())
    bad = b"\r\n".join(line for line in bad.split(b"\r\n") if not line.startswith(b"WARC-Block-Digest"))
    taken, found = taken_in(pages(2) + bad, tmp_path / "a.db")
    assert found.keys() == {"148900002"}
    assert [one.outcome for one in taken] == ["failed", "new"] or [one.outcome for one in taken] == [
        "new",
        "failed",
    ]
