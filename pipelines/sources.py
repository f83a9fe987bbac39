"""Sources: what an article names as its origin.

Retellings end in provenance lines: a licence sentence, ``<자료출처=정책브리핑 https://www.korea.kr>``,
``기사작성 : 관리자`` and a headline before ``| 뉴스다오``; often run together on one line, often reworded,
in a table cell or as the text of a link. The forms were seen in 2,193 posts of 2024-06 to 2024-08 that
republish newsdao.kr. Angle brackets around such a line are text, not tags.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from archive.records import NEWSDAO, Source
from archive.text.normalize import one_line, without_spaces
from pipelines.blocks import Paragraph
from pipelines.organizations import load, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archive.records import Link, RawArticle
    from pipelines.blocks import Block, Table

ORIGIN_NAME = "정책브리핑"
ORIGIN_URL = "https://www.korea.kr"

_EDITOR = "관리자"
# Blocks at the head of a body in which the headline is the article's own.
_OPENING = 2
# Characters at the end of a line that are read: provenance stands last, and no page can make us slow.
_LONGEST = 2000
# Letters that make a headline; shorter texts are 원문 보기, 뉴스다오 기사 and the like.
_SHORTEST = 7
# Of 100: reworded headlines score above, free descriptions of a link below.
_SIMILAR = 62.0
# Characters of a ministry's name that was cut; shorter ones begin too many.
_SHORTEST_STEM = 4
# Characters of a person's name with title, or of an office.
_LONGEST_NAME = 20

_BRIEFING = r"정책\s?브리핑"
_KOREA = r"(?:https?://)*(?:www\.)?korea\.kr/?"
_WRITTEN = r"기사\s?작성(?:자)?\s*(?:[:=：]|[은는]\s(?=관리자))\s*"

_NAMED = re.compile(_BRIEFING)
_ADDRESS = re.compile(_KOREA, re.IGNORECASE)
_ADDRESS_LINE = re.compile(rf"\W*(?:(?:링크|주소|누리집|홈페이지)\s?[:：]\s?)?{_KOREA}", re.IGNORECASE)
_ATTRIBUTION = re.compile(
    rf"출처\s?[:=：][^.\n]{{0,30}}{_BRIEFING}"
    rf"|출처\W{{0,6}}(?:대한민국\s)?{_BRIEFING}"
    rf"|출처(?:는|인|로는)\s[^.]{{0,80}}{_BRIEFING}"
    rf"|{_BRIEFING}(?:의|에서)?\s?(?:정책뉴스)?(?:자료|기사)?\s?(?:원문\s?)?출처"
    rf"|{_BRIEFING}[^.]{{0,40}}(?:따르면|제공(?!받)|바탕|기반|인용|발췌|참고하여)"
    rf"|{_BRIEFING}\s?(?:웹사이트|홈페이지|사이트|누리집)?\W{{0,3}}{_KOREA}"
)
# A ministry's own 정책 브리핑 is not the site.
_LICENSOR = re.compile(
    rf"(?<!발표한\s)(?<!공식\s)(?<!부의\s){_BRIEFING}(?:[은는]|(?:의|\s)[^.]{{0,40}}(?:자료|뉴스|기사))"
)
_LICENSED = re.compile(r"공공\s?누리|자유롭|무료로 이용|출처를 [표반]")
_SOURCE_HEADING = re.compile(r"(?:^|\s)(?:자료|기사|정보)?\s?출처(?:\s및\s\S+)?\W*$")
_LABEL_CELL = re.compile(r"(?:자료|기사|뉴스)?\s?출처|기사\s?작성(?:자)?")

_WRITER = re.compile(rf"{_WRITTEN}(?P<rest>.*)")
_WRITER_END = re.compile(r"[|<>(),]|\s-\s|(?:자료|기사)?\s?출처")

_BAR = re.compile(r"[|｜]\s*뉴스\s?다오|\s[-–]\s뉴스다오$")
# What may stand before a headline on a run-together line; a lead announces one.
_MARK = re.compile(
    rf"(?P<lead>{_WRITTEN}{_EDITOR}|뉴스다오\s-\s"
    r"|(?:출처|링크|기사|뉴스|자료|참고|참조|원문|제공|바로가기|주세요|바랍니다)\s?[:：=])"
    rf"|{_WRITTEN}|{_KOREA}|[<>\t]"
)
# The text of a link that describes rather than quotes: … 행사 정보, 관련 기사 보기.
_DESCRIPTION = re.compile(r"(?:정보|안내|기사|링크|보기|바로가기)$")
_PREFIX = re.compile(r"^\[[^\]]*\]\s*")
_SUFFIX = re.compile(r"\s+-\s+\S+$")
_PUBLISHER = re.compile(r"\s[-–]\s+(?P<name>[^-–|]{2,40}?)\s*$")
_BOUNDARY = re.compile(r"""[!?.]?\s*(?:$|[|｜<>()\[\]"”’':：,\t-]|https?:)|[!?.]\s""")
_EDGES = " *-–·※<>|"
_STOPS = ("!", "?", ".")
_LETTER = re.compile(r"\w")
_LEADS = (":", "：", "=", _EDITOR, "뉴스다오")  # one of them is in whatever leads to a headline
_SENTENCE_END = re.compile(r"(?<=[다요오])\.\s*")
_SENTENCE = re.compile(r"[^.]+\.?")
_LICENCE = re.compile(r"공공\s?누리")
_PROVISO = re.compile(r"사진|저작권|출처를")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a paragraph, one table row, or the text of one link."""

    text: str
    opening: bool = False
    heading: bool = False
    linked: bool = False


def find_source(blocks: Sequence[Block], links: Sequence[Link], raw: RawArticle) -> Source:
    """Read every statement of origin in one article.

    Args:
        blocks: the body.
        links: the links of the body; the text of one may be the headline.
        raw: gives the 출처 link, which stands outside the body; an article of newsdao.kr itself has none, and
            its own title and URL stand for it.

    Returns:
        The statements as written, the origin's name and URL in their normal form, None where not stated.
    """
    lines = list(_lines(blocks))
    name, url = _origin(lines, links)
    retold = raw.site == NEWSDAO
    title = raw.source_title or (raw.title if retold else "")
    address = raw.source_url or (raw.canonical_url if retold else "")
    anchors = [
        _Line(link.text[-_LONGEST:], linked=True) for link in links if link.text and link.url == address
    ]
    return Source(
        source_title=raw.source_title,
        source_url=raw.source_url,
        original_title=_headline([*lines, *anchors], title),
        origin_name=name,
        origin_url=url,
        writer=_writer(lines),
        licence=_licence(lines),
    )


def find_publisher(raw: RawArticle, when: str | None) -> str | None:
    """Read the ministry that a headline of newsdao.kr ends in: ``혁신성 인정받은 … - 중소벤처기업부``.

    818 of 2,193 headlines republished there end so (ids up to 3977), some cut at the sixtieth character of
    the headline; later ones were reworded and name none.

    Args:
        raw: an article of newsdao.kr, or a post that retells one; others give nothing.
        when: the date of publication, for ministries that changed their names.
    """
    if raw.site != NEWSDAO:
        return None
    day = when[:10] if when else None
    for headline in (raw.source_title, raw.title):
        suffix = _PUBLISHER.search(headline or "")
        name = suffix and (_completed(suffix["name"], day) or suffix["name"])
        if name and resolve(name, None, day):
            return name
    return None


def _completed(name: str, day: str | None) -> str | None:
    """Complete a ministry's name that the site cut at its sixtieth character, where only one begins so."""
    stem = name.removesuffix("…")
    if stem == name or len(stem) < _SHORTEST_STEM:
        return None
    names = {
        organization.name
        for organization in load()
        if organization.name.startswith(stem)
        and (organization.valid_from or "") <= (day or "9999") <= (organization.valid_to or "9999-99-99")
    }
    return names.pop() if len(names) == 1 else None


def _lines(blocks: Iterable[Block]) -> Iterator[_Line]:
    for place, block in enumerate(blocks):
        texts = block.text.split("\n") if isinstance(block, Paragraph) else list(_rows(block))
        heading = isinstance(block, Paragraph) and block.kind == "heading"
        lines = (text[-_LONGEST:].strip() for text in texts)
        yield from (_Line(line, place < _OPENING, heading) for line in lines if line)


def _rows(table: Table) -> Iterator[str]:
    """Yield a table row by row, then each cell that labels its right or lower neighbour with that one."""
    rows: dict[int, list[str]] = {}
    texts: dict[tuple[int, int], str] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(one_line(cell.text))
        texts[cell.row, cell.column] = cell.text
    yield from ("\t".join(row) for row in rows.values())
    for cell in table.cells:
        if _LABEL_CELL.fullmatch(label := cell.text.strip(" :：")):
            beside, below = (cell.row, cell.column + cell.colspan), (cell.row + cell.rowspan, cell.column)
            yield from (f"{label}: {texts[place]}" for place in (beside, below) if place in texts)


def _origin(lines: Sequence[_Line], links: Iterable[Link]) -> tuple[str | None, str | None]:
    """Read whether 정책브리핑 is named as the origin, not merely mentioned, and its URL."""
    linked = any(_NAMED.search(link.text or "") and _ADDRESS.search(link.url) for link in links)
    named, addressed, below_heading = linked, linked, False
    for line, following in pairwise((*lines, _Line(""))):
        if line.heading:
            below_heading = bool(_SOURCE_HEADING.search(line.text))
        if "브리핑" not in line.text or not _NAMED.search(line.text):
            continue
        if below_heading or _ATTRIBUTION.search(line.text) or _licenses(line.text):
            named = True
        if _ADDRESS.search(line.text) or _ADDRESS_LINE.match(following.text):
            addressed = True
    return (ORIGIN_NAME, ORIGIN_URL if addressed else None) if named else (None, None)


def _licenses(text: str) -> bool:
    """Return whether a sentence says that 정책브리핑 licenses its texts."""
    for sentence in _SENTENCE.findall(text):
        licensor = _LICENSOR.search(sentence)
        if licensor and _LICENSED.search(sentence, licensor.end()):
            return True
    return False


def _writer(lines: Iterable[_Line]) -> str | None:
    for line in lines:
        written = _WRITER.search(line.text) if "작성" in line.text else None
        if not written:
            continue
        rest = written["rest"]
        if rest.startswith(_EDITOR):
            return _EDITOR
        name = _WRITER_END.split(rest, maxsplit=1)[0].strip(" *")
        if 0 < len(name) <= _LONGEST_NAME:
            return name
    return None


def _licence(lines: Iterable[_Line]) -> str | None:
    """Read the sentence that names 공공누리, with the provisos that follow it."""
    for line in lines:
        sentences = _SENTENCE.findall(line.text) if "누리" in line.text else []
        for place, sentence in enumerate(sentences):
            if _LICENCE.search(sentence):
                provisos = takewhile(_PROVISO.search, sentences[place + 1 :])
                return "".join((sentence, *provisos)).strip()
    return None


def _headline(lines: Sequence[_Line], title: str) -> str | None:
    """Read the headline of a provenance line: the 출처 link's, one before ``| 뉴스다오``, or a rewording."""
    lines = [line for line in lines if "뉴스다오" in line.text or not (line.opening or line.heading)]
    for line in lines:
        if headline := _verbatim(line.text, title) or _barred(line.text):
            return headline
    for line in lines:
        if headline := _reworded(line, title):
            return headline
    return None


def _verbatim(text: str, title: str) -> str | None:
    """Return the title from a line that contains it, white space ignored, and ends after it."""
    for wanted in (title, _PREFIX.sub("", title)):
        letters = without_spaces(wanted)
        if len(letters) < _SHORTEST or letters not in without_spaces(text):
            continue
        start, end = _span(text, letters)
        end += text[end : end + 1] in _STOPS
        if _BOUNDARY.match(text, end - (text[end - 1] in _STOPS)):
            return one_line(text[start:end])
    return None


def _span(text: str, letters: str) -> tuple[int, int]:
    """Find the span of some letters in a text, ignoring white space."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    first = without_spaces(text).index(letters)
    return places[first], places[first + len(letters) - 1] + 1


def _barred(text: str) -> str | None:
    """Read the headline before ``| 뉴스다오``; None where a ministry is named there."""
    bar = _BAR.search(text)
    if not bar:
        return None
    headline = _after_marks(text[: bar.start()])
    headline = _SENTENCE_END.split(headline)[-1].strip(_EDGES)
    words = [word for word in re.split(r"[\s,]+", headline) if not resolve(word, None, None)]
    return one_line(headline) if len(_LETTER.findall("".join(words))) >= _SHORTEST else None


def _after_marks(text: str) -> str:
    marks = list(_MARK.finditer(text))
    return text[marks[-1].end() :] if marks else text


def _reworded(line: _Line, title: str) -> str | None:
    """Read a link's or label's text that is near the title, its [prefix] and ministry aside, in wording."""
    if not line.linked and not any(sign in line.text for sign in _LEADS):
        return None
    marks = list(_MARK.finditer(line.text))
    announced = bool(marks) and marks[-1]["lead"] is not None
    if not (announced or (line.linked and not marks)):
        return None
    text = _BAR.split(_after_marks(line.text))[0].strip(_EDGES)
    if len(_LETTER.findall(text)) < _SHORTEST or _DESCRIPTION.search(text):
        return None
    core = _SUFFIX.sub("", _PREFIX.sub("", title))
    near = max(fuzz.ratio(text, title), fuzz.ratio(_SUFFIX.sub("", text), core))
    return one_line(text) if near >= _SIMILAR else None
