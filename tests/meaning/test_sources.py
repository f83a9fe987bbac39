"""Sources: provenance lines in every form that retellings give them."""

from __future__ import annotations

import json
import tarfile
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_poet import HttpResponse

from archive.records import Link, RawArticle, Source
from crawler.pages.jekyll import JekyllPage
from pipelines.blocks import Block, Paragraph, blocks_of_text, table_of
from pipelines.clean import clean_html
from pipelines.sources import find_source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TITLE = "섬마을 통학선 새로 띄운다…학생 1200명 무료 - 해양수산부"
URL = "https://newsdao.kr/3210"
BODY = (
    "섬마을 학생의 통학 길이 편해집니다.\n해양수산부는 통학선 다섯 척을 새로 띄웁니다.\n이용은 무료입니다.\n"
)
FLOOR = 0.985
FIELDS = ("source_title", "source_url", "original_title", "origin_name", "origin_url", "writer")


def source_of(
    blocks: Sequence[Block], links: Sequence[Link] = (), title: str = TITLE, url: str | None = URL
) -> Source:
    raw = RawArticle(
        "newsdao.kr", "article", "3210", URL, "새 제목", "t/1", "t", source_title=title, source_url=url
    )
    return find_source(blocks, links, raw)


def told(tail: str, *links: Link, title: str = TITLE) -> Source:
    return source_of(blocks_of_text(BODY + tail), links, title)


def test_the_source_link_is_kept_as_the_page_gives_it() -> None:
    found = told("끝입니다.")
    assert found == Source(source_title=TITLE, source_url=URL)


def test_a_tail_run_together_on_one_line_is_split_rightly() -> None:
    tail = (
        "문의 : 해양수산부 연안해운과(044-000-0000)<자료출처=정책브리핑 https://www.korea.kr>"
        f"기사작성 : 관리자{TITLE} | 뉴스다오  : {URL}"
    )
    found = told(tail)
    assert (found.writer, found.original_title) == ("관리자", TITLE)
    assert (found.origin_name, found.origin_url) == ("정책브리핑", "https://www.korea.kr")


@pytest.mark.parametrize(
    "line",
    [
        "{} | 뉴스다오 : https://newsdao.kr/3210",
        "기사작성 : 관리자 {} | 뉴스다오",
        "<기사작성 : 관리자{} | 뉴스다오  : https://newsdao.kr/3210>",
        "기사출처: {} | 뉴스다오",
        "참고 : {}",
        "위 내용은 자유롭게 이용할 수 있습니다. {} | 뉴스다오",
        "{}",
    ],
)
def test_a_headline_is_read_out_of_every_line_that_states_it(line: str) -> None:
    assert told(line.format(TITLE)).original_title == TITLE


def test_white_space_does_not_hide_a_headline() -> None:
    spread = TITLE.replace(" ", "   ", 1)
    assert told(f"기사작성: 관리자{spread} | 뉴스다오").original_title == TITLE


def test_a_reworded_headline_is_kept_as_written() -> None:
    reworded = "섬마을에 통학선 새로 띄운다, 학생 1200명 무료 - 해양수산부"
    assert told(f"{reworded} | 뉴스다오 : {URL}").original_title == reworded


def test_a_headline_may_lose_the_tag_before_it() -> None:
    bare = "해수부 “통학선 운임 인상 검토한 바 없어” - 해양수산부"
    found = told(f"{bare} | 뉴스다오", title=f"[사실은 이렇습니다] {bare}")
    assert found.original_title == bare


def test_a_headline_may_be_the_text_of_a_link() -> None:
    reworded = "섬마을 통학선 새로 띄운다, 학생 1200명 무료"
    assert told("자세히 보기", Link(URL, reworded)).original_title == reworded


@pytest.mark.parametrize(
    "text", ["뉴스다오", "기사 링크", "원문 보기", "뉴스다오 바로가기", "섬마을 통학선 운항 정보"]
)
def test_a_link_that_only_points_is_no_headline(text: str) -> None:
    assert told(text, Link(URL, text)).original_title is None


