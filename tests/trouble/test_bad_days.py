"""One bad day of a site between two good ones leaves the archive as if there had been none.

Each kind of trouble is met twice: by an archive that knows the articles, and by one that sees them first.
"""

from __future__ import annotations

import gzip
import re
from itertools import cycle
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from briefing.demo.server import DAYS, answer
from tests.command import briefing
from tests.crawl.test_crawl import rows
from tests.unruly import Asked, Reply, Unruly, crawl, is_detail, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HTML = "text/html;charset=UTF-8"
SECTIONS = ("--section", "press,policy,article")
NOTICE = "시스템 점검 중입니다. 이용에 불편을 드려 죄송합니다. 잠시 후 다시 접속해 주시기 바랍니다."
OTHER = "정책브리핑이 새롭게 달라졌습니다. 더 편리해진 서비스를 만나 보세요. " * 4
LEFT = re.compile(r'(<div class="view_cont">).*?(</div>\s*<div class="article_footer")', re.DOTALL)
LEFT_NEWSDAO = re.compile(r"(<article[^>]*>).*?(</article>)", re.DOTALL)


class Bad(NamedTuple):
    """A bad day.

    Attributes:
        page: rewrites an article's page; the number counts the pages answered.
        listing: rewrites a list's page.
        reply: answers anything in another way; None means no trouble.
        code: the exit code of that day; 0 only where nothing was lost.
    """

    page: Callable[[str, int], str | bytes] = lambda page, _: page
    listing: Callable[[str], str] = lambda page: page
    reply: Callable[[Asked, int], Reply | None] = lambda *_: None
    code: int = 2
    headers: tuple[tuple[str, str], ...] = (("Content-Type", HTML),)


def texts_replaced(text: str) -> Callable[[str, int], str]:
    def change(page: str, _: int) -> str:
        page = LEFT.sub(rf"\1<p>{text}</p></div>\2", page)
        return LEFT_NEWSDAO.sub(rf"\1<p>{text}</p>\2", page)

    return change


def third_without_text(page: str, number: int) -> str:
    return texts_replaced("")(page, number) if number % 3 == 0 else page


def titles_from(titles: list[str]) -> Callable[[str, int], str]:
    left = cycle(titles)

    def change(page: str, _: int) -> str:
        return re.sub(r"(<h1[^>]*>).*?(</h1>)", lambda found: found[1] + next(left) + found[2], page)

    return change


def dated_today(page: str, _: int) -> str:
    page = re.sub(r"(<div class=\"info\"><span>)[^<]*", r"\g<1>2026.07.15", page)
    return re.sub(r"2026-07-1[34]T[\d:+]*", "2026-07-15T00:00:00+09:00", page)


def one_ministry(page: str, _: int) -> str:
    return re.sub(r'(class="gotosite"[^>]*>)[^<]*', r"\1국무조정실", page)


def without_files(page: str, number: int) -> str:
    return re.sub(r'<div class="filedown">.*?</dl></div>', "", page, flags=re.DOTALL) if number % 2 else page


def gone_for_most(asked: Asked, number: int) -> Reply | None:
    return (
        Reply(404, b"<html>404</html>", (("Content-Type", HTML),))
        if is_detail(asked) and number % 4
        else None
    )


def deleted_for_most(asked: Asked, number: int) -> Reply | None:
    said = "<html><script>alert('삭제된 게시물입니다.');history.back();</script></html>"
    return Reply(200, said.encode(), (("Content-Type", HTML),)) if is_detail(asked) and number % 4 else None


def no_sitemap(asked: Asked, _: int) -> Reply | None:
    return (
        Reply(200, b"<urlset/>", (("Content-Type", "application/xml"),))
        if asked.path == "/sitemap.xml"
        else None
    )


def yesterdays_lists(asked: Asked, _: int) -> Reply | None:
    if "List.do" not in asked.path or "startDate" not in asked.fields:
        return None
    fields = asked.fields | {"startDate": "2026-07-13", "endDate": "2026-07-13"}
    return Reply(200, answer(asked.host, asked.path, fields, DAYS[1]).body, (("Content-Type", HTML),))


def half_the_items(page: str) -> str:
    items = re.findall(r"<li>.*?</li>", page, re.DOTALL)
    for item in items[1::2]:
        page = page.replace(item, "")
    return page


def total_off(page: str) -> str:
    return re.sub(
        r"(총 <strong>)([\d,]+)", lambda found: f"{found[1]}{int(found[2].replace(',', '')) + 3}", page
    )


def mojibake(page: str, _: int) -> bytes:
    return page.encode().decode("latin-1").encode()


def zipped_twice(page: str, _: int) -> bytes:
    return gzip.compress(gzip.compress(page.encode()))


