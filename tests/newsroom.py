"""A small archive in which everything happened once, made up by us: for search, export and queries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archive.records import Attachment, Contact, Organization, Relation
from tests.archives import BODY, open_desk, press_release, with_body

if TYPE_CHECKING:
    from pathlib import Path

    from archive.records import Article
    from tests.archives import Desk

ASKED = {  # values for the parameters of the research questions that find something here
    "search": {"query": "여객선 점검"},
    "attention": {"query": "폭염"},
    "voices": {"query": "점검"},
    "whom_to_ask": {"query": "여객선"},
    "whose_number": {"number": "044-200-0001"},
    "units_of_a_ministry": {"ministry": "해양안전부"},
    "silent_changes": {"words": "120척"},
    "provenance": {"article": "1"},
}
MINISTRIES = (
    Organization("sea", "해양안전부", "Ministry of Maritime Safety"),
    Organization("sky", "기상재난청", "Weather Hazard Agency", parent="sea"),
)

HEAT = (
    "기상재난청은 폭염 대책을 내놓았다. 온실 가스 감축 목표를 2,000만 톤으로 정했고, 의대 증원과는\n"
    "무관하다.\n"
    "AI는 예보에 쓰인다. 美 기상당국과 R&D 협력을 넓힌다. 무더위쉼터 문의는 044-200-0002.\n"
    "햇쌀 수확이 30% 늘었다. 한·중·일이 모인다."
)
HEAT_CONTACT = Contact(
    organization="기상재난청",
    department="폭염대응과",
    role="담당자",
    person="이여름",
    rank="주무관",
    phones=("044-200-0002",),
    evidence="무더위쉼터 문의는 044-200-0002",
)


def of_ministry(article: Article) -> Article:
    """Add the printed ministry to the contacts of an article."""
    keys = {"기상재난청": "sky", "해양안전부": "sea"}
    contacts = (
        replace(one, organization_key=keys[one.organization or ""], organization_by="printed")
        for one in article.contacts
    )
    return replace(article, contacts=tuple(contacts))


def build(path: Path) -> Desk:
    """Fill an archive and give it, open for writing; the caller closes it.

    Articles by id: 1 edited, 2 re-issued as 5, 3 heat (minute known, retold by 4, issued jointly with 6),
    4 newsdao, 5 the re-issue, 6 the joint twin, 7 deleted, 8 a denial.
    """
    desk = open_desk(path)
    store = desk.store
    store.seed_organizations(MINISTRIES)
    store.begin_run("crawl", {"since": "2026-07-01"})
    first = replace(press_release(1), organization_key="sea")
    heat = replace(
        with_body(press_release(3), HEAT),
        title="폭염 대책 발표",
        subtitle=None,
        section="policy",
        published_at="2026-07-10T11:30:00+09:00",
        published_precision="minute",
        organization="기상재난청",
        organization_key="sky",
        contacts=(HEAT_CONTACT,),
        attachments=(
            Attachment("156700003a", "통계.xlsx", "https://www.korea.kr/f?fileId=a", "xlsx", "unsupported"),
            Attachment(
                "156700003b",
                "붙임.pdf",
                "https://www.korea.kr/f?fileId=b",
                "pdf",
                "text",
                text="무더위쉼터 목록 ㉮",
            ),
        ),
    )
    articles = (
        first,
        replace(press_release(2), title="등대 점검 결과", organization_key="sea"),
        heat,
        replace(
            with_body(heat, "기상재난청이 폭염에 맞선다. =SUM(1) 출처는 정책브리핑."),
            site="newsdao.kr",
            section="article",
            native_id="4001",
            canonical_url="https://newsdao.kr/4001",
            title="=폭염, 이렇게 이긴다",
            published_at="2026-07-12",
            published_precision="day",
            contacts=(),
            attachments=(),
        ),
        replace(press_release(5), title="등대 점검 결과", organization_key="sea"),
        replace(heat, native_id="156700006", organization="해양안전부", organization_key="sea", contacts=()),
        replace(press_release(7), published_at="2026-07-13"),
        replace(
            with_body(press_release(8), "여객선 요금이 오른다는 보도는 사실과 다릅니다."),
            section="actually",
            title="여객선 요금 인상 보도는 사실이 아닙니다",
            contacts=(
                Contact(
                    organization="해양안전부",
                    department="요금과",
                    phones=("044-200-0001",),
                    evidence="요금과",
                ),
            ),
            attachments=(),
        ),
    )
    for article in articles:
        desk.visit(of_ministry(article))
    desk.list_day(first, articles[1], articles[6], total=4)
    store.close_listings()
    store.end_run("finished", 0, 12)

    desk.clock.time = "2026-07-16T09:00:00+09:00"
    store.begin_run("crawl", {})
    edited = with_body(first, BODY.replace("120척", "130척"))
    desk.visit(of_ministry(replace(edited, title="연안 여객선 안전 점검 시작(정정)")))
    store.supersede(2, 5, 1.0, "same title, ministry and date")
    gone = desk.capture("삭제된 게시물입니다.", articles[6].canonical_url, status=410)
    store.record_missing("korea.kr", "press", articles[6].native_id, gone, "410")
    store.relate(
        [Relation("retells", 4, 3, 0.97, "title and numbers"), Relation("joint", 3, 6, 1.0, "same text")]
    )
    store.end_run("finished", 0, 4)
    return desk
