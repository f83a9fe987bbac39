"""The filters of a search: ministry, section, days, state, contacts, licence."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
SECTIONS = {
    "press": "보도자료",
    "policy": "정책뉴스",
    "actually": "사실은 이렇습니다",
    "briefing": "부처 브리핑",
    "statecouncil": "국무회의",
    "speech": "연설문",
    "visual": "카드뉴스",
    "reporter": "국민이 말하는 정책",
    "article": "뉴스다오 기사",
}
STATES = {"live": "게시 중", "edited": "고쳐짐", "gone": "지워짐", "superseded": "다시 올림"}
CHOICES = {
    "section": tuple(SECTIONS),
    "state": tuple(STATES),
    "contact": ("1",),
    "kogl": tuple("01234"),
    "sort": ("new",),
}
"""Filters with a fixed set of values."""


@dataclass(frozen=True, slots=True)
class Filters:
    """The parameters of a search; empty fields do not filter.

    Attributes:
        q: the words, as typed.
        ministry: key of an organization, or any of its names, former ones included.
        since, until: first and last day of publication, YYYY-MM-DD.
        state: live, edited (more than one version), gone or superseded.
        contact: "1" for articles with contacts.
        kogl: type of the open licence, 0 to 4.
        sort: "" by relevance, "new" by date.
    """

    q: str = ""
    ministry: str = ""
    section: str = ""
    since: str = ""
    until: str = ""
    state: str = ""
    contact: str = ""
    kogl: str = ""
    sort: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Filters:
        """Read the parameters of a URL; invalid values are left empty, long ones are truncated."""
        values = {field.name: (parameters.get(field.name) or "").strip()[:300] for field in fields(cls)}
        for name, choices in CHOICES.items():
            if values[name] not in choices:
                values[name] = ""
        for name in ("since", "until"):
            if not DAY.fullmatch(values[name]):
                values[name] = ""
        return cls(**values)

    def conditions(self, organizations: Sequence[int]) -> tuple[str, list[str]]:
        """Return the filters as SQL conditions on ``articles a``, with their values.

        Args:
            organizations: row numbers of the organizations that match the ministry.
        """
        written: list[str] = ["a.state <> 'redacted'"]
        values: list[str] = []
        for given, sql in (
            (self.section, "a.section = ?"),
            (self.since, "a.published_at >= ?"),
            (self.until and self.until + "T24", "a.published_at < ?"),
            (self.kogl, "a.kogl_type = CAST(? AS INTEGER)"),
            (self.state if self.state != "edited" else "", "a.state = ?"),
        ):
            if given:
                written.append(sql)
                values.append(given)
        if self.ministry:
            written.append(f"a.organization_id IN ({', '.join(map(str, organizations)) or 'NULL'})")
        if self.state == "edited":
            written.append("EXISTS (SELECT 1 FROM versions v WHERE v.article_id = a.id AND v.kind = 'edit')")
        if self.contact:
            written.append("EXISTS (SELECT 1 FROM contacts c WHERE c.article_id = a.id)")
        return " AND ".join(written), values

    def without(self, name: str) -> Filters:
        """Return a copy without one of the filters."""
        return replace(self, **{name: ""})

    def given(self) -> dict[str, str]:
        """Return the filters and the order that are set, by name."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}

    def narrowing(self) -> list[str]:
        """Return the names of the filters that are set, beside the words."""
        return [name for name in self.given() if name not in ("q", "sort")]

    def query(self, **more: object) -> str:
        """Return the filters as the query string of a URL."""
        return urlencode({**self.given(), **{name: value for name, value in more.items() if value}})
