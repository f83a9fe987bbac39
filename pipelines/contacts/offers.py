"""Tell whether a number is offered, and whether a mere noun before it names who answers there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.contacts import lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.contacts.heads import Head
    from pipelines.contacts.layout import Point

#: A centre told of as a measure taken: '신고센터(☎118) 운영 등'.
_MEASURE = re.compile(
    r"\)?['’”]?\s?(?:를|을)?\s?(?:설치|운영|개설|가동|구축|신설)(?:·(?:설치|운영|개설|가동))?(?:하는|한)?\s등(?![록급])"
)
#: What a message sent from abroad or by a site begins with.
_SENT_BY_NET = re.compile(r"\[(?:국제|국외|Web|WEB|웹)\s?발신\]")
_SAMPLE = re.compile(r"문자|메시지|스미싱|피싱|사칭|미끼|예시")
_OPENING_QUOTES = '"“'
_MESSAGE_REACH = 200
#: Nouns that name a service or a place where one asks.
_OF_SERVICE = re.compile(
    r"(?:시스템|플랫폼|포털|서비스|센터|전화|콜|창구|데스크|은행|카드|보험|상담실|체험관|마을|농장|호텔|극장|\))$"
)
_SENT_AFTER = re.compile(
    r"\)?\s?(?:번)?(?:으로|로|에|에게|이나|또는)\s?(?:[가-힣]{1,5}\s){0,2}(?:문의|연락|신청|상담|예약|접수)"
)
_NAMED_TOPIC = re.compile(r"[은는]\s")


def is_no_offer(text: str, group: Sequence[Point], above: str) -> bool:
    """Tell whether numbers are only spoken of: a measure told, a message quoted as a sample.

    Args:
        text: the line that holds them.
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
    """Tell what speaks for a mere noun as the name of who answers, and that it is one."""
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
