"""What several texts of one article say of the same contact."""

from __future__ import annotations

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
