"""What several texts of one article say of the same contact."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from archive.records import Contact
from pipelines.contacts.reconcile import reconcile

PROSE = Contact(
    organization="해양안전부", phones=("044-200-0001",), evidence="해양안전부(…", owner_by="scope", score=0.75
)
TABLE = Contact(
    organization="해양안전부",
    department="해운정책과",
    phones=("044-200-0001",),
    attachment="1",
    owner_by="grid",
    score=0.99,
)


def test_the_owner_of_a_table_wins_over_that_of_prose() -> None:
    (one,) = reconcile([PROSE, TABLE])
    assert (one.department, one.owner_by, one.score) == ("해운정책과", "grid", 0.99)
    assert (one.evidence, one.attachment) == (PROSE.evidence, None)


def test_what_is_known_in_prose_stays_where_the_other_text_names_nobody() -> None:
    bare = Contact(phones=("044-200-0001",), attachment="1", owner_by="none", score=0.9)
    (one,) = reconcile([PROSE, bare])
    assert (one.organization, one.owner_by) == ("해양안전부", "scope")
    (one,) = reconcile([bare, PROSE])
    assert (one.organization, one.owner_by) == ("해양안전부", "scope")


def test_contacts_of_one_text_stay_apart() -> None:
    assert len(reconcile([PROSE, PROSE])) == 2


def test_a_person_of_two_texts_is_one_with_every_number() -> None:
    first = Contact(person="한바다", phones=("044-200-0001",))
    second = Contact(person="한바다", rank="사무관", phones=("044-200-0001", "044-200-0002"), attachment="1")
    (one,) = reconcile([first, second])
    assert (one.rank, one.phones) == ("사무관", ("044-200-0001", "044-200-0002"))


def test_many_contacts_are_brought_together_in_order() -> None:
    people = [Contact(person=f"가{chr(0xAC00 + n)}나", phones=(f"044-200-{n:04d}",)) for n in range(3_000)]
    again = [Contact(person=one.person, phones=one.phones, attachment="1") for one in people]
    assert reconcile([*people, *again]) == tuple(people)


def test_a_unit_named_shorter_in_the_other_text_is_the_same() -> None:
    body = Contact(department="해운정책과", role="문의", owner_by="printed", score=0.98)
    (one,) = reconcile([body, TABLE])
    assert (one.organization, one.department, one.role) == ("해양안전부", "해운정책과", "문의")
    assert one.phones == TABLE.phones


def test_a_third_text_brings_together_what_two_said_apart() -> None:
    first = Contact(organization="해양안전부", phones=("044-200-0001",), owner_by="printed", score=0.9)
    second = replace(first, phones=("044-200-0002",), organization="가나해운", attachment="1")
    third = replace(first, phones=("044-200-0001", "044-200-0002"), attachment="2")
    (one,) = reconcile([first, second, third])
    assert one.phones == ("044-200-0001", "044-200-0002")


def test_two_of_one_text_stay_apart_though_another_text_names_both_numbers_together() -> None:
    first = Contact(organization="해양안전부", phones=("044-200-0001",), owner_by="printed", score=0.9)
    second = replace(first, phones=("044-200-0002",), organization="가나해운")
    both = replace(first, phones=("044-200-0001", "044-200-0002"), attachment="1")
    assert [one.organization for one in reconcile([first, second, both])] == ["해양안전부", "가나해운"]


@given(st.permutations(range(6)))
def test_what_is_one_contact_does_not_depend_on_the_order_of_the_texts(order: list[int]) -> None:
    texts = [Contact(phones=(f"044-200-000{n}", f"044-200-000{n + 1}"), attachment=str(n)) for n in range(6)]
    (one,) = reconcile(texts[place] for place in order)
    assert sorted(one.phones) == [f"044-200-000{n}" for n in range(7)]
