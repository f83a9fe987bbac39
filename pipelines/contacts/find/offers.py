"""Decide whether a number is offered to readers, and whether a plain noun before it names who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contacts.find import lexicon
from pipelines.contacts.gazetteer import patterns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.contacts.find.heads import Head
    from pipelines.contacts.find.layout import Point

_OPENING_QUOTES = '"“'
_MESSAGE_REACH = 200


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
    sample = patterns.sample_announced.search(before[: max(opened, 0)]) or patterns.sample_announced.search(
        above
    )
    return bool(
        patterns.measure_taken.match(text, group[-1].end)
        or patterns.sent_by_net.search(before)
        or (opened >= 0 and not closed and sample)
    )


def signs_of(head: Head, before: str, after: str) -> tuple[str, ...]:
    """Return the evidence that a plain noun names who answers."""
    if any(test(head.path[0]) for test in (lexicon.is_agency, lexicon.is_company, lexicon.is_municipality)):
        return ()
    signs = {
        "several_words": len(head.path) > 1,
        "service": any(patterns.names_service.search(word) or lexicon.is_company(word) for word in head.path),
        "sent_after": bool(patterns.sent_to_after_number.match(after)),
        "named_topic": bool(patterns.named_topic.match(before, head.stop)),
        "cell": "\t" in before or "\t" in after,
    }
    return ("noun", *(sign for sign, holds in signs.items() if holds))
