"""The scene of a document: every institution and unit that its text names, and its position.

Only the surroundings of numbers that need an owner are read, each line once.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from pipelines.contacts.find import lexicon
from pipelines.contacts.find.heads import read_head
from pipelines.contacts.find.paths import is_named, split_path
from pipelines.contacts.find.words import bare, stem
from pipelines.contacts.gazetteer import endings, patterns, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.contacts.find.layout import Line


_NAME = 70  # characters of a name with its path
_REACH = 900  # characters of a line that are read around a number


@dataclass(frozen=True, slots=True)
class Mention:
    """One institution or unit that the text names.

    Attributes:
        start: offset of its path in the document.
        end: offset of its end.
        line: number of the line.
        organization: as a contact has it.
        department: as a contact has it.
        signs: its role in its sentence: site, sent, runs, speaker, topic, centre.
    """

    start: int
    end: int
    line: int
    organization: str | None
    department: str | None
    signs: frozenset[str]


_end = attrgetter("end")


class Scene:
    """Reads lines for mentions, each once."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.read: dict[tuple[int, int], list[Mention]] = {}

    def before(self, line: Line, offset: int) -> list[Mention]:
        """Return the mentions of a line that end at or before an offset in it, the nearest last."""
        end = line.start + offset
        found: list[Mention] = []
        for part in sorted({max(0, offset - _REACH) // _REACH, offset // _REACH}):
            found += self.mentions(line, part)
        first, last = (bisect_left(found, place, key=_end) for place in (end - _REACH, end + 1))
        return found[first:last]

    def after(self, line: Line, offset: int, reach: int) -> list[Mention]:
        """Return the mentions of a line that begin within some characters after an offset in it."""
        found: list[Mention] = []
        for part in {offset // _REACH, (offset + reach) // _REACH}:
            found += self.mentions(line, part)
        start = line.start + offset
        return sorted((one for one in found if start <= one.start <= start + reach), key=lambda one: one.end)

    def found(self) -> list[Mention]:
        """Return every mention read so far, in order."""
        return sorted((one for read in self.read.values() for one in read), key=lambda one: one.start)

    def mentions(self, line: Line, part: int) -> list[Mention]:
        """Read one part of a line."""
        key = line.index, part
        if key not in self.read:
            self.read[key] = list(_mentions(line, part * _REACH, (part + 1) * _REACH))
        return self.read[key]


def _mentions(line: Line, first: int, last: int) -> Iterator[Mention]:
    """Read the mentions whose last word begins in a part of a line, the fullest path of each."""
    text = line.text
    held: Mention | None = None
    for match in patterns.name_word.finditer(text, first, last):
        word = patterns.bracket_around.sub("", match[0])
        end = match.start() + match[0].index(word) + len(word) if word else 0
        name = next((form for form in dict.fromkeys((word, stem(word), bare(word))) if _names(form)), None)
        if not name:
            continue
        end = end - len(word) + len(name)
        head = read_head(text[max(0, end - _NAME) : end], label=False)
        if not head.path or head.noun or not is_named(head.path):
            path: tuple[str, ...] = (name,)
            start = end - len(name)
            if not is_named(path) and name not in lexicon.OWNERLESS:
                continue
        else:
            path, start = head.path, max(0, end - _NAME) + head.start
            if (
                len(path) > 1
                and lexicon.is_municipality(path[0])
                and patterns.in_province.search(text, 0, start)
            ):
                path = path[1:]  # where it lies: 충남 공주시 가나연구소
        if text[start - 1 : start] == " " and text.endswith(
            endings.sites_named_like_institutions, 0, start - 1
        ):
            continue  # a site named like an institution
        signs = _signs(text, end, name)
        if path[0].isascii() and not signs:
            continue
        led = lexicon.is_agency(path[0]) or lexicon.is_company(path[0]) or _is_line(name)
        if not led and not (
            patterns.ends_like_division.search(name) and (name != word or signs & {"site", "sent", "runs"})
        ):
            continue  # 출품작과: 'and', not a division
        organization, department = split_path(path)
        one = Mention(line.start + start, line.start + end, line.index, organization, department, signs)
        if held and held.start < one.start:
            yield held
        held = one
    if held:
        yield held


def _names(word: str) -> bool:
    """Return whether a word names an institution or a unit by itself."""
    if len(word) < 2 or lexicon.is_rank(word) or word.endswith(endings.ministers):
        return False
    if word[:-1] in lexicon.BY_LOCALITY or word[:-1].endswith(terms.body):
        return False  # 기관과: 'and'
    if lexicon.is_agency(word) or lexicon.is_company(word) or _is_line(word):
        return True
    return lexicon.is_unit(word) and not lexicon.is_name(word)


def _is_line(word: str) -> bool:
    """Return whether a word names a line for advice or reports: 가족상담전화."""
    return word.endswith(endings.advice_lines) and len(word) > len(terms.advice_line)


def _signs(text: str, end: int, name: str) -> frozenset[str]:
    forms = {
        "site": patterns.its_site,
        "sent": patterns.sent_to_it,
        "runs": patterns.runs_it,
        "speaker": patterns.speaker,
        "topic": patterns.is_topic,
    }
    start = end - len(name)
    signs = {sign for sign, form in forms.items() if form.match(text, end, end + 60)}
    affiliated = text[end : end + 1] == ")" and patterns.name_before.search(text, max(0, start - 10), start)
    if affiliated or patterns.affiliation.match(text, end, end + 20):
        signs.add("speaker")
    if name.endswith(endings.centre_endings):
        signs.add("centre")
    return frozenset(signs)
