"""An archive with contacts in every kind of place, and how to find them in what a server answers."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from archive.records import Attachment, Contact, Image, Link, Relation
from tests.archives import open_desk, press_release, with_body
from tests.newsroom import MINISTRIES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOT = "https://archive.example.kr"
NAMES = ("한바다", "이여름", "독고탁수", "김현", "최옛날")
FORMS = {
    "body": "문의: 연안여객과 한바다 사무관(044-200-0001), 한 바 다(☎ 044 200 0001), bada@example.go.kr",
    "table": "<table><tr><td>책임자</td><td>과장</td><td>이 여 름</td><td>(044)200-0002</td></tr></table>",
    "glued": "담당자한바다(0442000001) 주무관김현 팩스 ０４４－２００－０００３",
    "file": "붙임 담당 독고탁수 사무관 +82-44-200-0004 내선 305 dokgo(at)example.go.kr",
    "bare": "요금과 김현 주무관(200-7777), 담당자 최옛날 ☎ 200-8888",
    "mobile": "한바다에게 010.1234.5678로 묻는다",
}
DIGITS = ("442000001", "442000002", "442000003", "442000004", "1012345678", "2007777", "2008888")
MAILS = ("bada@", "dokgo(at)", "dokgo@", "yeoreum@")
CONTACTS = (
    Contact(
        "해양안전부",
        "연안여객과",
        "담당자",
        "한바다",
        "사무관",
        ("044-200-0001",),
        evidence="한바다 사무관(044-200-0001)",
    ),
    Contact(
        "해양안전부",
        "연안여객과",
        "책임자",
        "이여름",
        "과장",
        ("044-200-0002",),
        evidence="이여름",
        emails=("yeoreum@example.go.kr",),
    ),
    Contact(
        "해양안전부",
        "독고탁수과",
        "담당자",
        "독고탁수",
        None,
        ("044-200-0004",),
        evidence="독고탁수",
    ),
    Contact(
        "해양안전부",
        "요금과",
        "담당자",
        "김현",
        "주무관",
        ("044-200-0003",),
        evidence="김현",
    ),
)


def build(path: Path) -> None:
    """Fill an archive with persons wherever they may stand: text, table, file, version, deletion."""
    desk = open_desk(path)
    desk.store.seed_organizations(MINISTRIES)
    desk.store.begin_run("import", {"path": "/home/operator/secret/posts"})
    text = "\n".join(FORMS.values())
    article = with_body(press_release(1), text)
    body = replace(article.body, html=f"<p>{FORMS['body']}</p>{FORMS['table']}<p>{FORMS['glued']}</p>")
    file = Attachment(
        "f1",
        "한바다 명함 044-200-0001.pdf",
        "https://www.korea.kr/f?fileId=1&name=" + quote("한바다"),
        "pdf",
        "text",
        detail="cannot read /home/operator/secret/x.pdf",
        text=FORMS["file"],
        content=FORMS["file"].encode(),
    )
    with desk.archive:
        whole = replace(
            article,
            title="한바다 사무관이 전하는 여객선 점검(044-200-0001)",
            subtitle="이여름 과장 044-200-0002",
            writer="독고탁수 사무관",
            presenter="김현 주무관",
            organization_key="sea",
            body=body,
            contacts=CONTACTS,
            attachments=(file,),
        )
        desk.visit(whole)
        desk.list_day(whole, total=3)
        other = replace(
            with_body(press_release(2), f"여객선 글을 옮긴다. {text}"), contacts=(), attachments=()
        )
        desk.visit(replace(other, title="이여름 과장, 여객선을 말하다", section="policy"))
        former = replace(
            press_release(4), contacts=(), images=(Image("https://www.korea.kr/1.jpg", "한바다 과장"),)
        )
        former = replace(former, links=(Link("mailto:bada@example.go.kr", "이여름"),))
        desk.visit(with_body(former, "문의: 요금과 최옛날 사무관(044-200-0001)"))
        gone = replace(with_body(press_release(3), text), title="지울 글: 김현", contacts=CONTACTS[3:])
        desk.visit(gone)
        desk.store.close_listings()
        desk.clock.time = "2026-07-16T09:00:00+09:00"
        moved = text.replace("200-0001", "200-0002").replace("사무관", "서기관")
        desk.visit(with_body(replace(whole, title="여객선 점검(정정)"), moved))
        desk.visit(with_body(former, "문의: 요금과 김현 사무관(044-200-0003)"))
        capture = desk.capture("삭제된 게시물입니다.", gone.canonical_url, status=410)
        desk.store.record_missing("korea.kr", "press", gone.native_id, capture, "410")
        desk.store.relate([Relation("retells", 2, 1, 0.9, "한바다 044-200-0001")])
        for number in range(10, 40):
            desk.visit(replace(press_release(number), title=f"등대 {number}: 한바다", contacts=CONTACTS[:1]))
        desk.store.end_run("finished", 0, 3)


class Links(HTMLParser):
    """Every URL that a page names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src", "action") and value]


def readings(body: bytes) -> Iterator[str]:
    """Yield the readings of a response: as sent, unescaped, without tags, unpacked."""
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            for name in file.namelist():
                yield from readings(file.read(name))
        return
    text = body.decode("utf-8", "replace")
    yield text
    yield unquote(text)
    plain = html.unescape(unquote(text))
    yield plain
    yield re.sub(r"<[^>]*>", "", plain)
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


def told(body: bytes, names: tuple[str, ...] = NAMES, digits: tuple[str, ...] = DIGITS) -> list[str]:
    """List the planted names and numbers that an answer holds, in any form of writing."""
    found = []
    for text in readings(body):
        squeezed = re.sub(r"[\s\u00a0\u3000]", "", text)
        found += [name for name in names if name in squeezed]
        folded = text.translate({0xFF10 + n: str(n) for n in range(10)})
        numbers = re.sub(r"(?<=\d)[-–.)( －~]+(?=\d)", "", folded)
        found += [one for one in digits if one in numbers]
        found += [one for one in MAILS if one in text]
        found += [one for one in ("/home/", "/pytest-of", ".files/", "Traceback") if one in text]
    return found


def local(link: str) -> str | None:
    link = link.partition("#")[0]
    if link.startswith(ROOT):
        return link.removeprefix(ROOT) or "/"
    return link if link.startswith("/") and not link.startswith("//") else None
