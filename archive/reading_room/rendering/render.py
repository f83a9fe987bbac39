"""HTML of pages: templates, dates, highlighted words, and translation."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from babel.messages.pofile import read_po
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from archive.reading_room.pages.changes import FIELDS, KINDS
from archive.reading_room.rendering.contacts import MINISTRIES, OWNERS, by_unit
from archive.reading_room.rendering.reasons import FILE_STATES, OTHER, failure, reason
from archive.reading_room.search.filters import SECTIONS, STATES
from archive.reading_room.search.find import MARKS
from archive.search import without_heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archive.articles.diff import Change

_PACKAGE = "archive.reading_room"
_TAGS = {"removed": "del", "added": "ins"}


@cache
def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    """Return the translations of Korean sentences into a language; empty for Korean itself.

    A sentence that counts has two: for one, and for more. Korean has no plural.
    """
    if language == "ko":
        return {}
    with resources.files(_PACKAGE).joinpath(f"locale/{language}.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    return {str(_all(message.id)[0]): tuple(map(str, _all(message.string))) for message in messages}


def translate(language: str, text: str, **values: object) -> str:
    """Translate a Korean sentence into a language and fill in its values; ``n`` is what it counts."""
    found = catalogue(language).get(text, (text,))
    known = found[0] if str(values.get("n")) == "1" else found[-1]
    return known.format(**values) if values else known


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(
        _=partial(translate, language),
        language=language,
        sections=SECTIONS,
        states=STATES,
        fields=FIELDS,
        kinds=KINDS,
        owners=OWNERS,
        ministries_known=MINISTRIES,
        file_states=FILE_STATES,
        style=stylesheet_path(),
    )
    environment.filters.update(
        by_unit=by_unit,
        day=lambda text: _day(text, language),
        month=lambda text: format_date(date.fromisoformat(text), "LLL", locale=language),
        moment=lambda text, precision="minute": _moment(text, precision, language),
        marked=_marked,
        beneath=lambda text, title: without_heading(text, title, marks=MARKS),
        words=_words,
        number=lambda value: f"{value:,}",
        size=_size,
        tick=_tick,
        reason=lambda text: _reason(text, language),
        failure=lambda kind: _filled(language, failure(kind)),
    )
    return environment


def rendered(template: str, language: str, **values: Any) -> str:
    """Render a template of the reading room."""
    return _environment(language).get_template(template).render(values)


@cache
def stylesheet() -> bytes:
    """Read the style sheet."""
    return resources.files(_PACKAGE).joinpath("static/room.css").read_bytes()


@cache
def stylesheet_path() -> str:
    """Return the path of the style sheet; it contains a hash, so browsers may cache it forever."""
    return f"/-/room-{hashlib.sha256(stylesheet()).hexdigest()[:12]}.css"


def _all(text: str | Sequence[str]) -> Sequence[str]:
    return (text,) if isinstance(text, str) else text


def _day(text: str | None, language: str) -> str:
    if not text:
        return ""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return format_date(day, "y년 M월 d일 (E)" if language == "ko" else "d MMMM y", locale=language)


def _moment(text: str | None, precision: str, language: str) -> str:
    """Format a time as precisely as it is known."""
    if not text or len(text) <= len("YYYY-MM-DD") or precision == "day":
        return _day(text, language)
    moment = datetime.fromisoformat(text)
    return f"{_day(text, language)} {moment:%H:%M}"


def _reason(text: str | None, language: str) -> str:
    return _filled(language, reason(text) or (OTHER, {})) if text else ""


def _filled(language: str, sentence: tuple[str, dict[str, str]]) -> str:
    return translate(language, sentence[0], **sentence[1])


def _marked(text: str) -> Markup:
    start, end = MARKS
    return Markup(str(escape(text)).replace(start, "<mark>").replace(end, "</mark>"))  # noqa: S704  # escaped


def _words(words: Iterable[Change]) -> Markup:
    """Mark the removed and added words of a comparison with ``del`` and ``ins``."""
    drawn = Markup("")
    for one in words:
        tag = _TAGS.get(one.kind)
        drawn += Markup("<{0}>{1}</{0}>").format(Markup(tag), one.text) if tag else escape(one.text)  # noqa: S704
    return drawn


def _tick(value: float) -> str:
    """Format a value of a chart without trailing zeros."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _size(number: int | None) -> str:
    if number is None:
        return ""
    for unit in ("B", "KB", "MB"):
        if number < 1000 or unit == "MB":
            return f"{number:.0f} {unit}" if unit == "B" or number >= 10 else f"{number:.1f} {unit}"
        number /= 1000  # type: ignore[assignment]
    return ""
