"""All aliases of an article lead to one address."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import KOREA, NEWSDAO
from crawler.sites.sections import SECTIONS
from crawler.sites.urls import KOREA_HOSTS, canonical, canonical_url, identify, section_of_list

PRESS = "https://www.korea.kr/briefing/pressReleaseView.do?newsId=156990101"
POLICY = "https://www.korea.kr/news/policyNewsView.do?newsId=148990201"


@pytest.mark.parametrize(
    ("alias", "address"),
    [
        (PRESS, PRESS),
        ("http://korea.kr/briefing/pressReleaseView.do?newsId=156990101", PRESS),
        ("https://m.korea.kr/briefing/pressReleaseView.do?newsId=156990101&call_from=rsslink", PRESS),
        ("https://admin.korea.kr/briefing/pressReleaseView.do?newsId=156990101", PRESS),
        ("https://admin2.korea.kr/briefing/pressReleaseView.do?pageIndex=1&newsId=156990101", PRESS),
        ("https://www.korea.kr/news/pressReleaseView.do?newsId=156990101&pWise=sub&pWiseSub=J1", PRESS),
        ("https://www.korea.kr/news/customizedNewsView.do?newsId=148990201&keyType=KW01", POLICY),
        ("https://www.korea.kr/special/policyFocusView.do?newsId=148990201&pkgId=49500845", POLICY),
        ("https://www.korea.kr/news/policyNewsView.do/?newsId=148990201", POLICY),
        (
            "https://www.korea.kr/archive/speechView.do?newsId=132990601",
            "https://www.korea.kr/briefing/speechView.do?newsId=132990601",
        ),
        ("https://www.newsdao.kr/9101/?ref=related", "https://newsdao.kr/9101"),
    ],
)
def test_an_alias_leads_to_the_article(alias: str, address: str) -> None:
    assert canonical(alias) == address


@pytest.mark.parametrize(
    "address",
    [
        "https://www.korea.kr/briefing/pressReleaseList.do?newsId=156990101",
        "https://www.korea.kr/briefing/pressReleaseView.do?newsId=one",
        "https://www.korea.kr/briefing/pressReleaseView.do",
        "https://gonggam.korea.kr/briefing/pressReleaseView.do?newsId=156990101",
        "https://korea.kr.example.com/briefing/pressReleaseView.do?newsId=156990101",
        "https://newsdao.kr/category/policy",
        "http://[broken",
        "javascript:;",
        "",
    ],
)
def test_what_is_no_article_has_no_address(address: str) -> None:
    assert canonical(address) is None


@given(
    section=st.sampled_from([section for section in SECTIONS if section.site == KOREA]),
    number=st.integers(1, 10**9),
    host=st.sampled_from(KOREA_HOSTS),
    scheme=st.sampled_from(["http", "https"]),
    extra=st.dictionaries(st.sampled_from(["pWise", "call_from", "pageIndex", "srchWord"]), st.text()),
    data=st.data(),
)
def test_every_path_and_host_of_a_section_means_the_same_article(
    section: object, number: int, host: str, scheme: str, extra: dict[str, str], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from([section.view_path, *section.aliases]))  # type: ignore[attr-defined]
    identity = identify(f"{scheme}://{host}{path}?{urlencode({**extra, 'newsId': number})}")
    assert identity == (KOREA, section.name, str(number))  # type: ignore[attr-defined]
    assert identify(canonical_url(*identity)) == identity


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    identify(text)


def test_a_list_names_its_section() -> None:
    assert section_of_list("https://www.korea.kr/briefing/speechList.do?pageIndex=1") == "speech"
    assert section_of_list("https://newsdao.kr/") is None
    assert canonical_url(NEWSDAO, "article", "9101") == "https://newsdao.kr/9101"
