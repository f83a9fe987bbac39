"""A first contact tells whether both sites are as known, by what, and what differs, and stores nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing.demo.server import answer
from crawler.sites.sections import SECTIONS
from tests.certificates import self_signed
from tests.command import briefing
from tests.unruly import RESET, Asked, Reply, Unruly, serve

if TYPE_CHECKING:
    from tests.command import Done

HTML = (("Content-Type", "text/html;charset=UTF-8"),)


def doctor(site: Unruly, folder: Path, *more: str) -> Done:
    """Examine the replica on its day."""
    places = [f"--pages={folder / 'pages'}", f"--db={folder / 'archive.db'}"]
    return briefing(
        "doctor", "--sites", f"--mirror={site.url}", "--delay=0", "--today=2026-07-14", *places, *more
    )


def found(done: Done) -> dict[str, dict[str, Any]]:
    """Return all findings by what they are of."""
    sites = json.loads(done.stdout)["sites"]
    return {finding["what"]: finding for of_site in sites.values() for finding in of_site}


def changed(site: Unruly, *pairs: tuple[str, str], details: bool = True) -> None:
    """Serve pages of another layout: article pages, or lists."""

    def trouble(asked: Asked) -> Reply | None:
        is_wanted = asked.path.endswith("View.do") if details else asked.path.endswith("List.do")
        if not is_wanted:
            return None
        page = answer(asked.host, asked.path, asked.fields, site.day)
        text = page.body.decode()
        for before, after in pairs:
            text = text.replace(before, after)
        return Reply(page.status, text.encode(), HTML)

    site.trouble = trouble


def test_of_a_site_as_known_everything_is_recognised_in_some_twenty_requests(
    site: Unruly, tmp_path: Path
) -> None:
    done = doctor(site, tmp_path, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    findings = found(done)
    for section in SECTIONS[:-1]:
        shown, article = findings[f"list of {section.name}"], findings[f"article of {section.name}"]
        assert (shown["recognised"], article["recognised"]) == (True, True)
        assert shown["says"]["total"] >= 1
        assert article["layout"] == "korea_kr/detail-2026"
        assert article["fields"]["title"] == "layout"
        assert article["fields"]["published"] == "structured data, layout"
    assert findings["sitemap"]["says"]["articles"] > 0
    assert findings["article 9907"]["fields"]["writer"] == "structured data"
    assert findings["article 9907"]["page_object"] == "NewsViewPage/1"
    assert [finding["says"]["state"] for what, finding in findings.items() if what.startswith("file")] == [
        "text"
    ]
    assert len(site.log) <= 22
    assert len(site.log) == len({(asked.host, asked.path, str(asked.fields)) for asked in site.log})


def test_a_mirror_of_an_earlier_day_is_as_good_as_one_of_today(site: Unruly, tmp_path: Path) -> None:
    done = doctor(site, tmp_path, "--today=2028-03-01")
    assert (done.returncode, done.stderr) == (0, "")
    assert "article of press: recognised" in done.stdout


def test_nothing_is_stored_but_the_pages_as_they_came(site: Unruly, tmp_path: Path) -> None:
    done = doctor(site, tmp_path, "--json")
    assert [path.name for path in tmp_path.iterdir()] == ["pages"]
    page = Path(found(done)["article of policy"]["saved"]).read_bytes()
    asked = next(asked for asked in site.log if asked.path.endswith("policyNewsView.do"))
    assert page == answer(asked.host, asked.path, asked.fields, site.day).body


def test_a_saved_page_can_be_inspected(site: Unruly, tmp_path: Path) -> None:
    page = found(doctor(site, tmp_path, "--json"))["article of policy"]
    said = json.loads(briefing("inspect", page["saved"]).stdout)
    assert said["title"] == page["says"]["title"]


def test_a_person_reads_what_by_what_and_from_where(site: Unruly, tmp_path: Path) -> None:
    done = doctor(site, tmp_path)
    assert "article of press: recognised by PressReleasePage/1 (korea_kr/detail-2026)" in done.stdout
    assert "from structured data, layout: published" in done.stdout
    assert f"the pages are kept in {tmp_path / 'pages'}" in done.stdout
    assert done.stdout.endswith("both sites are recognised\n")


def test_an_article_in_an_unknown_layout_is_told_with_what_it_lacks(site: Unruly, tmp_path: Path) -> None:
    changed(site, ("view_title", "vw-subject"), ("article_head", "at-head"), ("view_cont", "doc-cont"))
    done = doctor(site, tmp_path, "--json")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "Error: article of press (www.korea.kr) is not recognised: not korea_kr/detail-2026: it lacks "
    )
    assert done.stderr.count("\n") == 1
    article = found(done)["article of policy"]
    assert (article["recognised"], article["layout"]) == (False, "generic/korea_kr")
    assert article["fields"]["published"] == "structured data"
    assert article["fields"]["body_html"] == "generic"
    assert ".article_body .view_cont" in " ".join(article["differs"])
    assert Path(article["saved"]).exists()
    assert found(done)["list of policy"]["recognised"]


def test_a_list_in_an_unknown_layout_is_told(site: Unruly, tmp_path: Path) -> None:
    changed(site, ('class="list_type"', 'class="board"'), details=False)
    done = doctor(site, tmp_path, "--json")
    assert done.returncode == 2
    assert "list of press (www.korea.kr) is not recognised" in done.stderr
    assert found(done)["list of press"]["recognised"] is False
    assert found(done)["list of speech"]["recognised"]


def test_a_field_that_is_lost_differs_though_the_layout_is_known(site: Unruly, tmp_path: Path) -> None:
    changed(site, ('class="info"', 'class="facts"'), ("gotosite", "to-site"))
    done = doctor(site, tmp_path, "--json")
    assert done.returncode == 1
    assert "article of press (www.korea.kr) is recognised and differs" in done.stderr
    assert "no ministry was read" in found(done)["article of press"]["differs"]


def test_a_list_that_leads_elsewhere_is_told(site: Unruly, tmp_path: Path) -> None:
    def trouble(asked: Asked) -> Reply | None:
        if asked.path == "/main.do":
            return Reply(200, b"<html><body>main page</body></html>", HTML)
        return Reply(302, b"", (("Location", "/main.do"),)) if "policyNewsList" in asked.path else None

    site.trouble = trouble
    done = doctor(site, tmp_path)
    assert done.returncode == 2
    assert "list of policy" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_section_that_is_not_crawled_by_default_makes_no_exit_code(site: Unruly, tmp_path: Path) -> None:
    site.trouble = lambda asked: Reply(404) if asked.path == "/multi/visualNewsList.do" else None
    done = doctor(site, tmp_path)
    assert done.returncode == 0
    assert done.stdout.endswith("; not crawled by default and not recognised: list of visual\n")


def test_a_newsdao_page_of_neither_layout_is_read_generically(site: Unruly, tmp_path: Path) -> None:
    def trouble(asked: Asked) -> Reply | None:
        if not asked.path.strip("/").isdigit():
            return None
        page = answer(asked.host, asked.path, asked.fields, site.day)
        return Reply(200, page.body.replace(b"articleBody", b"content-main"), HTML)

    site.trouble = trouble
    done = doctor(site, tmp_path, "--json")
    assert done.returncode == 2
    article = found(done)["article 9907"]
    assert article["layout"] == "generic"
    assert len(article["differs"]) >= 2  # one for each layout that is assumed


def test_a_site_that_does_not_want_to_is_not_asked(site: Unruly, tmp_path: Path) -> None:
    rules = b"User-agent: *\nDisallow: /\n"
    site.trouble = lambda asked: Reply(200, rules) if asked.path == "/robots.txt" else None
    done = doctor(site, tmp_path)
    assert done.returncode == 3
    assert "asks not to fetch it" in done.stderr
    assert {asked.path for asked in site.log} == {"/robots.txt"}


def test_a_site_that_resets_is_left_alone_and_the_other_is_examined(site: Unruly, tmp_path: Path) -> None:
    site.trouble = lambda asked: Reply(RESET) if asked.host == "www.korea.kr" else None
    done = doctor(site, tmp_path, "--json")
    assert done.returncode == 3
    assert found(done)["sitemap"]["recognised"]
    assert sum(asked.host == "www.korea.kr" for asked in site.log) <= 5


def test_an_untrusted_certificate_is_told(tmp_path: Path) -> None:
    with serve(self_signed(tmp_path, "127.0.0.1")) as secured:
        done = doctor(secured, tmp_path)
        assert done.returncode == 3
        assert "its certificate is not trusted" in done.stderr
        assert secured.log == []


def test_a_mirror_that_does_not_answer_is_named(tmp_path: Path) -> None:
    done = briefing("doctor", "--sites", "--mirror=http://127.0.0.1:1", f"--pages={tmp_path / 'p'}")
    assert done.returncode == 3
    assert not (tmp_path / "p").exists()


def test_this_machine_alone_is_looked_at_without_a_request(tmp_path: Path) -> None:
    done = briefing("doctor", "--json", f"--db={tmp_path / 'archive.db'}")
    said = json.loads(done.stdout)
    assert [line["what"] for line in said["machine"]] == ["versions", "clock", "limits", "disk", "archive"]
    assert said["sites"] == {}
    assert list(tmp_path.iterdir()) == []


def test_an_archive_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"no archive")
    done = briefing("doctor", f"--db={tmp_path / 'archive.db'}")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
