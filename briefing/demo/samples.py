"""The sample articles, in their state of a given day."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from datetime import date, datetime


class Official(NamedTuple):
    """One row of the 담당 부서 table of a press release."""

    department: str
    rank: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One article in its state of one day.

    Attributes:
        id: the site's id.
        section: press, policy …; article on newsdao.kr.
        at: when it was published, KST.
        title: headline.
        paragraphs: its text.
        organization: ministry or speaker.
        code: the ministry's repCode.
        subtitle: second headline.
        contacts: officials in the attached HWPX file; a release without any has no attachment.
        form: ``inline`` or ``viewer`` (shell of the document viewer).
        image: caption of the picture shown.
        presenter: who gave the briefing.
        retells: id of the policy article that a newsdao article retells.
    """

    id: int
    section: str
    at: datetime
    title: str
    paragraphs: tuple[str, ...]
    organization: str = ""
    code: str = ""
    subtitle: str = ""
    contacts: tuple[Official, ...] = ()
    form: str = "inline"
    image: str = ""
    presenter: str = ""
    retells: int | None = None


@cache
def standing_on(day: date) -> tuple[Sample, ...]:
    """List the articles that the two sites show on a day, newest first; edits made and deletions done."""
    data = _data()
    shown = [
        _sample(article, data["codes"], day)
        for article in data["articles"]
        if article["at"].date() <= day and not ("deleted" in article and article["deleted"] <= day)
    ]
    return tuple(sorted(shown, key=lambda sample: (sample.at, sample.id), reverse=True))


@cache
def _data() -> Any:
    return yaml.safe_load(resources.files(__package__).joinpath("articles.yaml").read_text("utf-8"))


def _sample(article: dict[str, Any], codes: dict[str, str], day: date) -> Sample:
    said = dict(article)
    for edit in said.pop("edits", ()):
        if edit["day"] <= day:
            said.update(edit)
    shell = said["section"] in ("press", "actually")
    said.setdefault("form", "viewer" if shell else "inline")
    said["code"] = codes.get(said.get("organization", ""), "")
    said["paragraphs"] = tuple(said["paragraphs"])
    said["contacts"] = tuple(Official(*row) for row in said.get("contacts", ()))
    known = {field.name for field in fields(Sample)}
    return Sample(**{name: value for name, value in said.items() if name in known})
