"""The sections of both sites, each one small declaration.

A new section of korea.kr is a declaration here and, where its detail page differs, a page object in
``crawler/pages``. Paths and forms were read off real pages of 2026-08 to 2026-10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from archive.errors import UsageError
from archive.records import KOREA, NEWSDAO

if TYPE_CHECKING:
    from collections.abc import Iterable

ListForm = Literal["items", "table", "cards"]

# What mainForm posts; a GET that carries all of them pages as well (seen 2026-07 over 7 pages of one day).
FORM_FIELDS = ("pageIndex", "repCodeType", "repCode", "startDate", "endDate", "srchWord", "period")


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a site.

    Attributes:
        name: short English name, kept in the archive.
        korean: its name on the site.
        site: korea.kr or newsdao.kr.
        list_path: path of its list; the form posts to the same path.
        view_path: canonical path of its detail pages.
        aliases: other paths that show the same articles.
        form: how the list is marked up: ``items`` (list_type), ``table`` or ``cards``.
        columns: names of the table's columns, in order, for the form ``table``.
        extra_fields: form fields beyond those of every list.
        per_page: articles on a list page.
        per_day: articles on a usual day, for estimates only (counted 2020 to 2026).
        files_each: attachments of a usual article, for estimates only.
        by_default: whether it is crawled without being named; a list that nobody has seen whole is not.
    """

    name: str
    korean: str
    site: str = KOREA
    list_path: str = ""
    view_path: str = ""
    aliases: tuple[str, ...] = ()
    form: ListForm = "items"
    columns: tuple[str, ...] = ()
    extra_fields: tuple[str, ...] = ()
    per_page: int = 20
    per_day: float = 1.0
    files_each: float = 0.0
    by_default: bool = True


SECTIONS: tuple[Section, ...] = (
    Section(
        "press",
        "보도자료",
        list_path="/briefing/pressReleaseList.do",
        view_path="/briefing/pressReleaseView.do",
        aliases=("/news/pressReleaseView.do",),
        per_day=75,
        files_each=1.8,
    ),
    Section(
        "policy",
        "정책뉴스",
        list_path="/news/policyNewsList.do",
        view_path="/news/policyNewsView.do",
        aliases=(
            "/news/customizedNewsView.do",
            "/news/policyFocusView.do",
            "/special/policyFocusView.do",
        ),
        per_day=18,
    ),
    Section(
        "actually",
        "사실은 이렇습니다",
        list_path="/briefing/actuallyList.do",
        view_path="/briefing/actuallyView.do",
        aliases=("/news/actuallyView.do",),
        extra_fields=("cateId", "nRepCode", "cardnewsSe"),
        per_day=3,
        files_each=1.5,
    ),
    Section(
        "briefing",
        "부처 브리핑",
        list_path="/briefing/policyBriefingList.do",
        view_path="/briefing/policyBriefingView.do",
        aliases=("/news/policyBriefingView.do",),
        form="table",
        columns=("organization", "title", "published", "presenter"),
        extra_fields=("srchType",),
        per_day=3,
        files_each=1,
    ),
    Section(
        "statecouncil",
        "국무회의",
        list_path="/briefing/stateCouncilList.do",
        view_path="/briefing/stateCouncilView.do",
        aliases=("/news/stateCouncilView.do",),
        per_day=0.2,
    ),
    Section(
        "speech",
        "연설문",
        list_path="/briefing/speechList.do",
        view_path="/briefing/speechView.do",
        aliases=("/archive/speechView.do",),
        form="table",
        columns=("organization", "title", "published"),
        per_page=30,
        per_day=1,
    ),
    Section(
        "visual",
        "카드뉴스",
        list_path="/multi/visualNewsList.do",
        view_path="/multi/visualNewsView.do",
        aliases=("/news/visualNewsView.do",),
        form="cards",
        extra_fields=("cateId", "nRepCode"),
        per_day=2,
        by_default=False,
    ),
    Section(
        "reporter",
        "국민이 말하는 정책",
        list_path="/news/reporterList.do",
        view_path="/news/reporterView.do",
        per_day=4,
        by_default=False,
    ),
    Section("article", "뉴스다오", site=NEWSDAO, view_path="/", per_page=15, per_day=8),
)
SITES = (KOREA, NEWSDAO)


def section_of(site: str, name: str) -> Section:
    """Find a section by site and name; raises UsageError when there is none."""
    for section in SECTIONS:
        if (section.site, section.name) == (site, name):
            return section
    raise UsageError(f"{site} has no section {name!r}; known: {', '.join(names_of(site))}")


def names_of(site: str) -> tuple[str, ...]:
    """List the names of a site's sections."""
    return tuple(section.name for section in SECTIONS if section.site == site)


def chosen_sections(sites: Iterable[str], names: Iterable[str]) -> tuple[Section, ...]:
    """Choose sections by site and name; without names those crawled by default; may raise UsageError."""
    sites, names = tuple(sites) or SITES, tuple(names)
    for site in sites:
        if site not in SITES:
            raise UsageError(f"unknown site {site!r}; known: {', '.join(SITES)}")
    known = [section for section in SECTIONS if section.site in sites]
    for name in names:
        if name not in {section.name for section in known}:
            raise UsageError(
                f"unknown section {name!r}; known: {', '.join(section.name for section in known)}"
            )
    return tuple(section for section in known if (section.name in names if names else section.by_default))
