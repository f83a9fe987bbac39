"""The parameters of a URL: those understood, and those ignored, which every page lists."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from archive.reading_room.search.filters import CHOICES, DAY, Filters

if TYPE_CHECKING:
    from collections.abc import Iterable

LABELS = {
    "q": "주제",
    "ministry": "부처",
    "section": "갈래",
    "since": "시작 날짜",
    "until": "끝 날짜",
    "state": "상태",
    "contact": "담당자",
    "kogl": "이용 조건",
    "sort": "순서",
    "page": "쪽",
    "by": "단위",
    "kind": "바뀐 것",
}
"""Names of parameters, in Korean."""

WRITE_DAYS = "날짜를 이렇게 적습니다:"
CHOOSE = "쓸 수 있는 값:"
NO_PAGE = "그런 쪽은 없습니다."
TOO_MANY = "주제는 넷까지 견줍니다."
SENTENCES = (*LABELS.values(), WRITE_DAYS, CHOOSE, NO_PAGE, TOO_MANY)
"""Every text of an ignored parameter, for the catalogue."""


class Ignored(NamedTuple):
    """A parameter that a page left out.

    Attributes:
        label: its name, in Korean.
        value: as in the URL.
        hint: how it is written, in Korean.
        example: values that are understood.
    """

    label: str
    value: str
    hint: str
    example: str = ""


class Parameters(dict[str, str]):
    """The parameters of one URL by name; of a repeated one, the first value.

    Attributes:
        ignored: those with a value that is not understood.
    """

    def __init__(self, given: Iterable[tuple[str, str]]) -> None:
        super().__init__(given)
        self.ignored: list[Ignored] = []

    @cached_property
    def page(self) -> int:
        """The page of a long list, from 1."""
        text = self.get("page") or "1"
        if re.fullmatch(r"[1-9]\d{0,3}", text, re.A):
            return int(text)
        self.ignore("page", NO_PAGE)
        return 1

    @cached_property
    def filters(self) -> Filters:
        """The filters of a search."""
        filters = Filters.of(self)
        for name in self.keys() & (CHOICES.keys() | {"since", "until"}):
            if self[name].strip() and not getattr(filters, name):
                self._ignore_value(name)
        return filters

    def choice(self, name: str, allowed: Iterable[str]) -> str:
        """Return a parameter that is one of the allowed values; otherwise an empty text."""
        value = self.get(name, "")
        if value and value not in allowed:
            self.ignore(name, CHOOSE, ", ".join(allowed))
            return ""
        return value

    def day(self, name: str) -> str:
        """Return a parameter that is a day, YYYY-MM-DD; otherwise an empty text."""
        value = self.get(name, "")
        if value and not DAY.fullmatch(value):
            self._ignore_value(name)
            return ""
        return value

    def limit_page(self, pages: int) -> int:
        """Return the page, or the last of a list that has fewer."""
        if self.page > max(pages, 1):
            self.ignore("page", NO_PAGE)
        return min(self.page, max(pages, 1))

    def ignore(self, name: str, hint: str, example: str = "", value: str | None = None) -> None:
        """Record a parameter as not understood."""
        self.ignored.append(Ignored(LABELS[name], self[name] if value is None else value, hint, example))

    def _ignore_value(self, name: str) -> None:
        if name in CHOICES:
            self.ignore(name, CHOOSE, ", ".join(CHOICES[name]))
        else:
            self.ignore(name, WRITE_DAYS, "2026-07-01")