@pytest.mark.parametrize("line", ["기사출처: 해양수산부 | 뉴스다오", "해양수산부, 교육부 | 뉴스다오"])
def test_a_ministry_is_no_headline(line: str) -> None:
    assert told(line).original_title is None


def test_a_headline_in_a_table_counts() -> None:
    table = table_of([["관련 기사", "링크"], [f"{TITLE} | 뉴스다오", "바로가기"]])
    assert source_of([*blocks_of_text(BODY), table]).original_title == TITLE


def test_the_articles_own_heading_is_no_statement_of_origin() -> None:
    heading = Paragraph(TITLE, "heading", 2)
    assert source_of([heading, *blocks_of_text(BODY)]).original_title is None
    assert source_of([*blocks_of_text(BODY), heading]).original_title is None


def test_a_sentence_that_goes_on_with_the_words_is_no_headline() -> None:
    found = told("핵심 항로의 새로운 변화는 계속될 것입니다.", title="핵심 항로의 새로운 변화")
    assert found.original_title is None


@pytest.mark.parametrize(
    "line",
    [
        "<자료출처=정책브리핑 https://www.korea.kr>",
        "< 자료출처=정책브리핑 www.korea.kr>",
        "자료 출처: 정책브리핑 https://https://www.korea.kr",
        "출처: 해양수산부, 정책브리핑(https://www.korea.kr/)",
        "자세한 내용은 정책브리핑(https://www.korea.kr)에서 볼 수 있습니다.",
        "정책브리핑: https://www.korea.kr",
    ],
)
def test_the_origin_and_its_address_have_one_form(line: str) -> None:
    found = told(line)
    assert (found.origin_name, found.origin_url) == ("정책브리핑", "https://www.korea.kr")


@pytest.mark.parametrize(
    "line",
    [
        "정책브리핑에 따르면 통학선은 3월부터 다닙니다.",
        "이 기사는 정책브리핑에서 제공한 자료를 바탕으로 작성되었습니다.",
        "기사 출처: 정책브리핑",
        "정책브리핑의 정책뉴스자료는 「공공누리 제1유형:출처표시」의 조건에 따라 자유롭게 이용이 가능합니다.",
    ],
)
def test_an_origin_without_an_address_is_named_only(line: str) -> None:
    found = told(line)
    assert (found.origin_name, found.origin_url) == ("정책브리핑", None)


@pytest.mark.parametrize(
    "line",
    [
        "더 자세한 내용은 정책브리핑 누리집에서 확인할 수 있습니다.",
        "해양수산부의 공식 정책 브리핑도 참고하시기 바랍니다.",
        "사진은 해양수산부 제공입니다.",
    ],
)
def test_a_place_to_look_at_is_no_origin(line: str) -> None:
    assert told(line).origin_name is None


def test_an_origin_may_stand_under_its_heading() -> None:
    blocks = [
        *blocks_of_text(BODY),
        Paragraph("자료 출처", "heading", 3),
        Paragraph("정책브리핑 누리집 참고"),
    ]
    assert source_of(blocks).origin_name == "정책브리핑"


def test_an_address_may_stand_in_the_link_only() -> None:
    found = told("출처: 정책브리핑", Link("https://https://www.korea.kr", "정책브리핑"))
    assert found.origin_url == "https://www.korea.kr"


def test_a_link_to_the_retelling_is_no_address_of_the_origin() -> None:
    assert told("기사 출처: 정책브리핑", Link(URL, "정책브리핑")).origin_url is None


def test_a_column_of_sources_does_not_take_its_neighbours_head() -> None:
    table = table_of([["자료출처", "문의처"], ["뉴스다오", "해양수산부 연안해운과 (044-000-0000)"]])
    assert source_of([*blocks_of_text(BODY), table]).origin_name is None


@pytest.mark.parametrize(
    ("line", "writer"),
    [
        ("기사작성 : 관리자", "관리자"),
        ("기사 작성: 관리자 | 뉴스다오", "관리자"),
        ("(기사작성: 관리자)", "관리자"),
        ("기사 작성은 관리자에 의해 이루어졌습니다.", "관리자"),
        ("기사작성 : 관리자가 수고하셨습니다.", "관리자"),
        ("기사 작성: 나한결 기자", "나한결 기자"),
        ("기사작성: 뉴스다오 - 섬마을 소식", "뉴스다오"),
        ("총괄 재난 관리자가 현장을 살핍니다.", None),
        ("기사 작성 및 정책 정보는 아래에서 제공합니다.", None),
        ("기사 작성 출처: 뉴스다오", None),
    ],
)
def test_the_writer_is_what_the_line_says(line: str, writer: str | None) -> None:
    assert told(line).writer == writer


