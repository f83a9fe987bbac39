"""Articles and archives for the tests of the archive, written by us in the observed form."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from archive.database import Archive
from archive.records import (
    Article,
    Attachment,
    Body,
    Capture,
    Contact,
    Image,
    Link,
    Listing,
    ListItem,
    Source,
)
from archive.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from archive.records import BodySource

BODY = "해양안전부는 14일 연안 여객선 안전 점검을 시작한다고 밝혔다.\n점검은 8월까지 120척을 대상으로 한다."
PAGE = "<html><head>" + "<link href='/style.css'>" * 300 + "</head><body>{}</body></html>"
DAY = "2026-07-14"


@dataclass
class Clock:
    """A clock that tests turn by hand, Korean time."""

    time: str = "2026-07-14T09:00:00+09:00"

    def __call__(self) -> str:
        return self.time


@dataclass
class Desk:
    """One archive open for writing, with its clock."""

    archive: Archive
    store: Store
    clock: Clock = field(default_factory=Clock)

    def visit(self, article: Article, **options: Any) -> Any:
        """Store one visit together with its page."""
        page = PAGE.format(article.title + article.body.text)
        return self.store.record_article(article, self.capture(page, article.canonical_url), **options)

    def capture(
        self,
        page: str | bytes,
        url: str = "https://www.korea.kr/briefing/pressReleaseView.do?newsId=156700001",
        **rest: Any,
    ) -> int:
        """Store one page."""
        content = page.encode() if isinstance(page, str) else page
        values: dict[str, Any] = {
            "fetched_at": self.clock(),
            "status": 200,
            "headers": (("Content-Type", "text/html;charset=UTF-8"),),
            "kind": "detail",
            "layout": "korea_kr/detail-2026",
        }
        return self.store.record_capture(Capture(url=url, content=content, **(values | rest)))

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the archive."""
        return [tuple(row) for row in self.archive.conn.execute(query, values)]

    def list_day(self, *articles: Article, total: int | None = None, **options: Any) -> None:
        """Record the list of the day as showing these articles."""
        items = tuple(ListItem(a.native_id, a.title, a.section) for a in articles)
        count = len(items) if total is None else total
        self.store.record_listing(Listing("korea.kr", "press", DAY, count, items, self.clock(), **options))


def open_desk(path: Path) -> Desk:
    """Open an archive for writing."""
    clock = Clock()
    archive = Archive.create_or_open(path)
    return Desk(archive, Store(archive, now=clock), clock)


def copied(source: Path, target: Path) -> Path:
    """Copy an archive that nothing writes to, with its files where it has any; return the copy."""
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(source, target)
    if source.with_suffix(".files").exists():
        shutil.copytree(source.with_suffix(".files"), target.with_suffix(".files"))
    return target


def press_release(number: int = 1, **changes: Any) -> Article:
    """Write a press release whose text stands in its page and in a HWPX file."""
    native_id = str(156700000 + number)
    article = Article(
        site="korea.kr",
        section="press",
        native_id=native_id,
        canonical_url=f"https://www.korea.kr/briefing/pressReleaseView.do?newsId={native_id}",
        title=f"연안 여객선 안전 점검 {number}차 시작",
        parser="PressReleasePage/1 pipelines/1",
        layout="korea_kr/detail-2026",
        subtitle="8월까지 120척",
        published_at=DAY,
        published_precision="day",
        published_raw="2026.07.14",
        organization="해양안전부",
        body=Body(f"<p>{BODY}</p>", BODY, BODY),
        body_source="inline",
        body_texts=(("inline", BODY),),
        kogl_type=1,
        kogl_text="공공누리 제1유형: 출처표시",
        contacts=(
            Contact(
                organization="해양안전부",
                department="연안여객과",
                role="담당자",
                person="한바다",
                rank="사무관",
                phones=("044-200-0001", "129"),
                emails=("bada@example.go.kr",),
                evidence="연안여객과 한바다 사무관(044-200-0001)",
                attachment=f"{native_id}1",
            ),
        ),
        source=Source(source_title="보도자료", source_url="https://example.go.kr/1"),
        attachments=(
            Attachment(
                f"{native_id}1",
                "점검 시작.hwpx",
                f"https://www.korea.kr/common/download.do?fileId={native_id}1",
                format="hwpx",
                state="text",
                text=BODY + "\n연안여객과 한바다 사무관(044-200-0001)",
                content=f"hwpx bytes of {native_id}".encode(),
            ),
        ),
        images=(Image("https://www.korea.kr/1.jpg", "여객선"),),
        links=(Link("https://example.go.kr", "누리집"),),
    )
    return replace(article, **changes)


def with_body(article: Article, text: str, source: BodySource = "inline") -> Article:
    """Replace the text of an article, extracted from the same source."""
    return replace(
        article, body=Body(f"<p>{text}</p>", text, text), body_source=source, body_texts=((source, text),)
    )
