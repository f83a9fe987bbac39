"""One article is the same by every door: crawl, re-extraction, WARC file, saved page and post.

Records are compared whole; what a door cannot know of an article is named beside the door.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pytest

from archive.articles.load import load_article
from archive.captures.store import Captures
from archive.database import Archive
from archive.records import KOREA, NEWSDAO, Article, Attachment, Body
from briefing.commands.read.inspect import described
from briefing.demo.korea import file_of, viewer_of
from briefing.demo.samples import standing_on
from briefing.demo.server import DAYS, answer
from tests.command import briefing
from tests.crawl.test_api import HOST, ITEM, KEY
from tests.crawl.test_api import answer as service_answer
from tests.unruly import Asked, Reply, crawl, serve

if TYPE_CHECKING:
    from pathlib import Path

FROM_LEAD, FROM_NOTHING, FROM_SERVICE = 156990105, 156990104, 148999001
SAYS_NOTHING = "관련 보도자료 내용입니다. 자세한 내용은 첨부파일을 참고하시기 바랍니다."
BODY_SOURCES = {
    (KOREA, "inline"),
    (KOREA, "attachment"),
    (KOREA, "viewer"),
    (KOREA, "lead"),
    (KOREA, "api"),
    (KOREA, "none"),
    (NEWSDAO, "inline"),
}
Key = tuple[str, str, str]


class Crawled(NamedTuple):
    """A crawled archive in which articles took their text from everywhere, and the articles in it."""

    db: Path
    articles: dict[Key, Article]


def trouble(asked: Asked) -> Reply | None:
    """Serve one release by its lead alone, one by nothing at all, and one article by the Open API."""
    if asked.host == HOST:
        item = ITEM.format(id=FROM_SERVICE, title="여객선 반값 운임", modified="07/14/2026 09:30:00")
        return None if asked.path == "/robots.txt" else service_answer(item)
    bare = [sample for sample in standing_on(DAYS[0]) if sample.id in (FROM_LEAD, FROM_NOTHING)]
    if asked.fields.get("fileId") in {str(file_of(sample)[0]) for sample in bare}:
        return Reply(404)
    if any(viewer_of(sample) in asked.path for sample in bare):
        return Reply(404)
    if not asked.path.endswith("List.do"):
        return None
    page = answer(asked.host, asked.path, asked.fields, DAYS[0])
    text = page.body.decode()
    for sample in bare:
        if sample.id == FROM_NOTHING:
            text = text.replace("".join(sample.paragraphs), f"{sample.title} {SAYS_NOTHING}")
    return Reply(200, text.encode(), (("Content-Type", page.content_type),))


def articles_of(db: Path) -> dict[Key, Article]:
    """Read every article of an archive."""
    with Archive.open(db) as archive:
        ids = [row["id"] for row in archive.conn.execute("SELECT id FROM articles")]
        found = [article for one in ids if (article := load_article(archive.conn, one))]
    return {(article.site, article.section, article.native_id): article for article in found}


@pytest.fixture(scope="module")
def crawled_all(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """Crawl the replica, the Open API included."""
    db = tmp_path_factory.mktemp("doors") / "archive.db"
    with serve() as site, pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIEFING_API_KEY", KEY)
        site.trouble = trouble
        done = crawl(site, db)
        assert done.returncode == 0, done.stderr
    return Crawled(db, articles_of(db))


def test_articles_take_their_text_from_everywhere(crawled_all: Crawled) -> None:
    found = {(article.site, article.body_source) for article in crawled_all.articles.values()}
    assert found == BODY_SOURCES


def test_reextraction_gives_what_the_crawl_gave(crawled_all: Crawled) -> None:
    done = briefing("reparse", "--db", crawled_all.db, "--workers", "1")
    count = len(crawled_all.articles)
    assert done.stdout == f"{count} articles read anew, 0 changed; 0 have no page that can be read\n"


def test_a_warc_file_gives_what_the_crawl_gave(crawled_all: Crawled, tmp_path: Path) -> None:
    assert briefing("export", tmp_path / "warc", "--format", "warc", "--db", crawled_all.db).returncode == 0
    done = briefing("import", tmp_path / "warc", "--db", tmp_path / "again.db")
    assert done.returncode == 0, done.stderr
    assert articles_of(tmp_path / "again.db") == crawled_all.articles


def test_a_file_after_one_that_is_not_there_comes_by_way_of_a_warc_file(tmp_path: Path) -> None:
    sample = next(sample for sample in standing_on(DAYS[0]) if sample.id == FROM_LEAD)
    number = file_of(sample)[0]

    def two_files(asked: Asked) -> Reply | None:
        if asked.fields.get("fileId") == "190000001":
            return Reply(404, b"<html>not there</html>")
        page = answer(asked.host, asked.path, asked.fields, DAYS[0])
        if asked.fields.get("newsId") != str(FROM_LEAD):
            return None
        first = (
            b'<p><span><a href="/common/download.do?fileId=190000001&amp;tblKey=GMN">a.hwpx</a></span></p>'
        )
        body = page.body.replace(b"<dd><p>", b"<dd>" + first + b"<p>", 1)
        return Reply(200, body, (("Content-Type", page.content_type),))

    with serve() as site:
        site.trouble = two_files
        assert crawl(site, tmp_path / "archive.db", "--section", "press").returncode == 0
    assert (
        briefing("export", tmp_path / "w", "--format", "warc", "--db", tmp_path / "archive.db").returncode
        == 0
    )
    assert briefing("import", tmp_path / "w", "--db", tmp_path / "again.db").returncode == 0
    crawled, again = (
        articles_of(tmp_path / name)[KOREA, "press", str(FROM_LEAD)] for name in ("archive.db", "again.db")
    )
    assert [(file.file_id, file.state) for file in crawled.attachments] == [
        ("190000001", "missing"),
        (str(number), "text"),
    ]
    assert again == crawled


def as_its_page_says(article: Article) -> Article:
    """Leave out what a saved page does not hold: its files, the viewer's pages, the list that shows it."""
    if article.body_source != "inline":
        article = replace(article, body=Body(), body_source="none", contacts=())
    if article.section == "briefing":
        article = replace(article, presenter=None)  # only the list names who gave it
    return replace(article, attachments=tuple(map(listed, article.attachments)))


