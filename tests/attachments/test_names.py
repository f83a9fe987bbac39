"""Which file is the release itself, and which files are twins."""

from __future__ import annotations

import pytest

from archive.records import Attachment
from pipelines.attachments import main_document, twins
from pipelines.attachments.viewer import blocks_of_viewer_page
from pipelines.blocks import Cell, Paragraph, Table

TITLE = "바다의 날 기념식, 31일 부산에서 열린다"


def listed(*names: str) -> list[Attachment]:
    return [Attachment(str(number), name, "") for number, name in enumerate(names)]


def read(file_id: str, kind: str, text: str | None, state: str = "text") -> Attachment:
    return Attachment(file_id, f"보도자료.{kind}", "", format=kind, state=state, text=text)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["보도자료.pdf", "보도자료.hwpx"], "보도자료.hwpx"),
        (["보도자료.pdf", "보도자료.hwp"], "보도자료.hwp"),
        (["붙임 1. 행사 개요.hwpx", "260529 보도자료.pdf"], "260529 보도자료.pdf"),
        (
            ["별첨_통계표.hwpx", "바다의 날 기념식, 31일 부산에서 열린다(최종).pdf"],
            "바다의 날 기념식, 31일 부산에서 열린다(최종).pdf",
        ),
        (["세부 계획.hwpx", "260529(석간) 바다의 날.hwpx"], "260529(석간) 바다의 날.hwpx"),
        (["[해양수산부] 보도참고.hwpx", "(참고1) 연혁.hwpx"], "[해양수산부] 보도참고.hwpx"),
        (["사진 1.jpg", "보도자료.hwpx"], "보도자료.hwpx"),
        (["사진 1.jpg", "포스터.pdf"], None),
        (["붙임. 참고자료.hwp"], None),
        (["사진.zip", "통계.xlsx"], None),
        ([], None),
    ],
)
def test_the_release_itself_is_told_by_its_name(names: list[str], expected: str | None) -> None:
    main = main_document(listed(*names), TITLE)
    assert (main and main.name) == expected


def test_a_word_for_appendices_in_the_title_makes_no_appendix() -> None:
    name = "260529 [해양수산부 보도자료] (참고자료)장관, 항만 현장 점검.hwpx"
    assert main_document(listed(name), "(참고자료)장관, 항만 현장 점검") is not None
    photos = "바다 사진 공모전 열린다.hwpx"
    assert main_document(listed(photos), "바다 사진 공모전 열린다") is not None


def test_a_file_without_text_gives_way_to_its_twin() -> None:
    files = [read("1", "hwpx", None, "encrypted"), read("2", "pdf", "본문")]
    assert main_document(files, TITLE) == files[1]
    assert main_document([read("1", "hwpx", "")], TITLE) is None


def test_the_format_by_the_bytes_counts_once_it_is_known() -> None:
    mislabelled = Attachment("1", "보도자료.hwpx", "", format="html", state="unsupported")
    assert main_document([mislabelled, *listed("보도자료.pdf")], TITLE) == listed("보도자료.pdf")[0]


def test_twins_are_told_by_text_and_point_to_the_better_format() -> None:
    text = " ".join(f"제{number}항 바다와 항만의 {number * 7}가지 이야기" for number in range(60))
    wrapped = text.replace("이야기 ", "이야\n기 ")
    files = [read("1", "pdf", wrapped), read("2", "hwpx", text), read("3", "hwp", text[:40] + text)]
    assert twins(files) == {"3": "2", "1": "2"}


def test_another_document_under_the_same_name_is_no_twin() -> None:
    release = " ".join(f"기념식은 {number}시에 시작한다" for number in range(50))
    poster = " ".join(f"WORLD OCEAN DAY {number}" for number in range(50))
    assert twins([read("1", "hwpx", release), read("2", "pdf", poster)]) == {}


def test_two_forms_of_one_format_are_twins_only_when_equal() -> None:
    one = "신청서 이름 주소 전화 " * 20 + "가"
    files = [read("1", "hwpx", one), read("2", "hwpx", one[:-1] + "나"), read("3", "hwpx", one)]
    assert twins(files) == {"3": "1"}


def test_files_without_text_are_nobodys_twin() -> None:
    assert twins([read("1", "hwpx", None), read("2", "pdf", ""), read("3", "pdf", " \n")]) == {}


def test_a_viewer_page_joins_the_spans_of_a_line_with_nothing() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>1</title><style>.p{position:absolute}</style></head><body>"
        '<div class="w"><div class="p" style="top:0px"><span class="t0">해양수</span>'
        '<span class="t1">산부는 오</span><span>늘</span></div>\n'
        '<div class="p"><span>담당: 바다</span><span>정책과 &lt;총괄&gt;</span></div>'
        "<table><tr><td>담당</td><td>김바다</td></tr></table></div></body></html>"
    )
    assert blocks_of_viewer_page(page) == (
        Paragraph("해양수산부는 오늘"),
        Paragraph("담당: 바다정책과 <총괄>"),
        Table((Cell("담당", 0, 0), Cell("김바다", 0, 1))),
    )


def test_a_viewer_page_without_text_gives_nothing() -> None:
    assert blocks_of_viewer_page("<html><body></body></html>") == ()
    assert blocks_of_viewer_page("") == ()
