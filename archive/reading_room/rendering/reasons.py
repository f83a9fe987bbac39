"""Reasons for incomplete days, failures and files without text, in the reader's language.

The archive records them as English sentences. Pages show the Korean sentence, or its English from the
catalogue; for an unknown reason they show :data:`OTHER`.
"""

from __future__ import annotations

import re

FILE_STATES = {
    "listed": "아직 받지 않음",
    "stored": "보관함",
    "encrypted": "암호가 걸려 읽지 못함",
    "corrupt": "손상되어 읽지 못함",
    "unsupported": "글로 읽을 수 없는 형식",
    "too_big": "너무 커서 읽지 않음",
    "timeout": "읽는 데 너무 오래 걸려 멈춤",
    "missing": "사이트에 파일이 없음",
    "failed": "받지 못함",
}
"""States of an attachment without text, in Korean."""

FAILURES = {
    "timeout": "제때 답이 오지 않음",
    "reset": "연결이 끊어짐",
    "connect": "연결이 거부됨",
    "dns": "서버 이름을 찾지 못함",
    "tls": "보안 연결이 되지 않음",
    "certificate": "인증서를 믿을 수 없음",
    "truncated": "답이 중간에 끊어짐",
    "too_big": "허용한 것보다 큰 답",
    "blocked": "사이트가 막음",
    "robots": "robots.txt가 허용하지 않음",
    "off_site": "다른 사이트로 이어짐",
    "redirects": "너무 많이 옮겨 다님",
    "layout": "페이지 모양을 알아보지 못함",
    "document": "문서를 읽지 못함",
    "endless": "목록이 끝나지 않음",
    "implausible": "믿기 어려운 변경이라 확인을 기다림",
    "silent_list": "까닭 없이 빈 목록",
    "exceeded": "정한 한도를 넘음",
    "error": "처리하다 오류가 남",
    "refused": "요청을 보내지 않음",
    "headers": "답의 머리글이 끝나지 않음",
    "encoding": "답의 압축을 풀지 못함",
}
"""Kinds of failures, in Korean."""

OTHER = "그 밖의 까닭(기록에는 남아 있음)"

ANSWERED = "서버가 {status}(으)로 답함"

_REASONS = tuple(
    (re.compile(english), korean)
    for english, korean in (
        (r"never listed", "목록을 확인하지 않음"),
        (r"the list was not read whole", "목록을 끝까지 읽지 못함"),
        (
            r"the site counts (?P<total>\d+), its list shows (?P<found>\d+)",
            "사이트는 {total}건이라 하고 목록에는 {found}건이 있음",
        ),
        (r"(?P<n>\d+) not fetched yet", "{n}건을 아직 받지 않음"),
        (r"(?P<n>\d+) failed, recorded for the next run", "{n}건을 받지 못함(다음 수집에서 다시 시도)"),
        (
            r"the list is empty, while (?P<n>\d+) articles of that day are held",
            "목록은 비었는데 그날 기사 {n}건을 보관하고 있음",
        ),
        (
            r"the list is empty, and no other shows that the site's lists can be believed",
            "목록이 비었고, 사이트의 목록을 믿을 근거가 없음",
        ),
        (
            r"the list is empty, though (?P<n>\d+) such weekdays before it were not",
            "목록이 비었는데 앞선 같은 요일 {n}번은 비지 않았음",
        ),
        (r"the list has more than (?P<n>\d+) pages", "목록이 {n}쪽을 넘음"),
        (r"the sitemap could not be read whole", "사이트맵을 끝까지 읽지 못함"),
        (r"no whole answer before the deadline", FAILURES["timeout"]),
        (r"the answer ended early", FAILURES["truncated"]),
        (r"the answer is larger than allowed", FAILURES["too_big"]),
        (r"the answer is not compressed as it says", FAILURES["encoding"]),
        (r"the connection was refused", FAILURES["connect"]),
        (r"the connection was closed", FAILURES["reset"]),
        (r"the name of the host is not known", FAILURES["dns"]),
        (r"no secure connection could be made", FAILURES["tls"]),
        (r"its certificate is not trusted for this name", FAILURES["certificate"]),
        (r"(?:the answer was|\S+ answered|http_?) ?(?P<status>\d{3})", ANSWERED),
    )
)


def reason(text: str) -> tuple[str, dict[str, str]] | None:
    """Return the Korean sentence of a gap's reason with its values; None for an unknown reason."""
    for english, korean in _REASONS:
        if found := english.fullmatch(text):
            return korean, found.groupdict()
    return None


def failure(kind: str) -> tuple[str, dict[str, str]]:
    """Return the Korean sentence of a kind of failure with its values."""
    if answered := re.fullmatch(r"http_(?P<status>\d{3})", kind):
        return ANSWERED, answered.groupdict()
    return FAILURES.get(kind, OTHER), {}


SENTENCES = (*FILE_STATES.values(), *FAILURES.values(), *(korean for _, korean in _REASONS), OTHER, ANSWERED)
"""Every sentence, for the catalogue."""
