"""Jekyll posts: every generation is read whole, taken in, and written out so that it reads back the same."""

from __future__ import annotations

import tarfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from archive.articles.load import load_article
from archive.database import Archive
from archive.errors import Exceeded
from archive.export import Selection, export
from archive.export.jekyll import post
from briefing.main import cli
from crawler.extraction.from_file import extract
from crawler.extraction.kinds import LARGEST_TEXT
from crawler.pages.jekyll import MOST_MARKDOWN, front_matter, rendered
from pipelines.blocks import Paragraph, Table
from pipelines.clean import clean_html
from tests.thorough import one_in

if TYPE_CHECKING:
    from archive.records import Article

POSTS = Path(__file__).parents[1] / "pages" / "jekyll"
NAMES = sorted(path.name for path in POSTS.glob("*.md"))


def read(name: str) -> Article:
    """Read one of the sample posts."""
    return extract(name, (POSTS / name).read_bytes())


def tables(article: Article) -> list[Table]:
    """Return the tables of a body."""
    return [block for block in clean_html(article.body.html, "").blocks if isinstance(block, Table)]


def archived(path: Path) -> dict[str, Article]:
    """Read all articles of an archive, by the site's id."""
    with Archive.open(path) as archive:
        ids = [row[0] for row in archive.conn.execute("SELECT id FROM articles")]
        found = [load_article(archive.conn, number) for number in ids]
    return {article.native_id: article for article in found if article}


@pytest.mark.parametrize(
    ("name", "native_id", "title", "source_title"),
    [
        ("2024-06-12-1.md", "9001", "바다 안전 점검, 여름 전에 끝낸다!", "바다 안전 점검 [여름] 전에!"),
        (
            "2024-07-14-2.md",
            "9002",
            "무더위쉼터 2,000곳 새로 연다",
            "무더위쉼터 & 그늘막 확대 - 기상재난청",
        ),
        ("2024-07-21-3.md", "9003", "항만 안내판 정비 마무리", "항만 안내판 정비 끝 - 해양안전부"),
        ("2024-07-21-4.md", "9004", "'안전' 바다, 모두의 약속: 첫걸음!", "'안전' 바다의 날"),
    ],
)
def test_a_post_says_which_article_it_republishes(
    name: str, native_id: str, title: str, source_title: str
) -> None:
    article = read(name)
    assert (article.site, article.section, article.native_id) == ("newsdao.kr", "article", native_id)
    assert article.canonical_url == article.source.source_url == f"https://newsdao.kr/{native_id}"
    assert (article.title, article.source.source_title) == (title, source_title)
    assert (article.published_at, article.published_precision) == (name[:10], "day")


@pytest.mark.parametrize("name", NAMES)
def test_what_all_posts_share_is_no_body(name: str) -> None:
    text = read(name).body.text
    for words in ("빠르고 정확한", "뉴스다오 속보", "출처: ", "```", "categories"):
        assert words not in text


def test_markdown_is_read() -> None:
    assert read("2024-06-12-1.md").body.text == (
        "점검 대상\n"
        '해양안전부는 "여름 전에 점검을 마친다"고 밝혔다.\n'
        "여객선: 120척을 점검한다.\n"
        "항만: 안내판을 고친다.\n"
        "구분\t수량\n"
        "여객선\t120척\n"
        "문의는 해양안전부 연안해운과(044-200-0001)로 하면 된다."
    )


def test_a_table_with_empty_lines_and_tabs_is_a_table() -> None:
    article = read("2024-07-14-2.md")
    (table,) = tables(article)
    assert [cell.text for cell in table.cells] == ["지역별 쉼터", "서울", "300곳"]
    assert table.cells[0].colspan == 2
    assert "<자료출처=정책브리핑 https://www.korea.kr>" in article.body.text
    assert "쉼터는 2,000곳이 늘어난다." in article.body.text