KINDS = {
    "a notice": Bad(texts_replaced(NOTICE)),
    "one text": Bad(texts_replaced(OTHER)),
    "no text": Bad(texts_replaced("")),
    "no text in a third": Bad(third_without_text),
    "one title": Bad(titles_from(["정책브리핑"])),
    "titles of others": Bad(titles_from(["첫째 제목", "둘째 소식", "셋째 자료", "넷째 알림", "다섯째 발표"])),
    "all of today": Bad(dated_today),
    "one ministry": Bad(one_ministry),
    "without files": Bad(lambda page, _: without_files(page, 1)),
    "half without files": Bad(without_files),
    "404 for most": Bad(reply=gone_for_most, code=1),
    "deleted for most": Bad(reply=deleted_for_most),  # of newsdao.kr such a page is not known
    "no sitemap": Bad(reply=no_sitemap, code=1),
    "yesterday's lists": Bad(reply=yesterdays_lists),
    "half the items": Bad(listing=half_the_items, code=1),
    "totals off": Bad(listing=total_off, code=1),
    "CP949 named UTF-8": Bad(lambda page, _: page.encode("cp949", "xmlcharrefreplace"), code=0),
    "UTF-16 without a mark": Bad(lambda page, _: page.encode("utf-16-le"), code=0),
    "mojibake": Bad(mojibake),
    "zipped twice": Bad(zipped_twice, headers=(("Content-Type", HTML), ("Content-Encoding", "gzip"))),
}
UNSEEN = "half without files"  # nobody can tell how many files one or two new articles have
FIRST = (
    "a notice",
    "one text",
    "no text",
    "no text in a third",
    "one title",
    "titles of others",
    "all of today",
    "one ministry",
    "deleted for most",
)
CASES = [(kind, True) for kind in KINDS] + [(kind, False) for kind in FIRST]


@pytest.fixture(scope="module")
def site() -> Iterator[Unruly]:
    """Serve the replica."""
    with serve() as unruly:
        yield unruly


