"""From what a page says to what it means: which text is the body, and whose contacts are whose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.records import Attachment, ListItem, RawArticle
from pipelines.blocks import Block, Paragraph, blocks_of_text, table_of, text_of
from pipelines.build import PIPELINES_VERSION, build_article, is_boilerplate
from pipelines.observation import Observation

RAW = RawArticle(
    site="korea.kr",
    section="press",
    native_id="156700001",
    canonical_url="https://www.korea.kr/briefing/pressReleaseView.do?newsId=156700001",
    title="연안 여객선 안전 점검 시작",
    parser="PressReleasePage/1",
    layout="korea_kr/detail-2026",
    published=("2026-07-14T09:05:00+09:00", "2026.07.14"),
    organization="해양수산부",
    organization_code="A00030",
)
INLINE = "<p>해양수산부는 14일 연안 여객선 안전 점검을 시작한다고 밝혔다.</p>" * 4
RELEASE = (
    Paragraph("해양수산부는 연안 여객선 120척의 안전을 점검한다."),
    table_of([["담당 부서", "해운정책과", "책임자", "과 장", "김바다 (044-200-5710)"]]),
)
LEAD = "해양수산부는 연안 여객선의 안전을 점검한다.이번 점검은 8월까지 이어진다."
SAYS_NOTHING = f"{RAW.title} 관련 보도자료 내용입니다. 자세한 내용은 첨부파일을 참고하시기 바랍니다."


def listed(lead: str, *, is_full: bool = True) -> ListItem:
    """Make an item of a list that shows a lead, whole or cut."""
    return ListItem("156700001", RAW.title, "press", lead=lead, lead_is_full=is_full)


WHOLE = listed(LEAD)


def file(
    file_id: str, name: str, blocks: tuple[Block, ...] = RELEASE
) -> tuple[Attachment, tuple[Block, ...]]:
    """Make a fetched file."""
    suffix = name.rpartition(".")[2]
    return Attachment(file_id, name, "", format=suffix, state="text"), blocks


APPENDIX = file("1", "붙임 1. 명단.hwpx", blocks_of_text("명단이다."))


def test_inline_text_is_the_body() -> None:
    article = build_article(
        Observation(
            replace(RAW, body_html=INLINE),
            files=[file("1", "보도자료.hwpx")],
            listed=listed(LEAD, is_full=False),
        )
    )
    assert article.body_source == "inline"
    assert article.body.html.startswith("<p>해양수산부는 14일")


def test_the_release_itself_is_the_body_of_a_viewer_shell() -> None:
    files = [
        file("1", "붙임 1. 명단.hwpx", blocks_of_text("명단이다.")),
        file("2", "보도자료.pdf"),
        file("3", "보도자료.hwpx"),
    ]
    article = build_article(
        Observation(RAW, files=files, viewer_blocks=blocks_of_text("보기 글"), listed=WHOLE)
    )
    assert article.body_source == "attachment"
    assert article.body.text == text_of(RELEASE)
    assert article.body.markdown.endswith(
        "| 담당 부서 | 해운정책과 | 책임자 | 과 장 | 김바다 (044-200-5710) |"
    )


def test_an_appendix_is_no_body() -> None:
    files = [APPENDIX]
    assert build_article(Observation(RAW, files=files)).body_source == "none"
    assert build_article(Observation(RAW, files=files, listed=WHOLE)).body_source == "lead"


def test_a_few_words_inline_give_way_to_a_fuller_text() -> None:
    raw = replace(RAW, body_html="<p>사진 설명</p>")
    assert build_article(Observation(raw, files=[file("1", "보도자료.hwpx")])).body_source == "attachment"
    assert build_article(Observation(raw)).body_source == "inline"


@pytest.mark.parametrize("lead", [SAYS_NOTHING, RAW.title, f"  {RAW.title}\n"])
def test_words_that_say_nothing_are_no_body(lead: str) -> None:
    assert is_boilerplate(lead, RAW.title)
    assert build_article(Observation(RAW, listed=listed(lead))).body_source == "none"
    assert build_article(Observation(replace(RAW, body_html=f"<p>{lead}</p>"))).body_source == "none"


def test_a_cut_lead_is_no_body() -> None:
    article = build_article(Observation(RAW, listed=listed(LEAD + "...", is_full=False)))
    assert (article.body_source, article.body_texts) == ("none", ())


def test_every_text_read_is_told_with_its_source() -> None:
    article = build_article(
        Observation(
            replace(RAW, body_html=INLINE),
            files=[file("1", "보도자료.hwpx")],
            viewer_blocks=blocks_of_text("보기 글"),
            listed=WHOLE,
        )
    )
    assert [source for source, _ in article.body_texts] == ["inline", "attachment", "viewer", "lead"]
    assert dict(article.body_texts)["attachment"] == text_of(RELEASE)


def test_contacts_of_files_name_their_file_and_twins_count_once() -> None:
    files = [file("2", "보도자료.pdf"), file("3", "보도자료.hwpx")]
    raw = replace(RAW, attachments=tuple(attachment for attachment, _ in files))
    article = build_article(Observation(raw, files=files))
    assert [(contact.person, contact.attachment) for contact in article.contacts] == [("김바다", "3")]
    assert [attachment.twin_of for attachment in article.attachments] == ["3", None]


def test_a_contact_in_body_and_file_is_one() -> None:
    raw = replace(RAW, body_html=INLINE + "<p>문의 : 해양수산부 해운정책과 김바다 과장(044-200-5710)</p>")
    (contact,) = build_article(Observation(raw, files=[file("1", "보도자료.hwpx")])).contacts
    assert (contact.person, contact.phones, contact.attachment) == ("김바다", ("044-200-5710",), None)


def test_files_stand_where_the_page_lists_them_with_their_text() -> None:
    listed = (Attachment("1", "사진.jpg", "", format="jpg"), Attachment("2", "보도자료.hwpx", ""))
    article = build_article(Observation(replace(RAW, attachments=listed), files=[file("2", "보도자료.hwpx")]))
    assert [attachment.text for attachment in article.attachments] == [None, text_of(RELEASE)]
    assert [attachment.state for attachment in article.attachments] == ["listed", "text"]


def test_dates_organization_and_parser_are_told() -> None:
    article = build_article(Observation(RAW))
    assert article.published_at == "2026-07-14T09:05:00+09:00"
    assert (article.published_precision, article.published_raw) == ("minute", RAW.published[0])
    assert article.organization == "해양수산부"
    assert article.organization_key
    assert article.parser == f"PressReleasePage/1+{PIPELINES_VERSION}"


def test_each_contact_tells_its_ministry_and_whether_the_text_names_it() -> None:
    text = (
        INLINE
        + "<p>문의 : 해운정책과 김바다 과장(044-200-5710), 환경부 물환경과 이강물 과장(044-201-7001)</p>"
    )
    own, other = build_article(Observation(replace(RAW, body_html=text))).contacts
    assert (own.organization_key, own.organization_by) == (
        build_article(Observation(RAW)).organization_key,
        "published",
    )
    assert (other.organization, other.organization_by) == ("환경부", "printed")
    assert other.organization_key


def test_a_contact_of_nobody_known_has_no_ministry() -> None:
    raw = replace(
        RAW,
        organization=None,
        organization_code=None,
        body_html="<p>문의 : 홍보팀 김바다 팀장(02-123-4567)</p>",
    )
    (contact,) = build_article(Observation(raw)).contacts
    assert (contact.organization_key, contact.organization_by) == (None, None)
