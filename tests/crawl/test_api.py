"""The Open API as a second door: off without a key, and the key stays out of everything that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archive.database import Archive
from briefing.demo.server import DAYS
from tests.command import briefing
from tests.crawl.test_crawl import opened, rows
from tests.unruly import Asked, Reply, Unruly, crawl, is_detail, serve

if TYPE_CHECKING:
    from pathlib import Path

HOST = "apis.data.go.kr"
KEY = "abc/123+secret=="
ITEM = """<NewsItem><NewsItemId>{id}</NewsItemId><ContentsStatus>U</ContentsStatus><ModifyId>2</ModifyId>
<ModifyDate>{modified}</ModifyDate><ApproveDate>07/14/2026 09:30:00</ApproveDate>
<GroupingCode>policy</GroupingCode><Title><![CDATA[{title}]]></Title><ContentsType>H</ContentsType>
<DataContents><![CDATA[<p>해양안전부는 여객선 운임을 반값으로 낮춘다.</p>]]></DataContents>
<MinisterCode>해양안전부</MinisterCode></NewsItem>"""


def answer(*items: str) -> Reply:
    """Write an answer of the service."""
    head = "<header><resultCode>0</resultCode><resultMsg>NORMAL_SERVICE</resultMsg></header>"
    text = f"<?xml version='1.0' encoding='UTF-8'?><response>{head}<body>{''.join(items)}</body></response>"
    return Reply(200, text.encode(), (("Content-Type", "text/xml;charset=UTF-8"),))


def held_policy_article(db: Path) -> str:
    """Name a policy article that the archive holds."""
    ((native_id,),) = rows(db, "SELECT min(native_id) FROM articles WHERE section = 'policy'")
    return str(native_id)


def test_without_a_key_the_service_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BRIEFING_API_KEY", raising=False)
    with serve() as site:
        crawl(site, tmp_path / "archive.db", "--section", "policy")
        assert HOST not in {asked.host for asked in site.log}


def test_new_articles_come_from_the_service_and_edited_ones_are_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "archive.db"
    with serve() as site:
        assert crawl(site, db, "--section", "policy").returncode == 0
        held = held_policy_article(db)
        site.log.clear()
        monkeypatch.setenv("BRIEFING_API_KEY", KEY)

        def service(asked: Asked) -> Reply | None:
            if asked.host != HOST or asked.path == "/robots.txt":
                return None
            return answer(
                ITEM.format(id="148999001", title="여객선 반값 운임", modified="07/14/2026 09:30:00"),
                ITEM.format(id=held, title="고친 제목", modified="07/14/2026 23:59:00"),
            )

        site.trouble = service
        done = crawl(site, db, "--section", "policy")
        assert done.returncode == 0, done.stderr
        assert held in {asked.fields.get("newsId") for asked in site.log if is_detail(asked)}
    stored = rows(db, "SELECT title, body_source, published_at FROM articles WHERE native_id = '148999001'")
    assert stored == [("여객선 반값 운임", "api", "2026-07-14T09:30:00+09:00")]
    with opened(db) as conn:
        everything = "\n".join(conn.iterdump())
    assert "secret" not in everything
    assert DAYS[0].isoformat() in everything


def test_a_refused_key_is_a_recorded_failure_of_the_service_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "archive.db"
    monkeypatch.setenv("BRIEFING_API_KEY", KEY)
    refusal = (
        b"<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg>"
        b"<returnAuthMsg>SERVICE_KEY_IS_NOT_REGISTERED_ERROR</returnAuthMsg>"
        b"<returnReasonCode>30</returnReasonCode></cmmMsgHeader></OpenAPI_ServiceResponse>"
    )
    with serve() as site:
        site.trouble = lambda asked: (
            Reply(200, refusal) if asked.host == HOST and asked.path != "/robots.txt" else None
        )
        done = crawl(site, db, "--section", "policy")
    assert done.returncode == 1
    assert rows(db, "SELECT count(*) > 0 FROM articles") == [(1,)]
    assert {row[0] for row in rows(db, "SELECT kind FROM failures")} == {"api"}
    assert "secret" not in str(rows(db, "SELECT url, detail FROM failures"))


def served(site: Unruly, db: Path, *items: str) -> None:
    """Crawl policy news with a service that answers with some items."""
    site.trouble = lambda asked: (
        answer(*items) if asked.host == HOST and asked.path != "/robots.txt" else None
    )
    done = crawl(site, db, "--section", "policy")
    assert done.returncode == 0, done.stderr


@pytest.fixture
def from_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """Crawl the site, then two articles from the service, and what it says of one that is held."""
    db = tmp_path / "archive.db"
    with serve() as site:
        assert crawl(site, db, "--section", "policy").returncode == 0
        held = held_policy_article(db)
        monkeypatch.setenv("BRIEFING_API_KEY", KEY)
        item = ITEM.replace("<GroupingCode>", "<EmbargoDate>07/14/2026 12:00:00</EmbargoDate><GroupingCode>")
        served(
            site,
            db,
            item.format(id="148999001", title="여객선 반값 운임", modified="07/14/2026 09:30:00"),
            item.format(id="148999002", title="섬 주민 운임", modified="07/14/2026 10:30:00"),
            item.format(id=held, title="고친 제목", modified="07/01/2026 09:00:00"),
        )
    return db, held


def test_what_the_service_says_of_edits_is_kept(from_service: tuple[Path, str]) -> None:
    db, held = from_service
    stored = rows(db, "SELECT modified_at, embargo_at, revision FROM articles WHERE native_id = '148999001'")
    assert stored == [("2026-07-14T09:30:00+09:00", "2026-07-14T12:00:00+09:00", 2)]
    (of_held,) = rows(db, "SELECT modified_at, revision FROM articles WHERE native_id = ?", held)
    assert of_held == ("2026-07-01T09:00:00+09:00", 2)


def test_articles_of_the_service_are_read_anew(from_service: tuple[Path, str]) -> None:
    db, _ = from_service
    with Archive.create_or_open(db) as archive:
        last = "(SELECT id FROM articles WHERE native_id = '148999002')"
        archive.conn.execute(f"UPDATE articles SET title = 'X', modified_at = NULL WHERE id = {last}")
        archive.conn.execute(f"UPDATE article_texts SET body_text = 'X' WHERE article_id = {last}")
    done = briefing("reparse", "--db", db, "--workers", "1")
    assert done.returncode == 0, done.stderr
    stored = rows(
        db,
        "SELECT title, modified_at, body_source, body_text"
        " FROM articles JOIN article_texts ON article_id = id"
        " WHERE native_id IN ('148999001', '148999002') ORDER BY native_id",
    )
    text = "해양안전부는 여객선 운임을 반값으로 낮춘다."
    assert stored == [
        ("여객선 반값 운임", "2026-07-14T09:30:00+09:00", "api", text),
        ("섬 주민 운임", "2026-07-14T10:30:00+09:00", "api", text),
    ]
    assert rows(db, "SELECT count(*) FROM versions WHERE kind = 'edit'") == [(0,)]


def test_articles_of_the_service_travel_in_warc_files(from_service: tuple[Path, str], tmp_path: Path) -> None:
    db, _ = from_service
    again = tmp_path / "again.db"
    assert briefing("export", tmp_path / "out", "--format", "warc", "--db", db).returncode == 0
    done = briefing("import", tmp_path / "out", "--db", again)
    assert done.returncode == 0, done.stderr
    kept = (
        "SELECT native_id, title, body_source, body_text, modified_at, embargo_at, revision, fingerprint, url"
        " FROM articles JOIN article_texts ON article_id = id ORDER BY native_id"
    )
    assert rows(again, kept) == rows(db, kept)
    captures = "SELECT url, fetched_at, kind, body_sha256 FROM captures WHERE kind = 'api' ORDER BY id"
    assert rows(again, captures) == rows(db, captures)
    assert briefing("import", tmp_path / "out", "--db", again).returncode == 0
    assert rows(again, captures) == rows(db, captures)
