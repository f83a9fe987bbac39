"""Odd behaviours of a server at one page, one file or one list, each by name with what it answers."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING, NamedTuple

from tests.unruly import CUT, RESET, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

HTML = (("Content-Type", "text/html;charset=UTF-8"),)
BOARD = "<html><head><title>안내</title></head><body><p>{}</p></body></html>"
DOWN = "시스템 점검 중입니다. 이용에 불편을 드려 죄송합니다."
ALERT = "<html><script>alert('삭제된 게시물입니다.');history.back();</script></html>"
LOGIN = "<html><head><title>로그인</title></head><body><form><input name='id'></form></body></html>"
CHALLENGE = "<html><head><title>Just a moment...</title></head><body>Enable JavaScript</body></html>"


class Odd(NamedTuple):
    """One behaviour.

    Attributes:
        answer: from the healthy page and the number of the try, counted from 0; None for the healthy one.
        kind: of the failure that is recorded for it; None where it does no harm.
        known: the same, at an article that the archive has already; that of ``kind`` where not given.
    """

    answer: Callable[[bytes, int], Reply | None]
    kind: str | None = None
    known: str | None = ""

    def failures(self, before: str) -> set[str]:
        """Return the kinds of failures to expect at an article that was known or is new."""
        kind = self.known if before == "known" and self.known != "" else self.kind
        return {kind} if kind else set()


def always(status: int, body: str | bytes = b"", *headers: tuple[str, str]) -> Callable[[bytes, int], Reply]:
    """Answer the same at every try."""
    content = body.encode() if isinstance(body, str) else body
    return lambda page, number: Reply(status, content, HTML + headers)


def once(status: int, *headers: tuple[str, str]) -> Callable[[bytes, int], Reply | None]:
    """Answer so at the first try, and then as a healthy server."""
    return lambda page, number: None if number else Reply(status, b"", HTML + headers)


def changed(change: Callable[[bytes], bytes], *headers: tuple[str, str]) -> Callable[[bytes, int], Reply]:
    """Answer with the healthy page, its bytes changed."""
    return lambda page, number: Reply(200, change(page), headers or HTML)


def replaced(pattern: str, by: str) -> Callable[[bytes, int], Reply]:
    """Answer with the healthy page, part of its text replaced."""
    return changed(lambda page: re.sub(pattern, by, page.decode(), flags=re.S).encode())


ENCODED = ("Content-Encoding", "gzip")
PAGES = {
    # status
    "500 always": Odd(always(500, "oops"), "http_500"),
    "502 once": Odd(once(502)),
    "503 once": Odd(once(503)),
    "504 once": Odd(once(504)),
    "408 once": Odd(once(408)),
    "204": Odd(always(204), "http_204"),
    "206": Odd(lambda page, _: Reply(206, page[: len(page) // 2], HTML), "http_206"),
    "304 unasked": Odd(always(304), "http_304", known=None),
    "400": Odd(always(400, "bad"), "http_400"),
    "403 once in a while": Odd(always(403, "no"), "http_403"),
    "418": Odd(always(418, "teapot"), "http_418"),
    "451": Odd(always(451, "law"), "http_451"),
    "777": Odd(always(777, "what"), "http_777"),
    # connection
    "reset once": Odd(once(RESET)),
    "cut once": Odd(lambda page, number: None if number else Reply(CUT, page, HTML)),
    "cut always": Odd(lambda page, _: Reply(CUT, page, HTML), "truncated"),
    # redirects
    "to a page that is not there": Odd(
        always(302, b"", ("Location", "/main.do")), "missing", "gone_unproven"
    ),
    "to itself": Odd(always(302, b"", ("Location", "")), "redirects"),
    "off the site": Odd(always(302, b"", ("Location", "https://example.com/")), "off_site"),
    "to no URL": Odd(always(302, b"", ("Location", "http://[::1")), "off_site"),
    "to a local file": Odd(always(302, b"", ("Location", "file:///etc/passwd")), "off_site"),
    "without Location": Odd(always(302), "http_302"),
    # other content
    "empty always": Odd(always(200), "empty"),
    "empty once": Odd(once(200)),
    "notice board": Odd(always(200, BOARD.format(DOWN)), "layout"),
    "login": Odd(always(200, LOGIN), "layout"),
    "challenge": Odd(always(200, CHALLENGE), "layout"),
    "JSON": Odd(always(200, json.dumps({"error": "E-500"}), ("Content-Type", "application/json")), "layout"),
    "an alert": Odd(always(200, ALERT), "missing", "gone_unproven"),
    "without an end": Odd(changed(lambda page: page[: len(page) * 2 // 3]), "truncated"),
    "NUL bytes": Odd(always(200, b"\0" * 4000), "layout"),
    "a picture": Odd(always(200, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8), "layout"),
    "mojibake": Odd(changed(lambda page: page.decode().encode().decode("latin-1").encode()), "wrong_page"),
    "characters lost": Odd(
        changed(lambda page: page.decode().encode("ascii", "replace").replace(b"?", "\ufffd".encode())),
        "wrong_page",
    ),
    # encodings
    "EUC-KR called UTF-8": Odd(changed(lambda page: page.decode().encode("cp949", "xmlcharrefreplace"))),
    "UTF-16 called UTF-8": Odd(changed(lambda page: page.decode().encode("utf-16"))),
    "UTF-8 called EUC-KR": Odd(changed(bytes, ("Content-Type", "text/html;charset=EUC-KR"))),
    "an unknown charset": Odd(changed(bytes, ("Content-Type", "text/html;charset=x-hangul"))),
    "no Content-Type": Odd(changed(bytes, ("X-Nothing", "1"))),
    "text/plain": Odd(changed(bytes, ("Content-Type", "text/plain"))),
    "a byte order mark": Odd(changed(lambda page: b"\xef\xbb\xbf" + page)),
    "gzip": Odd(changed(gzip.compress, *HTML, ENCODED)),
    "called gzip": Odd(changed(bytes, *HTML, ENCODED), "encoding"),
    "gzip cut short": Odd(changed(lambda page: gzip.compress(page)[:-200], *HTML, ENCODED), "truncated"),
    # the page's own parts
    "NULs between": Odd(changed(lambda page: page.replace(b"<p>", b"<p>\0"))),
    "spaces before": Odd(changed(lambda page: b"\r\n" * 2000 + page)),
    "twice over": Odd(changed(lambda page: page + page)),
    "nested deep": Odd(changed(lambda page: page.replace(b"</body>", b"<div>" * 20000 + b"</body>"))),
    "upper case tags": Odd(changed(lambda page: page.replace(b"<p>", b"<P>").replace(b"</p>", b"</P>"))),
    "a huge comment": Odd(
        changed(lambda page: page.replace(b"<body", b"<!--" + b"x" * 500_000 + b"--><body"))
    ),
    "a base elsewhere": Odd(
        changed(lambda page: page.replace(b"<head>", b"<head><base href='https://example.com/'>"))
    ),
    "a refresh": Odd(
        changed(
            lambda page: page.replace(b"<head>", b"<head><meta http-equiv=refresh content='0;url=/main.do'>")
        )
    ),
    "no headline": Odd(replaced(r"<h1[^>]*>.*?</h1>|<title>.*?</title>|<meta property=.og:title.*?>", "")),
    # headers
    "a hundred cookies": Odd(changed(bytes, *HTML, *(("Set-Cookie", f"c{n}=1") for n in range(100)))),
    "a foreign cookie": Odd(changed(bytes, *HTML, ("Set-Cookie", "a=b; Domain=example.com"))),
    "headers of 20 KB": Odd(changed(bytes, *HTML, *((f"X-{n}", "x" * 200) for n in range(100)))),
    "a header in Korean": Odd(changed(bytes, *HTML, ("X-Said", "안내".encode().decode("latin-1")))),
    "a date of 1970": Odd(changed(bytes, *HTML, ("Last-Modified", "Thu, 01 Jan 1970 00:00:00 GMT"))),
}

FILE = (("Content-Type", "application/octet-stream"),)
FILES = {
    "file: a board instead": Odd(always(200, BOARD.format(DOWN)), "wrong_page"),
    "file: empty": Odd(lambda file, _: Reply(200, b"", FILE), "empty"),
    "file: 404": Odd(always(404, "no")),
    "file: 500": Odd(always(500, "oops"), "http_500"),
    "file: cut": Odd(lambda file, _: Reply(CUT, file, FILE), "truncated"),
    "file: cut once": Odd(lambda file, number: None if number else Reply(CUT, file, FILE)),
    "file: half of it": Odd(lambda file, _: Reply(200, file[: len(file) // 2], FILE)),
    "file: called a page": Odd(lambda file, _: Reply(200, file, HTML)),
    "file: called gzip": Odd(lambda file, _: Reply(200, file, (*FILE, ENCODED)), "encoding"),
    "file: another name": Odd(
        lambda file, _: Reply(200, file, (*FILE, ("Content-Disposition", "attachment; filename=../a.exe")))
    ),
    "file: off the site": Odd(always(302, b"", ("Location", "https://example.com/")), "off_site"),
}
