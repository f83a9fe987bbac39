"""Decide whether a number is offered to readers, and whether a plain noun before it names who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contacts.find import lexicon
from pipelines.contacts.gazetteer import pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.contacts.find.heads import Head
    from pipelines.contacts.find.layout import Point

_MEASURE = pattern("measure_taken")
_SENT_BY_NET = pattern("sent_by_net")
_SAMPLE = pattern("sample_announced")
_OPENING_QUOTES = '"“'
_MESSAGE_REACH = 200
_OF_SERVICE = pattern("names_service")
_SENT_AFTER = pattern("sent_to_after_number")
_NAMED_TOPIC = pattern("named_topic")


def is_no_offer(text: str, group: Sequence[Point], above: str) -> bool:
    """Return whether numbers are only mentioned: a policy described, a sample message quoted.

    Args:
        text: the line that contains them.
        group: the numbers.
        above: the end of the line above, which may announce a sample.
    """
    before = text[max(0, group[0].start - _MESSAGE_REACH) : group[0].start]
    opened = max(before.rfind(mark) for mark in _OPENING_QUOTES)
    closed = before.rfind("”") > opened or before.count('"') % 2 == 0
    sample = _SAMPLE.search(before[: max(opened, 0)]) or _SAMPLE.search(above)
    return bool(
        _MEASURE.match(text, group[-1].end)
        or _SENT_BY_NET.search(before)
        or (opened >= 0 and not closed and sample)
    )


def signs_of(head: Head, before: str, after: str) -> tuple[str, ...]:
    """Return the evidence that a plain noun names who answers."""
    if any(test(head.path[0]) for test in (lexicon.is_agency, lexicon.is_company, lexicon.is_municipality)):
        return ()
    signs = {
        "several_words": len(head.path) > 1,
        "service": any(_OF_SERVICE.search(word) or lexicon.is_company(word) for word in head.path),
        "sent_after": bool(_SENT_AFTER.match(after)),
        "named_topic": bool(_NAMED_TOPIC.match(before, head.stop)),
        "cell": "\t" in before or "\t" in after,
    }
    return ("noun", *(sign for sign, holds in signs.items() if holds))
