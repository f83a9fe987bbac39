"""Contact data masked in texts: telephone and fax numbers, mail addresses, names of the persons to be asked.

What is public in a press release need not be public in a data set. Numbers and addresses are known by their
form; names by the contacts of the article, for no form tells a person's name from another word.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from archive.text.normalize import without_spaces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NUMBER, MAIL, NAME = "[전화번호]", "[전자우편]", "[이름]"
"""What stands for what was masked."""

# Between the groups of a number: signs, and in HTML and Markdown the tags and marks of emphasis.
_MARK = r"<[^<>]{0,200}>|[*_\\]"
_GAP = rf"(?:{_MARK}|&nbsp;|\s){{0,6}}"
_JOIN = rf"{_GAP}(?:[-–—‐‑−－~.·∙⋅/)]|&middot;)?{_GAP}"
_END = r"(?![0-9０-９])"
_NUMBERS = re.compile(
    r"(?<![0-9０-９=])(?:"
    # From abroad; with an area or mobile code; nationwide.
    rf"(?:\({_GAP})?(?:\+|00)?{_GAP}82{_JOIN}\(?[0０]?\)?\d{{1,2}}{_JOIN}\d{{3,4}}{_JOIN}\d{{4}}"
    rf"|(?:\({_GAP})?[0０]\d{{1,2}}{_JOIN}\d{{3,4}}{_JOIN}\d{{4}}"
    rf"|1[5-8]\d{{2}}{_GAP}[-–—‐‑−－.]{_GAP}\d{{4}}"
    rf")(?:{_GAP}[~∼～]{_GAP}\d{{1,4}})?{_END}"
    # Further numbers of the same office, and extensions: 044-200-1234, 1235(내선 305).
    rf"(?:{_GAP}[,/·ㆍ]{_GAP}(?:\d{{3,4}}-)?\d{{4}}{_END}(?![-.]\d|[년월일원명개건%]))*"
)
_SHORT = re.compile(  # after a sign or word that announces it
    rf"(?P<said>(?:[☎☏✆📞]|(?:전화|내선|팩스|연락처|(?<![A-Za-z])(?:Tel|Fax|TEL|FAX|tel|fax))(?:번호)?)"
    rf"{_GAP}[.:)]?{_GAP}\(?)\d[\d-]{{2,12}}\d{_END}"
)
_EXTENSION = re.compile(rf"(?P<said>내선(?:번호)?{_GAP}[:)]?{_GAP})\d{{2,3}}(?!\d)")
_MAILS = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|＠|\(at\)|\[at\]|&#64;|&commat;)\s?(?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,24}"
)
_URL = re.compile(r"https?://\S+")
_TAGS = re.compile(r"<[^<>]*>")
_DIALLED = re.compile(r"(?:(?<=[\"'])|(?<=\]\()|\A)(?:tel|mailto|sms|fax|callto):[^\s\"'<>)]*", re.I)
_AFTER_NAME = r"(?=$|[^가-힣]|[은는이가을를과와의도께씨님]|[가-힣]{0,3}(?:장|관|원|보|사|자|무)(?![가-힣]))"

KEYS = frozenset(
    {
        "id",
        "site",
        "section",
        "native_id",
        "url",
        "state",
        "kind",
        "format",
        "fingerprint",
        "sha256",
        "file_id",
    }
    | {"published_at", "published_precision", "published_raw", "seen_at", "first_seen_at", "changed_at"}
    | {"removed_at", "captured_at", "capture_url", "capture_sha256", "parser", "body_source", "organization"}
    | {"organization_key", "organization_name", "role", "relation", "changed", "kogl_text"}
)
"""Fields that are the archive's or the site's own, in which a number is no telephone number."""


_SPACED = rf"(?:{_MARK}|[ \u00a0\u3000]){{0,4}}"
_SYLLABLE = re.compile(rf"([가-힣]){_SPACED}")
_OFFICE = re.compile(  # may stand before a name without a space, in tables that lost their cells
    r"(?<![가-힣])(?:책임자|담당자|담당|문의|국장|과장|팀장|단장|센터장|서기관|사무관|주무관|연구관|연구사|연구원|"
    rf"경정|경감|대변인|부대변인){_SPACED}(?=[가-힣])"
)
_AFTER_WORD = re.compile(
    r"(?:$|[^가-힣]|[은는이가을를과와의도께씨님에로만]|[가-힣]{0,3}(?:장|관|원|보|사|자|무)(?![가-힣]))"
)
_LONGEST = 4  # syllables of a name


class Names:
    """Names of persons, ready to be found in texts: Hangul of two to four syllables, as a word."""

    def __init__(self, persons: Iterable[str]) -> None:
        self._names = {
            name for person in persons if re.fullmatch("[가-힣]{2,4}", name := "".join(person.split()))
        }
        first = "".join(sorted({name[0] for name in self._names}))
        self._starts = re.compile(f"(?<![가-힣])[{first}]") if first else None

    def masked(self, text: str) -> str:
        """Mask the names that stand as a word; an office may be written before one without a space."""
        if self._starts is None:
            return text
        kept: list[str] = []
        end = 0
        starts = {match.start() for match in self._starts.finditer(text)}
        for start in sorted(starts | {match.end() for match in _OFFICE.finditer(text)}):
            stop = self._end(text, start) if start >= end else 0
            if stop:
                kept += [text[end:start], NAME, *_TAGS.findall(text[start:stop])]
                end = stop
        return "".join([*kept, text[end:]]) if end else text

    def _end(self, text: str, start: int) -> int:
        """Return where the longest known name that begins at ``start`` ends; 0 where none does."""
        name, at, end = "", start, 0
        while len(name) < _LONGEST and (syllable := _SYLLABLE.match(text, at)):
            name += syllable[1]
            if name in self._names and _AFTER_WORD.match(text, syllable.end(1)):
                end = syllable.end(1)
            at = syllable.end()
        return end


def masker(persons: Iterable[str] = (), known: Names | None = None) -> Callable[[str], str]:
    """Return a function that masks contact data in a text, plain, Markdown or HTML.

    Args:
        persons: names of this text's contacts, as printed: masked wherever they occur.
        known: names of the contacts of other texts; given, whoever stands between a rank and a number is
            masked too, as in an earlier version whose contacts were others.
    """
    # A name of two syllables is masked as a word by itself; a longer one is hardly part of another word.
    names = sorted({without_spaces(person) for person in persons} - {""}, key=len, reverse=True)
    found = re.compile("|".join(map(_name, names))) if names else None

    def mask(text: str) -> str:
        text = _DIALLED.sub("#", text)
        text = _MAILS.sub(MAIL, text)
        text = _NUMBERS.sub(_masked, text)
        text = _SHORT.sub(lambda said: said["said"] + NUMBER, text)
        text = _EXTENSION.sub(lambda said: said["said"] + NUMBER, text)
        text = found.sub(lambda name: NAME + "".join(_TAGS.findall(name[0])), text) if found else text
        return _without_names_beside(known.masked(text)) if known else text

    return mask


_RANK = (
    r"(?:(?:총괄|부|담당)?(?:국장|과장|팀장|단장|실장|반장|계장|소장|센터장|본부장)|정책관|심의관|기획관|서기관|사무관|주무관|"
    r"연구관|연구사|연구원|행정관|전문관|전문위원|경정|경감|경위|대변인|책임자|담당자)"
)
_BETWEEN = r"(?:<[^<>]{0,200}>|[\s(☎☏:,·/*_|]|&nbsp;|전화|연락처|Tel\.?){0,8}"
_BEFORE = 80  # characters before a number
_PERSON = (
    r"(?![가-힣]{1,3}[과실팀국처청](?![가-힣]))(?!담당|책임|총괄|문의|소속|해당)[가-힣](?:\s?[가-힣]){1,3}"
)
_BARE = re.compile(  # a number without its area code, after a rank or a name that was masked
    rf"(?P<said>(?:{_RANK}|{re.escape(NAME)}){_BETWEEN})"
    r"(?!(?:19|20)\d\d\D(?:19|20)\d\d)\d{3,4}[-–—‐. ]\d{4}(?![\d,])(?!\s?(?:명|원|년|건|개|억|만))"
)
_BESIDE = re.compile(  # somebody by the number and the rank beside it, whom no contact names any more
    rf"(?<![가-힣])(?P<first>{_PERSON})(?P<rank>\s?{_RANK}{_BETWEEN}{re.escape(NUMBER)})"
    rf"|(?P<before>{_RANK}{_BETWEEN})(?<![가-힣])(?!{_RANK})(?P<then>{_PERSON})(?P<after>{_BETWEEN}{re.escape(NUMBER)})"
)


def _without_names_beside(text: str) -> str:
    """Mask whoever stands between a rank and a number, and the number that such a person is given."""
    *before, last = _BARE.sub(lambda bare: bare["said"] + NUMBER, text).split(NUMBER)
    shown = []
    for part in before:
        head, tail = part[:-_BEFORE], part[-_BEFORE:]
        shown.append(head + _BESIDE.sub(_beside, tail + NUMBER))
    return "".join([*shown, last])


def _beside(found: re.Match[str]) -> str:
    if found["first"]:
        return NAME + found["rank"]
    return found["before"] + NAME + found["after"]


def _name(name: str) -> str:
    first, *others = map(re.escape, name)
    # Most words that begin like a name end here, before the costly part of the pattern.
    spelled = _SPACED.join([rf"{first}(?=[{others[0]}<*_\\ \u00a0\u3000])", *others]) if others else first
    return spelled if len(name) > 2 else rf"(?<![가-힣]){spelled}{_AFTER_NAME}"


def _masked(number: re.Match[str]) -> str:
    """Keep the tags inside a number, which close or open others."""
    lead = "(" if number[0].startswith("(") and ")" not in number[0] else ""
    return lead + NUMBER + "".join(_TAGS.findall(number[0]))


def masked(value: Any, mask: Callable[[str], str]) -> Any:
    """Mask every text of a record, however deep, but for the fields of :data:`KEYS`."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, list):
        return [masked(one, mask) for one in value]
    if isinstance(value, dict):
        return {key: _field(key, one, mask) for key, one in value.items()}
    return value


def _field(key: str, value: Any, mask: Callable[[str], str]) -> Any:
    if key == "url" and isinstance(value, str):
        return _DIALLED.sub("#", value)
    if key == "post" and isinstance(value, str):
        return _masked_post(value, mask)
    return value if key in KEYS else masked(value, mask)


def _masked_post(post: str, mask: Callable[[str], str]) -> str:
    """Mask what a post said around its text: front matter, whatever its keys, first and last lines."""
    came_as = json.loads(post)
    parts = {part: _everywhere(value, mask) for part, value in came_as.items() if part != "name"}
    return json.dumps({**came_as, **parts}, ensure_ascii=False)


def _everywhere(value: Any, mask: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return value if _URL.fullmatch(value) else mask(value)
    if isinstance(value, list):
        return [_everywhere(one, mask) for one in value]
    if isinstance(value, dict):
        return {_everywhere(key, mask): _everywhere(one, mask) for key, one in value.items()}
    return value