def test_prose_between_blocks_and_markdown_inside_them_is_read() -> None:
    article = read("2024-07-21-3.md")
    assert "*" not in article.body.text
    assert "안내판 300개를 고쳤습니다." in article.body.text.split("\n")
    assert "남은 곳은 8월까지 끝낼 계획입니다. 자료는 정책브리핑에 있습니다." in article.body.text
    items = [block for block in clean_html(article.body.html, "").blocks if isinstance(block, Paragraph)]
    assert [item.text for item in items if item.kind == "item"] == ["동해 12곳", "서해 18곳"]
    assert [contact.phones for contact in article.contacts] == [("044-200-0003",), ("044-200-0004",)]
    assert article.source.writer == "관리자"
    assert article.source.original_title == "항만 안내판 정비 끝 - 해양안전부"


def test_a_fence_around_prose_is_prose() -> None:
    assert "본 기사는 공공누리 제1유형:출처표시에 따라 이용할 수 있다." in read("2024-07-21-4.md").body.text


def test_posts_are_taken_in_once(tmp_path: Path) -> None:
    db = str(tmp_path / "a.db")
    first = CliRunner().invoke(cli, ["import", str(POSTS), "--db", db])
    assert first.exit_code == 0
    assert first.stdout == "4 files: 4 new; 1 repaired\n"
    assert "2024-07-21-4.md: front matter is no valid YAML" in first.stderr
    again = CliRunner().invoke(cli, ["import", str(POSTS), "--db", db])
    assert again.stdout == "4 files: 4 unchanged; 1 repaired\n"
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.conn.execute("SELECT count(*) FROM captures").fetchone()[0] == 4
        checks = archive.conn.execute("SELECT DISTINCT checks FROM articles").fetchall()
        assert [row[0] for row in checks] == [2]