def state(db: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what an archive holds: articles, versions and listings."""
    key = "a.site, a.section, a.native_id"
    return {
        "articles": rows(
            db,
            f"SELECT {key}, title, subtitle, organization, published_at, a.state, version,"
            " body_source, body_text,"
            " (SELECT group_concat(file_id || coalesce(sha256, '')) FROM (SELECT * FROM attachments f"
            " WHERE f.article_id = a.id AND removed_at IS NULL ORDER BY file_id))"
            " FROM articles a JOIN article_texts ON article_id = a.id ORDER BY 1, 2, 3",
        ),
        "versions": rows(
            db,
            f"SELECT {key}, number, kind, changed FROM versions JOIN articles a ON a.id = article_id"
            " ORDER BY 1, 2, 3, 4",
        ),
        "listings": rows(
            db,
            "SELECT site, section, day, total, found, archived, failed, complete"
            " FROM listings ORDER BY 1, 2, 3",
        ),
        "relations": rows(db, "SELECT kind, count(*) FROM relations GROUP BY 1 ORDER BY 1"),
    }


@pytest.fixture(scope="module")
def undisturbed(site: Unruly, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what archives hold after two good days, after the second alone, and their beginnings."""
    folder = tmp_path_factory.mktemp("good")
    site.trouble = lambda _: None
    first, whole, late = (folder / f"{name}.db" for name in ("first", "whole", "late"))
    site.day = DAYS[0]
    for db in (first, whole):
        assert crawl(site, db, *SECTIONS).returncode == 0
    site.day = DAYS[1]
    for db in (whole, late):
        assert crawl(site, db, *SECTIONS).returncode == 0
    return {"known": state(whole), "new": state(late), "first": first}


def troubled(bad: Bad) -> Callable[[Asked], Reply | None]:
    """Make the trouble of a bad day."""
    numbers: dict[str, int] = {}

    def trouble(asked: Asked) -> Reply | None:
        number = numbers.setdefault(asked.path + str(asked.fields), len(numbers))
        if (reply := bad.reply(asked, number)) is not None:
            return reply
        is_list = "List.do" in asked.path
        if not is_list and not is_detail(asked):
            return None
        found = answer(asked.host, asked.path, asked.fields, DAYS[1])
        text = found.body.decode()
        content = bad.listing(text) if is_list else bad.page(text, number)
        body = content.encode() if isinstance(content, str) else content
        return Reply(found.status, body, bad.headers if body != found.body else (("Content-Type", HTML),))

    return trouble


@pytest.mark.parametrize(("kind", "known"), CASES)
def test_a_bad_day_between_good_ones_leaves_no_trace(
    site: Unruly, tmp_path: Path, undisturbed: dict[str, Any], kind: str, known: bool
) -> None:
    bad, db = KINDS[kind], tmp_path / "archive.db"
    site.day = DAYS[1]
    if known:
        db.write_bytes(undisturbed["first"].read_bytes())
    site.trouble = troubled(bad)
    done = crawl(site, db, *SECTIONS)
    said = done.stdout + done.stderr
    assert done.returncode == bad.code, said
    site.trouble = lambda _: None
    again = crawl(site, db, *SECTIONS)
    assert again.returncode == 0, again.stdout + again.stderr
    expected, found = undisturbed["known" if known else "new"], state(db)
    for part, whole in expected.items():
        if kind == UNSEEN:
            old = {
                row[:3] for row in rows(undisturbed["first"], "SELECT site, section, native_id FROM articles")
            }
            found[part] = [row for row in found[part] if part == "relations" or row[:3] in old]
            whole = [row for row in whole if part == "relations" or row[:3] in old]
        assert found[part] == whole, part
    assert rows(db, "SELECT count(*) FROM failures WHERE resolved_at IS NULL") == [(0,)]


def only(native_id: str, page: Callable[[str, int], str]) -> Callable[[Asked], Reply | None]:
    """Make trouble for one article alone."""
    trouble = troubled(Bad(page))
    return lambda asked: trouble(asked) if native_id in (*asked.fields.values(), asked.path[1:]) else None


def versions(db: Path, native_id: str) -> list[tuple[object, ...]]:
    return rows(
        db,
        "SELECT number, kind, changed FROM versions JOIN articles a ON a.id = article_id"
        f" WHERE native_id = '{native_id}' ORDER BY number",
    )


def body(db: Path, native_id: str) -> tuple[object, ...]:
    (found,) = rows(
        db,
        "SELECT body_source, body_text FROM articles JOIN article_texts ON article_id = id"
        f" WHERE native_id = '{native_id}'",
    )
    return found


NEW, KNOWN = "148990207", "148990201"  # policy news of the second day, and of the first


def test_an_article_first_seen_without_its_text_says_so_and_is_asked_for_again(
    site: Unruly, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    db = tmp_path / "archive.db"
    db.write_bytes(undisturbed["first"].read_bytes())
    site.day, site.trouble = DAYS[1], only(NEW, texts_replaced(""))
    done = crawl(site, db, *SECTIONS)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "Error: 1 failures are recorded")
    assert body(db, NEW)[0] == "lead"
    assert rows(db, "SELECT kind, native_id, detail FROM failures WHERE resolved_at IS NULL") == [
        ("no_text", NEW, "its page shows no text; what its list shows stands in its place")
    ]
    assert "no_text" in briefing("status", "--db", db).stdout
    assert re.search(r"read from:? +lead,", briefing("show", f"korea.kr/policy/{NEW}", "--db", db).stdout)
    site.trouble = lambda _: None
    assert crawl(site, db, *SECTIONS).returncode == 0
    assert body(db, NEW)[0] == "inline"
    assert versions(db, NEW) == [(1, "new", "[]")]
    assert rows(db, "SELECT count(*) FROM failures WHERE resolved_at IS NULL") == [(0,)]


def test_a_page_that_shows_no_text_on_another_day_either_has_none(site: Unruly, tmp_path: Path) -> None:
    db, day = tmp_path / "archive.db", ("--since", "2026-07-15")
    site.day, site.trouble = DAYS[1], only(NEW, texts_replaced(""))
    assert crawl(site, db, *SECTIONS, *day).returncode == 1
    assert crawl(site, db, *SECTIONS, *day, "--today=2026-07-16T21:00").returncode == 0
    assert body(db, NEW)[0] == "lead"


def half_of_it(page: str, _: int) -> str:
    """Leave the first paragraph of a text."""
    return LEFT.sub(
        lambda found: found[1] + found[0].partition("</p>")[0].partition(">")[2] + "</p></div>" + found[2],
        page,
    )


@pytest.mark.parametrize("change", [texts_replaced(""), half_of_it])
def test_a_text_lost_for_days_and_restored_is_no_edit(
    site: Unruly, tmp_path: Path, undisturbed: dict[str, Any], change: Callable[[str, int], str]
) -> None:
    db = tmp_path / "archive.db"
    db.write_bytes(undisturbed["first"].read_bytes())
    site.day = DAYS[1]
    before = body(db, KNOWN)
    for day, trouble in (("15", only(KNOWN, change)), ("17", only(KNOWN, change)), ("21", lambda _: None)):
        site.trouble = trouble
        crawl(site, db, *SECTIONS, "--since=2026-07-13", f"--today=2026-07-{day}T21:00")
    assert body(db, KNOWN) == before
    assert versions(db, KNOWN) == [(1, "new", "[]")]
    assert briefing("verify", "--db", db).stdout.count("rows:") == 0


def today_again(page: str, _: int) -> str:
    """Date every article with the day on which it is served."""
    return re.sub(r"2026-07-1[345]T[\d:+]*", "2026-07-16T00:00:00+09:00", dated_today(page, 0)).replace(
        "2026.07.15", "2026.07.16"
    )


def test_a_site_that_dates_everything_today_every_day_dates_nothing(site: Unruly, tmp_path: Path) -> None:
    db, days = tmp_path / "archive.db", ("--since=2026-07-13", "--until=2026-07-14")
    site.day = DAYS[1]
    for day, page in (("15", dated_today), ("16", today_again)):
        site.trouble = troubled(Bad(page))
        assert crawl(site, db, *SECTIONS, *days, f"--today=2026-07-{day}T21:00").returncode == 2
        assert rows(db, "SELECT native_id FROM articles") == []
