"""Maintenance notices, which replace an article's text while a site is out of service."""

from __future__ import annotations

import re

from archive.text.normalize import visible_text

LONGEST = 400  # characters; an article that speaks of maintenance says more, or names it in its headline
_NOTICE = re.compile(
    r"점검\s?(?:중|작업)|(?:시스템|서버|서비스|홈페이지|누리집|사이트)[^.]{0,20}(?:중단|장애|중지|점검)"
    r"|(?:접속|이용|서비스)[이가을를에 ][^.]{0,15}(?:지연|제한|불편|원활)|복구\s?(?:중|작업)"
    r"|일시적(?:인|으로)[^.]{0,20}(?:오류|장애|이용|접속)"
    r"|under maintenance|scheduled maintenance|temporarily unavailable|service unavailable",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(  # to whoever reads the page now, as no press release does
    r"잠시\s?(?:후|뒤)|나중에\s?다시|다시\s?(?:이용|시도|접속)|불편을|양해|점검\s?중(?:입니다|이오니|이므로)"
    r"|(?:중단|제한)(?:됩니다|되었습니다|하고\s?있습니다|되고\s?있습니다)|복구\s?중(?:입니다|이오니)"
    r"|maintenance|unavailable|try again",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"점검|장애|중단|중지|복구|제한|불편|maintenance|unavailable", re.IGNORECASE)


def is_notice(text: str, title: str) -> bool:
    """Return whether a text is only a maintenance notice; an article about maintenance is none."""
    said = visible_text(text)
    if len(said) > LONGEST or _SUBJECT.search(title):
        return False
    return _NOTICE.search(said) is not None and _ADDRESSED.search(said) is not None