def test_what_cannot_be_taken_in_is_named_and_the_rest_is(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff\xfe" * 50)
    (tmp_path / "c.html").write_text("<html><body><article>주소 없는 글</article></body></html>")
    (tmp_path / "a.md").write_bytes((POSTS / "2024-06-12-1.md").read_bytes())
    command = ["import", str(tmp_path), "--db", str(tmp_path / "a.db"), "--json"]
    result = CliRunner().invoke(cli, command, standalone_mode=False)
    assert result.return_value == 65
    assert "b.md: neither UTF-8 nor EUC-KR text" in result.stderr
    assert "c.html: names no article of a known site" in result.stderr
    assert set(archived(tmp_path / "a.db")) == {"9001"}


def failures(db: Path) -> list[tuple[object, ...]]:
    with Archive.open(db) as archive:
        return [
            tuple(row)
            for row in archive.conn.execute(
                "SELECT site, url, kind, attempts, resolved_at IS NULL FROM failures ORDER BY url"
            )
        ]


def test_a_file_that_cannot_be_read_is_a_failure_until_it_is_taken_in(tmp_path: Path) -> None:
    folder, db = tmp_path / "posts", tmp_path / "a.db"
    folder.mkdir()
    good = (POSTS / "2024-06-12-1.md").read_bytes()
    (folder / "2024-06-12-1.md").write_bytes(good)
    (folder / "2024-06-12-2.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff\xfe" * 50)
    (folder / "page.html").write_bytes("<html><body>글이다".encode("utf-16-le") + b"\x00\xd8" * 9)
    (folder / "cut.warc.gz").write_bytes(b"\x1f\x8b\x08")
    (folder / "none.html").write_text("<html><body><article>주소 없는 글</article></body></html>")
    runner = CliRunner()
    for attempts in (1, 2):
        assert (
            runner.invoke(cli, ["import", str(folder), "--db", str(db)], standalone_mode=False).return_value
            == 65
        )
        assert failures(db) == [
            ("file", (folder / name).as_uri(), "unreadable", attempts, 1)
            for name in ("2024-06-12-2.md", "cut.warc.gz", "page.html")
        ]
    (folder / "2024-06-12-2.md").write_bytes(good)
    runner.invoke(cli, ["import", str(folder), "--db", str(db)])
    assert [row[1] for row in failures(db) if row[4]] == [
        (folder / name).as_uri() for name in ("cut.warc.gz", "page.html")
    ]
    told = runner.invoke(cli, ["status", "--db", str(db)], standalone_mode=False)
    assert "unreadable" in told.stdout


def test_a_good_file_of_the_same_name_in_another_folder_resolves_nothing(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    for folder, content in (("a", b"\x00\xff\xfe" * 50), ("b", (POSTS / "2024-06-12-1.md").read_bytes())):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "2024-06-12-1.md").write_bytes(content)
    CliRunner().invoke(cli, ["import", str(tmp_path / "a"), str(tmp_path / "b"), "--db", str(db)])
    assert failures(db) == [("file", (tmp_path / "a" / "2024-06-12-1.md").as_uri(), "unreadable", 1, 1)]


def test_a_file_larger_than_any_read_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "2024-06-12-1.md"
    with file.open("wb") as stream:
        stream.truncate(1 << 40)  # a hole, of which nothing lies on the disk
    start = time.process_time()
    result = CliRunner().invoke(cli, ["import", str(file), "--db", str(tmp_path / "a.db")])
    assert time.process_time() - start < 5
    assert "has more than 134,217,728 bytes" in result.stderr
    assert [row[2] for row in failures(tmp_path / "a.db")] == ["exceeded"]


def test_a_text_larger_than_any_article_is_refused_and_a_long_post_keeps_every_word(tmp_path: Path) -> None:
    with pytest.raises(Exceeded, match="and no document; 16,777,216 are read"):
        extract("a.txt", b"a" * (LARGEST_TEXT + 1))
    words = [f"낱말{number}" for number in range(MOST_MARKDOWN // 5)]
    lines = [" ".join(words[place : place + 9]) for place in range(0, len(words), 9)]
    post = tmp_path / "2024-06-12-1.md"
    post.write_text("---\ntitle: 긴 글\ndate: 2024-06-12\n---\n" + "\n\n".join(lines), "utf-8")
    result = CliRunner().invoke(cli, ["import", str(post), "--db", str(tmp_path / "a.db")])
    assert "after 256,000 characters the text is read as HTML" in result.stderr
    with Archive.open(tmp_path / "a.db") as archive:
        (text,) = archive.conn.execute("SELECT body_text FROM article_texts").fetchone()
    assert text.split() == words


def test_a_round_trip_keeps_title_text_tables_source_contacts_and_date(tmp_path: Path) -> None:
    CliRunner().invoke(cli, ["import", str(POSTS), "--db", str(tmp_path / "a.db")])
    with Archive.open(tmp_path / "a.db") as archive:
        export(archive, tmp_path / "out", "jekyll", Selection())
    posts = sorted(path.name for path in (tmp_path / "out" / "_posts").iterdir())
    assert posts == NAMES
    CliRunner().invoke(cli, ["import", str(tmp_path / "out" / "_posts"), "--db", str(tmp_path / "b.db")])
    before, after = archived(tmp_path / "a.db"), archived(tmp_path / "b.db")
    assert before.keys() == after.keys()
    for native_id, article in before.items():
        assert_same(article, after[native_id])


def assert_same(one: Article, other: Article) -> None:
    """Compare two readings of an article."""
    assert replace(one, body=other.body, body_texts=()) == replace(other, body_texts=())
    assert one.body.text == other.body.text
    assert one.body.markdown == other.body.markdown
    assert tables(one) == tables(other)


@pytest.mark.parametrize("every", one_in(2, [40, 5]))
def test_posts_of_the_corpus_go_round(shared: Path, tmp_path: Path, every: int) -> None:
    with tarfile.open(shared / "corpus" / "posts.tar.xz") as corpus:
        chosen = [member for member in corpus.getmembers() if member.name.endswith("1.md")][::every]
        corpus.extractall(tmp_path, chosen, filter="data")
    db, copy = tmp_path / "a.db", tmp_path / "b.db"
    CliRunner().invoke(cli, ["import", str(tmp_path / "_posts"), "--db", str(db)])
    with Archive.open(db) as archive:
        assert export(archive, tmp_path / "out", "jekyll", Selection())["counts"]["articles"] == len(chosen)
    CliRunner().invoke(cli, ["import", str(tmp_path / "out" / "_posts"), "--db", str(copy)])
    before, after = archived(db), archived(copy)
    assert len(before) == len(after) == len(chosen)
    for native_id, article in before.items():
        assert_same(article, after[native_id])


def test_a_saved_page_of_a_known_site_is_taken_in(tmp_path: Path) -> None:
    page = POSTS.parent / "korea_kr_policy" / "page.html"
    result = CliRunner().invoke(cli, ["import", str(page), "--db", str(tmp_path / "a.db")])
    assert result.stdout == "1 files: 1 new\n"
    (article,) = archived(tmp_path / "a.db").values()
    assert (article.site, article.section) == ("korea.kr", "policy")


def test_a_republished_copy_never_stands_against_the_site_itself(tmp_path: Path) -> None:
    db = str(tmp_path / "a.db")
    page = (
        '<html><head><link rel="canonical" href="https://newsdao.kr/9002"><meta property="og:title" '
        'content="무더위쉼터 &amp; 그늘막 확대 | 뉴스다오"></head><body><article><div id="articleBody">'
        "<p>무더위쉼터가 2,000곳 늘어난다.</p></div></article></body></html>"
    )
    (tmp_path / "saved.html").write_text(page, "utf-8")
    for path in (POSTS / "2024-07-14-2.md", tmp_path / "saved.html", POSTS / "2024-07-14-2.md"):
        CliRunner().invoke(cli, ["import", str(path), "--db", db])
    (article,) = archived(tmp_path / "a.db").values()
    assert article.title == "무더위쉼터 & 그늘막 확대"
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.conn.execute("SELECT group_concat(kind) FROM versions").fetchone()[0] == "new"


def exported(db: Path, folder: Path) -> dict[str, str]:
    """Export an archive as posts; give each by its name."""
    with Archive.open(db) as archive:
        export(archive, folder, "jekyll", Selection())
    return {path.name: path.read_text("utf-8") for path in (folder / "_posts").iterdir()}


def test_a_post_goes_out_as_it_came_in(tmp_path: Path) -> None:
    CliRunner().invoke(cli, ["import", str(POSTS), "--db", str(tmp_path / "a.db")])
    posts = exported(tmp_path / "a.db", tmp_path / "out")
    assert sorted(posts) == NAMES
    for name, text in posts.items():
        before, after = front_matter((POSTS / name).read_text("utf-8")), front_matter(text)
        assert after.values == before.values
        assert not after.repaired
        assert words(before.body) == words(after.body)


def words(markdown: str) -> str:
    """Return the words of a post's body, its first and last lines included."""
    return "".join(clean_html(rendered(markdown), "").body.text.split())


def test_front_matter_of_every_type_is_kept(tmp_path: Path) -> None:
    front = (
        "title: 항만 점검\ndate: 2024-02-31\nlast_modified_at: 2024-07-21 10:00:00 +0900\n"
        "pin: true\norder: 3\n"
        "quoted: '2024'\ntags: [항만, 점검]\nnested:\n  deep: [1, null, 'a: b']\n"
    )
    post = tmp_path / "posts" / "2024-07-21-1.md"
    post.parent.mkdir()
    post.write_text(f"---\n{front}---\n\n<p>항만을 점검한다.</p>\n", "utf-8")
    CliRunner().invoke(cli, ["import", str(post.parent), "--db", str(tmp_path / "a.db")])
    (text,) = exported(tmp_path / "a.db", tmp_path / "out").values()
    assert front_matter(text).values == front_matter(post.read_text("utf-8")).values
    assert "date: 2024-02-31\n" in text
    with Archive.open(tmp_path / "a.db") as archive:
        (kept,) = archive.conn.execute(
            "SELECT json_extract(post, '$.front.tags[1]') FROM article_texts"
        ).fetchone()
    assert kept == "점검"


def test_posts_of_one_name_in_two_folders_both_go_out(tmp_path: Path) -> None:
    for number in (1, 2):
        post = tmp_path / "posts" / str(number) / "2024-07-21-1.md"
        post.parent.mkdir(parents=True)
        source = f'<p>출처: <a href="https://newsdao.kr/{number}" rel="dofollow">제목</a> | 뉴스다오</p>'
        post.write_text(f"---\ntitle: 제목 {number}\n---\n\n{source}\n\n<p>본문 {number}</p>\n", "utf-8")
    CliRunner().invoke(cli, ["import", str(tmp_path / "posts"), "--db", str(tmp_path / "a.db")])
    posts = exported(tmp_path / "a.db", tmp_path / "out")
    assert sorted(posts) == ["2024-07-21-1.md", "2024-07-21-2.md"]
    assert {front_matter(text).values["title"] for text in posts.values()} == {"제목 1", "제목 2"}


def test_the_ministry_at_the_end_of_a_headline_is_the_publisher() -> None:
    article = extract("2024-07-14-2.md", (POSTS / "2024-07-14-2.md").read_bytes())
    assert article.organization is None  # 기상재난청: no ministry that is known
    text = (POSTS / "2024-07-14-2.md").read_text("utf-8")
    for printed, name, key in (
        ("중소벤처기업부", "중소벤처기업부", "mss-2017"),
        ("과학기술정보통…", "과학기술정보통신부", "msit-2017"),
        ("서울", None, None),
    ):
        found = extract("2024-07-14-2.md", text.replace("기상재난청", printed).encode())
        assert (found.organization, found.organization_key) == (name, key)
        assert found.source.source_title == f"무더위쉼터 & 그늘막 확대 - {printed}"


def test_the_writer_of_the_last_line_is_the_writer() -> None:
    assert read("2024-07-21-3.md").writer == "관리자"


@pytest.mark.parametrize("every", one_in(2, [100, 7]))
def test_every_post_of_the_corpus_goes_out_as_it_came_in(shared: Path, every: int) -> None:
    with tarfile.open(shared / "corpus" / "posts.tar.xz") as corpus:
        members = [member for member in corpus.getmembers() if member.name.endswith(".md")][::every]
        posts = {Path(member.name).name: corpus.extractfile(member).read() for member in members}  # type: ignore[union-attr]
    for name, content in posts.items():
        article = extract(name, content)
        before = front_matter(content.decode())
        row = {"post": article.post, "layout": article.layout, "body_html": article.body.html}
        after = front_matter(post(row))
        assert (after.values, after.repaired) == (before.values, False), name
        # One word is lost: the title of a whole HTML document inside a post, which no reader sees.
        assert words(after.body) == words(before.body), name


def test_a_post_goes_out_with_its_pictures_which_are_no_words_of_it() -> None:
    content = '---\ntitle: 항만\n---\n\n<p>앞 글<img src="https://newsdao.kr/1" alt="항만 사진">뒤 글</p>\n'
    article = extract("2024-07-21-1.md", content.encode())
    assert "<img" not in article.body.html
    row = {"post": article.post, "layout": article.layout, "body_html": article.body.html}
    again = extract("2024-07-21-1.md", post(row).encode())
    assert (again.body.text, again.images) == (article.body.text, article.images)
    assert "항만 사진" not in again.body.text
