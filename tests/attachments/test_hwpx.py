"""HWPX: paragraphs, tables and notes in reading order; bombs and entities refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.attachments import read_document
from pipelines.attachments.limits import MAX_UNPACKED
from pipelines.blocks import Block, Cell, Paragraph, Table, table_of
from tests.attachment_files import hwpx, line, p, section, t, tbl, tc

CONTACTS = tbl(
    [
        tc(0, 0, line("담당 부서"), rowspan=2, header=1),
        tc(0, 1, line("정책관") + line("바다정책과"), rowspan=2),
        tc(0, 2, line("책임자")),
        tc(0, 3, line("과  장")),
        tc(0, 4, line("김바다")),
        tc(0, 5, line("(044-200-0001)")),
    ],
    [
        tc(1, 2, line("담당자")),
        tc(1, 3, line("사무관") + line("") + line("주무관")),
        tc(1, 4, line("이나루") + line("") + line("박포구")),
        tc(1, 5, line("(044-200-0002)") + line("") + line("(044-200-0003)")),
    ],
)


def blocks(*paragraphs: str) -> tuple[Block, ...]:
    document = read_document(hwpx(section(*paragraphs)), "보도자료.hwpx")
    assert (document.format, document.state, document.detail) == ("hwpx", "text", None)
    return document.blocks


def texts(*paragraphs: str) -> list[str]:
    return [block.text for block in blocks(*paragraphs) if isinstance(block, Paragraph)]


def test_runs_of_a_paragraph_join_without_a_space() -> None:
    assert texts(p(t("해양"), t("수산부는 오늘"))) == ["해양수산부는 오늘"]


def test_a_contact_table_keeps_spans_headers_and_lines() -> None:
    assert blocks(line("본문"), p(CONTACTS), line("끝")) == (
        Paragraph("본문"),
        Table(
            (
                Cell("담당 부서", 0, 0, 2, 1, header=True),
                Cell("정책관\n바다정책과", 0, 1, 2, 1),
                Cell("책임자", 0, 2),
                Cell("과  장", 0, 3),
                Cell("김바다", 0, 4),
                Cell("(044-200-0001)", 0, 5),
                Cell("담당자", 1, 2),
                Cell("사무관\n\n주무관", 1, 3),
                Cell("이나루\n\n박포구", 1, 4),
                Cell("(044-200-0002)\n\n(044-200-0003)", 1, 5),
            )
        ),
        Paragraph("끝"),
    )


def test_a_table_of_one_cell_is_a_frame_around_paragraphs() -> None:
    assert blocks(p(tbl([tc(0, 0, line("제목") + line("") + line("부제"))]))) == (
        Paragraph("제목"),
        Paragraph("부제"),
    )


def test_a_table_in_a_cell_stands_on_its_own_in_reading_order() -> None:
    outer = tbl(
        [tc(0, 0, line("보도일시")), tc(0, 1, line("오늘"))],
        [tc(1, 0, line("앞 글") + p(CONTACTS) + line("뒤 글"), colspan=2)],
        [tc(2, 0, line("장소")), tc(2, 1, line("세종"))],
    )
    kinds = [type(block).__name__ for block in blocks(p(outer))]
    assert kinds == ["Table", "Paragraph", "Table", "Paragraph", "Table"]
    last = blocks(p(outer))[-1]
    assert last == Table((Cell("장소", 0, 0), Cell("세종", 0, 1)))


def test_signs_inside_a_text_stand_for_themselves() -> None:
    inside = "<hp:t>한<hp:tab/>글<hp:lineBreak/>문<hp:nbSpace/>서<hp:hyphen/>끝<hp:fwSpace/>임</hp:t>"
    assert texts(p(inside)) == ["한\t글\n문 서-끝 임"]


STYLES = """<hh:head xmlns:hh="http://www.hancom.co.kr/hwpml/2011/head"><hh:refList>
<hh:numberings><hh:numbering id="1"><hh:paraHead level="1" numFormat="DIGIT">^1.</hh:paraHead>
<hh:paraHead level="2" numFormat="HANGUL_SYLLABLE">^1-^2)</hh:paraHead></hh:numbering></hh:numberings>
<hh:bullets><hh:bullet id="1" char="-"/></hh:bullets><hh:paraProperties>
<hh:paraPr id="0"><hh:heading type="NONE" idRef="0" level="0"/></hh:paraPr>
<hh:paraPr id="1"><hh:heading type="BULLET" idRef="1" level="0"/></hh:paraPr>
<hh:paraPr id="2"><hh:heading type="NUMBER" idRef="1" level="0"/></hh:paraPr>
<hh:paraPr id="3"><hh:heading type="NUMBER" idRef="1" level="1"/></hh:paraPr>
<hh:paraPr id="4"><hh:heading type="NUMBER" idRef="1" level="7"/></hh:paraPr>
</hh:paraProperties></hh:refList></hh:head>"""


def styled(style: int, text: str) -> str:
    return line(text).replace("<hp:p", f'<hp:p paraPrIDRef="{style}"', 1)


def test_bullets_and_numbers_of_a_style_stand_before_its_paragraphs() -> None:
    lines = ["제목", "부제", "하나", "둘", "가지", "셋", "가지", "깊은"]
    told = [styled(style, text) for style, text in zip((0, 1, 2, 2, 3, 2, 3, 4), lines, strict=True)]
    content = hwpx(section(*told), parts={"Contents/header.xml": STYLES.encode()})
    expected = ["제목", "- 부제", "1. 하나", "2. 둘", "2-가) 가지", "3. 셋", "3-가) 가지", "깊은"]
    assert read_document(content, "a.hwpx").text.split("\n") == expected


@pytest.mark.parametrize("styles", [b"<hh:head", b"<!DOCTYPE a><a/>", b"\0\0"])
def test_damaged_styles_cost_no_text(styles: bytes) -> None:
    content = hwpx(section(styled(1, "본문")), parts={"Contents/header.xml": styles})
    assert read_document(content, "a.hwpx").text == "본문"


def test_private_signs_of_hancom_and_windows_show_what_a_reader_sees() -> None:
    assert texts(line("\U000f02b1 총괄"), line("\U000f02ba\U000f02c5 협조"), line("신고\uf09e신청")) == [
        "[1] 총괄",
        "[12] 협조",
        "신고·신청",
    ]
    table = blocks(p(tbl([tc(0, 0, line("\uf0a7 갯벌")), tc(0, 1, line("\U000f0854지도\U000f0855"))])))
    assert table == (table_of([["▪ 갯벌", "『지도』"]]),)
    assert texts(line("\U000f0032 모름")) == ["\U000f0032 모름"]


def test_deleted_text_of_tracked_changes_is_left_out_even_over_paragraphs() -> None:
    first = p("<hp:t>남고 <hp:deleteBegin/>지워</hp:t>")
    assert texts(first, p("<hp:t>지고<hp:deleteEnd/>남는다</hp:t>")) == ["남고", "남는다"]


def test_foot_notes_captions_and_text_boxes_follow_their_paragraph() -> None:
    note = f"<hp:ctrl><hp:footNote><hp:subList>{line('각주')}</hp:subList></hp:footNote></hp:ctrl>"
    box = f"<hp:rect><hp:drawText><hp:subList>{line('글상자')}</hp:subList></hp:drawText></hp:rect>"
    table = tbl([tc(0, 0, line("가")), tc(0, 1, line("나"))], caption="표 1")
    assert texts(p(t("본문"), note, box, table), line("다음")) == ["본문", "각주", "글상자", "표 1", "다음"]


def test_headers_comments_memos_and_alternative_texts_are_left_out() -> None:
    header = f"<hp:ctrl><hp:header><hp:subList>{line('머리말')}</hp:subList></hp:header></hp:ctrl>"
    comment = f"<hp:hiddenComment><hp:subList>{line('숨은 설명')}</hp:subList></hp:hiddenComment>"
    memo = f'<hp:fieldBegin type="MEMO"><hp:subList>{line("메모")}</hp:subList></hp:fieldBegin>'
    picture = "<hp:pic><hp:shapeComment>그림입니다. 원본 그림의 이름: 문장.jpg</hp:shapeComment></hp:pic>"
    assert texts(p(header, f"<hp:ctrl>{comment}{memo}</hp:ctrl>", picture, t("본문"))) == ["본문"]


def test_equations_and_composed_signs_are_text() -> None:
    equation = "<hp:equation><hp:script>a over b</hp:script></hp:equation>"
    assert texts(p(t("식 "), equation, '<hp:compose composeText="①"/>')) == ["식 a over b①"]


def test_sections_follow_the_spine_then_their_numbers() -> None:
    sections = [section(line(f"구역 {number}")) for number in range(11)]
    read = read_document(hwpx(*sections, spine=[2, 0]), "a.hwpx")
    assert [block.text for block in read.blocks if isinstance(block, Paragraph)] == [
        f"구역 {number}" for number in (2, 0, 1, 3, 4, 5, 6, 7, 8, 9, 10)
    ]


def test_who_saved_the_file_last_is_never_read() -> None:
    assert "홍길동" not in read_document(hwpx(section(line("본문"))), "a.hwpx").text


def test_a_zip_bomb_is_too_big() -> None:
    bomb = section(line(" " * 60_000) * (MAX_UNPACKED // 100_000))
    document = read_document(hwpx(bomb, bomb), "a.hwpx")
    assert (document.state, document.detail) == ("too_big", "parts of more than 64 MB")


def test_too_many_parts_are_too_big() -> None:
    document = read_document(hwpx(section(line("가")), parts={f"p{n}": b"" for n in range(4100)}), "a.hwpx")
    assert (document.state, document.detail) == ("too_big", "more than 4096 parts")


def test_entities_are_refused() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "하하하"><!ENTITY b "&a;&a;&a;">]>'
    document = read_document(hwpx(section(p("<hp:t>&b;</hp:t>"), prolog=laughs)), "a.hwpx")
    assert (document.state, document.blocks) == ("corrupt", ())


def test_an_external_entity_reads_no_file() -> None:
    external = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    assert read_document(hwpx(section(p("<hp:t>&f;</hp:t>"), prolog=external)), "a.hwpx").state == "corrupt"


@pytest.mark.parametrize("depth", [50, 100, 10_000])
def test_tables_nested_without_end_are_bounded(depth: int) -> None:
    open_, close = (
        "<hp:tbl><hp:tr><hp:tc><hp:subList><hp:p><hp:run>",
        "</hp:run></hp:p></hp:subList></hp:tc></hp:tr></hp:tbl>",
    )
    document = read_document(hwpx(section(p(open_ * depth + close * depth))), "a.hwpx")
    assert document.state in {"too_big", "corrupt"}


def test_a_zip_method_that_cannot_be_bounded_is_unsupported() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("Contents/section0.xml", section(line("본문")))
    document = read_document(data.getvalue(), "a.hwpx")
    assert (document.state, document.detail) == ("unsupported", "zip method 12")


@pytest.mark.parametrize(
    ("row", "column", "rowspan", "colspan"), [(0, 1, 10**6, 10**6), (999_999, 999_999, 1, 1), (-3, 1, 0, 0)]
)
def test_wild_addresses_and_spans_make_no_wild_grid(
    row: int, column: int, rowspan: int, colspan: int
) -> None:
    wild = tc(row, column, line("나"), rowspan, colspan)
    found = blocks(p(tbl([tc(0, 0, line("가")), wild])))
    tables = [block for block in found if isinstance(block, Table)]
    assert all(table.rows * table.columns <= 4 for table in tables)
    assert "".join(block.text for block in found if isinstance(block, Paragraph)) in {"", "가나"}


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\ufffe\uffff"), min_size=1)
    )
)
def test_every_paragraph_comes_back(lines: list[str]) -> None:
    assert texts(*map(line, lines)) == lines