def test_a_table_may_name_the_writer() -> None:
    assert source_of([table_of([["기사 작성자", "관리자"]])]).writer == "관리자"
    assert source_of([table_of([["자료출처", "기사 작성자"], ["정책브리핑", "관리자"]])]).writer == "관리자"


def test_the_licence_is_kept_as_written() -> None:
    licence = (
        "정책브리핑의 정책뉴스자료는 「공공누리 제1유형:출처표시」의 조건에 따라 자유롭게 이용이 가능합니다. "
        "다만, 사진의 경우 제3자에게 저작권이 있으므로 사용할 수 없습니다."
    )
    assert told(f"이용은 무료입니다. {licence} 문의는 아래로 바랍니다.").licence == licence


def test_an_article_of_the_site_itself_needs_no_source_link() -> None:
    raw = RawArticle("newsdao.kr", "article", "3210", URL, TITLE, "t/1", "t")
    tail = f"<자료출처=정책브리핑 https://www.korea.kr>기사작성 : 관리자{TITLE} | 뉴스다오  : {URL}"
    found = find_source(blocks_of_text(BODY + tail), (), raw)
    assert (found.source_title, found.source_url) == (None, None)
    assert (found.original_title, found.writer) == (TITLE, "관리자")


def test_a_press_release_that_repeats_its_title_retells_nothing() -> None:
    raw = RawArticle("korea.kr", "press", "1", "https://www.korea.kr/x", TITLE, "t/1", "t")
    assert find_source(blocks_of_text(f"{BODY}{TITLE}"), (), raw) == Source()


@pytest.mark.parametrize(
    "mark", ["정책브리핑의 자료", "기사작성 : ", "출처는 ", "| 뉴스다오", "https://", " ", "공공누리"]
)
def test_a_page_of_nothing_but_marks_is_read_at_once(mark: str) -> None:
    start = time.process_time()
    told(mark * 20000)
    source_of([table_of([[mark] * 10] * 500)])
    assert time.process_time() - start < 1


LINES = st.lists(
    st.text(max_size=60) | st.sampled_from([TITLE, "| 뉴스다오", "출처: 정책브리핑", "기사작성 : "]),
    max_size=12,
)


@given(LINES)
def test_what_is_found_was_written(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = source_of(blocks_of_text(text))
    letters = "".join(text.split())
    for value in (found.original_title, found.writer, found.licence):
        assert value is None or "".join(value.split()) in letters
    assert found.origin_url is None or "korea.kr" in letters.lower()


def posts(shared: Path, names: set[str]) -> dict[str, JekyllPage]:
    pages = {}
    with tarfile.open(shared / "corpus" / "posts.tar.xz") as archive:
        for member in archive:
            name = member.name.rsplit("/", 1)[-1]
            if name in names and (file := archive.extractfile(member)):
                response = HttpResponse(url=f"file:///{name}", body=file.read(), encoding="utf-8")
                pages[name] = JekyllPage(response=response)
    return pages


def squeezed(value: str | None) -> str:
    return "".join((value or "").rstrip("/").split())


def test_labelled_posts_are_read_as_labelled(shared: Path) -> None:
    lines = (shared / "corpus" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    labels = {row["file"]: row for row in map(json.loads, lines) if row["origin_evidence"] != "pointer"}
    right = dict.fromkeys(FIELDS, 0)
    for name, page in posts(shared, set(labels)).items():
        raw = page.raw()
        cleaned = clean_html(raw.body_html, raw.canonical_url)
        found = find_source(cleaned.blocks, cleaned.links, raw)
        for field in FIELDS:
            right[field] += squeezed(getattr(found, field)) == squeezed(labels[name][field])
    assert {field: count for field, count in right.items() if count < FLOOR * len(labels)} == {}