def listed(file: Attachment) -> Attachment:
    """Return a file as a page lists it, before anybody fetched it."""
    return Attachment(file.file_id, file.name, file.url, file.format)


def test_a_saved_page_gives_what_the_crawl_gave(crawled_all: Crawled, tmp_path: Path) -> None:
    wanted = {}
    with Archive.open(crawled_all.db) as archive:
        captures = Captures(archive.conn, archive.files)
        for row in archive.conn.execute("SELECT site, section, native_id, capture_id FROM articles"):
            page = tmp_path / f"{row['section']}-{row['native_id']}.html"
            page.write_bytes(captures.read(row["capture_id"]).content)
            article = crawled_all.articles[row["site"], row["section"], row["native_id"]]
            if article.body_source != "api":  # an answer of the Open API is no page
                wanted[str(page)] = described(str(page), as_its_page_says(article))
    done = briefing("inspect", *wanted)
    assert done.returncode == 0, done.stderr
    said = {one["path"]: one for one in map(json.loads, done.stdout.splitlines())}
    for path, one in wanted.items():
        one["organization_code"] = said[path]["organization_code"]  # the archive keeps the key in its place
    assert said == json.loads(json.dumps(wanted))


def as_its_post_says(article: Article, post: Article) -> Article:
    """Leave out what a post has no place for: the files' bytes, the Open API's own.

    Its text is the same, in Markdown too; as HTML it is written anew.
    """
    return replace(
        article,
        parser=post.parser,
        layout="jekyll/post",
        post=post.post,
        published_raw=article.published_at,
        body=Body(post.body.html, article.body.markdown, article.body.text),
        body_source="inline" if article.body.text else "none",
        attachments=tuple(map(listed, article.attachments)),
        contacts=tuple(replace(contact, attachment=None) for contact in article.contacts),
        modified_at=None,
        revision=None,
    )


def test_a_post_gives_what_the_crawl_gave(crawled_all: Crawled, tmp_path: Path) -> None:
    assert briefing("export", tmp_path / "out", "--format", "jekyll", "--db", crawled_all.db).returncode == 0
    done = briefing("import", tmp_path / "out", "--db", tmp_path / "again.db")
    assert done.returncode == 0, done.stderr
    posts = articles_of(tmp_path / "again.db")
    wanted = {key: as_its_post_says(one, posts[key]) for key, one in crawled_all.articles.items()}
    assert posts == wanted
