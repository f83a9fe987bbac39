"""Contacts: addresses, links, furniture, and what the record of one holds (names and numbers invented)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.records import Contact, Link
from pipelines.blocks import Paragraph, blocks_of_text, table_of, text_of
from pipelines.contacts import find_contacts
from tests.offered import RESPONSIBLE, units


def test_an_address_belongs_to_the_unit_beside_it_and_placeholders_are_none() -> None:
    (contact,) = find_contacts(blocks_of_text("의견은 산업부 가나정책과(Hong@Korea.KR)로 제출할 수 있다."))
    assert (contact.organization, contact.department, contact.emails) == (
        "산업부",
        "가나정책과",
        ("Hong@korea.kr",),
    )
    assert find_contacts(blocks_of_text("문의: [email\u00a0protected]")) == ()


def test_the_number_of_a_tel_link_belongs_to_its_words() -> None:
    words = "과학기술정보통신부 국제협력담당관에게 문의"
    (contact,) = find_contacts(
        [Paragraph(f"자세한 사항은 {words}하시기 바랍니다.")], [Link("tel:044-202-9331", words)]
    )
    assert (contact.organization, contact.department, contact.phones) == (
        "과학기술정보통신부",
        "국제협력담당관",
        ("044-202-9331",),
    )


def test_the_portal_s_own_licence_box_offers_nobody() -> None:
    text = "정책브리핑 공공누리 담당자 안내\n문의 : 문화체육관광부 정책포털과\n044-203-9052\n저작권법"
    assert units(text) == []


def test_evidence_stands_where_the_position_says() -> None:
    blocks = [
        Paragraph("앞 문단"),
        *blocks_of_text("문의 : 가나부 다라과 홍가람(０４４－２０１－９００１)"),
        *blocks_of_text(RESPONSIBLE),
    ]
    text = text_of(blocks)
    found = find_contacts(blocks)
    assert len(found) == 4
    for contact in found:
        assert text[contact.position :].startswith(contact.evidence)
        assert contact.evidence
    assert "０４４" in found[0].evidence


def test_the_same_blocks_give_the_same_contacts() -> None:
    blocks = blocks_of_text(RESPONSIBLE)
    assert find_contacts(blocks) == find_contacts(blocks)


pieces = st.sampled_from(
    [
        "문의",
        "담당 부서",
        "책임자",
        "과 장",
        "홍가람",
        "(044-201-9001)",
        ":",
        "(",
        ")",
        ",",
        "기획재정부",
        "가나과",
        "에 문의하면 된다.",
        "☎",
        "<총괄>",
    ]
)


@given(st.lists(st.lists(pieces, max_size=6).map(" ".join), max_size=12))
def test_any_order_of_words_gives_contacts_with_true_evidence(lines: list[str]) -> None:
    blocks = [Paragraph(line) for line in lines]
    text = text_of(blocks)
    for contact in find_contacts(blocks):
        assert isinstance(contact, Contact)
        assert contact.evidence in text
        assert set(contact.phones) <= {"044-201-9001"}


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    find_contacts([Paragraph(text), table_of([(text, "담당자"), ("가나과", text)])])
