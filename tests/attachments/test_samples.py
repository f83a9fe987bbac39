"""Real press releases beside the project: all text read, twins told, officials of contact tables found."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest

from archive.records import Attachment
from pipelines.attachments import read_document, twins
from pipelines.blocks import Block, Table
from pipelines.contacts import find_contacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pipelines.attachments import Document

PHONE = re.compile(r"0\d{1,2}[-)]\d{3,4}-\d{4}")
LABEL = re.compile(r"책임자|담당자")
PERSON = re.compile(r"[가-힣]{2,4}")


@cache
def read(path: Path) -> Document:
    return read_document(path.read_bytes(), path.name)


@pytest.fixture(scope="module")
def samples(shared: Path) -> Path:
    return shared / "attachments" / "samples"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("html_error_page.hwpx", ("html", "unsupported")),
        ("hwp3_sample.hwp", ("hwp3", "unsupported")),
        ("password-12345.hwp", ("hwp", "encrypted")),
        ("password-12345.hwpx", ("hwpx", "encrypted")),
        ("rhwp_20250130_hongbo_no.hwp", ("hwp", "text")),
    ],
)
def test_odd_files_are_recorded_as_what_they_are(samples: Path, name: str, expected: tuple[str, str]) -> None:
    document = read(samples / name)
    assert (document.format, document.state) == expected


def test_both_formats_of_one_document_give_the_same_blocks(samples: Path) -> None:
    for name in ("mof_2026_hy002", "rhwp_fsc_250813_household_loans"):
        assert letters(read(samples / f"{name}.hwp").text) == letters(read(samples / f"{name}.hwpx").text)


def test_every_word_of_the_pdf_twin_is_read(samples: Path) -> None:
    for pdf in samples.glob("kr_*.pdf"):
        release = read(pdf.with_suffix(".hwpx")).text
        if pdf.stem != "kr_156754216":  # its PDF is the annex
            missing = Counter(letters(read(pdf).text)) - Counter(letters(release))
            assert missing.total() <= 0.01 * len(letters(release)), pdf.name


def test_an_annex_under_the_name_of_the_release_is_no_twin(samples: Path) -> None:
    for pdf in samples.glob("kr_*.pdf"):
        files = [
            Attachment(str(number), path.name, "", read(path).format, "text", text=read(path).text)
            for number, path in enumerate((pdf.with_suffix(".hwpx"), pdf))
        ]
        assert twins(files) == ({} if pdf.stem == "kr_156754216" else {"1": "0"}), pdf.name


def test_no_alternative_text_of_a_picture_is_read(samples: Path) -> None:
    for path in samples.glob("kr_*.hwp*"):
        assert "그림입니다" not in read(path).text


def test_the_officials_of_every_contact_table_are_found(samples: Path) -> None:
    expected, missed = 0, []
    for path in sorted(samples.glob("*.hwp*")):
        blocks = read(path).blocks
        found = {
            (contact.rank, contact.person, phone)
            for contact in find_contacts(blocks)
            for phone in contact.phones
            if contact.department or contact.organization
        }
        printed = officials(blocks)
        expected += len(printed)
        missed += [(path.name, *official) for official in printed if official not in found]
    assert expected > 150
    assert missed == []


def test_a_pdf_names_the_same_people_and_numbers_as_its_twin(samples: Path) -> None:
    for pdf in samples.glob("kr_*.pdf"):
        if pdf.stem != "kr_156754216":  # its PDF is the annex
            assert people(read(pdf).blocks) == people(read(pdf.with_suffix(".hwpx")).blocks), pdf.name


def people(blocks: Sequence[Block]) -> set[tuple[str | None, str]]:
    return {(contact.person, phone) for contact in find_contacts(blocks) for phone in contact.phones}


def officials(blocks: Iterable[Block]) -> list[tuple[str, str, str]]:
    """Take rank, name and phone of each row from tables of the form label | rank | name | phone."""
    found = []
    for block in blocks:
        if not isinstance(block, Table):
            continue
        for row in block.grid():
            texts = [cell.text.replace(" ", "") for cell in dict.fromkeys(row) if cell is not None]
            for label, rank, name, phone in zip(texts, texts[1:], texts[2:], texts[3:], strict=False):
                if LABEL.fullmatch(label) and PERSON.fullmatch(name) and PHONE.fullmatch(phone.strip("()")):
                    found.append((rank, name, phone.strip("()").replace(")", "-")))
    return found


def letters(text: str) -> str:
    return re.sub(r"\W", "", text)
