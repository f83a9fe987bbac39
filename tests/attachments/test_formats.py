"""What a file is, whatever its name says, and what is recorded of files that give no text."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.plain import plain, record_of
from pipelines.attachments import detect_format, read_document
from pipelines.attachments.document import Document
from pipelines.blocks import Cell, Paragraph, Table
from tests.attachment_files import assembled, hwp, hwpx, line, ole, paragraph, pdf, section


def packed(**members: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (hwpx(section(line("본문"))), "보도자료.hwp", "hwpx"),
        (hwp(paragraph("본문")), "보도자료.hwpx", "hwp"),
        (pdf(([(50, 700, "본문")], [])), "보도자료.hwpx", "pdf"),
        (b"HWP Document File V3.00 \x1a\x01\x02", "옛 문서.hwp", "hwp3"),
        (b"\r\n\r\n<!DOCTYPE html><html><title>Error</title></html>", "보도자료.hwpx", "html"),
        (packed(**{"word__document.xml": ""}), "a.hwpx", "docx"),
        (packed(**{"xl__workbook.xml": ""}), "통계표", "xlsx"),
        (packed(**{"ppt__presentation.xml": ""}), "발표.zip", "pptx"),
        (packed(mimetype="application/vnd.oasis.opendocument.text"), "a", "odt"),
        (packed(**{"사진 1.jpg": ""}), "사진.zip", "zip"),
        (ole({"WordDocument": b""}), "a.hwp", "doc"),
        (ole({"Workbook": b""}), "a", "xls"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "사진 1.hwp", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "그림", "png"),
        (b"GIF89a", "그림", "gif"),
        ("그냥 글".encode(), "메모.txt", "txt"),
        ("이름,값\n".encode("cp949"), "표.csv", "csv"),
        (b"\0\1\2\3 nothing known", "보도자료.hwpx", "unknown"),
        (b"", "보도자료.hwpx", "unknown"),
    ],
)
def test_the_bytes_tell_the_format(content: bytes, name: str, expected: str) -> None:
    assert detect_format(content, name) == expected


def test_the_name_decides_when_a_container_is_damaged() -> None:
    damaged = packed(**{"Contents__section0.xml": "x" * 100})[:60]
    assert detect_format(damaged, "보도자료.hwpx") == "hwpx"
    assert detect_format(damaged, "보도자료") == "zip"


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_under_any_name_have_a_format(content: bytes, name: str) -> None:
    assert detect_format(content, name)


@pytest.mark.parametrize(
    ("content", "name", "state", "detail"),
    [
        (b"", "a.hwpx", "corrupt", "empty file"),
        (b"\0\1\2\3", "a.hwpx", "corrupt", "no known format"),
        (b"HWP Document File V3.00 \x1a", "a.hwp", "unsupported", "hwp3 file: its text is not read"),
        (
            b"<html><body>not found</body></html>",
            "a.hwpx",
            "unsupported",
            "html file under the name .hwpx: its text is not read",
        ),
        (b"\xff\xd8\xff\xe0", "사진 1.jpg", "unsupported", "jpg file: its text is not read"),
        (ole({"EncryptedPackage": b""}), "a.xlsx", "encrypted", "password"),
        (hwp(paragraph("비밀"), properties=3), "a.hwp", "encrypted", "password"),
        (hwp(paragraph("비밀"), properties=1 | 1 << 4), "a.hwp", "encrypted", "rights management"),
        (
            hwpx(section(line("비밀")), parts={"META-INF/manifest.xml": b"<m><encryption-data/></m>"}),
            "a.hwpx",
            "encrypted",
            "password",
        ),
        (packed(mimetype="application/hwp+zip"), "a.hwpx", "corrupt", "no section part"),
    ],
)
def test_what_gives_no_text_is_recorded_as_what_it_is(
    content: bytes, name: str, state: str, detail: str
) -> None:
    document = read_document(content, name)
    assert (document.state, document.detail, document.blocks) == (state, detail, ())


def test_a_pdf_with_a_password_is_encrypted() -> None:
    locked = "<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>", locked]
    document = read_document(assembled(objects, "/Encrypt 3 0 R /ID [<00> <00>]"), "a.pdf")
    assert (document.format, document.state) == ("pdf", "encrypted")


def test_a_pdf_of_pictures_says_that_it_has_no_text() -> None:
    document = read_document(pdf(([], [])), "포스터.pdf")
    assert (document.state, document.detail) == ("unsupported", "pages of pictures, without text")


def test_plain_text_is_read_in_the_encodings_of_korea() -> None:
    for encoding in ("utf-8", "utf-8-sig", "cp949", "utf-16"):
        document = read_document("첫 줄\n\n둘째 줄".encode(encoding), "메모.txt")
        assert document.blocks == (Paragraph("첫 줄"), Paragraph("둘째 줄"))


def test_a_document_survives_its_way_from_the_worker() -> None:
    table = Table((Cell("담당\n부서", 0, 0, 2, 1, header=True), Cell("", 0, 1)))
    document = Document("hwp", "text", "damaged", (Paragraph("글 <총괄>"), table))
    assert record_of(Document, json.loads(json.dumps(plain(document)))) == document


@pytest.mark.parametrize(
    "answer",
    [None, [], {"state": "fine"}, {"state": "text"}, {"format": "hwp", "blocks": [{}]}],
)
def test_an_answer_that_is_no_document_is_refused(answer: object) -> None:
    with pytest.raises(TypeError):
        record_of(Document, answer)
