"""Whatever happens to a file on its way, reading it gives a document and never fails."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.attachments import read_document
from tests.attachment_files import hwp, hwpx, line, p, paragraph, pdf, section, table, tbl, tc

WHOLE = (
    hwpx(
        section(
            *[line(f"문단 {n}") for n in range(30)], p(tbl([tc(0, 0, line("담당")), tc(0, 1, line("과"))]))
        )
    ),
    hwp(
        paragraph("본문")
        + paragraph("", controls=[table(1, [(0, 0, 1, 1, ["가"]), (0, 1, 1, 1, ["나"])])], marks=1)
    ),
    hwp(paragraph("배포용 문서의 본문"), properties=5),
    pdf(
        (
            [(60, 700, "본문"), (60, 680, "둘째")],
            [(60, 600, 500, 600), (60, 650, 500, 650), (200, 600, 200, 650)],
        )
    ),
)
files = st.sampled_from(WHOLE)


def assert_told(content: bytes, name: str) -> None:
    """Read a damaged file: it is told as what it is, and not as a failure of the program."""
    document = read_document(content, name)
    assert document.format
    assert document.state != "failed", document.detail


@given(files, st.floats(0, 1))
def test_a_file_cut_short_gives_a_document(content: bytes, share: float) -> None:
    assert_told(content[: int(len(content) * share)], "보도자료.hwpx")


@given(
    files, st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), min_size=1, max_size=40)
)
def test_a_file_with_flipped_bits_gives_a_document(content: bytes, flips: list[tuple[float, int]]) -> None:
    spoilt = bytearray(content)
    for share, bit in flips:
        spoilt[int(share * len(spoilt))] ^= 1 << bit
    assert_told(bytes(spoilt), "보도자료.hwpx")


@given(files, st.floats(0, 1), st.binary(max_size=600))
def test_a_file_with_a_foreign_piece_gives_a_document(content: bytes, share: float, piece: bytes) -> None:
    place = int(len(content) * share)
    assert_told(content[:place] + piece + content[place + len(piece) :], "보도자료.hwp")
